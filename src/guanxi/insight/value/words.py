"""The words of the value measures: labels and definitions, said the same on every screen."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SEGMENT_LABELS: dict[str, Promise] = {
    "champion": _("Champions"),
    "loyal": _("Loyal customers"),
    "potential_loyalist": _("Potential loyalists"),
    "new": _("New customers"),
    "promising": _("Promising"),
    "need_attention": _("Need attention"),
    "about_to_sleep": _("About to sleep"),
    "at_risk": _("At risk"),
    "cannot_lose": _("Cannot lose"),
    "hibernating": _("Hibernating"),
}
SEGMENT_ADVICE: dict[str, Promise] = {
    "champion": _("bought lately and often: thank them, let them try first, ask for referrals"),
    "loyal": _("buy often: offer what goes with what they buy"),
    "potential_loyalist": _("bought lately, more than once: give a reason for the next order"),
    "new": _("bought lately for the first time: welcome them, help them to succeed"),
    "promising": _("bought once, not long ago: show them what else there is"),
    "need_attention": _("in the middle of everything: a timely offer decides"),
    "about_to_sleep": _("bought seldom, some time ago: remind them"),
    "at_risk": _("bought often, long ago: ask what happened"),
    "cannot_lose": _("were among the most frequent and have gone quiet: call them"),
    "hibernating": _("bought seldom and long ago: low-cost channels only"),
}
# The rectangle of scores that each segment covers: recency, frequency.
SEGMENT_SCORES = {
    "champion": ("5", "4,5"),
    "loyal": ("3,4", "4,5"),
    "potential_loyalist": ("4,5", "2,3"),
    "new": ("5", "1"),
    "promising": ("4", "1"),
    "need_attention": ("3", "3"),
    "about_to_sleep": ("3", "1,2"),
    "at_risk": ("1,2", "3,4"),
    "cannot_lose": ("1,2", "5"),
    "hibernating": ("1,2", "1,2"),
}

DEFINITIONS: dict[str, Promise] = {
    "net_revenue": _(
        "The sum of all lines of the orders of identified customers, fees and adjustments included, returns taken off. "
        "Each line is rounded half up to the smallest unit of the currency."
    ),
    "customers": _("Identified customers with at least one order or return in the period."),
    "top20": _("What part of net revenue the best fifth of the customers (rounded up) brings."),
    "gini": _(
        "Gini coefficient of net revenue: 0 when all customers bring the same, towards 1 when one brings everything. "
        "Customers below zero are left out, for the coefficient has no meaning there."
    ),
    "to_80": _("The smallest number of customers who together reach 80% of net revenue."),
    "worthless": _(
        "Customers whose returns took back everything they bought, or more. They are always small and class C."
    ),
    "unidentified": _("Orders without a known customer. They count in the company's revenue but in no standing."),
    "pyramid": _(
        "Customers ranked by net revenue: the first 1% (rounded up) are VIP, up to 5% major, up to 20% ordinary, the "
        "rest small. Among equals the newer last order comes first. Who brings nothing or less is always small."
    ),
    "abc": _(
        "Ranked by net revenue, class A is the smallest group of customers that reaches 80% of the total, class B "
        "continues to 95%, class C is the rest. Who brings nothing or less is always C."
    ),
    "levels": _(
        "Platinum is the smallest group that brings half of all profit, gold continues to 80%, iron is everyone else "
        "who brings profit, lead those who bring none or cost money."
    ),
    "rfm": _(
        "Recency: days from the last purchase to the day after the last order on record. Frequency: number of orders, "
        "returns not counted. A score of 5 says that at least four fifths of the customers do worse, a score of 1 that "
        "fewer than one fifth do. Equal values get equal scores."
    ),
    "whale": _(
        "Customers from the best to the worst, and what they bring together. The curve rises as long as customers bring "
        "something; what it loses after its peak is lost on those who follow."
    ),
    "movements": _(
        "Tiers at two dates, each worked out from the orders up to the end of that day. Rows: then; columns: later. "
        "Above the diagonal customers fell, below it they climbed."
    ),
    "room": _("Customers just below the next tier and the net revenue they lack to equal its last member."),
}

"""How long orders name their buyer, and that orders show that a customer deals with us."""

from datetime import datetime
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from guanxi.commerce.models import Order
from guanxi.core.changes import OperationInHand
from guanxi.core.retention import Activity, Counts, Ending, Group, Kind, Part, activities, forget_values, kinds

ENDED = "ended-"


def _rows(before: datetime) -> QuerySet[Any]:
    """Orders of before a moment that still say whose they are."""
    named = Q(customer__isnull=False) | ~(Q(customer_ref="") | Q(customer_ref__startswith=ENDED))
    return Order.everything.filter(named, ordered_at__lt=before)


def _strip(op: OperationInHand, numbers: list[int]) -> Counts:
    """The order stays as a figure and belongs to nobody."""
    forgotten = forget_values(op, Order, numbers)
    nobody = Concat(Value(ENDED), Cast(F("pk"), CharField()))
    rows = Order.everything.filter(pk__in=numbers)
    rows.exclude(customer_ref="").update(customer_ref=nobody)  # house: writes: the end of a period
    count = rows.update(customer=None)  # house: writes: the end of a period
    return {"commerce.Order": count, **({"core.Change": forgotten} if forgotten else {})}


kinds.add(
    "orders",
    Kind(
        label=_("Orders with their buyer"),
        counted=_("the end of the year of the order"),
        ending=Ending.STRIP,
        what_happens=_("The order stays as a figure: it no longer says whose it was, and leaves the customer's page."),
        group=Group.CUSTOMERS,
        minimums=("orders.keep_years",),
        is_counted_by_year=True,
        parts=(Part("commerce.Order", rows=_rows, at="ordered_at", end=_strip, customer="customer"),),
    ),
    order=140,
)
activities.add(
    "orders",
    Activity(_("orders, returns included"), rows=Order.everything.all, customer="customer_id", at=("ordered_at",)),
    order=10,
)

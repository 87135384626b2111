"""Filters that insight adds to the list of customers."""

from datetime import date

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.core.actor import Actor
from guanxi.customers.choices import Tier
from guanxi.insight.models import StandingRun
from guanxi.insight.value import movement
from guanxi.insight.value.queries import latest_run, run_of
from guanxi.ui.cells import Context, format_date
from guanxi.ui.filters import Filter
from guanxi.ui.html import escape

STATE_LABELS: dict[str, str | Promise] = {**dict(Tier.choices), movement.ABSENT: _("not yet a customer")}


def run_for(day: date) -> StandingRun | None:
    """The measurement that ends on a day: the latest, or one up to an earlier date."""
    latest = latest_run()
    return latest if latest is not None and latest.period_to == day else run_of(day)


class MovementFilter(Filter):
    """Customers who were in one tier at the end of a day and are in another at the end of a later one."""

    kind = "movement"

    def clean(self, raw: list[str]) -> str:
        """The movement, '' when the text names none."""
        found = movement.Movement.parse(raw[0].strip()) if raw else None
        return str(found) if found else ""

    def condition(self, text: str) -> Q:
        """The customers of the cell; none when one of the dates is no longer measured."""
        found = movement.Movement.parse(text)
        first = run_for(found.first) if found else None
        second = run_for(found.second) if found else None
        if found is None or first is None or second is None:
            return Q(pk__in=[])
        return movement.were(first, found.before) & movement.were(second, found.after)

    def describe(self, text: str, actor: Actor) -> str:
        """From where to where, and when."""
        found = movement.Movement.parse(text)
        if found is None:
            return ""
        context = Context()
        return gettext("%(before)s on %(first)s → %(after)s on %(second)s") % {
            "before": STATE_LABELS[found.before],
            "after": STATE_LABELS[found.after],
            "first": format_date(found.first, context),
            "second": format_date(found.second, context),
        }

    def inputs(self, text: str, actor: Actor) -> str:
        """The movement as it stands; another one is chosen on the Value page."""
        hint = gettext("Choose a movement on the Value page: each cell of its table opens this list.")
        return f'<input type="hidden" name="{self.key}" value="{escape(text)}"><p class="text-secondary">{escape(hint)}</p>'

"""Movements of customers between tiers from one date to another."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from django.core.cache import cache
from django.db.models import BigIntegerField, Case, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Cast

from guanxi.customers.choices import Tier
from guanxi.customers.models import Standing
from guanxi.insight.models import PastTier, StandingRun
from guanxi.insight.value.columns import DAY, INT, read_columns
from guanxi.insight.value.measuring import Ints
from guanxi_methods.value import movement_matrix

TIERS = [tier.value for tier in Tier]
ABSENT = "absent"
STATES = [*TIERS, ABSENT]
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Movement:
    """A cell of the matrix: those who were `before` at the end of one day and are `after` at the end of another."""

    first: date
    second: date
    before: str
    after: str

    def __str__(self) -> str:
        """As the address of a list carries it: `2011-06-30_2011-12-09_ordinary_vip`."""
        return f"{self.first}_{self.second}_{self.before}_{self.after}"

    @classmethod
    def parse(cls, text: str) -> "Movement | None":
        """The movement that an address names, None when it names none."""
        parts = text.split("_")
        if len(parts) != 4 or parts[2] not in STATES or parts[3] not in STATES:
            return None
        try:
            return cls(date.fromisoformat(parts[0]), date.fromisoformat(parts[1]), parts[2], parts[3])
        except ValueError:
            return None


@dataclass(frozen=True)
class StandingsNow:
    """Every measured customer: id, day of the first order, tier as its number."""

    customers: Ints
    first_days: Ints
    codes: Ints


def matrix(first: StandingRun, second: StandingRun) -> Ints:
    """Customers by tier at the end of one run's period (rows) and of another's (columns), absent ones last."""
    kept = first.figures.get("moved", {})
    if kept.get("to") == second.pk:
        return np.array(kept["cells"], dtype=np.int64)
    key = f"insight:movements:{first.pk}:{second.pk}"
    found = cache.get(key)
    if found is None:
        found = count_movements(first, second, read_now())
        cache.set(key, found, timeout=3600)
    return found


def read_now() -> StandingsNow:
    """Read the standings as they are."""
    code = Case(
        *(When(tier=tier, then=Value(number)) for number, tier in enumerate(TIERS)),
        default=Value(len(TIERS) - 1),
        output_field=BigIntegerField(),
    )
    rows = (
        Standing.objects.filter(order_count__gt=0, first_on__isnull=False)
        .order_by("customer_id")
        .annotate(code=Cast(code, BigIntegerField()))
        .values_list("customer_id", "first_on", "code")
    )
    found = read_columns(rows, {"customer": INT, "first": DAY, "code": INT})
    return StandingsNow(found["customer"], found["first"], found["code"])


def count_movements(first: StandingRun, second: StandingRun, now: StandingsNow) -> Ints:
    """Who stood where, counted."""
    return movement_matrix(_codes_at(first, now), _codes_at(second, now), len(TIERS))


def _codes_at(run: StandingRun, now: StandingsNow) -> Ints:
    """The tier of each customer at the end of a run's period, -1 for those who came later."""
    if run.kind == StandingRun.Kind.CURRENT:
        return now.codes
    codes = np.full(now.customers.size, len(TIERS) - 1, dtype=np.int64)
    for number, tier in enumerate(TIERS[:-1]):
        rows = PastTier.objects.filter(run=run, tier=tier).order_by("customer_id").values_list("customer_id")
        members = read_columns(rows, {"customer": INT})["customer"]
        places = np.searchsorted(now.customers, members)
        known = places < now.customers.size
        known[known] = now.customers[places[known]] == members[known]
        codes[places[known]] = number
    codes[now.first_days > (run.period_to - EPOCH).days] = -1
    return codes


def summed(cells: Ints) -> dict[str, int]:
    """How many climbed, fell, stayed, and came new."""
    among = cells[:-1, :-1]
    return {
        "climbed": int(np.tril(among, -1).sum()),
        "fallen": int(np.triu(among, 1).sum()),
        "stayed": int(np.trace(among)),
        "new": int(cells[-1, :-1].sum()),
    }


def were(run: StandingRun, state: str) -> Q:
    """The condition on customers that were in a tier (or absent) at the end of a run's period."""
    counted = Q(standing__order_count__gt=0, standing__first_on__isnull=False)
    if run.kind == StandingRun.Kind.CURRENT:
        return counted & Q(standing__tier=state)
    if state == ABSENT:
        return counted & Q(standing__first_on__gt=run.period_to)
    came = counted & Q(standing__first_on__lte=run.period_to)
    above = PastTier.objects.filter(run=run, customer=OuterRef("pk"))
    if state == TIERS[-1]:
        return came & ~Q(Exists(above))
    return came & Q(Exists(above.filter(tier=state)))

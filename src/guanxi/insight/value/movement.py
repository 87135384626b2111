"""Movements of customers between tiers from one date to another."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.core.cache import cache
from django.db.models import BigIntegerField, Case, QuerySet, Value, When
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


def matrix(first: StandingRun, second: StandingRun) -> Ints:
    """Customers by tier at the end of one run's period (rows) and of another's (columns), absent ones last."""
    key = f"insight:movements:{first.pk}:{second.pk}"
    found = cache.get(key)
    if found is None:
        found = _count(first, second)
        cache.set(key, found, timeout=3600)
    return found  # type: ignore[no-any-return]


def _count(first: StandingRun, second: StandingRun) -> Ints:
    """Read who stood where and count."""
    code = Case(
        *(When(tier=tier, then=Value(number)) for number, tier in enumerate(TIERS)),
        default=Value(len(TIERS) - 1),
        output_field=BigIntegerField(),
    )
    rows = (
        Standing.objects.filter(order_count__gt=0, first_on__isnull=False)
        .order_by("customer_id")
        .annotate(code=Cast(code, BigIntegerField()))
    )
    now = read_columns(
        rows.values_list("customer_id", "first_on", "code"), {"customer": INT, "first": DAY, "code": INT}
    )
    before = _codes_at(first, now["customer"], now["first"], now["code"])
    after = _codes_at(second, now["customer"], now["first"], now["code"])
    return movement_matrix(before, after, len(TIERS))


def _codes_at(run: StandingRun, customers: Ints, first_days: Ints, now: Ints) -> Ints:
    """The tier of each customer at the end of a run's period, -1 for those who came later."""
    if run.kind == StandingRun.Kind.CURRENT:
        return now
    codes = np.full(customers.size, len(TIERS) - 1, dtype=np.int64)
    for number, tier in enumerate(TIERS[:-1]):
        members = read_columns(
            PastTier.objects.filter(run=run, tier=tier).order_by("customer_id").values_list("customer_id"),
            {"customer": INT},
        )["customer"]
        codes[np.isin(customers, members, assume_unique=True)] = number
    codes[first_days > (run.period_to - EPOCH).days] = -1
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


def who(run: StandingRun, state: str) -> QuerySet[Standing]:
    """Standings of the customers who were in a tier (or absent) at the end of a run's period."""
    counted = Standing.objects.filter(order_count__gt=0, first_on__isnull=False)
    if run.kind == StandingRun.Kind.CURRENT:
        return counted.filter(tier=state) if state != ABSENT else counted.none()
    came = counted.filter(first_on__lt=run.period_to + timedelta(days=1))
    if state == ABSENT:
        return counted.filter(first_on__gt=run.period_to)
    above = PastTier.objects.filter(run=run)
    if state == TIERS[-1]:
        return came.exclude(customer__in=above.values("customer"))
    return came.filter(customer__in=above.filter(tier=state).values("customer"))

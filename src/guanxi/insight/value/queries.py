"""What the measurements say, for pages, panels and the command line."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from guanxi.core.compiled import CompiledRecords
from guanxi.customers.choices import Tier
from guanxi.customers.models import Customer, Standing
from guanxi.insight.models import StandingRun

_LATEST = CompiledRecords(
    StandingRun, lambda: StandingRun.objects.filter(kind=StandingRun.Kind.CURRENT).order_by("-id")[:1]
)


def latest_run() -> StandingRun | None:
    """The last finished measurement of the whole record."""
    return _LATEST.first()


def earlier_runs() -> QuerySet[StandingRun]:
    """Measurements up to earlier dates, oldest date first."""
    return StandingRun.objects.filter(kind=StandingRun.Kind.PAST).order_by("period_to")


def run_of(day: date) -> StandingRun | None:
    """The measurement up to an earlier day."""
    return StandingRun.objects.filter(kind=StandingRun.Kind.PAST, period_to=day).order_by("-id").first()


@dataclass(frozen=True)
class Climber:
    """A customer just below the next tier."""

    customer: Customer
    net_minor: int
    tier: str
    next_tier: str
    missing_minor: int


def boundary_above(run: StandingRun, tier: str) -> tuple[str, int] | None:
    """The next better tier that has members, and the net revenue of its last one; None at the top."""
    entries = run.figures.get("pyramid", [])
    names = [entry["tier"] for entry in entries]
    if tier not in names:
        return None
    for entry in reversed(entries[: names.index(tier)]):
        if entry["lowest_minor"] is not None:
            return entry["tier"], entry["lowest_minor"]
    return None


def boundary_below(run: StandingRun, tier: str) -> tuple[str, int] | None:
    """The next lower tier and the net revenue of this tier's last member, None for the lowest."""
    entries = run.figures.get("pyramid", [])
    names = [entry["tier"] for entry in entries]
    if tier not in names[:-1]:
        return None
    own = entries[names.index(tier)]
    return names[names.index(tier) + 1], own["lowest_minor"]


def room_to_climb(customers: QuerySet[Customer], run: StandingRun, count: int = 4) -> list[Climber]:
    """Those of some customers who lack least to the next tier, best tier first."""
    found: list[Climber] = []
    for tier in (Tier.MAJOR, Tier.ORDINARY, Tier.SMALL):
        above = boundary_above(run, tier)
        if above is None:
            continue
        best = (
            Standing.objects.filter(tier=tier, customer__in=customers)
            .select_related("customer")
            .order_by("-net_revenue_minor", "-customer_id")[:count]
        )
        found += [
            Climber(
                customer=row.customer,
                net_minor=row.net_revenue_minor,
                tier=tier,
                next_tier=above[0],
                missing_minor=max(above[1] - row.net_revenue_minor, 0),
            )
            for row in best
        ]
    return found


def gone_quiet(customers: QuerySet[Customer], count: int) -> list[Standing]:
    """Those of some customers who bought often, matter, and have not bought for long; the most valuable first."""
    frequent = Standing.objects.filter(r__in=(1, 2), f__in=(4, 5), tier__in=(Tier.VIP, Tier.MAJOR, Tier.ORDINARY))
    rows = frequent.filter(customer__in=customers).select_related("customer")
    return list(rows.order_by("-net_revenue_minor", "-customer_id")[:count])

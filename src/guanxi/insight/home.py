"""What value brings to the home page: figures, customers to look at and why, who moved between tiers."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from guanxi.core import money
from guanxi.core.actor import Actor
from guanxi.customers.choices import Tier
from guanxi.customers.models import Customer
from guanxi.insight.models import StandingRun
from guanxi.insight.value import movement
from guanxi.insight.value.presenting import LABELS
from guanxi.insight.value.queries import earlier_runs, gone_quiet, latest_run, room_to_climb
from guanxi.insight.value.words import DEFINITIONS
from guanxi.ui import lists
from guanxi.ui.cells import format_amount, format_number
from guanxi.ui.home import Tile

QUIET_SHOWN = 4
CLIMBERS_SHOWN = 2
NEAR_SHARE = 0.25
MOVES_SHOWN = 6


@dataclass(frozen=True)
class Hint:
    """A customer worth a look today, and the reason in words."""

    customer: Customer
    tier: str
    tier_label: str
    reasons: list[str]


def _measured(request: HttpRequest) -> StandingRun | None:
    """The last measurement, read once for a page."""
    kept = vars(request)
    if "value_run" not in kept:
        kept["value_run"] = latest_run()
    found: StandingRun | None = kept["value_run"]
    return found


def value_tile(request: HttpRequest) -> Tile | None:
    """Net revenue of the whole record."""
    run = _measured(request)
    if run is None or not run.customer_count:
        return None
    language = get_language() or "en"
    return Tile(
        label=_("Net revenue"),
        value=format_amount(run.net_revenue_minor, run.currency, language),
        hint=_("of %(count)s customers") % {"count": format_number(run.customer_count)},
        url=reverse("insight:value"),
        icon="gem",
        definition=DEFINITIONS["net_revenue"],
    )


def vip_tile(request: HttpRequest) -> Tile | None:
    """How many customers are VIP and what part of the revenue they bring."""
    run = _measured(request)
    if run is None or not run.customer_count or run.net_revenue_minor <= 0:
        return None
    top = run.figures["pyramid"][0]
    return Tile(
        label=Tier.VIP.label,
        value=format_number(top["customers"]),
        hint=_("bring %(share)s of net revenue") % {"share": f"{top['net_minor'] / run.net_revenue_minor * 100:.1f}%"},
        url=lists.url("customers", tier=Tier.VIP.value),
        icon="crown",
        definition=DEFINITIONS["pyramid"],
    )


def attention_panel(request: HttpRequest) -> str | None:
    """Customers to look at: good ones who have gone quiet, and those just below the next tier."""
    run = _measured(request)
    if run is None or not run.customer_count:
        return None
    actor: Actor = request.actor  # type: ignore[attr-defined]
    customers, are_own = _looked_after(actor)
    hints: dict[int, Hint] = {}
    for hint in [*_quiet(customers), *_near(customers, run)]:
        known = hints.setdefault(hint.customer.pk, hint)
        if known is not hint:
            known.reasons.extend(hint.reasons)
    if not hints:
        return None
    context = {"hints": hints.values(), "are_own": are_own, "may_see_value": actor.can("value", "view")}
    return render_to_string("insight/home_attention.html", context, request)


def _looked_after(actor: Actor) -> tuple[QuerySet[Customer], bool]:
    """The customers an actor answers for, or all they may see when there are none; and which of the two it is."""
    visible = Customer.objects.visible_to(actor)
    own = visible.filter(owner=actor.user_id)
    return (own, True) if own.exists() else (visible, False)


def _quiet(customers: QuerySet[Customer]) -> list[Hint]:
    """Those who bought often and have not bought for long."""
    return [
        Hint(
            row.customer,
            row.tier,
            str(LABELS["tier"].get(row.tier, "")),
            [
                ngettext(
                    "%(orders)s order, the last %(days)s days before the measurement: ask what happened",
                    "%(orders)s orders, the last %(days)s days before the measurement: ask what happened",
                    row.frequency or 0,
                )
                % {"orders": format_number(row.frequency or 0), "days": format_number(row.recency_days or 0)}
            ],
        )
        for row in gone_quiet(customers, QUIET_SHOWN)
    ]


def _near(customers: QuerySet[Customer], run: StandingRun) -> list[Hint]:
    """Those who lack little to the next tier."""
    return [
        Hint(
            climber.customer,
            climber.tier,
            str(LABELS["tier"].get(climber.tier, "")),
            [
                _("%(amount)s short of %(tier)s")
                % {
                    "amount": money.format_money(climber.missing_minor, run.currency),
                    "tier": LABELS["tier"].get(climber.next_tier, ""),
                }
            ],
        )
        for climber in room_to_climb(customers, run, CLIMBERS_SHOWN)
        if climber.missing_minor < NEAR_SHARE * (climber.net_minor + climber.missing_minor)
    ]


def movements_panel(request: HttpRequest) -> str | None:
    """Who moved between tiers since the newest earlier date that was measured."""
    run, before = _measured(request), earlier_runs().last()
    if run is None or before is None or before.period_to >= run.period_to:
        return None
    cells = movement.matrix(before, run)
    moves: list[dict[str, Any]] = []
    for i, left in enumerate(movement.TIERS):
        for j, entered in enumerate(movement.TIERS):
            if i == j or not cells[i, j]:
                continue
            cell = movement.Movement(before.period_to, run.period_to, left, entered)
            moves.append(
                {
                    "left": left,
                    "left_label": LABELS["tier"][left],
                    "entered": entered,
                    "entered_label": LABELS["tier"][entered],
                    "has_fallen": j > i,
                    "count": int(cells[i, j]),
                    "url": lists.url("customers", movement=str(cell)),
                    "weight": min(i, j),
                }
            )
    moves.sort(key=lambda move: (move["weight"], not move["has_fallen"]))
    context = {"moves": moves[:MOVES_SHOWN], "moved": movement.summed(cells), "since": before.period_to}
    return render_to_string("insight/home_movements.html", context, request)

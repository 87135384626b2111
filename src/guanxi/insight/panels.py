"""Cards that insight adds to other modules' pages."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from guanxi.commerce import facts
from guanxi.core.compiled import CompiledRecords
from guanxi.customers.models import Standing, StandingChange
from guanxi.insight.value.presenting import LABELS, share
from guanxi.insight.value.queries import boundary_above, boundary_below, latest_run
from guanxi.insight.value.words import DEFINITIONS, SEGMENT_ADVICE, SEGMENT_LABELS
from guanxi_methods.value import SEGMENTS, segment_codes

HISTORY_SHOWN = 5


_CHANGES = CompiledRecords(
    StandingChange,
    lambda number: StandingChange.objects.filter(customer=number).order_by("-at", "-id")[:HISTORY_SHOWN],
    int,
)


def standing_panel(request: HttpRequest, customer_id: int) -> str:
    """What a customer is worth, why, and what would change it."""
    standing = Standing.objects.visible_to(request.actor).filter(pk=customer_id).first()  # type: ignore[attr-defined]
    run = latest_run()
    # Asked only where some orders are in no figure at all.
    left_out = facts.other_currencies_of(customer_id, run.currency) if standing and run and run.left_out else []
    if standing is None or run is None or not standing.tier or standing.rank is None:
        return render_to_string("insight/standing_none.html", {"left_out": left_out}, request)
    context: dict[str, Any] = {
        "left_out": left_out,
        "standing": standing,
        "run": run,
        "labels": {name: LABELS[name].get(getattr(standing, name), "") for name in LABELS},
        "share": share(standing.net_revenue_minor, run.net_revenue_minor),
        "above": None,
        "below": None,
        "definitions": DEFINITIONS,
        "changes": _CHANGES.all(customer_id),
    }
    above, below = boundary_above(run, standing.tier), boundary_below(run, standing.tier)
    if above:
        context["above"] = {"tier": above[0], "missing_minor": max(above[1] - standing.net_revenue_minor, 0)}
    if below and below[1] is not None:
        context["below"] = {"tier": below[0], "margin_minor": standing.net_revenue_minor - below[1]}
    if standing.r and standing.f:
        segment = SEGMENTS[int(segment_codes([standing.r], [standing.f])[0])]
        context |= {"segment": SEGMENT_LABELS[segment], "advice": SEGMENT_ADVICE[segment]}
    return render_to_string("insight/standing.html", context, request)

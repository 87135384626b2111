"""The list of orders and the page of one."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guanxi.commerce import queries
from guanxi.commerce.choices import LineKind, OrderKind
from guanxi.commerce.lists import KIND_TONES, PAGE
from guanxi.ui import lists, panels
from guanxi.ui.menu import is_open

LINES_SHOWN = 1_000


@login_required
@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    """All orders the actor may see."""
    return lists.render_list(request, PAGE)


@login_required
@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One order with its lines."""
    order = queries.order_by_key(request.actor, key)  # type: ignore[attr-defined]
    lines = list(queries.lines_of(order)[:LINES_SHOWN])
    context = {
        "order": order,
        "lines": lines,
        "has_kinds": any(line.kind != LineKind.GOODS for line in lines),
        "more": max(0, order.line_count - LINES_SHOWN),
        "tone": KIND_TONES[OrderKind(order.kind)],
        "cards": [
            (panels.drawn(panel, request, order.pk), _add_url(request, panel, order.pk))
            for panel in panels.panels_for("order", request.actor)  # type: ignore[attr-defined]
        ],
    }
    return render(request, "commerce/order.html", context)


def _add_url(request: HttpRequest, panel: panels.Panel, order_id: int) -> str:
    """Where one more of what a card holds is added; '' for those who may not."""
    may_add = panel.add_url is not None and is_open(panel.add_permission, request.actor)  # type: ignore[attr-defined]
    return panel.add_url(order_id) if panel.add_url is not None and may_add else ""

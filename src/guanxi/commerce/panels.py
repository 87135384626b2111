"""Orders on a customer's page: the card of the newest ones and the entries of the stream."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from guanxi.commerce import queries
from guanxi.commerce.choices import OrderKind
from guanxi.commerce.lists import order_url
from guanxi.commerce.models import Order, OrderLine
from guanxi.core import money
from guanxi.core.actor import Actor
from guanxi.core.compiled import CompiledRecords
from guanxi.customers.timeline import Entry, Place, before_q
from guanxi.ui.html import escape

SHOWN = 6
LINES_TOLD = 3
LINES_SHOWN = 12
ICONS = {OrderKind.SALE: "shopping-cart", OrderKind.RETURN: "receipt-refund", OrderKind.ADJUSTMENT: "receipt"}
TONES = {OrderKind.SALE: "success", OrderKind.RETURN: "warning", OrderKind.ADJUSTMENT: "neutral"}


def orders_panel(request: HttpRequest, customer_id: int) -> str:
    """The newest orders of a customer."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = {"orders": queries.latest_orders(actor, customer_id, SHOWN)}
    return render_to_string("commerce/panel_orders.html", context, request=request)


def sales_panel(request: HttpRequest, product_id: int) -> str:
    """What a product sold, and the lines that came last."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    lines = queries.latest_lines(actor, product_id, LINES_SHOWN)
    context = {"sales": queries.product_sales(actor, product_id) if lines else [], "lines": lines}
    return render_to_string("commerce/panel_sales.html", context, request=request)


def order_entries(actor: Actor, customer_id: int, before: Place | None, limit: int) -> Iterator[Entry]:
    """Orders, returns and adjustments in a customer's stream."""
    if before is None and actor.scope("order", "view") == "all":
        orders = _newest_orders(customer_id, limit)
    else:
        found = Order.objects.visible_to(actor).filter(before_q(before, time="ordered_at"), customer=customer_id)
        told = Prefetch("lines", OrderLine.objects.order_by("pk"), to_attr="told_lines")
        orders = list(found.order_by("-ordered_at", "-id").prefetch_related(told)[:limit])
    for order in orders:
        kind = OrderKind(order.kind)
        amount = money.format_money(order.amount_minor, order.currency)
        yield Entry(
            order.ordered_at,
            order.pk,
            f"{kind.label} {order.number}: {amount}",
            _told(order.told_lines),
            url=order_url(order.pk),
            icon=ICONS[kind],
            tone=TONES[kind],
        )


def _newest_orders(customer_id: int, limit: int) -> list[Any]:
    """The first page of orders with their lines, for those who see all orders."""
    first, lines = _first_page(limit)
    orders: list[Any] = first.all(customer_id)
    by_order: dict[int, list[OrderLine]] = {order.pk: [] for order in orders}
    for line in lines.all(customer_id) if orders else ():
        by_order[line.order_id].append(line)
    for order in orders:
        order.told_lines = by_order[order.pk]
    return orders


@cache
def _first_page(limit: int) -> tuple[CompiledRecords[Order], CompiledRecords[OrderLine]]:
    """The queries of the first page, written once."""

    def orders(customer_id: int) -> QuerySet[Order]:
        """The newest orders of a customer."""
        return Order.objects.filter(customer=customer_id).order_by("-ordered_at", "-id")[:limit]

    def lines(customer_id: int) -> QuerySet[OrderLine]:
        """The lines of those orders."""
        return OrderLine.objects.filter(order__in=orders(customer_id).values("pk")).order_by("pk")

    told = ("id", "order_id", "quantity", "description")
    return CompiledRecords(Order, orders, int), CompiledRecords(OrderLine, lines, int, only=told)


def _told(lines: list[OrderLine]) -> str:
    """The first lines in words."""
    parts = [
        f"{_plain(line)} × {line.description}" if line.description else _plain(line) for line in lines[:LINES_TOLD]
    ]
    more = len(lines) - LINES_TOLD
    if more > 0:
        parts.append(_("and %(count)d more") % {"count": more})
    return f"<p>{escape(', '.join(parts))}</p>" if parts else ""


def _plain(line: OrderLine) -> str:
    """The quantity without needless zeros."""
    return format(line.quantity.normalize() + 0, "f")

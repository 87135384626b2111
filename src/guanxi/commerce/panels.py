"""Cards of commerce: a customer's newest orders, what a product sold and to whom; orders in the stream."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import BooleanField, ExpressionWrapper, Prefetch, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guanxi.commerce import queries
from guanxi.commerce.choices import OrderKind
from guanxi.commerce.lists import order_url
from guanxi.commerce.models import Order, OrderLine
from guanxi.core.actor import Actor
from guanxi.core.compiled import Compiled
from guanxi.customers.timeline import Entry, Place, before_q
from guanxi.importing.public import in_force_q
from guanxi.ui import charts
from guanxi.ui.cells import format_amount
from guanxi.ui.html import escape

SHOWN = 6
LINES_TOLD = 3
LINES_SHOWN = 12
_ORDER = ("id", "number", "kind", "ordered_at", "currency", "amount_minor")
_LINE = ("id", "description", "quantity")
MONTHS_SHOWN = 24
BUYERS_SHOWN = 8
ICONS = {OrderKind.SALE: "shopping-cart", OrderKind.RETURN: "receipt-refund", OrderKind.ADJUSTMENT: "receipt"}
TONES = {OrderKind.SALE: "success", OrderKind.RETURN: "warning", OrderKind.ADJUSTMENT: "neutral"}


def orders_panel(request: HttpRequest, customer_id: int) -> str:
    """The newest orders of a customer."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = {"orders": queries.latest_orders(actor, customer_id, SHOWN)}
    return render_to_string("commerce/panel_orders.html", context, request=request)


def sales_panel(request: HttpRequest, product_id: int) -> str:
    """What a product sold, in all and month by month."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    sales = queries.product_sales(actor, product_id)
    for sale in sales:
        sale["average"] = round(sale["amount_minor"] / sale["quantity"]) if sale["quantity"] > 0 else None
    chart = _sales_chart(actor, product_id, sales[0]["order__currency"]) if sales else None
    return render_to_string("commerce/panel_sales.html", {"sales": sales, "chart": chart}, request=request)


def _sales_chart(actor: Actor, product_id: int, currency: str) -> charts.Chart:
    """Bars of net revenue for the newest months, those without a sale among them."""
    months = queries.sales_by_month(actor, product_id, currency)
    shown: list[date] = []
    month = max(months)
    while month >= min(months) and len(shown) < MONTHS_SHOWN:
        shown.append(month)
        month = (month - timedelta(days=1)).replace(day=1)
    shown.reverse()
    amounts = [charts.whole_units(months.get(month, (0, Decimal()))[0], currency) for month in shown]
    return charts.bar(
        _("Net revenue by month"),
        [f"{month:%Y-%m}" for month in shown],
        [charts.Series(_("Net revenue"), amounts)],
        format="money",
        currency=currency,
        height="s",
    )


def buyers_panel(request: HttpRequest, product_id: int) -> str:
    """Who bought most of a product."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = {"buyers": queries.buyers_of(actor, product_id, BUYERS_SHOWN)}
    return render_to_string("commerce/panel_buyers.html", context, request=request)


def lines_panel(request: HttpRequest, product_id: int) -> str:
    """The newest lines of a product."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = {"lines": queries.latest_lines(actor, product_id, LINES_SHOWN)}
    return render_to_string("commerce/panel_lines.html", context, request=request)


def order_entries(actor: Actor, customer_id: int, before: Place | None, limit: int) -> Iterator[Entry]:
    """Orders, returns and adjustments in a customer's stream."""
    if before is None and actor.scope("order", "view") == "all":
        orders = _newest_orders(customer_id, limit)
    else:
        found = Order.objects.visible_to(actor).filter(before_q(before, time="ordered_at"), customer=customer_id)
        told = Prefetch("lines", OrderLine.objects.order_by("pk"), to_attr="told_lines")
        orders = list(found.order_by("-ordered_at", "-id").prefetch_related(told)[:limit])
    language = get_language() or "en"
    for order in orders:
        kind = OrderKind(order.kind)
        amount = format_amount(order.amount_minor, order.currency, language)
        yield Entry(
            order.ordered_at,
            order.pk,
            _("%(kind)s %(number)s: %(amount)s") % {"kind": kind.label, "number": order.number, "amount": amount},
            _told(order.told_lines),
            url=order_url(order.pk),
            icon=ICONS[kind],
            tone=TONES[kind],
        )


def _newest_orders(customer_id: int, limit: int) -> list[Any]:
    """The first page of orders with their lines, for those who see all orders: one read."""
    orders: list[Any] = []
    for row in _first_page(limit).rows(customer_id):
        is_in_force, columns, line = row[0], row[1 : len(_ORDER) + 1], row[len(_ORDER) + 1 :]
        if not orders or orders[-1].pk != columns[0]:
            orders.append(Order.from_db(DEFAULT_DB_ALIAS, _ORDER, columns))
            orders[-1].told_lines = []
        if line[0] is not None and is_in_force:
            orders[-1].told_lines.append(OrderLine.from_db(DEFAULT_DB_ALIAS, _LINE, line))
    return orders


@cache
def _first_page(limit: int) -> Compiled:
    """The query of the first page: the newest orders, each as often as it has lines."""

    def build(customer_id: int) -> QuerySet[Any, Any]:
        """The rows of a customer."""
        newest = Order.objects.filter(customer=customer_id).order_by("-ordered_at", "-id").values("pk")[:limit]
        # Of the lines, those that an import still holds back are told apart, not left out: an order may have no other.
        is_in_force = ExpressionWrapper(in_force_q("lines__import_run"), BooleanField())
        rows = Order.everything.filter(pk__in=newest).order_by("-ordered_at", "-id", "lines__id")
        return rows.values_list(is_in_force, *_ORDER, *(f"lines__{name}" for name in _LINE))

    return Compiled(build, int)


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

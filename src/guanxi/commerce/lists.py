"""The list of orders."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.db.models import Sum as TotalOf
from django.utils.translation import gettext_lazy as _

from guanxi.commerce.choices import OrderKind
from guanxi.commerce.models import Order
from guanxi.core import masking, money
from guanxi.core.actor import Actor
from guanxi.core.addresses import address_of
from guanxi.core.ids import public_id
from guanxi.ui import cells, filters, lists
from guanxi.ui.html import escape
from guanxi.ui.tables import Column, Sum, Table

KIND_TONES = {OrderKind.SALE: "neutral", OrderKind.RETURN: "warning", OrderKind.ADJUSTMENT: "neutral"}


def order_url(order_id: int) -> str:
    """The page of an order."""
    return address_of("commerce:order", public_id("ord", order_id))


def _queryset(actor: Actor) -> QuerySet[Any]:
    """The orders that the actor may see."""
    return Order.objects.visible_to(actor)


def _number_cell(row: cells.Row, context: cells.Context) -> str:
    """The number, leading to the order."""
    return f'<a href="{context.url(row["id"])}">{escape(row["number"])}</a>'


def _customer_cell(row: cells.Row, context: cells.Context) -> str:
    """The customer, leading to their page; an unidentified buyer is said to be one."""
    if row["customer_id"] is None:
        return f'<span class="text-secondary">{escape(_("unidentified buyer"))}</span>'
    url = address_of("customers:show", public_id("cus", row["customer_id"]))
    return f'<a href="{url}">{escape(row["customer__name"])}</a>'


def _plain_amount(row: cells.Row) -> Decimal:
    """The amount as a number, for export."""
    return money.from_minor(row["amount_minor"], row["currency"])


def _total(value: Any, context: cells.Context) -> str:
    """The sum of the amounts."""
    return cells.format_amount(value or 0, context.currency, context.language)


def _by_number(queryset: QuerySet[Any], text: str, actor: Actor) -> QuerySet[Any]:
    """Orders whose number begins so: one index read."""
    return queryset.filter(number__startswith=text)


TABLE = Table(
    columns=[
        Column("number", _("Order number"), ("number",), _number_cell, sort="number", fixed=True),
        Column("ordered", _("Ordered"), ("ordered_at",), cells.moment("ordered_at"), sort="ordered_at"),
        Column("customer", _("Customer"), ("customer_id", "customer__name"), _customer_cell,
               value=lambda row: row["customer__name"] or "", file_mask=masking.name),
        Column("kind", _("Kind"), ("kind",), cells.badge("kind", OrderKind.choices, KIND_TONES), group=True,
               choices=tuple(OrderKind.choices)),
        Column("lines", _("Lines"), ("line_count",), cells.number("line_count"), align="end"),
        Column("amount", _("Amount"), ("amount_minor", "currency"), cells.money("amount_minor", "currency"),
               sort="amount_minor", align="end", value=_plain_amount, currency="currency"),
        Column("country", _("Country"), ("country",), cells.text("country")),
        Column("source", _("Source"), ("source",), cells.text("source"), hidden=True),
    ],
    sums=[Sum("amount", aggregate=TotalOf("amount_minor"), render=_total)],
    default_sort="-ordered",
)  # fmt: skip
PAGE = lists.register(
    lists.ListPage(
        key="orders",
        kind="order",
        title=_("Orders"),
        icon="shopping-cart",
        queryset=_queryset,
        table=TABLE,
        filters=[
            filters.Text("number", _("Order number"), "number"),
            filters.Choice("kind", _("Kind"), "kind", choices=OrderKind.choices),
            filters.Date("ordered", _("Ordered"), "ordered_on"),
            filters.Money("amount", _("Amount"), "amount_minor", currency=money.reporting_currency),
            filters.Text("country", _("Country"), "country"),
            filters.Boolean(
                "identified",
                _("Buyer is known"),
                apply=lambda queryset, value: queryset.filter(customer__isnull=not value),
            ),
        ],
        views=[
            lists.StandardView("returns", _("Returns"), {"kind": "return"}, sort="-ordered"),
            lists.StandardView("unidentified", _("Unidentified buyers"), {"identified": "no"}, sort="-ordered"),
        ],
        url_name="commerce:orders",
        record_url=order_url,
        search=_by_number,
        search_hint=_("Beginning of an order number"),
        currency=money.reporting_currency,
        empty=lists.Empty(
            _("No orders yet"),
            _("Bring in your order file: customers and products follow from it."),
            _("Import a file"),
            "importing:start",
        ),
    )
)

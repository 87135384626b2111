"""The list of products."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.catalog.choices import ProductKind
from guanxi.catalog.models import Product
from guanxi.core import money
from guanxi.core.actor import Actor
from guanxi.core.ids import public_id
from guanxi.ui import cells, filters, lists
from guanxi.ui.html import escape
from guanxi.ui.tables import Column, Table


def product_url(product_id: int) -> str:
    """The page of a product."""
    return reverse("catalog:product", args=[public_id("prd", product_id)])


def _queryset(actor: Actor) -> QuerySet[Any]:
    """The products that the actor may see."""
    return Product.objects.visible_to(actor)


def _code_cell(row: cells.Row, context: cells.Context) -> str:
    """The code, leading to the product."""
    return f'<a href="{context.url(row["id"])}">{escape(row["code"])}</a>'


def _cost_cell(row: cells.Row, context: cells.Context) -> str:
    """The unit cost, where it is known."""
    if row["unit_cost_minor"] is None:
        return cells.NOTHING
    return escape(cells.format_amount(row["unit_cost_minor"], row["currency"], context.language))


def _by_text(queryset: QuerySet[Any], text: str, actor: Actor) -> QuerySet[Any]:
    """Products whose code begins so or whose name holds the text."""
    return queryset.filter(Q(code__startswith=text) | Q(name__icontains=text))


TABLE = Table(
    columns=[
        Column("code", _("Code"), ("code",), _code_cell, sort="code", fixed=True),
        Column("name", _("Name"), ("name",), cells.text("name"), sort="name", edit="name"),
        Column("kind", _("Kind"), ("kind",), cells.badge("kind", ProductKind.choices), group=True,
               choices=tuple(ProductKind.choices), edit="kind"),
        Column("category", _("Category"), ("category",), cells.text("category"), group=True, edit="category"),
        Column("cost", _("Unit cost"), ("unit_cost_minor", "currency"), _cost_cell, align="end", currency="currency",
               value=lambda row: None if row["unit_cost_minor"] is None else money.from_minor(row["unit_cost_minor"], row["currency"])),
        Column("source", _("Source"), ("source",), cells.text("source"), hidden=True),
    ],
    default_sort="code",
)  # fmt: skip
PAGE = lists.register(
    lists.ListPage(
        key="products",
        kind="product",
        title=_("Products"),
        icon="package",
        queryset=_queryset,
        table=TABLE,
        filters=[
            filters.Text("code", _("Code"), "code"),
            filters.Text("name", _("Name"), "name"),
            filters.Choice("kind", _("Kind"), "kind", choices=ProductKind.choices),
            filters.Text("category", _("Category"), "category"),
        ],
        url_name="catalog:products",
        record_url=product_url,
        search=_by_text,
        empty=lists.Empty(
            _("No products yet"),
            _("Products come with the order file, under the codes that it gives them."),
            _("Import a file"),
            "importing:start",
        ),
    )
)

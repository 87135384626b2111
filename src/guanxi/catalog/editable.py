"""Which fields of a product can be changed where they stand."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.catalog.choices import ProductKind
from guanxi.catalog.models import Product
from guanxi.catalog.services import update_product
from guanxi.core import money
from guanxi.core.actor import Actor
from guanxi.ui import cells, editing
from guanxi.ui.html import escape


def _load(actor: Actor, record_id: int) -> Product:
    """The product, when the actor may change it."""
    found: Product = Product.objects.get_visible(actor, "change", pk=record_id)
    return found


def _save(*, actor: Actor, record_id: int, field: str, value: Any) -> int:
    """Change one field."""
    return update_product(actor=actor, product_id=record_id, field=field, value=value)


def _currency(product: Product) -> str:
    """The currency in which a product's cost is kept."""
    return product.currency or money.reporting_currency()


def _cost(product: Product) -> str | None:
    """The unit cost as people write it."""
    return None if product.unit_cost_minor is None else money.plain(product.unit_cost_minor, _currency(product))


def _shown_cost(product: Product, context: cells.Context) -> str:
    """The unit cost with its currency."""
    if product.unit_cost_minor is None:
        return cells.NOTHING
    return escape(cells.format_amount(product.unit_cost_minor, _currency(product), context.language))


PRODUCT = editing.register(
    editing.EditableRecord(
        kind="product",
        load=_load,
        save=_save,
        fields=[
            editing.Field("name", _("Name")),
            editing.Field("category", _("Category")),
            editing.Field("kind", _("Kind"), "choice", choices=tuple(ProductKind.choices), required=True),
            editing.Field("unit_cost", _("Unit cost"), "money", read=_cost, show=_shown_cost),
        ],
    )
)

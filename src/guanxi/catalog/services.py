"""Changing products."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from guanxi.catalog.choices import ProductKind
from guanxi.catalog.models import Product
from guanxi.core import changes, money
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.search.public import refresh

FIELDS = {"name": 500, "category": 120}
LARGEST_COST = Decimal(10) ** 12


def update_product(*, actor: Actor, product_id: int, field: str, value: Any) -> int:
    """Change name, category, kind or unit cost of a product; the number of the operation."""
    with changes.operation(actor=actor, name="catalog.update_product") as operation:
        product = Product.objects.select_for_update().get_visible(actor, "change", pk=product_id)
        operation.update(product, **{_column(field): _checked(product, field, value)})
        refresh("product", [product.pk])
    return operation.id


def _column(field: str) -> str:
    """The column behind a field of the page."""
    return "unit_cost_minor" if field == "unit_cost" else field


def _checked(product: Product, field: str, value: Any) -> Any:
    """The value if it can stand, else InvalidInput."""
    if field in FIELDS:
        text = " ".join(str(value or "").split())
        if len(text) > FIELDS[field] or "\x00" in text:
            raise InvalidInput(_("At most %(limit)d characters.") % {"limit": FIELDS[field]}, column=field)
        return text
    if field == "kind":
        if value not in ProductKind.values:
            raise InvalidInput(_("Choose one of the kinds."), column=field)
        return value
    if field == "unit_cost":
        return _cost(product, value)
    raise InvalidInput(_("This field cannot be changed."), column=field)


def _cost(product: Product, value: Any) -> int | None:
    """A unit cost in minor units of the product's currency; empty when it is not known."""
    text = str(value or "").replace(",", "").replace("，", "").strip()
    if not text:
        return None
    try:
        cost = Decimal(text)
    except InvalidOperation:
        raise InvalidInput(_("“%(value)s” is not an amount.") % {"value": text[:40]}, column="unit_cost") from None
    if not cost.is_finite() or not 0 <= cost < LARGEST_COST:
        raise InvalidInput(_("“%(value)s” is not an amount.") % {"value": text[:40]}, column="unit_cost")
    return money.to_minor(cost, product.currency or money.reporting_currency())

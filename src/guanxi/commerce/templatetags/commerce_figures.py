"""Quantities and unit prices as people write them."""

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def decimal(value: Decimal | None) -> str:
    """A number with all its digits and no needless zeros, thousands apart."""
    return "" if value is None else f"{value.normalize() + 0:,f}"

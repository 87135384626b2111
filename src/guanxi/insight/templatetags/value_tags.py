"""Filters for figures of value."""

from django import template
from django.utils.safestring import SafeString

from guanxi.customers.choices import Level, Tier
from guanxi.insight.value import presenting
from guanxi.ui import html

register = template.Library()


@register.filter
def percent(value: float | None) -> str:
    """A share in words."""
    return presenting.percent(value)


@register.filter
def tier_badge(tier: str) -> SafeString:
    """A tier in its colour."""
    return html.safe(html.badge(dict(Tier.choices).get(tier, tier), tier))


@register.filter
def tier_label(tier: str) -> str:
    """The name of a tier."""
    return str(dict(Tier.choices).get(tier, ""))


@register.filter
def level_label(level: str) -> str:
    """The name of a level."""
    return str(dict(Level.choices).get(level, ""))

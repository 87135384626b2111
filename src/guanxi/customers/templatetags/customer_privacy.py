"""Words about consent in templates."""

from collections.abc import Mapping
from typing import Any

from django import template

from guanxi.customers.choices import ConsentChannel

register = template.Library()


@register.simple_tag
def consent_channel(value: str) -> str:
    """The name of a channel."""
    return str(ConsentChannel(value).label) if value in ConsentChannel.values else value


@register.filter
def of_row(found: Mapping[int, list[Any]], key: int) -> list[Any]:
    """What a mapping holds for a row."""
    return found.get(key, [])

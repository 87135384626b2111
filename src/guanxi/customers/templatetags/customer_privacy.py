"""Words about consent in templates."""

from collections.abc import Mapping
from typing import Any

from django import template

from guanxi.customers.choices import AskedBy, ConsentChannel

register = template.Library()


@register.simple_tag
def consent_channel(value: str) -> str:
    """The name of a channel."""
    return str(ConsentChannel(value).label) if value in ConsentChannel.values else value


@register.filter
def of_row(found: Mapping[int, list[Any]], key: int) -> list[Any]:
    """What a mapping holds for a row."""
    return found.get(key, [])


@register.filter
def asked_by_words(value: str) -> str:
    """Who asked for an erasure."""
    return str(AskedBy(value).label) if value in AskedBy.values else value


@register.filter
def of_key(found: Mapping[str, Any], key: str) -> Any:
    """What a mapping holds under a key."""
    return found.get(key, key)

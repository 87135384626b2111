"""Company-wide parameters: small settings that are data."""

from typing import Any

from guanxi.core.models import Parameter


def get(key: str, default: Any = None) -> Any:
    """The value, or the default when it was never set."""
    row = Parameter.objects.filter(key=key).values_list("value", flat=True).first()
    return default if row is None else row


def put(key: str, value: Any) -> None:
    """Set the value."""
    Parameter.objects.update_or_create(key=key, defaults={"value": value})

"""Company-wide parameters: small settings that are data."""

from typing import Any

from guanxi.core.compiled import Compiled
from guanxi.core.models import Parameter

_VALUE = Compiled(lambda key: Parameter.objects.filter(key=key).values_list("value"), str)


def get(key: str, default: Any = None) -> Any:
    """The value, or the default when it was never set."""
    row = _VALUE.first(key)
    return default if row is None or row[0] is None else row[0]


def put(key: str, value: Any) -> None:
    """Set the value."""
    Parameter.objects.update_or_create(key=key, defaults={"value": value})

"""A mapping as it is written down: in a JSON file, in a row, or shipped with the product."""

from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from guanxi.core.errors import InvalidInput
from guanxi.core.money import check_currency
from guanxi.core.sentences import gettext as _
from guanxi.importing.parsing.dates import ORDERS

SOURCE_LENGTH = 60
DEFAULT_SOURCE = "orders"


@dataclass(frozen=True)
class MappingDefinition:
    """Columns by field, and what else must be known to read files of this form."""

    target: str
    columns: dict[str, str]
    name: str = ""
    currency: str = ""
    timezone: str = ""
    date_order: str = ""
    source: str = ""
    """Whose ids the file holds, where that is not the mapping's own name."""
    options: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The form in which it is kept."""
        return {
            "target": self.target,
            "columns": self.columns,
            "currency": self.currency,
            "timezone": self.timezone,
            "date_order": self.date_order,
            "source": self.source,
            "options": self.options,
        }

    @property
    def settled_source(self) -> str:
        """Whose ids a file read with this mapping holds: as kept, else the mapping's name, else `orders`."""
        return self.source or self.name or DEFAULT_SOURCE

    @classmethod
    def from_json(cls, given: Any, *, name: str, target: str) -> "MappingDefinition":
        """Read and check a definition; the sentence of the error says what is wrong with it."""
        if not isinstance(given, dict) or not isinstance(given.get("columns"), dict) or not given["columns"]:
            raise InvalidInput(
                _("The mapping “%(name)s” must be a JSON object with “columns”: field -> column.") % {"name": name}
            )
        if given.get("target", target) != target:
            raise InvalidInput(
                _("The mapping “%(name)s” is for %(target)s.") % {"name": name, "target": given["target"]}
            )
        columns = {str(key): str(value) for key, value in given["columns"].items() if value}
        options = given.get("options") or {}
        if not isinstance(options, dict):
            raise InvalidInput(_("“options” of the mapping “%(name)s” must be an object.") % {"name": name})
        return cls(
            target=target,
            columns=columns,
            name=str(given.get("name") or name)[:60],
            currency=check_currency(given["currency"]) if given.get("currency") else "",
            timezone=check_timezone(given["timezone"]) if given.get("timezone") else "",
            date_order=check_date_order(given.get("date_order") or ""),
            source=check_source(given["source"]) if given.get("source") else "",
            options=options,
        )


def check_source(source: Any) -> str:
    """The name of a source, or InvalidInput when it is too long or holds what no name should."""
    text = str(source)
    if len(text) > SOURCE_LENGTH or not text.isprintable() or not text.strip():
        raise InvalidInput(
            _("The name of a source has 1 to %(limit)d printable characters.") % {"limit": SOURCE_LENGTH}
        )
    return text


def check_timezone(name: str) -> str:
    """The name of a time zone, or InvalidInput when there is none of that name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InvalidInput(_("There is no time zone “%(name)s”.") % {"name": str(name)[:40]}) from None
    return name


def check_date_order(order: str) -> str:
    """One of dmy, mdy, ymd, or nothing."""
    if order and order not in ORDERS:
        raise InvalidInput(_("The order of dates must be dmy, mdy or ymd, not “%(order)s”.") % {"order": order[:20]})
    return order

"""Fields that a company adds itself: what they are, and how their values are checked and shown."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from guanxi.core import money
from guanxi.core.compiled import CompiledRecords
from guanxi.core.errors import InvalidInput
from guanxi.core.models import CustomField
from guanxi.core.models.custom_fields import FieldType
from guanxi.core.sentences import gettext as _

TEXT_LIMIT = 2000
_DEFINITIONS = CompiledRecords(CustomField, lambda kind: CustomField.objects.filter(kind=kind, is_active=True), str)


def definitions(kind: str) -> list[CustomField]:
    """The active fields of a kind, in order."""
    return _DEFINITIONS.all(kind)


def clean(kind: str, given: dict[str, Any], *, fields: list[CustomField] | None = None) -> dict[str, Any]:
    """The values as JSON, checked by type; empty ones become None."""
    known = {field.key: field for field in (definitions(kind) if fields is None else fields)}
    return {key: clean_value(known[key], value) for key, value in given.items() if key in known}


def clean_value(field: CustomField, value: Any) -> Any:
    """One value, checked; InvalidInput says what is wrong."""
    if value is None or value == "" or value == []:
        return None
    try:
        return _CLEANERS[field.type](field, value)
    except InvalidInput as error:
        raise InvalidInput(f"{field.label}: {error}", column=field.key) from None


def _text(_field: CustomField, value: Any) -> str:
    """Any text up to the limit."""
    text = str(value).replace("\x00", "").strip()
    if len(text) > TEXT_LIMIT:
        raise InvalidInput(_("longer than %(limit)s characters") % {"limit": TEXT_LIMIT})
    return text


MOST_DIGITS = 30


def _number(_field: CustomField, value: Any) -> str:
    """A decimal number, kept as text so that no digit is lost."""
    try:
        number = Decimal(str(value).replace(",", "").strip())
    except InvalidOperation:
        raise InvalidInput(_("“%(value)s” is not a number") % {"value": str(value)[:40]}) from None
    if number.is_finite() and abs(number.adjusted()) > MOST_DIGITS:
        raise InvalidInput(_("“%(value)s” has too many digits") % {"value": str(value)[:40]})
    if not number.is_finite():
        raise InvalidInput(_("“%(value)s” is not a number") % {"value": str(value)[:40]})
    return format(number, "f")


def _date(_field: CustomField, value: Any) -> str:
    """A date, kept in ISO form."""
    try:
        return value.isoformat()[:10] if isinstance(value, date) else date.fromisoformat(str(value).strip()).isoformat()
    except ValueError:
        raise InvalidInput(_("“%(value)s” is not a date (YYYY-MM-DD)") % {"value": str(value)[:40]}) from None


def _choice(field: CustomField, value: Any) -> str:
    """One of the listed choices."""
    text = str(value).strip()
    if text not in field.choices:
        raise InvalidInput(_("“%(value)s” is not one of the choices") % {"value": text[:40]})
    return text


def _multi_choice(field: CustomField, value: Any) -> list[str]:
    """Several of the listed choices, in the list's order."""
    parts = value if isinstance(value, list) else [p.strip() for p in re.split(r"[;；、|]", str(value))]
    chosen = {_choice(field, part) for part in parts if part}
    return [choice for choice in field.choices if choice in chosen]


def _money(_field: CustomField, value: Any) -> dict[str, Any]:
    """An amount with its currency, kept in minor units."""
    if isinstance(value, dict):
        return {"minor": int(value["minor"]), "currency": money.check_currency(value["currency"])}
    match = re.fullmatch(r"\s*([A-Za-z]{3})?\s*(-?[\d,]+(?:\.\d+)?)\s*([A-Za-z]{3})?\s*", str(value))
    if not match:
        raise InvalidInput(_("“%(value)s” is not an amount such as CNY 12.50") % {"value": str(value)[:40]})
    currency = money.check_currency(match[1] or match[3] or "CNY")
    return {"minor": money.to_minor(Decimal(match[2].replace(",", "")), currency), "currency": currency}


def _link(_field: CustomField, value: Any) -> str:
    """A web address."""
    text = str(value).strip()
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or len(text) > TEXT_LIMIT:
        raise InvalidInput(_("“%(value)s” is not a web address (https://…)") % {"value": text[:60]})
    return text


_CLEANERS: dict[str, Callable[[CustomField, Any], Any]] = {
    FieldType.TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
    FieldType.MULTI_CHOICE: _multi_choice,
    FieldType.MONEY: _money,
    FieldType.LINK: _link,
}


def display(field: CustomField, value: Any) -> str:
    """The value as text for lists and exports."""
    if value is None:
        return ""
    if field.type == FieldType.MULTI_CHOICE:
        return "、".join(value) if isinstance(value, list) else str(value)
    if field.type == FieldType.MONEY and isinstance(value, dict):
        return f"{value['currency']} {money.plain(value['minor'], value['currency'])}"
    return str(value)

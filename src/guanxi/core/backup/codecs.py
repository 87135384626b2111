"""Values as a backup holds them: the same text whichever database they come from, and back without loss.

A row is a JSON list: whole numbers and truth as they are, moments as ISO text in UTC, decimals with all their places,
JSON as its text with sorted keys (so that no value and the JSON null stay apart), bytes in base64.
"""

import base64
import json
from collections.abc import Callable, Sequence
from decimal import Context, Decimal
from functools import lru_cache
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from guanxi.core.backup.errors import BackupError

Column = Sequence[Any]
Convert = Callable[[Column], Column]

_KINDS = {
    "int": ("AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField", "SmallIntegerField"),
    "text": ("CharField", "TextField", "SlugField", "EmailField", "URLField", "FileField", "FilePathField"),
    "bool": ("BooleanField",),
    "date": ("DateField",),
    "moment": ("DateTimeField",),
    "time": ("TimeField",),
    "duration": ("DurationField",),
    "float": ("FloatField",),
    "json": ("JSONField",),
    "bytes": ("BinaryField",),
    "uuid": ("UUIDField",),
    "address": ("GenericIPAddressField",),
}
_POSITIVE = ("PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField")
KIND_OF = {name: kind for kind, names in _KINDS.items() for name in names} | dict.fromkeys(_POSITIVE, "int")
SQLITE_DIGITS = 15
_LARGEST_EXACT = 10**16


def kind_of(field: Any) -> str:
    """The kind of a column; the target's for a foreign key."""
    while field.is_relation:
        field = field.target_field
    name = field.get_internal_type()
    if isinstance(field, models.DecimalField):
        return f"decimal:{field.decimal_places}"
    if name not in KIND_OF:
        raise BackupError(_("Backups cannot hold columns of the kind %(kind)s yet.") % {"kind": name})
    return KIND_OF[name]


def _each(convert: Callable[[Any], Any]) -> Convert:
    """Convert every value that is there."""
    return lambda column: [None if value is None else convert(value) for value in column]


def _moment(text: str) -> str:
    """`2026-11-29 03:22:00.120000`, with or without `+00`, as ISO; a fraction always has six digits."""
    if len(text) > 19 and text[-3] == "+":
        text = text[:-3]
    if len(text) > 19:
        text = text.ljust(26, "0")
        if text.endswith(".000000"):
            text = text[:19]
    return f"{text[:10]}T{text[11:]}Z"


def _time(text: str) -> str:
    """A time of day whose fraction has six digits."""
    return text.ljust(15, "0") if len(text) > 8 else text


def _number(value: Any) -> Any:
    """A float; what JSON has no word for is text."""
    number = float(value)
    return number if number - number == 0 else str(number)


def same_everywhere(value: Any) -> Any:
    """A JSON value as both databases give it back: PostgreSQL turns large floats into whole numbers."""
    if isinstance(value, float):
        if value == 0:
            return 0.0
        return int(value) if abs(value) >= _LARGEST_EXACT and value - value == 0 else value
    if isinstance(value, dict):
        return {key: same_everywhere(one) for key, one in value.items()}
    return [same_everywhere(one) for one in value] if isinstance(value, list) else value


@lru_cache(maxsize=4096)
def _json(text: str) -> str:
    """The text of a JSON value with sorted keys."""
    return json.dumps(same_everywhere(json.loads(text)), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _json_column(column: Column) -> Column:
    """JSON texts; the commonest are what they are."""
    return [text if text is None or text in {"{}", "[]", "null", '""'} else _json(text) for text in column]


def _sqlite_decimal(places: int) -> Convert:
    """SQLite holds decimals as floats that are good for fifteen digits; read as Django reads them."""
    plain_below = 10 ** (SQLITE_DIGITS - places)
    context, unit = Context(prec=SQLITE_DIGITS), Decimal(1).scaleb(-places)

    def convert(value: Any) -> str:
        """One value with all its places."""
        if isinstance(value, int | float) and -plain_below < value < plain_below:
            text = f"{value:.{places}f}"
            return text[1:] if text[0] == "-" and not text.strip("-0.") else text
        exact = context.create_decimal_from_float(value) if isinstance(value, int | float) else Decimal(value)
        return f"{exact.quantize(unit, context=Context(prec=60)):f}"

    return _each(convert)


def from_database(kind: str, vendor: str) -> Convert | None:
    """How a column of a kind is read; None when it already is as a backup holds it."""
    is_sqlite = vendor == "sqlite"
    if kind.startswith("decimal:"):
        return _sqlite_decimal(int(kind.partition(":")[2])) if is_sqlite else None
    converts: dict[str, Convert | None] = {
        "moment": _each(_moment),
        "time": _each(_time),
        "json": _json_column,
        "float": _each(_number),
        "bytes": _each(lambda value: base64.b64encode(value).decode()),
        "uuid": _each(lambda value: str(value).replace("-", "")),
        "bool": _each(bool) if is_sqlite else None,
    }
    return converts.get(kind)


def selected(column: str, kind: str, vendor: str) -> str:
    """The SQL by which a column is read."""
    if vendor != "postgresql":
        return column
    if kind == "duration":
        return f"(EXTRACT(EPOCH FROM {column}) * 1000000)::bigint"
    return f"host({column})" if kind == "address" else column


@lru_cache(maxsize=4096)
def _json_for_sqlite(text: str) -> str:
    """JSON as Django writes it."""
    return json.dumps(json.loads(text))


def _decimal_for_sqlite(text: str) -> str:
    """A decimal that SQLite can keep, or BackupError."""
    if len(text) > SQLITE_DIGITS and len(text.strip("-").replace(".", "").strip("0")) > SQLITE_DIGITS:
        message = _("The number %(number)s has more digits than SQLite can keep; restore into PostgreSQL.")
        raise BackupError(message % {"number": text})
    return text


def to_database(kind: str, vendor: str) -> Convert | None:
    """How a column of a kind is written; None when the database takes it as it is."""
    if kind == "bytes":
        return _each(base64.b64decode)
    if kind == "float":
        return _each(float)
    if vendor == "postgresql":
        return _each(lambda micros: f"{micros} microseconds") if kind == "duration" else None
    if kind.startswith("decimal:"):
        return _each(_decimal_for_sqlite)
    converts: dict[str, Convert] = {
        "moment": _each(lambda text: text[:-1].replace("T", " ")),
        "json": lambda column: [
            text if text is None or text in {"{}", "[]", "null", '""'} else _json_for_sqlite(text) for text in column
        ],
    }
    return converts.get(kind)


def without_nul(value: Any, kind: str) -> Any:
    """A text without the character that PostgreSQL cannot hold."""
    if not isinstance(value, str):
        return value
    if kind != "json":
        return value.replace("\x00", "")
    cleaned = _strip(json.loads(value))
    return json.dumps(cleaned, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _strip(value: Any) -> Any:
    """Every text in a JSON value without that character."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {key.replace("\x00", ""): _strip(one) for key, one in value.items()}
    return [_strip(one) for one in value] if isinstance(value, list) else value

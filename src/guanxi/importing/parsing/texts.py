"""Text and identifiers."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from guanxi.core.sentences import gettext as _
from guanxi.importing.parsing.cells import UnusableCell

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_CONTROL_OR_BREAK = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


def as_written(value: Any) -> str:
    """A cell as text; a number that a program stores without being asked to is written without a fraction."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value.is_finite() else ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def identifier(value: Any, limit: int) -> str | None:
    """An id exactly as written: nothing trimmed, nothing rounded; None when there is nothing."""
    if isinstance(value, float) and value != value:
        return None
    text = as_written(value)
    if not text or text.isspace():
        return None
    _check(text, limit, _CONTROL_OR_BREAK)
    return text


def words(value: Any, limit: int, *, keep_lines: bool = False) -> str | None:
    """Text without blanks at its ends, on one line unless its lines are to be kept; None when there is nothing."""
    if isinstance(value, float) and value != value:
        return None
    text = as_written(value).strip()
    if not text:
        return None
    _check(text, limit, _CONTROL)
    if keep_lines:
        return "\n".join(line.rstrip() for line in text.splitlines())
    return " ".join(text.split()) if "\n" in text or "\r" in text or "\t" in text else text


def _check(text: str, limit: int, forbidden: re.Pattern[str]) -> None:
    """Refuse what no database or screen can take."""
    if len(text) > limit:
        raise UnusableCell(
            _("has %(count)d characters; at most %(limit)d can be kept") % {"count": len(text), "limit": limit}
        )
    if text.isprintable():
        return
    found = forbidden.search(text)
    if not found:
        return
    if found[0] == "\x00":
        raise UnusableCell(_("holds a NUL character"))
    if "\ud800" <= found[0] <= "\udfff":
        raise UnusableCell(_("holds bytes that are no text"))
    raise UnusableCell(_("holds a control character (U+%(code)s)") % {"code": f"{ord(found[0]):04X}"})

"""Values that people give about complaints, checked: texts within limits, choices, moments."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from guanxi.core import clock
from guanxi.core.errors import InvalidInput

LONGEST = 20_000
# Clocks of browsers differ a little from ours.
AHEAD = timedelta(minutes=5)


def text(value: Any, column: str, *, limit: int = LONGEST, is_needed: str = "") -> str:
    """A text without what cannot be stored; InvalidInput says `is_needed` where nothing is left."""
    words = str(value or "").replace("\x00", "").strip()
    if len(words) > limit:
        raise InvalidInput(_("At most %(limit)s characters can be kept here.") % {"limit": limit}, column=column)
    if not words and is_needed:
        raise InvalidInput(is_needed, column=column)
    return words


def choice(value: Any, allowed: Sequence[str], column: str) -> str:
    """One of the choices."""
    if value not in allowed:
        raise InvalidInput(_("“%(value)s” is not one of the choices.") % {"value": str(value)[:40]}, column=column)
    return str(value)


def past(value: datetime | None, column: str, *, since: datetime | None = None) -> datetime:
    """A moment that has come, and not before `since`; now where none is given."""
    now = clock.now()
    if value is None:
        return now
    if value > now + AHEAD:
        raise InvalidInput(_("This lies in the future."), column=column)
    if since is not None and value < since - AHEAD:
        raise InvalidInput(_("This lies before the complaint was opened."), column=column)
    return value


def row(model: Any, value: Any, column: str) -> Any:
    """A row in use that a value names; None for nothing."""
    if value in (None, ""):
        return None
    key = getattr(value, "pk", value)
    found = model.objects.filter(pk=key).first() if str(key).isdecimal() else None
    if found is None or not getattr(found, "is_active", True):
        raise InvalidInput(_("“%(value)s” is not one of the choices.") % {"value": str(value)[:40]}, column=column)
    return found

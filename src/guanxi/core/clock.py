"""The time, in one place."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

# Days beyond these have no midnight in some zone, or no day after them.
FIRST_DAY, LAST_DAY = date(2, 1, 1), date(9998, 12, 30)

# Of what is told afterwards, when it happened; None while what happens, happens now.
_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The moment, aware, in UTC."""
    return _told.get() or timezone.now()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let what is done meanwhile, in this thread, happen at a moment that has passed: a history is told through services.

    Nothing else does it: what users and workers do, happens now.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment has a time zone")
    token = _told.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(token)


@lru_cache(maxsize=1)
def company_zone() -> ZoneInfo:
    """The company's time zone."""
    return ZoneInfo(settings.TIME_ZONE)


def day_named(text: str) -> date | None:
    """The day that an address names (YYYY-MM-DD); None for anything else, and for days with which nothing can be reckoned."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def today() -> date:
    """The company's date."""
    return now().astimezone(company_zone()).date()

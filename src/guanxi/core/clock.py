"""The time, in one place."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """The moment, aware, in UTC."""
    return timezone.now()


@lru_cache(maxsize=1)
def company_zone() -> ZoneInfo:
    """The company's time zone."""
    return ZoneInfo(settings.TIME_ZONE)


def today() -> date:
    """The company's date."""
    return now().astimezone(company_zone()).date()

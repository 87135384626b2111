"""When a task comes again: the clock on the wall stays the same, months keep their day as far as they have it."""

import calendar as month_lengths
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from guanxi.core import calendars
from guanxi.tasks.choices import Repeat

_STEPS = {Repeat.DAILY: timedelta(days=1), Repeat.WEEKLY: timedelta(days=7)}
_MOST = 4_000


def next_moment(due_at: datetime, repeat: str, *, after: datetime) -> datetime:
    """The first moment of the series that lies after `due_at` and after `after`."""
    zone = ZoneInfo(settings.TIME_ZONE)
    first = due_at.astimezone(zone)
    calendar = calendars.load() if repeat == Repeat.WORKING_DAY else None
    for number in range(1, _MOST):
        moment = _step(first, repeat, number, zone)
        if moment <= after:
            continue
        if calendar is None or _is_working_day(calendar, moment):
            return moment
    raise ValueError("no date of the series lies ahead")


def before(moment: datetime, lead: timedelta, zone: ZoneInfo) -> datetime:
    """A moment some time before another: days by the clock on the wall, hours and minutes as they pass."""
    days, rest = timedelta(days=lead.days), timedelta(seconds=lead.seconds)
    if lead < timedelta(0):
        days, rest = timedelta(0), lead
    return (moment.astimezone(zone) - days).astimezone(UTC) - rest


def lead_of(due_at: datetime, remind_at: datetime, zone: ZoneInfo) -> timedelta:
    """How long before it was due a reminder came, so that `before` gives it back: whole days by the clock on the wall."""
    days = (due_at.astimezone(zone).replace(tzinfo=None) - remind_at.astimezone(zone).replace(tzinfo=None)).days
    whole = timedelta(days=max(0, days))
    return whole + (before(due_at, whole, zone) - remind_at)


def reminder_of_next(next_due_at: datetime, due_at: datetime, remind_at: datetime) -> datetime:
    """When to remind of the next one of a series: as long before as of the one before it."""
    zone = ZoneInfo(settings.TIME_ZONE)
    return before(next_due_at, lead_of(due_at, remind_at, zone), zone)


def _step(first: datetime, repeat: str, number: int, zone: ZoneInfo) -> datetime:
    """The moment of the series by its number."""
    if repeat in (Repeat.MONTHLY, Repeat.YEARLY):
        months = first.month - 1 + number * (1 if repeat == Repeat.MONTHLY else 12)
        year, month = first.year + months // 12, months % 12 + 1
        day = min(first.day, month_lengths.monthrange(year, month)[1])
        local = first.replace(year=year, month=month, day=day, tzinfo=None)
    else:
        local = first.replace(tzinfo=None) + _STEPS.get(Repeat(repeat), timedelta(days=1)) * number
    return local.replace(tzinfo=zone)


def _is_working_day(calendar: "calendars.Calendar", moment: datetime) -> bool:
    """Whether any of the moment's date is working time."""
    begin = datetime.combine(moment.date(), time(), tzinfo=moment.tzinfo)
    return calendars.working_time_between(calendar, begin, begin + timedelta(days=1)) > timedelta(0)

"""Schedules: five-field cron expressions in the company's time zone, each making a job when it is due."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django_tasks.base import Task

from guanxi.core import clock
from guanxi.core.jobs import set_back
from guanxi.core.models.jobs import Schedule
from guanxi.core.registry import Registry

T = TypeVar("T", bound=Task[Any, Any])

_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_NAMES = {name: number for number, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES |= {name: number for number, name in enumerate(_MONTHS, start=1)}
_PART = re.compile(r"^(?:(\*)|(\w+)(?:-(\w+))?)(?:/(\d+))?$")
_LONGEST_DAYS = 366 * 8 + 2  # 29 February may be eight years away


@dataclass(frozen=True)
class Expression:
    """A parsed cron expression: minute, hour, day of month, month, weekday (Sunday is 0)."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool
    any_weekday: bool

    def next_after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The first moment after the given one that matches, in UTC.

        A time that the clock skips in spring runs when the clock goes on; one that comes twice runs once.
        """
        local = moment.astimezone(zone)
        for ahead in range(-1, _LONGEST_DAYS):
            day = (local + timedelta(days=ahead)).date()
            if not self._matches(day.day, day.month, day.isoweekday() % 7):
                continue
            for hour in self.hours:
                for minute in self.minutes:
                    due = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)
                    if due > moment:
                        return due
        raise ValueError("no date ever matches")

    def _matches(self, day: int, month: int, weekday: int) -> bool:
        """Whether a date matches; as cron has it, either day field will do when both are given."""
        if month not in self.months:
            return False
        if self.any_day or self.any_weekday:
            return day in self.days and weekday in self.weekdays
        return day in self.days or weekday in self.weekdays


@lru_cache(maxsize=256)
def parse(text: str) -> Expression:
    """Parse `minute hour day month weekday`; ValueError when it is none."""
    fields = text.lower().split()
    if len(fields) != 5:
        raise ValueError(f"a cron expression has five fields: {text!r}")
    values = [_field(field, *limits) for field, limits in zip(fields, _RANGES, strict=True)]
    return Expression(
        minutes=tuple(sorted(values[0])),
        hours=tuple(sorted(values[1])),
        days=frozenset(values[2]),
        months=frozenset(values[3]),
        weekdays=frozenset(number % 7 for number in values[4]),
        any_day=fields[2].startswith("*"),
        any_weekday=fields[4].startswith("*"),
    )


def _field(text: str, low: int, high: int) -> set[int]:
    """The numbers that one field allows."""
    found: set[int] = set()
    for part in text.split(","):
        match = _PART.match(part)
        if not match:
            raise ValueError(f"{part!r} is no part of a cron expression")
        star, first, last, step = match.groups()
        start = low if star else _number(first, low, high)
        end = high if star or (step and not last) else _number(last or first, low, high)
        if end < start or (step and int(step) < 1):
            raise ValueError(f"{part!r} is no part of a cron expression")
        found.update(range(start, end + 1, int(step or 1)))
    return found


def _number(text: str, low: int, high: int) -> int:
    """One number or name, within its limits."""
    number = _NAMES[text] if text in _NAMES else int(text)
    if not low <= number <= high:
        raise ValueError(f"{text} is not between {low} and {high}")
    return number


@dataclass(frozen=True)
class Entry:
    """One schedule of the code."""

    name: str
    expression: str
    task: Task[Any, Any]


entries: Registry[Entry] = Registry("cron schedules")


def cron(name: str, expression: str) -> Callable[[T], T]:
    """Enqueue the task on a schedule; stands above `@task`. A run missed while nothing ran is made up for once."""
    parse(expression)

    def add(task: T) -> T:
        """Keep the schedule."""
        entries.add(name, Entry(name, expression, task))
        return task

    return add


def enqueue_due() -> int:
    """Enqueue what is due by the schedules of the code; the number of jobs made."""
    now = clock.now()
    standing = {row.name: row for row in Schedule.objects.all()}
    made = 0
    if set_back.is_set_back(list(standing.values()), now):
        set_back.bring_back(now)
        Schedule.objects.filter(last_at__gt=now).update(last_at=now)
    for entry in entries:
        row = standing.get(entry.name)
        if row is None or row.expression != entry.expression or _waits_for_nothing(row, now):
            _start(entry, now)
        elif row.next_at <= now:
            made += _run(entry, now)
    return made


def _waits_for_nothing(row: Schedule, now: datetime) -> bool:
    """Whether a schedule waits beyond its next time: the clock was set back since."""
    ahead = row.last_at is not None and row.last_at > now + set_back.TOLERANCE
    is_far = row.next_at - now > timedelta(hours=1)
    return ahead or (is_far and row.next_at > parse(row.expression).next_after(now, clock.company_zone()))


def _start(entry: Entry, now: datetime) -> None:
    """Keep a schedule that is new or has changed; it counts from now."""
    due = parse(entry.expression).next_after(now, clock.company_zone())
    Schedule.objects.update_or_create(name=entry.name, defaults={"expression": entry.expression, "next_at": due})


def _run(entry: Entry, now: datetime) -> int:
    """Enqueue the schedule's job unless another worker just did; 1 or 0."""
    with transaction.atomic():
        rows = Schedule.objects.filter(name=entry.name, next_at__lte=now)
        if connection.vendor == "postgresql":
            rows = rows.select_for_update(skip_locked=True)
        row = rows.first()
        if row is None:
            return 0
        entry.task.using(unique_key=f"cron:{entry.name}").enqueue()  # type: ignore[call-arg]
        row.last_at = now
        row.next_at = parse(entry.expression).next_after(now, clock.company_zone())
        row.save(update_fields=["last_at", "next_at"])
    return 1

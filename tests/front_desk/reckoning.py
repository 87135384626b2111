"""Clocks of a case counted second by second from what is on record, without the code that keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@dataclass(frozen=True)
class Hours:
    """The hours of the company as `program.py` sets them."""

    zone: ZoneInfo
    windows: Sequence[tuple[int, int]]
    day_off: date
    make_up: date

    def open_on(self, day: date) -> Sequence[tuple[int, int]]:
        """The windows of one day, in minutes."""
        if day == self.day_off:
            return ()
        return self.windows if day.weekday() < 5 or day == self.make_up else ()

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody works in the second that begins then."""
        local = moment.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        return any(start <= minute < end for start, end in self.open_on(local.date()))


@dataclass
class Counted:
    """One clock as counted: what it waits for, from when to when, and whether what it waited for came."""

    sort: str
    number: int
    started: datetime
    ended: datetime
    has_come: bool = True


def waits(said: Sequence[tuple[datetime, str, bool]], ended: datetime) -> list[Counted]:
    """The waits for answers up to the end of the case: a first one, and a next one whenever the customer speaks again."""
    found: list[Counted] = []
    since: datetime | None = None
    for at, direction, matters in [*said, (ended, "end", True)]:
        if direction == "in" and matters and since is None:
            since = at
        elif direction != "in" and since is not None:
            sort = "next_answer" if any(one.has_come for one in found) else "first_answer"
            number = 1 + sum(one.sort == sort for one in found)
            found.append(Counted(sort, number, since, at, has_come=direction == "out"))
            since = None
    return found


def due(
    started: datetime, amount: int, unit: str, hours: Hours, pauses: Sequence[tuple[datetime, datetime]]
) -> datetime:
    """When so many working minutes are over, or the last of so many working days closes; pauses do not count."""
    if unit == "working_minutes":
        left, moment = amount * 60, started.replace(microsecond=0)
        while left:
            left -= hours.is_open(moment) and not any(a <= moment < b for a, b in pauses)
            moment += SECOND
        return moment
    day = started.astimezone(hours.zone).date()
    while amount:
        day += DAY
        windows = hours.open_on(day)
        if windows:
            closes = datetime(day.year, day.month, day.day, tzinfo=hours.zone) + timedelta(minutes=windows[-1][1])
            amount -= not any(a < closes <= b for a, b in pauses)
    return closes


def used(started: datetime, ended: datetime, hours: Hours, pauses: Sequence[tuple[datetime, datetime]]) -> int:
    """How many working seconds passed between two moments, pauses left out."""
    moment, count = started.replace(microsecond=0), 0
    while moment < ended.replace(microsecond=0):
        count += hours.is_open(moment) and not any(a <= moment < b for a, b in pauses)
        moment += SECOND
    return count


def pauses(
    states: Sequence[tuple[datetime, str]], said: Sequence[tuple[datetime, str, bool]]
) -> list[tuple[datetime, datetime]]:
    """When the case waited for the customer, up to the customer's word; in whole seconds as all moments of clocks are."""
    found: list[tuple[datetime, datetime]] = []
    began: datetime | None = None
    for at, state in states:
        if began is not None:
            words = [spoke for spoke, way, matters in said if way == "in" and matters and began < spoke < at]
            found.append((began.replace(microsecond=0), min([*words, at]).replace(microsecond=0)))
        began = at if state == "waiting" else None
    return found

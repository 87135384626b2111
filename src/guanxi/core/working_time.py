"""Working time by table: the same answers as `calendars`, from cumulated seconds, for whoever asks thousands of times.

Moments are whole seconds since the epoch. Tables are made a local year at a time when first asked for, and kept by the
content of a calendar, so that a calendar loaded anew finds them. Tested against `calendars`, which counts span by span.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from guanxi.core.calendars import Calendar, first_moment, spans_on

# Nothing is due farther off: a calendar that needs longer has too little working time.
FARTHEST_YEARS = 12
_KEPT = 200
_DAY = timedelta(days=1)


def seconds_of(moment: datetime) -> int:
    """A moment as whole seconds since the epoch."""
    return int(moment.timestamp() // 1)


def moment_of(seconds: int) -> datetime:
    """The moment of so many seconds since the epoch, in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


@dataclass(frozen=True)
class _Year:
    """One local year: where its spans open and close, the working seconds before each, when its working days close."""

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    before: tuple[int, ...]
    total: int
    day_closes: tuple[int, ...]

    def position(self, at: int) -> int:
        """The working seconds of this year up to a moment in it."""
        index = bisect_right(self.opens, at) - 1
        if index < 0:
            return 0
        return self.before[index] + min(at, self.closes[index]) - self.opens[index]

    def moment(self, position: int) -> int:
        """The first moment at which so many (more than none) of this year's working seconds have passed."""
        index = bisect_left(self.before, position) - 1
        return self.opens[index] + position - self.before[index]


@dataclass(frozen=True)
class WorkingTime:
    """A calendar with its tables."""

    calendar: Calendar
    _years: dict[int, _Year] = field(default_factory=dict, repr=False, compare=False)

    def between(self, start: int, end: int) -> int:
        """The working seconds from one moment to one not before it."""
        first, last = self._year_of(start), self._year_of(end)
        total = self._year(last).position(end) - self._year(first).position(start)
        return total + sum(self._year(year).total for year in range(first, last))

    def after(self, start: int, amount: int) -> int | None:
        """The first moment at which so many working seconds have passed; None when the calendar never has them."""
        if amount <= 0:
            return start
        first = self._year_of(start)
        left = amount + self._year(first).position(start)
        return self._search(first, left, lambda year: year.total, lambda year, position: year.moment(position))

    def working_days_between(self, start: int, end: int) -> int:
        """How many working days close after one moment and not after a later one."""
        first, last = self._year_of(start), self._year_of(end)
        total = bisect_right(self._year(last).day_closes, end) - bisect_right(self._year(first).day_closes, start)
        return total + sum(len(self._year(year).day_closes) for year in range(first, last))

    def close_of_working_day(self, start: int, count: int) -> int | None:
        """When the first, second ... (`count`) of the working days that close after a moment closes; None: never."""
        first = self._year_of(start)
        left = count + bisect_right(self._year(first).day_closes, start)
        return self._search(
            first, left, lambda year: len(year.day_closes), lambda year, position: year.day_closes[position - 1]
        )

    def day_of(self, at: int) -> date:
        """The local date of a moment."""
        return datetime.fromtimestamp(at, self.calendar.zone).date()

    def day_ends(self, day: date) -> int:
        """When a local date is over."""
        return seconds_of(first_moment(self.calendar.zone, day + _DAY))

    def is_working_day(self, day: date) -> bool:
        """Whether any working time lies on a date."""
        return any(True for _span in spans_on(self.calendar, day))

    def _search(
        self, first: int, left: int, size: Callable[[_Year], int], pick: Callable[[_Year, int], int]
    ) -> int | None:
        """The moment that lies so far into the years from the first on."""
        for number in range(first, first + FARTHEST_YEARS + 1):
            year = self._year(number)
            if size(year) >= left:
                return pick(year, left)
            left -= size(year)
        return None

    def _year_of(self, at: int) -> int:
        """The local year of a moment."""
        return datetime.fromtimestamp(at, self.calendar.zone).year

    def _year(self, number: int) -> _Year:
        """A year's table, made when first asked for; two threads that make it at once make the same."""
        found = self._years.get(number)
        if found is None:
            found = self._years[number] = _table(self.calendar, number)
        return found


def _table(calendar: Calendar, number: int) -> _Year:
    """The table of one local year."""
    opens, closes, before, day_closes = [], [], [], []
    total = 0
    day = date(number, 1, 1)
    while day.year == number:
        closed = None
        for begins, ends in spans_on(calendar, day):
            first, closed = seconds_of(begins), seconds_of(ends)
            opens.append(first)
            closes.append(closed)
            before.append(total)
            total += closed - first
        if closed is not None:
            day_closes.append(closed)
        day += _DAY
    return _Year(tuple(opens), tuple(closes), tuple(before), total, tuple(day_closes))


def of(calendar: Calendar) -> WorkingTime:
    """The tables of a calendar; one of the same content shares them."""
    return _kept(_Content(calendar))


class _Content:
    """A calendar compared by what it says."""

    def __init__(self, calendar: Calendar) -> None:
        """Put what it says into one value."""
        self.calendar = calendar
        self.value: Hashable = (
            calendar.zone.key,
            tuple(sorted(calendar.weekly.items())),
            tuple(sorted(calendar.days.items())),
        )

    def __hash__(self) -> int:
        """By content."""
        return hash(self.value)

    def __eq__(self, other: object) -> bool:
        """By content."""
        return isinstance(other, _Content) and self.value == other.value


@lru_cache(maxsize=_KEPT)
def _kept(content: _Content) -> WorkingTime:
    """One set of tables for each content."""
    return WorkingTime(content.calendar)

"""From the spans in which a clock ran to the moment it is due: in working time, around the clock, or in days.

Moments are whole seconds since the epoch. Time is counted from the first moment of a span up to its last; an end of a
day counts when the clock runs at that very moment. The day on which a clock starts does not count, as Chinese law has
it (民法典 art. 201), and a calendar day that ends a term may be moved to the next working day (art. 203).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from guanxi.core.working_time import WorkingTime
from guanxi.service.clocks.choices import DAYS, Unit

# So many days off in a row at the end of a term, and there is no next working day.
MOST_DAYS_OFF = 400


@dataclass(frozen=True)
class Target:
    """How much time there is for something, which share is over when the clock turns amber, what lets it stand."""

    amount: int
    unit: Unit = Unit.WORKING_MINUTES
    warn_percent: int = 75
    # Codes of the states in which the clock stands.
    pauses: frozenset[str] = frozenset({"waiting"})


@dataclass(frozen=True)
class Run:
    """A span in which a clock runs; without an end it runs on."""

    begins: int
    ends: int | None = None


class Measure(Protocol):
    """A way of counting seconds."""

    def between(self, start: int, end: int) -> int:
        """The seconds that count from one moment to one not before it."""

    def after(self, start: int, amount: int) -> int | None:
        """The first moment at which so many have passed; None when they never do."""


class _Elapsed:
    """Every second counts."""

    def between(self, start: int, end: int) -> int:
        """Plain seconds."""
        return end - start

    def after(self, start: int, amount: int) -> int | None:
        """Plain seconds."""
        return start + max(amount, 0)


_ELAPSED = _Elapsed()


def measure_of(target: Target, time: WorkingTime) -> Measure:
    """The seconds by which a target's progress is told: working seconds, or all."""
    return time if target.unit in (Unit.WORKING_MINUTES, Unit.WORKING_DAYS) else _ELAPSED


def consumed(measure: Measure, runs: Sequence[Run], until: int) -> int:
    """The seconds that counted up to a moment."""
    total = 0
    for run in runs:
        ends = until if run.ends is None else min(run.ends, until)
        if run.begins < ends:
            total += measure.between(run.begins, ends)
    return total


def reached(measure: Measure, runs: Sequence[Run], amount: int) -> int | None:
    """The first moment at which so many seconds have counted; None while the clock stands, or never."""
    left = max(amount, 0)
    for run in runs:
        if run.ends is None:
            return measure.after(run.begins, left)
        here = measure.between(run.begins, run.ends)
        if here >= left:
            return measure.after(run.begins, left)
        left -= here
    return None


def due(target: Target, time: WorkingTime, started: int, runs: Sequence[Run]) -> int | None:
    """The moment a clock is due; None while it stands, and for a calendar that never has the time."""
    if target.unit not in DAYS:
        return reached(measure_of(target, time), runs, target.amount * 60)
    counted = _after_first_day(time, started, runs)
    if target.unit == Unit.WORKING_DAYS:
        return _close_of(time, counted, target.amount)
    found = _end_of_day(time, counted, target.amount)
    if target.unit == Unit.DAYS_ROLLED:
        further = 0
        while found is not None and not time.is_working_day(time.day_of(found - 1)):
            further += 1
            if further > MOST_DAYS_OFF:
                return None
            found = _end_of_day(time, counted, target.amount + further)
    return found


def whole(target: Target, time: WorkingTime, runs: Sequence[Run], due_at: int | None) -> int | None:
    """The seconds that a clock has in all; None while they cannot be told."""
    if target.unit not in DAYS:
        return target.amount * 60
    return None if due_at is None else consumed(measure_of(target, time), runs, due_at)


def days_consumed(target: Target, time: WorkingTime, started: int, runs: Sequence[Run], until: int) -> int:
    """The days of a target in days that are over at a moment."""
    total = 0
    for run in _after_first_day(time, started, runs):
        ends = until if run.ends is None else min(run.ends, until)
        if run.begins < ends:
            total += _days(target.unit, time, run.begins, ends)
    return total


def _after_first_day(time: WorkingTime, started: int, runs: Sequence[Run]) -> list[Run]:
    """The spans without the day on which the clock started."""
    first = time.day_ends(time.day_of(started))
    return [Run(max(run.begins, first), run.ends) for run in runs if run.ends is None or run.ends > first]


def _days(unit: Unit, time: WorkingTime, start: int, end: int) -> int:
    """How many days end after one moment and not after another."""
    if unit == Unit.WORKING_DAYS:
        return time.working_days_between(start, end)
    return (time.day_of(end) - time.day_of(start)).days


def _close_of(time: WorkingTime, runs: Sequence[Run], count: int) -> int | None:
    """When the last of so many working days closes."""
    left = count
    for run in runs:
        if run.ends is None:
            return time.close_of_working_day(run.begins, left)
        here = _days(Unit.WORKING_DAYS, time, run.begins, run.ends)
        if here >= left:
            return time.close_of_working_day(run.begins, left)
        left -= here
    return None


def _end_of_day(time: WorkingTime, runs: Sequence[Run], count: int) -> int | None:
    """When the last of so many calendar days is over."""
    left = count
    for run in runs:
        here = None if run.ends is None else _days(Unit.DAYS, time, run.begins, run.ends)
        if here is None or here >= left:
            return time.day_ends(time.day_of(run.begins) + timedelta(days=left - 1))
        left -= here
    return None

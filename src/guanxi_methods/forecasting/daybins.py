"""Counts laid out as days by bins: which days were open, how wide a bin is, what is absent and what is zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.forecasting.times import DAY, Whole, as_day_numbers, as_times, weekday_of
from guanxi_methods.frames import Vector, as_vector

# Single calls are counted by half hours unless said otherwise, the interval that centres are staffed by.
HALF_HOUR = 1800
# A bin that is absent is a zero if it usually holds no more than this: Poisson counts of mean 3 are zero in one of 20.
RARE = 3.0
# A weekday is an open one if it is there in this share of the weeks.
USUAL = 0.5
# A day with less than this share of what its weekday usually brings was closed.
HARDLY_ANY = 0.1
MOST_BINS = 1440


@dataclass(frozen=True)
class DayBins:
    """Counts of the open days.

    Attributes
    ----------
    days : ndarray of int64, shape (n_days,)
        Open days since 1970-01-01, rising.
    starts : ndarray of int64, shape (n_bins,)
        Seconds of the day at which each bin begins.
    bin_seconds : int
    counts : ndarray, shape (n_days, n_bins)
        NaN where the bin is absent.
    is_open : ndarray of bool, shape (7, n_bins)
        Whether a bin is ever there on a weekday.
    usual : ndarray of bool, shape (7,)
        Which weekdays are usually open.
    closed : ndarray of int64
        Days of usual weekdays between the first and the last that were closed.
    notes : tuple of Note
    """

    days: Whole
    starts: Whole
    bin_seconds: int
    counts: Vector
    is_open: NDArray[np.bool_]
    usual: NDArray[np.bool_]
    closed: Whole
    notes: tuple[Note, ...]

    def until(self, n_days: int) -> DayBins:
        """Return the first days alone; what a weekday's hours are is known beforehand and stays."""
        days = self.days[:n_days]
        return DayBins(
            days, self.starts, self.bin_seconds, self.counts[:n_days], self.is_open, self.usual,
            self.closed[self.closed < days[-1]], self.notes,
        )  # fmt: skip


def day_bins(
    time: Any, count: Any = None, *, bin_seconds: int | None = None, closed: Any = (), recognise: bool = True
) -> DayBins:
    """Lay counts out as days by bins.

    Parameters
    ----------
    time : array_like of moments, shape (n_rows,)
        When a bin begins; without ``count``, when each call came. Days are those of the clock on the wall.
    count : array_like, shape (n_rows,), optional
        Calls of the bin, not negative; rows of the same bin are added.
    bin_seconds : int, optional
        Width of a bin; must divide a day. By default the widest that fits all times, half an hour for single calls.
    closed : array_like of dates, optional
        Days to be left out: holidays, breakdowns.
    recognise : bool, default True
        Whether days with hardly any calls (under a tenth of what their weekday usually brings) are taken for closed.

    Returns
    -------
    DayBins

    Raises
    ------
    MethodError
        Times that fit no bin of a minute or more; a width that does not divide a day; a negative count.
    """
    moments = as_times(time, "time")
    numbers = None if count is None else as_vector(count, "count", size=moments.size)
    if numbers is not None and numbers.min() < 0:
        raise MethodError("count holds a negative number, first in row {row}", row=int(np.argmax(numbers < 0)) + 1)
    day, second = moments // DAY, moments % DAY
    width = _width(second, numbers is None, bin_seconds)
    offset = 0 if numbers is None or np.ptp(second % width) else int(second[0] % width)
    slot = (second - offset) // width
    first = int(slot.min())
    starts = (np.arange(first, int(slot.max()) + 1) * width + offset).astype(np.int64)
    days, row = np.unique(day, return_inverse=True)
    cell = row * starts.size + slot - first
    size = days.size * starts.size
    counts = np.bincount(cell, weights=numbers, minlength=size).astype(float).reshape(days.size, starts.size)
    present = np.ones(counts.shape, dtype=bool)
    if numbers is not None:
        present = np.bincount(cell, minlength=size).reshape(counts.shape) > 0
    return _open_days(days, starts, width, counts, present, as_day_numbers(closed, "closed"), recognise)


def _width(second: Whole, is_single_calls: bool, asked: int | None) -> int:
    """How many seconds a bin lasts."""
    if asked is not None:
        if isinstance(asked, bool) or not isinstance(asked, (int, np.integer)) or not 60 <= asked <= DAY or DAY % asked:
            raise MethodError(
                "bin_seconds must be a whole number of at least 60 that divides a day (86400), not {asked!r}",
                asked=asked,
            )
        return int(asked)
    if is_single_calls:
        return HALF_HOUR
    found = np.unique(second)
    width = DAY if found.size == 1 else int(np.gcd.reduce(np.diff(found)))
    if DAY % width:
        width = int(np.gcd(width, DAY))
    if DAY // width > MOST_BINS:
        raise MethodError(
            "the times fit no bins of a minute or more (they differ by {width} seconds): give bin_seconds", width=width
        )
    return width


def _open_days(
    days: Whole,
    starts: Whole,
    width: int,
    counts: Vector,
    present: NDArray[np.bool_],
    closed: Whole,
    recognise: bool,
) -> DayBins:
    """Leave closed days out, tell absent from zero, and find out which weekdays are usually open."""
    notes = []
    weekday = weekday_of(days)
    totals = counts.sum(axis=1)
    given = np.isin(days, closed)
    hardly = np.zeros(days.size, dtype=bool)
    for of_week in np.unique(weekday):
        same = (weekday == of_week) & ~given
        if recognise and same.sum() >= 3:
            hardly |= same & (totals < HARDLY_ANY * np.median(totals[same]))
    kept = ~given & ~hardly
    if hardly.any():
        notes.append(
            Note("{count} days with hardly any calls were taken for closed and left out", count=int(hardly.sum()))
        )
    if not kept.any():
        raise TooFewError("no open day is left: there is nothing to forecast from")
    days, weekday, counts, present = days[kept], weekday[kept], counts[kept], present[kept]
    weeks = (days[-1] - days[0] + 7) / 7
    usual = np.bincount(weekday, minlength=7) >= USUAL * weeks
    is_open = np.zeros((7, starts.size), dtype=bool)
    counts = np.where(present, counts, 0.0)
    for of_week in np.unique(weekday):
        same = np.flatnonzero(weekday == of_week)
        is_open[of_week] = (present[same] & (counts[same] > 0)).any(axis=0)
        is_absent = ~present[same] & (np.median(counts[same], axis=0) > RARE)
        counts[same] = np.where(is_absent, np.nan, counts[same])
    absent = int(np.isnan(counts).sum())
    if absent:
        notes.append(Note("{count} bins are absent from open days; they were not taken for zero", count=absent))
    every = np.arange(days[0], days[-1] + 1)
    return DayBins(
        days, starts, width, counts, is_open, usual, every[usual[weekday_of(every)] & ~np.isin(every, days)],
        tuple(notes),
    )  # fmt: skip


def next_days(table: DayBins, n_days: int, closed: Any = ()) -> Whole:
    """Return the days after the last that are open on usual weekdays, leaving out those named as closed."""
    shut = as_day_numbers(closed, "closed")
    # So many days always hold enough open ones, for every usual weekday comes once in seven.
    ahead = table.days[-1] + 1 + np.arange(7 * (n_days + shut.size + 1))
    usual = table.usual if table.usual.any() else np.ones(7, dtype=bool)
    found: Whole = ahead[usual[weekday_of(ahead)] & ~np.isin(ahead, shut)][:n_days]
    return found


def calendar_regressors(days: Whole, closed: Whole, usual: NDArray[np.bool_], kind: str) -> Vector:
    """Return what is known of days beforehand, shape (n_days, n_regressors).

    Parameters
    ----------
    days : ndarray of int64, shape (n_days,)
    closed : ndarray of int64
        Days of usual weekdays on which nobody answered.
    usual : ndarray of bool, shape (7,)
        Which weekdays are usually open.
    kind : {"weekday", "gap", "month"}
        Seven weekdays; with whether the last day that is usually open was closed; with the place in the month: first
        day, first two, three, five, last, last two, last four, nested so that each is a step on the one before.
    """
    columns = [weekday_of(days) == of_week for of_week in range(7)]
    if kind in ("gap", "month"):
        columns.append(np.isin(_day_before(days, usual), closed))
    if kind == "month":
        months = days.astype("datetime64[D]").astype("datetime64[M]")
        place = days - months.astype("datetime64[D]").astype(np.int64)
        left = (months + 1).astype("datetime64[D]").astype(np.int64) - days
        columns += [place < least for least in (1, 2, 3, 5)] + [left <= most for most in (1, 2, 4)]
    return np.array(columns, dtype=float).T


def _day_before(days: Whole, usual: NDArray[np.bool_]) -> Whole:
    """Return the nearest day before that is usually open."""
    if not usual.any():
        return days - 1
    back = [next(step for step in range(1, 8) if usual[(of_week - step) % 7]) for of_week in range(7)]
    return days - np.array(back)[weekday_of(days)]

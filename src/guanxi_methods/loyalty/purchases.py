"""A log of purchases, read once: who bought on which days. A customer's day is one purchase."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.frames import Vector, as_categories, as_vector

Day = dt.date | str | np.datetime64 | int


@dataclass(frozen=True)
class Purchases:
    """Purchases by customer and day, sorted by both.

    Attributes
    ----------
    ids : ndarray, shape (n_customers,)
        Customers, sorted.
    customer : ndarray of int64, shape (n_purchases,)
        Place of each purchase's customer in ``ids``.
    day : ndarray of int64, shape (n_purchases,)
        Days since 1970-01-01.
    amount : ndarray of float64, shape (n_purchases,)
        Money of the customer's day; 1 where none was given.
    end : int
        Last day that is looked at.
    kept : ndarray of bool, shape (n_rows,)
        Rows of the log that are purchases.
    row_customer : ndarray of int64, shape (number of rows kept,)
        Place of each kept row's customer in ``ids``.
    notes : tuple of Note
        What was left out.
    """

    ids: NDArray[Any]
    customer: NDArray[np.int64]
    day: NDArray[np.int64]
    amount: Vector
    end: int
    kept: NDArray[np.bool_]
    row_customer: NDArray[np.int64]
    notes: tuple[Note, ...]

    def __post_init__(self) -> None:
        """Count once what everything asks for."""
        counts = np.bincount(self.customer, minlength=self.ids.size)
        stops = np.cumsum(counts)
        object.__setattr__(self, "_counts", counts)
        object.__setattr__(self, "_first", self.day[stops - counts])
        object.__setattr__(self, "_last", self.day[stops - 1])

    @property
    def counts(self) -> NDArray[np.int64]:
        """Purchases of each customer."""
        return self._counts  # type: ignore[attr-defined]

    @property
    def first(self) -> NDArray[np.int64]:
        """Day of each customer's first purchase."""
        return self._first  # type: ignore[attr-defined]

    @property
    def last(self) -> NDArray[np.int64]:
        """Day of each customer's last purchase."""
        return self._last  # type: ignore[attr-defined]

    def count_between(self, after: Any, until: Any) -> NDArray[np.int64]:
        """Return how many purchases of each customer lie after one day (or one of each customer's) up to another."""
        low, high = (np.broadcast_to(np.asarray(edge), self.ids.shape)[self.customer] for edge in (after, until))
        inside = (self.day > low) & (self.day <= high)
        return np.bincount(self.customer[inside], minlength=self.ids.size)


def as_purchases(customer: Any, date: Any, amount: Any = None, *, at: Day | None = None) -> Purchases:
    """Read a log of purchases.

    Left out and noted: rows without a customer, rows whose amount is 0 or less (returns, gifts), rows after ``at``.

    Parameters
    ----------
    customer : array_like, shape (n_rows,)
    date : array_like of dates, shape (n_rows,)
        ``datetime64``, ``datetime.date``, text such as "2026-11-30", or whole numbers counting days since 1970-01-01.
    amount : array_like, shape (n_rows,), optional
    at : date, optional
        Last day looked at; by default the last of the log.

    Returns
    -------
    Purchases

    Raises
    ------
    MethodError
        A missing date or amount, with its row; no purchase.

    Examples
    --------
    >>> read = as_purchases(["a", "a", "b", "a"], ["2026-01-01", "2026-01-01", "2026-01-05", "2026-02-01"])
    >>> read.ids.tolist(), read.counts.tolist()
    (['a', 'b'], [2, 1])
    """
    names = as_codes(customer, "customer")
    days = as_days(date, "date", names.size)
    money = np.ones(names.size) if amount is None else as_vector(amount, "amount", size=names.size)
    is_known = names != "" if names.dtype.kind == "U" else np.ones(names.size, dtype=bool)
    is_bought = money > 0
    end = as_day(at, "at") if at is not None else None
    is_in_time = days <= end if end is not None else np.ones(names.size, dtype=bool)
    kept = is_known & is_bought & is_in_time
    told = (
        Note("{count} rows without a customer were left out", count=int((~is_known).sum())),
        Note(
            "{count} rows with an amount of 0 or less (returns, gifts) are no purchases and were left out",
            count=int((~is_bought).sum()),
        ),
        Note("{count} rows after the last day looked at were left out", count=int((~is_in_time).sum())),
    )
    notes = tuple(note for note in told if note.values["count"])
    if not kept.any():
        raise TooFewError("the log holds no purchase of a known customer up to the last day looked at")
    ids, place = np.unique(names[kept], return_inverse=True)
    earliest = int(days[kept].min())
    span = int(days[kept].max()) - earliest + 1
    keys, where = np.unique(place.astype(np.int64) * span + (days[kept] - earliest), return_inverse=True)
    sums: Vector = np.bincount(where, weights=money[kept]).astype(np.float64, copy=False)
    return Purchases(
        ids, keys // span, keys % span + earliest, sums,
        int(days[kept].max()) if end is None else end, kept, place.astype(np.int64), notes,
    )  # fmt: skip


def as_codes(values: Any, name: str) -> NDArray[Any]:
    """Return customers or products as whole numbers where they are, as text otherwise; a missing one is an empty text."""
    array = np.asarray(values)
    if array.dtype.kind in "iu" and array.ndim == 1 and array.size:
        return array
    return as_categories(values, name).astype(str)


def as_days(dates: Any, name: str, size: int | None = None) -> NDArray[np.int64]:
    """Return dates as whole days since 1970-01-01.

    Parameters
    ----------
    dates : array_like, shape (n_rows,)
        ``datetime64``, ``datetime.date``, ISO text, or whole numbers that count days already.
    name : str
        What the column is called in an error.
    size : int, optional
        How many there must be.

    Returns
    -------
    ndarray of int64

    Raises
    ------
    MethodError
        Empty, missing, no dates, another size; the row is named.

    Examples
    --------
    >>> as_days(["1970-01-02", "2011-12-09"], "date")
    array([    1, 15317])
    """
    array = dates.to_numpy() if hasattr(dates, "to_numpy") else np.asarray(dates)
    if array.size == 0:
        raise TooFewError("{name} is empty: there is nothing to measure", name=name)
    if size is not None and array.shape != (size,):
        raise MethodError("{name} holds {found} values where {size} are needed", name=name, found=array.size, size=size)
    if array.dtype.kind in "iu":
        return array.astype(np.int64, copy=False)
    if array.dtype.kind == "f":
        raise MethodError("{name} must hold dates, not fractions or missing values", name=name)
    days = _parsed(array, name)
    missing = np.isnat(days)
    if missing.any():
        raise MethodError("{name} holds a missing date, first in row {row}", name=name, row=int(np.argmax(missing)) + 1)
    return days.astype(np.int64)


def _parsed(array: NDArray[Any], name: str) -> NDArray[np.datetime64]:
    """Return dates of any writing; the first that is none is named with its row."""
    try:
        return array.astype("datetime64[D]")
    except (TypeError, ValueError):
        for row, value in enumerate(array.tolist()):
            try:
                np.datetime64(value, "D")
            except (TypeError, ValueError):
                raise MethodError(
                    "{name} must hold dates, but row {row} holds {value!r}", name=name, row=row + 1, value=str(value)
                ) from None
        raise MethodError("{name} must hold dates", name=name) from None


def as_day(date: Day, name: str) -> int:
    """Return one date as whole days since 1970-01-01."""
    return int(as_days(np.asarray([date]), name, 1)[0])

"""From a log of purchases to what the models of lifetime are told: x, t_x and T of each customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.frames import Vector, as_vector
from guanxi_methods.value.inputs import as_day, as_days
from guanxi_methods.value.purchases import customer_codes

Unit = Literal["day", "week"]
DAYS = {"day": 1, "week": 7}


@dataclass(frozen=True)
class BuyingHistory:
    """One line per customer; times in units, not rounded, from the customer's own first day.

    Attributes
    ----------
    customers : ndarray, shape (n_customers,)
        Rising; those whose first transaction is on or before the end of calibration.
    x : ndarray of int64, shape (n_customers,)
        Transactions after the first, up to the end of calibration inclusive.
    t_x : ndarray of float64, shape (n_customers,)
        From the first transaction to the last of them; 0 where there is none.
    T : ndarray of float64, shape (n_customers,)
        From the first transaction to the end of calibration.
    mean_value : ndarray of float64, shape (n_customers,)
        Mean value of those x transactions, the first left out; NaN where x is 0 or no amounts were given.
    holdout_x : ndarray of int64, shape (n_customers,)
        Transactions after the end of calibration.
    holdout_t : float
        From the end of calibration to the last day of the log, in units.
    calibration_end, last_day : datetime64[D]
    notes : tuple of Note
        Rows and customers that were left out, and why.
    """

    customers: NDArray[Any]
    x: NDArray[np.int64]
    t_x: Vector
    T: Vector
    mean_value: Vector
    holdout_x: NDArray[np.int64]
    holdout_t: float
    calibration_end: np.datetime64
    last_day: np.datetime64
    notes: tuple[Note, ...]


def buying_history(
    customers: ArrayLike,
    dates: ArrayLike,
    amounts: ArrayLike | None = None,
    *,
    unit: Unit = "week",
    calibration_end: date | str | np.datetime64 | int | None = None,
) -> BuyingHistory:
    """Sum a log of purchases up to one line per customer.

    A transaction is a customer's day: rows of one customer on one day are one. A row with a negative amount is a return
    and no purchase; a day on which exactly all that was bought is given back is no transaction either (a huge order
    cancelled minutes later is none). A purchase worth nothing counts: the figures in print for CDNOW count its 80
    orders without value. The value of a day is the sum of its amounts that are not negative: returns are left out, not
    taken off, for they may belong to an earlier day.

    Parameters
    ----------
    customers : array_like, shape (n_rows,)
        Integers or texts; a missing one is an error.
    dates : array_like, shape (n_rows,)
        datetime64, dates or texts such as 2026-12-31; the time of day is dropped. Integers count days from 1970-01-01.
    amounts : array_like, shape (n_rows,), optional
        What was paid, in any unit.
    unit : {"week", "day"}, default "week"
        What times are counted in: days / 7 or days.
    calibration_end : date, optional
        The last day the models learn from; the last day of the log unless given.

    Returns
    -------
    BuyingHistory

    Raises
    ------
    MethodError
        A missing or infinite value, columns of several lengths, an unknown unit.
    TooFewError
        No customer bought on or before the end of calibration.

    Examples
    --------
    >>> log = buying_history(
    ...     ["Li", "Li", "Ada", "Li", "Bo"],
    ...     ["2026-01-01", "2026-01-15", "2026-01-15", "2026-02-12", "2026-02-05"],
    ...     [10.0, 20.0, 5.0, 40.0, 7.0],
    ...     calibration_end="2026-01-29",
    ... )
    >>> log.customers.tolist(), log.x.tolist(), log.t_x.tolist(), log.T.tolist()
    (['Ada', 'Li'], [0, 1], [0.0, 2.0], [2.0, 4.0])
    >>> log.holdout_x.tolist(), log.holdout_t, log.mean_value.tolist()
    ([0, 1], 2.0, [nan, 20.0])
    """
    if unit not in DAYS:
        raise MethodError("unit must be day or week, not {unit!r}", unit=unit)
    codes, names = customer_codes(customers)
    days = as_days(dates, "dates", codes.size)
    values = None if amounts is None else as_vector(amounts, "amounts", size=codes.size)
    last_day = int(days.max())
    end = last_day if calibration_end is None else as_day(calibration_end, "calibration_end")
    who, when, worth, notes = _transactions(codes, days, values)
    first = np.full(names.size, np.iinfo(np.int64).max)
    np.minimum.at(first, who, when)
    is_kept = first <= end
    late = int(((first > end) & (first <= last_day)).sum())
    if late:
        notes.append(
            Note(
                "{count} customers whose first transaction is after {day} are left out",
                count=late,
                day=str(np.datetime64(end, "D")),
            )
        )
    if not is_kept.any():
        raise TooFewError("no customer bought on or before {day}", day=str(np.datetime64(end, "D")))
    is_repeat = (when > first[who]) & (when <= end)
    x = np.bincount(who[is_repeat], minlength=names.size)
    last = np.where(is_kept, first, 0)
    np.maximum.at(last, who[is_repeat], when[is_repeat])
    mean_value = np.full(names.size, np.nan)
    if worth is not None:
        spent = np.bincount(who[is_repeat], weights=worth[is_repeat], minlength=names.size)
        np.divide(spent, x, out=mean_value, where=x > 0)
    later = np.bincount(who[when > end], minlength=names.size)
    size = DAYS[unit]
    return BuyingHistory(
        customers=names[is_kept],
        x=x[is_kept].astype(np.int64),
        t_x=(last - first)[is_kept] / size,
        T=(end - first[is_kept]) / size,
        mean_value=mean_value[is_kept],
        holdout_x=later[is_kept].astype(np.int64),
        holdout_t=max(0, last_day - end) / size,
        calibration_end=np.datetime64(end, "D"),
        last_day=np.datetime64(last_day, "D"),
        notes=tuple(notes),
    )


def _transactions(
    codes: NDArray[np.int64], days: NDArray[np.int64], values: Vector | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], Vector | None, list[Note]]:
    """One row for each customer's day with a purchase, in order; what was bought on it."""
    start = int(days.min())
    span = int(days.max()) - start + 1
    key = codes * span + (days - start)
    if values is None:
        kept = np.unique(key)
        return kept // span, kept % span + start, None, []
    order = np.argsort(key, kind="stable")
    key, values = key[order], values[order]
    starts = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    bought = np.add.reduceat(np.where(values >= 0, values, 0.0), starts)
    returned = np.add.reduceat(np.where(values < 0, values, 0.0), starts)
    has_purchase = np.add.reduceat((values >= 0).astype(np.int64), starts) > 0
    is_undone = (returned < 0) & (np.abs(bought + returned) <= 1e-9 * bought)
    notes = []
    returns = int((values < 0).sum())
    if returns:
        notes.append(
            Note("{count} rows with a negative amount are returns, not purchases, and are left out", count=returns)
        )
    undone = int((is_undone & has_purchase).sum())
    if undone:
        notes.append(
            Note(
                "on {count} days a customer gave back all that was bought the same day: they are no transactions",
                count=undone,
            )
        )
    is_day = has_purchase & ~is_undone
    kept = key[starts[is_day]]
    if not kept.size:
        raise TooFewError("no row is a purchase: every amount is negative")
    return kept // span, kept % span + start, bought[is_day], notes

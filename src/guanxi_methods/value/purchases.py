"""From single transactions to one row a customer: what ABC, the pyramid and RFM are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.value.inputs import Amounts, as_amounts, as_days

# Sums of floats hold whole numbers exactly below this.
EXACT = 2**53
# Customers numbered within so many times the rows are counted straight, without sorting.
DENSE = 4


@dataclass(frozen=True)
class PurchaseSummary:
    """What each customer bought.

    Attributes
    ----------
    customers : ndarray, shape (n_customers,)
        Rising.
    last : ndarray of int64, shape (n_customers,)
        Day of the last purchase, counted from 1970-01-01; of the last return for who never bought.
    frequency : ndarray of int64, shape (n_customers,)
        Number of purchases: transactions worth nothing or more.
    monetary : ndarray of int64 or float64, shape (n_customers,)
        Sum of all amounts, returns taken off; exact where the amounts are integers.
    """

    customers: NDArray[Any]
    last: NDArray[np.int64]
    frequency: NDArray[np.int64]
    monetary: Amounts


def customer_codes(customers: ArrayLike) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Number the customers by their rising ids.

    Parameters
    ----------
    customers : array_like, shape (n_transactions,)
        Integers or texts.

    Returns
    -------
    codes : ndarray of int64, shape (n_transactions,)
    ids : ndarray, shape (n_customers,)
        Rising; ``ids[codes]`` is what was given.

    Raises
    ------
    MethodError
        Missing or empty ids.

    Examples
    --------
    >>> customer_codes([17, 4, 17])
    (array([1, 0, 1]), array([ 4, 17]))
    """
    given = np.asarray(customers)
    if given.ndim != 1 or given.size == 0:
        raise TooFewError("{name} is empty: there is nothing to measure", name="customers")
    if given.dtype.kind in "iu":
        low, high = int(given.min()), int(given.max())
        if high - low < DENSE * given.size + 1024:
            offsets = given - low
            present = np.zeros(high - low + 1, dtype=bool)
            present[offsets] = True
            if present.all():
                return offsets.astype(np.int64, copy=False), np.arange(low, high + 1, dtype=given.dtype)
            ids = np.flatnonzero(present)
            numbering = np.empty(present.size, dtype=np.int64)
            numbering[ids] = np.arange(ids.size)
            return numbering[offsets], (ids + low).astype(given.dtype)
    if given.dtype.kind == "f" and np.isnan(given).any():
        raise MethodError(
            "{name} holds a missing value, first in row {row}",
            name="customers",
            row=int(np.argmax(np.isnan(given))) + 1,
        )
    if given.dtype.kind == "O" and any(value is None or value == "" for value in given):
        row = next(place for place, value in enumerate(given, start=1) if value is None or value == "")
        raise MethodError("{name} holds a missing value, first in row {row}", name="customers", row=row)
    return _encoded(given)


def _encoded(given: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Number values by a hash table and sort the distinct ones alone: several times faster than sorting all."""
    import pyarrow as pa  # takes long to load

    try:
        encoded = pa.array(given).dictionary_encode()
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        raise MethodError("{name} must be of one kind: all numbers or all texts", name="customers") from None
    ids = np.asarray(encoded.dictionary.to_numpy(zero_copy_only=False))
    order = np.argsort(ids, kind="stable")
    place = np.empty(ids.size, dtype=np.int64)
    place[order] = np.arange(ids.size)
    return place[encoded.indices.to_numpy()], ids[order]


def sum_by_code(codes: NDArray[np.int64], amounts: Amounts, size: int) -> Amounts:
    """Return the sum of each code, exact where the amounts are integers; shape (size,)."""
    if amounts.dtype.kind == "f":
        return np.bincount(codes, weights=amounts, minlength=size)
    largest = max(abs(int(amounts.min())), abs(int(amounts.max())))
    if largest * amounts.size < EXACT or float(np.abs(amounts).sum(dtype=np.float64)) < EXACT / 2:
        return np.bincount(codes, weights=amounts, minlength=size).astype(np.int64)
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, codes, amounts)
    return sums


def total_by_customer(customers: ArrayLike, amounts: ArrayLike) -> tuple[NDArray[Any], Amounts]:
    """Return the customers, rising, and what each is worth: the sum of its amounts.

    Parameters
    ----------
    customers : array_like, shape (n_transactions,)
    amounts : array_like, shape (n_transactions,)
        Integers in minor units are summed exactly; returns are negative.

    Returns
    -------
    customers : ndarray, shape (n_customers,)
    totals : ndarray, shape (n_customers,)

    Raises
    ------
    MethodError
        Empty, missing or infinite; lengths that differ.

    Examples
    --------
    >>> total_by_customer(["b", "a", "b"], [500, 200, -100])
    (array(['a', 'b'], dtype=object), array([200, 400]))
    """
    codes, ids = customer_codes(customers)
    worth = _of_size(as_amounts(amounts, "amounts"), codes.size)
    return ids, sum_by_code(codes, worth, ids.size)


def summarise_purchases(
    customers: ArrayLike, dates: ArrayLike, amounts: ArrayLike, *, transactions: ArrayLike | None = None
) -> PurchaseSummary:
    """Sum transactions up to one row a customer.

    Parameters
    ----------
    customers : array_like, shape (n_rows,)
    dates : array_like of dates, shape (n_rows,)
        ``datetime64``, dates, or integers that count days since 1970-01-01.
    amounts : array_like, shape (n_rows,)
        Integers in minor units are summed exactly. A negative amount is a return: it lowers ``monetary`` and is no
        purchase; a gift (0) is one.
    transactions : array_like, shape (n_rows,), optional
        Rows of one customer with the same value (an invoice, a moment) are one transaction. Each row is one unless
        given.

    Returns
    -------
    PurchaseSummary

    Raises
    ------
    MethodError
        Empty, missing or infinite; lengths that differ.

    Examples
    --------
    >>> found = summarise_purchases(
    ...     ["b", "a", "b", "b"], ["2026-01-05", "2026-01-07", "2026-02-01", "2026-03-01"], [500, 200, 300, -100]
    ... )
    >>> found.customers.tolist(), found.frequency, found.monetary
    (['a', 'b'], array([1, 2]), array([200, 700]))
    >>> found.last.astype("datetime64[D]").astype(str).tolist()
    ['2026-01-07', '2026-02-01']
    """
    codes, ids = customer_codes(customers)
    worth = _of_size(as_amounts(amounts, "amounts"), codes.size)
    days = as_days(dates, "dates", codes.size)
    monetary = sum_by_code(codes, worth, ids.size)
    if transactions is not None:
        codes, days, worth = _as_transactions(codes, days, worth, transactions)
    bought = worth >= 0
    nothing = np.iinfo(np.int64).min
    frequency = np.bincount(codes, weights=bought, minlength=ids.size).astype(np.int64)
    last = np.full(ids.size, nothing)
    np.maximum.at(last, codes, np.where(bought, days, nothing))
    never = frequency == 0
    if never.any():
        returned = never[codes]
        np.maximum.at(last, codes[returned], days[returned])
    return PurchaseSummary(ids, last, frequency, monetary)


def _as_transactions(
    codes: NDArray[np.int64], days: NDArray[np.int64], worth: Amounts, transactions: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.int64], Amounts]:
    """One row for each transaction of a customer: the last day, the sum."""
    kept = np.asarray(transactions)
    if kept.dtype.kind == "M":
        kept = kept.astype(np.int64)
    marks, known = customer_codes(_of_size(kept, codes.size))
    pairs, distinct = customer_codes(codes * known.size + marks)
    latest = np.full(distinct.size, np.iinfo(np.int64).min)
    np.maximum.at(latest, pairs, days)
    return distinct // known.size, latest, sum_by_code(pairs, worth, distinct.size)


def _of_size(array: NDArray[Any], size: int) -> NDArray[Any]:
    """Refuse another length than that of the customers."""
    if array.shape != (size,):
        raise MethodError("there are {found} amounts or dates for {size} customers", found=array.size, size=size)
    return array

"""What the log says: customers, days and money of purchases, turned into numbers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.frames import as_categories

Whole = NDArray[np.int64]


def customer_codes(customer: ArrayLike, name: str = "customer") -> tuple[Whole, NDArray[Any]]:
    """Return a number for each row's customer, -1 where none is named, and the customers those numbers stand for."""
    column: NDArray[Any] = np.asarray(customer)
    if column.ndim != 1 or column.size == 0:
        raise TooFewError("{name} is empty: there is nothing to measure", name=name)
    if column.dtype.kind in "iu":
        known, codes = np.unique(column, return_inverse=True)
        return codes.astype(np.int64, copy=False), known
    if column.dtype.kind == "f":
        named = ~np.isnan(column)
    else:
        column = as_categories(column, name).astype(np.str_)
        named = column != ""
    codes = np.full(column.size, -1, dtype=np.int64)
    known, codes[named] = np.unique(column[named], return_inverse=True)
    return codes, known


def day_numbers(dates: ArrayLike, name: str, size: int) -> Whole:
    """Return dates as whole days since 1970-01-01; integers are days already."""
    column: NDArray[Any] = np.asarray(dates)
    if column.shape != (size,):
        raise MethodError(
            "{name} must hold one date for each of the {size} rows, not {found}",
            name=name,
            size=size,
            found=column.size,
        )
    if column.dtype.kind in "iu":
        return column.astype(np.int64, copy=False)
    if column.dtype.kind == "f":
        raise MethodError("{name} must hold dates, not decimal numbers", name=name)
    try:
        days = column.astype("datetime64[D]")
    except (TypeError, ValueError):
        raise MethodError(
            "{name} must hold dates such as 2026-11-30, not {kind}", name=name, kind=column.dtype
        ) from None
    if np.isnat(days).any():
        raise MethodError("{name} has no date in row {row}", name=name, row=int(np.argmax(np.isnat(days))) + 1)
    return days.astype(np.int64)


def day_number(date: dt.date | str | np.datetime64 | int, name: str) -> int:
    """Return one date as whole days since 1970-01-01."""
    return int(day_numbers(np.asarray([date]), name, 1)[0])

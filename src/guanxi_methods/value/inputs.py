"""What goes into the value methods: amounts, dates and shares, checked once and kept exact.

Money arrives as integers in minor units (cents, 分). Integers stay integers all the way: a share such as 80% is
kept as a fraction and turned into one integer threshold, so that no comparison ever meets a rounded float.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.errors import MethodError, TooFewError

Amounts = NDArray[Any]
LIMIT = 2**62  # sums must stay inside 64-bit integers, negated ones too


def as_amounts(values: ArrayLike, name: str = "values") -> Amounts:
    """Return amounts as a one-dimensional int64 or float64 array.

    Parameters
    ----------
    values : array_like, shape (n_customers,)
        Integers (minor units; exact) or floats (any unit; compared as floats).
    name : str
        What the array is called in an error.

    Returns
    -------
    ndarray of int64 or float64, shape (n_customers,)

    Raises
    ------
    MethodError
        Empty, not one-dimensional, NaN, infinite, or a sum that does not fit 64 bits; neither integers nor floats (text, booleans, Decimal).

    Examples
    --------
    >>> as_amounts([300, 200])
    array([300, 200])
    >>> as_amounts([1.0, float("nan")])
    Traceback (most recent call last):
    ...
    guanxi_methods.errors.MethodError: values holds NaN or infinity, first at position 1
    """
    array = np.asarray(values)
    if array.ndim != 1:
        raise MethodError("{name} must have one dimension, not {dimensions}", name=name, dimensions=array.ndim)
    if array.size == 0:
        raise TooFewError("{name} is empty: there is no customer to measure", name=name)
    if array.dtype.kind == "O":
        return _from_objects(array, name)
    if array.dtype.kind == "f":
        bad = np.flatnonzero(~np.isfinite(array))
        if bad.size:
            raise MethodError(
                "{name} holds NaN or infinity, first at position {position}", name=name, position=int(bad[0])
            )
        return array.astype(np.float64, copy=False)
    if array.dtype.kind not in "iu":
        raise MethodError("{name} must be integers (minor units) or floats, not {kind}", name=name, kind=array.dtype)
    largest = max(abs(int(array.min())), abs(int(array.max())))
    if largest * array.size >= LIMIT and _exact_size(array) >= LIMIT:
        raise MethodError("the sum of {name} does not fit 64-bit integers: use a larger unit", name=name)
    return array.astype(np.int64, copy=False)


def _from_objects(array: NDArray[Any], name: str) -> Amounts:
    """Refuse what numpy could not type, in words that say what to pass instead."""
    if all(isinstance(v, int) and not isinstance(v, bool) for v in array):
        raise MethodError("the sum of {name} does not fit 64-bit integers: use a larger unit", name=name)
    if any(v is None for v in array):
        position = next(i for i, v in enumerate(array) if v is None)
        raise MethodError("{name} holds a missing value, first at position {position}", name=name, position=position)
    raise MethodError("{name} must be integers (minor units) or floats: turn Decimal into minor units first", name=name)


def _exact_size(array: NDArray[Any]) -> int:
    """Return the sum of absolute values without overflow."""
    return sum(abs(int(v)) for v in array)


def exact_sum(array: Amounts) -> int | float:
    """Return the sum: exact for integers, correctly rounded pairwise for floats."""
    if array.dtype.kind == "f":
        return float(array.sum())
    low = array & 0xFFFFFFFF
    high = array >> 32
    return (int(high.sum()) << 32) + int(low.sum())


def as_share(share: str | float | Fraction | Decimal, name: str = "share") -> Fraction:
    """Return a share of the whole as an exact fraction, 0 < share <= 1.

    A float is read as it is written, so 0.8 is four fifths and not 0.8000000000000000444.

    Examples
    --------
    >>> as_share(0.8), as_share("0.05")
    (Fraction(4, 5), Fraction(1, 20))
    """
    try:
        exact = Fraction(repr(share)) if isinstance(share, float) else Fraction(share)
    except (ValueError, TypeError):
        raise MethodError("{name} must be a number between 0 and 1, not {share!r}", name=name, share=share) from None
    if not 0 < exact <= 1:
        raise MethodError("{name} must be above 0 and at most 1, not {share!r}", name=name, share=share)
    return exact


def as_rising_shares(shares: Sequence[str | float | Fraction | Decimal], name: str) -> list[Fraction]:
    """Return shares as fractions, which must rise strictly."""
    exact = [as_share(share, name) for share in shares]
    if not exact:
        raise TooFewError("{name} is empty: at least one share is needed", name=name)
    if any(later <= earlier for earlier, later in pairwise(exact)):
        raise MethodError(
            "{name} must rise strictly: {shares}", name=name, shares=", ".join(str(share) for share in shares)
        )
    return exact


def threshold(total: int | float, share: Fraction) -> int | float:
    """Return the smallest amount that is at least ``share`` of ``total``.

    For an integer ``c``, ``c < share * total`` is the same as ``c < ceil(share * total)``: one integer compares
    exactly where a float would round.

    Examples
    --------
    >>> threshold(101, Fraction(4, 5))
    81
    """
    if isinstance(total, float):
        return float(share) * total
    return -((-total * share.numerator) // share.denominator)


def as_days(dates: ArrayLike, name: str, size: int) -> NDArray[np.int64]:
    """Return dates as whole days since 1970-01-01.

    Parameters
    ----------
    dates : array_like, shape (n_customers,)
        ``datetime64``, ``datetime.date`` or integers that already count days.
    name : str
        What the array is called in an error.
    size : int
        How many there must be.

    Raises
    ------
    MethodError
        Wrong length, or a missing date.

    Examples
    --------
    >>> as_days(["1970-01-02", "2011-12-09"], "last", 2)
    array([    1, 15317])
    """
    array = np.asarray(dates)
    if array.shape != (size,):
        raise MethodError(
            "{name} must hold one date for each of the {size} customers, not shape {shape}",
            name=name,
            size=size,
            shape=array.shape,
        )
    if array.dtype.kind in "iu":
        return array.astype(np.int64, copy=False)
    try:
        days = array.astype("datetime64[D]")
    except (TypeError, ValueError):
        raise MethodError("{name} must hold dates, not {kind}", name=name, kind=array.dtype) from None
    missing = np.flatnonzero(np.isnat(days))
    if missing.size:
        raise MethodError(
            "{name} holds a missing date, first at position {position}", name=name, position=int(missing[0])
        )
    return days.astype(np.int64)


def as_day(date: dt.date | str | np.datetime64 | int, name: str) -> int:
    """Return one date as whole days since 1970-01-01."""
    return int(as_days(np.asarray([date]), name, 1)[0])

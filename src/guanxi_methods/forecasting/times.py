"""Moments as whole seconds of the clock on the wall: what comes in as text, dates or numpy's own times."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.errors import MethodError, TooFewError

Whole = NDArray[np.int64]
DAY = 86_400
ZONE = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")


def as_times(values: Any, name: str) -> Whole:
    """Return moments as seconds since 1970-01-01 of the clock on the wall.

    A zone that is written with a moment is left off: callers keep to the clock where the centre is, and a day is a day
    of that clock.

    Parameters
    ----------
    values : array_like of datetime64, datetime, date or text, shape (n_rows,)
        Text as ISO 8601, "2003-03-03 07:05"; "/" for "-" is understood, a time left off is midnight.
    name : str
        What it is called in an error.

    Returns
    -------
    ndarray of int64, shape (n_rows,)

    Raises
    ------
    MethodError
        Empty, not one-dimensional, missing or not a moment; told with its row.

    Examples
    --------
    >>> as_times(["1970-01-02", "1970/01/02 00:05", "1970-01-02T00:05:00+08:00"], "time")
    array([86400, 86700, 86700])
    """
    if hasattr(values, "to_numpy") and hasattr(values, "null_count"):
        values = values.to_numpy() if hasattr(values, "combine_chunks") else values.to_numpy(zero_copy_only=False)
    array = np.asarray(values)
    if array.ndim != 1:
        raise MethodError("{name} must have one dimension, not {dimensions}", name=name, dimensions=array.ndim)
    if array.size == 0:
        raise TooFewError("{name} is empty: there is nothing to measure", name=name)
    if array.dtype.kind == "M":
        moments = array.astype("datetime64[s]")
    elif array.dtype.kind in "OU":
        moments = _from_words(array, name)
    else:
        raise MethodError("{name} must hold moments such as 2003-03-03 07:05, not {kind}", name=name, kind=array.dtype)
    absent = np.isnat(moments)
    if absent.any():
        raise MethodError("{name} holds a missing value, first in row {row}", name=name, row=int(np.argmax(absent)) + 1)
    return moments.astype(np.int64)


def _from_words(array: NDArray[Any], name: str) -> NDArray[np.datetime64]:
    """Return texts or objects as moments: all at once where numpy knows them, else one by one."""
    if array.dtype.kind == "U":
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                return array.astype("datetime64[s]")
            except (ValueError, Warning):
                pass
    return np.array([_moment(value, name, row) for row, value in enumerate(array)], dtype="datetime64[s]")


def _moment(value: Any, name: str, row: int) -> np.datetime64:
    """Return one moment."""
    if value is None or value != value or (isinstance(value, str) and not value.strip()):
        return np.datetime64("NaT", "s")
    if isinstance(value, str):
        text = ZONE.sub("", value.strip().replace("/", "-")) if ":" in value else value.strip().replace("/", "-")
        date, _, clock = text.replace("T", " ").partition(" ")
        parts = date.split("-")
        if len(parts) == 3:
            date = "-".join(part.zfill(2) for part in parts)
        if clock.find(":") == 1:
            clock = "0" + clock
        try:
            value = dt.datetime.fromisoformat(f"{date} {clock.strip()}".strip())
        except ValueError:
            raise MethodError(
                "{name} must hold moments such as 2003-03-03 07:05, but row {row} holds {value!r}",
                name=name,
                row=row + 1,
                value=str(value),
            ) from None
    if isinstance(value, dt.datetime):
        return np.datetime64(value.replace(tzinfo=None, microsecond=0), "s")
    if isinstance(value, (dt.date, np.datetime64)):
        return np.datetime64(str(value), "s")
    raise MethodError(
        "{name} must hold moments such as 2003-03-03 07:05, but row {row} holds {value!r}",
        name=name,
        row=row + 1,
        value=str(value),
    )


def as_day_numbers(values: Any, name: str) -> Whole:
    """Return days as whole days since 1970-01-01, rising, each once; none at all is allowed.

    Examples
    --------
    >>> as_day_numbers(["1970-01-03", "1970-01-02"], "closed")
    array([1, 2])
    """
    if len(values) == 0:
        return np.empty(0, dtype=np.int64)
    found: Whole = np.unique(as_times(values, name) // DAY)
    return found


def weekday_of(days: Whole) -> Whole:
    """Return the weekday of days since 1970-01-01: 0 is Monday.

    Examples
    --------
    >>> weekday_of(np.array([0]))  # a Thursday
    array([3])
    """
    return (days + 3) % 7

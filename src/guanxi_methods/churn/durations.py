"""How long customers stayed and whether they left: read once, checked once, for every method on durations."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.errors import MethodError
from guanxi_methods.frames import Vector, as_categories, as_vector


def as_durations(duration: Any, event: Any) -> tuple[Vector, NDArray[np.bool_]]:
    """Return durations and whether each ended with the event; what cannot be one is named with its row.

    Parameters
    ----------
    duration : array_like, shape (n_customers,)
        Not negative, in any unit of time.
    event : array_like of bool or of 0 and 1, shape (n_customers,)
        1 where the customer left at that time, 0 where they were still there when last seen (censored).

    Returns
    -------
    duration : ndarray of float64
    event : ndarray of bool

    Raises
    ------
    MethodError
        Empty, missing, infinite or negative; an event that is neither 0 nor 1; two lengths.

    Examples
    --------
    >>> as_durations([6, 10], [1, 0])
    (array([ 6., 10.]), array([ True, False]))
    """
    lasted = as_vector(duration, "duration")
    negative = lasted < 0
    if negative.any():
        row = int(np.argmax(negative))
        raise MethodError("duration is negative in row {row}: {value}", row=row + 1, value=float(lasted[row]))
    return lasted, as_events(event, "event", lasted.size)


def as_events(event: Any, name: str, size: int | None = None) -> NDArray[np.bool_]:
    """Return what happened or did not as booleans; anything but 0 and 1 is named with its row."""
    flags = as_vector(event, name, size=size)
    wrong = (flags != 0) & (flags != 1)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise MethodError(
            "{name} must be 0 or 1, but row {row} holds {value}", name=name, row=row + 1, value=flags[row]
        )
    return flags == 1


def as_groups(group: Any, size: int) -> tuple[list[str], NDArray[np.int64]]:
    """Return the names of groups in their order (numbers by size, words by letter) and each row's place among them."""
    words = as_categories(group, "group")
    if words.size != size:
        raise MethodError("group holds {found} values where {size} are needed", found=words.size, size=size)
    if (words == "").any():
        raise MethodError("group holds a missing value, first in row {row}", row=int(np.argmax(words == "")) + 1)
    if "inf" in words or "-inf" in words:
        raise MethodError("group holds an infinite value")
    names = sorted(set(words.tolist()), key=_natural)
    places = {name: place for place, name in enumerate(names)}
    return names, np.array([places[word] for word in words.tolist()], dtype=np.int64)


def _natural(name: str) -> tuple[int, float, str]:
    """Sort numbers by size and before words."""
    try:
        return 0, float(name), name
    except ValueError:
        return 1, 0.0, name

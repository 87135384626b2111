"""Thresholds as they are written: .001 is one in a thousand, not the nearest binary fraction."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.errors import MethodError

Counts = NDArray[np.int64]
Threshold = str | float | Decimal | Fraction
SAFE = 2**62


def as_fraction(value: Threshold, name: str) -> Fraction:
    """Return a threshold as the fraction that its decimal says.

    Parameters
    ----------
    value : str, float, Decimal or Fraction
        Over 0 and at most 1. A float is read as Python prints it: .1 is one tenth.
    name : str
        What it is called in an error.

    Returns
    -------
    Fraction

    Raises
    ------
    MethodError
        No number, or outside.

    Examples
    --------
    >>> as_fraction(0.001, "min_support"), as_fraction(".8", "min_confidence")
    (Fraction(1, 1000), Fraction(4, 5))
    """
    try:
        exact = Fraction(repr(float(value)) if isinstance(value, (float, np.floating)) else value)
    except (TypeError, ValueError, ZeroDivisionError):
        raise MethodError(
            "{name} must be a share over 0 and at most 1, not {value!r}", name=name, value=value
        ) from None
    if isinstance(value, bool) or not 0 < exact <= 1:
        raise MethodError("{name} must be a share over 0 and at most 1, not {value!r}", name=name, value=str(value))
    return exact


def least_count(share: Fraction, whole: int) -> int:
    """Return the smallest count that is at least a share of a whole.

    Examples
    --------
    >>> least_count(Fraction(1, 1000), 9835)
    10
    """
    return math.ceil(share * whole)


def reaches(counts: Counts, wholes: Counts, share: Fraction) -> NDArray[np.bool_]:
    """Return where ``counts / wholes >= share``, by whole numbers alone.

    Examples
    --------
    >>> reaches(np.array([4, 7]), np.array([5, 9]), Fraction(4, 5))
    array([ True, False])
    """
    top, bottom = share.numerator, share.denominator
    largest = int(wholes.max(initial=0))
    if top * largest < SAFE and bottom * largest < SAFE:
        return counts * bottom >= wholes * top
    # A threshold with so many digits leaves 64 bits: Python's integers do not.
    return np.asarray(counts.astype(object) * bottom >= wholes.astype(object) * top, dtype=bool)

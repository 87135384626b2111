"""Figures of a simulation with their confidence intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A figure with its confidence interval; the bounds are NaN where there is one replication only.

    Attributes
    ----------
    value, low, high : float
    """

    value: float
    low: float
    high: float


def estimate(above: Vector, below: Vector, level: float, *, at_most: float = np.inf) -> Estimate:
    """Return a ratio of sums with its interval over units, cut at 0 and at the most it can be.

    Parameters
    ----------
    above, below : ndarray, shape (n_units,)
    level : float
    at_most : float

    Returns
    -------
    Estimate
        NaN where nothing is below, or (the bounds) where there is one unit only.

    Examples
    --------
    >>> estimate(np.array([8.0, 9.0, 7.0]), np.array([10.0, 10.0, 10.0]), 0.95)  # doctest: +ELLIPSIS
    Estimate(value=0.8, low=0.5515..., high=1.0484...)
    """
    total, n_units = float(below.sum()), below.size
    if total == 0:
        return Estimate(np.nan, np.nan, np.nan)
    ratio = float(above.sum()) / total
    if n_units < 2:
        return Estimate(ratio, np.nan, np.nan)
    apart = float(((above - ratio * below) ** 2).sum())
    error = math.sqrt(apart / (n_units * (n_units - 1))) / (total / n_units)
    half = float(stdtrit(n_units - 1, (1 + level) / 2)) * error
    return Estimate(ratio, max(0.0, ratio - half), min(at_most, ratio + half))

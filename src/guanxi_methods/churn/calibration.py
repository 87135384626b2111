"""Whether a stated probability of leaving comes true: Brier score, calibration error, and the table behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from guanxi_methods.churn.durations import as_events
from guanxi_methods.errors import MethodError
from guanxi_methods.frames import Vector, as_vector
from guanxi_methods.proportion import wilson


@dataclass(frozen=True)
class CalibrationBin:
    """Customers with about the same stated probability.

    Attributes
    ----------
    lowest, highest : float
        Stated probabilities of the bin.
    customers : int
    stated : float
        Their mean.
    observed : float
        Share that did leave.
    interval : tuple of float
        Wilson's, of ``observed``.
    """

    lowest: float
    highest: float
    customers: int
    stated: float
    observed: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class Calibration:
    """How far stated probabilities are from what happened.

    Attributes
    ----------
    error : float
        Expected calibration error.
    error_by_chance : float
        What it would be on average if every stated probability were true: with few customers the error is over 0 even
        then.
    brier : float
        Mean square of probability less outcome.
    brier_error : float
        Its standard error.
    brier_skill : float
        1 less Brier over that of stating the mean rate for everybody; 0 is no better than that.
    bins : tuple of CalibrationBin
    """

    error: float
    error_by_chance: float
    brier: float
    brier_error: float
    brier_skill: float
    bins: tuple[CalibrationBin, ...]


def calibration(probability: Any, event: Any, *, bins: int = 10, level: float = 0.95) -> Calibration:
    r"""Measure how stated probabilities compare with what happened.

    .. math::

        \mathrm{Brier} = \frac1N \sum_i (p_i - y_i)^2, \qquad
        \mathrm{ECE} = \sum_{b=1}^{B} \frac{n_b}{N} \Bigl| \frac1{n_b}\sum_{i \in b} p_i -
        \frac1{n_b}\sum_{i \in b} y_i \Bigr|

    Bins hold equally many customers by rank of :math:`p` (equal values stay together); bins of equal width, also found
    in print, leave most customers in one bin where leaving is rare. By chance alone the error of calibrated
    probabilities is about :math:`\sum_b \frac{n_b}{N} \sqrt{2 \bar v_b / (\pi n_b)}` with :math:`\bar v_b` the mean of
    :math:`p(1-p)`.

    Parameters
    ----------
    probability : array_like, shape (n_customers,)
        From 0 to 1.
    event : array_like of bool or 0 and 1, shape (n_customers,)
    bins : int, default 10
    level : float, default 0.95
        Of the bins' intervals.

    Returns
    -------
    Calibration

    Raises
    ------
    MethodError
        Probabilities outside 0 to 1; missing values; bins that are not a whole number of at least 1.

    References
    ----------
    G. W. Brier, Monthly Weather Review 78, 1950; M. P. Naeini, G. F. Cooper & M. Hauskrecht, "Obtaining well calibrated
    probabilities using Bayesian binning", AAAI 2015 (the error); bins of equal count: K. Nguyen & B. O'Connor, EMNLP
    2015.

    Examples
    --------
    >>> told = calibration([0.1, 0.1, 0.1, 0.1, 0.6, 0.6, 0.6, 0.6], [0, 0, 0, 1, 1, 1, 0, 1], bins=2)
    >>> round(told.error, 4), round(told.brier, 4)
    (0.15, 0.21)
    """
    stated = as_vector(probability, "probability")
    happened = as_events(event, "event", stated.size).astype(np.float64)
    outside = (stated < 0) | (stated > 1)
    if outside.any():
        row = int(np.argmax(outside))
        raise MethodError(
            "probability must be from 0 to 1, but row {row} holds {value}", row=row + 1, value=stated[row]
        )
    if isinstance(bins, bool) or not isinstance(bins, int) or bins < 1:
        raise MethodError("bins must be a whole number of at least 1, not {bins!r}", bins=bins)
    edges = bin_edges(stated, bins)
    slots = np.searchsorted(edges, stated, side="right")
    squares = (stated - happened) ** 2
    table, error, chance = [], 0.0, 0.0
    for slot in np.unique(slots):
        p, y = stated[slots == slot], happened[slots == slot]
        table.append(
            CalibrationBin(
                float(p.min()), float(p.max()), p.size, float(p.mean()), float(y.mean()),
                wilson(float(y.sum()), p.size, level),
            )
        )  # fmt: skip
        error += abs(float(p.sum() - y.sum())) / stated.size
        chance += p.size / stated.size * float(np.sqrt(2 / np.pi * np.mean(p * (1 - p)) / p.size))
    brier, base = float(squares.mean()), float(happened.mean())
    spread = float(squares.std(ddof=1) / np.sqrt(stated.size)) if stated.size > 1 else 0.0
    naive = base * (1 - base)
    return Calibration(error, chance, brier, spread, 1 - brier / naive if naive > 0 else 0.0, tuple(table))


def bin_edges(values: Vector, bins: int) -> Vector:
    """Return the inner borders of bins of about equal count; equal values never part."""
    cuts: Vector = np.unique(np.quantile(values, np.arange(1, bins) / bins, method="inverted_cdf"))
    # A cut is the highest value of its bin: the border lies just above it.
    return np.nextafter(cuts, np.inf)

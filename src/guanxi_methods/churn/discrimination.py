"""How well scores part those who left from those who stayed: AUC with DeLong's interval, lift by decile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfc

from guanxi_methods.churn.durations import as_events
from guanxi_methods.errors import MethodError
from guanxi_methods.frames import Vector, as_vector
from guanxi_methods.proportion import check_level, normal_quantile


@dataclass(frozen=True)
class AUC:
    """Area under the ROC curve.

    Attributes
    ----------
    value : float
        The chance that one who left scores higher than one who stayed, ties counting half.
    standard_error : float
        DeLong's.
    interval : tuple of float
        Normal, cut off at 0 and 1.
    """

    value: float
    standard_error: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class Decile:
    """One tenth of the customers, by score.

    Attributes
    ----------
    decile : int
        1 is the tenth with the highest scores.
    customers, events : float
        A tenth of all; how many of them left. Where a tie runs over a border, its events are shared out evenly, so
        that the figure does not depend on the order of the rows.
    rate : float
        events / customers.
    lift : float
        rate over the rate of all.
    cumulative_lift, cumulative_share : float
        Lift of this and the deciles before; share of all events in them.
    """

    decile: int
    customers: float
    events: float
    rate: float
    lift: float
    cumulative_lift: float
    cumulative_share: float


def auc(score: Any, event: Any, *, level: float = 0.95) -> AUC:
    r"""Area under the ROC curve with its interval.

    With :math:`m` customers who left (:math:`X`) and :math:`n` who stayed (:math:`Y`)

    .. math::

        V_{10}(X_i) = \frac1n \sum_j \psi(X_i, Y_j), \quad V_{01}(Y_j) = \frac1m \sum_i \psi(X_i, Y_j), \quad
        \widehat{A} = \overline{V_{10}}, \quad \mathrm{SE}^2 = \frac{S_{10}}{m} + \frac{S_{01}}{n}

    where :math:`\psi` is 1, 1/2 or 0 as the first is larger, the same or smaller, and :math:`S` are the variances with
    :math:`m - 1` and :math:`n - 1`. The placements come from midranks, in :math:`O(N \log N)`.

    Parameters
    ----------
    score : array_like, shape (n_customers,)
        Higher for those more likely to leave.
    event : array_like of bool or 0 and 1, shape (n_customers,)
    level : float, default 0.95

    Returns
    -------
    AUC

    Raises
    ------
    MethodError
        Missing or infinite scores; fewer than two who left or two who stayed.

    References
    ----------
    E. R. DeLong, D. M. DeLong & D. L. Clarke-Pearson, "Comparing the areas under two or more correlated receiver
    operating characteristic curves: a nonparametric approach", Biometrics 44, 1988; X. Sun & W. Xu, IEEE Signal
    Processing Letters 21, 2014 (midranks).

    Examples
    --------
    >>> area = auc([0.9, 0.8, 0.7, 0.4, 0.3, 0.2], [1, 1, 0, 1, 0, 0])
    >>> round(area.value, 4), round(area.standard_error, 4)
    (0.8889, 0.1571)
    """
    scores, left = _checked(score, event)
    v10, v01 = placements(scores, left)
    value = float(v10.mean())
    error = float(np.sqrt(v10.var(ddof=1) / v10.size + v01.var(ddof=1) / v01.size))
    return AUC(value, error, _interval(value, error, level))


def auc_difference(
    first: Any, second: Any, event: Any, *, level: float = 0.95
) -> tuple[float, float, tuple[float, float], float]:
    """Return AUC of one score less that of another on the same customers, its standard error, interval and p-value.

    DeLong's: the placements of the two scores are subtracted customer by customer, so that what they share cancels.

    Examples
    --------
    >>> difference, error, interval, p = auc_difference([4, 3, 2, 1], [1, 3, 2, 4], [1, 1, 0, 0])
    >>> difference, round(p, 4)
    (0.75, 0.0339)
    """
    one, left = _checked(first, event)
    other, _ = _checked(second, event)
    if one.size != other.size:
        raise MethodError("the scores hold {one} and {other} values: they must be of one length", one=one.size,
                          other=other.size)  # fmt: skip
    (a10, a01), (b10, b01) = placements(one, left), placements(other, left)
    difference, error = placements_difference(a10 - b10, a01 - b01)
    p = float(erfc(abs(difference) / error / np.sqrt(2))) if error > 0 else float(difference == 0)
    z = normal_quantile(level)
    return difference, error, (difference - z * error, difference + z * error), p


def placements_difference(d10: Vector, d01: Vector) -> tuple[float, float]:
    """Return the mean of differences of placements and its standard error."""
    return float(d10.mean()), float(np.sqrt(d10.var(ddof=1) / d10.size + d01.var(ddof=1) / d01.size))


def placements(scores: Vector, left: NDArray[np.bool_]) -> tuple[Vector, Vector]:
    """Return for each who left the share of stayers it scores above, for each stayer the share of leavers above it."""
    m, n = int(left.sum()), int((~left).sum())
    every = midranks(scores)
    v10 = (every[left] - midranks(scores[left])) / n
    v01 = 1 - (every[~left] - midranks(scores[~left])) / m
    return v10, v01


def midranks(values: Vector) -> Vector:
    """Return ranks from 1, equal values sharing the mean of theirs."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = counts.cumsum()
    ranks: Vector = (last - (counts - 1) / 2)[places]
    return ranks


def lift_by_decile(score: Any, event: Any, parts: int = 10) -> tuple[Decile, ...]:
    r"""Lift of each tenth of the customers, from the highest scores down.

    .. math:: \mathrm{lift}_k = \frac{\text{events in part } k \,/\, (N / 10)}{\text{all events} \,/\, N}

    Parts are exact tenths: a border may run through a customer, and through a tie, whose events are then shared out in
    proportion (the expected value of breaking the tie at random).

    Parameters
    ----------
    score, event : array_like, shape (n_customers,)
        As for :func:`auc`.
    parts : int, default 10

    Returns
    -------
    tuple of Decile

    Raises
    ------
    MethodError
        As :func:`auc`; fewer customers than parts.

    Examples
    --------
    >>> [round(part.lift, 2) for part in lift_by_decile([5, 4, 3, 2, 1, 0], [1, 1, 0, 1, 0, 0], parts=3)]
    [2.0, 1.0, 0.0]
    """
    scores, left = _checked(score, event)
    if isinstance(parts, bool) or not isinstance(parts, int) or not 2 <= parts <= scores.size:
        raise MethodError(
            "parts must be a whole number from 2 to the {size} customers, not {parts!r}", size=scores.size, parts=parts
        )
    _, places, counts = np.unique(-scores, return_inverse=True, return_counts=True)
    ends = np.concatenate([[0], counts.cumsum()])
    sums = np.concatenate([[0.0], np.bincount(places, weights=left).cumsum()])
    borders = np.arange(parts + 1) * scores.size / parts
    reached = np.interp(borders, ends, sums)
    total, each = float(left.sum()), scores.size / parts
    told = []
    for k in range(parts):
        events = float(reached[k + 1] - reached[k])
        share = float(reached[k + 1]) / total
        rate = events / each
        told.append(Decile(k + 1, each, events, rate, rate * scores.size / total, share * parts / (k + 1), share))
    return tuple(told)


def _checked(score: Any, event: Any) -> tuple[Vector, NDArray[np.bool_]]:
    """Return scores and events, at least two of either kind."""
    scores = as_vector(score, "score")
    left = as_events(event, "event", scores.size)
    events, stayed = int(left.sum()), int((~left).sum())
    if events < 2:
        raise MethodError("{count} customers left: at least 2 are needed to compare", count=events)
    if stayed < 2:
        raise MethodError("{count} customers stayed: at least 2 are needed to compare", count=stayed)
    return scores, left


def _interval(value: float, error: float, level: float) -> tuple[float, float]:
    """Return the normal interval, cut off at 0 and 1."""
    check_level(level)
    z = normal_quantile(level)
    return max(0.0, value - z * error), min(1.0, value + z * error)

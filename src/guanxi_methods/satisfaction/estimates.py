"""Means of items and what is made of them, with intervals by the influence of each respondent (delta method).

A figure made of means is as uncertain as the sum of what each respondent does to it. That sum needs no assumption about
how items hang together, allows for missing answers and for weights, and costs one pass over the answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import Vector
from guanxi_methods.satisfaction.answers import Answers, Scale

Interval = tuple[float, float]


@dataclass(frozen=True)
class Means:
    """Means of the items over those who answered each.

    Attributes
    ----------
    means : ndarray, shape (n_items,)
    answered : ndarray of int, shape (n_items,)
        How many answered.
    """

    means: Vector
    answered: Vector
    _values: Vector
    _weights: Vector
    _totals: Vector

    def influence(self, gradient: Vector) -> Vector:
        r"""Return what each respondent does to a figure whose derivative by the means is the gradient.

        .. math:: u_i = w_i \sum_j g_j \, r_{ij} (x_{ij} - m_j) \Big/ \sum_l w_l r_{lj}

        Parameters
        ----------
        gradient : ndarray, shape (n_items,)

        Returns
        -------
        ndarray, shape (n_respondents,)
        """
        deviations = self._values - self.means
        np.copyto(deviations, 0.0, where=np.isnan(deviations))
        spread: Vector = self._weights * (deviations @ (gradient / self._totals))
        return spread

    def each(self, level: float) -> list[tuple[float | None, Interval | None]]:
        """Return the standard error and the interval of every mean."""
        return [
            error_and_interval(
                float(self.means[item]), self.influence(np.eye(len(self.means))[item]), int(count), level
            )
            for item, count in enumerate(self.answered)
        ]


def item_means(answers: Answers, weights: Vector) -> Means:
    """Return the mean of each item over those who answered it.

    Raises
    ------
    MethodError
        All who answered an item have weight zero.
    """
    answered = ~np.isnan(answers.values)
    totals = weights @ answered
    if not totals.all():
        raise MethodError("all who answered {column} have weight zero", column=answers.names[int(np.argmin(totals))])
    means = (weights @ np.where(answered, answers.values, 0.0)) / totals
    # Weighted sums of equal answers leave rounding behind, which would pass for variation.
    lowest, highest = np.nanmin(answers.values, axis=0), np.nanmax(answers.values, axis=0)
    return Means(np.clip(means, lowest, highest), answered.sum(axis=0), answers.values, weights, totals)


def error_and_interval(
    estimate: float,
    influence: Vector,
    respondents: int,
    level: float,
    scale: Scale | None = None,
) -> tuple[float | None, Interval | None]:
    r"""Return the standard error and the interval of an estimate from the influence of each respondent.

    .. math:: s^2 = \frac{n}{n-1} \sum_i u_i^2, \qquad \hat\theta \pm t_{n-1} s

    An interval that reaches beyond the scale is cut there. With fewer than two respondents there is none.
    """
    if respondents < 2:
        return None, None
    error = float(np.sqrt(respondents / (respondents - 1) * np.square(influence).sum()))
    low, high = t_interval(estimate, error, respondents - 1, level)
    if scale is not None:
        low, high = max(low, scale[0]), min(high, scale[1])
    return error, (low, high)


def t_interval(estimate: float, error: float, degrees: float, level: float) -> Interval:
    """Return Student's interval."""
    from scipy.special import stdtrit  # takes long to load

    half = float(stdtrit(degrees, (1 + level) / 2)) * error
    return estimate - half, estimate + half


def p_value(estimate: float, error: float | None, degrees: float) -> float | None:
    """Return how likely an estimate at least so far from zero is where the truth is zero (t test, two-sided)."""
    from scipy.special import stdtr  # takes long to load

    if error is None:
        return None
    if error == 0.0:
        return 1.0 if estimate == 0.0 else 0.0
    return float(2 * stdtr(degrees, -abs(estimate) / error))


def missing_note(values: Vector) -> list[Note]:
    """Say how many answers are missing and what is done about them, if any are."""
    missing = int(np.isnan(values).sum())
    if not missing:
        return []
    return [
        Note(
            "{missing} of {all} answers are missing; the mean of an item is over those who answered it",
            missing=missing,
            all=values.size,
        )
    ]


def interval_note(respondents: int, error: float | None) -> list[Note]:
    """Say why there is no interval, or why it has no width."""
    if error is None:
        return [Note("there is no interval: it needs at least two respondents, not {count}", count=respondents)]
    if error == 0.0:
        return [Note("all respondents answered alike: the interval has no width and says nothing about others")]
    return []

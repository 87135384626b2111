"""How well a ranking finds those whom a treatment moves: the Qini curve and the curve of uplift."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.errors import MethodError
from guanxi_methods.experiments.means import as_treated
from guanxi_methods.frames import Vector, as_vector


@dataclass(frozen=True)
class UpliftCurve:
    """What treating the best ranked share would bring, for every share.

    Attributes
    ----------
    share : ndarray, shape (n_points,)
        Share of customers treated, from 0 to 1; a point after each distinct prediction, for equal ones have no order.
    qini : ndarray, shape (n_points,)
        Outcomes gained per treated customer of the experiment: Radcliffe's curve.
    gain : ndarray, shape (n_points,)
        Outcomes gained per customer: difference of the means among the best ranked, times their share.
    effect : float
        Both curves' end: the effect on everybody.
    qini_coefficient : float
        Area between the Qini curve and the straight line to its end; 0 for a ranking at random.
    auuc : float
        Area under ``gain``; half of ``effect`` for a ranking at random.
    """

    share: Vector
    qini: Vector
    gain: Vector
    effect: float
    qini_coefficient: float
    auuc: float


def uplift_curve(uplift: ArrayLike, treated: ArrayLike, outcome: ArrayLike) -> UpliftCurve:
    r"""Judge a ranking of customers by an experiment in which some were treated and some not.

    Among the share :math:`\varphi` that is ranked best, :math:`N_t(\varphi)` were treated with outcomes
    :math:`R_t(\varphi)` in sum, :math:`N_c(\varphi)` not, with :math:`R_c(\varphi)`:

    .. math::

        Q(\varphi) = \frac{1}{N_t(1)} \Bigl( R_t(\varphi) - R_c(\varphi) \frac{N_t(\varphi)}{N_c(\varphi)} \Bigr),
        \qquad
        U(\varphi) = \Bigl( \frac{R_t(\varphi)}{N_t(\varphi)} - \frac{R_c(\varphi)}{N_c(\varphi)} \Bigr) \varphi

        q = \int_0^1 Q\, d\varphi - \tfrac12 Q(1), \qquad \text{AUUC} = \int_0^1 U\, d\varphi

    by trapezoids. Many normalisations are in print; here all figures are outcomes per customer, so that they can be
    set against a cost. Where the best ranked hold nobody of an arm, nothing is gained yet.

    Parameters
    ----------
    uplift : array_like, shape (n_customers,)
        Predictions, made without the outcomes they are judged by.
    treated : array_like of 0 and 1, shape (n_customers,)
    outcome : array_like, shape (n_customers,)

    Returns
    -------
    UpliftCurve

    Raises
    ------
    MethodError
        Missing values, nobody in an arm.

    References
    ----------
    N. J. Radcliffe, "Using control groups to target on predicted lift", Direct Marketing Analytics Journal 1, 2007;
    P. Gutierrez & J.-Y. Gerardy, "Causal inference and uplift modelling: a review", PMLR 67, 2017, section 4.

    Examples
    --------
    >>> curve = uplift_curve([4, 3, 2, 1], [1, 0, 1, 0], [1, 0, 1, 1])
    >>> curve.qini, curve.gain, curve.qini_coefficient
    (array([0. , 0. , 0.5, 1. , 0.5]), array([0.  , 0.  , 0.5 , 0.75, 0.5 ]), 0.1875)
    """
    score = as_vector(uplift, "uplift")
    is_treated = as_treated(treated, score.size)
    y = as_vector(outcome, "outcome", size=score.size)
    order = np.argsort(-score, kind="stable")
    ends = last_of_each(score[order])
    return curve_of(ends, is_treated[order], y[order], np.ones(score.size))


def last_of_each(ordered: Vector) -> NDArray[np.int64]:
    """Return the last place of each run of equal values."""
    return np.flatnonzero(np.concatenate((ordered[1:] != ordered[:-1], [True])))


def curve_of(ends: NDArray[np.int64], is_treated: NDArray[np.bool_], y: Vector, weight: Vector) -> UpliftCurve:
    """Return the curve of customers who are ranked already, each counted so often as its weight says."""
    weight_t, weight_c = weight * is_treated, weight * ~is_treated
    n_t, n_c, r_t, r_c = (
        np.concatenate(([0.0], np.cumsum(column)[ends])) for column in (weight_t, weight_c, weight_t * y, weight_c * y)
    )
    if n_t[-1] == 0 or n_c[-1] == 0:
        raise MethodError("an arm is empty: there is nothing to compare")
    both = (n_t > 0) & (n_c > 0)
    safe_t, safe_c = np.where(both, n_t, 1.0), np.where(both, n_c, 1.0)
    share = (n_t + n_c) / (n_t[-1] + n_c[-1])
    qini = np.where(both, r_t - r_c * n_t / safe_c, 0.0) / n_t[-1]
    gain = np.where(both, r_t / safe_t - r_c / safe_c, 0.0) * share
    area = float(np.trapezoid(qini, share))
    return UpliftCurve(share, qini, gain, float(qini[-1]), area - float(qini[-1]) / 2, float(np.trapezoid(gain, share)))

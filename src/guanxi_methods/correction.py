"""Corrections for many tests: p-values that may be read beside each other."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.errors import MethodError
from guanxi_methods.frames import Vector, as_vector

Correction = Literal["holm", "bonferroni", "bh", "by", "none"]


def adjust_p_values(p_values: ArrayLike, correction: Correction = "holm", *, n_tests: int | None = None) -> Vector:
    r"""Adjust p-values for the number of tests.

    With :math:`p_{(1)} \le \dots \le p_{(k)}` of :math:`m \ge k` tests in all

    .. math::

        \text{Bonferroni: } m\,p, \qquad
        \text{Holm: } \max_{j \le i} (m - j + 1)\,p_{(j)}, \qquad
        \text{BH: } \min_{j \ge i} \tfrac{m}{j}\,p_{(j)}, \qquad
        \text{BY: BH} \times \sum_{l=1}^m \tfrac1l

    each at most 1. Bonferroni and Holm bound the chance of any false finding; BH (independent or positively dependent
    tests) and BY (any dependence) bound the expected share of false ones among the findings. Tests that were made but
    are not given (``n_tests`` larger than the number of p-values) are taken to have the larger p-values, which can
    only make the result more cautious.

    Parameters
    ----------
    p_values : array_like, shape (n,)
        Each from 0 to 1.
    correction : {"holm", "bonferroni", "bh", "by", "none"}, default "holm"
    n_tests : int, optional
        How many tests were made; as many as there are p-values unless given.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    MethodError
        A p-value outside 0 to 1; an unknown correction; fewer tests than p-values.

    References
    ----------
    S. Holm, Scandinavian Journal of Statistics 6, 1979; Y. Benjamini & Y. Hochberg, Journal of the Royal Statistical
    Society B 57, 1995; Y. Benjamini & D. Yekutieli, Annals of Statistics 29, 2001.

    Examples
    --------
    >>> adjust_p_values([0.01, 0.04, 0.03, 0.005])
    array([0.03, 0.06, 0.06, 0.02])
    >>> adjust_p_values([0.01, 0.04, 0.03, 0.005], "bh")
    array([0.02, 0.04, 0.04, 0.02])
    """
    if correction not in get_args(Correction):
        raise MethodError(
            "there is no correction {name!r}; there are: {known}",
            name=correction,
            known=", ".join(get_args(Correction)),
        )
    p = as_vector(p_values, "p_values")
    if p.min() < 0 or p.max() > 1:
        raise MethodError("p_values must lie between 0 and 1")
    m = p.size if n_tests is None else n_tests
    if m < p.size:
        raise MethodError("n_tests is {n_tests}, fewer than the {given} p-values given", n_tests=m, given=p.size)
    if correction == "none":
        return p.copy()
    if correction == "bonferroni":
        return np.minimum(1.0, p * m)
    order = np.argsort(p, kind="stable")
    place = np.arange(1, p.size + 1)
    if correction == "holm":
        stepped = np.maximum.accumulate(p[order] * (m - place + 1.0))
    else:
        factor = _harmonic(m) if correction == "by" else 1.0
        stepped = np.minimum.accumulate((p[order] * (m * factor) / place)[::-1])[::-1]
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum(1.0, stepped)
    return adjusted


def _harmonic(m: int) -> float:
    """Return the sum of 1/1 ... 1/m."""
    from scipy.special import digamma  # takes long to load

    return float(digamma(m + 1) - digamma(1))

r"""How often a customer buys who may leave after each purchase: the smaller of two counts.

A customer who stays would buy N times, negative-binomial with ``shape`` and mean ``shape * ratio`` (a Poisson process
whose rate is gamma distributed, ``ratio`` being the time ahead over the scale of the gamma). After each purchase the
customer leaves with a probability that is beta(a, b) distributed over customers, at purchase D at the latest. The
purchases made are :math:`Y = \min(N, D)` and

.. math:: P(Y \ge k) = P(N \ge k) \frac{(b)_{k-1}}{(a+b)_{k-1}}, \qquad
    E(Y) = \sum_{k \ge 1} P(Y \ge k)

All terms are positive, so that nothing cancels: the closed form through 2F1 in print divides 0 by 0 at a = 1 and
loses its digits near it.
"""

from __future__ import annotations

import numpy as np

from guanxi_methods.frames import Vector

MOST_TERMS = 1024
"""Beyond so many purchases the sum is taken by quadrature over the probability of leaving."""
SMALLEST_START = 1e-280
"""A probability of no purchase under which the sum cannot start."""
ENOUGH = 1e-15
CHUNK = 16384
NODES = 400
NODE_CHUNK = 512


def expected_purchases(shape: Vector, ratio: Vector, a: float, b: Vector) -> tuple[Vector, Vector]:
    """Return the first and second moment of the number of purchases.

    Parameters
    ----------
    shape, ratio, b : ndarray of shape (n,)
    a : float

    Returns
    -------
    mean, mean_of_squares : ndarray of shape (n,)

    Examples
    --------
    >>> mean, _ = expected_purchases(np.array([2.0]), np.array([3.0]), 1e-12, np.array([1.0]))
    >>> round(float(mean[0]), 6)
    6.0
    """
    mean, square = np.empty(shape.size), np.empty(shape.size)
    for start in range(0, shape.size, CHUNK):
        part = slice(start, start + CHUNK)
        mean[part], square[part] = _series(shape[part], ratio[part], a, b[part])
    for start in range(0, shape.size, CHUNK):
        left = np.flatnonzero(np.isnan(mean[start : start + CHUNK])) + start
        for first in range(0, left.size, NODE_CHUNK):
            rows = left[first : first + NODE_CHUNK]
            mean[rows], square[rows] = _quadrature(shape[rows], ratio[rows], a, b[rows])
    return mean, square


def _series(shape: Vector, ratio: Vector, a: float, b: Vector) -> tuple[Vector, Vector]:
    """Sum over N; NaN where it would take too many terms."""
    mean, square = np.full(shape.size, np.nan), np.full(shape.size, np.nan)
    none = np.exp(-shape * np.log1p(ratio))
    # the chances fall by ratio / (1 + ratio) from one purchase to the next, once past their mean
    terms = 36 * (1 + ratio) + 2 * shape * ratio
    rows = np.flatnonzero((none > SMALLEST_START) & (terms < MOST_TERMS))
    shape, b, chance, z = shape[rows], b[rows], none[rows], (ratio / (1 + ratio))[rows]
    stays = np.ones(rows.size)
    made, made_squares, first, second = np.zeros((4, rows.size))
    ends = a + b
    for k in range(MOST_TERMS):
        # here stand the chance that N is k + 1, that D is over k, and the moments of the smaller of D and k + 1
        chance = chance * (z * ((shape + k) / (k + 1)))
        made += stays
        made_squares += (2 * k + 1) * stays
        first += chance * made
        second += chance * made_squares
        stays = stays * ((b + k) / (ends + k))
        if k % 8 == 7:
            # the ratio of the terms that follow is at most q; the second moment grows by at most (1 + 2 / k) ** 2
            q = z * np.maximum(1.0, (shape + k + 1) / (k + 2)) * (1 + 2 / (k + 1)) ** 2
            is_done = (q < 1) & (chance * made_squares * q <= ENOUGH * second * (1 - q))
            if is_done.all():
                mean[rows], square[rows] = first, second
                break
            if np.count_nonzero(is_done) * 2 > is_done.size:
                mean[rows[is_done]], square[rows[is_done]] = first[is_done], second[is_done]
                going = ~is_done
                rows, shape, b, z, ends = rows[going], shape[going], b[going], z[going], ends[going]
                chance, stays, made, first = chance[going], stays[going], made[going], first[going]
                made_squares, second = made_squares[going], second[going]
    return mean, square


def _quadrature(shape: Vector, ratio: Vector, a: float, b: Vector) -> tuple[Vector, Vector]:
    r"""Integrate over the probability of leaving p, beta distributed, by the trapezoidal rule on its logit.

    With p known, :math:`E(Y) = (1 - M)/p` where :math:`M = (1 + p\,ratio)^{-shape}`. The straight line between the
    values at p = 0 and p = 1 is integrated exactly; what is left vanishes at both ends, however small a and b are.
    """
    from scipy.special import betaln  # takes long to load

    y, widths = _logit_grid(shape, ratio, a, b)
    p, q = 1 / (1 + np.exp(-y)), 1 / (1 + np.exp(y))
    shapes, ratios = shape[:, None], ratio[:, None]
    weights = np.exp(-a * np.logaddexp(0, -y) - b[:, None] * np.logaddexp(0, y) - betaln(a, b)[:, None]) * widths
    one_less = -np.expm1(-shapes * np.log1p(p * ratios))
    slope = -shapes * ratios * np.exp(-(shapes + 1) * np.log1p(p * ratios))
    mean_n = shape * ratio
    square_n = mean_n + shape * (shape + 1) * ratio**2
    is_tiny = p * ratios * (shapes + 1) < 1e-4
    mean_p = one_less / p
    square_p = np.where(is_tiny, square_n[:, None], 2 * (one_less / p**2 + (q / p) * slope) - mean_p)
    any_n = -np.expm1(-shape * np.log1p(ratio))
    leave = a / (a + b)
    mean = _with_line(mean_p, mean_n, any_n, leave, p, q, weights)
    square = _with_line(square_p, square_n, any_n, leave, p, q, weights)
    return mean, square


def _with_line(
    values: Vector, at_0: Vector, at_1: Vector, leave: Vector, p: Vector, q: Vector, weights: Vector
) -> Vector:
    """Integrate the straight line exactly and the rest by the weights."""
    rest = ((values - at_0[:, None] * q - at_1[:, None] * p) * weights).sum(axis=1)
    made: Vector = at_0 * (1 - leave) + at_1 * leave + rest
    return made


def _logit_grid(shape: Vector, ratio: Vector, a: float, b: Vector) -> tuple[Vector, Vector]:
    """Nodes on the logit of p wide enough that the integrand falls by e**-40 to both sides, and their distance."""
    rest = (a + 1) * (b + 1) / (a + b + 2)
    if a > 40:
        left = np.log(a / (b + 1)) - np.sqrt(80 * (1 / a + 1 / (b + 1))) - 40 / a
    else:
        bend = np.minimum(np.log(a / (b + 1)), -np.log1p(shape * ratio))
        left = bend - np.sqrt(80 / rest) - 40 / (a + 1)
    right = np.where(
        b > 40,
        np.log((a + 1) / b) + np.sqrt(80 * (1 / (a + 1) + 1 / b)) + 40 / b,
        np.maximum(np.log((a + 1) / b), 0) + np.sqrt(80 / rest) + 40 / (b + 1),
    )
    widths = (right - left) / (NODES - 1)
    return left[:, None] + widths[:, None] * np.arange(NODES), widths[:, None]


def at_least(k: Vector, shape: Vector, ratio: Vector, a: float, b: Vector) -> Vector:
    """Return the probability of at least k purchases, k of at least 1; arrays of shape (n,)."""
    from scipy.special import betainc, gammaln  # takes long to load

    stays = np.exp(gammaln(b + k - 1) - gammaln(b) + gammaln(a + b) - gammaln(a + b + k - 1))
    made: Vector = betainc(k, shape, ratio / (1 + ratio)) * stays
    return made

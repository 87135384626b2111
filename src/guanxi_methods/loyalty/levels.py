"""What a curve over levels is made of: a rising fit, levels put together into zones, a logistic slope."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.frames import Vector

STEPS = 60
# A logit beyond this says that the answers are told apart perfectly: the slope has no finite value.
SEPARATED = 30.0


def rising_fit(means: Vector, weights: Vector) -> Vector:
    r"""Return the rising (isotonic) values nearest to means, by pooling neighbours that fall.

    Minimises :math:`\sum_j w_j (m_j - y_j)^2` over :math:`m_1 \le m_2 \le \dots` (pool adjacent violators).

    Parameters
    ----------
    means, weights : ndarray, shape (n_levels,)
        Weights over 0.

    Returns
    -------
    ndarray of float64, shape (n_levels,)

    References
    ----------
    M. Ayer et al., "An empirical distribution function for sampling with incomplete information", Annals of
    Mathematical Statistics 26, 1955.

    Examples
    --------
    >>> import numpy as np
    >>> rising_fit(np.array([1.0, 3.0, 2.0, 4.0]), np.array([1.0, 1.0, 1.0, 1.0])).tolist()
    [1.0, 2.5, 2.5, 4.0]
    """
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(means.tolist(), weights.tolist(), strict=True):
        middle, mass, size = value, weight, 1
        while blocks and blocks[-1][0] >= middle:
            before, held, count = blocks.pop()
            middle = (before * held + middle * mass) / (held + mass)
            mass, size = held + mass, size + count
        blocks.append((middle, mass, size))
    return np.repeat([middle for middle, _, _ in blocks], [size for _, _, size in blocks])


def best_zones(means: Vector, weights: Vector, within: float, most: int = 3) -> tuple[int, ...]:
    r"""Put neighbouring levels together into at most ``most`` zones of rising mean loyalty.

    For each number of zones :math:`m` the partition of least squares is found by trying all of them (Fisher 1958), and
    among these the one of least

    .. math:: \mathrm{BIC} = n \ln(\mathrm{SSE} / n) + (2 m - 1) \ln n

    (``m`` means and ``m - 1`` cuts).

    Parameters
    ----------
    means, weights : ndarray, shape (n_levels,)
        Mean loyalty and number of customers of each level.
    within : float
        Sum of squares within the levels.
    most : int, default 3

    Returns
    -------
    tuple of int
        First level of each zone but the first: () for one zone.

    References
    ----------
    W. D. Fisher, "On grouping for maximum homogeneity", Journal of the American Statistical Association 53, 1958.

    Examples
    --------
    >>> import numpy as np
    >>> best_zones(np.array([1.0, 1.2, 5.0, 5.1, 9.0]), np.array([20.0] * 5), within=10.0)
    (2, 4)
    """
    starts = zone_starts(means[None], weights[None], np.array([within]), most)[0]
    return tuple(np.flatnonzero(starts).tolist())


def zone_starts(means: Vector, weights: Vector, within: Vector, most: int = 3) -> NDArray[np.bool_]:
    """Find the zones of many samples of the same levels at once; see :func:`best_zones`.

    Parameters
    ----------
    means, weights : ndarray, shape (n_samples, n_levels)
    within : ndarray, shape (n_samples,)
    most : int, default 3

    Returns
    -------
    ndarray of bool, shape (n_samples, n_levels)
        Whether a zone other than the lowest begins at the level.
    """
    samples, size = means.shape
    n = weights.sum(axis=1)
    middle = (weights * means).sum(axis=1) / n
    whole = within + (weights * (means - middle[:, None]) ** 2).sum(axis=1)
    floor = np.maximum(whole, 1e-300) * 1e-12
    mass, sums = np.zeros((samples, size + 1)), np.zeros((samples, size + 1))
    np.cumsum(weights, axis=1, out=mass[:, 1:])
    np.cumsum(weights * means, axis=1, out=sums[:, 1:])
    best = n * np.log(np.maximum(whole, floor) / n) + np.log(n)
    begins = np.zeros((samples, size), dtype=bool)
    for zones in range(2, min(most, size) + 1):
        starts = np.array(list(combinations(range(1, size), zones - 1)))
        edges = np.hstack([np.zeros((len(starts), 1), int), starts, np.full((len(starts), 1), size)])
        held, added = np.diff(mass[:, edges]), np.diff(sums[:, edges])
        middles = added / held
        rises: NDArray[np.bool_] = np.asarray((np.diff(middles) > 0).all(axis=2))
        explained = np.where(rises, (held * (middles - middle[:, None, None]) ** 2).sum(axis=2), -np.inf)
        pick = explained.argmax(axis=1)
        left = np.maximum(whole - explained[np.arange(samples), pick], floor)
        criterion = np.where(rises.any(axis=1), n * np.log(left / n) + (2 * zones - 1) * np.log(n), np.inf)
        wins = criterion < best
        best = np.where(wins, criterion, best)
        chosen = np.zeros_like(begins)
        np.put_along_axis(chosen, starts[pick], True, axis=1)
        begins[wins] = chosen[wins]
    return begins


def fractional_logit(x: Vector, y: Vector) -> tuple[Vector, NDArray[np.float64]] | None:
    r"""Return intercept and slope of :math:`E[y \mid x] = 1 / (1 + e^{-a - b x})` with their robust covariance.

    The quasi-likelihood of Papke and Wooldridge holds for any :math:`0 \le y \le 1`, shares as well as yes and no.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        ``y`` from 0 to 1.

    Returns
    -------
    coefficients : ndarray, shape (2,)
    covariance : ndarray, shape (2, 2)
        Sandwich. Both are None together where ``x`` or ``y`` does not vary or ``x`` tells ``y`` apart perfectly.

    References
    ----------
    L. E. Papke & J. M. Wooldridge, "Econometric methods for fractional response variables", Journal of Applied
    Econometrics 11, 1996.

    Examples
    --------
    >>> import numpy as np
    >>> found = fractional_logit(np.array([1.0, 1, 2, 2, 3, 3]), np.array([0.1, 0.3, 0.4, 0.6, 0.7, 0.9]))
    >>> found[0].round(3).tolist()
    [-2.773, 1.386]
    """
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    middle, spread = float(x.mean()), float(x.std())
    design = np.column_stack([np.ones(x.size), (x - middle) / spread])
    coefficients = np.array([math.log(max(y.mean(), 1e-9) / max(1 - y.mean(), 1e-9)), 0.0])
    for _ in range(STEPS):
        fitted = 1 / (1 + np.exp(-np.clip(design @ coefficients, -SEPARATED, SEPARATED)))
        weight = fitted * (1 - fitted)
        bread = design.T @ (design * weight[:, None])
        step = np.linalg.solve(bread, design.T @ (y - fitted))
        coefficients = coefficients + step
        if np.abs(design @ coefficients).max() > SEPARATED:
            return None
        if np.abs(step).max() < 1e-12:
            break
    score = design * (y - fitted)[:, None]
    inverse = np.linalg.inv(bread)
    back = np.array([[1.0, -middle / spread], [0.0, 1 / spread]])
    return back @ coefficients, back @ inverse @ (score.T @ score) @ inverse @ back.T

"""Bootstrap samples as stacked moments, and intervals from what they give."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.frames import Vector
from guanxi_methods.satisfaction.paths.derived import Moments

# So many numbers at a time: keeps the memory of large samples within some 300 MB.
AT_ONCE = 12_000_000
# Fewer samples than this are worked out one by one: then the products of all items cost more than they save.
FEW = 4
# An item whose variance is this small against the whole sample's is constant in a resample, but for rounding.
CONSTANT = 1e-12


def own_order(items: Vector) -> NDArray[np.intp]:
    """Return an order of rows that depends on the answers alone, not on where they stand in the file.

    Rows are ordered along a fixed random direction, so that what is drawn or left out by position is the same however
    a file is sorted. Rows alike in all answers may change places, which changes nothing.

    Parameters
    ----------
    items : ndarray, shape (n_rows, n_items)
        Standardised.
    """
    random = np.random.default_rng(items.shape[1])
    along = np.zeros(len(items))
    for column in items.T:
        along += random.standard_normal() * column
    return np.argsort(along, kind="stable")


def moments_of(counts: Vector, items: Vector, centres: Vector, scales: Vector) -> Moments:
    """Return the moments of samples in which each row occurs so many times.

    Parameters
    ----------
    counts : ndarray, shape (n_samples, n_rows)
    items : ndarray, shape (n_rows, n_items)
        Standardised by ``centres`` and ``scales``, which keeps the sums of squares exact.
    centres, scales : ndarray, shape (n_items,)

    Returns
    -------
    Moments
        NaN in correlations where an item is constant.
    """
    totals = counts.sum(axis=1)
    means = counts @ items / totals[:, None]
    if len(counts) < FEW:
        products = np.stack([items.T @ (items * count[:, None]) for count in counts])
    else:
        products = _weighted_products(counts, items)
    covariances = products / totals[:, None, None] - means[:, :, None] * means[:, None, :]
    covariances *= (totals / (totals - 1))[:, None, None]
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    deviations = np.sqrt(np.where(variances > CONSTANT, variances, np.nan))
    correlations = covariances / (deviations[:, :, None] * deviations[:, None, :])
    return Moments(correlations, deviations * scales, centres + means * scales)


def _weighted_products(counts: Vector, items: Vector) -> Vector:
    """Return sums of products of items over rows, each row as often as it was drawn; all samples in one multiplication.

    Shape (n_samples, n_items, n_items).
    """
    size = items.shape[1]
    one, other = np.tril_indices(size)
    step = max(1, AT_ONCE // len(one))
    sums = np.zeros((len(counts), len(one)))
    for start in range(0, len(items), step):
        part = items[start : start + step]
        sums += counts[:, start : start + step] @ (part[:, one] * part[:, other])
    products = np.empty((len(counts), size, size))
    products[:, one, other] = sums
    products[:, other, one] = sums
    return products


def resamples(rows: int, items: int, samples: int, random_state: int | None) -> Iterator[Vector]:
    """Yield how often each row is drawn, some samples at a time, each ndarray of shape (n_some, n_rows)."""
    random = np.random.default_rng(random_state)
    step = max(1, min(AT_ONCE // rows, AT_ONCE // (4 * items * items)))
    for start in range(0, samples, step):
        some = min(step, samples - start)
        drawn = random.integers(0, rows, size=(some, rows))
        drawn += np.arange(some)[:, None] * rows
        yield np.bincount(drawn.ravel(), minlength=some * rows).reshape(some, rows).astype(float)


def left_out(rows: int, items: int, most: int = 500) -> Iterator[Vector]:
    """Yield counts that leave out one row, or with many rows one of at most ``most`` groups of rows."""
    groups = min(rows, most)
    step = max(1, min(AT_ONCE // rows, AT_ONCE // (4 * items * items)))
    group = np.arange(rows) % groups
    for start in range(0, groups, step):
        yield (group != np.arange(start, min(start + step, groups))[:, None]).astype(float)


def percentile_interval(draws: Vector, level: float) -> Vector:
    """Return the interval between the percentiles of the draws, shape (2, n_figures).

    The p-th of B draws in order is taken as the p / (B + 1) quantile (Davison & Hinkley 1997, section 2.4): counting
    to B - 1 instead, as numpy does unasked, makes intervals too narrow with few draws.
    """
    tail = (1 - level) / 2
    return np.quantile(draws, [tail, 1 - tail], axis=0, method="weibull")


def bca_interval(draws: Vector, estimate: Vector, without: Vector, level: float) -> Vector:
    r"""Return bias-corrected and accelerated intervals (Efron 1987, equations 2.3 and 6.6).

    .. math::

        z_0 = \Phi^{-1}\bigl(\#\{\theta^* < \hat\theta\} / B\bigr), \qquad
        a = \frac{\sum_i (\bar\theta - \theta_{(i)})^3}{6 \{\sum_i (\bar\theta - \theta_{(i)})^2\}^{3/2}}, \qquad
        \alpha \to \Phi\Bigl(z_0 + \frac{z_0 + z_\alpha}{1 - a (z_0 + z_\alpha)}\Bigr)

    Parameters
    ----------
    draws : ndarray, shape (n_samples, n_figures)
    estimate : ndarray, shape (n_figures,)
    without : ndarray, shape (n_groups, n_figures)
        The figures with each row, or group of rows, left out.
    level : float

    Returns
    -------
    ndarray, shape (2, n_figures)
    """
    from scipy.special import ndtr, ndtri  # takes long to load, and percentiles need it not

    below = (draws < estimate).mean(axis=0) + (draws == estimate).mean(axis=0) / 2
    most = 1 - 0.5 / len(draws)
    bias = ndtri(np.clip(below, 1 - most, most))
    apart = without.mean(axis=0) - without
    spread = (apart**2).sum(axis=0)
    flat = spread <= 1e-24 * np.maximum(1, estimate**2)
    acceleration = np.where(flat, 0, (apart**3).sum(axis=0) / (6 * np.where(flat, 1, spread) ** 1.5))
    ends = []
    for tail in ((1 - level) / 2, (1 + level) / 2):
        shifted = bias + ndtri(tail)
        ends.append(ndtr(bias + shifted / (1 - acceleration * shifted)))
    return np.stack([_quantiles(draws, end) for end in ends])


def _quantiles(draws: Vector, shares: Vector) -> Vector:
    """Return for each column the quantile at its own share, draws counted as for percentiles."""
    ordered = np.sort(draws, axis=0)
    position = np.clip(shares * (len(draws) + 1) - 1, 0, len(draws) - 1)
    low = np.floor(position).astype(int)
    high = np.minimum(low + 1, len(draws) - 1)
    columns = np.arange(draws.shape[1])
    part = position - low
    made: Vector = ordered[low, columns] * (1 - part) + ordered[high, columns] * part
    return made

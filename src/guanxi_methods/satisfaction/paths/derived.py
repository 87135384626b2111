"""What follows from outer weights, for a stack of samples: loadings, paths, effects, explained variance, HTMT, index."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.frames import Vector
from guanxi_methods.satisfaction.paths.weighting import Layout, path_coefficients


@dataclass(frozen=True)
class Moments:
    """What the algorithm knows of a stack of samples.

    Attributes
    ----------
    correlations : ndarray, shape (n_samples, n_items, n_items)
    deviations : ndarray, shape (n_samples, n_items)
        Standard deviations, n - 1 in the denominator.
    means : ndarray, shape (n_samples, n_items)
        NaN where they are not known.
    """

    correlations: Vector
    deviations: Vector
    means: Vector

    def take(self, samples: NDArray[np.bool_]) -> Moments:
        """Return some of the samples."""
        return Moments(self.correlations[samples], self.deviations[samples], self.means[samples])


@dataclass(frozen=True)
class Figures:
    """Figures of a stack of samples.

    Attributes
    ----------
    weights, loadings : ndarray, shape (n_samples, n_items)
    cross_loadings : ndarray, shape (n_samples, n_items, n_constructs)
    between : ndarray, shape (n_samples, n_constructs, n_constructs)
        Construct correlations.
    paths, total, indirect : ndarray, shape (n_samples, n_constructs, n_constructs)
        From the row's construct to the column's.
    r2 : ndarray, shape (n_samples, n_constructs)
        0 for constructs that no path leads to.
    htmt : ndarray, shape (n_samples, n_constructs, n_constructs)
    index : ndarray, shape (n_samples, n_constructs)
        NaN without a scale or means.
    """

    weights: Vector
    loadings: Vector
    cross_loadings: Vector
    between: Vector
    paths: Vector
    total: Vector
    indirect: Vector
    r2: Vector
    htmt: Vector
    index: Vector


def figures(weights: Vector, moments: Moments, layout: Layout, bounds: Vector) -> Figures:
    """Return everything that follows from the weights.

    Parameters
    ----------
    weights : ndarray, shape (n_samples, n_items)
        Of the standardised items, for scores of variance 1.
    moments : Moments
    layout : Layout
    bounds : ndarray, shape (2, n_constructs)
        Lowest and highest answer, NaN where not known.

    Returns
    -------
    Figures
    """
    spread = weights[:, :, None] * layout.member
    crossed = moments.correlations @ spread
    between = spread.transpose(0, 2, 1) @ crossed
    paths = path_coefficients(between, layout.arrows)
    total = total_effects(paths)
    return Figures(
        weights=weights,
        loadings=(crossed * layout.member).sum(axis=2),
        cross_loadings=crossed,
        between=between,
        paths=paths,
        total=total,
        indirect=total - paths,
        r2=(paths * between).sum(axis=1),
        htmt=heterotrait_monotrait(moments.correlations, layout),
        index=index_100(index_weights(weights, moments.deviations, layout), moments.means, layout, bounds),
    )


def total_effects(paths: Vector) -> Vector:
    r"""Return direct and indirect effects together, :math:`\sum_{k \ge 1} B^k`; without circles the sum ends.

    Parameters
    ----------
    paths : ndarray, shape (n_samples, n_constructs, n_constructs)

    Returns
    -------
    ndarray of the same shape
    """
    total, further = paths.copy(), paths
    for _ in range(paths.shape[-1] - 2):
        further = further @ paths
        total = total + further
    return total


def heterotrait_monotrait(correlations: Vector, layout: Layout) -> Vector:
    r"""Return the heterotrait-monotrait ratio of correlations (Henseler, Ringle & Sarstedt 2015, equation 6).

    .. math::

        \mathrm{HTMT}_{ij} = \frac{\bar r_{ij}}{\sqrt{\bar r_{ii}\,\bar r_{jj}}}

    with the mean correlation between the items of two constructs over the geometric mean of the mean correlations
    within each. A construct of one item counts as 1 within, as the programs in use do. NaN where the items of a
    construct do not correlate positively with each other: then they do not measure one thing.

    Returns
    -------
    ndarray, shape (n_samples, n_constructs, n_constructs)
        1 on the diagonal.
    """
    sizes = layout.member.sum(axis=0)
    across = layout.member.T @ correlations @ layout.member / np.outer(sizes, sizes)
    sums = np.diagonal(across, axis1=1, axis2=2) * sizes**2
    within = np.where(sizes > 1, (sums - sizes) / np.maximum(sizes * (sizes - 1), 1), 1.0)
    within = np.where(within > 0, within, np.nan)
    ratio = across / np.sqrt(within[:, :, None] * within[:, None, :])
    ratio[:, np.arange(sizes.size), np.arange(sizes.size)] = 1.0
    return ratio


def index_weights(weights: Vector, deviations: Vector, layout: Layout) -> Vector:
    """Return the weights of the unstandardised items, normalised to sum 1 within each construct.

    NaN where they cancel out, shape (n_samples, n_items).
    """
    raw = weights / deviations
    sums = raw @ layout.member
    sizes = np.abs(raw) @ layout.member
    sums = np.where(np.abs(sums) > 1e-9 * sizes, sums, np.nan)
    normalised: Vector = raw / sums[:, layout.owner]
    return normalised


def index_100(normalised: Vector, means: Vector, layout: Layout, bounds: Vector) -> Vector:
    """Return each construct's mean as 0 (the lowest answer) to 100 (the highest), shape (n_samples, n_constructs)."""
    low, high = bounds
    weighted = normalised * means
    middle = np.stack([weighted[:, block].sum(axis=1) for block in layout.blocks], axis=1)
    made: Vector = (middle - low) / (high - low) * 100
    return made

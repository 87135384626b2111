"""The PLS algorithm on stacks of correlation matrices: many samples at once, each as if it were alone.

Everything the algorithm needs of the data is its correlations and, on the raw metric, the items' variances. A sample
that has converged is taken off the stack, so what comes out does not depend on what else was in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.frames import Vector
from guanxi_methods.satisfaction.paths.model import StructuralModel

Scheme = Literal["centroid", "factorial", "path"]
SCHEMES = ("centroid", "factorial", "path")
# Below this, the smallest eigenvalue of a correlation matrix says that its columns repeat each other.
SINGULAR = 1e-10
# Variance below this is rounding.
NOTHING = 1e-14


@dataclass(frozen=True)
class Layout:
    """A model as numbers.

    Attributes
    ----------
    arrows : ndarray of bool, shape (n_constructs, n_constructs)
        From the row's construct to the column's.
    member : ndarray, shape (n_items, n_constructs)
        1 where an item belongs to a construct.
    blocks : tuple of slice
        Each construct's items.
    is_b : tuple of bool
        Which constructs are of mode B.
    """

    arrows: NDArray[np.bool_]
    member: Vector
    blocks: tuple[slice, ...]
    is_b: tuple[bool, ...]

    @property
    def owner(self) -> NDArray[np.intp]:
        """Which construct each item belongs to, shape (n_items,)."""
        return self.member.argmax(axis=1)

    @classmethod
    def of(cls, model: StructuralModel) -> Layout:
        """Return a model as numbers; one item is mode A and B alike."""
        member = np.zeros((len(model.items), len(model.constructs)))
        for place, block in enumerate(model.blocks):
            member[block, place] = 1
        modes = tuple(construct.mode == "B" and len(construct.items) > 1 for construct in model.constructs)
        return cls(model.arrows, member, model.blocks, modes)


@dataclass(frozen=True)
class Weighting:
    """Outer weights of a stack of samples.

    Attributes
    ----------
    weights : ndarray, shape (n_samples, n_items)
        Of the standardised items; they give scores of variance 1.
    iterations : ndarray of int, shape (n_samples,)
    converged : ndarray of bool, shape (n_samples,)
    """

    weights: Vector
    iterations: NDArray[np.int64]
    converged: NDArray[np.bool_]


def outer_weights(
    correlations: Vector, variances: Vector | None, layout: Layout, scheme: str, tolerance: float, max_iterations: int
) -> Weighting:
    r"""Alternate inner and outer estimation until the weights stand still.

    With item correlations :math:`R`, weights :math:`w_j` of construct :math:`j` scaled to :math:`w_j' R_{jj} w_j = 1`
    and construct correlations :math:`c_{ij} = w_i' R_{ij} w_j`, the inner proxy of :math:`j` is
    :math:`z_j = \sum_i e_{ij} y_i` over its neighbours :math:`i`, and its new weights are :math:`\mathrm{cor}(x, z_j)`
    (mode A; on the raw metric times the variance) or :math:`R_{jj}^{-1} \mathrm{cor}(x, z_j)` (mode B).

    Parameters
    ----------
    correlations : ndarray, shape (n_samples, n_items, n_items)
    variances : ndarray, shape (n_samples, n_items), optional
        Given for the raw metric.
    layout : Layout
    scheme : {"centroid", "factorial", "path"}
    tolerance : float
        Largest change of a weight that counts as none.
    max_iterations : int

    Returns
    -------
    Weighting
    """
    samples, items = correlations.shape[:2]
    made = np.full((samples, items), np.nan)
    iterations = np.full(samples, max_iterations, dtype=np.int64)
    converged = np.zeros(samples, dtype=bool)
    active = np.arange(samples)
    stack, metric = correlations, variances
    inverses = _inverses(stack, layout)
    weights = _started(stack, layout)
    for step in range(1, max_iterations + 1):
        renewed = _step(weights, stack, metric, inverses, layout, scheme)
        still = np.abs(renewed - weights).max(axis=1) < tolerance
        weights = renewed
        if still.any():
            made[active[still]], iterations[active[still]] = weights[still], step
            converged[active[still]] = True
        moving = ~still & np.isfinite(renewed).all(axis=1)
        if not moving.all():
            active, stack, weights = active[moving], stack[moving], weights[moving]
            metric = None if metric is None else metric[moving]
            inverses = {place: inverse[moving] for place, inverse in inverses.items()}
        if active.size == 0:
            break
    return Weighting(_turned(made, correlations, layout), iterations, converged)


def _started(stack: Vector, layout: Layout) -> Vector:
    """Return weights to start from: all standardised items weigh alike, on either metric; signs come of it.

    Where a block cancels out, its first item stands for it.
    """
    made = _scaled(np.ones(stack.shape[:2]), stack, layout)
    for block in layout.blocks:
        void = np.isnan(made[:, block]).any(axis=1)
        made[void, block] = 0.0
        made[void, block.start] = 1.0
    return made


def _step(
    weights: Vector, stack: Vector, metric: Vector | None, inverses: dict[int, Vector], layout: Layout, scheme: str
) -> Vector:
    """Return the weights after one round of inner and outer estimation."""
    spread = weights[:, :, None] * layout.member
    with_scores = stack @ spread
    between = spread.transpose(0, 2, 1) @ with_scores
    inner = inner_weights(between, layout.arrows, scheme)
    with_proxies = ((with_scores @ inner) * layout.member).sum(axis=2)
    renewed = with_proxies if metric is None else with_proxies * metric
    for place, inverse in inverses.items():
        block = layout.blocks[place]
        renewed[:, block] = (inverse @ with_proxies[:, block, None])[:, :, 0]
    return _scaled(renewed, stack, layout)


def _scaled(weights: Vector, stack: Vector, layout: Layout) -> Vector:
    """Return weights whose scores have variance 1."""
    spread = weights[:, :, None] * layout.member
    variance = (spread * (stack @ spread)).sum(axis=1)
    # A block that cancels out, or that no neighbour correlates with, has no scale; it is found not to converge.
    deviation = np.sqrt(np.where(variance > NOTHING, variance, np.nan))
    scaled: Vector = weights / deviation[:, layout.owner]
    return scaled


def _inverses(stack: Vector, layout: Layout) -> dict[int, Vector]:
    """Return the inverse item correlations of each construct of mode B; NaN where items repeat each other."""
    made: dict[int, Vector] = {}
    for place, block in enumerate(layout.blocks):
        if layout.is_b[place]:
            made[place] = inverse_or_nan(stack[:, block, block])
    return made


def inverse_or_nan(stack: Vector) -> Vector:
    """Return the inverses of correlation matrices, NaN for those that have none; shape (n_samples, k, k)."""
    size = stack.shape[-1]
    made = np.full(stack.shape, np.nan)
    finite = np.isfinite(stack).all(axis=(1, 2))
    good = np.zeros(len(stack), dtype=bool)
    good[finite] = np.linalg.eigvalsh(stack[finite])[:, 0] > SINGULAR
    if good.any():
        made[good] = np.linalg.solve(stack[good], np.broadcast_to(np.eye(size), (int(good.sum()), size, size)))
    return made


def inner_weights(between: Vector, arrows: NDArray[np.bool_], scheme: str) -> Vector:
    """Return how much each neighbour counts in a construct's proxy.

    Parameters
    ----------
    between : ndarray, shape (n_samples, n_constructs, n_constructs)
        Construct correlations.
    arrows : ndarray of bool, shape (n_constructs, n_constructs)
    scheme : {"centroid", "factorial", "path"}
        Centroid: the sign of the correlation. Factorial: the correlation. Path: the correlation towards what a
        construct leads to, the regression coefficient of what leads to it.

    Returns
    -------
    ndarray, shape (n_samples, n_constructs, n_constructs)
        Row: the neighbour; column: the construct.
    """
    joined = arrows | arrows.T
    if scheme == "centroid":
        return np.sign(between) * joined
    if scheme == "factorial":
        return between * joined
    return between * arrows.T + path_coefficients(between, arrows)


def path_coefficients(between: Vector, arrows: NDArray[np.bool_]) -> Vector:
    """Return the regression of each construct on those that lead to it, shape (n_samples, n_constructs, n_constructs).

    Row: the origin; column: where the path leads. NaN where origins repeat each other.
    """
    made = np.zeros_like(between)
    for place in range(between.shape[1]):
        origins = np.flatnonzero(arrows[:, place])
        if origins.size == 1:
            made[:, origins[0], place] = between[:, origins[0], place]
        elif origins.size:
            inverse = inverse_or_nan(between[:, origins[:, None], origins])
            made[:, origins, place] = (inverse @ between[:, origins, place, None])[:, :, 0]
    return made


def _turned(weights: Vector, correlations: Vector, layout: Layout) -> Vector:
    """Return the weights with a construct turned round where most of its items load negatively.

    A construct and its mirror image fit equally well. Where as many items load positively as negatively it stays as
    equal weights at the start made it, as most programs leave it.
    """
    spread = weights[:, :, None] * layout.member
    loadings = (correlations @ spread * layout.member).sum(axis=2)
    votes = np.sign(loadings) @ layout.member
    return weights * np.where(votes < 0, -1.0, 1.0)[:, layout.owner]

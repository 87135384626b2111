"""Blindfolding: how well a model foretells answers that were hidden from it (Stone-Geisser Q2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import Vector
from guanxi_methods.satisfaction.paths.derived import figures
from guanxi_methods.satisfaction.paths.resampling import moments_of
from guanxi_methods.satisfaction.paths.weighting import Layout, outer_weights


@dataclass(frozen=True)
class Blindfolding:
    """What blindfolding found.

    Attributes
    ----------
    redundancy : dict of str to float
        Cross-validated redundancy Q2 of each construct of mode A that a path leads to: answers foretold from the
        constructs that lead to it.
    communality : dict of str to float
        Cross-validated communality of the same constructs with several items: answers foretold from the construct's
        own other answers.
    omission : int
        Every which answer was hidden at a time.
    notes : tuple of Note
    """

    redundancy: dict[str, float]
    communality: dict[str, float]
    omission: int
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Algorithm:
    """How the weights were found, to find them again."""

    layout: Layout
    scheme: str
    scaled: bool
    tolerance: float
    max_iterations: int


def cross_validated(items: Vector, place: int, algorithm: Algorithm, omission: int) -> tuple[float, float]:
    r"""Return cross-validated redundancy and communality of one construct.

    .. math:: Q^2 = 1 - \frac{\sum_g \sum (x - \hat x)^2}{\sum_g \sum (x - \bar x)^2}, \qquad
        \hat x_h = \lambda_h \sum_i b_{ij} y_i \quad\text{(redundancy)}, \qquad
        \hat x_h = \lambda_h y_j \quad\text{(communality)}

    In round :math:`g` every ``omission``-th answer of the block, counted down its columns, is hidden and replaced by
    the mean of the item's others; the model is estimated anew, and the hidden answer foretold. All is measured on the
    items standardised once, over all rows, so that :math:`\bar x` is the mean of the item over all rows.

    Parameters
    ----------
    items : ndarray, shape (n_rows, n_items)
        Standardised.
    place : int
        Which construct.
    algorithm : Algorithm
    omission : int

    Returns
    -------
    redundancy, communality : float
        NaN where a round finds no weights.
    """
    block = algorithm.layout.blocks[place]
    rows, width = len(items), block.stop - block.start
    truth = items[:, block]
    misses = np.zeros(2)
    for hidden in _hidden(rows, width, omission):
        kept = np.where(hidden, np.nan, truth)
        round_items = items.copy()
        round_items[:, block] = np.where(hidden, np.nanmean(kept, axis=0), kept)
        foretold = _foretold(round_items, place, algorithm)
        if foretold is None:
            return float("nan"), float("nan")
        misses += [((truth - guess)[hidden] ** 2).sum() for guess in foretold]
    told, own = (1 - misses / (truth**2).sum()).tolist()
    return told, own


def _hidden(rows: int, width: int, omission: int) -> Iterator[NDArray[np.bool_]]:
    """Yield where the answers of each round are hidden, shape (n_rows, width)."""
    place = np.arange(rows * width).reshape(width, rows).T
    for turn in range(omission):
        yield place % omission == turn


def _foretold(items: Vector, place: int, algorithm: Algorithm) -> tuple[Vector, Vector] | None:
    """Return the block of a construct as foretold by what leads to it, and by its own scores."""
    layout = algorithm.layout
    width = items.shape[1]
    moments = moments_of(np.ones((1, len(items))), items, np.zeros(width), np.ones(width))
    variances = None if algorithm.scaled else moments.deviations**2
    found = outer_weights(
        moments.correlations, variances, layout, algorithm.scheme, algorithm.tolerance, algorithm.max_iterations
    )
    if not found.converged[0]:
        return None
    given = figures(found.weights, moments, layout, np.full((2, len(layout.blocks)), np.nan))
    centres, scales = moments.means[0], moments.deviations[0]
    scores = ((items - centres) / scales) @ (found.weights[0][:, None] * layout.member)
    block = layout.blocks[place]
    loadings = given.loadings[0, block]
    return np.outer(scores @ given.paths[0, :, place], loadings), np.outer(scores[:, place], loadings)


def check_omission(omission: int, rows: int) -> int:
    """Return an omission distance that can be used: one that does not divide the number of rows.

    If it did, whole rows would be hidden instead of single answers.
    """
    if not isinstance(omission, int) or isinstance(omission, bool) or not 2 <= omission < rows:
        raise MethodError(
            "the omission distance must be a whole number from 2 to below the {rows} rows, not {omission!r}",
            rows=rows, omission=omission,
        )  # fmt: skip
    while rows % omission == 0:
        omission += 1
    return omission

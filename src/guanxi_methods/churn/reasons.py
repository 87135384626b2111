"""Why a score is what it is: exact contributions of the columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from guanxi_methods.frames import Vector

# So many rows are put through the model at a time.
BLOCK = 200_000


@dataclass(frozen=True)
class Reason:
    """What one column does to one customer's score.

    Attributes
    ----------
    column : str
    value : str
        What stands in it; "" where it is missing.
    contribution : float
        To the log odds, against customers in general: over 0 raises the probability.
    """

    column: str
    value: str
    contribution: float


def pair_shapley(score: Callable[[Vector], Vector], rows: Vector, background: Vector) -> tuple[Vector, float]:
    r"""Exact Shapley values of a score in which no more than two columns ever act together.

    With :math:`v(T)` the mean score over background rows whose columns :math:`T` are replaced by the customer's
    (interventional), the Shapley value of a game without joint effects of three and more is

    .. math:: \phi_j = \tfrac12 \bigl[v(\{j\}) - v(\emptyset) + v(N) - v(N \setminus j)\bigr]

    for a pair's joint effect enters the second difference whole and the first not at all, and Shapley's rule halves it.
    Values and the level :math:`v(\emptyset)` add up to the score.

    Parameters
    ----------
    score : callable
        Takes a matrix of shape (n, n_columns), gives n scores; at most pairwise joint effects.
    rows : ndarray, shape (n_rows, n_columns)
    background : ndarray, shape (n_background, n_columns)

    Returns
    -------
    values : ndarray, shape (n_rows, n_columns)
    level : float

    References
    ----------
    L. S. Shapley, "A value for n-person games", 1953; M. Grabisch & M. Roubens, Int. J. Game Theory 28, 1999 (k-additive
    games); S. Lundberg & S.-I. Lee, NeurIPS 2017 (interventional contributions of a model).

    Examples
    --------
    >>> values, level = pair_shapley(lambda m: m[:, 0] + m[:, 1] * m[:, 2], np.array([[3.0, 2.0, 5.0]]), np.zeros((1, 3)))
    >>> values, level
    (array([[3., 5., 5.]]), 0.0)
    """
    count, columns = rows.shape
    many = background.shape[0]
    level = float(score(background).mean())
    own = score(rows) if count else np.empty(0)
    values = np.empty((count, columns))
    step = max(1, BLOCK // many)
    for start in range(0, count, step):
        part = rows[start : start + step]
        mixed_one = np.tile(background, (len(part), 1))
        mixed_all = np.repeat(part, many, axis=0)
        for column in range(columns):
            kept_one, kept_all = mixed_one[:, column].copy(), mixed_all[:, column].copy()
            mixed_one[:, column], mixed_all[:, column] = kept_all, kept_one
            alone = score(mixed_one).reshape(len(part), many).mean(axis=1)
            without = score(mixed_all).reshape(len(part), many).mean(axis=1)
            mixed_one[:, column], mixed_all[:, column] = kept_one, kept_all
            values[start : start + step, column] = (alone - level + own[start : start + step] - without) / 2
    return values, level

"""Derived importance: how much of the differences in the overall answer each item explains, never below zero."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from math import factorial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.errors import MethodError
from guanxi_methods.frames import Vector, as_matrix

# Up to so many items every subset is looked at (4 million of them); beyond, orders of the items are sampled.
EXACT_ITEMS = 22
# So many items at a time, that a block of subsets stays in the processor's cache.
BLOCK_ITEMS = 13
# So many sampled orders of the items, each followed by its reverse.
ORDERS = 2000
# Orders from which the errors of the shares are taken; all there are, up to five items.
ORDERS_FOR_ERRORS = 256
# What of an item's variance the items before it must leave for it to count as something else than they.
LEFT_OVER = 1e-10


@dataclass(frozen=True)
class Decomposition:
    """An explained share of variance, divided among the items.

    Attributes
    ----------
    r2 : float
    contributions : ndarray, shape (n_items,)
        Not negative; they add up to r2.
    monte_carlo_error : ndarray, shape (n_items,), or None
        Standard error from sampling orders; None where every subset was looked at.
    """

    r2: float
    contributions: Vector
    monte_carlo_error: Vector | None

    @property
    def shares(self) -> Vector:
        """The contributions as shares of r2, shape (n_items,)."""
        return self.contributions / self.contributions.sum()


def lmg(
    covariance: ArrayLike, *, exact_items: int = EXACT_ITEMS, n_orders: int = ORDERS, random_state: int = 0
) -> Decomposition:
    r"""Divide R squared among items that hang together (LMG, the Shapley value of R squared).

    The contribution of item j is what it adds to R squared, averaged over all orders in which items can enter:

    .. math:: L_j = \sum_{S \not\ni j} \frac{|S|! \, (p - |S| - 1)!}{p!} \left[ R^2(S \cup j) - R^2(S) \right]

    All :math:`2^p` subsets are solved together by splitting: the first item is either left out or swept out of the
    covariance, then the second, and so on. Beyond ``exact_items`` the average is over sampled orders, each paired
    with its reverse, and its Monte Carlo standard error is told. An item that repeats others shares with them.

    Parameters
    ----------
    covariance : array_like, shape (n_items + 1, n_items + 1)
        Covariances or correlations, the outcome first.
    exact_items : int, default 22
    n_orders : int, default 2200
        How many orders are sampled beyond that.
    random_state : int, default 0

    Returns
    -------
    Decomposition

    Raises
    ------
    MethodError
        Not square and symmetric; the outcome does not vary.

    References
    ----------
    R. H. Lindeman, P. F. Merenda, R. Z. Gold, "Introduction to Bivariate and Multivariate Analysis", Scott, Foresman
    1980, p. 119 ff.; U. Groemping, "Relative importance for linear regression in R: the package relaimpo", Journal of
    Statistical Software 17(1), 2006, eq. (4); L. S. Shapley, "A value for n-person games", 1953.

    Examples
    --------
    >>> found = lmg([[1, 0.6, 0.5], [0.6, 1, 0.5], [0.5, 0.5, 1]])
    >>> round(found.r2, 4), found.contributions.round(4)
    (0.4133, array([0.2617, 0.1517]))
    """
    matrix, _ = as_matrix(covariance)
    if matrix.shape[0] != matrix.shape[1] or not np.allclose(matrix, matrix.T, rtol=1e-6):
        raise MethodError("the covariance must be square and symmetric")
    if matrix.shape[0] < 2:
        raise MethodError("the covariance must hold the outcome and at least one item")
    correlation = to_correlation(matrix)
    if len(matrix) - 1 <= exact_items:
        contributions = _exact(correlation)
        return Decomposition(float(contributions.sum()), contributions, None)
    generator = np.random.default_rng(random_state)
    pairs = _antithetic(generator, len(matrix) - 1, max(2, n_orders // 2))
    added = np.zeros((2 * pairs.shape[1], len(matrix) - 1))
    for start in range(0, pairs.shape[1], 128):
        orders = pairs[:, start : start + 128].reshape(-1, pairs.shape[2])
        size = len(orders) // 2
        gains = _gains(correlation, orders)
        added[start : start + size], added[pairs.shape[1] + start : pairs.shape[1] + start + size] = np.split(gains, 2)
    means = added.reshape(2, pairs.shape[1], -1).mean(axis=0)
    contributions = means.mean(axis=0)
    error = means.std(axis=0, ddof=1) / np.sqrt(len(means))
    return Decomposition(float(contributions.sum()), contributions, error)


def to_correlation(covariance: Vector) -> Vector:
    """Return a covariance as correlations; an item that does not vary correlates with nothing.

    Raises
    ------
    MethodError
        The outcome, first, does not vary.
    """
    variances = np.diag(covariance)
    if variances[0] <= 0:
        raise MethodError("the overall answer is the same for all: there is nothing to explain")
    deviations = np.sqrt(np.where(variances > 0, variances, np.inf))
    return covariance / np.outer(deviations, deviations)


def _exact(correlation: Vector) -> Vector:
    """Return the contributions from every subset of the items."""
    items = len(correlation) - 1
    # The outcome goes last: items are used up from the front.
    lower = min(items, BLOCK_ITEMS)
    tops = _split(np.roll(correlation, -1, axis=(0, 1))[None], items - lower)
    sizes, members = _subsets(lower)
    shares = np.array([factorial(size) * factorial(items - size - 1) / factorial(items) for size in range(items)])
    joining, before = np.concatenate([[0.0], shares]), np.concatenate([shares, [0.0]])
    added, base = np.zeros(items), 0.0
    _, top_members = _subsets(items - lower)
    for place, top in enumerate(tops):
        explained = np.clip(1.0 - _split(top[None], lower)[:, 0, 0], 0.0, 1.0)
        block_sizes = sizes + int(top_members[:, place].sum())
        base += float(before[block_sizes] @ explained)
        both = (joining[block_sizes] + before[block_sizes]) * explained
        added[: items - lower] += top_members[:, place] * both.sum()
        added[items - lower :] += members @ both
    return np.maximum(added - base, 0.0)


def _subsets(items: int) -> tuple[NDArray[np.intp], Vector]:
    """Return how many items each subset holds, and row by row which subsets hold an item; bit j stands for item j."""
    numbers = np.arange(2**items)
    members = (numbers[None, :] >> np.arange(items)[:, None]) & 1
    return members.sum(axis=0), members.astype(float)


def _split(batch: Vector, items: int) -> Vector:
    """Return, for every subset of the first items, each matrix of a batch without them and with the subset swept out.

    Subset number s of a batch's only matrix holds item j where bit j of s is set.
    """
    for _ in range(items):
        column, rest = batch[:, 1:, 0], batch[:, 1:, 1:]
        pivot = np.where(batch[:, 0, 0] > LEFT_OVER, batch[:, 0, 0], np.inf)
        batch = np.concatenate([rest, rest - (column / pivot[:, None])[:, :, None] * column[:, None, :]])
    return batch


def _antithetic(generator: np.random.Generator, items: int, pairs: int) -> NDArray[np.intp]:
    """Return sampled orders and their reverses, shape (2, pairs, items)."""
    orders = generator.permuted(np.tile(np.arange(items), (pairs, 1)), axis=1)
    return np.stack([orders, orders[:, ::-1]])


def _sweep(batch: Vector, pivots: NDArray[np.intp]) -> None:
    """Sweep one item of its own out of each matrix of a batch, in place; those used up already are passed over."""
    rows = np.arange(len(batch))
    pivot = batch[rows, pivots, pivots]
    usable = pivot > LEFT_OVER
    rows, pivots, pivot = rows[usable], pivots[usable], pivot[usable]
    column = batch[rows, :, pivots]
    scaled = column / pivot[:, None]
    swept = batch[rows] - scaled[:, :, None] * column[:, None, :]
    inner = np.arange(len(rows))
    swept[inner, pivots, :] = scaled
    swept[inner, :, pivots] = scaled
    swept[inner, pivots, pivots] = -1.0 / pivot
    batch[rows] = swept


def _gains(correlation: Vector, orders: NDArray[np.intp]) -> Vector:
    """Return what each item adds to R squared in each order, shape (n_orders, n_items)."""
    batch = np.tile(correlation, (len(orders), 1, 1))
    gains = np.empty(orders.shape)
    left = batch[:, 0, 0].copy()
    for items in orders.T:
        _sweep(batch, items + 1)
        gains[np.arange(len(orders)), items] = left - batch[:, 0, 0]
        left = batch[:, 0, 0].copy()
    return np.maximum(gains, 0.0)


@dataclass(frozen=True)
class Slopes:
    """How contributions change with the answers: averages over orders of what regressions on subsets change by.

    Attributes
    ----------
    linear : ndarray, shape (n_items, n_items)
        Row j: mean change of the coefficients as item j enters.
    square : ndarray, shape (n_items, n_items, n_items)
        Likewise, of the products of coefficients.
    """

    linear: Vector
    square: Vector

    def influence(self, standardised: Vector, outcome: Vector, contributions: Vector, combined: Vector) -> Vector:
        r"""Return what each respondent does to a weighted sum of the contributions.

        With :math:`e_S` the residual of the regression on S, outcome and items standardised,

        .. math:: u_i = \overline{e_{iS}^2 - e_{i,S \cup j}^2} - y_i^2 L_j

        because R squared is :math:`1 - \overline{e^2} / \overline{y^2}` and coefficients are at their optimum.

        Parameters
        ----------
        standardised : ndarray, shape (n_respondents, n_items)
        outcome : ndarray, shape (n_respondents,)
        contributions, combined : ndarray, shape (n_items,)
            Combined: the weight of each contribution in the sum.

        Returns
        -------
        ndarray, shape (n_respondents,)
        """
        linear = combined @ self.linear
        square = np.tensordot(combined, self.square, axes=1)
        fitted = 2.0 * outcome * (standardised @ linear) - ((standardised @ square) * standardised).sum(axis=1)
        changed: Vector = fitted - np.square(outcome) * float(combined @ contributions)
        return changed


def slopes(correlation: Vector) -> Slopes:
    """Return how the contributions change with the answers, from all orders up to five items, else from sampled ones.

    Parameters
    ----------
    correlation : ndarray, shape (n_items + 1, n_items + 1)
        The outcome first.

    Returns
    -------
    Slopes
    """
    items = len(correlation) - 1
    if items <= 5:
        orders = np.array(list(permutations(range(items))), dtype=np.intp)
    else:
        orders = _antithetic(np.random.default_rng(0), items, ORDERS_FOR_ERRORS // 2).reshape(-1, items)
    batch = np.tile(correlation, (len(orders), 1, 1))
    rows = np.arange(len(orders))
    used = np.zeros((len(orders), items), dtype=bool)
    linear, square = np.zeros((items, items)), np.zeros((items, items * items))
    before = np.zeros((len(orders), items))
    for entering in orders.T:
        _sweep(batch, entering + 1)
        used[rows, entering] = batch[rows, entering + 1, entering + 1] < 0
        after = np.where(used, batch[:, 1:, 0], 0.0)
        who = np.zeros((items, len(orders)))
        who[entering, rows] = 1.0
        linear += who @ (after - before)
        change = after[:, :, None] * after[:, None, :] - before[:, :, None] * before[:, None, :]
        square += who @ change.reshape(len(orders), -1)
        before = after
    return Slopes(linear / len(orders), square.reshape(items, items, items) / len(orders))

"""Two-axis typologies: customers placed by two scores and cut points that anybody may edit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import as_categories, as_vector
from guanxi_methods.proportion import check_level, wilson
from guanxi_methods.value.clv.parameters import finite

Matrix = NDArray[np.float64]
Cuts = tuple[float, ...] | Literal["median", "mean"]


@dataclass(frozen=True)
class Grid:
    """A two-axis typology: edit one with ``dataclasses.replace``.

    Attributes
    ----------
    x, y : str
        What the axes measure.
    cells : tuple of tuple of str
        Names: a row for each level of y from low to high, in it a name for each level of x from low to high.
    x_cuts, y_cuts : tuple of float, "median" or "mean"
        Cut points, rising; a value on a cut point belongs above it. Words are worked out on the customers given and
        part two levels.
    strategies : mapping of str to str
        What to do with the customers of a cell, by its name.
    """

    x: str
    y: str
    cells: tuple[tuple[str, ...], ...]
    x_cuts: Cuts = "median"
    y_cuts: Cuts = "median"
    strategies: Mapping[str, str] = field(default_factory=dict)


# 屈从型, 关怀型, 适应型, 冷漠型. No operational definition is in print: axes, cut points and cells are the product's own.
FOUR_TYPES = Grid(
    x="concern for the relationship, 0 to 100",
    y="own assertiveness, 0 to 100",
    cells=(("indifferent", "compliant"), ("adaptive", "caring")),
    x_cuts=(50.0,),
    y_cuts=(50.0,),
    strategies={
        "compliant": "do not take silence for consent: ask, and protect from overselling",
        "caring": "share plans and results, make partners of them",
        "adaptive": "show what each circumstance gains them, keep offers comparable",
        "indifferent": "easy, cheap, reliable service; no effort on closeness",
    },
)
# Net price against cost to serve, after Shapiro, Rangan, Moriarty and Ross, "Manage customers for profits (not just
# sales)", Harvard Business Review 65(5), 1987.
SERVICE_PORTFOLIO = Grid(
    x="cost to serve",
    y="net price",
    cells=(("bargain_basement", "aggressive"), ("passive", "carriage_trade")),
    strategies={
        "carriage_trade": "keep the service they pay for",
        "passive": "keep what makes them stay; do not raise their attention to price",
        "bargain_basement": "sell through cheap channels",
        "aggressive": "reprice, cut service, or let go",
    },
)
# P. Kotler, "Marketing Management", 8th ed., 1994, ch. 2: level of relationship by number of customers and margin; where
# he leaves "basic or reactive" open, basic stands here. What is few and what is high has to be said: give the cuts.
RELATIONSHIP_LEVELS = Grid(
    x="number of customers",
    y="profit margin",
    cells=(
        ("accountable", "reactive", "basic"),
        ("proactive", "accountable", "reactive"),
        ("partnership", "proactive", "accountable"),
    ),
    x_cuts=(),
    y_cuts=(),
)


class TwoAxisTypology(Method):
    r"""Type of each customer by two scores, and how sure it is.

    Level of x is the number of cut points at or under it; so with y. Where scores carry standard errors, the
    probability of a cell between the cut points :math:`a_k, b_k` on the axes is, taking errors as normal and
    independent,

    .. math:: P = \prod_{k \in \{x, y\}} \Phi\Bigl(\frac{b_k - s_k}{se_k}\Bigr) - \Phi\Bigl(\frac{a_k - s_k}{se_k}\Bigr)

    Parameters
    ----------
    grid : Grid
    level : float, default 0.95
        Of the intervals of shares, and how probable a type must be to be called sure.

    Attributes
    ----------
    labels_ : ndarray of str, shape (n_customers,)
    codes_ : ndarray of int64, shape (n_customers,)
        Row of the cell times the number of columns, plus its column.
    x_cuts_, y_cuts_ : tuple of float
    counts_ : dict of str to int
        By name, in the order of the cells.
    shares_ : dict of str to float
    share_intervals_ : dict of str to tuple of float
        Wilson's.
    probabilities_ : ndarray of float64, shape (n_customers, n_cells), or None
        None without errors of the scores.
    n_unsure_ : int or None
        Customers whose type is less probable than ``level``.
    n_customers_ : int
    notes_ : tuple of Note

    Examples
    --------
    >>> types = TwoAxisTypology(FOUR_TYPES).fit([80, 70, 20, 10], [90, 30, 60, 40])
    >>> types.labels_.tolist()
    ['caring', 'compliant', 'adaptive', 'indifferent']
    """

    def __init__(self, grid: Grid, level: float = 0.95) -> None:
        """Store the parameters."""
        self.grid = grid
        self.level = level

    def fit(
        self, x: ArrayLike, y: ArrayLike, *, x_error: ArrayLike | None = None, y_error: ArrayLike | None = None
    ) -> TwoAxisTypology:
        """Place the customers.

        Parameters
        ----------
        x, y : array_like, shape (n_customers,)
            Scores.
        x_error, y_error : array_like, shape (n_customers,), optional
            Standard errors of the scores, both or neither; NaN where one is not known.

        Returns
        -------
        TwoAxisTypology

        Raises
        ------
        MethodError
            Cut points that do not rise or do not fit the cells; scores missing; negative errors; one error without
            the other.
        """
        check_level(self.level)
        across = as_vector(x, "x")
        up = as_vector(y, "y", size=across.size)
        rows, columns = self._shape()
        self.x_cuts_ = _cuts("x", self.grid.x_cuts, across, columns)
        self.y_cuts_ = _cuts("y", self.grid.y_cuts, up, rows)
        self.codes_ = np.searchsorted(self.y_cuts_, up, side="right") * columns + np.searchsorted(
            self.x_cuts_, across, side="right"
        )
        names = [name for row in self.grid.cells for name in row]
        self.labels_ = np.array(names)[self.codes_]
        self.n_customers_ = across.size
        found = Counter(self.labels_.tolist())
        self.counts_ = {name: found.get(name, 0) for name in dict.fromkeys(names)}
        self.shares_ = {name: count / across.size for name, count in self.counts_.items()}
        self.share_intervals_ = {
            name: wilson(share * across.size, across.size, self.level) for name, share in self.shares_.items()
        }
        self._learn_certainty(across, up, x_error, y_error)
        return self

    def _shape(self) -> tuple[int, int]:
        """Return how many rows and columns the grid has."""
        widths = {len(row) for row in self.grid.cells}
        if len(widths) != 1 or 0 in widths:
            raise MethodError("cells must have as many names in every row, and at least one")
        return len(self.grid.cells), widths.pop()

    def _learn_certainty(
        self, across: Matrix, up: Matrix, x_error: ArrayLike | None, y_error: ArrayLike | None
    ) -> None:
        """Set the probabilities of the cells, where errors are known."""
        self.probabilities_: Matrix | None = None
        self.n_unsure_: int | None = None
        if x_error is None and y_error is None:
            self.notes_: tuple[Note, ...] = (
                Note("how sure a type is cannot be said without standard errors of the scores"),
            )
            return
        if x_error is None or y_error is None:
            raise MethodError("give the errors of both axes or of neither")
        of_x = _within("x_error", across, as_vector(x_error, "x_error", size=across.size, missing="keep"), self.x_cuts_)
        of_y = _within("y_error", up, as_vector(y_error, "y_error", size=up.size, missing="keep"), self.y_cuts_)
        self.probabilities_ = (of_y[:, :, None] * of_x[:, None, :]).reshape(across.size, -1)
        own = self.probabilities_[np.arange(across.size), self.codes_]
        unknown = int(np.isnan(own).sum())
        self.n_unsure_ = int((own < self.level).sum()) + unknown
        self.notes_ = (
            (Note("{count} customers have no standard error of a score: they count as unsure", count=unknown),)
            if unknown
            else ()
        )


def _cuts(axis: str, cuts: Cuts, scores: Matrix, n_levels: int) -> tuple[float, ...]:
    """Return the cut points of an axis as rising numbers."""
    if isinstance(cuts, str):
        if cuts not in ("median", "mean"):
            raise MethodError("{axis}_cuts must be numbers, 'median' or 'mean', not {value!r}", axis=axis, value=cuts)
        made: tuple[float, ...] = (float(np.median(scores) if cuts == "median" else np.sort(scores).mean()),)
    else:
        made = tuple(finite(f"a cut of {axis}", cut) for cut in cuts)
    if len(made) != n_levels - 1:
        raise MethodError(
            "{levels} levels of {axis} need {needed} cut points, and there are {found}",
            levels=n_levels,
            axis=axis,
            needed=n_levels - 1,
            found=len(made),
        )
    if any(later <= earlier for earlier, later in pairwise(made)):
        raise MethodError("the cut points of {axis} must rise", axis=axis)
    return made


def _within(name: str, scores: Matrix, errors: Matrix, cuts: tuple[float, ...]) -> Matrix:
    """Return the probability of each level of an axis, shape (n_customers, n_levels); NaN where the error is."""
    if (errors < 0).any():
        raise MethodError("{name} is negative in row {row}", name=name, row=int(np.argmax(errors < 0)) + 1)
    bounds = np.array([-np.inf, *cuts, np.inf])
    away = bounds[None, :] - scores[:, None]
    exact = errors == 0
    below = np.asarray(ndtr(away / np.where(exact, 1.0, errors)[:, None]))
    # a score without error lies in its level for sure, one on a cut point above it
    below[exact] = (away[exact] > 0).astype(np.float64)
    return np.asarray(np.diff(below, axis=1))


@dataclass(frozen=True)
class CombinedTypes:
    """Customers by the combination of two typologies.

    Attributes
    ----------
    counts : dict of tuple of str to int
        Customers of each pair of types that occurs, in the order of their names.
    strategies : ndarray of object (str or None), shape (n_customers,)
        What to do with each customer; None where no strategy is stated for its pair.
    without : tuple of tuple of str
        Pairs that occur and have no strategy.
    """

    counts: dict[tuple[str, str], int]
    strategies: NDArray[Any]
    without: tuple[tuple[str, str], ...]


def combine_types(
    first: ArrayLike, second: ArrayLike, strategies: Mapping[tuple[str, str], str] | None = None
) -> CombinedTypes:
    """Classify customers by two typologies at once, with a strategy for each combination.

    Parameters
    ----------
    first, second : array_like, shape (n_customers,)
        Types of the same customers.
    strategies : mapping of (first type, second type) to str, optional

    Returns
    -------
    CombinedTypes

    Raises
    ------
    MethodError
        Lists of several lengths, or a customer without a type.

    Examples
    --------
    >>> plan = combine_types(["caring", "caring"], ["vip", "small"], {("caring", "vip"): "joint projects"})
    >>> plan.counts, plan.strategies.tolist(), plan.without
    ({('caring', 'small'): 1, ('caring', 'vip'): 1}, ['joint projects', None], (('caring', 'small'),))
    """
    one, other = as_categories(first, "first"), as_categories(second, "second")
    if one.size != other.size:
        raise MethodError("second holds {found} values where {size} are needed", found=other.size, size=one.size)
    for name, types in (("first", one), ("second", other)):
        if (types == "").any():
            raise MethodError("{name} has no type in row {row}", name=name, row=int(np.argmax(types == "")) + 1)
    pairs = list(zip(one.tolist(), other.tolist(), strict=True))
    stated = strategies or {}
    counts = dict(sorted(Counter(pairs).items()))
    return CombinedTypes(
        counts=counts,
        strategies=np.array([stated.get(pair) for pair in pairs], dtype=object),
        without=tuple(pair for pair in counts if pair not in stated),
    )

"""Customer delivered value: what customers get from us and from competitors, less what it costs them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.frames import as_categories, as_frame
from guanxi_methods.proportion import check_level

Matrix = NDArray[np.float64]
VALUE_ITEMS = ("product", "service", "personnel", "image")
COST_ITEMS = ("money", "time", "energy", "psychic")
FEWEST = 2


class DeliveredValue(Method):
    r"""Customer delivered value of each supplier, and of us against each competitor.

    After Kotler, delivered value is total customer value (product, service, personnel, image) less total customer cost
    (money, time, energy, psychic). Of respondent i's answers on supplier s

    .. math::

        D_{is} = \sum_{k \in V} w_k x_{isk} - \sum_{k \in C} w_k x_{isk}, \qquad D_s = \tfrac{1}{n_s} \sum_i D_{is}

    Kotler prints neither weights nor an interval; those are this product's own. Without importance all :math:`w_k = 1`
    and answers are added, which is right where they are amounts of money. With importance the weights of the values sum
    to 1 and those of the costs too, :math:`w_k = \bar I_k / \sum \bar I`, so that value, cost and delivered value stay
    on the scale of the answers.

    Standard errors come from sums over respondents (linearised): they count that one respondent judges several
    suppliers, and that weights learned from a survey are themselves uncertain. Intervals are Student's, with respondents less one (of
    a comparison: those on the supplier with fewer).

    Parameters
    ----------
    us : str
        Our own name among the suppliers.
    value_items, cost_items : sequence of str
        Columns of the answers; Kotler's four and four unless given.
    level : float, default 0.95
        Of the intervals.

    Attributes
    ----------
    suppliers_ : tuple of str
        We first, then by delivered value.
    n_ : ndarray of int64, shape (n_suppliers,)
        Answers used.
    total_value_, total_cost_, delivered_value_, ratio_ : ndarray of float64, shape (n_suppliers,)
        The ratio is value over cost; NaN where the cost is 0.
    standard_errors_ : ndarray of float64, shape (n_suppliers,)
        Of the delivered value.
    intervals_ : ndarray of float64, shape (n_suppliers, 2)
    advantages_ : dict of str to float
        Our delivered value less that of each competitor.
    advantage_intervals_ : dict of str to tuple of float
    item_advantages_ : dict of str to dict of str to float
        Of each competitor, what each item adds to our advantage (costs with their sign turned); they sum to it.
    weights_ : dict of str to float
    n_respondents_ : int
    notes_ : tuple of Note

    References
    ----------
    P. Kotler, "Marketing Management: Analysis, Planning, Implementation, and Control", 8th ed., Prentice-Hall 1994,
    ch. 2; B. T. Gale, "Managing Customer Value", Free Press 1994 (importance, us against competitors).

    Examples
    --------
    >>> answers = {"product": [9, 8, 7, 8], "service": [8, 8, 6, 5], "money": [6, 5, 4, 5], "time": [3, 2, 4, 4]}
    >>> method = DeliveredValue(us="we", value_items=("product", "service"), cost_items=("money", "time"))
    >>> found = method.fit(answers, ["we", "we", "they", "they"], respondent=[1, 2, 1, 2])
    >>> found.suppliers_, found.delivered_value_, found.advantages_
    (('we', 'they'), array([8.5, 4.5]), {'they': 4.0})
    """

    def __init__(
        self,
        us: str,
        value_items: Sequence[str] = VALUE_ITEMS,
        cost_items: Sequence[str] = COST_ITEMS,
        level: float = 0.95,
    ) -> None:
        """Store the parameters."""
        self.us = us
        self.value_items = value_items
        self.cost_items = cost_items
        self.level = level

    def fit(
        self,
        answers: Any,
        supplier: ArrayLike,
        *,
        respondent: ArrayLike | None = None,
        importance: Any = None,
    ) -> DeliveredValue:
        """Measure what suppliers deliver.

        Parameters
        ----------
        answers : table, shape (n_rows, at least the items named)
            A row is what one respondent says of one supplier; all items on one scale, a high cost being a high number.
            Rows with a missing answer are left out, and counted in a note.
        supplier : array_like, shape (n_rows,)
            Of whom.
        respondent : array_like, shape (n_rows,), optional
            By whom; each row is a respondent of its own unless given.
        importance : mapping of item to number, or table of shape (n_rows, items), optional
            Weights that are given, or each respondent's importance of the items, in columns named like them.

        Returns
        -------
        DeliveredValue

        Raises
        ------
        MethodError
            No answers on us or on nobody else; fewer than two respondents on a supplier; an item without a column.
        """
        check_level(self.level)
        frame, items = as_frame(answers), self._items()
        scores = frame.matrix(items, missing="keep")
        names = as_categories(supplier, "supplier").astype(np.str_)
        people = np.arange(len(frame)) if respondent is None else _numbered(respondent)
        if not names.size == people.size == len(scores):
            raise MethodError("answers, supplier and respondent must have as many rows as one another")
        weights, asked = self._importance(importance, items, len(scores))
        is_whole = ~np.isnan(scores).any(axis=1) & ~np.isnan(asked).any(axis=1) & (names != "")
        self._check(names[is_whole], people[is_whole])
        scores, names, people, asked = scores[is_whole], names[is_whole], people[is_whole], asked[is_whole]
        signs = np.repeat([1.0, -1.0], [len(self.value_items), len(self.cost_items)])
        who, row = np.unique(people, return_inverse=True)
        if weights is None:
            weights, weight_pulls = self._learned_weights(asked, row, who.size)
        else:
            weight_pulls = np.zeros((who.size, len(items)))
        self.n_respondents_ = who.size
        self.weights_ = {item: float(weight) for item, weight in zip(items, weights, strict=True)}
        self._learn(scores, names, row, weights, weight_pulls, signs)
        self._set_intervals()
        left_out = int((~is_whole).sum())
        self.notes_ = (Note("{count} rows with a missing answer were left out", count=left_out),) if left_out else ()
        return self

    def _items(self) -> tuple[str, ...]:
        """Return the columns, values first."""
        items = (*self.value_items, *self.cost_items)
        if not self.value_items or not self.cost_items:
            raise MethodError("value_items and cost_items must each name at least one column of the answers")
        twice = [item for item in items if items.count(item) > 1]
        if twice:
            raise MethodError("{item!r} is named twice among the items of value and cost", item=twice[0])
        return items

    def _importance(self, importance: Any, items: tuple[str, ...], size: int) -> tuple[Matrix | None, Matrix]:
        """Return weights that are given, or None and the importance of each row."""
        nothing = np.zeros((size, len(items)))
        if importance is None:
            return np.ones(len(items)), nothing
        is_stated = isinstance(importance, dict) and all(np.ndim(value) == 0 for value in importance.values())
        if is_stated:
            missing = [item for item in items if item not in importance]
            if missing:
                raise MethodError("importance has no weight for {item!r}", item=missing[0])
            return self._normalised(np.array([float(importance[item]) for item in items])), nothing
        asked = as_frame(importance).matrix(items, missing="keep")
        if len(asked) != size:
            raise MethodError("importance has {found} rows where answers have {size}", found=len(asked), size=size)
        return None, asked

    def _normalised(self, raw: Matrix) -> Matrix:
        """Return weights that sum to 1 over the values and over the costs."""
        cut = len(self.value_items)
        if (raw < 0).any() or not np.isfinite(raw).all() or raw[:cut].sum() <= 0 or raw[cut:].sum() <= 0:
            raise MethodError("importance must not be negative, and must be over 0 for some value and for some cost")
        return np.concatenate([raw[:cut] / raw[:cut].sum(), raw[cut:] / raw[cut:].sum()])

    def _learned_weights(self, asked: Matrix, row: NDArray[np.intp], n_people: int) -> tuple[Matrix, Matrix]:
        """Return weights by mean importance of respondents, and each respondent's pull on them."""
        counts = np.bincount(row, minlength=n_people)
        own = np.column_stack([np.bincount(row, weights=column, minlength=n_people) / counts for column in asked.T])
        means = own.mean(axis=0)
        weights = self._normalised(means)
        pulls = np.empty_like(own)
        cut = len(self.value_items)
        for side in (slice(0, cut), slice(cut, None)):
            total = means[side].sum()
            away = (own[:, side] - means[side]) / n_people
            pulls[:, side] = (away - np.outer(away.sum(axis=1), weights[side])) / total
        return weights, pulls

    def _check(self, names: NDArray[Any], people: NDArray[Any]) -> None:
        """Raise unless we and somebody else were judged by enough."""
        known = np.unique(names)
        if self.us not in known.tolist():
            raise MethodError(
                "nobody judged us: there is no complete answer on {us!r}; suppliers are: {names}",
                us=self.us,
                names=", ".join(known.tolist()[:12]),
            )
        if known.size < FEWEST:
            raise MethodError("there is no competitor among the suppliers: delivered value is a comparison")
        for name in known.tolist():
            judged_by = np.unique(people[names == name]).size
            if judged_by < FEWEST:
                raise TooFewError(
                    "{name!r} was judged by {found} respondent, and {needed} are needed for an interval",
                    name=name,
                    found=judged_by,
                    needed=FEWEST,
                )

    def _learn(
        self,
        scores: Matrix,
        names: NDArray[Any],
        row: NDArray[np.intp],
        weights: Matrix,
        weight_pulls: Matrix,
        signs: Matrix,
    ) -> None:
        """Set means by supplier, and each respondent's pull on the delivered values."""
        known, codes = np.unique(names, return_inverse=True)
        counts = np.bincount(codes, minlength=known.size)
        means = np.column_stack(
            [np.bincount(codes, weights=column, minlength=known.size) / counts for column in scores.T]
        )
        cut, parts = len(self.value_items), means * weights
        value, cost = parts[:, :cut].sum(axis=1), parts[:, cut:].sum(axis=1)
        worth = value - cost
        order = sorted(range(known.size), key=lambda s: (known[s] != self.us, -worth[s], str(known[s])))
        pulls = weight_pulls @ (means * signs).T
        away = ((scores - means[codes]) * weights * signs).sum(axis=1) / counts[codes]
        judged_by = np.array([np.unique(row[codes == s]).size for s in range(known.size)])
        for s in range(known.size):
            own = codes == s
            # respondents, not rows, are drawn: n / (n - 1) for the mean that was learned from them
            pulls[:, s] += np.bincount(row[own], weights=away[own], minlength=len(pulls))
            pulls[:, s] *= math.sqrt(judged_by[s] / (judged_by[s] - 1))
        self.suppliers_ = tuple(str(known[s]) for s in order)
        self.n_, self.total_value_, self.total_cost_ = counts[order], value[order], cost[order]
        self.delivered_value_, self._pulls = worth[order], pulls[:, order]
        self._judged_by = judged_by[order]
        with np.errstate(divide="ignore", invalid="ignore"):
            self.ratio_ = np.where(self.total_cost_ != 0, self.total_value_ / self.total_cost_, np.nan)
        ours = (parts * signs)[order[0]]
        self.item_advantages_ = {
            str(known[s]): {
                item: float(gap) for item, gap in zip(self.weights_, ours - (parts * signs)[s], strict=True)
            }
            for s in order[1:]
        }

    def _set_intervals(self) -> None:
        """Set standard errors, intervals and our advantages, by Student's t with respondents less one."""
        upper = (1 + self.level) / 2
        self.standard_errors_ = np.sqrt((self._pulls**2).sum(axis=0))
        half = stdtrit(self._judged_by - 1, upper) * self.standard_errors_
        self.intervals_ = np.column_stack([self.delivered_value_ - half, self.delivered_value_ + half])
        self.advantages_, self.advantage_intervals_ = {}, {}
        for place, name in enumerate(self.suppliers_[1:], start=1):
            pulls = self._pulls[:, 0] - self._pulls[:, place]
            gap = float(self.delivered_value_[0] - self.delivered_value_[place])
            reach = float(stdtrit(min(self._judged_by[0], self._judged_by[place]) - 1, upper))
            reach *= math.sqrt(float((pulls**2).sum()))
            self.advantages_[name] = gap
            self.advantage_intervals_[name] = (gap - reach, gap + reach)


def _numbered(respondent: ArrayLike) -> NDArray[np.intp]:
    """Return a number for each row's respondent."""
    numbers: NDArray[np.intp] = np.unique(as_categories(respondent, "respondent").astype(np.str_), return_inverse=True)[
        1
    ]
    return numbers

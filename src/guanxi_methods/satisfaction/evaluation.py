"""Indices of satisfaction on the scale of the answers: simple, dual, improved dual, and by regression.

The four differ in one thing, how much each item weighs: alike; as respondents say it is important; as they say and
as their overall answer shows; as their overall answer shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import Vector
from guanxi_methods.proportion import check_level
from guanxi_methods.satisfaction.answers import Answers, as_answers, as_weights, check_scale, to_100
from guanxi_methods.satisfaction.drivers import DerivedImportance, overall_answer
from guanxi_methods.satisfaction.estimates import (
    Interval,
    Means,
    error_and_interval,
    interval_note,
    item_means,
    missing_note,
)


class Evaluation(Method):
    """What the four indices share: the answers checked, the interval, the index as 0 to 100."""

    index_: float
    standard_error_: float | None
    interval_: Interval | None
    index_100_: float | None
    interval_100_: Interval | None
    weights_: dict[str, float]
    means_: dict[str, float]
    n_: int
    notes_: tuple[Note, ...]

    def __init__(self, scale: Sequence[float] | None = None, level: float = 0.95) -> None:
        """Store the parameters."""
        self.scale = scale
        self.level = level

    def _take(self, satisfaction: Any, weights: ArrayLike | None) -> tuple[Answers, Vector, Means]:
        """Check the answers to the items."""
        check_level(self.level)
        answers = as_answers(satisfaction, "satisfaction", scale=check_scale(self.scale))
        checked = as_weights(weights, len(answers))
        self.n_ = int((~np.isnan(answers.values).all(axis=1) & (checked > 0)).sum())
        return answers, checked, item_means(answers, checked)

    def _give(
        self, answers: Answers, means: Means, shares: Vector, influence: Vector, notes: Sequence[Note] = ()
    ) -> None:
        """Set what was learned."""
        scale = check_scale(self.scale)
        self.index_ = float(shares @ means.means)
        thin = answers.names[int(np.argmin(means.answered))] if self.n_ > 1 and means.answered.min() < 2 else None
        self.standard_error_, self.interval_ = error_and_interval(
            self.index_, influence, 0 if thin is not None else self.n_, self.level, scale
        )
        self.index_100_ = to_100(self.index_, scale) if scale else None
        self.interval_100_ = None
        if scale and self.interval_:
            self.interval_100_ = (to_100(self.interval_[0], scale), to_100(self.interval_[1], scale))
        self.weights_ = dict(zip(answers.names, shares.tolist(), strict=True))
        self.means_ = dict(zip(answers.names, means.means.tolist(), strict=True))
        why = (
            interval_note(self.n_, self.standard_error_)
            if thin is None
            else [Note("there is no interval: only one respondent answered {item}", item=thin)]
        )
        self.notes_ = (*missing_note(answers.values), *notes, *why)


class SimpleEvaluation(Evaluation):
    r"""Simple evaluation: the mean of the items' means, every item weighing alike.

    .. math:: CSI = \frac{1}{p} \sum_j \bar S_j

    :math:`\bar S_j` is the mean over those who answered item j, so an item that many skipped weighs no less. The
    interval is :math:`CSI \pm t_{n-1} s` with s by the delta method over respondents; it holds for respondents drawn
    independently.

    Parameters
    ----------
    scale : (float, float), optional
        Lowest and highest answer; answers off it are refused, and the index is told as 0 to 100 too.
    level : float, default 0.95

    Attributes
    ----------
    index_ : float
        On the scale of the answers.
    interval_ : (float, float) or None
    standard_error_ : float or None
        None with one respondent.
    index_100_, interval_100_ : as 0 to 100; None without a scale
    weights_ : dict of str to float
        By item; they add up to 1.
    means_ : dict of str to float
    n_ : int
        Respondents who answered at least one item.
    notes_ : tuple of Note

    References
    ----------
    The mean of closed answers is common property; the conversion to 0 to 100 is Fornell et al. (1996).

    Examples
    --------
    >>> found = SimpleEvaluation(scale=(1, 7)).fit({"speed": [7, 5, 6], "price": [4, 5, 3]})
    >>> found.index_, round(found.index_100_, 2), tuple(round(end, 2) for end in found.interval_)
    (5.0, 66.67, (3.76, 6.24))
    """

    def fit(self, satisfaction: Any, *, weights: ArrayLike | None = None) -> SimpleEvaluation:
        """Evaluate the answers.

        Parameters
        ----------
        satisfaction : table, shape (n_respondents, n_items)
        weights : array_like, shape (n_respondents,), optional
            How many people each respondent stands for.

        Returns
        -------
        SimpleEvaluation

        Raises
        ------
        MethodError
            An answer off the scale; an item nobody answered.
        """
        answers, _, means = self._take(satisfaction, weights)
        shares = np.full(len(answers.names), 1.0 / len(answers.names))
        self._give(answers, means, shares, means.influence(shares))
        return self


class DualEvaluation(Evaluation):
    r"""Dual evaluation (双重评价法): items weighed by how important respondents say they are.

    .. math:: CSI = \frac{\sum_j \bar I_j \bar S_j}{\sum_j \bar I_j}

    No formula was found in print; this is the product's own reading. Means of items are over those who answered. The
    interval is the delta method's over respondents, with the error of the stated importance in it.

    Parameters
    ----------
    scale : (float, float), optional
        Lowest and highest answer; see :class:`SimpleEvaluation`.
    importance_scale : (float, float), optional
        The scale of the importance, if another.
    level : float, default 0.95

    Attributes
    ----------
    index_, interval_, standard_error_, index_100_, interval_100_, weights_, means_, n_, notes_
        See :class:`SimpleEvaluation`; the weights are :math:`\bar I_j / \sum \bar I_j`.
    importance_ : dict of str to float
        Mean stated importance, by the name of the satisfaction item.

    References
    ----------
    This product's own definition.

    Examples
    --------
    One respondent, five attributes: importance 7, 5, 9, 3, 6 and satisfaction 8, 4, 8, 3, 4.

    >>> round(DualEvaluation().fit([[8, 4, 8, 3, 4]], [[7, 5, 9, 3, 6]]).index_, 4)
    6.0333
    """

    def __init__(
        self,
        scale: Sequence[float] | None = None,
        importance_scale: Sequence[float] | None = None,
        level: float = 0.95,
    ) -> None:
        """Store the parameters."""
        super().__init__(scale, level)
        self.importance_scale = importance_scale

    def fit(self, satisfaction: Any, importance: Any, *, weights: ArrayLike | None = None) -> DualEvaluation:
        """Evaluate the answers.

        Parameters
        ----------
        satisfaction, importance : table, shape (n_respondents, n_items)
            Pairs go by the order of the columns.
        weights : array_like, shape (n_respondents,), optional

        Returns
        -------
        DualEvaluation

        Raises
        ------
        MethodError
            As :class:`SimpleEvaluation`; another number of importance items; importance that is not above zero.
        """
        answers, checked, means = self._take(satisfaction, weights)
        stated, stated_means = _stated(importance, answers, checked, self.importance_scale or self.scale)
        total = stated_means.means.sum()
        shares = stated_means.means / total
        index = float(shares @ means.means)
        influence = means.influence(shares) + stated_means.influence((means.means - index) / total)
        self._give(answers, means, shares, influence, _stated_notes(stated))
        self.importance_ = dict(zip(answers.names, stated_means.means.tolist(), strict=True))
        return self


def _stated(importance: Any, answers: Answers, weights: Vector, scale: Sequence[float] | None) -> tuple[Answers, Means]:
    """Check the stated importance."""
    stated = as_answers(
        importance,
        "importance",
        scale=check_scale(scale),
        items=len(answers.names),
        respondents=len(answers),
    )
    means = item_means(stated, weights)
    if means.means.min() <= 0:
        raise MethodError(
            "the mean importance of {item} is {mean:g}: weights must be above zero",
            item=stated.names[int(np.argmin(means.means))],
            mean=float(means.means.min()),
        )
    return stated, means


def _stated_notes(stated: Answers) -> list[Note]:
    """Say how much of the stated importance is missing."""
    missing = int(np.isnan(stated.values).sum())
    if not missing:
        return []
    return [
        Note(
            "{missing} of {all} answers on importance are missing; means are over those who answered",
            missing=missing,
            all=stated.values.size,
        )
    ]


class ImprovedDualEvaluation(DualEvaluation):
    r"""Improved dual evaluation (双重评价改进法): stated importance corrected by what the overall answer responds to.

    .. math:: CSI = \frac{\sum_j g_j \bar S_j}{\sum_j g_j}, \qquad g_j = \sqrt{\bar I_j \, D_j}

    :math:`D_j \ge 0` is the derived importance (:class:`DerivedImportance`): an attribute that all call important but
    none reacts to weighs less than in dual evaluation. No formula was found in print; this is the product's own
    definition. The interval is the delta method's over respondents, with the errors of both importances in it.

    Parameters
    ----------
    scale, importance_scale, level
        See :class:`DualEvaluation`.

    Attributes
    ----------
    index_, interval_, standard_error_, index_100_, interval_100_, weights_, means_, n_, importance_, notes_
        See :class:`DualEvaluation`.
    derived_ : dict of str to float
        Share of each item in what is explained of the overall answer.
    r2_ : float

    References
    ----------
    This product's own definition; the derived importance is Groemping (2006).

    Examples
    --------
    >>> found = ImprovedDualEvaluation().fit(
    ...     {"speed": [7, 6, 3, 2, 5, 4, 1, 6], "price": [5, 3, 4, 5, 3, 5, 4, 5]},
    ...     {"speed": [5, 6, 5, 4, 5, 6, 5, 4], "price": [7, 7, 6, 7, 7, 6, 7, 7]},
    ...     [7, 6, 3, 2, 5, 5, 1, 6],
    ... )
    >>> {item: round(share, 3) for item, share in found.weights_.items()}, round(found.index_, 3)
    ({'speed': 0.953, 'price': 0.047}, 4.25)
    """

    def fit(  # type: ignore[override]
        self, satisfaction: Any, importance: Any, overall: Any, *, weights: ArrayLike | None = None
    ) -> ImprovedDualEvaluation:
        """Evaluate the answers.

        Parameters
        ----------
        satisfaction, importance : table, shape (n_respondents, n_items)
        overall : table or array_like, shape (n_respondents,) or (n_respondents, n_overall)
            Several overall answers are averaged.
        weights : array_like, shape (n_respondents,), optional

        Returns
        -------
        ImprovedDualEvaluation

        Raises
        ------
        MethodError
            As :class:`DualEvaluation` and :class:`DerivedImportance`.
        """
        answers, checked, means = self._take(satisfaction, weights)
        stated, stated_means = _stated(importance, answers, checked, self.importance_scale or self.scale)
        drivers = DerivedImportance()
        drivers._fit(answers, overall_answer(overall, len(answers)), checked)
        derived = np.array(list(drivers.shares_.values()))
        combined = np.sqrt(stated_means.means * derived)
        shares = combined / combined.sum()
        index = float(shares @ means.means)
        # With g the square root of a product, dg / g is half of each factor's relative change; an item that explains
        # nothing stays at zero.
        pull = 0.5 * shares * (means.means - index)
        by_derived = np.divide(pull, derived, out=np.zeros_like(pull), where=derived > 0)
        influence = (
            means.influence(shares)
            + stated_means.influence(pull / stated_means.means)
            + drivers.influence(by_derived - float(by_derived @ derived))
        )
        self._give(answers, means, shares, influence, (*_stated_notes(stated), *drivers.notes_))
        self.importance_ = dict(zip(answers.names, stated_means.means.tolist(), strict=True))
        self.derived_ = drivers.shares_
        self.r2_ = drivers.r2_
        return self


class RegressionEvaluation(Evaluation):
    r"""Evaluation by linear regression (线性回归): items weighed by their derived importance, never negative.

    .. math:: CSI = \sum_j D_j \bar S_j, \qquad D_j = L_j / R^2

    :math:`L_j` is the LMG (Shapley) contribution of item j to R squared of the overall answer regressed on all items:
    raw coefficients are no importances where items hang together; on the kiosk survey 8 of 22 come out
    negative. The interval is the delta method's over respondents, with the error of the weights in it.

    Parameters
    ----------
    scale, level
        See :class:`SimpleEvaluation`.

    Attributes
    ----------
    index_, interval_, standard_error_, index_100_, interval_100_, weights_, means_, n_, notes_
        See :class:`SimpleEvaluation`.
    r2_ : float
    coefficients_ : dict of str to float
        Standardised coefficients of plain regression, for comparison.
    monte_carlo_error_ : dict of str to float, or None
        See :class:`DerivedImportance`.
    n_complete_ : int
        Respondents the importance is derived from.

    References
    ----------
    U. Groemping, "Relative importance for linear regression in R", Journal of Statistical Software 17(1), 2006, for
    the importance; the index made of it is this product's own.

    Examples
    --------
    >>> found = RegressionEvaluation(scale=(1, 7)).fit(
    ...     {"speed": [7, 6, 3, 2, 5, 4, 1, 6], "price": [6, 7, 3, 3, 4, 6, 2, 5]}, [7, 6, 3, 2, 5, 5, 1, 6]
    ... )
    >>> {item: round(share, 3) for item, share in found.weights_.items()}, round(found.index_, 3)
    ({'speed': 0.594, 'price': 0.406}, 4.352)
    """

    def fit(self, satisfaction: Any, overall: Any, *, weights: ArrayLike | None = None) -> RegressionEvaluation:
        """Evaluate the answers.

        Parameters
        ----------
        satisfaction : table, shape (n_respondents, n_items)
        overall : table or array_like, shape (n_respondents,) or (n_respondents, n_overall)
            Several overall answers are averaged; they may have a scale of their own.
        weights : array_like, shape (n_respondents,), optional

        Returns
        -------
        RegressionEvaluation

        Raises
        ------
        MethodError
            As :class:`SimpleEvaluation` and :class:`DerivedImportance`.
        """
        answers, checked, means = self._take(satisfaction, weights)
        drivers = DerivedImportance()
        drivers._fit(answers, overall_answer(overall, len(answers)), checked)
        shares = np.array(list(drivers.shares_.values()))
        index = float(shares @ means.means)
        influence = means.influence(shares) + drivers.influence(means.means - index)
        self._give(answers, means, shares, influence, drivers.notes_)
        self.r2_ = drivers.r2_
        self.coefficients_ = drivers.coefficients_
        self.monte_carlo_error_ = drivers.monte_carlo_error_
        self.n_complete_ = drivers.n_
        return self

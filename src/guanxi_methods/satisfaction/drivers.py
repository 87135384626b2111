"""What drives the overall answer: the derived importance of each item, with its interval."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.frames import Vector
from guanxi_methods.proportion import check_level
from guanxi_methods.satisfaction.answers import Answers, as_answers, as_weights
from guanxi_methods.satisfaction.estimates import error_and_interval
from guanxi_methods.satisfaction.importance import EXACT_ITEMS, Slopes, lmg, slopes, to_correlation


def overall_answer(data: Any, respondents: int) -> Vector:
    """Return one overall answer for each respondent: the mean of those given, NaN where none was.

    Examples
    --------
    >>> overall_answer({"satisfied": [7, None], "would return": [5, 4]}, 2)
    array([6., 4.])
    """
    answers = as_answers(data, "overall", respondents=respondents)
    given = ~np.isnan(answers.values)
    counts = given.sum(axis=1)
    sums = np.where(given, answers.values, 0.0).sum(axis=1)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


class DerivedImportance(Method):
    r"""Importance of items derived from what the overall answer responds to, never negative (LMG, Shapley value).

    The share of item j is its contribution :math:`L_j` to R squared of the regression of the overall answer on all
    items (see :func:`~guanxi_methods.satisfaction.importance.lmg`), divided by R squared. Unlike the coefficients of
    that regression, which turn negative where items hang together, shares add up to 1 and none is below 0.

    The interval is the delta method's, by the influence of each respondent on :math:`L_j`; it holds for respondents
    drawn independently and grows too narrow with fewer than some ten respondents for each item. Respondents who left
    out an item or every overall answer do not count here.

    Parameters
    ----------
    level : float, default 0.95
    exact_items : int, default 22
        Up to so many items every subset is looked at; beyond, orders are sampled.
    n_orders : int, default 2000
    random_state : int, default 0

    Attributes
    ----------
    shares_ : dict of str to float
        By item; they add up to 1.
    intervals_ : dict of str to (float, float)
    contributions_ : dict of str to float
        By item; they add up to ``r2_``.
    monte_carlo_error_ : dict of str to float, or None
        Standard error of each share from sampling orders; None where nothing was sampled.
    coefficients_ : dict of str to float
        Standardised coefficients of plain regression, for comparison.
    r2_ : float
    n_ : int
        Respondents who answered everything.
    notes_ : tuple of Note

    References
    ----------
    U. Groemping, "Relative importance for linear regression in R: the package relaimpo", Journal of Statistical
    Software 17(1), 2006. The interval by influence is this product's own; relaimpo bootstraps.

    Examples
    --------
    >>> speed, price = [7, 6, 3, 2, 5, 4, 1, 6], [6, 7, 3, 3, 4, 6, 2, 5]
    >>> found = DerivedImportance().fit({"speed": speed, "price": price}, [7, 6, 3, 2, 5, 5, 1, 6])
    >>> {item: round(share, 3) for item, share in found.shares_.items()}, round(found.r2_, 3)
    ({'speed': 0.594, 'price': 0.406}, 0.986)
    """

    def __init__(
        self,
        level: float = 0.95,
        exact_items: int = EXACT_ITEMS,
        n_orders: int = 2000,
        random_state: int = 0,
    ) -> None:
        """Store the parameters."""
        self.level = level
        self.exact_items = exact_items
        self.n_orders = n_orders
        self.random_state = random_state

    def fit(self, satisfaction: Any, overall: Any, *, weights: ArrayLike | None = None) -> DerivedImportance:
        """Derive the importance of the items.

        Parameters
        ----------
        satisfaction : table, shape (n_respondents, n_items)
            Answers to the items.
        overall : table or array_like, shape (n_respondents,) or (n_respondents, n_overall)
            Several overall answers are averaged.
        weights : array_like, shape (n_respondents,), optional

        Returns
        -------
        DerivedImportance

        Raises
        ------
        MethodError
            The overall answer does not vary, or no item explains any of it.
        TooFewError
            Fewer complete respondents than items + 2.
        """
        check_level(self.level)
        answers = as_answers(satisfaction, "satisfaction")
        self._fit(answers, overall_answer(overall, len(answers)), as_weights(weights, len(answers)))
        shares = self._decomposition.shares
        each = np.eye(len(shares)) - shares[:, None]
        self.intervals_ = {}
        for item, name in enumerate(answers.names):
            influence = self.influence(each[item])
            _, interval = error_and_interval(float(shares[item]), influence, self.n_, self.level, (0.0, 1.0))
            self.intervals_[name] = interval or (0.0, 1.0)
        return self

    def _fit(self, answers: Answers, overall: Vector, weights: Vector) -> None:
        """Learn all but the intervals."""
        complete = ~np.isnan(answers.values).any(axis=1) & ~np.isnan(overall) & (weights > 0)
        self.n_ = int(complete.sum())
        items = len(answers.names)
        if self.n_ < items + 2:
            raise TooFewError(
                "{count} respondents answered all {items} items and the overall question; at least {needed} must",
                count=self.n_,
                items=items,
                needed=items + 2,
            )
        self._complete, self._weights = complete, weights[complete] / weights[complete].sum()
        table = np.column_stack([overall, answers.values])[complete]
        same = (table == table[0]).all(axis=0)
        centred = table - self._weights @ table
        centred[:, same] = 0.0
        covariance = (centred * self._weights[:, None]).T @ centred
        correlation = to_correlation(covariance)
        self._decomposition = lmg(
            correlation, exact_items=self.exact_items, n_orders=self.n_orders, random_state=self.random_state
        )
        self.r2_ = self._decomposition.r2
        if self.r2_ < 1e-12:
            raise MethodError("the items explain nothing of the overall answer: no importance can be derived")
        spread = np.sqrt(np.diag(covariance))
        self._standardised = centred / np.where(spread > 0, spread, 1.0)
        self._slopes: Slopes | None = None
        self._correlation = correlation
        shares, error = self._decomposition.shares, self._decomposition.monte_carlo_error
        self.shares_ = dict(zip(answers.names, shares.tolist(), strict=True))
        self.contributions_ = dict(zip(answers.names, self._decomposition.contributions.tolist(), strict=True))
        self.monte_carlo_error_ = (
            None if error is None else dict(zip(answers.names, (error / self.r2_).tolist(), strict=True))
        )
        coefficients = np.linalg.lstsq(correlation[1:, 1:], correlation[1:, 0], rcond=1e-10)[0]
        self.coefficients_ = dict(zip(answers.names, coefficients.tolist(), strict=True))
        self.notes_ = tuple(self._notes(len(answers), answers.names, same[1:]))

    def influence(self, combined: Vector) -> Vector:
        """Return what each respondent does to a weighted sum of the shares, those not complete nothing.

        Parameters
        ----------
        combined : ndarray, shape (n_items,)
            Derivative of the sum by each contribution, times R squared.

        Returns
        -------
        ndarray, shape (n_respondents,)
        """
        self._check_fitted("shares_")
        if self._slopes is None:
            self._slopes = slopes(self._correlation)
        made = np.zeros(len(self._complete))
        made[self._complete] = self._weights * self._slopes.influence(
            self._standardised[:, 1:],
            self._standardised[:, 0],
            self._decomposition.contributions,
            np.asarray(combined) / self.r2_,
        )
        return made

    def _notes(self, respondents: int, names: tuple[str, ...], same: Vector) -> list[Note]:
        """Say what the reader must know."""
        notes = []
        if self.n_ < respondents:
            notes.append(
                Note(
                    "importance is derived from the {count} of {all} respondents who answered every item and the "
                    "overall question",
                    count=self.n_,
                    all=respondents,
                )
            )
        notes += [
            Note("all gave {item} the same answer: it can explain nothing, and its importance is 0", item=name)
            for name, is_same in zip(names, same, strict=True)
            if is_same
        ]
        if self.monte_carlo_error_ is not None:
            notes.append(
                Note(
                    "with {items} items, orders were sampled; the largest Monte Carlo error of a share is {error:.2g}",
                    items=len(names),
                    error=max(self.monte_carlo_error_.values()),
                )
            )
        negative = sum(value < 0 for value in self.coefficients_.values())
        if negative:
            notes.append(
                Note(
                    "{negative} of {items} plain regression coefficients are negative: they are no importances",
                    negative=negative,
                    items=len(names),
                )
            )
        if self.n_ < 10 * len(names):
            notes.append(
                Note(
                    "{count} respondents for {items} items are few: shares of unimportant items come out too high",
                    count=self.n_,
                    items=len(names),
                )
            )
        return notes

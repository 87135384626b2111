"""Who is about to leave: a model with calibrated probabilities, measured on customers it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from guanxi_methods.base import Method, MethodError, Note
from guanxi_methods.churn.calibration import Calibration, calibration
from guanxi_methods.churn.discrimination import AUC, Decile, auc, lift_by_decile
from guanxi_methods.churn.leakage import LeakSearch
from guanxi_methods.churn.predictors import Predictors, check_names, learn_predictors, row_marks
from guanxi_methods.churn.reasons import Reason, pair_shapley
from guanxi_methods.churn.scorers import (
    BOOSTING,
    LOGISTIC,
    Recipe,
    Scale,
    Scorer,
    folds_of,
    learn_scale,
    log_loss,
    one_thread,
    out_of_fold,
)
from guanxi_methods.churn.target import check_outcomes, learn_target
from guanxi_methods.frames import Vector, as_frame, as_vector
from guanxi_methods.proportion import wilson

ModelName = Literal["choose", "logistic", "boosting"]
BACKGROUND_ROWS = 64
NEAREST = 100


@dataclass(frozen=True)
class Warned:
    """One customer who may leave.

    Attributes
    ----------
    row : int
        Place in the table given, from 0.
    probability : float
        Calibrated.
    interval : tuple of float
        Wilson's interval of the share that did leave among the 100 customers of the hold-out with the nearest
        probabilities (a tenth of the hold-out if that is fewer, but at least 10).
    reasons : tuple of Reason
        What raises or lowers it most.
    worth : float or None
        Of the customer, as given.
    at_stake : float or None
        probability times worth.
    """

    row: int
    probability: float
    interval: tuple[float, float]
    reasons: tuple[Reason, ...]
    worth: float | None
    at_stake: float | None


class EarlyWarning(Method):
    r"""A model of who leaves, with calibrated probabilities, checked for leaks and measured on a hold-out.

    1. Columns are read (numbers, dates as days, words as levels); what can carry nothing is left out and said so.
    2. The hold-out is drawn within each outcome by a mark computed from what stands in the row: the same rows give the
       same hold-out whatever their order.
    3. Columns that leak the outcome are refused (:class:`LeakSearch`), unless named in ``known_before``.
    4. Ridge logistic regressions over indicators and standardised numbers, and boosted trees with two splits from root
       to leaf, are compared by log loss in an inner cross-validation; the best is used.
    5. Its out-of-fold log odds :math:`f` are calibrated by a line (Platt 1999) and the model is fitted on all training
       rows: :math:`P = 1 / (1 + e^{-(a + b f(x))})`.
    6. AUC, lift, calibration error and Brier score are measured on the hold-out, which no model has seen. The leak
       search compares columns on it, and can only take columns away.

    Parameters
    ----------
    model : {"choose", "logistic", "boosting"}, default "choose"
    hold_out : float, default 0.25
        Share of the rows held out.
    exclude : sequence of str
        Columns not to be used.
    known_before : sequence of str
        Columns known before the outcome: never refused.
    most_drop : float, default 0.10
        A column without which the hold-out AUC falls by more is refused.
    random_state : int, default 0
        Another number draws another hold-out.

    Attributes
    ----------
    auc_ : AUC
        On the hold-out, as all that follows.
    lift_ : tuple of Decile
    calibration_ : Calibration
    base_rate_ : float
        Share who left, of all rows.
    base_rate_interval_ : tuple of float
        Wilson's.
    lift_top_decile_ : float
    lift_top_decile_interval_ : tuple of float
        Wilson's interval of the rate in the top decile over the rate of the hold-out.
    refused_columns_ : tuple of RefusedColumn
    used_columns_ : tuple of str
    model_ : Recipe
        What was chosen.
    inner_log_loss_ : dict of Recipe to float
        Out of fold, of all that were compared.
    hold_out_ : ndarray of bool, shape (n_customers,)
    probabilities_ : ndarray, shape (n_customers,)
        Of the rows given; those not in the hold-out were learned from.
    n_customers_, n_events_ : int
    notes_ : tuple of Note

    Notes
    -----
    Columns must stand as they were before the outcome: the search finds leaks that matter, not small ones.

    References
    ----------
    J. Platt, "Probabilistic outputs for support vector machines", 1999; J. H. Friedman, "Greedy function
    approximation: a gradient boosting machine", Annals of Statistics 29, 2001; S. Kaufman, S. Rosset, C. Perlich &
    O. Stitelman, "Leakage in data mining", ACM TKDD 6(4), 2012 (what a leak is; the search is this product's own
    definition).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> months, calls = rng.integers(1, 40, 600), rng.poisson(2, 600)
    >>> leaves = rng.random(600) < 1 / (1 + np.exp(1 + 0.04 * months - 0.3 * calls))
    >>> closed = np.where(leaves, "closed", "open")
    >>> model = EarlyWarning(model="logistic", known_before=["months"])
    >>> model = model.fit({"months": months, "calls": calls, "state": closed}, leaves)
    >>> [one.column for one in model.refused_columns_], model.used_columns_
    (['state'], ('months', 'calls'))
    >>> round(model.auc_.value, 1), len(model.lift_), model.n_customers_
    (0.7, 10, 600)
    """

    def __init__(
        self,
        model: ModelName = "choose",
        hold_out: float = 0.25,
        exclude: Sequence[str] = (),
        known_before: Sequence[str] = (),
        most_drop: float = 0.10,
        random_state: int = 0,
    ) -> None:
        """Store the parameters."""
        self.model = model
        self.hold_out = hold_out
        self.exclude = exclude
        self.known_before = known_before
        self.most_drop = most_drop
        self.random_state = random_state

    def fit(self, X: Any, target: Any, *, target_value: Any = None) -> EarlyWarning:
        """Learn who leaves and measure it.

        Parameters
        ----------
        X : table of shape (n_customers, n_columns)
            What was known of each customer before the outcome; gaps and words are welcome.
        target : array_like, shape (n_customers,)
            The outcome: 0 and 1, or words.
        target_value : optional
            Which value of ``target`` means that the customer left; needed unless it is 0 and 1.

        Returns
        -------
        EarlyWarning

        Raises
        ------
        TooFewError
            Fewer than 30 who left or 30 who stayed; no column that tells customers apart.
        MethodError
            Nobody or everybody left; a missing outcome; several values of the target and none named; a column named
            that does not exist; every useful column refused; infinite values.
        """
        self._check_params()
        with one_thread():
            return self._fit(X, target, target_value)

    def _fit(self, X: Any, target: Any, target_value: Any) -> EarlyWarning:
        """Take the steps named above."""
        frame = as_frame(X)
        left = learn_target(target, target_value, len(frame))
        check_outcomes(left)
        excluded = check_names(self.exclude, frame.names)
        known = check_names(self.known_before, frame.names)
        learned, notes = learn_predictors(frame)
        matrix = learned.matrix(frame)
        order, held = self._draw(matrix, learned, left)
        matrix, left = matrix[order], left[order]
        if set(learned.names) <= set(excluded):
            raise MethodError("every column is excluded: there is nothing to learn from")
        learned, matrix = _keep(learned, matrix, set(learned.names) - set(excluded))
        self.refused_columns_ = LeakSearch(matrix, learned.columns, left, held, self.most_drop).search(known)
        refused = {one.column for one in self.refused_columns_}
        if refused >= set(learned.names):
            raise MethodError(
                "every column is refused, for the hold-out AUC falls by over {most_drop} without it: {columns}; say "
                "with known_before which are known before the outcome",
                most_drop=self.most_drop,
                columns=", ".join(f"{one.column} ({one.auc_drop:.3f})" for one in self.refused_columns_),
            )
        self._predictors, matrix = _keep(learned, matrix, set(learned.names) - refused)
        self.used_columns_ = self._predictors.names
        self._learn(matrix[~held], left[~held])
        odds = self._scale.apply(self._scorer.log_odds(matrix))
        self._measure(odds[held], left[held])
        self.n_customers_, self.n_events_ = left.size, int(left.sum())
        self.base_rate_ = self.n_events_ / left.size
        self.base_rate_interval_ = wilson(self.n_events_, left.size)
        self.hold_out_, self.probabilities_ = np.empty(left.size, dtype=bool), np.empty(left.size)
        self.hold_out_[order], self.probabilities_[order] = held, expit(odds)
        self.notes_ = (*notes, *self._notes())
        return self

    def _check_params(self) -> None:
        """Refuse parameters that are out of range."""
        if self.model not in ("choose", "logistic", "boosting"):
            raise MethodError("model must be 'choose', 'logistic' or 'boosting', not {model!r}", model=self.model)
        if not 0.1 <= self.hold_out <= 0.5:
            raise MethodError("hold_out must be from .1 to .5, not {value!r}", value=self.hold_out)
        if not 0 < self.most_drop <= 0.5:
            raise MethodError("most_drop must be over 0 and at most .5, not {value!r}", value=self.most_drop)
        if isinstance(self.random_state, bool) or not isinstance(self.random_state, int) or self.random_state < 0:
            raise MethodError(
                "random_state must be a whole number of at least 0, not {value!r}", value=self.random_state
            )

    def _draw(
        self, matrix: Vector, learned: Predictors, left: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return an order of the rows that does not depend on the file's, and which of them are held out."""
        order = np.lexsort((left, row_marks(matrix, learned.columns, self.random_state)))
        held = np.zeros(left.size, dtype=bool)
        for kind in (True, False):
            rows = np.flatnonzero(left[order] == kind)
            held[rows[: round(self.hold_out * rows.size)]] = True
        return order, held

    def _learn(self, matrix: Vector, left: NDArray[np.bool_]) -> None:
        """Choose the model out of fold, calibrate it there, and fit it on all the rows given."""
        columns = self._predictors.columns
        recipes = {"choose": LOGISTIC + BOOSTING, "logistic": LOGISTIC, "boosting": BOOSTING}[self.model]
        folds = folds_of(left, 3 if left.size > 10_000 else 5)
        odds = {recipe: out_of_fold(recipe, columns, matrix, left, folds) for recipe in recipes}
        self.inner_log_loss_: dict[Recipe, float] = {recipe: log_loss(odds[recipe], left) for recipe in recipes}
        self.model_ = min(recipes, key=lambda recipe: self.inner_log_loss_[recipe])
        self._scale: Scale = learn_scale(odds[self.model_], left)
        self._scorer = Scorer(self.model_, columns).fit(matrix, left)
        step = max(1, left.size // BACKGROUND_ROWS)
        self._background = matrix[::step][:BACKGROUND_ROWS].copy()

    def _measure(self, odds: Vector, left: NDArray[np.bool_]) -> None:
        """Measure the model on the hold-out."""
        stated = expit(odds)
        self.auc_: AUC = auc(odds, left)
        self.lift_: tuple[Decile, ...] = lift_by_decile(odds, left)
        self.calibration_: Calibration = calibration(stated, left)
        order = np.argsort(stated, kind="stable")
        self._held_stated, self._held_left = stated[order], left[order]
        top, rate = self.lift_[0], float(left.mean())
        self.lift_top_decile_ = top.lift
        low, high = wilson(top.events, max(1, round(top.customers)))
        self.lift_top_decile_interval_ = (low / rate, high / rate)

    def _notes(self) -> list[Note]:
        """Return what a reader must know of the figures."""
        notes = [
            Note(
                "the calibration error has no interval of its own: if every probability were true, it would be {chance:.4f} "
                "on average with so many customers",
                chance=self.calibration_.error_by_chance,
            )
        ]
        for one in self.refused_columns_:
            notes.append(
                Note(
                    "{column} is refused: without it the hold-out AUC falls by {drop:.3f}; if it is known before the "
                    "outcome, say so with known_before",
                    column=one.column,
                    drop=one.auc_drop,
                )
            )
        if self.auc_.value > 0.95:
            notes.append(
                Note(
                    "an AUC of {auc:.3f} is seldom honest: look whether a column tells the outcome", auc=self.auc_.value
                )
            )
        if self.calibration_.brier_skill <= 0:
            notes.append(Note("the model tells no more than the mean rate: its probabilities are of no use"))
        return notes

    def predict(self, X: Any) -> Vector:
        """Return the calibrated probability of leaving, shape (n_rows,).

        ``X`` must have the columns used; others are let be. Words never seen count as the rest of their column.
        """
        self._check_fitted("auc_")
        with one_thread():
            chances: Vector = expit(self._scale.apply(self._scorer.log_odds(self._predictors.matrix(X))))
        return chances

    def contributions(self, X: Any) -> tuple[Vector, float]:
        """Return what each used column adds to the calibrated log odds, shape (n_rows, n_used), and the level.

        Exact: level plus the sum of a row is the row's calibrated log odds; see :func:`pair_shapley`.
        """
        self._check_fitted("auc_")
        with one_thread():
            parts, level = pair_shapley(self._scorer.log_odds, self._predictors.matrix(X), self._background)
        return parts * self._scale.slope, float(self._scale.apply(np.array([level]))[0])

    def warn(self, X: Any, *, worth: Any = None, most: int = 20, reasons: int = 3) -> tuple[Warned, ...]:
        """Return the customers with most at stake, worst first: who, how sure, why, and what it is worth.

        Parameters
        ----------
        X : table, shape (n_customers, n_columns)
        worth : array_like, shape (n_customers,), optional
            What each customer is worth; ranks by probability times worth. Without it, by probability.
        most : int, default 20
        reasons : int, default 3
            How many columns are named for each, those with the largest share in the log odds.
        """
        stated = self.predict(X)
        frame = as_frame(X)
        value = None if worth is None else as_vector(worth, "worth", size=stated.size)
        stake = stated if value is None else stated * value
        rows = np.lexsort((np.arange(stated.size), -stake))[:most]
        few = {name: frame.column(name)[rows] for name in self.used_columns_}
        parts, _ = self.contributions(few)
        words = {column.name: column.told(few[column.name]) for column in self._predictors.columns}
        told = []
        for place, row in enumerate(rows.tolist()):
            order = np.argsort(-np.abs(parts[place]), kind="stable")[:reasons]
            named = [self.used_columns_[column] for column in order]
            why = tuple(
                Reason(name, words[name][place], float(parts[place, column]))
                for name, column in zip(named, order, strict=True)
            )
            price = None if value is None else float(value[row])
            chance = float(stated[row])
            told.append(Warned(row, chance, self._sure(chance), why, price, None if price is None else chance * price))
        return tuple(told)

    def _sure(self, chance: float) -> tuple[float, float]:
        """Return the interval of the share that left among hold-out customers with about this probability."""
        size = self._held_stated.size
        near = min(NEAREST, max(10, size // 10))
        middle = int(np.searchsorted(self._held_stated, chance))
        first = min(max(0, middle - near // 2), size - near)
        return wilson(float(self._held_left[first : first + near].sum()), near)


def _keep(learned: Predictors, matrix: Vector, names: set[str]) -> tuple[Predictors, Vector]:
    """Return some of the columns and of the matrix."""
    taken = [place for place, name in enumerate(learned.names) if name in names]
    return learned.only(names), matrix[:, taken]

"""The models behind the early warning: logistic regression, and boosted trees that never join over two columns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from guanxi_methods.churn.predictors import Predictor
from guanxi_methods.frames import Vector

# A word's rate in training counts as if so many rows more had left at the mean rate.
PRIOR_ROWS = 10


@dataclass(frozen=True)
class Recipe:
    """A kind of model with its settings.

    Attributes
    ----------
    name : str
        "logistic" or "boosting".
    strength : float
        Of a logistic regression: the inverse of the penalty (scikit-learn's C).
    rounds, rate : int, float
        Of boosting: how many trees, and how much of each is taken.
    """

    name: str
    strength: float = 1.0
    rounds: int = 0
    rate: float = 0.0


LOGISTIC = (Recipe("logistic", strength=0.05), Recipe("logistic", strength=1.0))
BOOSTING = (Recipe("boosting", rounds=120, rate=0.1), Recipe("boosting", rounds=200, rate=0.2))
# For the search for leaks, where many models are fitted and compared with one another.
QUICK = Recipe("boosting", rounds=60, rate=0.25)


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep to one thread: many small trees on shared cores spend most of their time waiting for one another."""
    import sklearn.ensemble  # noqa: F401  # takes long to load; its threads can be limited once it is there
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # comes with scikit-learn

    with threadpool_limits(limits=1):
        yield


class Scorer:
    """A model that gives log odds of leaving for a matrix of predictors.

    Trees have two splits from root to leaf, so that no more than two columns ever act together: that is what makes
    exact reasons cheap (see :mod:`guanxi_methods.churn.reasons`).
    """

    def __init__(self, recipe: Recipe, columns: tuple[Predictor, ...]) -> None:
        """Keep the recipe and what the columns hold."""
        self.recipe = recipe
        self.columns = columns

    def fit(self, matrix: Vector, left: NDArray[np.bool_]) -> Scorer:
        """Learn from the rows given."""
        if self.recipe.name == "logistic":
            self._fit_logistic(matrix, left)
        else:
            self._fit_boosting(matrix, left)
        return self

    def _fit_logistic(self, matrix: Vector, left: NDArray[np.bool_]) -> None:
        """Learn a regularised logistic regression over standardised numbers and indicators of words."""
        from sklearn.linear_model import LogisticRegression  # takes long to load

        filled = np.isnan(matrix)
        with_gaps = [place for place, column in enumerate(self.columns) if not column.is_words]
        self._gaps = [place for place in with_gaps if filled[:, place].any()]
        counts = np.maximum((~filled).sum(axis=0), 1)
        self._means = np.where(filled, 0.0, matrix).sum(axis=0) / counts
        raw = self._design(matrix)
        self._centers = raw.mean(axis=0)
        spread = raw.std(axis=0)
        self._spreads = np.where(spread > 0, spread, 1.0)
        model = LogisticRegression(C=self.recipe.strength, max_iter=500, tol=1e-6)
        model.fit((raw - self._centers) / self._spreads, left)
        self._weights, self._level = model.coef_[0], float(model.intercept_[0])

    def _design(self, matrix: Vector) -> Vector:
        """Return numbers with their gaps filled, marks of the gaps, and indicators of words."""
        made = []
        for place, column in enumerate(self.columns):
            values = matrix[:, place]
            if column.is_words:
                made += [values == level for level in range(len(column.levels))]
            else:
                made.append(np.where(np.isnan(values), self._means[place], values))
                if place in self._gaps:
                    made.append(np.isnan(values))
        return np.column_stack(made).astype(np.float64)

    def _fit_boosting(self, matrix: Vector, left: NDArray[np.bool_]) -> None:
        """Learn boosted trees; gaps go their own way at each split, words stand in the order of their rates."""
        from sklearn.ensemble import HistGradientBoostingClassifier  # takes long to load

        self._model = HistGradientBoostingClassifier(
            max_iter=self.recipe.rounds,
            learning_rate=self.recipe.rate,
            max_depth=2,
            min_samples_leaf=int(min(20, max(2, left.size // 20))),
            l2_regularization=1.0,
            categorical_features=None,
            early_stopping=False,
            random_state=0,
        )
        base = float(left.mean())
        self._rates = {}
        for place, column in enumerate(self.columns):
            if column.is_words:
                codes = matrix[:, place]
                seen = ~np.isnan(codes)
                levels, size = codes[seen].astype(np.int64), len(column.levels)
                rows = np.bincount(levels, minlength=size)
                events = np.bincount(levels, weights=left[seen], minlength=size)
                self._rates[place] = np.append((events + base * PRIOR_ROWS) / (rows + PRIOR_ROWS), np.nan)
        self._model.fit(self._ordered(matrix), left)

    def _ordered(self, matrix: Vector) -> Vector:
        """Return the matrix with words as the rates at which their rows left in training."""
        made = matrix.copy()
        for place, rates in self._rates.items():
            codes = matrix[:, place]
            made[:, place] = rates[np.where(np.isnan(codes), rates.size - 1, codes).astype(np.int64)]
        return made

    def log_odds(self, matrix: Vector) -> Vector:
        """Return the log odds of leaving, shape (n_rows,)."""
        if self.recipe.name == "logistic":
            standard = (self._design(matrix) - self._centers) / self._spreads
            return standard @ self._weights + self._level
        odds: Vector = self._model.decision_function(self._ordered(matrix)).astype(np.float64)
        return odds


@dataclass(frozen=True)
class Scale:
    """Calibration of log odds by a straight line (Platt 1999): ``level + slope * log odds``."""

    level: float
    slope: float

    def apply(self, odds: Vector) -> Vector:
        """Return calibrated log odds."""
        return self.level + self.slope * odds


def learn_scale(odds: Vector, left: NDArray[np.bool_]) -> Scale:
    """Learn the line by maximum likelihood on log odds of rows the model had not seen.

    Platt's targets, (n + 1) / (n + 2) and 1 / (m + 2) in place of 1 and 0, keep the line finite where scores part the
    outcomes without fail. A line that would not rise is replaced by a level alone with a slope near 0.
    """
    n, m = int(left.sum()), int((~left).sum())
    target = np.where(left, (n + 1) / (n + 2), 1 / (m + 2))
    center, spread = float(odds.mean()), float(odds.std()) or 1.0
    x = np.column_stack([np.ones(odds.size), (odds - center) / spread])
    beta = np.array([np.log((n + 1) / (m + 1)), 0.0])
    for _ in range(50):
        chance = expit(x @ beta)
        information = x.T @ (x * (chance * (1 - chance))[:, None]) + 1e-9 * np.eye(2)
        step = np.linalg.solve(information, x.T @ (target - chance))
        beta = beta + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-10:
            break
    slope = max(float(beta[1]) / spread, 1e-6)
    return Scale(float(beta[0]) - slope * center, slope)


def log_loss(odds: Vector, left: NDArray[np.bool_]) -> float:
    """Return the mean log loss of log odds."""
    return float(np.mean(np.logaddexp(0.0, np.where(left, -odds, odds))))


def folds_of(left: NDArray[np.bool_], count: int) -> NDArray[np.int64]:
    """Return a fold for each row, each outcome dealt out in turn in the order of the rows."""
    folds = np.empty(left.size, dtype=np.int64)
    for kind in (left, ~left):
        folds[kind] = np.arange(int(kind.sum())) % count
    return folds


def out_of_fold(
    recipe: Recipe, columns: tuple[Predictor, ...], matrix: Vector, left: NDArray[np.bool_], folds: NDArray[Any]
) -> Vector:
    """Return log odds of each row by a model that has not seen its fold."""
    odds = np.empty(left.size)
    for fold in range(int(folds.max()) + 1):
        inside = folds == fold
        odds[inside] = Scorer(recipe, columns).fit(matrix[~inside], left[~inside]).log_odds(matrix[inside])
    return odds

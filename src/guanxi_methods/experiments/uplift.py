"""Uplift: whom a treatment moves, and by how much, rather than who would have bought anyway."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.base import Method, Note
from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.experiments.curves import UpliftCurve, curve_of, last_of_each
from guanxi_methods.experiments.means import as_treated
from guanxi_methods.frames import Vector, as_matrix, as_vector
from guanxi_methods.proportion import check_level, normal_quantile

# Fewer than this in an arm, or successes in all, and no ranking can be told from chance.
LEAST = 30
GROUPS = 5
STEPS = 50
CLOSE = 1e-10
Rows = NDArray[np.int64]


class Uplift(Method):
    r"""Predict for each customer what a treatment changes, and check the ranking on customers not learned from.

    ``"two-model"``: one ridge model of the outcome among the treated, one among the untreated; the uplift is the
    difference of their predictions. Outcomes of 0 and 1 are modelled by logistic regression, others linearly.

    ``"transformed-outcome"``: one linear ridge model of

    .. math:: Y^\ast = Y \frac{W - e}{e (1 - e)}, \qquad E[Y^\ast \mid X] = E[Y(1) - Y(0) \mid X]

    with :math:`W` treated or not and :math:`e` the share treated. It looks at the difference alone, at the price of
    noise.

    Features are standardised, ``penalty`` is what the squared coefficients weigh against the (log-)likelihood in sum,
    intercepts are free. Predictions come from models that have not seen the customer (``folds`` parts, dealt at random
    but the same whatever the order of rows); the curves, coefficients and groups are of those, customers ranked within
    their part.

    Parameters
    ----------
    method : {"two-model", "transformed-outcome"}, default "two-model"
    penalty : float, default 1
        At least 0.
    folds : int, default 5
        From 2.
    n_bootstrap : int, default 200
        Resamples of customers for the intervals of the coefficients. The models are not fitted again: the interval is
        that of this ranking.
    level : float, default .95
    random_state : int, default 0

    Attributes
    ----------
    uplift_ : ndarray, shape (n_customers,)
        Predicted change of the outcome by the treatment.
    curve_ : UpliftCurve
    effect_ : float
        On everybody, and ``effect_interval_`` (normal, unequal variances).
    qini_, auuc_ : float
        With ``qini_interval_``, ``auuc_interval_``.
    groups_ : list of tuple
        Fifths by prediction, best first: (customers, mean prediction, actual difference, its lower and upper limit);
        limits are NaN where an arm has fewer than 2 there. Ties stay together, so fifths may differ in size.
    n_ : tuple of int
        Untreated, treated.
    notes_ : tuple of Note

    References
    ----------
    B. Hansotia & B. Rukstales, Journal of Interactive Marketing 16, 2002 (two models); S. Athey & G. Imbens, PNAS 113,
    2016, section 3 (transformed outcome); N. J. Radcliffe 2007 and P. Gutierrez & J.-Y. Gerardy 2017 (curves).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> loyal, offered = rng.random(4000) < 0.5, rng.random(4000) < 0.5
    >>> bought = rng.random(4000) < 0.1 + 0.2 * (offered & loyal)
    >>> uplift = Uplift(random_state=1).fit({"loyal": loyal.astype(int)}, offered, bought)
    >>> uplift.predict({"loyal": [0, 1]}).round(1), uplift.qini_interval_[0] > 0
    (array([0. , 0.2]), True)
    """

    def __init__(
        self,
        method: Literal["two-model", "transformed-outcome"] = "two-model",
        *,
        penalty: float = 1.0,
        folds: int = 5,
        n_bootstrap: int = 200,
        level: float = 0.95,
        random_state: int = 0,
    ) -> None:
        """Store the parameters."""
        self.method = method
        self.penalty = penalty
        self.folds = folds
        self.n_bootstrap = n_bootstrap
        self.level = level
        self.random_state = random_state

    def fit(self, features: Any, treated: ArrayLike, outcome: ArrayLike) -> Uplift:
        """Learn, and check what was learned.

        Parameters
        ----------
        features : array_like or table, shape (n_customers, n_features)
            Known before the treatment; numbers.
        treated : array_like of 0 and 1, shape (n_customers,)
            By chance: where it was chosen, the uplift is not the treatment's.
        outcome : array_like, shape (n_customers,)

        Returns
        -------
        Uplift

        Raises
        ------
        MethodError
            Missing or infinite values, lengths that differ, fewer than 30 customers in an arm, fewer than 30 of either
            outcome where it is 0 or 1.
        """
        self._check_parameters()
        x, self.feature_names_ = as_matrix(features)
        is_treated = as_treated(treated, len(x))
        y = as_vector(outcome, "outcome", size=len(x))
        self.n_ = (int((~is_treated).sum()), int(is_treated.sum()))
        self._is_binary = bool(np.isin(y, (0.0, 1.0)).all())
        self._check_enough(y)
        order = np.lexsort((*x.T[::-1], is_treated, y))
        rng = np.random.default_rng(self.random_state)
        fold = self._dealt(rng, is_treated[order])
        ranked, standing = np.empty(len(x)), np.empty(len(x))
        for part in range(self.folds):
            out = order[fold == part]
            learned = self._learn(x, is_treated, y, order[fold != part])
            ranked[out] = self._predicted(learned, x[out])
            # Compared within the part: across parts the models differ, and where one predicts more its part had less.
            standing[out] = _standing(ranked[out])
        self.uplift_ = ranked
        self._models = self._learn(x, is_treated, y, order)
        self._judge(rng, order, standing, is_treated, y)
        self.notes_: tuple[Note, ...] = (
            Note("the intervals of qini and auuc are those of this ranking; its models were not fitted again"),
        )
        if np.ptp(ranked) == 0:
            self.notes_ += (Note("all customers have the same prediction: the features tell nothing apart"),)
        return self

    def predict(self, features: Any) -> Vector:
        """Return what the treatment is expected to change, by the models learned from all customers.

        Parameters
        ----------
        features : array_like or table, shape (n, n_features)

        Returns
        -------
        ndarray, shape (n,)
        """
        self._check_fitted("uplift_")
        x, names = as_matrix(features)
        if len(names) != len(self.feature_names_):
            raise MethodError(
                "features has {found} columns where {needed} were learned from", found=len(names),
                needed=len(self.feature_names_),
            )  # fmt: skip
        return self._predicted(self._models, x)

    def _check_parameters(self) -> None:
        """Raise MethodError unless the parameters are what they must be."""
        if self.method not in ("two-model", "transformed-outcome"):
            raise MethodError("method must be 'two-model' or 'transformed-outcome', not {value!r}", value=self.method)
        if not self.penalty >= 0 or not math.isfinite(self.penalty):
            raise MethodError("penalty must be a number of at least 0, not {value!r}", value=self.penalty)
        for name, value, least in (("folds", self.folds, 2), ("n_bootstrap", self.n_bootstrap, 20)):
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                raise MethodError(
                    "{name} must be a whole number of at least {least}, not {value!r}", name=name, least=least,
                    value=value,
                )  # fmt: skip
        if isinstance(self.random_state, int) and self.random_state < 0:
            raise MethodError("the seed must be a whole number of at least 0, not {seed}", seed=self.random_state)
        check_level(self.level)

    def _check_enough(self, y: Vector) -> None:
        """Raise TooFewError where no ranking could be told from chance."""
        for count, arm in zip(self.n_, ("untreated", "treated"), strict=True):
            if count < LEAST:
                raise TooFewError(
                    "{count} customers are {arm}: at least {least} are needed", count=count, arm=arm, least=LEAST
                )
        for value in (0.0, 1.0) if self._is_binary else ():
            found = int((y == value).sum())
            if found < LEAST:
                raise TooFewError(
                    "{found} customers have the outcome {value:.0f}: at least {least} are needed", found=found,
                    value=value, least=LEAST,
                )  # fmt: skip

    def _dealt(self, rng: np.random.Generator, is_treated: NDArray[np.bool_]) -> Rows:
        """Return the part each customer goes to, both arms spread evenly."""
        made = np.empty(is_treated.size, dtype=np.int64)
        for arm in (False, True):
            rows = np.flatnonzero(is_treated == arm)
            made[rng.permutation(rows)] = np.arange(rows.size) % self.folds
        return made

    def _learn(self, x: Vector, is_treated: NDArray[np.bool_], y: Vector, rows: Rows) -> tuple[Any, ...]:
        """Return location and scale of the features, and the coefficients of one or two models."""
        part = x[rows]
        middle, scale = part.mean(axis=0), part.std(axis=0)
        # A column without spread, up to rounding, tells nothing and must not be blown up.
        is_flat = scale <= 1e-12 * np.maximum(1e-300, np.abs(middle))
        scale = np.where(is_flat, 1.0, scale)
        z = np.column_stack([np.ones(rows.size), np.where(is_flat, 0.0, (part - middle) / scale)])
        arm, outcome = is_treated[rows], y[rows]
        if self.method == "transformed-outcome":
            share = arm.mean()
            target = outcome * (arm - share) / (share * (1 - share))
            return middle, scale, is_flat, (_ridge(z, target, self.penalty),)
        model = _logistic if self._is_binary else _ridge
        return (
            middle,
            scale,
            is_flat,
            tuple(model(z[arm == on], outcome[arm == on], self.penalty) for on in (True, False)),
        )

    def _predicted(self, learned: tuple[Any, ...], x: Vector) -> Vector:
        """Return the uplift by the models learned."""
        middle, scale, is_flat, models = learned
        z = np.column_stack([np.ones(len(x)), np.where(is_flat, 0.0, (x - middle) / scale)])
        told = [z @ model for model in models]
        if len(told) == 1:
            return np.asarray(told[0])
        if self._is_binary:
            told = [_chance(line) for line in told]
        return np.asarray(told[0] - told[1])

    def _judge(
        self, rng: np.random.Generator, order: Rows, standing: Vector, is_treated: NDArray[np.bool_], y: Vector
    ) -> None:
        """Work out curve, coefficients and groups, with their intervals."""
        ranking = order[np.argsort(-standing[order], kind="stable")]
        arm, outcome, score = is_treated[ranking], y[ranking], self.uplift_[ranking]
        ends = last_of_each(standing[ranking])
        self.curve_: UpliftCurve = curve_of(ends, arm, outcome, np.ones(arm.size))
        self.qini_, self.auuc_ = self.curve_.qini_coefficient, self.curve_.auuc
        again = np.empty((self.n_bootstrap, 2))
        for draw in range(self.n_bootstrap):
            weight = np.empty(arm.size)
            for on in (False, True):
                rows = np.flatnonzero(arm == on)
                weight[rows] = np.bincount(rng.integers(0, rows.size, rows.size), minlength=rows.size)
            resampled = curve_of(ends, arm, outcome, weight)
            again[draw] = resampled.qini_coefficient, resampled.auuc
        tail = (1 - self.level) / 2
        limits = np.quantile(again, [tail, 1 - tail], axis=0)
        self.qini_interval_ = (float(limits[0, 0]), float(limits[1, 0]))
        self.auuc_interval_ = (float(limits[0, 1]), float(limits[1, 1]))
        z = normal_quantile(self.level)
        self.effect_, low, high = _difference(arm, outcome, z)
        self.effect_interval_ = (low, high)
        self.groups_ = []
        wanted = [arm.size * k // GROUPS - 1 for k in range(1, GROUPS + 1)]
        edges = sorted({0, *(int(ends[place]) + 1 for place in np.searchsorted(ends, wanted))})
        for start, end in pairwise(edges):
            part = slice(start, end)
            self.groups_.append((end - start, float(score[part].mean()), *_difference(arm[part], outcome[part], z)))


def _difference(arm: NDArray[np.bool_], y: Vector, z: float) -> tuple[float, float, float]:
    """Return the difference of the arms' means with its limits; NaN where they cannot be had."""
    treated, untreated = y[arm], y[~arm]
    if min(treated.size, untreated.size) < 1:
        return math.nan, math.nan, math.nan
    difference = float(treated.mean() - untreated.mean())
    if min(treated.size, untreated.size) < 2:
        return difference, math.nan, math.nan
    half = z * math.sqrt(treated.var(ddof=1) / treated.size + untreated.var(ddof=1) / untreated.size)
    return difference, difference - half, difference + half


def _standing(predictions: Vector) -> Vector:
    """Return where each stands among all, 0 to 1, equal ones alike."""
    _, codes, sizes = np.unique(predictions, return_inverse=True, return_counts=True)
    middle = np.cumsum(sizes) - sizes / 2
    return np.asarray(middle[codes] / predictions.size)


def _chance(line: Vector) -> Vector:
    """Return the logistic function, without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(line / 2)))


def _penalties(width: int, penalty: float) -> Vector:
    """Return the diagonal of the penalty; the intercept's is 0, a trace keeps equations with flat columns solvable."""
    made = np.full(width, max(penalty, 1e-9))
    made[0] = 0.0
    return np.diag(made)


def _ridge(z: Vector, y: Vector, penalty: float) -> Vector:
    """Return the coefficients of a linear ridge model."""
    return np.asarray(np.linalg.solve(z.T @ z + _penalties(z.shape[1], penalty), z.T @ y), dtype=float)


def _logistic(z: Vector, y: Vector, penalty: float) -> Vector:
    """Return the coefficients of a logistic ridge model, by Newton's method with halved steps."""
    # Half an outcome of each kind keeps the intercept of an arm without any finite.
    share = (y.sum() + 0.5) / (y.size + 1)
    beta = np.zeros(z.shape[1])
    beta[0] = math.log(share / (1 - share))
    if y.min() == y.max():
        return beta
    ridge = _penalties(z.shape[1], penalty)

    def loss(at: Vector) -> float:
        line = z @ at
        return float(np.logaddexp(0, line).sum() - y @ line + at @ ridge @ at / 2)

    current = loss(beta)
    for _ in range(STEPS):
        chance = _chance(z @ beta)
        slope = z.T @ (chance - y) + ridge @ beta
        curvature = (z * (chance * (1 - chance))[:, None]).T @ z + ridge
        step = np.linalg.solve(curvature + np.eye(z.shape[1]) * 1e-12, slope)
        size = 1.0
        while size > 1e-6 and loss(beta - size * step) > current:
            size /= 2
        beta = beta - size * step
        before, current = current, loss(beta)
        if abs(before - current) <= CLOSE * (1 + abs(current)):
            break
    return beta

"""The discrete-time hazard: the chance of leaving in each period of those still there, given what is known of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfc, expit, log1p

from guanxi_methods.base import Method, MethodError, Note
from guanxi_methods.churn.design import Design, learn_design
from guanxi_methods.churn.durations import as_durations
from guanxi_methods.frames import Vector
from guanxi_methods.proportion import check_level, normal_quantile

MOST_STEPS = 60
# On standardised covariates an effect this large means that a column parts leavers from stayers without fail.
LARGEST_EFFECT = 12.0


@dataclass(frozen=True)
class Coefficient:
    """One effect on the log odds of leaving in a period.

    Attributes
    ----------
    estimate, standard_error, lower, upper : float
        With the limits of the interval (Wald).
    odds_ratio : float
        exp(estimate).
    p_value : float
        Of no effect, two-sided.
    """

    estimate: float
    standard_error: float
    lower: float
    upper: float
    odds_ratio: float
    p_value: float


class DiscreteTimeHazard(Method):
    r"""Logistic hazard by periods, with a level of its own for each period.

    A customer with covariates :math:`x` who is still there at the start of period :math:`t` leaves in it with

    .. math::

        h(t \mid x) = \frac{1}{1 + e^{-(\alpha_t + x^\top \beta)}}, \qquad
        S(t \mid x) = \prod_{s \le t} \bigl(1 - h(s \mid x)\bigr)

    fitted by maximum likelihood over customer-periods,

    .. math:: \log L = \sum_i \sum_{t \le T_i} y_{it} \log h + (1 - y_{it}) \log (1 - h)

    without writing them out: customers sorted by their last period make every risk set a leading block, and the
    :math:`\alpha` are eliminated by the Schur complement at each Newton step. Without covariates :math:`h(t)` is the
    share leaving, the life table. A period in which nobody leaves has :math:`h = 0`, one in which all leave
    :math:`h = 1`; both are exact maxima and take no part in the estimate of :math:`\beta`.

    Durations count periods: an event within period 3 has a duration over 2 up to 3; who is last seen at 2.4 has been
    through two whole periods.

    Parameters
    ----------
    level : float, default 0.95

    Attributes
    ----------
    periods_ : ndarray of int64, shape (n_periods,)
        1, 2, ... up to the last in which anybody was at risk.
    at_risk_, events_ : ndarray of int64, shape (n_periods,)
    hazard_ : ndarray, shape (n_periods,)
        For a customer with mean covariates (words: in proportion), or of all without covariates.
    hazard_lower_, hazard_upper_ : ndarray, shape (n_periods,)
        Wald on the log odds; without covariates and in periods where nobody or everybody leaves, Wilson's.
    survival_ : ndarray, shape (n_periods,)
        The product of ``1 - hazard_``.
    baseline_ : ndarray, shape (n_periods,)
        :math:`\alpha` for covariates 0 and words at their reference; infinite where the hazard is 0 or 1.
    coefficients_ : dict of str to Coefficient
        "tenure", or "contract=One year" against ``references_["contract"]``.
    references_ : dict of str to str
    log_likelihood_ : float
    n_customers_, n_events_ : int
    notes_ : tuple of Note

    Notes
    -----
    Covariates hold for the whole stay; the effect is the same in every period (proportional odds).

    References
    ----------
    D. R. Cox, "Regression models and life-tables", JRSS B 34, 1972, section 4; P. D. Allison, "Discrete-time methods
    for the analysis of event histories", Sociological Methodology 13, 1982; J. D. Singer & J. B. Willett, "Applied
    Longitudinal Data Analysis", 2003, chapters 10 to 12.

    Examples
    --------
    >>> model = DiscreteTimeHazard().fit([1, 1, 2, 2, 3, 3, 3, 3], [1, 1, 1, 0, 1, 0, 0, 0])
    >>> model.hazard_.round(3), model.survival_.round(3)
    (array([0.25 , 0.167, 0.25 ]), array([0.75 , 0.625, 0.469]))
    """

    def __init__(self, level: float = 0.95) -> None:
        """Store the parameters."""
        self.level = level

    def fit(self, duration: Any, event: Any, covariates: Any = None) -> DiscreteTimeHazard:
        """Estimate the hazard.

        Parameters
        ----------
        duration : array_like, shape (n_customers,)
            Periods; see above for parts of one.
        event : array_like of bool or 0 and 1, shape (n_customers,)
        covariates : table of numbers and words, shape (n_customers, n_columns), optional

        Returns
        -------
        DiscreteTimeHazard

        Raises
        ------
        MethodError
            Durations as in :func:`as_durations`; an event at time 0; no event; a covariate that is missing, constant,
            determined by the others, or that parts leavers from stayers without fail (no finite estimate).
        """
        check_level(self.level)
        lasted, left = as_durations(duration, event)
        at_once = left & (lasted == 0)
        if at_once.any():
            raise MethodError(
                "row {row} left at time 0, in no period: count the first period as 1", row=int(np.argmax(at_once)) + 1
            )
        if not left.any():
            raise MethodError("nobody left: a hazard needs at least one event")
        last = np.where(left, np.ceil(lasted), np.floor(lasted)).astype(np.int64)
        self._design: Design | None = None
        columns = np.empty((lasted.size, 0))
        if covariates is not None:
            self._design, columns = learn_design(covariates)
            if len(columns) != lasted.size:
                raise MethodError(
                    "covariates hold {found} rows where {size} are needed", found=len(columns), size=lasted.size
                )
        self._count(last, left)
        self._search(columns, last, left)
        self._tell()
        self.n_customers_, self.n_events_ = lasted.size, int(left.sum())
        notes = []
        if (last == 0).any():
            notes.append(Note("{count} customers were never at risk for a whole period", count=int((last == 0).sum())))
        silent = int((self.events_ == 0).sum())
        if silent:
            notes.append(Note("in {count} periods nobody left: the hazard there is estimated as 0", count=silent))
        self.notes_ = tuple(notes)
        return self

    def _count(self, last: NDArray[np.int64], left: NDArray[np.bool_]) -> None:
        """Count who is at risk and who leaves in each period."""
        size = int(last.max())
        self.periods_ = np.arange(1, size + 1)
        self.events_ = np.bincount(last[left], minlength=size + 1)[1:]
        leaving = np.bincount(last, minlength=size + 1)
        self.at_risk_ = last.size - leaving.cumsum()[:-1]

    def _search(self, columns: Vector, last: NDArray[np.int64], left: NDArray[np.bool_]) -> None:
        """Find the maximum of the likelihood by Newton's method, halving steps that do not climb."""
        order = np.argsort(-last, kind="stable")
        x = columns[order]
        moving = np.flatnonzero((self.events_ > 0) & (self.events_ < self.at_risk_))
        sizes, d = self.at_risk_[moving], self.events_[moving].astype(np.float64)
        pulled = x[left[order] & np.isin(last[order] - 1, moving)].sum(axis=0)
        alpha, beta = np.log(d / (sizes - d)), np.zeros(x.shape[1])
        best = self._height(x, sizes, d, pulled, alpha, beta)
        slope, schur, pieces = self._slopes(x, sizes, d, pulled, alpha, beta)
        for _ in range(MOST_STEPS):
            d_beta = np.linalg.solve(schur, slope[1] - pieces[1].T @ (slope[0] / pieces[0])) if beta.size else beta
            d_alpha = (slope[0] - pieces[1] @ d_beta) / pieces[0]
            gain = float(slope[0] @ d_alpha + slope[1] @ d_beta)
            part = 1.0
            while part > 1e-6:
                height = self._height(x, sizes, d, pulled, alpha + part * d_alpha, beta + part * d_beta)
                if height >= best - 1e-12 * abs(best):
                    break
                part /= 2
            alpha, beta, best = alpha + part * d_alpha, beta + part * d_beta, height
            if beta.size and np.abs(beta).max() > LARGEST_EFFECT:
                break
            slope, schur, pieces = self._slopes(x, sizes, d, pulled, alpha, beta)
            if gain < 1e-14 * max(1.0, abs(best)):
                break
        if beta.size and np.abs(beta).max() > LARGEST_EFFECT:
            name = self._design.names[int(np.argmax(np.abs(beta)))] if self._design else ""
            raise MethodError(
                "{name} parts those who leave from those who stay without fail: no finite effect can be estimated, leave "
                "it out",
                name=name,
            )
        self.log_likelihood_ = best
        self._moving, self._alpha, self._beta = moving, alpha, beta
        self._beta_cov = np.linalg.inv(schur) if beta.size else np.empty((0, 0))
        tilt = pieces[1] / pieces[0][:, None]
        self._alpha_cov = np.diag(1 / pieces[0]) + tilt @ self._beta_cov @ tilt.T
        self._cross = -tilt @ self._beta_cov

    @staticmethod
    def _height(x: Vector, sizes: Any, d: Vector, pulled: Vector, alpha: Vector, beta: Vector) -> float:
        """Return the log likelihood."""
        effect = x @ beta
        total = float(alpha @ d + pulled @ beta)
        for size, level in zip(sizes.tolist(), alpha.tolist(), strict=True):
            score = level + effect[:size]
            total -= float(np.sum(np.maximum(score, 0) + log1p(np.exp(-np.abs(score)))))
        return total

    @staticmethod
    def _slopes(x: Vector, sizes: Any, d: Vector, pulled: Vector, alpha: Vector, beta: Vector) -> tuple[Any, Any, Any]:
        """Return the gradient, the Schur complement for beta, and the information's blocks of and with alpha."""
        effect = x @ beta
        weights = np.zeros(x.shape[0])
        chances = np.zeros(x.shape[0])
        expected, own, cross = np.empty(d.size), np.empty(d.size), np.empty((d.size, beta.size))
        for place, (size, level) in enumerate(zip(sizes.tolist(), alpha.tolist(), strict=True)):
            chance = expit(level + effect[:size])
            spread = chance * (1 - chance)
            expected[place], own[place], cross[place] = chance.sum(), spread.sum(), spread @ x[:size]
            weights[:size] += spread
            chances[:size] += chance
        slope = (d - expected, pulled - chances @ x)
        schur = (x * weights[:, None]).T @ x - cross.T @ (cross / own[:, None])
        return slope, schur, (own, cross)

    def _tell(self) -> None:
        """Turn the optimum into what is told."""
        z = normal_quantile(self.level)
        n, d = self.at_risk_.astype(np.float64), self.events_.astype(np.float64)
        self.hazard_ = d / n
        middle, room = (d + z * z / 2) / (n + z * z), z / (n + z * z) * np.sqrt(d * (n - d) / n + z * z / 4)
        self.hazard_lower_, self.hazard_upper_ = np.maximum(middle - room, 0.0), np.minimum(middle + room, 1.0)
        self.baseline_ = np.where(d == 0, -np.inf, np.inf)
        self.baseline_[self._moving] = self._alpha
        self.coefficients_: dict[str, Coefficient] = {}
        self.references_: dict[str, str] = {}
        if self._design is not None:
            error = np.sqrt(np.diag(self._alpha_cov))
            self.hazard_[self._moving] = expit(self._alpha)
            self.hazard_lower_[self._moving] = expit(self._alpha - z * error)
            self.hazard_upper_[self._moving] = expit(self._alpha + z * error)
            scales = self._design.scales
            self.baseline_[self._moving] -= float(self._design.centers @ (self._beta / scales))
            self.references_ = dict(self._design.references)
            errors = np.sqrt(np.diag(self._beta_cov)) / scales
            for name, effect, off in zip(self._design.names, self._beta / scales, errors, strict=True):
                b, s = float(effect), float(off)
                self.coefficients_[name] = Coefficient(
                    b, s, b - z * s, b + z * s, float(np.exp(b)), float(erfc(abs(b / s) / np.sqrt(2)))
                )
        self.survival_ = np.cumprod(1 - self.hazard_)

    def predict_hazard(self, covariates: Any = None) -> Vector:
        """Return the chance of leaving in each period, shape (n_rows, n_periods); one row without covariates."""
        self._check_fitted("hazard_")
        if self._design is None:
            if covariates is not None:
                raise MethodError("the model was fitted without covariates: it has no use for any")
            return self.hazard_[None, :]
        if covariates is None:
            raise MethodError("the model needs the covariates it was fitted with: {names}", names=", ".join(
                dict.fromkeys(column for column, _ in self._design.terms)))  # fmt: skip
        effect = self._design.apply(covariates) @ self._beta
        level = np.where(self.events_ == 0, -np.inf, np.inf)
        level[self._moving] = self._alpha
        chances: Vector = expit(level[None, :] + effect[:, None])
        return chances

    def predict_survival(self, covariates: Any = None) -> Vector:
        """Return the share still there after each period, shape (n_rows, n_periods)."""
        shares: Vector = np.cumprod(1 - self.predict_hazard(covariates), axis=1, dtype=np.float64)
        return shares

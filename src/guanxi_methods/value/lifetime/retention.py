r"""Shifted-beta-geometric retention: how many of those under contract renew, again and again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.frames import Vector, as_vector
from guanxi_methods.value.lifetime.maximum import Objective, highest, with_logs
from guanxi_methods.value.lifetime.model import LifetimeModel
from guanxi_methods.value.lifetime.summaries import as_counts

MOST_RENEWALS = 100_000
STARTS = ((1.0, 1.0), (0.5, 3.0), (3.0, 9.0), (0.1, 0.3))


class ShiftedBetaGeometric(LifetimeModel):
    r"""Shifted-beta-geometric retention: everybody leaves at the next renewal with a probability of their own.

    The probability is beta distributed over customers (alpha, beta), so those who leave easily are gone first and the
    rate of retention rises with every renewal although nobody becomes more loyal:

    .. math:: r_t = \frac{\beta + t - 1}{\alpha + \beta + t - 1}, \qquad
        \ln L = \sum_t [ \text{renewed}_t \ln r_t + (\text{due}_t - \text{renewed}_t) \ln (1 - r_t) ]

    For one cohort this is eq. B3 of the paper, for several their sum.

    Parameters
    ----------
    level : float, default 0.95
        Of all intervals.

    Attributes
    ----------
    params_ : dict of str to float
        alpha, beta, without unit.
    standard_errors_ : dict of str to float
        From the observed information on the logarithms (delta method); NaN where the likelihood is at its edge.
    intervals_ : dict of str to (float, float)
        exp(ln estimate ± z standard error of the logarithm); NaN where the likelihood is at its edge.
    covariance_log_ : ndarray of shape (2, 2)
        Of the logarithms of the parameters.
    log_likelihood_ : float
    at_edge_ : tuple of str
        Parameters that the likelihood drives to the edge of what they may be: no estimates. Empty if all is well.
    n_renewals_ : int
        The last renewal seen.
    notes_ : tuple of Note

    References
    ----------
    P. S. Fader & B. G. S. Hardie, "How to project customer retention", Journal of Interactive Marketing 21, 2007,
    p. 76-90.

    Examples
    --------
    The high-end customers of the paper:

    >>> model = ShiftedBetaGeometric().fit(**renewals_of([1000, 869, 743, 653, 593, 551, 517, 491]))
    >>> {name: round(value, 3) for name, value in model.params_.items()}, round(model.log_likelihood_, 1)
    ({'alpha': 0.668, 'beta': 3.806}, -1611.2)
    >>> model.survival([12]).round(3), model.retention([1, 8]).round(3)
    (array([0.378]), array([0.851, 0.942]))
    """

    PARAMS = ("alpha", "beta")

    n_renewals_: int

    def fit(self, renewal: Any, due: Any, renewed: Any) -> ShiftedBetaGeometric:
        """Estimate the parameters.

        Parameters
        ----------
        renewal : array_like of int, shape (n_rows,)
            Which renewal it was, 1 for the first; rows of several cohorts may be given together.
        due : array_like, shape (n_rows,)
            Customers whose contract ended.
        renewed : array_like, shape (n_rows,)
            Those of them who stayed. See :func:`renewals_of` for cohorts given as survivors.

        Returns
        -------
        ShiftedBetaGeometric

        Raises
        ------
        MethodError
            Missing, infinite or negative figures; more renewed than due; renewals that are not whole numbers of 1 on.
        TooFewError
            Nobody left, or nobody renewed.
        """
        self._check_level()
        times, at_risk, kept = _as_renewals(renewal, due, renewed)
        most = int(times.max())
        stayed = np.bincount(times - 1, weights=kept, minlength=most).astype(np.float64)
        left = np.bincount(times - 1, weights=at_risk - kept, minlength=most).astype(np.float64)
        if not left.any() or not stayed.any():
            raise TooFewError(
                "{what}: how retention differs between customers cannot be learned",
                what="nobody left" if not left.any() else "everybody left at the first chance",
            )
        objective = _objective(stayed, left)
        top = highest(objective, [np.log(start) for start in STARTS])
        self.n_renewals_ = most
        notes: list[Note] = []
        if np.count_nonzero(stayed + left) < 2:
            notes.append(Note("only one renewal was seen: one rate cannot tell two parameters apart"))
        self._learn(objective, top, np.ones(2), notes)
        return self

    def retention(self, renewal: ArrayLike) -> Vector:
        r"""Return the rate of retention at a renewal, :math:`r_t = (\beta + t - 1) / (\alpha + \beta + t - 1)`.

        Parameters
        ----------
        renewal : array_like of int, shape (n,)
            1 is the first.

        Returns
        -------
        ndarray of float64, shape (n,)
        """
        alpha, beta = self._values()
        t = _as_times(renewal, 1)
        made: Vector = (beta + t - 1) / (alpha + beta + t - 1)
        return made

    def retention_interval(self, renewal: ArrayLike) -> tuple[Vector, Vector]:
        """Return the interval of :meth:`retention` (delta method on the logit)."""
        self._values()
        t = _as_times(renewal, 1)
        return self._share_interval(lambda params: (params[1] + t - 1) / (params.sum() + t - 1))

    def survival(self, renewal: ArrayLike) -> Vector:
        r"""Return the share still there after so many renewals, :math:`S(t) = B(\alpha, \beta + t) / B(\alpha, \beta)`.

        Parameters
        ----------
        renewal : array_like of int, shape (n,)
            0 is before the first.

        Returns
        -------
        ndarray of float64, shape (n,)
        """
        return _survival(self._values(), _as_times(renewal, 0))

    def survival_interval(self, renewal: ArrayLike) -> tuple[Vector, Vector]:
        """Return the interval of :meth:`survival` (delta method on the logit)."""
        self._values()
        t = _as_times(renewal, 0)
        return self._share_interval(lambda params: _survival(params, t))

    def discounted_lifetime(self, rate: float, renewals: int = 0) -> float:
        r"""Return the discounted expected (residual) lifetime in periods.

        For a new customer (``renewals=0``) all periods including the first, which is not discounted:
        :math:`\sum_{t \ge 0} S(t) / (1+d)^t`. For one who has renewed n times, and is about to be asked for renewal n +
        1, the periods to come: :math:`\sum_{t > n} \frac{S(t)}{S(n)} (1+d)^{-(t-n-1)}`, the next period, if renewed, not
        discounted. Times the margin of a period it is the lifetime value.

        Parameters
        ----------
        rate : float
            Rate of discount per period, over 0.
        renewals : int, default 0
            How often the customer has renewed so far.

        Returns
        -------
        float

        References
        ----------
        P. S. Fader & B. G. S. Hardie, "Customer-base valuation in a contractual setting: the perils of ignoring
        heterogeneity", Marketing Science 29, 2010.
        """
        alpha, beta = self._values()
        if not (isinstance(rate, (int, float)) and rate > 0 and np.isfinite(rate)):
            raise MethodError("rate must be over 0, not {rate!r}: without discount the sum may be infinite", rate=rate)
        so_far = int(_as_times([renewals], 0)[0])
        factor = 1 / (1 + rate)
        terms = min(1_000_000, int(np.ceil(np.log(1e-16) / np.log(factor))))
        t = so_far + np.arange(1, terms + 1)
        stays = np.cumprod((beta + t - 1) / (alpha + beta + t - 1))
        if so_far == 0:
            return float(1 + stays @ factor ** np.arange(1, terms + 1))
        return float(stays @ factor ** np.arange(terms))


def renewals_of(*survivors: Sequence[float] | Vector) -> dict[str, Vector]:
    """Turn cohorts' survivors into the columns that ``ShiftedBetaGeometric.fit`` takes.

    Parameters
    ----------
    *survivors : array_like, each of shape (n_renewals + 1,)
        How many of a cohort there were at the start and after the first, second ... renewal.

    Returns
    -------
    dict
        "renewal", "due" and "renewed".

    Raises
    ------
    MethodError
        Fewer than two figures, a negative one, or one that grows.

    Examples
    --------
    >>> renewals_of([1000, 869, 743])["renewed"].tolist()
    [869.0, 743.0]
    """
    times, due, renewed = [], [], []
    for number, cohort in enumerate(survivors, start=1):
        alive = as_vector(cohort, "survivors")
        if alive.size < 2:
            raise TooFewError("cohort {number} needs at least two figures: the start and one renewal", number=number)
        if (alive < 0).any() or (np.diff(alive) > 0).any():
            raise MethodError("the survivors of cohort {number} must fall or stay, and not be negative", number=number)
        times.append(np.arange(1, alive.size))
        due.append(alive[:-1])
        renewed.append(alive[1:])
    if not times:
        raise TooFewError("survivors is empty: there is no cohort")
    return {"renewal": np.concatenate(times), "due": np.concatenate(due), "renewed": np.concatenate(renewed)}


def _as_times(renewal: ArrayLike, least: int) -> Vector:
    """Return numbers of renewals."""
    given = np.atleast_1d(np.asarray(renewal))
    # Before anything else is made of very many numbers.
    if given.size > MOST_RENEWALS and given.dtype.kind in "iu" and given.max() > MOST_RENEWALS:
        raise MethodError("renewal must be at most {most}", most=MOST_RENEWALS)
    times = as_counts(given, "renewal")
    if times.min() < least:
        raise MethodError("renewal must be at least {least}", least=least)
    if times.max() > MOST_RENEWALS:
        raise MethodError("renewal must be at most {most}", most=MOST_RENEWALS)
    return times


def _as_renewals(renewal: Any, due: Any, renewed: Any) -> tuple[Vector, Vector, Vector]:
    """Return the rows, once they can be what they say."""
    times = _as_times(renewal, 1)
    at_risk = as_vector(due, "due", size=times.size)
    kept = as_vector(renewed, "renewed", size=times.size)
    is_bad = (kept < 0) | (kept > at_risk)
    if is_bad.any():
        row = int(np.argmax(is_bad))
        raise MethodError(
            "row {row} has {renewed:g} renewed of {due:g} due: it must be from 0 to all",
            row=row + 1,
            renewed=float(kept[row]),
            due=float(at_risk[row]),
        )
    return times, at_risk, kept


def _survival(params: Vector, t: Vector) -> Vector:
    """S(t)."""
    alpha, beta = params
    steps = np.arange(int(t.max()))
    alive = np.concatenate(([1.0], np.cumprod((beta + steps) / (alpha + beta + steps))))
    made: Vector = alive[t]
    return made


def _objective(stayed: Vector, left: Vector) -> Objective:
    """The log-likelihood with its derivatives by the logarithms of the parameters."""
    steps = np.arange(stayed.size)

    def objective(logs: Vector) -> tuple[float, Vector, Vector]:
        params = np.exp(logs)
        alpha, beta = params
        late, all_ = beta + steps, alpha + beta + steps
        value = float(stayed @ np.log(late) + left.sum() * logs[0] - (stayed + left) @ np.log(all_))
        everybody = (stayed + left) @ (1 / all_)
        gradient = np.array([left.sum() / alpha - everybody, stayed @ (1 / late) - everybody])
        bend = float((stayed + left) @ (1 / all_**2))
        hessian = np.array([[bend - left.sum() / alpha**2, bend], [bend, bend - stayed @ (1 / late**2)]])
        return with_logs(params, value, gradient, hessian)

    return objective

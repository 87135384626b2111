r"""BG/BB: customers who may buy at given occasions, once a year or at each campaign, until they silently leave."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import Vector
from guanxi_methods.value.lifetime.maximum import Objective, highest, with_logs
from guanxi_methods.value.lifetime.model import LifetimeModel
from guanxi_methods.value.lifetime.rising import rising
from guanxi_methods.value.lifetime.summaries import Lines, as_counts, as_lines

MOST_OCCASIONS = 100_000
STARTS = (
    (1.0, 1.0, 0.5, 2.0),
    (0.5, 2.0, 1.0, 5.0),
    (2.0, 2.0, 0.2, 0.5),
    (1.5, 6.0, 3.0, 12.0),
    (0.3, 0.9, 1.5, 1.5),
    (0.4, 0.2, 0.2, 0.2),
)


class BGBB(LifetimeModel):
    r"""BG/BB: at each occasion a customer who is alive buys with probability p, and leaves before it with probability theta.

    p is beta distributed over customers (alpha, beta), theta too (gamma, delta), independently. Of a customer with x
    purchases at n occasions, the last at occasion :math:`t_x`:

    .. math:: L = \frac{B(\alpha+x, \beta+n-x)}{B(\alpha, \beta)} \frac{B(\gamma, \delta+n)}{B(\gamma, \delta)} +
        \sum_{i=0}^{n-t_x-1} \frac{B(\alpha+x, \beta+t_x-x+i)}{B(\alpha, \beta)}
        \frac{B(\gamma+1, \delta+t_x+i)}{B(\gamma, \delta)}

    Parameters
    ----------
    level : float, default 0.95
        Of all intervals.

    Attributes
    ----------
    params_ : dict of str to float
        alpha, beta, gamma, delta, without unit.
    standard_errors_ : dict of str to float
        From the observed information on the logarithms (delta method); NaN where the likelihood is at its edge.
    intervals_ : dict of str to (float, float)
        exp(ln estimate ± z standard error of the logarithm); NaN where the likelihood is at its edge.
    covariance_log_ : ndarray of shape (4, 4)
        Of the logarithms of the parameters.
    log_likelihood_ : float
    at_edge_ : tuple of str
        Parameters that the likelihood drives to the edge of what they may be: no estimates. Empty if all is well.
    n_customers_ : float
    notes_ : tuple of Note

    References
    ----------
    P. S. Fader, B. G. S. Hardie & J. Shang, "Customer-base analysis in a discrete-time noncontractual setting",
    Marketing Science 29, 2010, p. 1086-1108: expectation eq. 13, DERT eq. 14.

    Examples
    --------
    >>> model = BGBB().fit([0, 1, 1, 1, 2, 2, 3], [0, 1, 2, 3, 2, 3, 3], [3] * 7, count=[120, 40, 12, 9, 20, 25, 60])
    >>> model.p_alive([0, 3], [0, 3], [3, 3]).round(2)
    array([0.14, 0.89])
    """

    PARAMS = ("alpha", "beta", "gamma", "delta")

    n_customers_: float

    def fit(self, x: Any, t_x: Any, n: Any, count: Any = None) -> BGBB:
        """Estimate the parameters.

        Parameters
        ----------
        x : array_like of int, shape (n_rows,)
            Purchases at the occasions observed; the purchase that made somebody a customer does not count.
        t_x : array_like of int, shape (n_rows,)
            Number of the occasion of the last purchase; 0 where x is.
        n : array_like of int, shape (n_rows,)
            Occasions observed.
        count : array_like, shape (n_rows,), optional
            How many customers each row stands for; one unless given.

        Returns
        -------
        BGBB

        Raises
        ------
        MethodError
            Figures that are not whole numbers of at least 0; x over t_x, t_x over n, t_x over 0 where x is 0.
        TooFewError
            No customer, or nobody who bought.
        """
        self._check_level()
        history = _as_occasions(x, t_x, n)
        lines = as_lines(*history, count)
        self.n_customers_ = float(lines.count.sum())
        objective = _objective(lines)
        top = highest(objective, [np.log(start) for start in STARTS])
        notes: list[Note] = []
        self._learn(objective, top, np.ones(4), notes)
        return self

    def p_alive(self, x: ArrayLike, t_x: ArrayLike, n: ArrayLike) -> Vector:
        """Return the probability that each customer is still there at the next occasion, n + 1.

        Parameters
        ----------
        x, t_x, n : array_like, shape (n_customers,)
            As in ``fit``.

        Returns
        -------
        ndarray of float64, shape (n_customers,)

        References
        ----------
        Fader, Hardie & Shang 2010.
        """
        return _alive(self._values(), *_as_occasions(x, t_x, n))

    def p_alive_interval(self, x: ArrayLike, t_x: ArrayLike, n: ArrayLike) -> tuple[Vector, Vector]:
        """Return the interval of :meth:`p_alive` (delta method on the logit)."""
        self._values()
        history = _as_occasions(x, t_x, n)
        return self._share_interval(lambda params: _alive(params, *history))

    def expected_transactions(self, ahead: int, x: ArrayLike, t_x: ArrayLike, n: ArrayLike) -> Vector:
        """Return the expected purchases of each customer at the next occasions.

        Parameters
        ----------
        ahead : int
            How many occasions ahead, at least 0.
        x, t_x, n : array_like, shape (n_customers,)

        Returns
        -------
        ndarray of float64, shape (n_customers,)

        References
        ----------
        Fader, Hardie & Shang 2010, eq. 13, as a sum of positive terms: the closed form divides 0 by 0 at gamma = 1.
        """
        occasions = _whole(ahead, "ahead")
        return _expected(self._values(), 1.0, occasions, *_as_occasions(x, t_x, n))

    def expected_transactions_interval(
        self, ahead: int, x: ArrayLike, t_x: ArrayLike, n: ArrayLike
    ) -> tuple[Vector, Vector]:
        """Return the interval of :meth:`expected_transactions` (delta method on the logarithm)."""
        self._values()
        occasions, history = _whole(ahead, "ahead"), _as_occasions(x, t_x, n)
        return self._positive_interval(lambda params: _expected(params, 1.0, occasions, *history))

    def expected_new(self, n: int) -> float:
        """Return E[X(n)]: the expected purchases of a new customer at the first n occasions.

        Parameters
        ----------
        n : int

        Returns
        -------
        float
        """
        alpha, beta, gamma, delta = self._values()
        occasions = np.arange(_whole(n, "n"))
        stays = np.cumprod((delta + occasions) / (gamma + delta + occasions))
        return float(alpha / (alpha + beta) * stays.sum())

    def discounted_transactions(self, rate: float, x: ArrayLike, t_x: ArrayLike, n: ArrayLike) -> Vector:
        """Return the discounted expected residual transactions (DERT), seen from occasion n.

        Parameters
        ----------
        rate : float
            Rate of discount from one occasion to the next, over 0.
        x, t_x, n : array_like, shape (n_customers,)

        Returns
        -------
        ndarray of float64, shape (n_customers,)

        References
        ----------
        Fader, Hardie & Shang 2010, eq. 14: the purchase at the next occasion is discounted once.
        """
        if not (isinstance(rate, (int, float)) and rate > 0 and np.isfinite(rate)):
            raise MethodError("rate must be over 0, not {rate!r}: without discount the sum may be infinite", rate=rate)
        factor = 1 / (1 + rate)
        terms = int(np.ceil(np.log(1e-15) / np.log(factor)))
        return _expected(self._values(), factor, min(terms, 1_000_000), *_as_occasions(x, t_x, n))


def _whole(value: int, name: str) -> int:
    """Return a whole number of at least 0."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 0:
        raise MethodError("{name} must be a whole number of at least 0, not {value!r}", name=name, value=value)
    return int(value)


def _as_occasions(x: ArrayLike, t_x: ArrayLike, n: ArrayLike) -> tuple[Vector, Vector, Vector]:
    """Return x, t_x and n, once they can be what they say."""
    bought = as_counts(np.atleast_1d(np.asarray(x)), "x")
    last = as_counts(np.atleast_1d(np.asarray(t_x)), "t_x", size=bought.size)
    seen = as_counts(np.atleast_1d(np.asarray(n)), "n", size=bought.size)
    if (last > seen).any():
        row = int(np.argmax(last > seen))
        raise MethodError(
            "row {row} has its last purchase at occasion {t_x}, after the last of its {n} occasions",
            row=row + 1,
            t_x=int(last[row]),
            n=int(seen[row]),
        )
    if (bought > last).any():
        row = int(np.argmax(bought > last))
        raise MethodError(
            "row {row} has {x} purchases up to occasion {t_x}: at most one is made at each",
            row=row + 1,
            x=int(bought[row]),
            t_x=int(last[row]),
        )
    is_odd = (bought == 0) & (last > 0)
    if is_odd.any():
        row = int(np.argmax(is_odd))
        raise MethodError(
            "row {row} has no repeat purchase (x = 0) but a last one at t_x = {t_x:g}: t_x must be 0 where x is",
            row=row + 1,
            t_x=float(last[row]),
        )
    if int(seen.max()) > MOST_OCCASIONS:
        raise MethodError("n must be at most {most} occasions, not {n}", most=MOST_OCCASIONS, n=int(seen.max()))
    return bought, last, seen


class _Terms:
    """The terms of the likelihood: left after occasion t_x, t_x + 1 ... n - 1, or still there at n."""

    def __init__(self, params: Vector, most: int) -> None:
        self.params = params
        alpha, beta, gamma, delta = params
        self.alpha, self.beta = rising(alpha, most + 1), rising(beta, most + 1)
        self.both = rising(alpha + beta, most + 1)
        self.delta, self.ends = rising(delta, most + 1), rising(gamma + delta, most + 2)

    def at(self, x: Vector, m: Vector, is_gone: Any) -> Vector:
        """Logarithm of the term of x purchases at m occasions, then gone or not."""
        gone = np.asarray(is_gone)
        made: Vector = (
            self.alpha[0][x] + self.beta[0][m - x] - self.both[0][m]
            + self.delta[0][m] - self.ends[0][m + gone] + gone * np.log(self.params[2])
        )  # fmt: skip
        return made

    def slopes(self, x: Vector, m: Vector, is_gone: int) -> tuple[Vector, Vector]:
        """First derivatives of a term (4, n) and second ones (aa, ab, bb, gg, gd, dd: 6, n)."""
        both, ends = self.both[1][m], self.ends[1][m + is_gone]
        first = np.stack(
            (
                self.alpha[1][x] - both,
                self.beta[1][m - x] - both,
                is_gone / self.params[2] - ends,
                self.delta[1][m] - ends,
            )
        )
        both, ends = self.both[2][m], self.ends[2][m + is_gone]
        second = np.stack(
            (
                self.alpha[2][x] - both,
                -both,
                self.beta[2][m - x] - both,
                -is_gone / self.params[2] ** 2 - ends,
                -ends,
                self.delta[2][m] - ends,
            )
        )
        return first, second


def _log_likelihood(terms: _Terms, x: Vector, t_x: Vector, n: Vector) -> Vector:
    """Logarithm of the likelihood of each line."""
    total = terms.at(x, n, 0)
    for back in range(int((n - t_x).max())):
        rows = np.flatnonzero(n - t_x > back)
        total[rows] = np.logaddexp(total[rows], terms.at(x[rows], n[rows] - 1 - back, 1))
    return total


def _objective(lines: Lines) -> Objective:
    """The log-likelihood with its derivatives by the logarithms of the parameters."""
    x: Vector = lines.x
    t_x: Vector = lines.t_x.astype(np.int64)
    n: Vector = lines.t.astype(np.int64)
    places = ((0, 0), (0, 1), (1, 1), (2, 2), (2, 3), (3, 3))

    def objective(logs: Vector) -> tuple[float, Vector, Vector]:
        params = np.exp(logs)
        terms = _Terms(params, int(n.max()))
        whole = _log_likelihood(terms, x, t_x, n)
        mean = np.zeros((4, x.size))
        hessian = np.zeros((4, 4))
        for back in range(-1, int((n - t_x).max())):
            rows = np.flatnonzero(n - t_x > back)
            bought, seen = x[rows], n[rows] - max(0, back + 1)
            is_gone = int(back >= 0)
            share = np.exp(terms.at(bought, seen, is_gone) - whole[rows])
            first, second = terms.slopes(bought, seen, is_gone)
            mean[:, rows] += first * share
            weight = share * lines.count[rows]
            hessian += (first * weight) @ first.T
            for (i, j), value in zip(places, second @ weight, strict=True):
                hessian[i, j] += value
                if i != j:
                    hessian[j, i] += value
        hessian -= (mean * lines.count) @ mean.T
        return with_logs(params, float(lines.count @ whole), mean @ lines.count, hessian)

    return objective


def _alive(params: Vector, x: Vector, t_x: Vector, n: Vector) -> Vector:
    """P(alive at occasion n + 1)."""
    terms = _Terms(params, int(n.max()))
    stays = (params[3] + n) / (params[2] + params[3] + n)
    made: Vector = np.exp(terms.at(x, n, 0) - _log_likelihood(terms, x, t_x, n)) * stays
    return made


def _expected(params: Vector, factor: float, ahead: int, x: Vector, t_x: Vector, n: Vector) -> Vector:
    """Expected purchases at so many occasions ahead, each discounted by a factor once more."""
    alpha, beta, gamma, delta = params
    kinds, place = np.unique(n, return_inverse=True)
    sums = np.zeros(kinds.size)
    for at, seen in enumerate(kinds):
        later = seen + np.arange(1, ahead)
        stays = np.cumprod(np.concatenate(([1.0], (delta + later) / (gamma + delta + later)))[:ahead])
        sums[at] = stays @ factor ** np.arange(1, ahead + 1)
    rate = (alpha + x) / (alpha + beta + n)
    made: Vector = _alive(params, x, t_x, n) * rate * sums[place]
    return made

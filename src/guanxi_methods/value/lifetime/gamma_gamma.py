r"""Gamma-Gamma: what a customer's purchases are worth, drawn towards what all customers spend."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.frames import Vector, as_vector
from guanxi_methods.value.lifetime.maximum import Objective, highest, with_logs
from guanxi_methods.value.lifetime.model import LifetimeModel
from guanxi_methods.value.lifetime.summaries import as_counts, as_weights

CHUNK = 65536


class GammaGamma(LifetimeModel):
    r"""Gamma-Gamma: the value of each purchase varies around the customer's own mean, and the means vary too.

    A customer's purchases are gamma distributed with shape p and rate :math:`\nu`; :math:`\nu` is gamma distributed
    over customers with shape q and rate v. Of a customer with x purchases of mean value :math:`\bar z`:

    .. math:: f(\bar z \mid x) = \frac{\Gamma(px+q)}{\Gamma(px) \Gamma(q)}
        \frac{v^q \bar z^{px-1} x^{px}}{(v + x \bar z)^{px+q}}

    It assumes that how much a customer spends has nothing to do with how often: look at the correlation first.

    Parameters
    ----------
    level : float, default 0.95
        Of all intervals.

    Attributes
    ----------
    params_ : dict of str to float
        p, q without unit, v in units of money.
    standard_errors_ : dict of str to float
        From the observed information on the logarithms (delta method); NaN where the likelihood is at its edge.
    intervals_ : dict of str to (float, float)
        exp(ln estimate ± z standard error of the logarithm); NaN where the likelihood is at its edge.
    covariance_log_ : ndarray of shape (3, 3)
        Of the logarithms of the parameters.
    log_likelihood_ : float
    at_edge_ : tuple of str
        Parameters that the likelihood drives to the edge of what they may be: no estimates. Empty if all is well.
    n_customers_ : float
        Customers who bought again, for something over 0.
    mean_value_ : float
        Mean of their mean values.
    notes_ : tuple of Note

    References
    ----------
    P. S. Fader & B. G. S. Hardie, "The Gamma-Gamma model of monetary value", 2013: likelihood eq. 1a, expectation eq. 5;
    P. S. Fader, B. G. S. Hardie & K. L. Lee, "RFM and CLV", Journal of Marketing Research 42, 2005.

    Examples
    --------
    >>> x = [4, 3, 1, 4, 4, 3, 5, 3, 3, 4, 3, 3, 3, 2, 1, 1]
    >>> model = GammaGamma().fit(x, [62, 30, 5, 24, 83, 31, 16, 9, 16, 17, 30, 41, 17, 59, 51, 21])
    >>> model.expected_value([0, 1, 5], [None, 73.7, 73.7]).round(1)
    array([32.7, 45.9, 61.5])
    """

    PARAMS = ("p", "q", "v")

    n_customers_: float
    mean_value_: float

    def fit(self, x: Any, mean_value: Any, count: Any = None) -> GammaGamma:
        """Estimate the parameters from the customers who bought again.

        Parameters
        ----------
        x : array_like of int, shape (n_customers,)
            Repeat purchases (in print the first is left out, as it often is unlike those that follow); rows with 0 are
            passed over.
        mean_value : array_like, shape (n_customers,)
            Mean value of those x purchases, in any unit; may be missing where x is 0.
        count : array_like, shape (n_customers,), optional
            How many customers each row stands for; one unless given.

        Returns
        -------
        GammaGamma

        Raises
        ------
        MethodError
            Missing, infinite or negative figures; counts that are not whole.
        TooFewError
            Not two customers who bought again, for different values over 0.
        """
        self._check_level()
        counts = as_counts(x, "x")
        values = as_vector(mean_value, "mean_value", size=counts.size, missing="keep")
        weights = as_weights(count, counts.size)
        buys = counts > 0
        is_absent = buys & np.isnan(values)
        if is_absent.any() or not buys.any():
            if not buys.any():
                raise TooFewError("nobody bought again: x is 0 in every row, so there is no spending to learn from")
            raise MethodError(
                "mean_value holds a missing value, first in row {row}: who bought again spent something",
                row=int(np.argmax(is_absent)) + 1,
            )
        if (values[buys] < 0).any():
            row = int(np.argmax(buys & (values < 0)))
            raise MethodError(
                "mean_value must not be negative, but row {row} holds {value:g}: leave returns out before averaging",
                row=row + 1,
                value=float(values[row]),
            )
        notes: list[Note] = []
        kept = buys & (values > 0) & (weights > 0)
        free = float(weights[buys & (values == 0)].sum())
        if free:
            notes.append(
                Note(
                    "{free:g} customers whose purchases were worth nothing were left out: the gamma distribution is over 0",
                    free=free,
                )
            )
        if np.unique(values[kept]).size < 2:
            raise TooFewError(
                "the spending of at least two customers who bought again, over 0 and not the same, is needed"
            )
        x_, z, n = _distinct(counts[kept], values[kept], weights[kept])
        return self._search(x_, z, n, notes)

    def _search(self, x: Vector, z: Vector, n: Vector, notes: list[Note]) -> GammaGamma:
        """Search for the maximum, with spending scaled to about one."""
        self.n_customers_, self.mean_value_ = float(n.sum()), float(n @ z / n.sum())
        # by the mean of the logarithms: a few huge customers may carry the mean itself far away from the others
        unit = 2.0 ** np.round(float(n @ np.log2(z) / n.sum()))
        objective = _objective(x, z / unit, n)
        top = highest(objective, [np.log(start) for start in _starts()])
        self._learn(objective, top, np.array([1.0, 1.0, unit]), notes)
        self.log_likelihood_ = top.value - float(np.log(unit)) * self.n_customers_
        if not self.at_edge_ and self.params_["q"] <= 1:
            self.notes_ = (
                *self.notes_,
                Note("q is {q:.3g}, not over 1: the mean spending of all customers is infinite", q=self.params_["q"]),
            )
        return self

    def expected_value(self, x: ArrayLike, mean_value: ArrayLike) -> Vector:
        r"""Return the expected value of a purchase of each customer.

        .. math:: E(M \mid \bar z, x) = \frac{p (v + x \bar z)}{p x + q - 1}

        For a customer who has not bought again it is the mean of all, :math:`p v / (q - 1)`; ``mean_value`` may be
        missing there.

        Parameters
        ----------
        x : array_like of int, shape (n_customers,)
        mean_value : array_like, shape (n_customers,)

        Returns
        -------
        ndarray of float64, shape (n_customers,)
            NaN where it is infinite (q + p x not over 1).
        """
        params = self._values()
        return _expected(params, *_spending(x, mean_value))

    def expected_value_interval(self, x: ArrayLike, mean_value: ArrayLike) -> tuple[Vector, Vector]:
        """Return the interval of :meth:`expected_value` (delta method on the logarithm); NaN where the likelihood is at its edge."""
        self._values()
        spending = _spending(x, mean_value)
        return self._positive_interval(lambda params: _expected(params, *spending))

    def population_mean(self) -> float:
        """Return the mean spending over all customers, p v / (q - 1); NaN where it is infinite (q not over 1)."""
        return float(_expected(self._values(), np.zeros(1), np.zeros(1))[0])


def _starts() -> tuple[tuple[float, float, float], ...]:
    """Parameters to search from, for a mean spending of about one."""
    return ((6.0, 4.0, 0.5), (1.5, 2.0, 0.7), (1.0, 10.0, 9.0), (20.0, 1.5, 0.03))


def _spending(x: ArrayLike, mean_value: ArrayLike) -> tuple[Vector, Vector]:
    """Return what customers did, with nothing where they bought once."""
    counts = as_counts(np.atleast_1d(np.asarray(x)), "x")
    values = as_vector(np.atleast_1d(np.asarray(mean_value)), "mean_value", size=counts.size, missing="keep")
    lost = (counts > 0) & np.isnan(values)
    if lost.any():
        raise MethodError("mean_value holds a missing value, first in row {row}", row=int(np.argmax(lost)) + 1)
    return counts, np.where(counts > 0, values, 0.0)


def _expected(params: Vector, x: Vector, mean_value: Vector) -> Vector:
    """E(M | x, mean value)."""
    p, q, v = params
    below = p * x + q - 1
    made: Vector = np.divide(p * (v + x * mean_value), below, out=np.full(x.size, np.nan), where=below > 0)
    return made


def _distinct(x: Vector, z: Vector, n: Vector) -> tuple[Vector, Vector, Vector]:
    """Return distinct rows in order with their counts."""
    order = np.lexsort((z, x))
    x, z, n = x[order], z[order], n[order]
    is_new = np.ones(x.size, dtype=bool)
    is_new[1:] = (x[1:] != x[:-1]) | (z[1:] != z[:-1])
    starts = np.flatnonzero(is_new)
    return x[starts].astype(np.float64), z[starts], np.add.reduceat(n, starts)


def _objective(x: Vector, z: Vector, n: Vector) -> Objective:
    r"""The log-likelihood with its derivatives by the logarithms of p, q and v (Fader & Hardie 2013, eq. 1a)."""
    from scipy.special import gammaln, polygamma, psi  # takes long to load

    kinds, first = np.unique(x, return_index=True)
    members = np.add.reduceat(n, first)
    logs = np.add.reduceat(n * np.log(z), first)
    total = x * z
    everybody = float(n.sum())

    def objective(log_params: Vector) -> tuple[float, Vector, Vector]:
        params = np.exp(log_params)
        p, q, v = params
        px = p * kinds
        reach = np.log(v + total)
        inverse = 1 / (v + total)
        by_kind = np.add.reduceat(n * reach, first)
        inverse_kind = np.add.reduceat(n * inverse, first)
        square_kind = np.add.reduceat(n * inverse**2, first)
        level = gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(v) + px * np.log(kinds)
        value = float(members @ level + (px - 1) @ logs - (px + q) @ by_kind)
        d_sum, d_px, d_q = psi(px + q), psi(px), float(psi(q))
        t_sum, t_px, t_q = polygamma(1, px + q), polygamma(1, px), float(polygamma(1, q))
        gradient = np.array(
            [
                members @ (kinds * (d_sum - d_px + np.log(kinds))) + kinds @ (logs - by_kind),
                members @ (d_sum - d_q + np.log(v)) - by_kind.sum(),
                everybody * q / v - (px + q) @ inverse_kind,
            ]
        )
        pp = members @ (kinds**2 * (t_sum - t_px))
        pq = members @ (kinds * t_sum)
        pv = -(kinds @ inverse_kind)
        qq = members @ (t_sum - t_q)
        qv = everybody / v - inverse_kind.sum()
        vv = -everybody * q / v**2 + (px + q) @ square_kind
        hessian = np.array([[pp, pq, pv], [pq, qq, qv], [pv, qv, vv]])
        return with_logs(params, value, gradient, hessian)

    return objective

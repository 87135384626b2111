r"""BG/NBD and MBG/NBD: customers who buy at random and may leave after each purchase."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from guanxi_methods.frames import Vector
from guanxi_methods.value.lifetime import stopping
from guanxi_methods.value.lifetime.buying import BuyingModel
from guanxi_methods.value.lifetime.maximum import Objective, with_logs
from guanxi_methods.value.lifetime.rising import rising
from guanxi_methods.value.lifetime.summaries import Lines

CHUNK = 8192
"""Lines summed at once: they stay in the processor's cache, and are too few for the linear algebra to wake threads,
which on busy machines costs more than the sum."""


class _BetaGeometric(BuyingModel):
    """What the two models share: they differ in whether a customer may leave right after the first purchase.

    With m chances to leave survived (x, or x + 1 where the first purchase is a chance too), the likelihood of a line is
    (r)_x alpha^r (b)_m / (a+b)_m [(alpha+T)^-(r+x) + (m > 0) a / (b+m-1) (alpha+t_x)^-(r+x)].
    """

    PARAMS = ("r", "alpha", "a", "b")
    _TIME_POWERS = (0, 1, 0, 0)
    _FIRST: ClassVar[int]

    def _starts(self, lines: Lines) -> list[Vector]:
        """Logarithms of the parameters to search from: rates spread wide or narrow, leaving seldom or often."""
        rate = _rate(lines)
        return [
            np.log([r, r / rate, a, b])
            for r, a, b in ((0.3, 0.8, 2.5), (1.0, 0.5, 5.0), (3.0, 0.2, 4.0), (0.8, 3.0, 3.0), (0.5, 0.05, 0.2))
        ]

    def _objective(self, lines: Lines) -> Objective:
        """The log-likelihood with its derivatives by the logarithms of the parameters."""
        most = int(lines.x.max())
        customers = np.bincount(lines.x, weights=lines.count, minlength=most + 1)
        bought = lines.total(lines.x)
        survived = np.arange(most + 1) + self._FIRST
        # a customer who never had a chance to leave is alive: those lines have one term only
        always = 0 if self._FIRST else int(np.searchsorted(lines.x, 1))

        def objective(logs: Vector) -> tuple[float, Vector, Vector]:
            params = np.exp(logs)
            r, alpha, a, b = params
            gradient, hessian = np.zeros(4), np.zeros((4, 4))
            shape, shape_1, shape_2 = rising(r, most)
            stay, stay_1, stay_2 = rising(b, most + self._FIRST)
            end, end_1, end_2 = rising(a + b, most + self._FIRST)
            value = float(customers @ (shape + stay[survived] - end[survived])) - bought * logs[1]
            gradient[0] = customers @ shape_1
            gradient[1] = -bought / alpha
            gradient[2] = -(customers @ end_1[survived])
            gradient[3] = customers @ (stay_1 - end_1)[survived]
            hessian[0, 0] = customers @ shape_2
            hessian[1, 1] = bought / alpha**2
            hessian[2, 2] = hessian[2, 3] = -(customers @ end_2[survived])
            hessian[3, 3] = customers @ (stay_2 - end_2)[survived]
            for first in range(0, lines.x.size, CHUNK):
                part = slice(first, first + CHUNK)
                value += _add_alive(lines, part, r, alpha, gradient, hessian)
                part = slice(max(first, always), first + CHUNK)
                if part.start < part.stop:
                    value += _add_gone(lines, part, params, self._FIRST, gradient, hessian)
            lower = np.tril_indices(4, -1)
            hessian[lower] = hessian.T[lower]
            return with_logs(params, value, gradient, hessian)

        return objective

    def _alive(self, params: Vector, x: Vector, t_x: Vector, t: Vector) -> Vector:
        """P(alive) of each line."""
        from scipy.special import expit  # takes long to load

        r, alpha, a, b = params
        survived = x + self._FIRST
        can_leave = survived > 0
        odds = (
            np.log(a)
            - np.log(np.where(can_leave, b + survived - 1, 1.0))
            + (r + x) * np.log1p((t - t_x) / (alpha + t_x))
        )
        made: Vector = np.where(can_leave, expit(-odds), 1.0)
        return made

    def _moments_if_alive(self, params: Vector, ahead: Vector, x: Vector, t: Vector) -> tuple[Vector, Vector]:
        """First and second moment of the purchases ahead of a customer who is alive at T."""
        r, alpha, a, b = params
        return stopping.expected_purchases(r + x, ahead / (alpha + t), float(a), b + x + self._FIRST)

    def _at_least_if_alive(self, params: Vector, ahead: Vector, k: Vector, x: Vector, t: Vector) -> Vector:
        """Probability that a customer alive at T buys at least k times (k over 0) in the time ahead."""
        r, alpha, a, b = params
        return stopping.at_least(k, r + x, ahead / (alpha + t), float(a), b + x + self._FIRST)

    def _new(self, params: Vector, ahead: Vector) -> Vector:
        """E[X(t)] of a customer whose first purchase has just been made."""
        r, alpha, a, b = params
        same = np.ones(ahead.size)
        mean, _ = stopping.expected_purchases(r * same, ahead / alpha, float(a), (b + self._FIRST) * same)
        made: Vector = mean * (b / (a + b) if self._FIRST else 1.0)
        return made


def _rate(lines: Lines) -> float:
    """Purchases per unit of time."""
    return lines.total(lines.x) / lines.total(lines.t)


def _add_alive(lines: Lines, part: slice, r: float, alpha: float, gradient: Vector, hessian: Vector) -> float:
    """Add the derivatives of the term of the customers who are still there; return its value."""
    t, count = lines.t[part], lines.count[part]
    power = r + lines.x[part]
    later = np.log1p(t / alpha)
    inverse = 1 / (alpha + t)
    gap = count * (t * inverse / alpha)
    gradient[0] -= count @ later
    gradient[1] += gap @ power
    hessian[0, 1] += gap.sum()
    hessian[1, 1] -= gap @ (power * (inverse + 1 / alpha))
    return -float(count @ (power * later))


def _add_gone(lines: Lines, part: slice, params: Vector, offset: int, gradient: Vector, hessian: Vector) -> float:
    """Add the derivatives of the logarithm of 1 plus the odds of having left; return its value."""
    from scipy.special import expit  # takes long to load

    r, alpha, a, b = params
    t_x, t, count = lines.t_x[part], lines.t[part], lines.count[part]
    power, before = r + lines.x[part], 1 / (b + lines.x[part] + (offset - 1))
    inverse_x, inverse = 1 / (alpha + t_x), 1 / (alpha + t)
    between = np.log1p((t - t_x) * inverse_x)
    odds = np.log(a * before) + power * between
    gone = expit(odds)
    weight = count * gone
    doubt = weight * (1 - gone)
    gap = inverse - inverse_x
    slopes = np.stack((between, power * gap, np.full(t.size, 1 / a), -before))
    gradient += np.einsum("in,n->i", slopes, weight)
    hessian += (slopes * doubt) @ slopes.T
    hessian[0, 1] += weight @ gap
    hessian[1, 1] -= weight @ (power * gap * (inverse + inverse_x))
    hessian[2, 2] -= weight.sum() / a**2
    hessian[3, 3] += weight @ before**2
    return float(count @ (np.maximum(odds, 0) + np.log1p(np.exp(-np.abs(odds)))))


class BGNBD(_BetaGeometric):
    r"""BG/NBD: who has not bought again is alive for certain; who has may leave after each repeat purchase.

    While alive, a customer buys by a Poisson process of rate :math:`\lambda`; after each repeat purchase the customer
    leaves with probability p. Over customers :math:`\lambda` is gamma distributed (shape r, rate alpha) and p beta
    distributed (a, b), independently. The likelihood of a customer with x repeat purchases, the last at :math:`t_x`,
    watched for T, is

    .. math:: L = \frac{\Gamma(r+x) \alpha^r}{\Gamma(r)} \left[ \frac{B(a, b+x)}{B(a, b)} (\alpha+T)^{-(r+x)} +
        \delta_{x>0} \frac{B(a+1, b+x-1)}{B(a, b)} (\alpha+t_x)^{-(r+x)} \right]

    Parameters
    ----------
    level : float, default 0.95
        Of all intervals.

    Attributes
    ----------
    params_ : dict of str to float
        r, a, b without unit, alpha in units of time.
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
    n_lines_ : int
        Distinct rows.
    notes_ : tuple of Note

    References
    ----------
    P. S. Fader, B. G. S. Hardie & K. L. Lee, "Counting your customers the easy way: an alternative to the Pareto/NBD
    model", Marketing Science 24, 2005, p. 275-284: E[X(t)] eq. 9, conditional expectation eq. 10.

    Examples
    --------
    >>> x, t_x, T = [0, 0, 0, 0, 1, 1, 2, 3, 6, 9], [0, 0, 0, 0, 4, 20, 9, 30, 35, 38], [39] * 10
    >>> model = BGNBD().fit(x, t_x, T, count=[60, 60, 60, 60, 30, 12, 10, 8, 4, 3])
    >>> model.at_edge_, sorted(model.params_)
    ((), ['a', 'alpha', 'b', 'r'])
    >>> model.p_alive([0, 2, 2], [0, 9, 30], [39, 39, 39]).round(2)
    array([1.  , 0.22, 0.68])
    """

    _FIRST = 0

    def fit(self, x: Any, t_x: Any, T: Any, count: Any = None) -> BGNBD:
        """Estimate the parameters.

        Parameters
        ----------
        x : array_like of int, shape (n_customers,)
            Repeat purchases: those after the first, in the time observed.
        t_x : array_like, shape (n_customers,)
            Time from the first purchase to the last; 0 where x is.
        T : array_like, shape (n_customers,)
            Time from the first purchase to the end of observation.
        count : array_like, shape (n_customers,), optional
            How many customers each row stands for; one unless given.

        Returns
        -------
        BGNBD

        Raises
        ------
        MethodError
            Missing, infinite or negative figures; counts that are not whole; t_x over T, or over 0 where x is 0.
        TooFewError
            No customer, or nobody who bought again.
        """
        self._learn_lines(x, t_x, T, count)
        return self


class MBGNBD(_BetaGeometric):
    r"""MBG/NBD: as BG/NBD, but a customer may leave right after the first purchase too.

    .. math:: L = \frac{\Gamma(r+x) \alpha^r}{\Gamma(r)} \left[ \frac{B(a, b+x+1)}{B(a, b)} (\alpha+T)^{-(r+x)} +
        \frac{B(a+1, b+x)}{B(a, b)} (\alpha+t_x)^{-(r+x)} \right]

    Parameters
    ----------
    level : float, default 0.95
        Of all intervals.

    Attributes
    ----------
    params_ : dict of str to float
        r, a, b without unit, alpha in units of time.
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
    n_lines_ : int
        Distinct rows.
    notes_ : tuple of Note

    References
    ----------
    E. P. Batislam, M. Denizel & A. Filiztekin, "Empirical validation and comparison of models for customer base
    analysis", International Journal of Research in Marketing 24, 2007, p. 201-209; the same model as the central
    variant of D. Hoppe & U. Wagner, "Customer base analysis: the case for a central variant of the betageometric/NBD
    model", Marketing - Journal of Research and Management 3, 2007, p. 75-90.

    Examples
    --------
    >>> x, t_x, T = [0, 0, 0, 0, 1, 1, 2, 3, 6, 9], [0, 0, 0, 0, 4, 20, 9, 30, 35, 38], [39] * 10
    >>> model = MBGNBD().fit(x, t_x, T, count=[60, 60, 60, 60, 30, 12, 10, 8, 4, 3])
    >>> bool(model.p_alive([0], [0], [39])[0] < 1)
    True
    """

    _FIRST = 1

    def fit(self, x: Any, t_x: Any, T: Any, count: Any = None) -> MBGNBD:
        """Estimate the parameters.

        Parameters
        ----------
        x : array_like of int, shape (n_customers,)
            Repeat purchases: those after the first, in the time observed.
        t_x : array_like, shape (n_customers,)
            Time from the first purchase to the last; 0 where x is.
        T : array_like, shape (n_customers,)
            Time from the first purchase to the end of observation.
        count : array_like, shape (n_customers,), optional
            How many customers each row stands for; one unless given.

        Returns
        -------
        MBGNBD

        Raises
        ------
        MethodError
            Missing, infinite or negative figures; counts that are not whole; t_x over T, or over 0 where x is 0.
        TooFewError
            No customer, or nobody who bought again.
        """
        self._learn_lines(x, t_x, T, count)
        return self

r"""Pareto/NBD: customers who buy at random and may leave at any moment."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from guanxi_methods.frames import Vector
from guanxi_methods.value.lifetime.buying import BuyingModel
from guanxi_methods.value.lifetime.maximum import Objective, with_logs
from guanxi_methods.value.lifetime.rising import rising
from guanxi_methods.value.lifetime.summaries import Lines

NODES = 32
CHUNK = 512
"""Lines summed at once: small enough for the processor's cache, and for the linear algebra not to wake threads."""
DROP = 37.0
"""Where the integrand has fallen by e**-37 it adds nothing in double precision."""
HALVINGS = 12


@cache
def _gauss() -> tuple[Vector, Vector]:
    """Nodes and weights of Gauss and Legendre on -1 to 1."""
    return np.polynomial.legendre.leggauss(NODES)


def _nodes(params: Vector, x: Vector, t_x: Vector, t: Vector) -> tuple[Vector, Vector, Vector]:
    r"""The integral over the moment of leaving, ready to be summed.

    :math:`\int_{t_x}^{T} (\alpha+\tau)^{-(r+x)} (\beta+\tau)^{-(s+1)} d\tau` over :math:`u = \ln(\tau + \min(\alpha,
    \beta))`: the integrand's logarithm is then concave and its singularities lie at least :math:`\pi` off the real
    axis, whatever the parameters. It is cut where it no longer adds anything and summed by Gauss and Legendre.

    Returns
    -------
    log_integral : ndarray of shape (n,)
        Minus infinity where t_x is T.
    tau, share : ndarray of shape (n, NODES)
        Moments of leaving, and the share of the integral at each.
    """
    r, alpha, s, beta = params
    least, gap = min(alpha, beta), abs(alpha - beta)
    near, far = r + x, np.full(x.size, s + 1)
    if alpha > beta:
        near, far = far, near

    def height(u: Vector, p: Vector, q: Vector) -> Vector:
        made: Vector = -(p - 1) * u - q * np.log(np.exp(u) + gap)
        return made

    start, end = np.log(t_x + least), np.log(t + least)
    peak = start
    is_rising = near < 1
    if is_rising.any() and gap > 0:
        # where the slope (1 - p) - q e**u / (e**u + gap) is 0
        share = np.clip((1 - near) / far, 0, 1 - 1e-12)
        summit = np.log(np.maximum(share * gap / (1 - share), 1e-300))
        peak = np.where(is_rising, np.clip(summit, start, end), start)
    top = height(peak, near, far)
    low, high = peak, end
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        is_gone = height(middle, near, far) < top - DROP
        low, high = np.where(is_gone, low, middle), np.where(is_gone, middle, high)
    is_whole = height(end, near, far) >= top - DROP
    high = np.where(is_whole, end, high)
    points, weights = _gauss()
    half = (high - start)[:, None] / 2
    u = start[:, None] + half * (points + 1)
    heights = height(u, near[:, None], far[:, None]) - top[:, None]
    share = np.exp(heights) * weights
    total = share.sum(axis=1)
    share /= total[:, None]
    width = half[:, 0] * total
    log_integral = top + np.log(width, out=np.full(x.size, -np.inf), where=width > 0)
    return log_integral, np.exp(u) - least, share


class ParetoNBD(BuyingModel):
    r"""Pareto/NBD: while alive a customer buys by a Poisson process, and may leave at any moment.

    The rate of buying is gamma distributed over customers (shape r, rate alpha), the rate of leaving too (shape s, rate
    beta), independently. The likelihood of a customer with x repeat purchases, the last at :math:`t_x`, watched for T:

    .. math:: L = \frac{\Gamma(r+x) \alpha^r \beta^s}{\Gamma(r)} \left[ \frac{1}{(\alpha+T)^{r+x} (\beta+T)^s} +
        s \int_{t_x}^{T} \frac{d\tau}{(\alpha+\tau)^{r+x} (\beta+\tau)^{s+1}} \right]

    In print the integral is a difference of two 2F1 functions, which loses its digits where they are close and
    underflows for who buys often; here it is summed as it stands, all terms positive.

    Parameters
    ----------
    level : float, default 0.95
        Of all intervals.

    Attributes
    ----------
    params_ : dict of str to float
        r, s without unit, alpha, beta in units of time.
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
    D. C. Schmittlein, D. G. Morrison & R. Colombo, "Counting your customers: who are they and what will they do next?",
    Management Science 33, 1987, p. 1-24; P. S. Fader & B. G. S. Hardie, "A note on deriving the Pareto/NBD model and
    related expressions", 2005: likelihood eq. 18, conditional expectation eq. 41.

    Examples
    --------
    >>> x, t_x, T = [0, 0, 0, 0, 1, 1, 2, 3, 6, 9], [0, 0, 0, 0, 4, 20, 9, 30, 35, 38], [39] * 10
    >>> model = ParetoNBD().fit(x, t_x, T, count=[60, 60, 60, 60, 30, 12, 10, 8, 4, 3])
    >>> sorted(model.params_)
    ['alpha', 'beta', 'r', 's']
    >>> bool(model.expected_transactions(10, [6], [35], [39])[0] > model.expected_transactions(10, [1], [35], [39])[0])
    True
    """

    PARAMS = ("r", "alpha", "s", "beta")
    _TIME_POWERS = (0, 1, 0, 1)
    _SAMPLE = 500

    def fit(self, x: Any, t_x: Any, T: Any, count: Any = None) -> ParetoNBD:
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
        ParetoNBD

        Raises
        ------
        MethodError
            Missing, infinite or negative figures; counts that are not whole; t_x over T, or over 0 where x is 0.
        TooFewError
            No customer, or nobody who bought again.
        """
        self._learn_lines(x, t_x, T, count)
        return self

    def _starts(self, lines: Lines) -> list[Vector]:
        """Logarithms of the parameters to search from."""
        rate = lines.total(lines.x) / lines.total(lines.t)
        return [
            np.log([r, r / rate, s, beta])
            for r, s, beta in ((0.5, 0.6, 0.4), (1.0, 0.3, 2.0), (3.0, 1.5, 4.0), (0.8, 2.0, 0.5))
        ]

    def _objective(self, lines: Lines) -> Objective:
        """The log-likelihood with its derivatives by the logarithms of the parameters."""
        most = int(lines.x.max())
        customers = np.bincount(lines.x, weights=lines.count, minlength=most + 1)
        everybody = float(lines.count.sum())

        def objective(logs: Vector) -> tuple[float, Vector, Vector]:
            params = np.exp(logs)
            r, alpha, s, beta = params
            gradient, hessian = np.zeros(4), np.zeros((4, 4))
            shape, shape_1, shape_2 = rising(r, most)
            value = float(customers @ shape) + everybody * (r * logs[1] + s * logs[3])
            gradient += np.array(
                [
                    customers @ shape_1 + everybody * logs[1],
                    everybody * r / alpha,
                    everybody * logs[3],
                    everybody * s / beta,
                ]
            )
            hessian[0, 0] = customers @ shape_2
            hessian[0, 1], hessian[2, 3] = everybody / alpha, everybody / beta
            hessian[1, 1], hessian[3, 3] = -everybody * r / alpha**2, -everybody * s / beta**2
            for first in range(0, lines.x.size, CHUNK):
                value += _add_lines(lines, slice(first, first + CHUNK), params, gradient, hessian)
            lower = np.tril_indices(4, -1)
            hessian[lower] = hessian.T[lower]
            return with_logs(params, value, gradient, hessian)

        return objective

    def _odds(self, params: Vector, x: Vector, t_x: Vector, t: Vector) -> Vector:
        """Logarithm of the odds of having left."""
        r, alpha, s, beta = params
        made = np.empty(x.size)
        for first in range(0, x.size, CHUNK):
            part = slice(first, first + CHUNK)
            log_integral, _, _ = _nodes(params, x[part], t_x[part], t[part])
            made[part] = np.log(s) + log_integral + (r + x[part]) * np.log(alpha + t[part]) + s * np.log(beta + t[part])
        return made

    def _alive(self, params: Vector, x: Vector, t_x: Vector, t: Vector) -> Vector:
        """P(alive) of each line."""
        from scipy.special import expit  # takes long to load

        made: Vector = expit(-self._odds(params, x, t_x, t))
        return made

    def _moments_if_alive(self, params: Vector, ahead: Vector, x: Vector, t: Vector) -> tuple[Vector, Vector]:
        """First and second moment of the purchases ahead of a customer who is alive at T."""
        r, alpha, s, beta = params
        stay, stay_squared = _time_left(float(s), beta + t, ahead)
        shape, rate = r + x, 1 / (alpha + t)
        mean = shape * rate * stay
        return mean, mean + shape * (shape + 1) * rate**2 * stay_squared

    def _at_least_if_alive(self, params: Vector, ahead: Vector, k: Vector, x: Vector, t: Vector) -> Vector:
        """Probability that a customer alive at T buys at least k times (k over 0) in the time ahead."""
        from scipy.special import betainc  # takes long to load

        r, alpha, s, beta = params
        points, weights = _gauss()
        horizon = np.log1p(ahead / (beta + t))
        made: Vector = np.exp(-s * horizon) * betainc(k, r + x, ahead / (alpha + t + ahead))
        for point, weight in zip((points + 1) / 2, weights / 2, strict=True):
            v = point * horizon
            u = (beta + t) * np.expm1(v)
            made += weight * horizon * s * np.exp(-s * v) * betainc(k, r + x, u / (alpha + t + u))
        return made

    def _new(self, params: Vector, ahead: Vector) -> Vector:
        """E[X(t)] of a customer whose first purchase has just been made."""
        nothing = np.zeros(ahead.size)
        return self._moments_if_alive(params, ahead, nothing, nothing)[0]


def _time_left(s: float, scale: Vector, ahead: Vector) -> tuple[Vector, Vector]:
    r"""E[min(life, t)] and E[min(life, t)^2] of a life with P(life > u) = (scale / (scale + u))**s."""
    v = np.log1p(ahead / scale)

    def grown(power: float) -> Vector:
        """The integral of e**(power v) from 0 to v."""
        made: Vector = np.expm1(power * v) / power if abs(power) > 1e-8 else v * (1 + power * v / 2)
        return made

    first = grown(1 - s)
    return scale * first, 2 * scale**2 * (grown(2 - s) - first)


def _add_lines(lines: Lines, part: slice, params: Vector, gradient: Vector, hessian: Vector) -> float:
    """Add the derivatives of the logarithm of the two terms, stayed and left; return its value."""
    from scipy.special import expit  # takes long to load

    r, alpha, s, beta = params
    x, t, count = lines.x[part], lines.t[part], lines.count[part]
    power = r + x
    log_integral, tau, share = _nodes(params, x, lines.t_x[part], t)
    later, inverse, later_s, inverse_s = np.log(alpha + t), 1 / (alpha + t), np.log(beta + t), 1 / (beta + t)
    stayed = -power * later - s * later_s
    odds = np.log(s) + log_integral - stayed
    gone = expit(odds)
    near, near_s = 1 / (alpha + tau), 1 / (beta + tau)
    slopes = np.stack((-np.log(alpha + tau), -power[:, None] * near, -np.log(beta + tau), -(s + 1) * near_s))
    mean = (slopes * share).sum(axis=2)
    weight = count * gone
    flat = slopes.reshape(4, -1)
    spread = (flat * (share * weight[:, None]).ravel()) @ flat.T - (mean * weight) @ mean.T
    mean[2] += 1 / s
    alive = np.stack((-later, -power * inverse, -later_s, -s * inverse_s))
    difference = mean - alive
    gradient += alive @ count + difference @ weight
    hessian += spread + (difference * (weight * (1 - gone))) @ difference.T
    stays = count - weight
    hessian[0, 1] -= stays @ inverse + weight @ (near * share).sum(axis=1)
    hessian[1, 1] += (stays * power) @ inverse**2 + (weight * power) @ (near**2 * share).sum(axis=1)
    hessian[2, 3] -= stays @ inverse_s + weight @ (near_s * share).sum(axis=1)
    hessian[3, 3] += s * (stays @ inverse_s**2) + (s + 1) * (weight @ (near_s**2 * share).sum(axis=1))
    hessian[2, 2] -= weight.sum() / s**2
    return float(count @ (stayed + np.maximum(odds, 0) + np.log1p(np.exp(-np.abs(odds)))))

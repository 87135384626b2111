"""Lifetime value by the retention model: a customer who stays away once is lost for good."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.frames import as_vector
from guanxi_methods.proportion import normal_quantile, wilson
from guanxi_methods.value.clv.parameters import MOST_PERIODS, at_least, finite, probability, whole

FEWEST = 30


def retention_value(
    *, gc: float, m: float, n: int, r: float, d: float, cycles_per_year: int = 1, years_per_cycle: int = 1
) -> float:
    r"""Return lifetime value by the retention model over ``n`` years.

    With one cycle of buying a year (Berger and Nasr's case 1)

    .. math:: CLV = GC \sum_{i=0}^{n} \frac{r^i}{(1+d)^i} - M \sum_{i=1}^{n} \frac{r^{i-1}}{(1+d)^{i-.5}}

    The gross contribution comes at the start of a cycle, the first one at once; promotion is paid in the middle of
    it, by whoever bought at its start, and not after the last one. With ``cycles_per_year`` = p (case 2a) GC, M and r
    are those of a cycle, there are p n of them, and every exponent of 1 + d is divided by p. With ``years_per_cycle``
    = q (case 2b) GC and r are those of a cycle, but M is still paid in the middle of every year:

    .. math::

        CLV = GC \sum_{i=0}^{n/q} \frac{r^i}{(1+d)^{iq}} - M \sum_{i=1}^{n} \frac{r^{(i-1)/q}}{(1+d)^{i-.5}}

    Parameters
    ----------
    gc : float
        Gross contribution (revenue less the cost of goods and of serving) of a cycle, in any currency.
    m : float
        Promotion for a customer and cycle (case 2b: and year), in the same currency, not negative.
    n : int
        Years looked ahead.
    r : float
        Share of customers retained from one cycle to the next, 0 to 1.
    d : float
        Discount rate of a year, not negative.
    cycles_per_year, years_per_cycle : int, default 1
        At most one of them over 1; ``n`` must be a multiple of ``years_per_cycle``.

    Returns
    -------
    float
        In the unit of ``gc``.

    Raises
    ------
    MethodError
        A figure outside its bounds, named.

    References
    ----------
    F. R. Dwyer, "Customer lifetime valuation to support marketing decision making", Journal of Direct Marketing 11(4),
    1997, 6-13; P. D. Berger, N. I. Nasr, "Customer lifetime value: marketing models and applications", Journal of
    Interactive Marketing 12(1), 1998, 17-30, cases 1, 2a and 2b.

    Examples
    --------
    >>> round(retention_value(gc=260, m=50, n=10, r=0.75, d=0.20), 2)
    568.78
    """
    gross, promotion, years = finite("gc", gc), at_least("m", m, 0.0), whole("n", n)
    retained, rate = probability("r", r), at_least("d", d, 0.0)
    often, seldom = whole("cycles_per_year", cycles_per_year, 1), whole("years_per_cycle", years_per_cycle, 1)
    if often > 1 and seldom > 1:
        raise MethodError("give cycles_per_year or years_per_cycle, not both: a cycle is shorter or longer than a year")
    if years % seldom:
        raise MethodError(
            "n must be a multiple of years_per_cycle: {years} years are no whole number of cycles of {seldom}",
            years=years,
            seldom=seldom,
        )
    if years * often > MOST_PERIODS:
        raise MethodError(
            "n times cycles_per_year must be at most {most:,}, not {value:,}", most=MOST_PERIODS, value=years * often
        )
    cycles, payments = years * often // seldom, years * often
    base = 1 / (1 + rate)
    earned = math.fsum(retained**i * base ** (i * seldom / often) for i in range(cycles + 1))
    spent = math.fsum(retained ** ((i - 1) / seldom) * base ** ((i - 0.5) / often) for i in range(1, payments + 1))
    return gross * earned - promotion * spent


def value_of_margins(margins: ArrayLike, *, r: float | Sequence[float], d: float) -> float:
    r"""Return lifetime value by the retention model where margin, retention or both change from year to year.

    .. math:: CLV = \sum_{t=0}^{n} \frac{\pi(t)}{(1+d)^t} \prod_{s=1}^{t} r_s

    which is Berger and Nasr's case 3 where r is one number, and Dwyer's table of rising retention where it is not.

    Parameters
    ----------
    margins : array_like, shape (n + 1,)
        Net margin of each year in any currency, the first one earned at once.
    r : float or sequence of float, shape (n,)
        Share retained into each of the years that follow.
    d : float
        Discount rate of a year.

    Returns
    -------
    float

    Raises
    ------
    MethodError
        A figure outside its bounds; shares of another number than the years that follow.

    Examples
    --------
    >>> round(value_of_margins([100, 110, 120], r=[0.65, 0.7], d=0.2), 4)
    197.5
    """
    earned, rate = as_vector(margins, "margins"), at_least("d", d, 0.0)
    shares = [r] * (earned.size - 1) if isinstance(r, (int, float)) else list(r)
    if len(shares) != earned.size - 1:
        raise MethodError(
            "r must hold one share for each of the {years} years after the first, not {found}",
            years=earned.size - 1,
            found=len(shares),
        )
    alive = np.cumprod([1.0, *(probability("r", share) for share in shares)])
    return math.fsum(earned * alive * (1 / (1 + rate)) ** np.arange(earned.size))


def profit_curve(t: ArrayLike, *, h: float, v: float, g: float, ceiling: float) -> NDArray[np.float64]:
    r"""Return the yearly profit of a customer whose profit first grows ever faster and then levels off.

    .. math::

        \pi(t) = h t^2 + v \quad (t \le g), \qquad
        \pi(t) = (h g^2 + v) + N (1 - e^{-(t - g)}) \quad (t > g)

    Parameters
    ----------
    t : array_like
        Years since the customer was won.
    h, v : float
        Speed of growth and profit at the start.
    g : float
        Year of the turn.
    ceiling : float
        N, what is still gained after the turn.

    Returns
    -------
    ndarray of float64

    Raises
    ------
    MethodError
        A time before the start.

    References
    ----------
    P. D. Berger, N. I. Nasr 1998, as above, case 3.

    Examples
    --------
    >>> profit_curve([0, 1, 2], h=4, v=20, g=1, ceiling=10).round(3)
    array([20.   , 24.   , 30.321])
    """
    times, turn = as_vector(np.atleast_1d(np.asarray(t)), "t"), at_least("g", g, 0.0)
    if times.min() < 0:
        raise MethodError("t holds a time before the customer was won: {value:g}", value=float(times.min()))
    early = finite("h", h) * np.minimum(times, turn) ** 2 + finite("v", v)
    return np.asarray(early + finite("ceiling", ceiling) * -np.expm1(-np.maximum(times - turn, 0.0)))


def value_of_profit_curve(
    *, h: float, v: float, g: float, ceiling: float, r: float, d: float, n: float, is_continuous: bool = False
) -> float:
    r"""Return lifetime value where profit follows :func:`profit_curve`.

    Year by year (case 3), :math:`\sum_{t=0}^{n} \pi(t) [r / (1 + d)]^t`, or as a stream without steps (case 4),
    :math:`\int_0^n \pi(t) [r / (1 + d)]^t dt`, by Gauss's quadrature on either side of the turn.

    Parameters
    ----------
    h, v, g, ceiling : float
        As in :func:`profit_curve`.
    r : float
        Share retained from one year to the next, over 0 and at most 1.
    d : float
        Discount rate of a year.
    n : float
        Years looked ahead; a whole number unless ``is_continuous``.
    is_continuous : bool, default False

    Returns
    -------
    float

    Raises
    ------
    MethodError
        A figure outside its bounds.

    References
    ----------
    P. D. Berger, N. I. Nasr 1998, as above, cases 3 and 4.

    Examples
    --------
    >>> round(value_of_profit_curve(h=0, v=100, g=0, ceiling=0, r=0.8, d=0.2, n=2), 4)
    211.1111
    """
    step, years = probability("r", r) / (1 + at_least("d", d, 0.0)), at_least("n", n, 0.0)
    if not is_continuous:
        if years != int(years):
            raise MethodError("n must be a whole number of years unless is_continuous, not {value:g}", value=years)
        times = np.arange(int(years) + 1, dtype=np.float64)
        return math.fsum(profit_curve(times, h=h, v=v, g=g, ceiling=ceiling) * step**times)
    turn, total = at_least("g", g, 0.0), 0.0
    nodes, weights = np.polynomial.legendre.leggauss(64)
    for start, end in ((0.0, min(turn, years)), (min(turn, years), years)):
        half = (end - start) / 2
        times = half * (nodes + 1) + start
        total += half * float(weights @ (profit_curve(times, h=h, v=v, g=g, ceiling=ceiling) * step**times))
    return total


class RetentionModel(Method):
    r"""Lifetime value by the retention model, the share retained being counted on customers.

    :math:`\hat r = k / N` of N customers who could stay or go; the value and its standard error follow by
    :func:`retention_value` and its derivative, :math:`se(CLV) = |\partial CLV / \partial r| \sqrt{\hat r (1 - \hat r) / N}`.

    Parameters
    ----------
    gc, m, n, d
        As in :func:`retention_value`.
    level : float, default 0.95
        Of the intervals.

    Attributes
    ----------
    r_ : float
    r_interval_ : tuple of float
        Wilson's.
    clv_ : float
    clv_standard_error_ : float
    clv_interval_ : tuple of float
    n_customers_ : int
    notes_ : tuple of Note

    Examples
    --------
    >>> model = RetentionModel(gc=260, m=50, n=10, d=0.20).fit([1] * 300 + [0] * 100)
    >>> model.r_, round(model.clv_, 2), [round(x, 1) for x in model.clv_interval_]
    (0.75, 568.78, [517.0, 620.6])
    """

    def __init__(self, gc: float, m: float, n: int, d: float, level: float = 0.95) -> None:
        """Store the parameters."""
        self.gc = gc
        self.m = m
        self.n = n
        self.d = d
        self.level = level

    def fit(self, retained: ArrayLike) -> RetentionModel:
        """Count the share retained.

        Parameters
        ----------
        retained : array_like, shape (n_customers,)
            1 where a customer of one cycle bought in the next, 0 where not.

        Returns
        -------
        RetentionModel

        Raises
        ------
        MethodError
            Other values than 0 and 1; fewer than 30 customers.
        """
        z = normal_quantile(self.level)
        stayed = as_vector(retained, "retained")
        odd = (stayed != 0) & (stayed != 1)
        if odd.any():
            raise MethodError(
                "retained must hold 1 (stayed) or 0 (left), but row {row} holds {value:g}",
                row=int(np.argmax(odd)) + 1,
                value=float(stayed[np.argmax(odd)]),
            )
        if stayed.size < FEWEST:
            raise TooFewError(
                "a share retained needs at least {needed} customers, and there are {found}",
                needed=FEWEST,
                found=stayed.size,
            )
        share = float(stayed.sum()) / stayed.size
        self.n_customers_ = stayed.size
        self.r_ = share
        self.r_interval_ = wilson(share * stayed.size, stayed.size, self.level)
        self.clv_ = retention_value(gc=self.gc, m=self.m, n=self.n, r=share, d=self.d)
        self.clv_standard_error_ = abs(self._slope(share)) * math.sqrt(share * (1 - share) / stayed.size)
        if share in (0.0, 1.0):
            ends = sorted(retention_value(gc=self.gc, m=self.m, n=self.n, r=end, d=self.d) for end in self.r_interval_)
            self.clv_interval_ = (ends[0], ends[1])
            self.notes_: tuple[Note, ...] = (
                Note("everybody or nobody stayed: the standard error is 0, the interval comes from that of the share"),
            )
        else:
            half = z * self.clv_standard_error_
            self.clv_interval_ = (self.clv_ - half, self.clv_ + half)
            self.notes_ = ()
        return self

    def _slope(self, share: float) -> float:
        """Return the derivative of the value by the share retained."""
        base, years = 1 / (1 + self.d), self.n
        earned = math.fsum(i * share ** (i - 1) * base**i for i in range(1, years + 1))
        spent = math.fsum((i - 1) * share ** (i - 2) * base ** (i - 0.5) for i in range(2, years + 1))
        return self.gc * earned - self.m * spent

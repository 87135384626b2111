"""Acquisition against retention: how much to spend on winning customers and on keeping them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from guanxi_methods.errors import MethodError
from guanxi_methods.value.clv.parameters import at_least, finite, probability

STEPS = 200
GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True)
class CustomerEquity:
    """What spending on acquisition and retention brings.

    Attributes
    ----------
    acquisition_spend, retention_spend : float
        For a prospect, and for a customer and period.
    acquisition_rate, retention_rate : float
        Shares won and kept with them.
    customer_value : float
        Lifetime value of a customer won, before the cost of winning it.
    equity : float
        Customer equity for a prospect: rate of acquisition times that value, less the spend.
    """

    acquisition_spend: float
    retention_spend: float
    acquisition_rate: float
    retention_rate: float
    customer_value: float
    equity: float


def response_speed(*, rate: float, ceiling: float, spend: float) -> float:
    r"""Return how fast a rate nears its ceiling with spending, from one point: :math:`k = -\ln(1 - rate / c) / spend`.

    Parameters
    ----------
    rate : float
        Share won or kept at present.
    ceiling : float
        Share that no spending would exceed.
    spend : float
        What is spent at present for each, over 0.

    Returns
    -------
    float

    Raises
    ------
    MethodError
        A rate that is not under its ceiling, or no spend.

    Examples
    --------
    >>> round(response_speed(rate=0.2, ceiling=0.4, spend=5), 5)
    0.13863
    """
    now, most, paid = probability("rate", rate), probability("ceiling", ceiling), at_least("spend", spend, 0.0)
    if not now < most:
        raise MethodError(
            "rate must be under its ceiling, but {rate:g} is not under {ceiling:g}", rate=now, ceiling=most
        )
    if paid == 0:
        raise MethodError("spend must be over 0: a rate that costs nothing says nothing about spending")
    return -math.log1p(-now / most) / paid


def acquisition_or_retention(
    *,
    margin: float,
    d: float,
    acquisition: tuple[float, float],
    retention: tuple[float, float],
    acquisition_spend: float | None = None,
    retention_spend: float | None = None,
) -> CustomerEquity:
    r"""Return customer equity by Blattberg and Deighton's test, at a given spend or at the best.

    With :math:`a = c_a (1 - e^{-k_a A})`, :math:`r = c_r (1 - e^{-k_r R})`

    .. math:: CE = a V - A, \qquad V = m + \Bigl(m - \frac{R}{r}\Bigr) \frac{r}{1 + d - r} = m + \frac{m r - R}{1 + d - r}

    V is a ratio of a concave to a convex function of R and so has one peak, found by golden section; then
    :math:`A^* = \ln(c_a k_a V) / k_a`. At the best, the marginal cost of winning a customer equals that of keeping one,
    and both equal V (Pfeifer 2005).

    Parameters
    ----------
    margin : float
        Of a customer and period, over 0.
    d : float
        Discount rate of a period.
    acquisition, retention : tuple of float
        Ceiling and speed of the response to spending; see :func:`response_speed`.
    acquisition_spend, retention_spend : float, optional
        The best unless given.

    Returns
    -------
    CustomerEquity

    Raises
    ------
    MethodError
        A figure outside its bounds.

    References
    ----------
    R. C. Blattberg, J. Deighton, "Manage marketing by the customer equity test", Harvard Business Review 74(4), 1996,
    136-144; P. E. Pfeifer, "The optimal ratio of acquisition and retention costs", Journal of Targeting, Measurement
    and Analysis for Marketing 13(2), 2005.

    Examples
    --------
    >>> best = acquisition_or_retention(margin=50, d=0.2, acquisition=(0.4, 0.1), retention=(0.7, 0.05))
    >>> round(best.acquisition_spend, 2), round(best.retention_spend, 2), round(best.equity, 2)
    (7.76, 12.85, 3.97)
    """
    earned, rate = finite("margin", margin), at_least("d", d, 0.0)
    if earned <= 0:
        raise MethodError("margin must be over 0: customers who bring nothing are not worth winning")
    (top_a, speed_a), (top_r, speed_r) = (
        (probability(f"the ceiling of {name}", ceiling), at_least(f"the speed of {name}", speed, 0.0))
        for name, (ceiling, speed) in (("acquisition", acquisition), ("retention", retention))
    )
    if top_r == 1 and rate == 0:
        raise MethodError("with a ceiling of retention of 1 and d = 0 the value has no end: give a discount rate")

    def worth(spend: float) -> float:
        """Lifetime value at a spend on retention."""
        kept = -top_r * math.expm1(-speed_r * spend)
        return earned + (earned * kept - spend) / (1 + rate - kept)

    keep = (
        _peak(worth, earned * top_r) if retention_spend is None else at_least("retention_spend", retention_spend, 0.0)
    )
    value = worth(keep)
    if acquisition_spend is not None:
        win = at_least("acquisition_spend", acquisition_spend, 0.0)
    else:
        pull = top_a * speed_a * value
        win = math.log(pull) / speed_a if pull > 1 else 0.0
    won = -top_a * math.expm1(-speed_a * win)
    return CustomerEquity(win, keep, won, -top_r * math.expm1(-speed_r * keep), value, won * value - win)


def _peak(worth: Callable[[float], float], most: float) -> float:
    """Return where a function with one peak between 0 and a bound is highest."""
    low, high = 0.0, most
    for _ in range(STEPS):
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        if worth(left) < worth(right):
            low = left
        else:
            high = right
    return (low + high) / 2

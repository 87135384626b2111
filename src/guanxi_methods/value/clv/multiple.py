"""Lifetime value as a multiple of one margin: what a customer is worth in perpetuity, by when the first margin comes."""

from __future__ import annotations

import math

from guanxi_methods.errors import MethodError
from guanxi_methods.value.clv.parameters import at_least, finite, probability, whole

# A sum whose logarithm is larger may be no floating-point number.
LOGARITHM_AT_MOST = 650.0
# When the first margin comes, and the factor that the margin is multiplied by; see perpetual_value.
FIRST_MARGINS = ("at_once", "if_retained", "after_one_period")


def margin_multiple(*, r: float, i: float, g: float = 0.0, n: int | None = None) -> float:
    r"""Return the margin multiple of Gupta and Lehmann: lifetime value in units of one yearly margin.

    .. math::

        \sum_{t=1}^{\infty} \frac{(1+g)^{t-1} r^t}{(1+i)^t} = \frac{r}{1 + i - r (1 + g)}, \qquad
        \sum_{t=1}^{n} = \frac{r}{1 + i - r (1 + g)} \Bigl[1 - \Bigl(\frac{r (1 + g)}{1 + i}\Bigr)^n\Bigr]

    The first margin comes a period from now, if the customer is still there: what was earned on winning the customer
    is not counted.

    Parameters
    ----------
    r : float
        Share of customers retained from one period to the next, 0 to 1.
    i : float
        Discount rate of a period, not negative.
    g : float, default 0
        Growth of the margin from one period to the next, over -1.
    n : int, optional
        Periods; without end unless given.

    Returns
    -------
    float

    Raises
    ------
    MethodError
        A figure outside its bounds; a sum that does not end, because r (1 + g) is not under 1 + i.

    References
    ----------
    S. Gupta, D. R. Lehmann, "Customers as assets", Journal of Interactive Marketing 17(1), 2003, 9-24, equations 3
    and 4; the same, "Managing Customers as Investments", Wharton School Publishing 2005, ch. 2.

    Examples
    --------
    >>> round(margin_multiple(r=0.8, i=0.12), 4)
    2.5
    """
    retained, rate, growth = probability("r", r), at_least("i", i, 0.0), finite("g", g)
    if growth <= -1:
        raise MethodError("g must be over -1, for a margin cannot shrink by more than all, not {value:g}", value=growth)
    step = retained * (1 + growth) / (1 + rate)
    if n is not None:
        first = retained / (1 + rate)
        periods = whole("n", n)
        if step > 1 and periods * math.log(step) > LOGARITHM_AT_MOST:
            raise MethodError(
                "the margin grows by {percent:g}% a period beyond any number within {periods:,} periods: give fewer, or a "
                "smaller g", percent=100 * (step - 1), periods=periods,
            )  # fmt: skip
        return first * math.fsum(step**t for t in range(periods))
    if step >= 1:
        raise MethodError(
            "the sum does not end: r (1 + g) = {grown:g} is not under 1 + i = {discount:g}; give a number of periods",
            grown=retained * (1 + growth),
            discount=1 + rate,
        )
    return retained / (1 + rate - retained * (1 + growth))


def perpetual_value(*, margin: float, r: float, d: float, first_margin: str) -> float:
    r"""Return lifetime value without end, by one of the three definitions that textbooks use without saying which.

    ==================  ==================================  =====================================================
    ``first_margin``    formula                             the first margin
    ==================  ==================================  =====================================================
    "at_once"           :math:`m (1 + d) / (1 + d - r)`     comes now, for sure (a prepaid contract just signed)
    "if_retained"       :math:`m r / (1 + d - r)`           comes after a period, if the customer stays till then
    "after_one_period"  :math:`m / (1 + d - r)`             comes after a period, for sure
    ==================  ==================================  =====================================================

    They differ by exactly the margin that is counted or not: ``at_once`` = ``if_retained`` + m, and
    ``after_one_period`` = ``at_once`` / (1 + d).

    Parameters
    ----------
    margin : float
        Net margin of a period, in any currency.
    r : float
        Share of customers retained from one period to the next, 0 to 1.
    d : float
        Discount rate of a period, not negative.
    first_margin : {"at_once", "if_retained", "after_one_period"}
        There is no default: a figure without it cannot be compared with anybody else's.

    Returns
    -------
    float
        In the unit of the margin.

    Raises
    ------
    MethodError
        A figure outside its bounds, another name, or a sum that does not end (r = 1 and d = 0).

    References
    ----------
    S. Gupta, D. R. Lehmann 2003, as above ("if_retained"); P. S. Fader, B. G. S. Hardie, "Probability models for
    customer-base analysis", Journal of Interactive Marketing 23, 2009 ("at_once"); R. C. Blattberg, B.-D. Kim,
    S. A. Neslin, "Database Marketing", Springer 2008, ch. 5 (the three side by side).

    Examples
    --------
    >>> [round(perpetual_value(margin=100, r=0.8, d=0.12, first_margin=name), 2) for name in FIRST_MARGINS]
    [350.0, 250.0, 312.5]
    """
    earned, retained, rate = finite("margin", margin), probability("r", r), at_least("d", d, 0.0)
    if first_margin not in FIRST_MARGINS:
        raise MethodError(
            "first_margin must be one of {known}, not {value!r}", known=", ".join(FIRST_MARGINS), value=first_margin
        )
    if retained == 1 and rate == 0:
        raise MethodError("the sum does not end: with r = 1 and d = 0 a customer brings a margin for ever")
    factor = {"at_once": 1 + rate, "if_retained": retained, "after_one_period": 1.0}[first_margin]
    return earned * factor / (1 + rate - retained)

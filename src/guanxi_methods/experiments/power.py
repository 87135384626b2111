"""How many customers an experiment needs, and what it can find with those it has."""

from __future__ import annotations

import math
from collections.abc import Callable

from guanxi_methods.errors import MethodError

# More customers than there are people: nobody will run that experiment.
MOST_CUSTOMERS = 10**10
HALVINGS = 200


def _quantile(share: float) -> float:
    """Return the normal quantile."""
    from scipy.special import ndtri  # takes long to load

    return float(ndtri(share))


def _normal(x: float) -> float:
    """Return the normal distribution function."""
    return math.erfc(-x / math.sqrt(2)) / 2


def _check(alpha: float, power: float | None, ratio: float, sides: int) -> None:
    """Raise MethodError unless what all functions here take is what it must be."""
    for name, share in (("alpha", alpha), ("power", power)):
        if share is not None and not 0 < share < 1:
            raise MethodError("{name} must lie over 0 and under 1, not {value!r}", name=name, value=share)
    if power is not None and power <= alpha:
        raise MethodError("power {power} must be over alpha {alpha}: chance alone gives that", power=power, alpha=alpha)
    if not ratio > 0 or not math.isfinite(ratio):
        raise MethodError("ratio must be a number over 0, not {value!r}", value=ratio)
    if sides not in (1, 2):
        raise MethodError("sides must be 1 or 2, not {value!r}", value=sides)


def _check_rates(p1: float, p2: float) -> None:
    """Raise MethodError unless two shares differ and lie between 0 and 1."""
    for name, share in (("p1", p1), ("p2", p2)):
        if not 0 <= share <= 1:
            raise MethodError("{name} must lie from 0 to 1, not {value!r}", name=name, value=share)
    if p1 == p2:
        raise MethodError("p1 and p2 are both {value}: no number of customers tells them apart", value=p1)


def _fewest(power_of: Callable[[int], float], power: float, least: int) -> int:
    """Return the fewest customers whose power is enough, by doubling and halving."""
    enough = least
    while power_of(enough) < power:
        enough *= 2
        if enough > MOST_CUSTOMERS:
            raise MethodError(
                "the effect is so small that over {most} customers would be needed", most="10,000,000,000"
            )
    too_few = max(least - 1, enough // 2)
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        if power_of(middle) < power:
            too_few = middle
        else:
            enough = middle
    return enough


def size_for_proportions(
    p1: float,
    p2: float,
    *,
    power: float = 0.8,
    alpha: float = 0.05,
    ratio: float = 1.0,
    sides: int = 2,
    continuity: bool = False,
) -> tuple[int, int]:
    r"""Return how many customers each arm needs to tell two shares apart (Fleiss).

    .. math::

        n_1 = \frac{\bigl[z_{\alpha/2}\sqrt{(r+1)\bar p \bar q} + z_\beta\sqrt{r p_1 q_1 + p_2 q_2}\bigr]^2}
        {r (p_2 - p_1)^2}, \quad n_2 = r n_1, \quad \bar p = \frac{p_1 + r p_2}{r + 1}

    and with correction for continuity (for Fisher's test, or chi-square with Yates's correction)

    .. math:: \frac{n_1}{4} \Bigl(1 + \sqrt{1 + \frac{2 (r + 1)}{n_1 r |p_2 - p_1|}}\Bigr)^2

    Without it, the default, it is meant for the score test of :func:`compare_proportions`.

    Parameters
    ----------
    p1, p2 : float
        Share in the control, and the one that must not be missed.
    power : float, default .8
        Chance to find it.
    alpha : float, default .05
        Chance of a false alarm.
    ratio : float, default 1
        Size of the second arm over that of the first.
    sides : {1, 2}, default 2
    continuity : bool, default False

    Returns
    -------
    tuple of int
        Rounded up.

    Raises
    ------
    MethodError
        Shares outside 0 to 1, or equal; a power not over alpha.

    References
    ----------
    J. L. Fleiss, B. Levin & M. C. Paik, "Statistical Methods for Rates and Proportions", 3rd ed. 2003, equations
    4.14-4.19; J. L. Fleiss, A. Tytun & H. K. Ury, Biometrics 36, 1980.

    Examples
    --------
    >>> size_for_proportions(0.6, 0.7), size_for_proportions(0.6, 0.7, continuity=True)
    ((356, 356), (376, 376))
    """
    _check_rates(p1, p2)
    _check(alpha, power, ratio, sides)
    gap = abs(p2 - p1)
    mean = (p1 + ratio * p2) / (ratio + 1)
    under_null = _quantile(1 - alpha / sides) * math.sqrt((ratio + 1) * mean * (1 - mean))
    under_effect = _quantile(power) * math.sqrt(ratio * p1 * (1 - p1) + p2 * (1 - p2))
    size = (under_null + under_effect) ** 2 / (ratio * gap**2)
    if continuity:
        size = size / 4 * (1 + math.sqrt(1 + 2 * (ratio + 1) / (size * ratio * gap))) ** 2
    return _rounded_up(size), _rounded_up(size * ratio)


def _rounded_up(size: float) -> int:
    """Return the next whole number; what is whole but for rounding stays."""
    return max(1, math.ceil(size - 1e-9))


def power_for_proportions(
    p1: float, p2: float, *, n1: float, ratio: float = 1.0, alpha: float = 0.05, sides: int = 2
) -> float:
    """Return the chance to tell two shares apart with ``n1`` customers in the first arm: Fleiss's formula turned round.

    Parameters
    ----------
    p1, p2, ratio, alpha, sides
        As :func:`size_for_proportions`.
    n1 : float
        Over 0.

    Returns
    -------
    float

    Examples
    --------
    >>> round(power_for_proportions(0.6, 0.7, n1=356), 4)
    0.8001
    """
    _check_rates(p1, p2)
    _check(alpha, None, ratio, sides)
    if not n1 > 0:
        raise MethodError("n1 must be over 0, not {value!r}", value=n1)
    mean = (p1 + ratio * p2) / (ratio + 1)
    under_null = _quantile(1 - alpha / sides) * math.sqrt((ratio + 1) * mean * (1 - mean))
    spread = math.sqrt(ratio * p1 * (1 - p1) + p2 * (1 - p2))
    reach = abs(p2 - p1) * math.sqrt(ratio * n1) - under_null
    return _normal(reach / spread) if spread > 0 else float(reach > 0)


def detectable_proportion(
    p1: float, *, n1: float, ratio: float = 1.0, power: float = 0.8, alpha: float = 0.05, sides: int = 2
) -> float:
    """Return the smallest share over ``p1`` that is found with the power asked for.

    Parameters
    ----------
    p1, n1, ratio, power, alpha, sides
        As :func:`power_for_proportions`.

    Returns
    -------
    float

    Raises
    ------
    MethodError
        Not even a share of 1 would be found.

    Examples
    --------
    >>> round(detectable_proportion(0.1, n1=1000), 4)
    0.1407
    """
    _check(alpha, power, ratio, sides)

    def is_found(share: float) -> bool:
        return power_for_proportions(p1, share, n1=n1, ratio=ratio, alpha=alpha, sides=sides) >= power

    if p1 >= 1 or not is_found(1.0):
        raise MethodError("{n1} customers in the first arm find no share over {p1} at all", n1=n1, p1=p1)
    low, high = p1, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (low, middle) if is_found(middle) else (middle, high)
    return high


def size_for_arcsine(h: float, *, power: float = 0.8, alpha: float = 0.05, sides: int = 2) -> int:
    r"""Return how many customers each of two arms needs for a difference of shares of size h (Cohen).

    .. math:: h = 2 \arcsin\sqrt{p_2} - 2 \arcsin\sqrt{p_1}, \qquad n = 2 \Bigl(\frac{z_{\alpha/2} + z_\beta}{h}\Bigr)^2

    Cohen calls .2 small, .5 medium, .8 large.

    Parameters
    ----------
    h : float
    power, alpha, sides
        As :func:`size_for_proportions`.

    Returns
    -------
    int

    References
    ----------
    J. Cohen, "A power primer", Psychological Bulletin 112, 1992, table 2, test 4 (rounded to the nearest there).

    Examples
    --------
    >>> size_for_arcsine(0.2)
    393
    """
    _check(alpha, power, 1.0, sides)
    if h == 0 or not math.isfinite(h):
        raise MethodError("h must be a number other than 0, not {value!r}", value=h)
    return _rounded_up(2 * ((_quantile(1 - alpha / sides) + _quantile(power)) / h) ** 2)


def power_for_means(
    difference: float, sd: float, *, n1: int, ratio: float = 1.0, alpha: float = 0.05, sides: int = 2
) -> float:
    r"""Return the chance to tell two means apart by Student's test.

    With :math:`\nu = n_1 + n_2 - 2` and :math:`\lambda = \frac{\Delta}{\sigma\sqrt{1/n_1 + 1/n_2}}` the chance that a
    noncentral t of :math:`\nu` and :math:`\lambda` lies beyond the critical value, exactly.

    Parameters
    ----------
    difference, sd : float
        In the same unit.
    n1 : int
        First arm, at least 2; the second has ``ratio`` times as many, rounded up.
    ratio, alpha, sides
        As :func:`size_for_proportions`.

    Returns
    -------
    float

    Examples
    --------
    >>> round(power_for_means(0.5, 1, n1=64), 4)
    0.8015
    """
    from scipy.special import nctdtr, stdtrit  # takes long to load

    _check(alpha, None, ratio, sides)
    if not sd > 0 or not math.isfinite(sd):
        raise MethodError("sd must be a number over 0, not {value!r}", value=sd)
    if difference == 0 or not math.isfinite(difference):
        raise MethodError("difference must be a number other than 0, not {value!r}", value=difference)
    if n1 < 2:
        raise MethodError("n1 must be at least 2, not {value!r}", value=n1)
    n2 = max(2, _rounded_up(n1 * ratio))
    freedom = n1 + n2 - 2
    noncentral = abs(difference) / (sd * math.sqrt(1 / n1 + 1 / n2))
    critical = float(stdtrit(freedom, 1 - alpha / sides))
    beyond = 1 - float(nctdtr(freedom, noncentral, critical))
    below = float(nctdtr(freedom, noncentral, -critical)) if sides == 2 else 0.0
    if math.isfinite(beyond) and math.isfinite(below):
        return min(1.0, beyond + below)
    # Far out the noncentral t is not computed any more; there it is normal to all digits that matter.
    return _normal(noncentral - critical)


def size_for_means(
    difference: float, sd: float, *, power: float = 0.8, alpha: float = 0.05, ratio: float = 1.0, sides: int = 2
) -> tuple[int, int]:
    """Return how many customers each arm needs to tell two means apart: the fewest by :func:`power_for_means`.

    Parameters
    ----------
    difference, sd : float
    power, alpha, ratio, sides
        As :func:`size_for_proportions`.

    Returns
    -------
    tuple of int

    References
    ----------
    J. Cohen, "A power primer", Psychological Bulletin 112, 1992, table 2, test 1: for d = .2, .5, .8 at .05 and .8
    they are 393, 64, 26,
    to the nearest; the first here is 394, for with 393 the power is .7996.

    Examples
    --------
    >>> size_for_means(0.5, 1), size_for_means(0.8, 1)
    ((64, 64), (26, 26))
    """
    _check(alpha, power, ratio, sides)

    def power_of(n1: int) -> float:
        return power_for_means(difference, sd, n1=n1, ratio=ratio, alpha=alpha, sides=sides)

    n1 = _fewest(power_of, power, 2)
    return n1, max(2, _rounded_up(n1 * ratio))


def size_for_chi_square(w: float, freedom: int, *, power: float = 0.8, alpha: float = 0.05) -> int:
    r"""Return how many customers in all a chi-square test needs for an effect of size w (Cohen).

    .. math:: w = \sqrt{\sum_c \frac{(p_{1c} - p_{0c})^2}{p_{0c}}}, \qquad \lambda = N w^2

    with the noncentral chi-square exactly. For several arms with yes or no, ``freedom`` is arms less 1. Cohen calls .1
    small, .3 medium, .5 large.

    Parameters
    ----------
    w : float
        Over 0.
    freedom : int
        Degrees of freedom, at least 1.
    power, alpha
        As :func:`size_for_proportions`.

    Returns
    -------
    int

    References
    ----------
    J. Cohen, "A power primer", Psychological Bulletin 112, 1992, table 2, test 6.

    Examples
    --------
    >>> size_for_chi_square(0.3, 1), size_for_chi_square(0.1, 2)
    (88, 964)
    """
    from scipy.special import chdtri, chndtr  # takes long to load

    _check(alpha, power, 1.0, 2)
    if not w > 0 or not math.isfinite(w):
        raise MethodError("w must be a number over 0, not {value!r}", value=w)
    if isinstance(freedom, bool) or not isinstance(freedom, int) or freedom < 1:
        raise MethodError("freedom must be a whole number of at least 1, not {value!r}", value=freedom)
    critical = float(chdtri(freedom, alpha))

    def power_of(total: int) -> float:
        return 1 - float(chndtr(critical, freedom, total * w * w))

    return _fewest(power_of, power, 2)

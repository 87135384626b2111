"""Estimates with their intervals: shares, means and ratios of sums."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import stdtrit

from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.frames import Vector
from guanxi_methods.proportion import check_level, normal_quantile, wilson_interval

LEVEL = 0.95
__all__ = ["LEVEL", "Estimate", "check_level", "mean", "proportion", "ratio", "two_sided_z"]


@dataclass(frozen=True)
class Estimate:
    """A figure with its uncertainty.

    Attributes
    ----------
    value : float
    low, high : float or None
        Ends of the interval; None where it cannot be had (a single customer).
    standard_error : float or None
    n : int
        Customers or answers behind it.
    """

    value: float
    low: float | None
    high: float | None
    standard_error: float | None
    n: int

    @property
    def interval(self) -> tuple[float, float] | None:
        """Both ends, or None."""
        return None if self.low is None or self.high is None else (self.low, self.high)

    def within(self, least: float, most: float) -> Estimate:
        """Return the same with its interval cut off at the ends of a scale, beyond which no truth can lie."""
        low = None if self.low is None else max(least, self.low)
        high = None if self.high is None else min(most, self.high)
        return Estimate(self.value, low, high, self.standard_error, self.n)

    def times(self, factor: float) -> Estimate:
        """Return the same in a unit that is smaller by a positive factor (shares as percentages)."""
        ends = [None if end is None else end * factor for end in (self.low, self.high, self.standard_error)]
        return Estimate(self.value * factor, ends[0], ends[1], ends[2], self.n)


def two_sided_z(level: float) -> float:
    """Return the normal quantile of a two-sided interval."""
    return normal_quantile(level)


def proportion(successes: float, trials: float, level: float = LEVEL) -> Estimate:
    r"""Return a share with Wilson's interval.

    .. math::

        \frac{\hat p + z^2/2n \pm z \sqrt{\hat p (1 - \hat p)/n + z^2/4n^2}}{1 + z^2/n}

    Parameters
    ----------
    successes, trials : float
        Counts, ``0 <= successes <= trials``, at least one trial.
    level : float, default 0.95

    Returns
    -------
    Estimate

    Raises
    ------
    MethodError
        Counts that are none; no trial.

    References
    ----------
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
    Statistical Association 22, 1927; recommended over Wald's by L. D. Brown, T. T. Cai & A. DasGupta, "Interval
    estimation for a binomial proportion", Statistical Science 16, 2001.

    Examples
    --------
    >>> share = proportion(15, 148)
    >>> round(share.value, 4), round(share.low, 4), round(share.high, 4)
    (0.1014, 0.0624, 0.1605)
    """
    if trials <= 0:
        raise TooFewError("a share needs at least one customer or answer to be a share of")
    if not 0 <= successes <= trials:
        raise MethodError("{successes} of {trials} is no share", successes=successes, trials=trials)
    share = successes / trials
    low, high = wilson_interval(successes, trials, level).tolist()
    return Estimate(share, low, high, math.sqrt(share * (1 - share) / trials), int(trials))


def mean(values: Vector, level: float = LEVEL) -> Estimate:
    r"""Return a mean with Student's interval, :math:`\bar x \pm t_{n-1} s / \sqrt n`; none from a single value.

    Parameters
    ----------
    values : ndarray, shape (n,)
        At least one, none missing.
    level : float, default 0.95

    Returns
    -------
    Estimate

    Examples
    --------
    >>> import numpy as np
    >>> found = mean(np.array([3.0, 5.0, 7.0]))
    >>> found.value, round(found.low, 3), round(found.high, 3)
    (5.0, 0.032, 9.968)
    """
    check_level(level)
    if values.size == 0:
        raise TooFewError("a mean needs at least one value")
    centre = float(values.mean())
    if values.size == 1:
        return Estimate(centre, None, None, None, 1)
    error = float(values.std(ddof=1)) / math.sqrt(values.size)
    half = float(stdtrit(values.size - 1, 0.5 + level / 2)) * error
    return Estimate(centre, centre - half, centre + half, error, int(values.size))


def ratio(part: Vector, whole: Vector, level: float = LEVEL) -> Estimate:
    r"""Return a share of sums over customers, with the interval of a ratio estimator.

    .. math::

        R = \frac{\sum_i a_i}{\sum_i b_i}, \qquad
        \mathrm{SE}^2 = \frac{n}{n-1} \frac{\sum_i (a_i - R b_i)^2}{(\sum_i b_i)^2}

    The customer, not the purchase, is what was drawn, so the interval holds however alike a customer's purchases are.
    Where every customer's own share is the same 0 or 1, the error above is 0 though nothing is certain; Wilson's
    interval over the customers is given instead.

    Parameters
    ----------
    part, whole : ndarray, shape (n_customers,)
        With ``0 <= part <= whole``; the sum of ``whole`` over 0.
    level : float, default 0.95

    Returns
    -------
    Estimate
        Its interval kept within 0 and 1.

    References
    ----------
    W. G. Cochran, "Sampling Techniques", 3rd ed., Wiley 1977, section 6.4.

    Examples
    --------
    >>> import numpy as np
    >>> share = ratio(np.array([30.0, 20.0, 50.0]), np.array([60.0, 40.0, 60.0]))
    >>> share.value, round(share.standard_error, 4)
    (0.625, 0.118)
    """
    check_level(level)
    total = float(whole.sum())
    if part.size == 0 or total <= 0:
        raise TooFewError("a share of nothing cannot be had: the whole adds up to 0")
    share = min(1.0, float(part.sum()) / total)
    if part.size == 1:
        return Estimate(share, None, None, None, 1)
    residual = part - share * whole
    error = math.sqrt(part.size / (part.size - 1) * float(residual @ residual)) / total
    if share in (0.0, 1.0):
        edge = proportion(share * part.size, part.size, level)
        return Estimate(share, edge.low, edge.high, 0.0, int(part.size))
    half = float(stdtrit(part.size - 1, 0.5 + level / 2)) * error
    return Estimate(share, max(0.0, share - half), min(1.0, share + half), error, int(part.size))

"""Measures of a rule from its four counts: how strong it is, and whether chance alone would give it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.basket.thresholds import Counts
from guanxi_methods.errors import MethodError
from guanxi_methods.frames import Vector
from guanxi_methods.proportion import normal_quantile

# A term this small beside the sum changes no digit of it.
NEGLIGIBLE = 1e-17


def _counts(both: ArrayLike, left: ArrayLike, right: ArrayLike, total: int) -> tuple[Counts, Counts, Counts]:
    """Return the counts, once they are what they must be."""
    made = [np.atleast_1d(np.asarray(counts)) for counts in (both, left, right)]
    if any(counts.dtype.kind not in "iu" for counts in made):
        raise MethodError("the counts of a rule must be whole numbers")
    joint, given, follows = np.broadcast_arrays(*(counts.astype(np.int64) for counts in made))
    fits = (joint >= 0) & (joint <= given) & (joint <= follows) & (given + follows - joint <= total)
    if not fits.all():
        row = int(np.argmin(fits))
        raise MethodError(
            "the counts of rule {row} cannot be: {both} of {left} and {right} in {total} baskets",
            row=row + 1, both=int(joint[row]), left=int(given[row]), right=int(follows[row]), total=total,
        )  # fmt: skip
    return joint, given, follows


def lift_of(both: Counts, left: Counts, right: Counts, total: int) -> Vector:
    """Return how many times more often the right follows than it lies in any basket."""
    # Rounded once, from whole numbers: equal lifts stay equal, which keeps ties apart from near ties.
    return np.asarray((both * float(total)) / (left * right.astype(float)), dtype=float)


def leverage_of(both: Counts, left: Counts, right: Counts, total: int) -> Vector:
    """Return the support beyond what independence would give."""
    return (both * float(total) - left * right.astype(float)) / float(total) ** 2


def conviction_of(both: Counts, left: Counts, right: Counts, total: int) -> Vector:
    """Return how many times more often the rule would fail under independence; infinite for one that never fails."""
    failures = (left - both).astype(float)
    expected = left * ((total - right) / total)
    made = np.full(both.size, np.inf)
    np.divide(expected, failures, out=made, where=failures > 0)
    # What lies in every basket follows from anything: never a failure, and none expected.
    made[(failures == 0) & (expected == 0)] = 1.0
    return made


def lift_interval(both: ArrayLike, left: ArrayLike, right: ArrayLike, total: int, level: float = 0.95) -> Vector:
    r"""Interval of lifts, by the delta method on their logarithm.

    With shares :math:`p` of both, :math:`p_l` left, :math:`p_r` right of :math:`n` baskets drawn at random

    .. math::

        \operatorname{Var}\ln\hat L = \frac1n\Bigl[p\bigl(\tfrac1p - \tfrac1{p_l} - \tfrac1{p_r}\bigr)^2
        + \frac{p_l - p}{p_l^2} + \frac{p_r - p}{p_r^2} - 1\Bigr]

    Parameters
    ----------
    both, left, right : array_like of int, shape (n_rules,)
        Baskets that hold all items, those given, those that follow; ``both`` at least 1.
    total : int
        Baskets in all.
    level : float, default .95

    Returns
    -------
    ndarray, shape (n_rules, 2)

    Examples
    --------
    >>> lift_interval([20], [40], [50], 200).round(3)
    array([[1.516, 2.639]])
    """
    joint, given, follows = (counts / total for counts in _counts(both, left, right, total))
    spread = joint * (1 / joint - 1 / given - 1 / follows) ** 2
    spread += (given - joint) / given**2 + (follows - joint) / follows**2 - 1
    half = normal_quantile(level) * np.sqrt(np.maximum(spread, 0.0) / total)
    middle = np.log(joint / (given * follows))
    return np.exp(np.stack([middle - half, middle + half], axis=-1))


def chi_square(both: ArrayLike, left: ArrayLike, right: ArrayLike, total: int) -> Vector:
    r"""Pearson's statistic of the two-by-two table of rules, one degree of freedom, without correction.

    .. math:: \chi^2 = \frac{n\,(n\,n_{lr} - n_l n_r)^2}{n_l\,(n - n_l)\,n_r\,(n - n_r)}

    Parameters
    ----------
    both, left, right : array_like of int, shape (n_rules,)
    total : int

    Returns
    -------
    ndarray, shape (n_rules,)
        0 where one side lies in all baskets: nothing can depend on it.

    Examples
    --------
    >>> chi_square([20], [40], [50], 200).round(4)
    array([16.6667])
    """
    joint, given, follows = _counts(both, left, right, total)
    below = given * (total - given).astype(float) * follows * (total - follows)
    made = np.zeros(joint.size)
    np.divide(total * (joint * float(total) - given * follows.astype(float)) ** 2, below, out=made, where=below > 0)
    return made


def chi_square_p(both: ArrayLike, left: ArrayLike, right: ArrayLike, total: int) -> Vector:
    """Return the two-sided p-values of :func:`chi_square`; good where five or more are expected in each cell.

    Examples
    --------
    >>> float(chi_square_p([20], [40], [50], 200)[0].round(8))
    4.456e-05
    """
    from scipy.special import erfc  # takes long to load

    return np.asarray(erfc(np.sqrt(chi_square(both, left, right, total) / 2)), dtype=float)


def fisher_p(both: ArrayLike, left: ArrayLike, right: ArrayLike, total: int) -> Vector:
    r"""Fisher's exact p-values that left and right lie together so often by chance, one-sided.

    .. math:: p = \sum_{k \ge n_{lr}} \binom{n_l}{k}\binom{n - n_l}{n_r - k} \Big/ \binom{n}{n_r}

    The shorter of the two tails is added up, term by term from its largest; exact to about ten digits.

    Parameters
    ----------
    both, left, right : array_like of int, shape (n_rules,)
    total : int

    Returns
    -------
    ndarray, shape (n_rules,)

    References
    ----------
    R. A. Fisher, "The Design of Experiments", 1935: of eight cups of tea, four with the milk first, all four told
    right, p = 1/70; three right or better, 17/70.

    Examples
    --------
    >>> fisher_p([4, 3], [4, 4], [4, 4], 8) * 70
    array([ 1., 17.])
    """
    joint, given, follows = _counts(both, left, right, total)
    expected = given * (follows / total)
    upper = joint > expected
    # Above the expected count terms fall upwards; below it, one less the tail downwards is the shorter sum.
    start = np.where(upper, joint, joint - 1)
    tail = _tail(start, given, follows, total, np.where(upper, 1, -1))
    return np.clip(np.where(upper, tail, 1 - tail), 0.0, 1.0)


def _tail(start: Counts, given: Counts, follows: Counts, total: int, step: Counts) -> Vector:
    """Return sums of hypergeometric probabilities from a count on, upwards or downwards to the end."""
    from scipy.special import gammaln  # takes long to load

    def log_choose(n: Vector, k: Vector) -> Vector:
        return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))

    lowest, highest = np.maximum(0, given + follows - total), np.minimum(given, follows)
    sums = np.zeros(start.size)
    active = np.flatnonzero((start >= lowest) & (start <= highest))
    k, a, b = start[active].astype(float), given[active].astype(float), follows[active].astype(float)
    up = step[active] > 0
    term = np.exp(log_choose(a, k) + log_choose(total - a, b - k) - log_choose(np.full(a.size, float(total)), b))
    while active.size:
        sums[active] += term
        rise = np.where(up, (a - k) * (b - k), k * (total - a - b + k))
        fall = np.where(up, (k + 1) * (total - a - b + k + 1), (a - k + 1) * (b - k + 1))
        term = term * rise / fall
        k = np.where(up, k + 1, k - 1)
        go = term > sums[active] * NEGLIGIBLE
        if not go.all():
            active, k, a, b, up, term = active[go], k[go], a[go], b[go], up[go], term[go]
    return sums

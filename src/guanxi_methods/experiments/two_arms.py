"""Two shares compared: the difference, its interval, and whether chance alone would give it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.errors import MethodError, Note
from guanxi_methods.experiments.counts import as_arms
from guanxi_methods.proportion import normal_quantile, wilson_interval

Interval = tuple[float, float]
IntervalMethod = Literal["score", "miettinen-nurminen", "newcombe", "agresti-caffo", "wald"]
TestMethod = Literal["score", "fisher"]
# Halving the range of differences so often leaves nothing between two floating-point numbers.
HALVINGS = 60
# Probabilities that differ by rounding alone are the same one.
SAME = 1 + 1e-7
# Fisher's test adds up so many chances at most, of so many trials: beyond, logarithms of factorials lose their digits.
MOST_CHANCES, MOST_TRIALS = 1_000_000, 100_000_000


@dataclass(frozen=True)
class ProportionComparison:
    """How two shares differ, the second less the first.

    Attributes
    ----------
    rates : tuple of float
    difference : float
    interval : tuple of float or None
        Of the difference; None where Wald's would have no width, because neither arm varies.
    p_value : float
        Two-sided.
    statistic : float
        Pooled z.
    ratio : float or None
        Second over first; None where the first is 0.
    ratio_interval : tuple of float or None
        Katz's, on the logarithm; None where an arm has no success, or both nothing else.
    level : float
    interval_method, test : str
    notes : tuple of Note
    """

    rates: tuple[float, float]
    difference: float
    interval: Interval | None
    p_value: float
    statistic: float
    ratio: float | None
    ratio_interval: Interval | None
    level: float
    interval_method: str
    test: str
    notes: tuple[Note, ...]


def compare_proportions(
    successes: ArrayLike,
    trials: ArrayLike,
    *,
    level: float = 0.95,
    interval: IntervalMethod = "score",
    test: TestMethod = "score",
) -> ProportionComparison:
    r"""Compare the shares of two arms: control first, then what is tried.

    The test is the score test (pooled z, the same as Pearson's chi-square without correction)

    .. math:: z = \frac{\hat p_2 - \hat p_1}{\sqrt{\bar p (1 - \bar p)(1/n_1 + 1/n_2)}}, \qquad
        \bar p = \frac{x_1 + x_2}{n_1 + n_2}

    and the interval holds the differences :math:`\delta` that the same test would not reject (Mee 1984), its variance
    taken at the shares most likely under :math:`p_2 - p_1 = \delta`. So interval and p-value agree: 0 lies outside
    exactly when :math:`p <` 1 - level. It keeps its level where the textbook interval (Wald) does not: small samples,
    shares near 0 or 1.

    Others in print: ``"miettinen-nurminen"`` (the same with variance times :math:`N/(N-1)`), ``"newcombe"`` (his
    method 10, from two Wilson intervals), ``"agresti-caffo"`` (one success and one failure added to each),
    ``"wald"``; for the test ``"fisher"`` (exact, given all successes, two-sided by the sum of what is no more likely;
    cautious).

    Parameters
    ----------
    successes, trials : array_like of int, shape (2,)
        Control, then treatment.
    level : float, default .95
    interval : {"score", "miettinen-nurminen", "newcombe", "agresti-caffo", "wald"}, default "score"
    test : {"score", "fisher"}, default "score"

    Returns
    -------
    ProportionComparison

    Raises
    ------
    MethodError
        Other than two arms, more successes than trials, no trial, a level outside 0 to 1; arms too large for Fisher's test.

    References
    ----------
    R. W. Mee, Biometrics 40, 1984; O. Miettinen & M. Nurminen, Statistics in Medicine 4, 1985; R. G. Newcombe,
    Statistics in Medicine 17, 1998, 873-890; A. Agresti & B. Caffo, The American Statistician 54, 2000;
    M. W. Fagerland, S. Lydersen & P. Laake, Statistical Methods in Medical Research 24, 2015 (which to choose).

    Examples
    --------
    >>> fare = compare_proportions([120, 150], [1000, 1000])
    >>> round(fare.difference, 4), [round(limit, 5) for limit in fare.interval], round(fare.p_value, 4)
    (0.03, [5e-05, 0.0601], 0.0496)
    """
    for name, value, known in (("interval", interval, IntervalMethod), ("test", test, TestMethod)):
        if value not in get_args(known):
            raise MethodError(
                "{name} must be one of {known}, not {value!r}", name=name, known=", ".join(get_args(known)), value=value
            )
    won, tried = (column.tolist() for column in as_arms(successes, trials, exactly=2))
    arms = (won[0], tried[0], won[1], tried[1])
    if test == "fisher" and not can_be_exact(successes, trials):
        raise MethodError("the arms are too large for Fisher's test: use the score test")
    z = normal_quantile(level)
    first, second = won[0] / tried[0], won[1] / tried[1]
    statistic = _pooled_z(*arms)
    ratio, ratio_interval = _ratio(*arms, z)
    return ProportionComparison(
        rates=(first, second),
        difference=second - first,
        interval=None if interval == "wald" and _is_fixed(*arms) else _INTERVALS[interval](*arms, z),
        p_value=math.erfc(abs(statistic) / math.sqrt(2)) if test == "score" else _fisher(*arms),
        statistic=statistic,
        ratio=ratio,
        ratio_interval=ratio_interval,
        level=level,
        interval_method=interval,
        test=test,
        notes=_notes(*arms, interval=interval, test=test),
    )


def _notes(x1: int, n1: int, x2: int, n2: int, *, interval: str, test: str) -> tuple[Note, ...]:
    """Return what a reader must know about the comparison."""
    notes = []
    expected = min(x1 + x2, n1 + n2 - x1 - x2) * min(n1, n2) / (n1 + n2)
    if test == "score" and expected < 5:
        notes.append(
            Note(
                "only {expected:.1f} successes or failures are expected in an arm: the score test is rough under 5, "
                "Fisher's is exact", expected=expected,
            )
        )  # fmt: skip
    if (interval, test) not in (("score", "score"),):
        notes.append(
            Note(
                "interval ({interval}) and p-value ({test}) come from methods that may disagree at the edge",
                interval=interval, test=test,
            )
        )  # fmt: skip
    if interval == "wald" and _is_fixed(x1, n1, x2, n2):
        notes.append(Note("neither arm varies: Wald's interval would have no width, and is left out"))
    if x1 == n1 and x2 == n2:
        notes.append(Note("everybody succeeded in both arms: the interval of the ratio cannot be had"))
    return tuple(notes)


def _is_fixed(x1: int, n1: int, x2: int, n2: int) -> bool:
    """Whether neither arm varies, so that the textbook's error is 0 though nothing is certain."""
    return x1 in (0, n1) and x2 in (0, n2)


def can_be_exact(successes: ArrayLike, trials: ArrayLike) -> bool:
    """Whether Fisher's test is worked out for two arms of this size: at most a million chances, a hundred million trials.

    Examples
    --------
    >>> can_be_exact([120, 150], [1000, 1000]), can_be_exact([10**9, 10**9], [10**10, 10**10])
    (True, False)
    """
    won, tried = (column.tolist() for column in as_arms(successes, trials, exactly=2))
    chances = min(sum(won), tried[1]) - max(0, sum(won) - tried[0]) + 1
    return bool(sum(tried) <= MOST_TRIALS and chances <= MOST_CHANCES)


def _pooled_z(x1: int, n1: int, x2: int, n2: int) -> float:
    """Return the score statistic of no difference; 0 where nobody, or everybody, succeeded."""
    pooled = (x1 + x2) / (n1 + n2)
    spread = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    return (x2 / n2 - x1 / n1) / math.sqrt(spread) if spread > 0 else 0.0


def _ratio(x1: int, n1: int, x2: int, n2: int, z: float) -> tuple[float | None, Interval | None]:
    """Return second over first with Katz's interval."""
    if x1 == 0:
        return None, None
    ratio = (x2 / n2) / (x1 / n1)
    if x2 == 0 or (x1 == n1 and x2 == n2):
        return ratio, None
    half = z * math.sqrt(max(0.0, 1 / x1 - 1 / n1 + 1 / x2 - 1 / n2))
    return ratio, (ratio * math.exp(-half), ratio * math.exp(half))


def _most_likely(x1: int, n1: int, x2: int, n2: int, delta: float) -> tuple[float, float]:
    """Return the most likely shares whose difference, second less first, is delta: a root of a cubic."""
    theta = n1 / n2
    p2, p1 = x2 / n2, x1 / n1
    a = 1 + theta
    b = -(1 + theta + p2 + theta * p1 + delta * (theta + 2))
    c = delta * delta + delta * (2 * p2 + theta + 1) + p2 + theta * p1
    d = -p2 * delta * (1 + delta)
    v = (b / (3 * a)) ** 3 - b * c / (6 * a * a) + d / (2 * a)
    u = math.copysign(math.sqrt(max(0.0, (b / (3 * a)) ** 2 - c / (3 * a))), v)
    angle = (math.pi + math.acos(min(1.0, max(-1.0, v / u**3 if u else 0.0)))) / 3
    second = 2 * u * math.cos(angle) - b / (3 * a)
    second = min(1.0, 1 + delta, max(0.0, delta, second))
    return min(1.0, max(0.0, second - delta)), second


def _score(x1: int, n1: int, x2: int, n2: int, z: float, *, inflated: float = 1.0) -> Interval:
    """Return the differences that the score test does not reject (Mee), or with more variance (Miettinen-Nurminen)."""
    difference = x2 / n2 - x1 / n1

    def is_rejected(delta: float) -> bool:
        first, second = _most_likely(x1, n1, x2, n2, delta)
        spread = (first * (1 - first) / n1 + second * (1 - second) / n2) * inflated
        return (difference - delta) ** 2 > z * z * spread

    def edge(outside: float) -> float:
        inside = difference
        if not is_rejected(outside):
            return outside
        for _ in range(HALVINGS):
            middle = (inside + outside) / 2
            inside, outside = (inside, middle) if is_rejected(middle) else (middle, outside)
        return inside

    return edge(-1.0), edge(1.0)


def _miettinen_nurminen(x1: int, n1: int, x2: int, n2: int, z: float) -> Interval:
    """Return the score interval with the variance of an unbiased estimate."""
    return _score(x1, n1, x2, n2, z, inflated=(n1 + n2) / (n1 + n2 - 1))


def _newcombe(x1: int, n1: int, x2: int, n2: int, z: float) -> Interval:
    """Return Newcombe's method 10, from Wilson's interval of each."""
    level = 1 - math.erfc(z / math.sqrt(2))
    (low1, high1), (low2, high2) = wilson_interval(np.array([x1, x2]), np.array([n1, n2]), level).tolist()
    p1, p2 = x1 / n1, x2 / n2
    return p2 - p1 - math.hypot(p2 - low2, high1 - p1), p2 - p1 + math.hypot(high2 - p2, p1 - low1)


def _wald(x1: int, n1: int, x2: int, n2: int, z: float) -> Interval:
    """Return the textbook's interval."""
    p1, p2 = x1 / n1, x2 / n2
    half = z * math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    return max(-1.0, p2 - p1 - half), min(1.0, p2 - p1 + half)


def _agresti_caffo(x1: int, n1: int, x2: int, n2: int, z: float) -> Interval:
    """Return Wald's interval with one success and one failure more in each arm."""
    return _wald(x1 + 1, n1 + 2, x2 + 1, n2 + 2, z)


def _fisher(x1: int, n1: int, x2: int, n2: int) -> float:
    """Return Fisher's exact two-sided p-value."""
    from scipy.special import gammaln  # takes long to load

    won = x1 + x2
    k = np.arange(max(0, won - n1), min(won, n2) + 1, dtype=float)

    def log_choose(n: float, r: np.ndarray) -> np.ndarray:
        return np.asarray(gammaln(n + 1) - gammaln(r + 1) - gammaln(n - r + 1))

    logs = log_choose(n2, k) + log_choose(n1, won - k)
    chances = np.exp(logs - logs.max())
    here = chances[int(x2 - k[0])]
    return float(min(1.0, chances[chances <= here * SAME].sum() / chances.sum()))


_INTERVALS: dict[str, Callable[[int, int, int, int, float], Interval]] = {
    "score": _score,
    "miettinen-nurminen": _miettinen_nurminen,
    "newcombe": _newcombe,
    "agresti-caffo": _agresti_caffo,
    "wald": _wald,
}

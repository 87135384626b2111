"""Looking at an experiment while it runs: intervals and p-values that hold whenever one stops."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.errors import MethodError
from guanxi_methods.experiments.counts import as_counts
from guanxi_methods.frames import Vector, as_vector
from guanxi_methods.proportion import check_level, normal_quantile, wilson_interval

# Fewer successes or failures than this in an arm, and a normal approximation says nothing.
LEAST_OUTCOMES = 10


@dataclass(frozen=True)
class AlwaysValid:
    """An experiment at each look.

    Attributes
    ----------
    difference : ndarray, shape (n_looks,)
    interval : ndarray, shape (n_looks, 2)
        At the level for all looks together; minus and plus infinity (or -1 and 1 for shares) before it can be judged.
    p_value : ndarray, shape (n_looks,)
        The smallest so far: it may be acted on at any look.
    first_significant : int or None
        The look, counted from 0, at which p first fell to 1 - level or under.
    level : float
    """

    difference: Vector
    interval: Vector
    p_value: Vector
    first_significant: int | None
    level: float


def mixture_ratio(level: float = 0.95) -> float:
    r"""Return the ratio of mixture variance to sampling variance at which the always-valid interval is narrowest.

    It solves :math:`r = 2 \ln(1/\alpha) + \ln(1 + r)`.

    Examples
    --------
    >>> round(mixture_ratio(), 4)
    8.212
    """
    check_level(level)
    start = 2 * math.log(1 / (1 - level))
    ratio = start
    for _ in range(100):
        ratio = start + math.log1p(ratio)
    return ratio


def always_valid(
    difference: ArrayLike, variance: ArrayLike, size: ArrayLike, *, planned: float, level: float = 0.95
) -> AlwaysValid:
    r"""Make intervals of a difference of means that hold at all looks together, however often one looks.

    With the estimated difference :math:`d_t` and its estimated variance :math:`v_t` after :math:`t` customers an arm,
    :math:`\rho^2 = r^\ast / t_{planned}` and :math:`r^\ast` of :func:`mixture_ratio`

    .. math::

        d_t \pm \sqrt{v_t \, \frac{1 + \rho^2 t}{\rho^2 t} \Bigl( 2 \ln \frac1\alpha + \ln(1 + \rho^2 t) \Bigr)}, \qquad
        p_t = \min_{s \le t} \sqrt{1 + \rho^2 s} \,\exp\Bigl(-\frac{d_s^2}{2 v_s} \frac{\rho^2 s}{1 + \rho^2 s}\Bigr)

    This is Robbins's normal mixture, the mixture sequential probability ratio test inverted; with estimated variances
    it holds as samples grow (an asymptotic confidence sequence). The interval is narrowest at ``planned``, where it is
    about half as wide again as one that may be looked at only once: that is the price of looking.

    Parameters
    ----------
    difference, variance : array_like, shape (n_looks,)
        Estimated difference at each look, and the square of its standard error.
    size : array_like, shape (n_looks,)
        Customers in an arm; with unequal arms 2 / (1/n1 + 1/n2).
    planned : float
        Customers in an arm at which the interval is to be narrowest. Choose it before the first look.
    level : float, default .95

    Returns
    -------
    AlwaysValid

    Raises
    ------
    MethodError
        Sizes that fall; a variance that is negative; a plan under 1.

    References
    ----------
    H. Robbins, Annals of Mathematical Statistics 41, 1970; R. Johari, P. Koomen, L. Pekelis & D. Walsh, "Always valid
    inference: continuous monitoring of A/B tests", Operations Research 70, 2022, equations 11-13; I. Waudby-Smith,
    D. Arbour, R. Sinha, E. H. Kennedy & A. Ramdas, "Time-uniform central limit theory and asymptotic confidence
    sequences", Annals of Statistics 52, 2024, theorem 2.2.

    Examples
    --------
    >>> found = always_valid([0.03], [0.015**2], [1000], planned=1000)
    >>> found.interval.round(4), found.p_value.round(3)
    (array([[-0.0155,  0.0755]]), array([0.51]))
    """
    estimate = as_vector(difference, "difference")
    spread = as_vector(variance, "variance", size=estimate.size)
    t = as_vector(size, "size", size=estimate.size)
    ratio = mixture_ratio(level)
    if not math.isfinite(planned) or planned < 1:
        raise MethodError("planned must be at least 1 customer an arm, not {value!r}", value=planned)
    if spread.min() < 0:
        raise MethodError("variance must not be negative, but one is {value}", value=float(spread.min()))
    if t.min() < 0 or (np.diff(t) < 0).any():
        raise MethodError("size must not fall from one look to the next: give totals, not what came since")
    grown = t * (ratio / planned)
    can_judge = (grown > 0) & (spread > 0)
    safe_growth, safe_spread = np.where(can_judge, grown, 1.0), np.where(can_judge, spread, 1.0)
    share = safe_growth / (1 + safe_growth)
    half = np.sqrt(safe_spread / share * (2 * math.log(1 / (1 - level)) + np.log1p(safe_growth)))
    half = np.where(can_judge, half, np.inf)
    log_p = 0.5 * np.log1p(safe_growth) - estimate**2 / (2 * safe_spread) * share
    p = np.minimum.accumulate(np.where(can_judge, np.exp(np.minimum(log_p, 0.0)), 1.0))
    found = np.flatnonzero(p <= 1 - level)
    return AlwaysValid(
        estimate,
        np.stack([estimate - half, estimate + half], axis=1),
        p,
        int(found[0]) if found.size else None,
        level,
    )


def always_valid_proportions(
    successes: ArrayLike, trials: ArrayLike, *, planned: float, level: float = 0.95
) -> AlwaysValid:
    r"""Compare two shares at every look by :func:`always_valid`, second arm less first.

    The variance is :math:`\hat p_1 (1 - \hat p_1) / n_1 + \hat p_2 (1 - \hat p_2) / n_2`. As long as an arm has fewer
    than ten successes or ten failures nothing is said: the interval is all of -1 to 1 and p is 1.

    Parameters
    ----------
    successes, trials : array_like of int, shape (n_looks, 2)
        Totals up to each look: control, treatment.
    planned : float
    level : float, default .95

    Returns
    -------
    AlwaysValid

    Raises
    ------
    MethodError
        As :func:`always_valid`; totals that fall; more successes than trials.

    Examples
    --------
    >>> found = always_valid_proportions([[30, 38], [60, 75], [120, 190]], [[250, 250], [500, 500], [1000, 1000]],
    ...                                  planned=1000)
    >>> found.p_value.round(4), found.first_significant
    (array([1.e+00, 1.e+00, 7.e-04]), 2)
    """
    won, tried = (_looks(values, name) for name, values in (("successes", successes), ("trials", trials)))
    if won.shape != tried.shape:
        raise MethodError("there are {a} looks at successes and {b} at trials", a=len(won), b=len(tried))
    if (won > tried).any():
        row = int(np.argmax((won > tried).any(axis=1)))
        raise MethodError("look {row} has more successes than trials", row=row + 1)
    for name, totals in (("successes", won), ("trials", tried)):
        if (np.diff(totals, axis=0) < 0).any():
            raise MethodError("{name} must not fall from one look to the next: give totals", name=name)
    enough = (np.minimum(won, tried - won) >= LEAST_OUTCOMES).all(axis=1)
    rates = won / np.maximum(tried, 1)
    spread = (rates * (1 - rates) / np.maximum(tried, 1)).sum(axis=1)
    sizes = 2 / (1 / np.maximum(tried, 1)).sum(axis=1)
    found = always_valid(
        rates[:, 1] - rates[:, 0], np.where(enough, spread, 0.0), np.maximum.accumulate(sizes), planned=planned,
        level=level,
    )  # fmt: skip
    return AlwaysValid(
        found.difference, np.clip(found.interval, -1.0, 1.0), found.p_value, found.first_significant, level
    )


def _looks(values: ArrayLike, name: str) -> Vector:
    """Return totals of two arms at each look."""
    table = np.asarray(values)
    if table.ndim != 2 or table.shape[1] != 2:
        raise MethodError("{name} must have a row for each look and a column for each of two arms", name=name)
    return as_counts(table.reshape(-1), name).reshape(-1, 2).astype(float)


@dataclass(frozen=True)
class OptionalStopping:
    """How often chance alone is called an effect when one stops at the first significant look.

    Attributes
    ----------
    repeated_test, always_valid : float
        Share of experiments without effect that were stopped: by the pooled z-test at each look, and by
        :func:`always_valid_proportions`.
    repeated_test_interval, always_valid_interval : tuple of float
        Wilson's, for the simulation.
    n_simulations : int
    """

    repeated_test: float
    always_valid: float
    repeated_test_interval: tuple[float, float]
    always_valid_interval: tuple[float, float]
    n_simulations: int


def simulate_optional_stopping(
    rate: float,
    *,
    per_look: int,
    looks: int,
    level: float = 0.95,
    n_simulations: int = 1000,
    random_state: int | None = None,
) -> OptionalStopping:
    """Run experiments in which both arms are the same, and stop each at the first significant look.

    Parameters
    ----------
    rate : float
        Share of success in both arms, over 0 and under 1.
    per_look, looks : int
        Customers an arm between two looks; how many looks.
    level : float, default .95
    n_simulations : int, default 1000
    random_state : int, optional

    Returns
    -------
    OptionalStopping

    Raises
    ------
    MethodError
        Numbers that cannot be.

    Examples
    --------
    >>> found = simulate_optional_stopping(0.1, per_look=200, looks=50, n_simulations=400, random_state=1)
    >>> found.repeated_test > 0.25, found.always_valid < 0.05
    (True, True)
    """
    z = normal_quantile(level)
    if not 0 < rate < 1:
        raise MethodError("rate must lie over 0 and under 1, not {value!r}", value=rate)
    for name, value in (("per_look", per_look), ("looks", looks), ("n_simulations", n_simulations)):
        if value < 1:
            raise MethodError("{name} must be at least 1, not {value!r}", name=name, value=value)
    rng = np.random.default_rng(random_state)
    trials = np.repeat(np.arange(1, looks + 1)[:, None] * per_look, 2, axis=1)
    stopped = np.zeros(2, dtype=np.int64)
    for _ in range(n_simulations):
        won = np.cumsum(rng.binomial(per_look, rate, size=(looks, 2)), axis=0)
        pooled = won.sum(axis=1) / trials.sum(axis=1)
        spread = pooled * (1 - pooled) * 2 / trials[:, 0]
        stopped[0] += bool((((won[:, 1] - won[:, 0]) / trials[:, 0]) ** 2 > z * z * spread).any())
        found = always_valid_proportions(won, trials, planned=per_look * looks / 2, level=level)
        stopped[1] += found.first_significant is not None
    limits = wilson_interval(stopped, np.full(2, n_simulations)).tolist()
    return OptionalStopping(
        float(stopped[0] / n_simulations), float(stopped[1] / n_simulations), tuple(limits[0]), tuple(limits[1]),
        n_simulations,
    )  # fmt: skip

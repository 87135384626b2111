"""Erlang's formulas: lost calls (B), calls that wait (C), and callers who hang up while they wait (A)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from numbers import Integral, Real

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincc, gammaln

from guanxi_methods.errors import MethodError

Vector = NDArray[np.float64]
# More agents, lines or erlangs than this are no call centre, but a slip of the keyboard.
MOST_AGENTS = 1_000_000
# No calls, seconds or erlangs are more.
LARGEST = 1e15
# Where the logarithm of a density lies so far under its highest, the rest is nothing to a floating-point number.
NEGLIGIBLE = 60.0
# An integral is taken over stretches that double in width away from the peak, with so many Gaussian points in each.
STRETCHES = 48
# Patience so many times longer than a call (or shorter) is as good as endless (or none).
SLOWEST = 1e-100
POINTS = 32


@dataclass(frozen=True)
class QueuePerformance:
    """How a line of callers fares.

    Attributes
    ----------
    agents : int
    service_level : float
        Share of all calls answered within the target.
    wait_probability : float
        Share of calls that are not answered at once.
    asa_seconds : float
        Mean seconds of waiting of all calls, those not waiting and, with Erlang A, those hung up included.
    occupancy : float
        Share of their time that agents are busy.
    abandonment : float or None
        Share of calls hung up while waiting; None where nobody hangs up (Erlang C).
    """

    agents: int
    service_level: float
    wait_probability: float
    asa_seconds: float
    occupancy: float
    abandonment: float | None = None


def erlang_b(load: float, agents: int) -> float:
    r"""Share of calls lost where nobody can wait.

    .. math:: B(n, a) = \frac{a^n / n!}{\sum_{k=0}^n a^k / k!}, \qquad B(k) = \frac{a B(k-1)}{k + a B(k-1)},\ B(0) = 1

    The recursion adds and divides positive numbers alone, so nothing is lost to rounding, however many agents.

    Parameters
    ----------
    load : float
        Erlangs, not negative.
    agents : int
        Not negative.

    Returns
    -------
    float

    Raises
    ------
    MethodError
        A load that is negative or not finite; agents that are no whole number, or negative.

    References
    ----------
    A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic telephone
    exchanges", Elektroteknikeren 13, 1917.

    Examples
    --------
    >>> round(erlang_b(10, 14), 6)
    0.056819
    """
    check_number("load", load)
    check_agents(agents, least=0)
    lost = 1.0
    for number in range(1, agents + 1):
        lost = load * lost / (number + load * lost)
    return lost


def erlang_c(*, calls: float, interval: float, aht: float, target_seconds: float, agents: int) -> QueuePerformance:
    r"""How callers fare who wait as long as it takes (M/M/n).

    With load :math:`a = \lambda\,\mathrm{AHT}`, :math:`\rho = a / n < 1` and :math:`B` by :func:`erlang_b`

    .. math::

        C = \frac{B}{1 - \rho (1 - B)}, \qquad
        \mathrm{SL} = 1 - C e^{-(n - a) T / \mathrm{AHT}}, \qquad
        \mathrm{ASA} = \frac{C\,\mathrm{AHT}}{n - a}

    With no more agents than the load the line grows without end: the service level is 0, everybody waits, the mean
    wait is infinite.

    Parameters
    ----------
    calls : float
        Calls that come in an interval.
    interval : float
        Its seconds.
    aht : float
        Mean handling time of a call, seconds.
    target_seconds : float
        Within which a call should be answered.
    agents : int
        At least 1.

    Returns
    -------
    QueuePerformance

    Raises
    ------
    MethodError
        A number that is not finite, negative, over 1e15 or (interval, aht) zero; agents that are no whole number from 1 to
        a million.

    References
    ----------
    A. K. Erlang 1917, as above; N. Gans, G. Koole & A. Mandelbaum, "Telephone call centers", Manufacturing & Service
    Operations Management 5(2), 2003, section 4.1.

    Examples
    --------
    >>> fare = erlang_c(calls=100, interval=1800, aht=180, target_seconds=20, agents=14)
    >>> round(fare.service_level, 5), round(fare.wait_probability, 6), round(fare.asa_seconds, 4)
    (0.88835, 0.174132, 7.8359)
    """
    load = _load(calls, interval, aht, target_seconds)
    check_agents(agents)
    if load >= agents:
        return QueuePerformance(agents, 0.0, 1.0, math.inf, 1.0)
    lost = erlang_b(load, agents)
    waits = lost / (1 - load / agents * (1 - lost))
    late = waits * math.exp(-(agents - load) * target_seconds / aht)
    return QueuePerformance(agents, 1 - late, waits, waits * aht / (agents - load), load / agents)


def erlang_a(
    *, calls: float, interval: float, aht: float, target_seconds: float, patience: float, agents: int
) -> QueuePerformance:
    r"""How callers fare who hang up after a while (M/M/n+M): patience is exponential with the given mean.

    With :math:`\lambda` calls a second, :math:`\mu = 1/\mathrm{AHT}`, :math:`\theta` = 1/patience, the wait :math:`V`
    of somebody who would never hang up has

    .. math::

        P(V > t) = \frac{\lambda J(t)}{E + \lambda J(0)}, \qquad
        J(t) = \int_t^\infty \exp\Bigl\{\tfrac{\lambda}{\theta}(1 - e^{-\theta u}) - n \mu u\Bigr\} du, \qquad
        E = \frac{1}{B(n - 1, \lambda / \mu)}

    and the shares answered in time and hung up are integrals of its density times :math:`e^{-\theta t}` and
    :math:`1 - e^{-\theta t}`, taken numerically around the peak of the density (Gauss-Legendre). All that is added is
    positive, and what is large stays in logarithms: neither large centres nor long patience overflow or cancel out. The
    line never grows without end, whatever the load.

    Parameters
    ----------
    calls, interval, aht, target_seconds, agents
        As in :func:`erlang_c`.
    patience : float
        Mean seconds after which a waiting caller hangs up.

    Returns
    -------
    QueuePerformance
        ``service_level`` counts answered calls among all; ``asa_seconds`` is the mean wait of all, P(hung up) times
        patience.

    Raises
    ------
    MethodError
        As :func:`erlang_c`; a patience that is not positive.

    References
    ----------
    C. Palm, "Research on telephone traffic carried by full availability groups", Tele 1, 1957; A. Mandelbaum &
    S. Zeltyn, "Service engineering in action: the Palm/Erlang-A queue", Advances in Services Innovations, 2007.

    Examples
    --------
    >>> fare = erlang_a(calls=100, interval=1800, aht=180, target_seconds=20, patience=300, agents=14)
    >>> round(fare.wait_probability, 5), round(fare.abandonment, 6)
    (0.14526, 0.013984)
    """
    load = _load(calls, interval, aht, target_seconds)
    check_agents(agents)
    check_number("patience", patience, is_positive=True)
    check_most("patience", patience)
    if load == 0:
        return QueuePerformance(agents, 1.0, 0.0, 0.0, 0.0, 0.0)
    # Time is counted in handling times from here on.
    hurry = min(max(aht / patience, SLOWEST), 1 / SLOWEST)
    times, weights, peak = _waiting(load, agents, hurry, target_seconds / aht)
    at_once = -_log_erlang_b(load, agents - 1)
    top = max(at_once, peak)
    free, weights = math.exp(at_once - top), weights * (load * math.exp(peak - top))
    stays = np.exp(-hurry * times)
    waits, served = float(weights.sum()), free + float(weights @ stays)
    whole = free + waits
    hung_up = min(1.0, float(weights @ -np.expm1(-hurry * times)) / whole)
    in_time = times <= target_seconds / aht
    level = min(1.0, (free + float(weights[in_time] @ stays[in_time])) / whole)
    occupancy = min(1.0, load * (served / whole) / agents)
    return QueuePerformance(agents, level, waits / whole, hung_up * patience, occupancy, hung_up)


def _log_erlang_b(load: float, agents: int) -> float:
    """The logarithm of :func:`erlang_b`, also where the share itself is too small to be a number."""
    lost = erlang_b(load, agents)
    if lost > 1e-290:
        return math.log(lost)
    return agents * math.log(load) - load - float(gammaln(agents + 1)) - math.log(float(gammaincc(agents + 1, load)))


def _waiting(load: float, agents: int, hurry: float, target: float) -> tuple[Vector, Vector, float]:
    r"""Return waits, what the density's kernel weighs there relative to its peak, and the logarithm of the peak.

    The kernel is :math:`\exp\{\frac{a}{\theta}(1 - e^{-\theta u}) - n u\}`. At a distance v from its peak its logarithm
    is lower by :math:`(n - c) v + \frac{c}{\theta} (e^{-\theta v} - 1 + \theta v)` with c the smaller of a and n.
    """
    slope, bend = max(0.0, agents - load), min(load, float(agents)) / hurry
    at = math.log(load / agents) / hurry if load > agents else 0.0
    peak = agents / hurry * -_log1p_less(load / agents - 1) if load > agents else 0.0

    def reach(way: float, most: float) -> float:
        """How far to one side of the peak anything is to be found."""

        def is_far(distance: float) -> bool:
            return slope * way * distance + bend * float(_curve(np.array([hurry * way * distance]))[0]) > NEGLIGIBLE

        near, far = 0.0, min(most, 1.0)
        while far < most and not is_far(far):
            near, far = far, min(most, 2 * far)
        if not is_far(far):
            return far
        for _ in range(200):
            middle = (near + far) / 2
            if far - near <= 1e-3 * far:
                break
            near, far = (near, middle) if is_far(middle) else (middle, far)
        return far

    doubling = 0.5 ** np.arange(STRETCHES)
    after = at + reach(1.0, math.inf) * doubling
    before = at - (reach(-1.0, at) if at else 0.0) * doubling
    ends = np.unique(np.concatenate([before, [at, target], after]))
    ends = ends[(ends >= before[0]) & (ends <= after[0])]
    places, shares = _gauss()
    half = np.diff(ends) / 2
    times = (ends[:-1, None] + half[:, None] * (1 + places)).ravel()
    away = times - at
    logs = -slope * away - bend * _curve(hurry * away)
    return times, (half[:, None] * shares).ravel() * np.exp(logs), peak


@cache
def _gauss() -> tuple[Vector, Vector]:
    """Places and weights of Gauss and Legendre on -1 to 1."""
    places, shares = np.polynomial.legendre.leggauss(POINTS)
    return places, shares


def _curve(w: Vector) -> Vector:
    r"""Return :math:`e^{-w} - 1 + w`, by its series where w is small and the difference would be rounding alone."""
    small = np.clip(w, -0.1, 0.1)
    series = small**2 / 2 * (1 - small / 3 * (1 - small / 4 * (1 - small / 5 * (1 - small / 6 * (
        1 - small / 7 * (1 - small / 8 * (1 - small / 9)))))))  # fmt: skip
    with np.errstate(over="ignore"):
        made: Vector = np.where(np.abs(w) <= 0.1, series, np.expm1(-w) + w)
    return made


def _log1p_less(r: float) -> float:
    """Return log(1 + r) - r for r of at least 0."""
    if r > 0.1:
        return math.log1p(r) - r
    return -math.fsum((-r) ** k / k for k in range(2, 20))


def _load(calls: float, interval: float, aht: float, target_seconds: float) -> float:
    """The load in erlangs, once all is what it must be."""
    check_number("calls", calls)
    check_number("interval", interval, is_positive=True)
    check_number("aht", aht, is_positive=True)
    check_number("target_seconds", target_seconds)
    load = calls / interval * aht
    for name, value in (("calls", calls), ("aht", aht), ("target_seconds", target_seconds), ("load", load)):
        check_most(name, value)
    return load


def check_most(name: str, value: float) -> None:
    """Raise MethodError where a number is so large that what is counted from it could not be told any more."""
    if value > LARGEST:
        raise MethodError("{name} must be at most {most:g}, not {value:g}", name=name, most=LARGEST, value=float(value))


def check_number(name: str, value: object, *, is_positive: bool = False) -> None:
    """Raise MethodError, naming the argument, unless it is a finite number that is not negative."""
    if isinstance(value, (bool, str)) or not isinstance(value, Real):
        raise MethodError("{name} must be a number, not {value!r}", name=name, value=value)
    number = float(value)
    if is_positive and not (math.isfinite(number) and number > 0):
        raise MethodError("{name} must be a finite number over 0, not {value!r}", name=name, value=value)
    if not (math.isfinite(number) and number >= 0):
        raise MethodError("{name} must be a finite number of at least 0, not {value!r}", name=name, value=value)


def check_agents(agents: object, least: int = 1) -> None:
    """Raise MethodError unless agents are a whole number that is large enough, and not too large."""
    if isinstance(agents, bool) or not isinstance(agents, Integral) or agents < least:
        raise MethodError(
            "agents must be a whole number of at least {least}, not {agents!r}", least=least, agents=agents
        )
    if int(agents) > MOST_AGENTS:
        raise MethodError(
            "more than {most:,} agents or lines are no centre: {agents:,}", most=MOST_AGENTS, agents=int(agents)
        )

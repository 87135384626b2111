"""Erlang's formulas: lost calls (B), calls that wait (C), and callers who hang up while they wait (A)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np
from scipy.special import gammainc, gammaln

from guanxi_methods.errors import MethodError

# So many terms of a series are added at a time.
TERMS = 256


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
        A number that is not finite, negative or (interval, aht) zero; agents that are no whole number of at least 1.

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

    and the shares answered in time and hung up are integrals of its density times :math:`e^{-\theta t}`. Both are
    incomplete gamma functions of :math:`s = n\mu/\theta` and :math:`s + 1`, worked out in logarithms, so that neither
    large centres nor long patience overflow. The line never grows without end, whatever the load.

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
    if load == 0:
        return QueuePerformance(agents, 1.0, 0.0, 0.0, 0.0, 0.0)
    coming, hanging = load / aht, 1 / patience
    many, shape = coming / hanging, agents * patience / aht

    def weight(power: int, after: float) -> float:
        """The logarithm of arrivals times the integral of the density's kernel times exp(-power theta u)."""
        order, still = shape + power, many * math.exp(-hanging * after)
        return math.log(coming * patience) + many - still - order * hanging * after + _log_series(order, still)

    at_once = -math.log(erlang_b(load, agents - 1))
    later, served, served_late = weight(0, 0.0), weight(1, 0.0), weight(1, target_seconds)
    top = max(at_once, later)
    whole = math.exp(at_once - top) + math.exp(later - top)
    waits = math.exp(later - top) / whole
    hung_up = max(0.0, waits - math.exp(served - top) / whole)
    late = math.exp(served_late - top) / whole
    level = max(0.0, 1 - hung_up - late)
    return QueuePerformance(agents, level, waits, hung_up * patience, load * (1 - hung_up) / agents, hung_up)


def _log_series(order: float, x: float) -> float:
    r"""The logarithm of :math:`\sum_k x^k / (s (s+1) \cdots (s+k)) = \gamma(s, x) x^{-s} e^x`, without under- or overflow."""
    if x >= order:
        return float(gammaln(order)) + math.log(float(gammainc(order, x))) - order * math.log(x) + x
    total, last, k = 0.0, 1.0 / order, 0
    while last > total * 1e-17:
        terms = last * np.cumprod(x / (order + np.arange(k + 1, k + TERMS + 1)))
        total += last + float(terms[:-1].sum())
        last, k = float(terms[-1]), k + TERMS
    return math.log(total)


def _load(calls: float, interval: float, aht: float, target_seconds: float) -> float:
    """The load in erlangs, once all is what it must be."""
    check_number("calls", calls)
    check_number("interval", interval, is_positive=True)
    check_number("aht", aht, is_positive=True)
    check_number("target_seconds", target_seconds)
    return calls / interval * aht


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
    """Raise MethodError unless agents are a whole number that is large enough."""
    if isinstance(agents, bool) or not isinstance(agents, Integral) or agents < least:
        raise MethodError(
            "agents must be a whole number of at least {least}, not {agents!r}", least=least, agents=agents
        )

"""Erlang's formulas asked the other way round: agents for a target, calls for given agents, paid staff, lines."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from guanxi_methods.errors import MethodError
from guanxi_methods.queueing.erlang import MOST_AGENTS, QueuePerformance, check_agents, check_number, erlang_b

# Calls and loads are found to this relative width.
WIDTH = 1e-12


def agents_needed(
    fares: Callable[[int], QueuePerformance],
    service_level: float | None = None,
    *,
    max_occupancy: float | None = None,
    max_asa_seconds: float | None = None,
    max_abandonment: float | None = None,
) -> QueuePerformance:
    """The fewest agents with whom every target is reached, found by doubling and halving.

    Parameters
    ----------
    fares : callable
        Takes a number of agents, gives how callers fare with them; more agents must never be worse.
    service_level : float, optional
        At least this share answered within the target; over 0 and under 1.
    max_occupancy : float, optional
        At most this share of their time are agents busy; over 0, at most 1.
    max_asa_seconds : float, optional
        At most this mean wait.
    max_abandonment : float, optional
        At most this share hung up; only where the model knows abandonment (Erlang A).

    Returns
    -------
    QueuePerformance
        That of the fewest agents.

    Raises
    ------
    MethodError
        No target at all; one that is out of its range; targets that a million agents do not reach; a limit of
        abandonment for a model in which nobody hangs up.

    Examples
    --------
    >>> from guanxi_methods.queueing import erlang_c
    >>> def fares(agents):
    ...     return erlang_c(calls=1000, interval=3600, aht=120, target_seconds=20, agents=agents)
    >>> agents_needed(fares, 0.8).agents, agents_needed(fares, 0.8, max_occupancy=0.85).agents
    (38, 40)
    """
    if service_level is None and max_occupancy is None and max_asa_seconds is None and max_abandonment is None:
        raise MethodError("no target was given: name a service level, an occupancy, a mean wait or an abandonment")
    if service_level is not None:
        _check_share("service_level", service_level, is_under_one=True)
    if max_occupancy is not None:
        _check_share("max_occupancy", max_occupancy)
    if max_asa_seconds is not None:
        check_number("max_asa_seconds", max_asa_seconds, is_positive=True)
    if max_abandonment is not None:
        _check_share("max_abandonment", max_abandonment)

    def is_enough(agents: int) -> bool:
        """Whether every target is reached."""
        fare = fares(agents)
        if max_abandonment is not None and fare.abandonment is None:
            raise MethodError("abandonment has no limit where nobody hangs up: give a patience (Erlang A)")
        return (
            (service_level is None or fare.service_level >= service_level)
            and (max_occupancy is None or fare.occupancy <= max_occupancy)
            and (max_asa_seconds is None or fare.asa_seconds <= max_asa_seconds)
            and (max_abandonment is None or (fare.abandonment or 0.0) <= max_abandonment)
        )

    return fares(_fewest(is_enough, 1, "{most:,} agents do not reach the targets"))


def _fewest(is_enough: Callable[[int], bool], least: int, otherwise: str) -> int:
    """The smallest whole number from `least` on that is enough."""
    enough = max(1, least)
    if least == 0 and is_enough(0):
        return 0
    while not is_enough(enough):
        if enough >= MOST_AGENTS:
            raise MethodError(otherwise, most=MOST_AGENTS)
        enough = min(enough * 2, MOST_AGENTS)
    too_few = enough // 2
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        if is_enough(middle):
            enough = middle
        else:
            too_few = middle
    return enough


def agents_table(fares: Callable[[int], QueuePerformance], agents: Iterable[int]) -> tuple[QueuePerformance, ...]:
    """How callers fare over a range of agents, to see what one more brings.

    Parameters
    ----------
    fares : callable
        As in :func:`agents_needed`.
    agents : iterable of int

    Returns
    -------
    tuple of QueuePerformance
        One for each number, in their order.

    Raises
    ------
    MethodError
        No number at all, or one that is no number of agents.

    Examples
    --------
    >>> from guanxi_methods.queueing import erlang_c
    >>> def fares(agents):
    ...     return erlang_c(calls=100, interval=1800, aht=180, target_seconds=20, agents=agents)
    >>> [(fare.agents, round(fare.service_level, 4)) for fare in agents_table(fares, range(11, 15))]
    [(11, 0.3896), (12, 0.6402), (13, 0.7956), (14, 0.8884)]
    """
    numbers = tuple(agents)
    if not numbers:
        raise MethodError("agents is empty: there is nothing to measure")
    return tuple(fares(number) for number in numbers)


def calls_possible(fares: Callable[[float], QueuePerformance], service_level: float) -> float:
    """The most calls of an interval with which given agents still reach a service level.

    Found by doubling and halving, to a relative width of 1e-12.

    Parameters
    ----------
    fares : callable
        Takes a number of calls (not necessarily whole), gives how callers fare; more calls must never be better.
    service_level : float
        Over 0 and under 1.

    Returns
    -------
    float
        0 where not even a single caller is served so well.

    Raises
    ------
    MethodError
        A level that is not between 0 and 1, or one kept with any number of calls.

    Examples
    --------
    >>> from guanxi_methods.queueing import erlang_c
    >>> def fares(calls):
    ...     return erlang_c(calls=calls, interval=1800, aht=180, target_seconds=20, agents=14)
    >>> round(calls_possible(fares, 0.8), 3)
    108.685
    """
    _check_share("service_level", service_level, is_under_one=True)
    return _most(
        lambda calls: fares(calls).service_level >= service_level, "the service level is kept with any number of calls"
    )


def _most(is_well: Callable[[float], bool], otherwise: str) -> float:
    """The largest number, not necessarily whole, with which all is well."""
    well, too_many = 0.0, 1.0
    while is_well(too_many):
        if too_many > 1e12:
            raise MethodError(otherwise)
        well, too_many = too_many, too_many * 2
    while too_many - well > WIDTH * too_many:
        middle = (well + too_many) / 2
        if middle in (well, too_many):
            break
        if is_well(middle):
            well = middle
        else:
            too_many = middle
    return well if well > WIDTH else 0.0


def paid_staff(agents: float, shrinkage: float) -> int:
    r"""How many must be on the payroll so that so many sit at the telephones.

    .. math:: \lceil n / (1 - s) \rceil

    Parameters
    ----------
    agents : float
        At the telephones; not negative.
    shrinkage : float
        Share of the paid time that is not spent there: leave, illness, training, breaks (at least 0, under 1).

    Returns
    -------
    int

    Raises
    ------
    MethodError
        Agents that are negative or not finite; a shrinkage out of its range.

    References
    ----------
    B. Cleveland, "Call Center Management on Fast Forward", 3rd edition, ICMI 2012, chapter 8. The divisor is 1 - s, for
    shrinkage is a share of the paid time; those who multiply by 1 + s take it as a share of the time at the telephones.

    Examples
    --------
    >>> paid_staff(14, 0.3)
    20
    """
    check_number("agents", agents)
    check_number("shrinkage", shrinkage)
    if shrinkage >= 1:
        raise MethodError(
            "shrinkage must be under 1, not {shrinkage!r}: a share, not a percentage", shrinkage=shrinkage
        )
    needed = agents / (1 - shrinkage)
    # 7 / (1 - .3) is 10.000000000000002 in binary: that must not become an eleventh.
    return math.ceil(needed - 1e-9 * max(1.0, needed))


def lines_needed(load: float, blocking: float) -> int:
    """The fewest lines with which at most a given share of calls finds them all busy (Erlang B).

    Parameters
    ----------
    load : float
        Erlangs.
    blocking : float
        Over 0, at most 1.

    Returns
    -------
    int

    Raises
    ------
    MethodError
        A load that is negative or not finite; a share out of its range.

    Examples
    --------
    >>> lines_needed(10, 0.01)
    18
    """
    check_number("load", load)
    _check_share("blocking", blocking)
    if load > MOST_AGENTS:
        raise MethodError(
            "lines are looked for up to a load of {most:,} erlangs, not {load:,}", most=MOST_AGENTS, load=load
        )
    lost, lines = 1.0, 0
    while lost > blocking:
        lines += 1
        lost = load * lost / (lines + load * lost)
    return lines


def load_possible(lines: int, blocking: float) -> float:
    """The most erlangs of which at most a given share is lost on so many lines (Erlang B), as printed in its tables.

    Parameters
    ----------
    lines : int
        At least 1.
    blocking : float
        Over 0 and under 1.

    Returns
    -------
    float

    Raises
    ------
    MethodError
        Lines that are no whole number of at least 1; a share out of its range.

    Examples
    --------
    >>> round(load_possible(10, 0.01), 3)
    4.461
    """
    check_agents(lines)
    _check_share("blocking", blocking, is_under_one=True)
    return _most(lambda load: erlang_b(load, lines) <= blocking, "no load is ever blocked so much")


def _check_share(name: str, value: float, *, is_under_one: bool = False) -> None:
    """Raise MethodError, naming the argument, unless it is a share over 0."""
    check_number(name, value, is_positive=True)
    if is_under_one and value >= 1:
        raise MethodError("{name} must be over 0 and under 1, not {value!r}", name=name, value=value)
    if value > 1:
        raise MethodError("{name} must be over 0 and at most 1, not {value!r}", name=name, value=value)

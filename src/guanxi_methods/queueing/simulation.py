"""A service centre with several skills, simulated: how callers fare, and how surely that is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from guanxi_methods.errors import MethodError, Note
from guanxi_methods.queueing.bounds import check_size, overload
from guanxi_methods.queueing.centre import CallType, Centre, _check_whole
from guanxi_methods.queueing.erlang import check_number
from guanxi_methods.queueing.estimates import Estimate, estimate
from guanxi_methods.queueing.eventloop import LOST, NOBODY, Rules, rules_of, run

Vector = NDArray[np.float64]
# What is counted for each kind of call and interval.
OFFERED, IN_TIME, WAITED, HUNG_UP, TURNED_AWAY, UNSERVED, ANSWERED, WAIT, ANSWER_WAIT, EARLY = range(10)
N_COUNTS = 10


@dataclass(frozen=True)
class CallFigures:
    """How callers of one kind, or all, fare.

    Attributes
    ----------
    name : str
    calls : float
        Mean number of a replication.
    service_level : Estimate
        Share of all calls answered within the target of their kind.
    service_level_without_early : Estimate
        The same with those who hung up within the target left out of all calls, as many centres report it.
    answered : Estimate
        Share of all calls answered at all (接通率).
    wait_probability : Estimate
        Share of calls not answered at once, lost ones left out.
    abandonment : Estimate
        Share hung up while waiting.
    blocked : Estimate
        Share that found all lines taken.
    unserved : Estimate
        Share still waiting when the last agent had gone.
    asa_seconds : Estimate
        Mean wait of those answered or hung up, as in :func:`~guanxi_methods.queueing.erlang_a`.
    asa_answered_seconds : Estimate
        Mean wait of those answered.
    """

    name: str
    calls: float
    service_level: Estimate
    service_level_without_early: Estimate
    answered: Estimate
    wait_probability: Estimate
    abandonment: Estimate
    blocked: Estimate
    unserved: Estimate
    asa_seconds: Estimate
    asa_answered_seconds: Estimate


@dataclass(frozen=True)
class GroupFigures:
    """What a group of agents did.

    Attributes
    ----------
    name : str
    agent_hours : float
        Hours of being there, those after the end of a shift included, of a replication.
    occupancy : Estimate
        Share of that time spent on calls.
    calls : dict of str to float
        Mean number of calls answered, by kind.
    """

    name: str
    agent_hours: float
    occupancy: Estimate
    calls: dict[str, float]


@dataclass(frozen=True)
class Simulation:
    """What came out of a simulated centre.

    Attributes
    ----------
    overall : CallFigures
    call_types : tuple of CallFigures
    groups : tuple of GroupFigures
    calls_by_interval, service_level_by_interval, half_width_by_interval, abandonment_by_interval : ndarray
        Shape (n_call_types, n_intervals): mean calls of a replication, shares, and half the width of the interval of
        the service level; NaN where no call came.
    replications : int
    batches : int
    level : float
    notes : tuple of Note
    """

    overall: CallFigures
    call_types: tuple[CallFigures, ...]
    groups: tuple[GroupFigures, ...]
    calls_by_interval: Vector
    service_level_by_interval: Vector
    half_width_by_interval: Vector
    abandonment_by_interval: Vector
    replications: int
    batches: int
    level: float
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Draws:
    """What chance brings in one replication, whatever the staff: so that two staffings meet the same callers.

    Attributes
    ----------
    arrivals, handling, limits : ndarray, shape (n_calls,)
        Seconds of arrival, rising; seconds of handling; seconds at which the caller hangs up.
    kinds : ndarray of int64, shape (n_calls,)
    lists : tuple of lists
        The same, as the loop takes them.
    """

    arrivals: Vector
    kinds: NDArray[np.int64]
    handling: Vector
    limits: Vector
    lists: tuple[list[float], list[int], list[float], list[float]]


def draw(centre: Centre, random_state: Any, replications: int) -> Iterator[Draws]:
    """Draw the calls of one replication after the other: Poisson numbers by interval, evenly spread within it.

    Every kind of call has streams of its own for arrivals, handling and patience.
    """
    return (_draw_one(centre, seed) for seed in np.random.SeedSequence(random_state).spawn(replications))


def _draw_one(centre: Centre, seed: np.random.SeedSequence) -> Draws:
    """Draw the calls of one replication."""
    n_kinds = len(centre.call_types)
    *streams, busy = seed.spawn(n_kinds + 1)
    busyness = 1.0
    if centre.busyness_cv:
        shape = centre.busyness_cv**-2
        busyness = float(np.random.default_rng(busy).gamma(shape, 1 / shape))
    parts = []
    for place, (kind, own) in enumerate(zip(centre.call_types, streams, strict=True)):
        coming, handled, waiting = (np.random.default_rng(stream) for stream in own.spawn(3))
        numbers = coming.poisson(centre.expected[place] * busyness)
        interval = np.repeat(np.arange(centre.n_intervals), numbers)
        # Sorted within the whole, for all of an interval come before all of the next.
        arrivals = np.sort((interval + coming.random(interval.size)) * centre.interval)
        handling = _handling(kind, handled, arrivals.size) * centre.ahts[place][interval]
        patience = np.full(arrivals.size, np.inf)
        if kind.patience is not None:
            patience = waiting.standard_exponential(arrivals.size) * centre.patiences[place][interval]
        parts.append((arrivals, handling, arrivals + patience))
    kinds = np.repeat(np.arange(len(parts)), [part[0].size for part in parts])
    arrivals, handling, limits = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(arrivals, kind="stable")
    arrivals, kinds, handling, limits = arrivals[order], kinds[order], handling[order], limits[order]
    return draws_of(arrivals, kinds, handling, limits)


def draws_of(arrivals: Vector, kinds: NDArray[np.int64], handling: Vector, limits: Vector) -> Draws:
    """Return callers, with the lists that the loop takes."""
    return Draws(
        arrivals, kinds, handling, limits, (arrivals.tolist(), kinds.tolist(), handling.tolist(), limits.tolist())
    )


def _handling(kind: CallType, chance: np.random.Generator, size: int) -> Vector:
    """Draw handling times of mean 1."""
    if kind.handling == "exponential":
        return chance.standard_exponential(size)
    if kind.handling == "constant" or kind.cv == 0:
        return np.ones(size)
    variance = np.log1p(kind.cv**2)
    return chance.lognormal(-variance / 2, np.sqrt(variance), size)


@dataclass(frozen=True)
class Tally:
    """What was counted in one replication.

    Attributes
    ----------
    calls : ndarray, shape (10, n_call_types, n_intervals)
    busy, there : ndarray, shape (n_groups,)
        Seconds on calls and of being there, after the warm-up and before the end.
    answered : ndarray, shape (n_groups, n_call_types)
    """

    calls: Vector
    busy: Vector
    there: Vector
    answered: Vector


def tally(centre: Centre, rules: Rules, draws: Draws, changes: list[tuple[float, int, int]], warm_up: int) -> Tally:
    """Run one replication and count."""
    times, groups, stays = run(rules, changes, *draws.lists, centre.lines)
    answered, by = np.array(times), np.array(groups, dtype=np.int64)
    got, lost = by >= 0, by == LOST
    gave_up = (by == NOBODY) & np.isfinite(draws.limits)
    wait = np.where(got, answered, np.where(gave_up, draws.limits, draws.arrivals)) - draws.arrivals
    interval = np.minimum((draws.arrivals // centre.interval).astype(np.int64), centre.n_intervals - 1)
    targets = np.array([kind.target_seconds for kind in centre.call_types])
    cell = draws.kinds * centre.n_intervals + interval
    size = centre.expected.size
    waited = ~lost & ~(got & (wait <= 0))
    flags = (
        np.ones(by.size), got & (wait <= targets[draws.kinds]), waited, gave_up, lost,
        (by == NOBODY) & ~gave_up, got, wait, np.where(got, wait, 0.0),
        gave_up & (wait <= targets[draws.kinds]),
    )  # fmt: skip
    counts = np.array([np.bincount(cell, weights=flag, minlength=size) for flag in flags])
    n_groups, start, end = len(centre.groups), warm_up * centre.interval, centre.horizon
    began = answered[got]
    lasted = draws.handling[got] * np.array(rules.factors)[by[got]]
    busy = np.clip(began + lasted, start, end) - np.clip(began, start, end)
    stay = np.array(stays).reshape(-1, 3)
    there = np.clip(stay[:, 2], start, end) - np.clip(stay[:, 1], start, end)
    counted = got & (interval >= warm_up)
    by_kind = np.bincount(by[counted] * len(targets) + draws.kinds[counted], minlength=n_groups * len(targets))
    return Tally(
        counts.reshape(len(flags), *centre.expected.shape),
        np.bincount(by[got], weights=busy, minlength=n_groups).astype(float),
        np.bincount(stay[:, 0].astype(np.int64), weights=there, minlength=n_groups).astype(float),
        by_kind.reshape(n_groups, len(targets)).astype(float),
    )


def simulate(
    centre: Centre,
    *,
    replications: int = 10,
    warm_up: int = 0,
    batches: int = 1,
    level: float = 0.95,
    random_state: Any = 0,
) -> Simulation:
    r"""Simulate a service centre with several skills, event by event.

    Calls of each kind come by a Poisson process whose rate changes with the interval; each is handled by an agent of a
    group that has the skill, waits in the order of arrival where none is free, or hangs up when its (exponential)
    patience ends. Agents whose shift is over end their call first and take no other. After the last interval no more
    calls come, and those who wait are still answered by whoever is there.

    Every figure is a ratio of sums, such as calls in time over calls. With :math:`Y_r, X_r` the sums of replication
    :math:`r = 1..n`,

    .. math::

        \hat R = \frac{\sum_r Y_r}{\sum_r X_r}, \qquad
        \hat R \pm t_{n-1} \frac{1}{\bar X} \sqrt{\frac{\sum_r (Y_r - \hat R X_r)^2}{n (n - 1)}}

    For a single long run whose load and staff do not change, ``batches`` cuts the intervals into so many stretches that
    take the place of replications (batch means); they must be long against the time a line takes to clear.

    Parameters
    ----------
    centre : Centre
    replications : int, default 10
        Independent repetitions.
    warm_up : int, default 0
        Intervals at the beginning whose calls are not counted: a centre that never closes does not begin empty.
    batches : int, default 1
        Stretches of each replication that count as one each.
    level : float, default 0.95
        Of the confidence intervals.
    random_state : int or sequence of int, default 0
        The same gives the same callers, whatever the staff.

    Returns
    -------
    Simulation

    Raises
    ------
    MethodError
        A parameter out of its range; no call expected after the warm-up; more calls than can be simulated.

    References
    ----------
    A. M. Law, "Simulation Modeling and Analysis", 5th edition, McGraw-Hill 2015, sections 9.4-9.5 (replications, batch
    means, ratios); R. B. Wallace & W. Whitt, "A staffing algorithm for call centers with skill-based routing",
    Manufacturing & Service Operations Management 7(4), 2005 (skill levels and routing by them).

    Examples
    --------
    >>> from guanxi_methods.queueing import AgentGroup, CallType, Centre
    >>> centre = Centre(
    ...     [CallType("orders", 30, 240, patience=120), CallType("repairs", 12, 400, "lognormal", 0.8, 180)],
    ...     [AgentGroup("sales", ["orders"], 3), AgentGroup("all", {"repairs": 1, "orders": 2}, 5)],
    ...     n_intervals=20,
    ... )
    >>> result = simulate(centre, replications=5)
    >>> result.overall.service_level.low < result.overall.service_level.value < result.overall.service_level.high
    True
    """
    _check_whole("replications", replications, 1)
    _check_whole("warm_up", warm_up, 0)
    _check_whole("batches", batches, 1)
    check_number("level", level, is_positive=True)
    if level >= 1:
        raise MethodError("level must lie over 0 and under 1, not {level!r}", level=level)
    counted = centre.n_intervals - warm_up
    if counted < 1 or counted % batches:
        raise MethodError(
            "the {counted} intervals after the warm-up cannot be cut into {batches} batches of one length",
            counted=counted, batches=batches,
        )  # fmt: skip
    if centre.expected[:, warm_up:].sum() == 0:
        raise MethodError("no call is expected after the warm-up: there is nothing to simulate")
    check_size(centre, replications)
    rules, changes = rules_of(centre), centre.staff_changes()
    tallies = [tally(centre, rules, one, changes, warm_up) for one in draw(centre, random_state, replications)]
    return summarised(centre, tallies, warm_up, batches, level)


def summarised(centre: Centre, tallies: Sequence[Tally], warm_up: int, batches: int, level: float) -> Simulation:
    """Turn counts into figures with their intervals."""
    calls = np.array([one.calls for one in tallies])
    late = calls[:, :, :, warm_up:]
    # Rows are what counts as independent: replications, or stretches of them.
    units = late.reshape(*late.shape[:3], batches, -1).sum(axis=4)
    units = np.moveaxis(units, 3, 1).reshape(-1, *units.shape[1:3])
    kinds = tuple(
        _call_figures(kind.name, units[:, :, place], len(tallies), level)
        for place, kind in enumerate(centre.call_types)
    )
    overall = _call_figures("all", units.sum(axis=2), len(tallies), level)
    busy, there = np.array([one.busy for one in tallies]), np.array([one.there for one in tallies])
    answered = np.mean([one.answered for one in tallies], axis=0)
    groups = tuple(
        GroupFigures(
            group.name,
            float(there[:, place].mean()) / 3600,
            estimate(busy[:, place], there[:, place], level, at_most=1.0),
            {kind.name: float(answered[place, row]) for row, kind in enumerate(centre.call_types)},
        )
        for place, group in enumerate(centre.groups)
    )
    offered = calls[:, OFFERED].sum(axis=0)
    with np.errstate(invalid="ignore"):
        in_time, hung_up = calls[:, IN_TIME].sum(axis=0) / offered, calls[:, HUNG_UP].sum(axis=0) / offered
    notes = []
    if len(units) < 2:
        notes.append(Note("one replication tells nothing about its own error: the intervals cannot be had"))
    if overall.unserved.value > 0:
        notes.append(
            Note("callers who would never hang up were left when the last agent had gone; they count as not answered")
        )
    notes += overload(centre)
    return Simulation(
        overall, kinds, groups, offered / len(tallies), in_time, _half_widths(calls, in_time, level), hung_up,
        len(tallies), batches, level, tuple(notes),
    )  # fmt: skip


def _half_widths(calls: Vector, shares: Vector, level: float) -> Vector:
    """Half the width of the interval of the service level of each kind and interval, by replications."""
    n_times = len(calls)
    made = np.full(shares.shape, np.nan)
    if n_times < 2:
        return made
    apart = ((calls[:, IN_TIME] - shares * calls[:, OFFERED]) ** 2).sum(axis=0)
    mean = calls[:, OFFERED].mean(axis=0)
    known = mean > 0
    error = np.sqrt(apart[known] / (n_times * (n_times - 1))) / mean[known]
    made[known] = float(stdtrit(n_times - 1, (1 + level) / 2)) * error
    return made


def _call_figures(name: str, units: Vector, replications: int, level: float) -> CallFigures:
    """Figures of one kind of call from its counts, shape (n_units, 10)."""

    def share(what: int, among: Vector, at_most: float = 1.0) -> Estimate:
        """A ratio of sums."""
        return estimate(units[:, what], among, level, at_most=at_most)

    offered = units[:, OFFERED]
    come = offered - units[:, TURNED_AWAY]
    ended = units[:, ANSWERED] + units[:, HUNG_UP]
    return CallFigures(
        name,
        float(offered.sum()) / replications,
        share(IN_TIME, offered),
        share(IN_TIME, offered - units[:, EARLY]),
        share(ANSWERED, offered),
        share(WAITED, come),
        share(HUNG_UP, offered),
        share(TURNED_AWAY, offered),
        share(UNSERVED, offered),
        share(WAIT, ended, np.inf),
        share(ANSWER_WAIT, units[:, ANSWERED], np.inf),
    )

"""The fewest agents, by group or shift, with whom every kind of call reaches its target in simulation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations, combinations_with_replacement
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.errors import MethodError, Note
from guanxi_methods.queueing.bounds import check_size
from guanxi_methods.queueing.centre import AgentGroup, Centre, Shift, _check_whole
from guanxi_methods.queueing.erlang import check_number
from guanxi_methods.queueing.eventloop import rules_of
from guanxi_methods.queueing.pooling import fewest_pooled, served
from guanxi_methods.queueing.simulation import Simulation, draw, simulate

Numbers = tuple[int, ...]
# With so many kinds of calls or fewer every set of them bounds the staff; with more only single ones and all.
MOST_SUBSETS = 6
# So many staffings are listed at most, to see which of them are cheaper.
MOST_CELLS = 2_000_000
# A shortfall that large is mended by several agents at once.
LARGE = 0.1


@dataclass(frozen=True)
class Staffing:
    """The staff that was found.

    Attributes
    ----------
    agents : dict of (str, str) to int
        By group and shift; the shift is "" for those who are there all the time.
    total : int
    cost : float
        ``total`` unless groups cost differently.
    bound : float
        No staff of less cost reaches the targets on the callers that the search met (see :func:`fewest_agents`).
    gap : float
        ``(cost - bound) / cost``: 0 proves that none is cheaper.
    centre : Centre
        With this staff.
    met : Simulation
        On the callers that the search met: slightly too good, for the staff was chosen to suit them.
    checked : Simulation
        On as many fresh ones.
    runs : int
        Staffings simulated.
    notes : tuple of Note
    """

    agents: dict[tuple[str, str], int]
    total: int
    cost: float
    bound: float
    gap: float
    centre: Centre
    met: Simulation
    checked: Simulation
    runs: int
    notes: tuple[Note, ...]


def fewest_agents(
    centre: Centre,
    *,
    service_level: float | None = None,
    costs: Mapping[str, float] | None = None,
    replications: int = 5,
    warm_up: int = 0,
    most_runs: int = 400,
    random_state: Any = 0,
) -> Staffing:
    r"""Search the fewest agents with whom every kind of call, and all together, reach their service levels.

    What is decided is the number of each group that is there all the time, or of each shift of a group that has shifts
    (shifts of one name together); the numbers in ``centre`` are not looked at. All staffings meet the same callers
    (common random numbers), so that two of them differ by the staff alone.

    The search begins at the bound below, adds the agent who lessens the shortfall most for the cost until every target
    is reached, then takes away whoever can be spared, then exchanges up to two agents for up to two others where that is
    cheaper, until nothing of the kind helps. Where all cheaper staffings that fulfil the bound's conditions are few enough for
    ``most_runs``, they are tried too, and what is left is proven to be the cheapest for these callers; otherwise it is a
    local search, which proves nothing by itself, but the bound does.

    Bound, where all agents are there all the time: for each set :math:`S` of kinds of calls, those who know any of them
    must be no fewer than :math:`n_S`, the agents that ``S`` alone would need to bring its calls together to the mean of their
    targets if everybody knew all of ``S`` and calls were answered in their order (found on the same callers); the
    cheapest whole numbers that fulfil all :math:`2^K - 1` of these (beyond six kinds: each alone and all together). It holds
    among rules that answer in order, with handling times alike; under others it is an estimate, and said to be one.
    With shifts the bound is the work alone: hours there must be no less than the target's share of handling.

    Parameters
    ----------
    centre : Centre
        With ``service_level`` of the kinds of calls that have a target.
    service_level : float, optional
        Target of all calls together.
    costs : mapping of str to float, optional
        Of an agent of each group; 1 unless named.
    replications : int, default 5
        Of each staffing.
    warm_up : int, default 0
        Intervals not counted.
    most_runs : int, default 400
        Staffings to be simulated at most.
    random_state : int or sequence of int, default 0

    Returns
    -------
    Staffing

    Raises
    ------
    MethodError
        No target; a cost that is not positive or of a group that does not exist; targets that are not reached within
        ``most_runs``.

    References
    ----------
    M. T. Cezik & P. L'Ecuyer, "Staffing multiskill call centers via linear programming and simulation", Management Science
    54(2), 2008 (the sample problem with common random numbers); R. B. Wallace & W. Whitt 2005, as in
    :func:`~guanxi_methods.queueing.simulate` (start from pooled Erlang figures, then mend by simulation). This search and
    its bound are the product's own.

    Examples
    --------
    >>> from guanxi_methods.queueing import AgentGroup, CallType, Centre
    >>> centre = Centre(
    ...     [
    ...         CallType("a", 40, 180, patience=200, service_level=0.8),
    ...         CallType("b", 20, 180, patience=200, service_level=0.8),
    ...     ],
    ...     [AgentGroup("one", ["a"]), AgentGroup("both", ["a", "b"])],
    ...     n_intervals=40,
    ... )
    >>> found = fewest_agents(centre, replications=2)
    >>> found.bound <= found.total and all(kind.service_level.value >= 0.8 for kind in found.met.call_types)
    True
    """
    for name, value, least in (("replications", replications, 1), ("warm_up", warm_up, 0), ("most_runs", most_runs, 1)):
        _check_whole(name, value, least)
    if service_level is not None:
        check_number("service_level", service_level, is_positive=True)
        if service_level >= 1:
            raise MethodError("service_level must lie over 0 and under 1, not {level!r}", level=service_level)
    if service_level is None and all(kind.service_level is None for kind in centre.call_types):
        raise MethodError("no target was given: name the service_level of a call type, or of all together")
    search = _Search(centre, service_level, _costs(centre, costs or {}), replications, warm_up, most_runs, random_state)
    found = search.run()
    staffed = search.staffed(found)
    cost = search.cost(found)
    given = {"replications": replications, "warm_up": warm_up}
    fresh = np.random.SeedSequence(random_state).generate_state(4).tolist()
    return Staffing(
        {(group.name, shift): number for (group, shift, _), number in zip(search.named(), found, strict=True)},
        sum(found),
        cost,
        search.bound,
        max(0.0, 1 - search.bound / cost) if cost else 0.0,
        staffed,
        simulate(staffed, random_state=random_state, **given),
        simulate(staffed, random_state=fresh, **given),
        len(search.known),
        tuple(search.notes),
    )


def _costs(centre: Centre, costs: Mapping[str, float]) -> list[float]:
    """Costs of the groups in their order."""
    names = [group.name for group in centre.groups]
    for name, cost in costs.items():
        if name not in names:
            raise MethodError(
                "a cost is given for {name!r}, but no group has that name; there are: {known}",
                name=name,
                known=", ".join(names),
            )
        check_number(f"the cost of {name!r}", cost, is_positive=True)
    return [float(costs.get(name, 1.0)) for name in names]


class _Search:
    """One search: the callers it meets, the staffings it has tried, and the bound."""

    def __init__(
        self,
        centre: Centre,
        service_level: float | None,
        costs: list[float],
        replications: int,
        warm_up: int,
        most_runs: int,
        random_state: Any,
    ) -> None:
        """Draw the callers and list what is to be decided."""
        self.centre, self.overall, self.warm_up, self.most_runs = centre, service_level, warm_up, most_runs
        check_size(centre, replications, are_kept=True)
        self.draws = list(draw(centre, random_state, replications))
        self.rules = rules_of(centre)
        self.known: dict[Numbers, NDArray[np.float64]] = {}
        self.notes: list[Note] = []
        self.decided: list[tuple[int, str]] = []
        for place, group in enumerate(centre.groups):
            shifts = [shift.name or str(number + 1) for number, shift in enumerate(group.shifts)]
            self.decided += [(place, name) for name in dict.fromkeys(shifts or [""])]
        self.prices = [costs[place] for place, _ in self.decided]
        self.targets = np.array([kind.service_level or 0.0 for kind in centre.call_types])
        self.bound = 0.0
        self.rows, self.least = np.empty((0, len(self.prices))), np.empty(0)

    def named(self) -> list[tuple[AgentGroup, str, float]]:
        """What is decided: group, shift and price."""
        return [
            (self.centre.groups[place], name, price)
            for (place, name), price in zip(self.decided, self.prices, strict=True)
        ]

    def cost(self, numbers: Numbers) -> float:
        """Of a staffing."""
        return sum(price * number for price, number in zip(self.prices, numbers, strict=True))

    def staffed(self, numbers: Numbers) -> Centre:
        """The centre with so many agents."""
        by_name = dict(zip(self.decided, numbers, strict=True))
        groups = []
        for place, group in enumerate(self.centre.groups):
            if not group.shifts:
                groups.append(replace(group, agents=by_name[place, ""]))
                continue
            shifts = [
                replace(shift, agents=by_name[place, shift.name or str(number + 1)])
                for number, shift in enumerate(group.shifts)
            ]
            groups.append(replace(group, agents=0, shifts=shifts))
        return replace(self.centre, groups=groups)

    def shortfalls(self, numbers: Numbers) -> NDArray[np.float64]:
        """How far below its target each kind of call is, and all together (last); 0 where the target is reached."""
        if numbers not in self.known:
            if len(self.known) >= self.most_runs:
                raise _SpentError
            staffed = self.staffed(numbers)
            in_time, offered = served(staffed, self.rules, self.draws, self.warm_up)
            self.known[numbers] = self._below(in_time, offered)
        return self.known[numbers]

    def _below(self, in_time: NDArray[np.float64], offered: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shortfalls from counts by kind."""
        levels = np.append(in_time, in_time.sum()) / np.maximum(np.append(offered, offered.sum()), 1)
        return np.maximum(np.append(self.targets, self.overall or 0.0) - levels, 0.0)

    def is_enough(self, numbers: Numbers) -> bool:
        """Whether every target is reached."""
        return not self.shortfalls(numbers).any()

    def run(self) -> Numbers:
        """Search."""
        numbers, self.bound = self._start()
        try:
            numbers = self._mended(numbers)
        except _SpentError:
            raise MethodError(
                "the targets were not reached in {runs} simulated staffings: allow more, or lower them",
                runs=self.most_runs,
            ) from None
        try:
            while True:
                numbers = self._spared(numbers)
                exchanged = self._exchanged(numbers) if self.cost(numbers) > self.bound + 1e-9 else None
                if exchanged is None:
                    return self._tried_out(numbers)
                numbers = exchanged
        except _SpentError:
            self.notes.append(
                Note(
                    "the search ended after {runs} simulated staffings: a cheaper one may be near", runs=self.most_runs
                )
            )
        return min((tried for tried, below in self.known.items() if not below.any()), key=self.cost)

    def _mended(self, numbers: Numbers) -> Numbers:
        """Add agents until every target is reached, each time who lessens the shortfall most for the cost."""
        while not self.is_enough(numbers):
            below = self.shortfalls(numbers)
            step = max(1, sum(numbers) // 20) if below.max() > LARGE else 1
            tries = [_moved(numbers, (place,), step) for place in range(len(numbers))]
            numbers = max(
                tries,
                key=lambda tried: (
                    (below.sum() - self.shortfalls(tried).sum()) / (self.cost(tried) - self.cost(numbers))
                ),
            )
        return numbers

    def _spared(self, numbers: Numbers) -> Numbers:
        """Take away agents, dear ones first, while every target stays reached."""
        order = sorted(range(len(numbers)), key=lambda place: -self.prices[place])
        place = 0
        while place < len(order):
            fewer = _moved(numbers, (order[place],), -1)
            if min(fewer) >= 0 and self.is_enough(fewer):
                numbers, place = fewer, 0
            else:
                place += 1
        return numbers

    def _exchanged(self, numbers: Numbers) -> Numbers | None:
        """Return a cheaper staffing by exchange of up to two agents for up to two others; None if there is none."""
        places = range(len(numbers))
        cheaper = set()
        for n_gone, n_come in ((1, 1), (2, 1), (2, 2)):
            for gone in combinations_with_replacement(places, n_gone):
                for come in combinations_with_replacement(places, n_come):
                    if not set(gone) & set(come):
                        cheaper.add(_moved(_moved(numbers, gone, -1), come, 1))
        least = self.cost(numbers) - 1e-9
        hopeful = [tried for tried in cheaper if min(tried) >= 0 and self.bound - 1e-9 <= self.cost(tried) < least]
        for tried in sorted(hopeful, key=lambda tried: (-self.cost(tried), tried)):
            if not self._is_less_than_a_failure(tried) and self.is_enough(tried):
                return tried
        return None

    def _tried_out(self, numbers: Numbers) -> Numbers:
        """Try all cheaper staffings that fulfil the bound's conditions, cheap ones first, if they are few enough."""
        most = [int(self.cost(numbers) / price + 1e-9) + 1 for price in self.prices]
        if self.cost(numbers) <= self.bound + 1e-9 or math.prod(most) > MOST_CELLS:
            return numbers
        grid = np.indices(most).reshape(len(most), -1).T
        costs = grid @ np.array(self.prices)
        fulfils = (grid @ self.rows.T >= self.least - 1e-9).all(axis=1) & (costs < self.cost(numbers) - 1e-9)
        tries = grid[fulfils][np.argsort(costs[fulfils], kind="stable")]
        if len(tries) + len(self.known) > self.most_runs:
            return numbers
        for tried in tries.tolist():
            if self.is_enough(tuple(tried)):
                numbers = tuple(tried)
                break
        self.bound = self.cost(numbers)
        self.notes.append(Note("all cheaper staffings within the bound's conditions were tried: none is enough"))
        return numbers

    def _is_less_than_a_failure(self, numbers: Numbers) -> bool:
        """Whether a staffing with no fewer of anybody was tried and was not enough."""
        return any(
            below.any() and all(mine <= theirs for mine, theirs in zip(numbers, tried, strict=True))
            for tried, below in self.known.items()
        )

    def _start(self) -> tuple[Numbers, float]:
        """Return the cheapest numbers that fulfil the bound's conditions, and their cost."""
        # Takes long to load, and only this search needs it.
        from scipy.optimize import LinearConstraint, milp

        self.rows, self.least = rows, least = self._conditions()
        solved = milp(
            np.array(self.prices), integrality=np.ones(len(self.prices)), constraints=LinearConstraint(rows, least)
        )
        numbers = tuple(round(number) for number in solved.x)
        return numbers, self.cost(numbers)

    def _conditions(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Rows over what is decided, and the least that each must come to."""
        has_shifts = any(group.shifts for group in self.centre.groups)
        kinds = range(len(self.centre.call_types))
        sizes = kinds if len(kinds) < MOST_SUBSETS + 1 else [0, len(kinds) - 1]
        rows, least = [], []
        for subset in (subset for size in sizes for subset in combinations(kinds, size + 1)):
            names = {self.centre.call_types[kind].name for kind in subset}
            able = [bool(names & set(self.centre.groups[place].levels)) for place, _ in self.decided]
            if has_shifts:
                rows.append([self._hours(row) if is_able else 0.0 for row, is_able in enumerate(able)])
                least.append(self._work(subset))
            else:
                rows.append([float(is_able) for is_able in able])
                least.append(float(self._pooled(subset)))
        if has_shifts:
            self.notes.append(Note("with shifts the bound is that of the work alone, and far from sharp"))
        elif (
            np.ptp(self.centre.ahts) > 0
            or self.centre.choose_call != "longest-waiting"
            or self.centre.lines is not None
        ):
            self.notes.append(Note("calls differ or are not answered in order: the bound is an estimate"))
        return np.array(rows), np.array(least)

    def _hours(self, row: int) -> float:
        """Seconds that one agent of what is decided is there."""
        place, name = self.decided[row]
        shifts = self.centre.groups[place].shifts or [Shift(0.0, None, 0)]
        return sum(
            (self.centre.horizon if shift.end is None else shift.end) - shift.start
            for number, shift in enumerate(shifts)
            if name in ("", shift.name or str(number + 1))
        )

    def _work(self, subset: tuple[int, ...]) -> float:
        """Seconds of handling that the targets of a set of kinds ask for at least."""
        factor = min(group.aht_factor for group in self.centre.groups)
        return sum(
            self.targets[kind] * float(self.centre.expected[kind] @ self.centre.ahts[kind]) * factor for kind in subset
        )

    def _pooled(self, subset: tuple[int, ...]) -> int:
        """The fewest agents with whom a set of kinds alone reaches its mean target if everybody knew all of it."""
        least = [*self.targets[list(subset)]]
        together = self.overall or 0.0 if len(subset) == len(self.centre.call_types) else 0.0
        begin = max(1, math.ceil(self._work(subset) / self.centre.horizon))
        return fewest_pooled(self.centre, subset, self.draws, self.warm_up, least, together, begin)


class _SpentError(Exception):
    """So many staffings were simulated as were allowed."""


def _moved(numbers: Numbers, places: tuple[int, ...], step: int) -> Numbers:
    """Numbers with some of them changed by a step, once for each time they are named."""
    return tuple(number + step * places.count(place) for place, number in enumerate(numbers))

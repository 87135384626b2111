"""One run of a service centre, event by event, in plain Python: lists, deques and a heap are all it touches."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from heapq import heappop, heappush

from guanxi_methods.queueing.centre import Centre

NOBODY = -1
LOST = -2


@dataclass(frozen=True)
class Rules:
    """A centre's rules as numbers, for the loop.

    Attributes
    ----------
    tiers : list of list of tuple of int
        For each kind of call, groups to be asked in turn; within a tier who is idle longest.
    turns : list of list of tuple of int
        For each group, kinds of calls to be taken in turn; within a turn who waits longest.
    factors : list of float
        For each group, how much longer it takes.
    """

    tiers: list[list[tuple[int, ...]]]
    turns: list[list[tuple[int, ...]]]
    factors: list[float]


def rules_of(centre: Centre) -> Rules:
    """Return a centre's rules as numbers."""
    names = [kind.name for kind in centre.call_types]
    levels = [{names.index(skill): level for skill, level in group.levels.items()} for group in centre.groups]

    def ranked(ranks: dict[int, int]) -> list[tuple[int, ...]]:
        """Those of the smallest rank first, those of one rank together."""
        return [tuple(thing for thing in ranks if ranks[thing] == rank) for rank in sorted(set(ranks.values()))]

    by_skill = centre.choose_agent == "skill-priority"
    tiers = [
        ranked({group: known[kind] if by_skill else 0 for group, known in enumerate(levels) if kind in known})
        for kind in range(len(names))
    ]

    def rank(group: int, kind: int) -> int:
        """How early a group's agents take a kind of call."""
        if centre.choose_call == "priority":
            return centre.call_types[kind].priority
        return levels[group][kind] if centre.choose_call == "skill-priority" else 0

    turns = [ranked({kind: rank(group, kind) for kind in known}) for group, known in enumerate(levels)]
    return Rules(tiers, turns, [group.aht_factor for group in centre.groups])


def run(
    rules: Rules,
    changes: list[tuple[float, int, int]],
    arrivals: list[float],
    kinds: list[int],
    handling: list[float],
    limits: list[float],
    lines: int | None,
) -> tuple[list[float], list[int], list[tuple[int, float, float]]]:
    """Let the calls come, wait, be handled or hang up.

    Parameters
    ----------
    rules : Rules
    changes : list of (seconds, group, agents)
        Comers and goers in order of time; an agent who goes ends the call first.
    arrivals, kinds, handling, limits : lists with an entry for each call, in order of arrival
        Seconds of arrival; kind; seconds of handling; seconds at which the caller hangs up if not answered.
    lines : int or None

    Returns
    -------
    answered : list of float
        Seconds of the answer; infinite for those who got none.
    by : list of int
        The group that answered; ``NOBODY`` for those who hung up or waited in vain, ``LOST`` for those who found all
        lines taken.
    stays : list of (group, from, to)
        When each agent was there; an end of infinity for those who stay.
    """
    tiers, turns, factors = rules.tiers, rules.turns, rules.factors
    n_groups, n_calls = len(turns), len(arrivals)
    answered, by = [math.inf] * n_calls, [NOBODY] * n_calls
    queues: list[deque[int]] = [deque() for _ in tiers]
    idle: list[deque[float]] = [deque() for _ in turns]
    leaving = [0] * n_groups
    there: list[deque[float]] = [deque() for _ in turns]
    stays: list[tuple[int, float, float]] = []
    # What ends: (seconds, group) is a call handled, (seconds, -1 - call) is patience at an end (only if lines are few).
    ends: list[tuple[float, int]] = []
    queued = taken = 0
    has_lines = lines is not None
    most = lines if lines is not None else 0

    def next_call(group: int, now: float) -> int:
        """Take the call that a group's free agent is to have out of its queue; -1 if there is none."""
        nonlocal queued
        for turn in turns[group]:
            best, first = -1, math.inf
            for kind in turn:
                queue = queues[kind]
                while queue and limits[queue[0]] < now:
                    queue.popleft()
                    queued -= 1
                if queue and arrivals[queue[0]] < first:
                    best, first = kind, arrivals[queue[0]]
            if best >= 0:
                queued -= 1
                return queues[best].popleft()
        return -1

    def free(group: int, now: float) -> None:
        """An agent of the group is free: take a call or be idle."""
        call = next_call(group, now) if queued else -1
        if call < 0:
            idle[group].append(now)
        else:
            answered[call], by[call] = now, group
            heappush(ends, (now + handling[call] * factors[group], group))

    def leave(group: int, now: float) -> None:
        """Somebody of the group goes home: agents of a group are alike, so it is who came first."""
        stays.append((group, there[group].popleft(), now))

    place = change = 0
    n_changes = len(changes)
    while place < n_calls or change < n_changes or queued:
        coming = arrivals[place] if place < n_calls else math.inf
        moving = changes[change][0] if change < n_changes else math.inf
        ending = ends[0][0] if ends else math.inf
        if ending <= coming and ending <= moving:
            if ending == math.inf:
                break
            now, what = heappop(ends)
            if what < 0:
                taken -= by[-1 - what] == NOBODY
                continue
            taken -= 1
            if leaving[what]:
                leaving[what] -= 1
                leave(what, now)
            elif queued:
                free(what, now)
            else:
                idle[what].append(now)
        elif moving <= coming:
            now, group, number = changes[change]
            change += 1
            for _ in range(abs(number)):
                if number < 0:
                    if idle[group]:
                        idle[group].popleft()
                        leave(group, now)
                    else:
                        leaving[group] += 1
                else:
                    there[group].append(now)
                    free(group, now)
        else:
            call, kind = place, kinds[place]
            place += 1
            if has_lines:
                if taken >= most:
                    by[call] = LOST
                    continue
                taken += 1
            best, since = -1, math.inf
            for tier in tiers[kind]:
                for group in tier:
                    if idle[group] and idle[group][0] < since:
                        best, since = group, idle[group][0]
                if best >= 0:
                    break
            if best >= 0:
                idle[best].popleft()
                answered[call], by[call] = coming, best
                heappush(ends, (coming + handling[call] * factors[best], best))
            else:
                queues[kind].append(call)
                queued += 1
                if has_lines and limits[call] < math.inf:
                    heappush(ends, (limits[call], -1 - call))
    stays.extend((group, came, math.inf) for group in range(n_groups) for came in there[group])
    return answered, by, stays

"""How much is simulated at most, and when the figures of a simulation depend on its length alone."""

from __future__ import annotations

import numpy as np

from guanxi_methods.errors import MethodError, Note
from guanxi_methods.queueing.centre import Centre

MOST_REPLICATIONS = 10_000
# Calls of all replications together, and at once in memory.
MOST_CALLS = 100_000_000
MOST_CALLS_AT_ONCE = 5_000_000
# Kinds of calls x intervals x replications whose counts are kept.
MOST_COUNTS = 4_000_000


def check_size(centre: Centre, replications: int, *, are_kept: bool = False) -> None:
    """Raise MethodError where a simulation would take hours, or all memory.

    Parameters
    ----------
    centre : Centre
    replications : int
    are_kept : bool
        Whether the calls of all replications are in memory at once, as they are for a search.

    Raises
    ------
    MethodError
    """
    if replications > MOST_REPLICATIONS:
        raise MethodError(
            "replications must be at most {most:,}, not {value:,}", most=MOST_REPLICATIONS, value=replications
        )
    expected = float(centre.expected.sum())
    calls, at_once = expected * replications, expected * (replications if are_kept else 1)
    if calls > MOST_CALLS:
        raise MethodError(
            "{calls:,.0f} calls are expected in {replications:,} replications, and at most {most:,} are simulated: "
            "take fewer replications or intervals", calls=calls, replications=replications, most=MOST_CALLS,
        )  # fmt: skip
    if at_once > MOST_CALLS_AT_ONCE:
        raise MethodError(
            "{calls:,.0f} calls would be kept in memory at once, and at most {most:,} may be: take fewer replications or "
            "intervals", calls=at_once, most=MOST_CALLS_AT_ONCE,
        )  # fmt: skip
    if centre.expected.size * replications > MOST_COUNTS:
        raise MethodError(
            "{kinds} call types in {intervals:,} intervals and {replications:,} replications are too much to count: take "
            "fewer replications or intervals",
            kinds=len(centre.call_types), intervals=centre.n_intervals, replications=replications,
        )  # fmt: skip


def overload(centre: Centre) -> list[Note]:
    """Return a note where those who never hang up bring at least the work that all who can serve them could do."""
    if centre.lines is not None:
        return []
    endless = [place for place, kind in enumerate(centre.call_types) if kind.patience is None]
    work = (centre.expected * centre.ahts).sum(axis=1)
    capacity = np.zeros(len(centre.groups))
    for begin, group, number in centre.staff_changes():
        capacity[group] += number * (centre.horizon - begin)
    for kinds in [[place] for place in endless] + ([endless] if len(endless) > 1 else []):
        names = [centre.call_types[place].name for place in kinds]
        able = [place for place, group in enumerate(centre.groups) if set(names) & group.levels.keys()]
        there = sum(float(capacity[place]) / centre.groups[place].aht_factor for place in able)
        load = float(work[kinds].sum())
        if load >= there > 0:
            return [
                Note(
                    "callers of {names} never hang up and bring {load:.4g} erlangs to {agents:.4g} agents: the line grows as "
                    "long as it lasts, so that waits and service level tell the length of the simulation alone",
                    names=", ".join(names), load=load / centre.horizon, agents=there / centre.horizon,
                )
            ]  # fmt: skip
    return []

"""Some kinds of calls alone, with agents who know all of them: what no staff with fewer skills can do better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.queueing.centre import AgentGroup, Centre
from guanxi_methods.queueing.eventloop import Rules, rules_of
from guanxi_methods.queueing.simulation import IN_TIME, N_COUNTS, OFFERED, Draws, draws_of, tally


def served(
    centre: Centre, rules: Rules, draws: Sequence[Draws], warm_up: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Calls in time and all calls by kind, over all replications."""
    changes = centre.staff_changes()
    calls = np.zeros((N_COUNTS, len(centre.call_types)))
    for one in draws:
        calls += tally(centre, rules, one, changes, warm_up).calls[:, :, warm_up:].sum(axis=2)
    return calls[IN_TIME], calls[OFFERED]


def fewest_pooled(
    centre: Centre,
    subset: tuple[int, ...],
    draws: Sequence[Draws],
    warm_up: int,
    targets: Sequence[float],
    together: float,
    begin: int,
) -> int:
    """The fewest agents with whom some kinds of calls alone reach the mean of their targets, answered in their order.

    Parameters
    ----------
    centre : Centre
    subset : tuple of int
        The kinds.
    draws : sequence of Draws
        Of all kinds.
    warm_up : int
    targets : sequence of float
        Service levels of the kinds.
    together : float
        Service level of all of them together, if that is more.
    begin : int
        Where to begin looking.

    Returns
    -------
    int
    """
    kinds = [centre.call_types[kind] for kind in subset]
    names = [kind.name for kind in kinds]
    factor = min(group.aht_factor for group in centre.groups if set(names) & set(group.levels))
    own = [_of(subset, one) for one in draws]

    def is_enough(agents: int) -> bool:
        """Whether so many are."""
        group = AgentGroup("all", names, agents, aht_factor=factor)
        pooled = replace(centre, call_types=kinds, groups=[group], choose_call="longest-waiting", lines=None)
        in_time, offered = served(pooled, rules_of(pooled), own, warm_up)
        least = max(float(np.array(targets) @ offered), together * float(offered.sum()))
        return float(in_time.sum()) >= least

    if is_enough(0):
        return 0
    agents = begin
    while not is_enough(agents):
        agents += 1
    while agents > 1 and is_enough(agents - 1):
        agents -= 1
    return agents


def _of(subset: tuple[int, ...], draws: Draws) -> Draws:
    """The callers of some kinds alone."""
    kept = np.isin(draws.kinds, subset)
    kinds = np.searchsorted(subset, draws.kinds[kept])
    return draws_of(draws.arrivals[kept], kinds, draws.handling[kept], draws.limits[kept])

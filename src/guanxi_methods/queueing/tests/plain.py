"""A second, plain way to the same figures: the states of the line one by one, and a simulated line."""

import heapq

import numpy as np


def states(load: float, agents: int, hanging: float = 0.0, most: int = 20_000) -> np.ndarray:
    """The long-run share of time with k callers in the system, by the balance of flows; `hanging` is per handling time."""
    logs = np.empty(most)
    logs[0] = 0.0
    for k in range(1, most):
        logs[k] = logs[k - 1] + np.log(load) - np.log(min(k, agents) + max(0, k - agents) * hanging)
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


def line(
    *, rate: float, aht: float, patience: float, agents: int, target: float, calls: int, seed: int
) -> tuple[float, float, float]:
    """A simulated line, first come first served: shares answered in time, waiting and hung up."""
    chance = np.random.default_rng(seed)
    arrivals = np.cumsum(chance.exponential(1 / rate, calls))
    handling, patient = chance.exponential(aht, calls), chance.exponential(patience, calls)
    free = [0.0] * agents
    in_time = waiting = hung_up = 0
    for at, length, limit in zip(arrivals, handling, patient, strict=True):
        wait = max(0.0, free[0] - at)
        waiting += wait > 0
        if wait > limit:
            hung_up += 1
            continue
        in_time += wait <= target
        heapq.heapreplace(free, at + wait + length)
    return in_time / calls, waiting / calls, hung_up / calls

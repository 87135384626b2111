"""The best choice itself, by integer programming, where there are few enough customers."""

from __future__ import annotations

import ctypes
import math
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from guanxi_methods.frames import Vector
from guanxi_methods.optimisation.feasibility import too_dear
from guanxi_methods.optimisation.program import Choice, Program


@dataclass(frozen=True)
class Solution:
    """A choice, and what no choice can exceed.

    Attributes
    ----------
    chosen : ndarray of bool, shape (n_customers, n_actions)
    bound : float
    prices : ndarray, shape (1 + n_actions,)
        What one more of the budget, and one more of each capacity, would bring (of the relaxed problem).
    """

    chosen: Choice
    bound: float
    prices: Vector


def solve_exactly(program: Program, time_limit: float) -> Solution | None:
    """Return the best choice, or the best found in time with its bound; None where none was found in time.

    Raises
    ------
    InfeasibleError
        What is demanded costs more than the budget.
    """
    from scipy.optimize import Bounds, linprog, milp  # takes long to load

    useful = program.allowed & ((program.value > 0) | (program.minimum > 0))
    who, what = np.nonzero(useful & (program.limit > 0)[:, None])
    chosen = np.zeros(program.value.shape, dtype=np.bool_)
    prices = np.zeros(1 + len(program.names))
    if who.size == 0:
        return Solution(chosen, 0.0, prices)
    gain = program.value[who, what]
    rows, constraints = _constraints(program, who, what)
    found = _quietly(
        milp, -gain, integrality=np.ones(who.size), bounds=Bounds(0, 1), constraints=constraints,
        options={"time_limit": time_limit, "mip_rel_gap": 0.0},
    )  # fmt: skip
    if found.status == 2:
        cheapest = _quietly(
            milp, program.cost[who, what], integrality=np.ones(who.size), bounds=Bounds(0, 1),
            constraints=_constraints(program, who, what, with_budget=False)[1], options={"time_limit": time_limit},
        )  # fmt: skip
        raise too_dear(program, float(cheapest.fun) if cheapest.x is not None else math.nan)
    if found.x is None:
        return None
    taken = found.x > 0.5
    chosen[who[taken], what[taken]] = True
    bound = -float(found.mip_dual_bound) if found.mip_dual_bound is not None else math.inf
    constraint = constraints[0]
    finite = np.isfinite(constraint.ub)
    relaxed = linprog(-gain, A_ub=constraint.A[finite], b_ub=constraint.ub[finite], bounds=(0, 1))
    if relaxed.status == 0:
        bound = min(bound, -float(relaxed.fun)) if found.status == 1 else bound
        marginals = np.zeros(finite.size)
        marginals[finite] = -relaxed.ineqlin.marginals
        for row, price in zip(rows, marginals[: len(rows)], strict=True):
            prices[row] = price
    return Solution(chosen, max(bound, program.gained(chosen)), prices)


def _quietly(solve: Callable[..., Any], *args: Any, **words: Any) -> Any:
    """Return what a solver gives, without the lines that it now and then writes to standard output unasked.

    Whoever reads our answer there must find nothing else. They are written from C, past Python's own stream.
    """
    if os.name != "posix":
        return solve(*args, **words)
    library = ctypes.CDLL(None)
    sys.stdout.flush()
    library.fflush(None)
    try:
        kept = os.dup(1)
    except OSError:  # there is no standard output that could be spoiled
        return solve(*args, **words)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        return solve(*args, **words)
    finally:
        library.fflush(None)
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _constraints(program: Program, who: Any, what: Any, *, with_budget: bool = True) -> tuple[list[int], list[Any]]:
    """Return the limits as a sparse matrix: budget, capacities, customers, groups."""
    from scipy.optimize import LinearConstraint  # takes long to load
    from scipy.sparse import csr_matrix, vstack

    size = who.size
    blocks: list[Any] = []
    low: list[float] = []
    high: list[float] = []
    rows: list[int] = []
    if with_budget and math.isfinite(program.budget):
        blocks.append(csr_matrix(program.cost[who, what]))
        low.append(-np.inf)
        high.append(program.budget)
        rows.append(0)
    for place in range(len(program.names)):
        blocks.append(csr_matrix((what == place).astype(float)))
        low.append(float(program.minimum[place]))
        high.append(float(program.capacity[place]))
        rows.append(1 + place)
    places = np.arange(size)
    customers = len(program.value)
    blocks.append(csr_matrix((np.ones(size), (who, places)), shape=(customers, size)))
    low += [-np.inf] * customers
    high += program.limit.astype(float).tolist()
    if program.has_groups:
        keys, codes = np.unique(who * (program.group.max() + 1) + program.group[what], return_inverse=True)
        blocks.append(csr_matrix((np.ones(size), (codes, places)), shape=(keys.size, size)))
        low += [-np.inf] * keys.size
        high += [1.0] * keys.size
    return rows, [LinearConstraint(vstack(blocks).tocsr(), np.array(low), np.array(high))]

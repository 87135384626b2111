"""Prices for budget and capacities under which each customer decides alone: a bound, and a choice near it.

With a price on the budget and on each capacity (Lagrange's multipliers) the problem falls apart by customer, whatever
their number. Any prices give a bound on what can be gained; the best prices give the bound of the relaxed linear
program. They are found by cutting planes within a box that grows and shrinks (a bundle method).
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from guanxi_methods.errors import MethodError
from guanxi_methods.frames import Vector
from guanxi_methods.optimisation.exact import Solution
from guanxi_methods.optimisation.program import Choice, Program
from guanxi_methods.optimisation.repair import into_limits

SAMPLE = 4000
ROUNDS_ON_SAMPLE = 150
ROUNDS = 6
STAGES = 10
# A gap of one in a million is small enough to stop at.
CLOSE = 1e-6
# Beyond this a second try is worth it.
WIDE = 1e-5
TRACE = 1e-5
NARROWEST = 1e-12


def solve_by_prices(program: Program) -> Solution:
    """Return a choice within all limits, and the bound that no choice can exceed.

    Raises
    ------
    MethodError
        What is demanded could not be had this way.
    """
    search = _Search(program, np.zeros(1 + len(program.names)), _scale(program))
    size = len(program.value)
    if size > 2 * SAMPLE:
        # Evenly spread over the customers in the order of their best value, so that the sample is the same whatever
        # the order of rows.
        order = np.argsort(program.value.max(axis=1), kind="stable")
        rows = order[np.linspace(0, size - 1, SAMPLE).astype(np.int64)]
        small = _Search(program.part(rows), search.prices, search.reach)
        small.improve(ROUNDS_ON_SAMPLE)
        # From a sample prices are known to some per cent.
        search = _Search(program, small.prices, np.maximum(0.03 * np.abs(small.prices), 0.001 * search.reach))
    found = _staged(program, search)
    if size > SAMPLE and found.bound - program.gained(found.chosen) > WIDE * abs(found.bound):
        # Crowds of equal customers are undecided at the best prices: told apart by a trace, they divide as they must.
        apart = _Search(_told_apart(program), found.prices, 0.01 * _scale(program))
        divided = _staged(apart.program, apart)
        bound = min(found.bound, bound_at(program, apart.prices)[0])
        better = max((found, divided), key=lambda one: program.gained(one.chosen))
        found = Solution(better.chosen, bound, better.prices)
    return Solution(found.chosen, found.bound, np.maximum(found.prices, 0.0))


def _staged(program: Program, search: _Search) -> Solution:
    """Improve prices in stages until the choice made at them is near enough to the bound."""
    best: Solution | None = None
    gained = -math.inf
    for last in (False,) * (STAGES - 1) + (True,):
        is_done = search.improve(ROUNDS)
        try:
            kept = into_limits(program, search.chosen, reduced(program, search.prices))
        except MethodError:
            if best is None and (last or is_done):
                raise
            continue
        if program.gained(kept) > gained:
            gained = program.gained(kept)
            best = Solution(kept, search.bound, search.prices)
        if is_done or search.bound - gained <= CLOSE * abs(search.bound):
            break
    if best is None:
        raise MethodError("no choice was found within the limits: use method 'exact'")
    return Solution(best.chosen, search.bound, search.prices)


def _told_apart(program: Program) -> Program:
    """Return the same with values that differ by a trace, the same for the same customers whatever their order."""
    order = np.lexsort((*program.value.T, *program.cost.T))
    noise = np.empty(program.value.shape)
    noise[order] = np.random.default_rng(0).random(program.value.shape)
    return replace(program, value=program.value + noise * (TRACE * float(np.abs(program.value).max())))


def reduced(program: Program, prices: Vector) -> Vector:
    """Return what each action brings to its customer once its price is paid; minus infinity where not allowed."""
    left = program.value - prices[1:]
    if prices[0]:
        left = left - prices[0] * program.cost
    return np.where(program.allowed, left, -np.inf)


def best_for_each(program: Program, left: Vector) -> Choice:
    """Return what each customer takes at these prices: the best positive ones within its limit, one of a group."""
    if program.has_groups:
        kept = np.full(left.shape, -np.inf)
        for group in np.unique(program.group):
            members = np.flatnonzero(program.group == group)
            best = members[np.argmax(left[:, members], axis=1)]
            rows = np.arange(len(left))
            kept[rows, best] = left[rows, best]
        left = kept
    chosen = left > 0
    if program.limit.min() >= left.shape[1]:
        return chosen
    if program.limit.max() == 1:
        single = np.zeros(left.shape, dtype=np.bool_)
        rows = np.arange(len(left))
        best = np.argmax(left, axis=1)
        single[rows, best] = program.limit > 0
        return single & chosen
    rank = np.argsort(np.argsort(-left, axis=1, kind="stable"), axis=1, kind="stable")
    return chosen & (rank < program.limit[:, None])


def bound_at(program: Program, prices: Vector) -> tuple[float, Vector, Choice]:
    """Return the bound that prices give, its slope, and what customers take."""
    left = reduced(program, prices)
    chosen = best_for_each(program, left)
    counts = chosen.sum(axis=0)
    over = prices[1:] > 0
    # A positive price is charged up to the capacity, a negative one (a reward) is paid for the fewest demanded.
    held = np.where(over, np.where(np.isfinite(program.capacity), program.capacity, 0.0), program.minimum)
    has_budget = math.isfinite(program.budget)
    bound = float(left[chosen].sum()) + float(prices[1:] @ held) + (prices[0] * program.budget if has_budget else 0.0)
    slope = np.empty(prices.size)
    slope[0] = program.budget - float(program.cost[chosen].sum()) if has_budget else 0.0
    slope[1:] = held - counts
    return bound, slope, chosen


def _scale(program: Program) -> Vector:
    """Return how far prices may reach: values for capacities, value per cost for the budget."""
    gain = np.where(program.allowed, program.value, 0.0)
    highest = max(float(np.abs(gain).max()), 1e-300)
    costs = program.cost[program.allowed & (program.cost > 0)]
    ratio = highest / float(np.median(costs)) if costs.size else 0.0
    return np.concatenate(([ratio], np.full(len(program.names), highest)))


class _Search:
    """The search for the prices whose bound is lowest."""

    def __init__(self, program: Program, start: Vector, reach: Vector) -> None:
        """Begin at some prices, to be looked around within a reach."""
        limited = np.isfinite(program.capacity)
        self.program = program
        self.free = np.concatenate(([math.isfinite(program.budget)], limited | (program.minimum > 0)))
        self.lowest = np.concatenate(([0.0], np.where(program.minimum > 0, -np.inf, 0.0)))
        self.highest = np.concatenate(([np.inf], np.where(limited, np.inf, 0.0)))
        self.prices = np.where(self.free, np.clip(start, self.lowest, self.highest), 0.0)
        self.reach = np.where(self.free, reach, 0.0)
        self.narrowest = NARROWEST * np.maximum(self.reach, 1e-300)
        self.bound, slope, self.chosen = bound_at(program, self.prices)
        self.cuts = [np.concatenate((slope, [-1.0]))]
        self.sides = [float(slope @ self.prices) - self.bound]

    def improve(self, rounds: int) -> bool:
        """Go on for so many rounds; true if nothing is left to gain."""
        from scipy.optimize import linprog  # takes long to load

        goal = np.concatenate((np.zeros(self.prices.size), [1.0]))
        for _ in range(rounds):
            low = np.where(self.free, np.maximum(self.lowest, self.prices - self.reach), 0.0)
            high = np.where(self.free, np.minimum(self.highest, self.prices + self.reach), 0.0)
            bounds = [*zip(low.tolist(), high.tolist(), strict=True), (None, None)]
            found = linprog(goal, A_ub=np.array(self.cuts), b_ub=np.array(self.sides), bounds=bounds)
            if found.x is None:
                self.reach = self.reach / 4
                continue
            tried, promised = found.x[:-1], self.bound - float(found.fun)
            at_edge = bool((np.abs(tried - self.prices) >= self.reach * 0.999)[self.free].any())
            if promised <= CLOSE / 10 * max(abs(self.bound), 1e-300) and not at_edge:
                return True
            value, slope, taken = bound_at(self.program, tried)
            self.cuts.append(np.concatenate((slope, [-1.0])))
            self.sides.append(float(slope @ tried) - value)
            is_serious = value < self.bound - 0.1 * max(promised, 0.0)
            if not is_serious:
                self.reach = self.reach / 2
            elif at_edge:
                self.reach = self.reach * 2
            if value < self.bound:
                self.prices, self.bound, self.chosen = tried, value, taken
            if (self.reach <= self.narrowest)[self.free].all():
                return True
        return False

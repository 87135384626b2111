"""Brings a choice made at prices into all limits: what is least worth goes, what is most worth fills up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.errors import MethodError
from guanxi_methods.frames import Vector
from guanxi_methods.optimisation.program import Choice, Program

PASSES = 400
SLACK = 1e-12


def into_limits(program: Program, chosen: Choice, left: Vector) -> Choice:
    """Return a choice within all limits that is near the one given.

    Parameters
    ----------
    program : Program
    chosen : ndarray of bool
        Within the limits of customers and groups.
    left : ndarray
        What each action brings once its price is paid.

    Raises
    ------
    MethodError
        What is demanded could not be had this way.
    """
    kept = chosen.copy()
    for place in range(len(program.names)):
        rows = np.flatnonzero(kept[:, place])
        surplus = rows.size - int(min(program.capacity[place], rows.size))
        if surplus > 0:
            kept[rows[np.argsort(left[rows, place], kind="stable")[:surplus]], place] = False
    for place in range(len(program.names)):
        _demand(program, kept, left, place)
    _within_budget(program, kept)
    _fill(program, kept, left)
    return kept


def _demand(program: Program, kept: Choice, left: Vector, place: int) -> None:
    """Add the fewest demanded of one action, at the least loss, where they are not there yet."""
    missing = int(program.minimum[place] - kept[:, place].sum())
    if missing <= 0:
        return
    same_group = program.group == program.group[place]
    rest = np.where(kept & ~same_group, left, np.inf)
    is_full = kept.sum(axis=1) >= program.limit
    blocked = (kept & same_group).any(axis=1)
    worst = np.argmin(rest, axis=1)
    rows = np.arange(len(kept))
    # What must go to make room: the other action of the group, else the worst where the customer has no room.
    gone = np.where(blocked, np.argmax(kept & same_group, axis=1), np.where(is_full, worst, -1))
    lost = np.where(gone >= 0, left[rows, gone], 0.0)
    possible = program.allowed[:, place] & ~kept[:, place] & (program.limit > 0) & np.isfinite(lost)
    loss = np.where(possible, lost - left[:, place], np.inf)
    spare = kept.sum(axis=0) - program.minimum
    for row in np.argsort(loss, kind="stable"):
        if missing == 0 or not np.isfinite(loss[row]):
            break
        if gone[row] >= 0:
            if spare[gone[row]] < 1:
                continue
            spare[gone[row]] -= 1
            kept[row, gone[row]] = False
        kept[row, place] = True
        missing -= 1
    if missing:
        raise MethodError(
            "what is demanded of {name!r} could not be met at a large size: demand fewer, or use method 'exact'",
            name=program.names[place],
        )


def _within_budget(program: Program, kept: Choice) -> None:
    """Give up what brings least for its cost until the budget is kept."""
    over = program.spent(kept) - program.budget
    if not over > SLACK * max(program.budget, 1.0):
        return
    who, what = np.nonzero(kept & (program.cost > 0))
    order = np.argsort(program.value[who, what] / program.cost[who, what], kind="stable")
    who, what = who[order], what[order]
    if program.minimum.any():
        # Of each action only what goes beyond the fewest demanded may be given up.
        spare = (kept.sum(axis=0) - program.minimum).astype(np.int64)
        may_go = _place_within(what) < spare[what]
        who, what = who[may_go], what[may_go]
    saved = np.cumsum(program.cost[who, what])
    enough = int(np.searchsorted(saved, over)) + 1
    kept[who[:enough], what[:enough]] = False
    if program.spent(kept) > program.budget * (1 + SLACK) + SLACK:
        raise MethodError(
            "what is demanded could not be met within the budget of {budget:,.2f} at a large size: demand fewer, or use "
            "method 'exact'", budget=program.budget,
        )  # fmt: skip


def _place_within(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many of the same code stand before each."""
    order = np.argsort(codes, kind="stable")
    counts = np.bincount(codes, minlength=1)
    starts = np.cumsum(counts) - counts
    made = np.empty(codes.size, dtype=np.int64)
    made[order] = np.arange(codes.size) - starts[codes[order]]
    return made


def _fill(program: Program, kept: Choice, left: Vector) -> None:
    """Add what is still worth something and fits, best first."""
    room = program.limit - kept.sum(axis=1)
    capacity = np.where(np.isfinite(program.capacity), program.capacity, len(kept)) - kept.sum(axis=0)
    money = program.budget - program.spent(kept)
    candidates = program.allowed & ~kept & (program.value > 0) & (room > 0)[:, None] & (capacity > 0)
    candidates &= program.cost <= money
    if program.has_groups:
        for group in np.unique(program.group):
            members = program.group == group
            candidates[np.ix_(kept[:, members].any(axis=1), members)] = False
    who, what = np.nonzero(candidates)
    # By what is left after its price; where that is equal, by value.
    order = np.lexsort((-program.value[who, what], -left[who, what]))
    who, what = who[order], what[order]
    for _ in range(PASSES):
        fits = (room[who] > 0) & (capacity[what] > 0) & (program.cost[who, what] <= money) & ~kept[who, what]
        if program.has_groups:
            taken = kept @ (program.group[:, None] == np.arange(program.group.max() + 1))
            fits &= ~taken[who, program.group[what]]
        who, what = who[fits], what[fits]
        if not who.size:
            return
        first = np.zeros(who.size, dtype=np.bool_)
        first[np.unique(who, return_index=True)[1]] = True
        turn = np.flatnonzero(first)
        turn = turn[_place_within(what[turn]) < capacity[what[turn]]]
        spent = np.cumsum(program.cost[who[turn], what[turn]])
        turn = turn[: max(1, int(np.searchsorted(spent, money, side="right")))]
        kept[who[turn], what[turn]] = True
        np.subtract.at(room, who[turn], 1)
        capacity = capacity - np.bincount(what[turn], minlength=capacity.size)
        money -= float(program.cost[who[turn], what[turn]].sum())

"""Whether what is demanded can be had at all, and if not, which limit is in the way."""

from __future__ import annotations

import numpy as np

from guanxi_methods.errors import MethodError
from guanxi_methods.optimisation.program import Program

SLACK = 1e-9


class InfeasibleError(MethodError):
    """What is demanded cannot be had; the sentence names the limit in the way."""


def check_demands(program: Program) -> None:
    """Raise InfeasibleError where the fewest contacts demanded do not fit capacities, customers or budget.

    Raises
    ------
    InfeasibleError
        Naming the limit, how much is demanded and how much there is.
    """
    may_get = program.allowed & (program.limit > 0)[:, None]
    reachable = may_get.sum(axis=0)
    for place, name in enumerate(program.names):
        wanted = program.minimum[place]
        if wanted > program.capacity[place]:
            raise InfeasibleError(
                "{name!r} must have at least {wanted:.0f} but its capacity is {capacity:.0f}", name=name,
                wanted=wanted, capacity=program.capacity[place],
            )  # fmt: skip
        if wanted > reachable[place]:
            raise InfeasibleError(
                "{name!r} must have at least {wanted:.0f} but only {reachable} customers may get it", name=name,
                wanted=wanted, reachable=int(reachable[place]),
            )  # fmt: skip
    if program.minimum.sum() == 0:
        return
    room = _room(program)
    if room < program.minimum.sum() - 0.5:
        raise InfeasibleError(
            "{wanted:.0f} are demanded in all, but the limits of the customers leave room for {room:.0f} of them: "
            "raise how many each may get, or demand fewer", wanted=program.minimum.sum(), room=room,
        )  # fmt: skip
    least = sum(
        np.partition(program.cost[may_get[:, place], place], int(wanted) - 1)[: int(wanted)].sum()
        for place, wanted in enumerate(program.minimum)
        if wanted
    )
    if least > program.budget * (1 + SLACK):
        raise too_dear(program, float(least))


def too_dear(program: Program, least: float) -> InfeasibleError:
    """Return the error that the budget does not reach for what is demanded."""
    return InfeasibleError(
        "what is demanded costs at least {least:,.2f}, more than the budget of {budget:,.2f}", least=least,
        budget=program.budget,
    )  # fmt: skip


def _room(program: Program) -> float:
    """Return how many of the demanded contacts the customers' own limits admit, all kinds together.

    Customers with the same limit and the same actions allowed are one node of a flow, so that a million of them make
    a small linear program; its matrix is that of a network, so that its optimum is whole.
    """
    from scipy.optimize import linprog  # takes long to load
    from scipy.sparse import csr_matrix

    wanted = np.flatnonzero(program.minimum > 0)
    kinds, counts = np.unique(np.column_stack([program.limit, program.allowed[:, wanted]]), axis=0, return_counts=True)
    rows: list[int] = []
    columns: list[int] = []
    bounds: list[float] = []
    width = wanted.size

    def constrain(variables: list[int], at_most: float) -> None:
        rows.extend([len(bounds)] * len(variables))
        columns.extend(variables)
        bounds.append(at_most)

    for kind, (limit, *allowed) in enumerate(kinds.tolist()):
        mine = [kind * width + place for place in range(width) if allowed[place]]
        constrain(mine, limit * float(counts[kind]))
        for group in np.unique(program.group[wanted]):
            together = [v for v in mine if program.group[wanted[v - kind * width]] == group]
            constrain(together, float(counts[kind]))
    for place in range(width):
        constrain([kind * width + place for kind in range(len(kinds))], float(program.minimum[wanted[place]]))
    size = len(kinds) * width
    upper = np.where(kinds[:, 1:].reshape(-1) > 0, np.repeat(counts, width), 0)
    matrix = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(bounds), size))
    found = linprog(-np.ones(size), A_ub=matrix, b_ub=bounds, bounds=np.column_stack([np.zeros(size), upper]))
    return float(-found.fun)

"""What is to be decided and within which limits: the same for channels and for offers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.errors import MethodError
from guanxi_methods.frames import Vector, as_frame, as_vector, unknown_column

# Beyond, one unit more or less is lost to rounding.
LARGEST = 1e15
Choice = NDArray[np.bool_]
Limits = Mapping[str, float] | Sequence[float | None] | None


@dataclass(frozen=True)
class Program:
    """Which customer gets which of some actions (a contact by a channel, an offer), so that the most is gained.

    Attributes
    ----------
    value, cost : ndarray, shape (n_customers, n_actions)
    allowed : ndarray of bool, shape (n_customers, n_actions)
    limit : ndarray of int64, shape (n_customers,)
        Most actions for each customer.
    group : ndarray of int64, shape (n_actions,)
        At most one action of a group for each customer.
    minimum, capacity : ndarray, shape (n_actions,)
        Fewest and most customers of each action; capacity may be infinite.
    budget : float
        May be infinite.
    names : tuple of str
        Of the actions.
    """

    value: Vector
    cost: Vector
    allowed: Choice
    limit: NDArray[np.int64]
    group: NDArray[np.int64]
    minimum: Vector
    capacity: Vector
    budget: float
    names: tuple[str, ...]

    @property
    def has_groups(self) -> bool:
        """Whether two actions exclude each other."""
        return bool(np.unique(self.group).size < self.group.size)

    def part(self, rows: NDArray[np.int64]) -> Program:
        """Return the same for some of the customers, with the limits scaled down."""
        share = rows.size / len(self.value)
        return Program(
            self.value[rows], self.cost[rows], self.allowed[rows], self.limit[rows], self.group,
            self.minimum * share, self.capacity * share, self.budget * share, self.names,
        )  # fmt: skip

    def spent(self, chosen: Choice) -> float:
        """Return what a choice costs."""
        return math.fsum(self.cost[chosen].tolist()) if chosen.sum() < 10**6 else float(self.cost[chosen].sum())

    def gained(self, chosen: Choice) -> float:
        """Return what a choice brings."""
        return math.fsum(self.value[chosen].tolist()) if chosen.sum() < 10**6 else float(self.value[chosen].sum())


def as_table(values: Any, names: Sequence[str] | None, label: str, shape: tuple[int, int] | None = None) -> Any:
    """Return a table of numbers with the names of its columns."""
    frame = as_frame(values, names)
    numbers = frame.matrix()
    row, place = np.unravel_index(int(np.argmax(np.abs(numbers))), numbers.shape)
    if abs(numbers[row, place]) > LARGEST:
        raise MethodError(
            "{label} holds {value:g} in row {row} of {column!r}: at most {most:g} can be reckoned with", label=label,
            value=float(numbers[row, place]), row=int(row) + 1, column=frame.names[int(place)], most=LARGEST,
        )  # fmt: skip
    if shape is not None and numbers.shape != shape:
        raise MethodError(
            "{label} has {rows} rows and {columns} columns where {n} and {m} are needed", label=label,
            rows=numbers.shape[0], columns=numbers.shape[1], n=shape[0], m=shape[1],
        )  # fmt: skip
    return numbers, frame.names


def as_costs(cost: Any, shape: tuple[int, int]) -> Vector:
    """Return the cost of each action for each customer; one for each action may be given."""
    if cost is None:
        return np.zeros(shape)
    if not hasattr(cost, "__arrow_c_stream__") and not isinstance(cost, Mapping) and np.ndim(cost) == 1:
        return np.broadcast_to(_not_negative(as_vector(cost, "cost", size=shape[1]), "cost"), shape)
    return _not_negative(as_table(cost, None, "cost", shape)[0], "cost")


def _not_negative(numbers: Vector, name: str) -> Vector:
    """Return numbers, once none is negative."""
    if numbers.max() > LARGEST:
        raise MethodError(
            "{name} must be at most {most:g}, but one is {value:g}", name=name, most=LARGEST, value=float(numbers.max())
        )
    if numbers.min() < 0:
        raise MethodError("{name} must not be negative, but one is {value}", name=name, value=float(numbers.min()))
    return numbers


def as_limits(given: Limits, names: tuple[str, ...], label: str, otherwise: float) -> Vector:
    """Return a limit for each action, from names or in their order; None where there is none."""
    made = np.full(len(names), otherwise)
    if given is None:
        return made
    if isinstance(given, Mapping):
        for name in given:
            if name not in names:
                raise unknown_column(name, names)
        listed = [given.get(name) for name in names]
    else:
        listed = list(given)
        if len(listed) != len(names):
            raise MethodError(
                "{label} names {given} limits for {needed} columns", label=label, given=len(listed), needed=len(names)
            )
    for place, limit in enumerate(listed):
        if limit is None:
            continue
        if not limit >= 0 or (math.isfinite(limit) and limit != math.floor(limit)):
            raise MethodError(
                "{label} of {name!r} must be a whole number of at least 0, not {value!r}", label=label,
                name=names[place], value=limit,
            )  # fmt: skip
        made[place] = limit
    return made


def as_customer_limits(limits: Any, most: int, size: int) -> NDArray[np.int64]:
    """Return the most actions for each customer."""
    if isinstance(most, bool) or not isinstance(most, int) or most < 1:
        raise MethodError("the most for one customer must be a whole number of at least 1, not {value!r}", value=most)
    if limits is None:
        return np.full(size, most, dtype=np.int64)
    numbers = _not_negative(as_vector(limits, "limits", size=size), "limits")
    if (numbers != np.floor(numbers)).any():
        row = int(np.argmax(numbers != np.floor(numbers)))
        raise MethodError("limits must hold whole numbers, but row {row} holds {value}", row=row + 1,
                          value=float(numbers[row]))  # fmt: skip
    return np.minimum(numbers, most).astype(np.int64)


def as_allowed(allowed: Any, shape: tuple[int, int]) -> Choice:
    """Return which actions are allowed for whom, from 0 and 1."""
    if allowed is None:
        return np.ones(shape, dtype=np.bool_)
    numbers = as_table(allowed, None, "allowed", shape)[0]
    if not np.isin(numbers, (0, 1)).all():
        raise MethodError("allowed must hold 0 and 1 alone")
    return np.asarray(numbers == 1)


def as_budget(budget: float | None) -> float:
    """Return the budget, infinite where there is none."""
    if budget is None:
        return math.inf
    if not budget >= 0:
        raise MethodError("budget must be at least 0, not {value!r}", value=budget)
    return float(budget)

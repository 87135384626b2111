"""One line per customer, as the models of lifetime read it: x, t_x, T, checked, put in order and counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.frames import Vector, as_vector

MOST_PURCHASES = 1_000_000


@dataclass(frozen=True)
class Lines:
    """Distinct lines in order of x, t_x and T, with how many customers each stands for.

    Attributes
    ----------
    x : ndarray of int64, shape (n_lines,)
        Repeat purchases.
    t_x, t : ndarray of float64, shape (n_lines,)
        Time of the last purchase and of the end of observation, from the customer's own first.
    count : ndarray of float64, shape (n_lines,)
    """

    x: Vector
    t_x: Vector
    t: Vector
    count: Vector

    def total(self, column: Vector) -> float:
        """Return the sum of a column over all customers."""
        return float(np.einsum("i,i->", self.count, column))

    def sample(self, most: int) -> Lines:
        """Return at most so many lines, evenly spaced; all of them if they are fewer."""
        if self.x.size <= most:
            return self
        kept = np.linspace(0, self.x.size - 1, most).astype(np.int64)
        return Lines(self.x[kept], self.t_x[kept], self.t[kept], self.count[kept])


def as_counts(values: Any, name: str, *, size: int | None = None) -> Vector:
    """Return one column of whole numbers of at least 0, as int64."""
    column = as_vector(values, name, size=size)
    is_bad = (column < 0) | (column != np.floor(column)) | (column > MOST_PURCHASES)
    if is_bad.any():
        row = int(np.argmax(is_bad))
        raise MethodError(
            "{name} must hold whole numbers of at least 0, but row {row} holds {value:g}",
            name=name,
            row=row + 1,
            value=float(column[row]),
        )
    counts: Vector = column.astype(np.int64)
    return counts


def as_weights(values: Any, size: int) -> Vector:
    """Return how many customers each row stands for: all one, unless told."""
    if values is None:
        return np.ones(size)
    weights = as_vector(values, "count", size=size)
    if (weights < 0).any():
        row = int(np.argmax(weights < 0))
        raise MethodError(
            "count must not be negative, but row {row} holds {value:g}", row=row + 1, value=float(weights[row])
        )
    if not weights.any():
        raise TooFewError("count is 0 in every row: there is no customer to learn from")
    return weights


def as_history(x: Any, t_x: Any, t: Any) -> tuple[Vector, Vector, Vector]:
    """Return x, t_x and T, once they can be what they say.

    Raises
    ------
    MethodError
        A count that is not whole; a time that is negative; a last purchase after the end of observation; a last
        purchase without a repeat purchase.
    """
    counts = as_counts(x, "x")
    last = as_vector(t_x, "t_x", size=counts.size)
    end = as_vector(t, "T", size=counts.size)
    for name, times in (("t_x", last), ("T", end)):
        if (times < 0).any():
            row = int(np.argmax(times < 0))
            raise MethodError(
                "{name} must not be negative, but row {row} holds {value:g}",
                name=name,
                row=row + 1,
                value=float(times[row]),
            )
    is_late = last > end * (1 + 1e-12)
    if is_late.any():
        row = int(np.argmax(is_late))
        raise MethodError(
            "row {row} has its last purchase at {t_x:g}, after the end of its observation at {t:g}: t_x must not "
            "exceed T",
            row=row + 1,
            t_x=float(last[row]),
            t=float(end[row]),
        )
    is_odd = (counts == 0) & (last > 0)
    if is_odd.any():
        row = int(np.argmax(is_odd))
        raise MethodError(
            "row {row} has no repeat purchase (x = 0) but a last one at t_x = {t_x:g}: t_x must be 0 where x is",
            row=row + 1,
            t_x=float(last[row]),
        )
    return counts, last, end


def as_lines(x: Any, t_x: Any, t: Any, count: Any = None) -> Lines:
    """Return the distinct lines in order, so that neither the order nor the repetition of rows matters."""
    counts, last, end = as_history(x, t_x, t)
    weights = as_weights(count, counts.size)
    if not (weights[counts > 0] > 0).any():
        raise TooFewError(
            "nobody bought again: without a single repeat purchase (x over 0) neither buying nor leaving can be learned"
        )
    if not (end[counts > 0] > 0).any():
        raise TooFewError("T is 0 for everybody who bought again: nobody was watched for any time")
    order = _in_order(counts, last, end)
    counts, last, end, weights = counts[order], last[order], end[order], weights[order]
    is_new = np.ones(counts.size, dtype=bool)
    is_new[1:] = (counts[1:] != counts[:-1]) | (last[1:] != last[:-1]) | (end[1:] != end[:-1])
    starts = np.flatnonzero(is_new)
    weights = np.add.reduceat(weights, starts)
    kept = weights > 0
    starts = starts[kept]
    return Lines(counts[starts], last[starts], end[starts], weights[kept])


def _in_order(counts: Vector, last: Vector, end: Vector) -> Vector:
    """The order by x, t_x and T; most customers have not bought again, and differ in T alone."""
    never, again = np.flatnonzero(counts == 0), np.flatnonzero(counts)
    return np.concatenate((never[np.argsort(end[never])], again[np.lexsort((end[again], last[again], counts[again]))]))

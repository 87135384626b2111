"""What must be known of a whole file before its first line is written: ordinals of equal lines, totals of orders.

Both are found with arrays of numbers, so that millions of rows need some tens of bytes each.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from guanxi.importing.targets import StagedSource

Whole = NDArray[np.int64]
_MIX = np.uint64(0x9E3779B97F4A7C15)


class OrderTotal(NamedTuple):
    """What the file says of one order as a whole."""

    amount_minor: int
    line_count: int
    first_microsecond: int


class Ordinals:
    """The place of each row among equal lines of its order; nearly always 0, so only the others are kept."""

    def __init__(self, rows: StagedSource) -> None:
        """Look at all rows."""
        count = rows.count
        lines: NDArray[np.uint64] = np.empty(count, dtype=np.uint64)
        numbers: NDArray[np.int32] = np.empty(count, dtype=np.int32)
        at = 0
        for batch in rows.arrays(["row", "order_key", "line_key"]):
            size = len(batch["row"])
            with np.errstate(over="ignore"):
                mixed = batch["order_key"].astype(np.uint64) * _MIX
                mixed ^= mixed >> np.uint64(29)
                lines[at : at + size] = mixed + batch["line_key"].astype(np.uint64)
            numbers[at : at + size] = batch["row"]
            at += size
        order = np.argsort(lines, kind="stable")
        lines = lines[order]
        is_first = np.ones(count, dtype=bool)
        is_first[1:] = lines[1:] != lines[:-1]
        del lines
        again = np.flatnonzero(~is_first)
        starts = np.flatnonzero(is_first)
        first_of = starts[np.searchsorted(starts, again, side="right") - 1] if len(starts) else again
        found_rows = numbers[order[again]]
        by_row = np.argsort(found_rows, kind="stable")
        self._rows = found_rows[by_row]
        self._ordinals = (again - first_of)[by_row].astype(np.int32)

    def of(self, numbers: list[int]) -> list[int]:
        """The ordinals of some rows by their numbers."""
        if not len(self._rows):
            return [0] * len(numbers)
        wanted = np.asarray(numbers, dtype=np.int32)
        at = np.searchsorted(self._rows, wanted)
        at[at == len(self._rows)] = 0
        return np.where(self._rows[at] == wanted, self._ordinals[at], 0).tolist()


class OrderTotals:
    """Amount, lines and first moment of every order of the file, by its key."""

    def __init__(self, rows: StagedSource) -> None:
        """Look at all rows."""
        count = rows.count
        keys: Whole = np.empty(count, dtype=np.int64)
        amounts: Whole = np.empty(count, dtype=np.int64)
        moments: Whole = np.empty(count, dtype=np.int64)
        at = 0
        for batch in rows.arrays(["order_key", "amount_minor", "date"]):
            size = len(batch["order_key"])
            keys[at : at + size] = batch["order_key"]
            amounts[at : at + size] = batch["amount_minor"]
            moments[at : at + size] = batch["date"]
            at += size
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if count else np.empty(0, dtype=int)
        self.keys: Whole = keys[starts]
        self._counts = np.diff(np.append(starts, count)).astype(np.int32)
        self._amounts: Whole = np.add.reduceat(amounts[order], starts) if count else amounts
        self._moments: Whole = np.minimum.reduceat(moments[order], starts) if count else moments

    def place_of(self, key: int) -> int:
        """Where an order stands in `keys`."""
        return int(np.searchsorted(self.keys, key))

    def of(self, key: int) -> OrderTotal:
        """The totals of one order."""
        place = self.place_of(key)
        return OrderTotal(int(self._amounts[place]), int(self._counts[place]), int(self._moments[place]))

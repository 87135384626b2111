"""From frequent itemsets to rules: every way to split a set into what is given and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.basket.mining import Level
from guanxi_methods.basket.thresholds import Counts, reaches

Flags = NDArray[np.bool_]
Combination = tuple[int, ...]


@dataclass(frozen=True)
class Splits:
    """Sets of one length split in one way, those that reach the confidence.

    Attributes
    ----------
    left_length, right_length : int
    left, right : ndarray of int64, shape (n_rules,)
        Places among the sets of those lengths.
    both_count, left_count, right_count : ndarray of int64, shape (n_rules,)
        Baskets that hold all items, those given, those that follow.
    is_redundant : ndarray of bool, shape (n_rules,)
    """

    left_length: int
    right_length: int
    left: Counts
    right: Counts
    both_count: Counts
    left_count: Counts
    right_count: Counts
    is_redundant: Flags


@dataclass(frozen=True)
class _Confidences:
    """Confidences as fractions: of all rules of a split, and the best among those that ask for less."""

    top: Counts
    bottom: Counts
    best_top: Counts
    best_bottom: Counts


class Lattice:
    """Sets by length, each knowing where its subsets one shorter stand."""

    def __init__(self, levels: list[Level]) -> None:
        """Find all subsets one shorter of all sets."""
        self.levels = levels
        self.drops = [np.empty((1, 0), dtype=np.int64)]
        width = int(levels[1].last.size) if len(levels) > 1 else 1
        self._keys = [level.parent * width + level.last for level in levels]
        for length in range(1, len(levels)):
            level = levels[length]
            drop = np.empty((level.count.size, length), dtype=np.int64)
            drop[:, length - 1] = level.parent
            for place in range(length - 1):
                without = self.drops[length - 1][level.parent, place] * width + level.last
                drop[:, place] = np.searchsorted(self._keys[length - 1], without)
            self.drops.append(drop)

    def without(self, length: int, places: Combination) -> Counts:
        """Return, for all sets of a length, where the subset stands that lacks the items at some places."""
        ids = np.arange(self.levels[length].count.size)
        for taken, place in enumerate(sorted(places, reverse=True)):
            ids = self.drops[length - taken][ids, place]
        return ids

    def members(self, length: int, ids: Counts) -> Counts:
        """Return the ranks of the items of sets, ascending, shape (n_sets, length)."""
        made = np.empty((ids.size, length), dtype=np.int64)
        for place in range(length - 1, -1, -1):
            level = self.levels[place + 1]
            made[:, place] = level.last[ids]
            ids = level.parent[ids]
        return made


def split_all(lattice: Lattice, min_confidence: Fraction, most_right: int | None) -> tuple[list[Splits], int]:
    """Return all rules that reach a confidence, and how many there were to choose from.

    Parameters
    ----------
    lattice : Lattice
    min_confidence : Fraction
    most_right : int, optional
        Most items that may follow; any number unless given.

    Returns
    -------
    splits : list of Splits
    n_candidates : int
    """
    splits: list[Splits] = []
    candidates = 0
    shorter: dict[Combination, _Confidences] = {}
    for length in range(1, len(lattice.levels)):
        found: dict[Combination, _Confidences] = {}
        most = min(length, most_right or length)
        for size in range(1, most + 1):
            for right in combinations(range(length), size):
                made = _confidences(lattice, length, right, shorter)
                found[right] = made
                if size < length:
                    candidates += made.top.size
                    splits.append(_split(lattice, length, right, made, min_confidence))
        shorter = found
    return [part for part in splits if part.left.size], candidates


def _confidences(
    lattice: Lattice, length: int, right: Combination, shorter: dict[Combination, _Confidences]
) -> _Confidences:
    """Return the confidences of one way to split, and the best of the rules with the same right and less on the left."""
    level = lattice.levels[length]
    bottom = lattice.levels[length - len(right)].count[lattice.without(length, right)]
    best_top, best_bottom = np.full(level.count.size, -1), np.ones(level.count.size, dtype=np.int64)
    for place in range(length):
        if place in right:
            continue
        simpler = shorter[tuple(item - (item > place) for item in right)]
        ids = lattice.drops[length][:, place]
        for top, under in ((simpler.top, simpler.bottom), (simpler.best_top, simpler.best_bottom)):
            # Counts stay under 2^31, so their products fit 64 bits and the comparison is exact.
            better = top[ids] * best_bottom > best_top * under[ids]
            best_top = np.where(better, top[ids], best_top)
            best_bottom = np.where(better, under[ids], best_bottom)
    return _Confidences(level.count, bottom, best_top, best_bottom)


def _split(lattice: Lattice, length: int, right: Combination, made: _Confidences, least: Fraction) -> Splits:
    """Return the rules of one way to split that reach the confidence."""
    kept = np.flatnonzero(reaches(made.top, made.bottom, least))
    rest = tuple(place for place in range(length) if place not in right)
    left_ids, right_ids = lattice.without(length, right)[kept], lattice.without(length, rest)[kept]
    return Splits(
        length - len(right),
        len(right),
        left_ids,
        right_ids,
        made.top[kept],
        made.bottom[kept],
        lattice.levels[len(right)].count[right_ids],
        made.top[kept] * made.best_bottom[kept] <= made.best_top[kept] * made.bottom[kept],
    )

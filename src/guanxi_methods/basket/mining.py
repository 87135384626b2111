"""The search for frequent itemsets: projected baskets, held as bits, grown one item at a time (Eclat).

Items are ranked from the rarest to the most common. For each item the baskets that hold it are cut down to the items
of higher rank; there, sets grow by intersecting bits. Every count is a whole number.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.basket.baskets import Baskets
from guanxi_methods.basket.thresholds import Counts
from guanxi_methods.errors import MethodError

Bits = NDArray[np.uint64]
# Words of 64 baskets intersected at a time: what fits the processor's cache is fastest.
CHUNK_WORDS = 1 << 18
# Baskets turned into bits at a time.
CHUNK_BASKETS = 1 << 16
# More sets than this are no answer to anything, and fill the memory.
MOST_ITEMSETS = 20_000_000


@dataclass
class Level:
    """The frequent sets of one length, each as a shorter set and one item more.

    Attributes
    ----------
    parent : ndarray of int64, shape (n_sets,)
        Place of the set without its last item among those one shorter.
    last : ndarray of int64, shape (n_sets,)
        Rank of the last item. Sets lie in the order of ``parent``, then ``last``.
    count : ndarray of int64, shape (n_sets,)
    """

    parent: Counts
    last: Counts
    count: Counts


@dataclass
class _Search:
    """What is found, by length; filled while the search goes on."""

    least: int
    longest: int
    parts: list[list[Level]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def add(self, length: int, parent: Counts, last: Counts, count: Counts) -> Counts:
        """Take in frequent sets of a length and return their places."""
        while len(self.parts) <= length:
            self.parts.append([])
            self.sizes.append(0)
        start = self.sizes[length]
        self.parts[length].append(Level(parent, last, count))
        self.sizes[length] += count.size
        if sum(self.sizes) > MOST_ITEMSETS:
            raise MethodError(
                "more than {most} itemsets are frequent: raise min_support or set max_length",
                most=f"{MOST_ITEMSETS:,}",
            )
        return np.arange(start, start + count.size)

    def levels(self) -> list[Level]:
        """Return what was found, each length in one piece."""
        return [
            Level(
                np.concatenate([part.parent for part in parts]),
                np.concatenate([part.last for part in parts]),
                np.concatenate([part.count for part in parts]),
            )
            for parts in self.parts
            if parts
        ]


def frequent_levels(baskets: Baskets, least: int, max_length: int | None) -> tuple[list[Level], Counts]:
    """Return all itemsets that lie in at least ``least`` baskets.

    Parameters
    ----------
    baskets : Baskets
    least : int
        At least 1.
    max_length : int, optional
        Of a set.

    Returns
    -------
    levels : list of Level
        ``levels[k]`` holds the sets of ``k`` items; ``levels[0]`` the empty one.
    ranked : ndarray of int64, shape (n_frequent_items,)
        Which item has which rank.

    Raises
    ------
    MethodError
        Over twenty million sets.
    """
    search = _Search(least, max_length or len(baskets.labels))
    zero = np.zeros(1, dtype=np.int64)
    search.add(0, zero, zero, np.array([baskets.n_baskets]))
    counts = baskets.item_counts
    ranked = np.argsort(counts, kind="stable")
    ranked = ranked[counts[ranked] >= least]
    if not ranked.size:
        return search.levels(), ranked
    search.add(1, np.zeros(ranked.size, dtype=np.int64), np.arange(ranked.size), counts[ranked])
    if search.longest > 1:
        ranks, ends, start_of = _ranked_pairs(baskets, ranked)
        by_rank = np.argsort(ranks, kind="stable")
        for rank in range(ranked.size):
            _project(search, ranks, ends, by_rank[start_of[rank] : start_of[rank + 1]], rank)
    return search.levels(), ranked


def _ranked_pairs(baskets: Baskets, ranked: Counts) -> tuple[Counts, Counts, Counts]:
    """Return the ranks of the frequent items basket by basket, where each basket ends, and where each rank starts."""
    rank_of = np.full(len(baskets.labels), -1, dtype=np.int64)
    rank_of[ranked] = np.arange(ranked.size)
    ranks = rank_of[baskets.item]
    kept = ranks >= 0
    pairs = np.sort(baskets.basket[kept] * ranked.size + ranks[kept])
    owners, ranks = pairs // ranked.size, pairs % ranked.size
    sizes = np.bincount(owners, minlength=baskets.n_baskets)
    starts = np.concatenate(([0], np.cumsum(np.bincount(ranks, minlength=ranked.size))))
    return ranks, np.cumsum(sizes)[owners], starts


def _ragged(starts: Counts, sizes: Counts) -> Counts:
    """Return the whole numbers from each start on, so many as its size."""
    ends = np.cumsum(sizes)
    return np.repeat(starts - ends + sizes, sizes) + np.arange(int(ends[-1]) if ends.size else 0)


def _project(search: _Search, ranks: Counts, ends: Counts, places: Counts, rank: int) -> None:
    """Find all sets whose rarest item has the rank given; it lies at the places given."""
    sizes = ends[places] - places - 1
    found = ranks[_ragged(places + 1, sizes)]
    if found.size == 0:
        return
    counts = np.bincount(found)
    more = np.flatnonzero(counts >= search.least)
    if not more.size:
        return
    ids = search.add(2, np.full(more.size, rank), more, counts[more])
    if more.size == 1 or search.longest == 2:
        return
    local = np.full(counts.size, -1, dtype=np.int64)
    local[more] = np.arange(more.size)
    owners = np.repeat(np.arange(places.size), sizes)
    kept = local[found] >= 0
    bits = _bits(local[found[kept]], owners[kept], more.size, places.size)
    _grow(search, 3, bits, ids, more, np.full(more.size, more.size))


def _bits(item: Counts, basket: Counts, n_items: int, n_baskets: int) -> Bits:
    """Return one row of bits for each item, a bit for each basket."""
    words = -(-n_baskets // 64)
    bits = np.empty((n_items, words * 8), dtype=np.uint8)
    starts = range(0, n_baskets, CHUNK_BASKETS)
    edges = np.searchsorted(basket, [*starts, n_baskets])
    for step, start in enumerate(starts):
        width = min(CHUNK_BASKETS, words * 64 - start)
        dense = np.zeros((n_items, width), dtype=np.bool_)
        part = slice(edges[step], edges[step + 1])
        dense[item[part], basket[part] - start] = True
        bits[:, start // 8 : (start + width) // 8] = np.packbits(dense, axis=1)
    return bits.view(np.uint64)


def _grow(search: _Search, length: int, bits: Bits, ids: Counts, last: Counts, class_end: Counts) -> None:
    """Find the sets of a length by joining sets one shorter that differ in their last item alone, and go on.

    ``class_end`` says for each set where those end that share all but the last item with it. Sets are taken in runs
    whose joint bits fit a chunk; whatever grows out of a run is found before the next, so that memory stays bounded.
    """
    places = np.arange(ids.size)
    partners = class_end - places - 1
    total = np.cumsum(partners)
    words = bits.shape[1]
    begin = 0
    while begin < ids.size:
        before = int(total[begin - 1]) if begin else 0
        end = int(np.searchsorted(total, before + max(1, CHUNK_WORDS // words), side="right"))
        end = max(end, begin + 1)
        sizes = partners[begin:end]
        left = np.repeat(places[begin:end], sizes)
        if left.size:
            right = _ragged(places[begin:end] + 1, sizes)
            joint = bits[left] & bits[right]
            counts = np.bitwise_count(joint).sum(axis=1, dtype=np.int64)
            kept = np.flatnonzero(counts >= search.least)
            if kept.size:
                found = search.add(length, ids[left[kept]], last[right[kept]], counts[kept])
                if length < search.longest and kept.size > 1:
                    ends = np.searchsorted(left[kept], left[kept], side="right")
                    _grow(search, length + 1, joint[kept], found, last[right[kept]], ends)
        begin = end

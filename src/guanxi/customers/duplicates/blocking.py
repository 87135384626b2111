"""Which pairs are worth comparing: those that share a key, without any key making more pairs than its holders allow.

Several passes, one per kind of key. A key that many hold (a switchboard, an office mailbox, 张伟) makes no pairs of its
own: its holders are divided by what else they share, and what is still too large is paired with its neighbours in
the order of names. So every kind of key costs at most its cap times the number of customers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from guanxi.customers.duplicates.records import Features, Record, features, finer_keys
from guanxi.customers.duplicates.weights import key_of

Keys = NDArray[np.uint64]
Places = NDArray[np.uint32]

# How many customers may share a key before it is divided.
CAPS = {
    "tax": 60, "wechat": 40, "phone": 40, "email": 40, "address": 40, "name": 30, "bones": 20, "mailbox": 15,
    "domain": 12,
}  # fmt: skip
KINDS = (*CAPS, "written")
FINER_CAP = 25
NEIGHBOURS = 6


@dataclass
class KeyBook:
    """The keys of all customers by kind: which key, and the place of its holder."""

    keys: dict[str, list[Keys]] = field(default_factory=dict)
    places: dict[str, list[Places]] = field(default_factory=dict)

    def add(self, first: int, found: "KeysOfChunk") -> None:
        """Take in the keys of a chunk of customers, the first of which has the place `first`."""
        for kind, (keys, places) in found.items():
            self.keys.setdefault(kind, []).append(keys)
            self.places.setdefault(kind, []).append(places + np.uint32(first))

    def of(self, kind: str) -> tuple[Keys, Places]:
        """Every key of a kind with its holder."""
        if kind not in self.keys:
            return np.empty(0, np.uint64), np.empty(0, np.uint32)
        return np.concatenate(self.keys[kind]), np.concatenate(self.places[kind])


KeysOfChunk = dict[str, tuple[Keys, Places]]


def keys_of_chunk(packed: Sequence[bytes]) -> KeysOfChunk:
    """The keys of some customers."""
    keys: dict[str, list[int]] = {kind: [] for kind in KINDS}
    places: dict[str, list[int]] = {kind: [] for kind in KINDS}
    for place, data in enumerate(packed):
        for kind, value in features(Record.unpacked(data)).keys:
            keys[kind].append(key_of(kind, value))
            places[kind].append(place)
    return {kind: (np.array(keys[kind], np.uint64), np.array(places[kind], np.uint32)) for kind in KINDS if keys[kind]}


def held_by_many(book: KeyBook) -> dict[int, int]:
    """Key -> how many hold it, of those that more than two hold."""
    found: dict[int, int] = {}
    for kind in KINDS:
        keys, _places = book.of(kind)
        values, counts = np.unique(keys, return_counts=True)
        many = counts > 2
        found.update(zip(values[many].tolist(), counts[many].tolist(), strict=True))
    return found


def candidate_pairs(book: KeyBook, read: Callable[[int], Features]) -> NDArray[np.uint64]:
    """Every pair worth comparing once, as (lower place << 32 | higher place), neighbours in a block together.

    `read` gives the features of the customer at a place, for dividing large blocks.
    """
    found: list[NDArray[np.uint64]] = []
    for kind, cap in CAPS.items():
        keys, places = book.of(kind)
        order = np.argsort(keys, kind="stable")
        keys, places = keys[order], places[order]
        small, large = _pairs_in_blocks(keys, places, cap)
        found += [small, *_divided(large, read)]
    pairs = np.concatenate(found) if found else np.empty(0, np.uint64)
    _values, first = np.unique(pairs, return_index=True)
    return pairs[np.sort(first)]


def _pairs_in_blocks(keys: Keys, places: Places, cap: int) -> tuple[NDArray[np.uint64], list[Places]]:
    """The pairs in blocks up to the cap, and the blocks beyond it; keys are sorted."""
    if not len(keys):
        return np.empty(0, np.uint64), []
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    sizes = np.diff(np.append(starts, len(keys)))
    made = []
    for size in range(2, cap + 1):
        chosen = starts[sizes == size]
        if len(chosen):
            block = places[chosen[:, None] + np.arange(size)[None, :]]
            one, other = np.triu_indices(size, 1)
            made.append(_packed(block[:, one].ravel(), block[:, other].ravel()))
    large = [places[begin : begin + size] for begin, size in zip(starts[sizes > cap], sizes[sizes > cap], strict=True)]
    return np.concatenate(made) if made else np.empty(0, np.uint64), large


def _packed(one: Places, other: Places) -> NDArray[np.uint64]:
    """Pairs of places as one number each, the lower one first; a customer with itself is left out."""
    differ = one != other
    one, other = one[differ], other[differ]
    low, high = np.minimum(one, other).astype(np.uint64), np.maximum(one, other).astype(np.uint64)
    return np.asarray((low << np.uint64(32)) | high)


def _divided(blocks: list[Places], read: Callable[[int], Features]) -> list[NDArray[np.uint64]]:
    """The pairs of large blocks whose members share something else, and of neighbours in what is still too large."""
    made = []
    for block in blocks:
        keys: list[int] = []
        places: list[int] = []
        names: dict[int, str] = {}
        for place in dict.fromkeys(block.tolist()):
            of = read(place)
            names[place] = _order(of)
            for text in finer_keys(of):
                keys.append(hash(text) & 0xFFFFFFFFFFFFFFFF)
                places.append(place)
        finer, holders = np.array(keys, np.uint64), np.array(places, np.uint32)
        order = np.argsort(finer, kind="stable")
        small, large = _pairs_in_blocks(finer[order], holders[order], FINER_CAP)
        made.append(small)
        made += [_neighbours(sorted(part.tolist(), key=names.__getitem__)) for part in large]
    return made


def _order(of: Features) -> str:
    """By what the members of a block are put side by side."""
    record = of.record
    return "\x1f".join((record.name, *record.phones[:1], *record.addresses[:1], *record.emails[:1]))


def _neighbours(places: list[int]) -> NDArray[np.uint64]:
    """Each member with the next few."""
    line = np.array(places, np.uint32)
    return np.concatenate([_packed(line[:-step], line[step:]) for step in range(1, min(NEIGHBOURS, len(line) - 1) + 1)])

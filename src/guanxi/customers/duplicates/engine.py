"""The whole scan: keys, candidate pairs, scores. Knows nothing of the database; large bases use two processes."""

import multiprocessing
import os
import pickle
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from multiprocessing import connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi.customers.duplicates import blocking
from guanxi.customers.duplicates.comparing import Comparison, compare
from guanxi.customers.duplicates.records import Features, Record, features
from guanxi.customers.duplicates.weights import Frequencies

CHUNK = 20_000
PAIRS_IN_CHUNK = 40_000
# Below so many customers another process costs more than it brings.
PARALLEL_FROM = 30_000
PROCESSES = 2

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Pair:
    """Two customers that may be one, the lower number first."""

    a: int
    b: int
    score: float
    bits: float
    found: tuple[tuple[str, str, float], ...]


@dataclass
class Scan:
    """A scan in hand: the records as read, and what is known of them all."""

    packed: list[bytes] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    candidates: int = 0
    frequencies: Frequencies = field(default_factory=lambda: Frequencies(0))

    def features(self, place: int) -> Features:
        """The customer at a place, taken apart."""
        return features(Record.unpacked(self.packed[place]))


def _silent(phase: str, done: int, total: int) -> None:
    """Tell nobody."""


def scan(
    records: Iterable[Record], *, min_score: float, progress: Progress = _silent, expected: int = 0
) -> tuple[Scan, Iterator[list[Pair]]]:
    """Read all records, then give the pairs at or above the score, chunk by chunk, in no particular order.

    `progress(phase, done, total)` is called between chunks and may raise to stop the scan.
    """
    made = Scan()
    return made, _run(made, records, min_score, progress, expected)


def _run(
    made: Scan, records: Iterable[Record], min_score: float, progress: Progress, expected: int
) -> Iterator[list[Pair]]:
    """The scan itself."""
    with _workers(expected) as submit:
        book = _read(made, records, progress, expected, submit)
        made.frequencies = Frequencies(len(made.packed), blocking.held_by_many(book))
        progress("blocking", 0, 0)
        reader = lru_cache(maxsize=20_000)(made.features)
        pairs = blocking.candidate_pairs(book, reader)
        del book
        reader.cache_clear()
        made.candidates = len(pairs)
        yield from _scored(made, pairs, min_score, progress, submit)


Submit = Callable[..., "Future[Any]"]


@contextmanager
def _workers(customers: int) -> Iterator[Submit]:
    """How work is handed out: to other processes where there is much of it, else done at once."""
    processes = min(PROCESSES, os.cpu_count() or 1)
    if customers < PARALLEL_FROM or processes < 2:
        yield _at_once
        return
    pool = ProcessPoolExecutor(
        processes, mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_the_scan
    )
    try:
        yield pool.submit
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _end_with_the_scan() -> None:
    """See to it that this process ends when the one that does the scan is killed; it would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel,), name="watches the scan", daemon=True).start()


def _watch(sentinel: int) -> None:
    """End this process when the other has ended."""
    connection.wait([sentinel])
    os._exit(1)


def _at_once(work: Callable[..., Any], *args: Any) -> "Future[Any]":
    """Do the work here and now."""
    done: Future[Any] = Future()
    done.set_result(work(*args))
    return done


def _in_turn(submit: Submit, work: Callable[..., Any], jobs: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
    """The results of jobs in their order, a few of them in hand at a time."""
    waiting: list[Future[Any]] = []
    for job in jobs:
        waiting.append(submit(work, *job))
        if len(waiting) > PROCESSES + 1:
            yield waiting.pop(0).result()
    for future in waiting:
        yield future.result()


def _read(made: Scan, records: Iterable[Record], progress: Progress, expected: int, submit: Submit) -> blocking.KeyBook:
    """Read every record and make its keys."""
    book = blocking.KeyBook()
    source = iter(records)

    def chunks() -> Iterator[tuple[list[bytes]]]:
        """The records as read, packed."""
        while chunk := list(islice(source, CHUNK)):
            packed = [record.packed() for record in chunk]
            made.packed += packed
            made.ids += [record.id for record in chunk]
            progress("reading", len(made.ids), max(expected, len(made.ids)))
            yield (packed,)

    first = 0
    for found, count in _in_turn(submit, _keys_and_count, chunks()):
        book.add(first, found)
        first += count
    return book


def _keys_and_count(packed: list[bytes]) -> tuple[blocking.KeysOfChunk, int]:
    """The keys of a chunk and how many records it has."""
    return blocking.keys_of_chunk(packed), len(packed)


def _scored(
    made: Scan, pairs: NDArray[np.uint64], min_score: float, progress: Progress, submit: Submit
) -> Iterator[list[Pair]]:
    """Score all candidates."""
    low, high = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)

    known = pickle.dumps(made.frequencies)  # once: each process unpacks it once

    def chunks() -> Iterator[tuple[Any, ...]]:
        """Some pairs with the records they are about and what is known of their values."""
        for begin in range(0, len(pairs), PAIRS_IN_CHUNK):
            one, other = low[begin : begin + PAIRS_IN_CHUNK], high[begin : begin + PAIRS_IN_CHUNK]
            places, inverse = np.unique(np.concatenate((one, other)), return_inverse=True)
            packed = [made.packed[place] for place in places.tolist()]
            yield packed, inverse[: len(one)], inverse[len(one) :], known, min_score

    done = 0
    for found in _in_turn(submit, _score, chunks()):
        done = min(done + PAIRS_IN_CHUNK, len(pairs))
        progress("comparing", done, len(pairs))
        yield found


@lru_cache(maxsize=1)
def _unpacked(frequencies: bytes) -> Frequencies:
    """What is known of the values, unpacked once in each process."""
    found: Frequencies = pickle.loads(frequencies)
    return found


def _score(
    packed: Sequence[bytes], one: NDArray[np.int64], other: NDArray[np.int64], frequencies: bytes, min_score: float
) -> list[Pair]:
    """The pairs of a chunk at or above the score."""
    known = _unpacked(frequencies)
    parsed = [features(Record.unpacked(data)) for data in packed]
    found = []
    for mine, yours in zip(one.tolist(), other.tolist(), strict=True):
        a, b = parsed[mine], parsed[yours]
        told = compare(a, b, known)
        if told.score >= min_score:
            found.append(pair_of(a, b, told))
    return found


def pair_of(one: Features, other: Features, told: Comparison) -> Pair:
    """A comparison as it is kept: without any value of the two."""
    a, b = sorted((one.record.id, other.record.id))
    return Pair(a, b, told.score, told.bits, tuple((e.field, e.found, round(e.bits, 1)) for e in told.evidence))

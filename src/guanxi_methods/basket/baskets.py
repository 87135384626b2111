"""Baskets as they come in: lines of transaction and item, lists of items, or a table of yes and no."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.basket.thresholds import Counts
from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.frames import as_categories, as_matrix


@dataclass(frozen=True)
class Baskets:
    """Which items lie together, each pair of basket and item once.

    Attributes
    ----------
    basket, item : ndarray of int64, shape (n_pairs,)
        Pairs in the order of baskets, then items; ``item`` counts into ``labels``.
    labels : tuple of str
        Names of the items, in the order of the alphabet.
    n_baskets : int
        Empty ones included.
    """

    basket: Counts
    item: Counts
    labels: tuple[str, ...]
    n_baskets: int

    @property
    def density(self) -> float:
        """Share of all pairs of basket and item that are there."""
        return self.item.size / (self.n_baskets * len(self.labels)) if self.labels else 0.0

    @property
    def item_counts(self) -> Counts:
        """In how many baskets each item lies, shape (n_items,)."""
        return np.bincount(self.item, minlength=len(self.labels))


def from_columns(transaction: Any, item: Any) -> Baskets:
    """Return baskets from lines that name a transaction and one item of it; a line that comes twice counts once.

    Parameters
    ----------
    transaction, item : array_like, shape (n_lines,)
        Codes or names.

    Raises
    ------
    MethodError
        Empty; of two lengths; a line without transaction or item.

    Examples
    --------
    >>> from_columns([1, 1, 2], ["tea", "milk", "tea"]).item_counts
    array([1, 2])
    """
    baskets, transactions = _codes(transaction, "transaction")
    items, labels = _codes(item, "item")
    if baskets.size != items.size:
        raise MethodError(
            "transaction has {transactions} lines, item {items}", transactions=baskets.size, items=items.size
        )
    return _of_pairs(baskets, items, labels, len(transactions))


def from_lists(baskets: Iterable[Sequence[Any]]) -> Baskets:
    """Return baskets from one list of items each; an item that comes twice in a basket counts once.

    Parameters
    ----------
    baskets : iterable of sequences
        An empty one is a basket in which nothing lies: it counts.

    Raises
    ------
    MethodError
        No basket; no item in any; a basket that is no list; an item without a name.

    Examples
    --------
    >>> from_lists([["tea", "milk"], ["tea"], []]).n_baskets
    3
    """
    lists = list(baskets)
    if not lists:
        raise TooFewError("there is no basket: there is nothing to measure")
    for place, basket in enumerate(lists):
        if isinstance(basket, (str, bytes)) or not hasattr(basket, "__len__"):
            raise MethodError("basket {row} must be a list of items, not {value!r}", row=place + 1, value=str(basket))
    sizes = np.fromiter((len(basket) for basket in lists), dtype=np.int64, count=len(lists))
    flat = list(chain.from_iterable(lists))
    if not flat:
        raise TooFewError("no basket holds an item: there is nothing to measure")
    owners = np.repeat(np.arange(len(lists)), sizes)
    words = flat if set(map(type, flat)) == {str} else as_categories(np.array(flat, dtype=object), "item").tolist()
    if "" in words:
        raise MethodError("basket {row} holds an item without a name", row=int(owners[words.index("")]) + 1)
    items, labels = _code_words(words)
    return _of_pairs(owners, items, labels, len(lists))


def from_table(table: Any, names: Sequence[str] | None = None) -> Baskets:
    """Return baskets from a table with a row for each and a column for each item, 1 (or true) where it lies in it.

    Parameters
    ----------
    table : array_like of shape (n_baskets, n_items), mapping, Arrow table or dataframe
    names : sequence of str, optional
        Names of an array's columns.

    Raises
    ------
    MethodError
        Anything but 0 and 1.

    Examples
    --------
    >>> from_table({"tea": [1, 1, 0], "milk": [1, 0, 0]}).labels
    ('milk', 'tea')
    """
    numbers, labels = as_matrix(table, names=names)
    other = (numbers != 0) & (numbers != 1)
    if other.any():
        row, column = np.argwhere(other)[0]
        raise MethodError(
            "{name} must hold 0 and 1 alone, but row {row} holds {value}",
            name=labels[column], row=int(row) + 1, value=float(numbers[row, column]),
        )  # fmt: skip
    order = np.argsort(np.array(labels, dtype=object), kind="stable")
    owners, items = np.nonzero(numbers[:, order])
    return Baskets(owners, items, tuple(labels[place] for place in order), numbers.shape[0])


def _codes(values: Any, name: str) -> tuple[Counts, tuple[str, ...]]:
    """Return a column as codes into its sorted values."""
    array = values if isinstance(values, np.ndarray) else None
    if array is not None and array.ndim == 1 and array.dtype.kind in "iu" and array.size:
        distinct, codes = np.unique(array, return_inverse=True)
        words: list[str] = [str(value) for value in distinct.tolist()]
        order = sorted(range(len(words)), key=words.__getitem__)
        return _inverse(order)[codes], tuple(words[place] for place in order)
    column = as_categories(values, name).tolist()
    if "" in column:
        raise MethodError("{name} is missing in row {row}", name=name, row=column.index("") + 1)
    return _code_words(column)


def _code_words(words: list[str]) -> tuple[Counts, tuple[str, ...]]:
    """Return words as codes into the sorted distinct ones."""
    labels = tuple(sorted(set(words)))
    places = {label: place for place, label in enumerate(labels)}
    return np.fromiter(map(places.__getitem__, words), dtype=np.int64, count=len(words)), labels


def _inverse(order: Sequence[int]) -> NDArray[np.int64]:
    """Return at which place of an order each element stands."""
    places = np.empty(len(order), dtype=np.int64)
    places[np.asarray(order, dtype=np.int64)] = np.arange(len(order))
    return places


def _of_pairs(owners: Counts, items: Counts, labels: tuple[str, ...], n_baskets: int) -> Baskets:
    """Return baskets with each pair once, in order."""
    width = len(labels)
    pairs = np.sort(owners * width + items)
    pairs = pairs[np.concatenate(([True], pairs[1:] != pairs[:-1]))]
    return Baskets(pairs // width, pairs % width, labels, n_baskets)

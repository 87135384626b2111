"""Who moved between classes from one date to another."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.errors import MethodError

ABSENT = -1


def movement_matrix(before: ArrayLike, after: ArrayLike, n_classes: int) -> NDArray[np.int64]:
    """Count customers by the class they had and the class they have.

    Parameters
    ----------
    before, after : array_like of int, shape (n_customers,)
        Class of the same customer at the two dates, 0 the best; -1 where the customer was not there yet or no more.
    n_classes : int
        How many classes there are.

    Returns
    -------
    ndarray of int64, shape (n_classes + 1, n_classes + 1)
        Row the class before, column the class after; the last row and column count those absent.

    Raises
    ------
    MethodError
        Lengths that differ, or a class outside -1 to ``n_classes - 1``.

    Examples
    --------
    >>> movement_matrix([0, 1, 1, -1], [0, 0, 1, 1], n_classes=2)
    array([[1, 0, 0],
           [1, 1, 0],
           [0, 1, 0]])
    """
    first, second = np.asarray(before, dtype=np.int64), np.asarray(after, dtype=np.int64)
    if first.shape != second.shape or first.ndim != 1:
        raise MethodError(
            "before and after must list the same customers: {before} against {after}",
            before=first.shape,
            after=second.shape,
        )
    for name, codes in (("before", first), ("after", second)):
        if codes.size and not (codes.min() >= ABSENT and codes.max() < n_classes):
            raise MethodError(
                "{name} holds a class outside {first} to {last}", name=name, first=ABSENT, last=n_classes - 1
            )
    size = n_classes + 1
    cells = np.where(first == ABSENT, n_classes, first) * size + np.where(second == ABSENT, n_classes, second)
    return np.bincount(cells, minlength=size * size).reshape(size, size).astype(np.int64, copy=False)

"""The order of customers by what they are worth, with ties settled the same way every time."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.errors import MethodError
from guanxi_methods.value.inputs import Amounts, as_amounts, as_days


def order_by_value(
    values: ArrayLike, *, last: ArrayLike | None = None, ids: ArrayLike | None = None
) -> NDArray[np.int64]:
    """Return the positions of customers from the most to the least valuable.

    Parameters
    ----------
    values : array_like, shape (n_customers,)
        Net revenue or profit; integers in minor units are compared exactly.
    last : array_like of dates, shape (n_customers,), optional
        Day of the last order: among equals the newer comes first.
    ids : array_like, shape (n_customers,), optional
        Among equals with the same last order the smaller id comes first; by default the position.

    Returns
    -------
    ndarray of int64, shape (n_customers,)
        ``order[0]`` is the position of the most valuable customer.

    Raises
    ------
    MethodError
        See :func:`~guanxi_methods.value.inputs.as_amounts`; lengths that differ.

    Examples
    --------
    >>> order_by_value([50, 90, 50], last=["2011-05-01", "2011-01-01", "2011-06-01"])
    array([1, 2, 0])
    """
    amounts = as_amounts(values)
    keys: list[Amounts] = []
    if ids is not None:
        keys.append(np.asarray(ids))
        if keys[0].shape != amounts.shape:
            raise MethodError("ids must hold one id for each of the {size} customers", size=amounts.size)
    if last is not None:
        keys.append(-as_days(last, "last", amounts.size))
    keys.append(-amounts)
    return np.lexsort(keys).astype(np.int64, copy=False)


def rank_by_value(
    values: ArrayLike, *, last: ArrayLike | None = None, ids: ArrayLike | None = None
) -> NDArray[np.int64]:
    """Return each customer's rank, 1 for the most valuable; arguments as :func:`order_by_value`.

    Examples
    --------
    >>> rank_by_value([50, 90, 50], last=["2011-05-01", "2011-01-01", "2011-06-01"])
    array([3, 1, 2])
    """
    order = order_by_value(values, last=last, ids=ids)
    ranks = np.empty(order.size, dtype=np.int64)
    ranks[order] = np.arange(1, order.size + 1)
    return ranks

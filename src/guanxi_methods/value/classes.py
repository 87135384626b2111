"""What the three classifications share: classes cut from the top of one ranking."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError
from guanxi_methods.value.inputs import Amounts, as_amounts, exact_sum


class RankedClasses(Method):
    """Classes numbered from the best (0) to the last, made by cutting a ranking by value.

    Attributes
    ----------
    codes_ : ndarray of int8, shape (n_customers,)
        Class of each customer as an index into ``names``.
    rank_ : ndarray of int64, shape (n_customers,)
        1 for the most valuable.
    counts_ : ndarray of int64, shape (n_classes,)
        Customers in each class.
    totals_ : list of int or float, length n_classes
        Sum of the values in each class, exact for integers.
    lowest_ : list of int, float or None, length n_classes
        Value of the last customer in each class, None for an empty class: the boundary to pass.
    """

    names: Sequence[str]

    def _learn(self, amounts: Amounts, order: NDArray[np.int64], edges: Sequence[int]) -> None:
        """Number the ranked customers by the edges (how many stand above each cut) and sum the classes up."""
        if len(edges) + 1 != len(self.names):
            raise MethodError(
                "{cuts} cuts make {classes} classes, but there are {names} names",
                cuts=len(edges),
                classes=len(edges) + 1,
                names=len(self.names),
            )
        ranks = np.empty(order.size, dtype=np.int64)
        ranks[order] = np.arange(1, order.size + 1)
        self.rank_ = ranks
        self.codes_ = np.searchsorted(np.asarray(edges), ranks, side="left").astype(np.int8)
        self.counts_ = np.bincount(self.codes_, minlength=len(self.names)).astype(np.int64)
        ranked = amounts[order]
        bounds = [0, *edges, order.size]
        parts = [ranked[start:stop] for start, stop in pairwise(bounds)]
        self.totals_ = [exact_sum(part) for part in parts]
        self.lowest_ = [part[-1].item() if part.size else None for part in parts]

    @property
    def labels_(self) -> NDArray[np.str_]:
        """Class name of each customer, shape (n_customers,)."""
        self._check_fitted("codes_")
        return np.asarray(self.names)[self.codes_]

    def predict(self, values: ArrayLike) -> NDArray[np.int8]:
        """Return the class that each value would fall into by the boundaries learned.

        A value equal to the last member of a class counts as a member.

        Parameters
        ----------
        values : array_like, shape (n_values,)

        Returns
        -------
        ndarray of int8, shape (n_values,)
            Index into ``names``.
        """
        self._check_fitted("codes_")
        amounts = as_amounts(values)
        codes = np.full(amounts.size, len(self.names) - 1, dtype=np.int8)
        for code in range(len(self.names) - 2, -1, -1):
            lowest = self.lowest_[code]
            if lowest is not None:
                codes[amounts >= lowest] = code
        return codes

    def step_up(self, values: ArrayLike) -> Amounts:
        """Return how much more value each customer needs to reach the next class above its own.

        The customer must equal the value of the last member there; being the newer buyer it then ranks first among
        equals. Customers of the best class, and those above whom no class has members, get 0.

        Parameters
        ----------
        values : array_like, shape (n_customers,)
            The values that were fitted.

        Returns
        -------
        ndarray, shape (n_customers,)
            Same unit as the values.
        """
        self._check_fitted("codes_")
        amounts = as_amounts(values)
        if amounts.shape != self.codes_.shape:
            raise MethodError(
                "values must be the {fitted} customers fitted, not {size}", fitted=self.codes_.size, size=amounts.size
            )
        needed = np.zeros_like(amounts)
        boundary = None
        for code in range(1, len(self.names)):
            above = self.lowest_[code - 1]
            boundary = boundary if above is None else above
            if boundary is not None:
                members = self.codes_ == code
                needed[members] = np.maximum(boundary - amounts[members], 0)
        return needed

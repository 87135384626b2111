"""ABC analysis (ABC分类法): few customers bring most of the money."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.errors import MethodError
from guanxi_methods.value.classes import RankedClasses
from guanxi_methods.value.inputs import as_amounts, as_rising_shares, exact_sum, threshold
from guanxi_methods.value.ranking import order_by_value


class ABCAnalysis(RankedClasses):
    r"""Classes by cumulative share of value, the Pareto principle in three letters.

    Customers are ranked by value, :math:`v_{(1)} \ge v_{(2)} \ge \dots`, and a customer belongs to the first class
    whose share is not yet reached by those ranked above:

    .. math:: \text{class of } (k) = \min\Bigl\{ j : \sum_{i<k} v_{(i)} < c_j \, T \Bigr\}, \qquad T = \sum_i v_i

    so class A is the smallest group of customers that reaches :math:`c_1` of the total. A customer worth nothing or
    less is always in the last class.

    Parameters
    ----------
    cuts : sequence of str, float or Fraction, default ("0.80", "0.95")
        Cumulative shares at which the classes end, rising, each above 0 and at most 1. Read exactly as written.
    names : sequence of str, default ("A", "B", "C")
        One more than ``cuts``.
    base : {"total", "positive"}, default "total"
        What a share is a share of: the sum of all values, or of the positive ones only. Where losses are large
        (profit, not revenue) the first few customers exceed a small total at once: use "positive" there.

    Attributes
    ----------
    base_total_ : int or float
        The sum that stood for 100%. When it is not positive no share exists and all are in the last class.
    codes_, labels_, rank_, counts_, totals_, lowest_
        See :class:`~guanxi_methods.value.classes.RankedClasses`.

    References
    ----------
    H. F. Dickie, "ABC inventory analysis shoots for dollars, not pennies", Factory Management and Maintenance
    109(7), 1951, 92-94.

    Examples
    --------
    >>> abc = ABCAnalysis().fit([7000, 1200, 900, 500, 400, 0])
    >>> "".join(abc.labels_)
    'AABBCC'
    >>> abc.counts_, abc.totals_
    (array([2, 2, 2]), [8200, 1400, 400])
    """

    def __init__(
        self,
        cuts: Sequence[str | float] = ("0.80", "0.95"),
        names: Sequence[str] = ("A", "B", "C"),
        base: str = "total",
    ) -> None:
        """Store the parameters."""
        self.cuts = cuts
        self.names = names
        self.base = base

    def fit(self, values: ArrayLike, *, last: ArrayLike | None = None, ids: ArrayLike | None = None) -> ABCAnalysis:
        """Rank the customers and cut the classes.

        Parameters
        ----------
        values : array_like, shape (n_customers,)
            Revenue, profit or any measure; integers in minor units are compared exactly.
        last, ids : array_like, optional
            Settle ties, see :func:`~guanxi_methods.value.ranking.order_by_value`.

        Returns
        -------
        ABCAnalysis

        Raises
        ------
        MethodError
            Empty, NaN or infinite values; cuts that do not rise; an unknown base.
        """
        shares = as_rising_shares(self.cuts, "cuts")
        if self.base not in ("total", "positive"):
            raise MethodError("base must be 'total' or 'positive', not {base!r}", base=self.base)
        amounts = as_amounts(values)
        order = order_by_value(amounts, last=last, ids=ids)
        ranked = amounts[order]
        positive = int(np.count_nonzero(ranked > 0))
        self.base_total_ = exact_sum(ranked if self.base == "total" else ranked[:positive])
        above = np.cumsum(ranked[:positive]) - ranked[:positive]
        edges = [int(np.searchsorted(above, threshold(self.base_total_, share), side="left")) for share in shares]
        if self.base_total_ <= 0:
            edges = [0] * len(edges)
        self._learn(amounts, order, edges)
        return self

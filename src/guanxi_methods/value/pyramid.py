"""The customer pyramid (客户金字塔): tiers by rank and levels by profitability."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.value.classes import RankedClasses
from guanxi_methods.value.inputs import as_amounts, as_rising_shares, exact_sum, threshold
from guanxi_methods.value.ranking import order_by_value


class CustomerPyramid(RankedClasses):
    r"""Tiers by rank: the top 1%, the next 4%, the next 15%, the rest.

    Customers are ranked by money (net revenue or profit), never by how often they buy. With :math:`n` customers and
    cumulative shares :math:`s_1 < s_2 < \dots` the first :math:`\lceil s_1 n \rceil` form the first tier, those up to
    :math:`\lceil s_2 n \rceil` the second, and so on; the rest are the last tier. A customer worth nothing or less is
    always in the last tier, however high it ranks.

    Parameters
    ----------
    shares : sequence of str, float or Fraction, default ("0.01", "0.05", "0.20")
        Cumulative shares of the customers, rising.
    names : sequence of str, default ("vip", "major", "ordinary", "small")
        One more than ``shares``.

    Attributes
    ----------
    edges_ : list of int
        How many customers each cut leaves above itself by count alone, before worthless customers are moved down.
    codes_, labels_, rank_, counts_, totals_, lowest_
        See :class:`~guanxi_methods.value.classes.RankedClasses`.

    References
    ----------
    J. Curry with W. Wurtz and G. Thys, "The Customer Marketing Method", Free Press 2000, ch. 2: the pyramid with
    1%, 4%, 15% and 80%.

    Examples
    --------
    >>> pyramid = CustomerPyramid().fit([900, 20, 300, 5, 0, 80, 70, 60, 50, 40])
    >>> pyramid.labels_[:4].tolist()
    ['vip', 'small', 'ordinary', 'small']
    >>> pyramid.counts_
    array([1, 0, 1, 8])
    """

    def __init__(
        self,
        shares: Sequence[str | float] = ("0.01", "0.05", "0.20"),
        names: Sequence[str] = ("vip", "major", "ordinary", "small"),
    ) -> None:
        """Store the parameters."""
        self.shares = shares
        self.names = names

    def fit(self, values: ArrayLike, *, last: ArrayLike | None = None, ids: ArrayLike | None = None) -> CustomerPyramid:
        """Rank the customers and cut the tiers.

        Parameters
        ----------
        values : array_like, shape (n_customers,)
            Net revenue or profit of the period.
        last, ids : array_like, optional
            Settle ties, see :func:`~guanxi_methods.value.ranking.order_by_value`.

        Returns
        -------
        CustomerPyramid

        Raises
        ------
        MethodError
            Empty, NaN or infinite values; shares that do not rise.
        """
        shares = as_rising_shares(self.shares, "shares")
        amounts = as_amounts(values)
        order = order_by_value(amounts, last=last, ids=ids)
        positive = int(np.count_nonzero(amounts > 0))
        self.edges_ = [-((-amounts.size * share.numerator) // share.denominator) for share in shares]
        self._learn(amounts, order, [min(edge, positive) for edge in self.edges_])
        return self


class ProfitabilityLevels(RankedClasses):
    r"""Levels by profitability: platinum, gold, iron, lead (铂金, 黄金, 钢铁, 重铅).

    Zeithaml, Rust and Lemon describe the levels in words: platinum the most profitable, gold profitable but wanting
    discounts, iron the volume that fills capacity, lead those who cost more than they bring. They print no cut. This
    method's own definition: a customer whose profit does not exceed ``floor`` is *lead*; among the others, ranked by
    profit, *platinum* is the smallest group that brings :math:`c_1` of their joint profit above the floor, *gold*
    continues to :math:`c_2`, *iron* is the rest.

    Parameters
    ----------
    cuts : sequence of str, float or Fraction, default ("0.50", "0.80")
        Cumulative shares of the profit above the floor at which platinum and gold end.
    names : sequence of str, default ("platinum", "gold", "iron", "lead")
        Two more than ``cuts``.
    floor : int or float, default 0
        What a customer costs to serve, if it is not yet in the profit; same unit as the values.

    Attributes
    ----------
    codes_, labels_, rank_, counts_, totals_, lowest_
        See :class:`~guanxi_methods.value.classes.RankedClasses`.

    References
    ----------
    V. A. Zeithaml, R. T. Rust, K. N. Lemon, "The customer pyramid: creating and serving profitable customers",
    California Management Review 43(4), 2001, 118-142.

    Examples
    --------
    >>> levels = ProfitabilityLevels().fit([500, 250, 100, 100, 50, 0, -40])
    >>> levels.labels_.tolist()
    ['platinum', 'gold', 'gold', 'iron', 'iron', 'lead', 'lead']
    """

    def __init__(
        self,
        cuts: Sequence[str | float] = ("0.50", "0.80"),
        names: Sequence[str] = ("platinum", "gold", "iron", "lead"),
        floor: int | float = 0,
    ) -> None:
        """Store the parameters."""
        self.cuts = cuts
        self.names = names
        self.floor = floor

    def fit(
        self, values: ArrayLike, *, last: ArrayLike | None = None, ids: ArrayLike | None = None
    ) -> ProfitabilityLevels:
        """Rank the customers by profit and cut the levels.

        Parameters
        ----------
        values : array_like, shape (n_customers,)
            Profit (or, where cost is not known, net revenue) of the period.
        last, ids : array_like, optional
            Settle ties, see :func:`~guanxi_methods.value.ranking.order_by_value`.

        Returns
        -------
        ProfitabilityLevels

        Raises
        ------
        MethodError
            Empty, NaN or infinite values; cuts that do not rise.
        """
        shares = as_rising_shares(self.cuts, "cuts")
        amounts = as_amounts(values)
        order = order_by_value(amounts, last=last, ids=ids)
        ranked = amounts[order]
        worth = ranked[: int(np.count_nonzero(ranked > self.floor))] - self.floor
        above = np.cumsum(worth) - worth
        total = exact_sum(worth)
        edges = [int(np.searchsorted(above, threshold(total, share), side="left")) for share in shares]
        self._learn(amounts, order, [*edges, worth.size])
        return self

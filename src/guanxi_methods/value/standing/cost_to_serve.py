"""Cost to serve: activity-based cost per customer, and the profit that is left after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import as_frame, as_vector
from guanxi_methods.value.clv.parameters import at_least
from guanxi_methods.value.concentration import WhaleCurve, whale_curve


class CostToServe(Method):
    r"""Cost of serving each customer by activities, and profit after it.

    .. math:: C_i = \sum_a \rho_a q_{ia}, \qquad \pi_i = m_i - C_i

    with :math:`q_{ia}` how often (or how long) activity a was done for customer i and :math:`\rho_a` its rate: given, or
    the cost of the activity over its volume. With ``capacity`` (what could be done, say in minutes) the rate is cost
    over capacity, and what nobody used is told apart instead of being charged to customers (time-driven costing).

    Parameters
    ----------
    rates : mapping of str to float, optional
        Cost of one unit of each activity.
    pools : mapping of str to float, optional
        Cost of each activity in the period. An activity stands in ``rates`` or in ``pools``.
    capacity : mapping of str to float, optional
        Practical capacity of activities in ``pools``, in the unit of their volumes.

    Attributes
    ----------
    activities_ : tuple of str
    rates_ : dict of str to float
    costs_ : ndarray of float64, shape (n_customers, n_activities)
    cost_to_serve_, profit_ : ndarray of float64, shape (n_customers,)
    by_activity_ : dict of str to float
        What each activity cost for all customers.
    unused_ : dict of str to float
        Cost of the capacity nobody used, for activities whose capacity was given.
    total_margin_, total_cost_, total_profit_ : float
    n_unprofitable_ : int
        Customers with a profit under 0.
    loss_ : float
        What they lose together, as a number under 0.
    notes_ : tuple of Note

    References
    ----------
    R. Cooper, R. S. Kaplan, "Profit priorities from activity-based costing", Harvard Business Review 69(3), 1991;
    R. S. Kaplan, S. R. Anderson, "Time-driven activity-based costing", Harvard Business Review 82(11), 2004;
    C. T. Horngren, S. M. Datar, M. Rajan, "Cost Accounting", 14th ed., ch. 14 (customer-level operating income).

    Examples
    --------
    >>> served = CostToServe(rates={"order": 100, "visit": 80}).fit(
    ...     {"order": [15, 25], "visit": [2, 3]}, margin=[4992, 2000]
    ... )
    >>> served.cost_to_serve_, served.profit_, served.n_unprofitable_
    (array([1660., 2740.]), array([3332., -740.]), 1)
    """

    def __init__(
        self,
        rates: Mapping[str, float] | None = None,
        pools: Mapping[str, float] | None = None,
        capacity: Mapping[str, float] | None = None,
    ) -> None:
        """Store the parameters."""
        self.rates = rates
        self.pools = pools
        self.capacity = capacity

    def fit(self, volumes: Any, margin: ArrayLike) -> CostToServe:
        """Charge customers with what they use.

        Parameters
        ----------
        volumes : table, shape (n_customers, at least the activities named)
            How much of each activity a customer used; not negative.
        margin : array_like, shape (n_customers,)
            Margin before cost to serve: net revenue less cost of goods.

        Returns
        -------
        CostToServe

        Raises
        ------
        MethodError
            No activity, one in both or without a column; a negative rate, volume or capacity; a cost without volume.
        """
        rates, pools, capacity = dict(self.rates or {}), dict(self.pools or {}), dict(self.capacity or {})
        self._check(rates, pools, capacity)
        frame = as_frame(volumes)
        self.activities_ = (*rates, *pools)
        used = frame.matrix(self.activities_)
        margins = as_vector(margin, "margin", size=len(frame))
        if (used < 0).any():
            row, place = (int(found[0]) for found in np.nonzero(used < 0))
            raise MethodError(
                "{activity} is negative in row {row}: nothing is used less than not at all",
                activity=self.activities_[place],
                row=row + 1,
            )
        totals = {name: float(np.sort(column).sum()) for name, column in zip(self.activities_, used.T, strict=True)}
        self.rates_ = {**rates, **{name: _rate(name, pools[name], capacity.get(name, totals[name])) for name in pools}}
        charged = np.array([self.rates_[name] for name in self.activities_])
        self.costs_ = used * charged
        self.cost_to_serve_ = self.costs_.sum(axis=1)
        self.profit_ = margins - self.cost_to_serve_
        self.by_activity_ = {name: self.rates_[name] * totals[name] for name in self.activities_}
        self.unused_ = {name: self.rates_[name] * (capacity[name] - totals[name]) for name in pools if name in capacity}
        self._learn_totals(margins)
        return self

    def _check(self, rates: dict[str, float], pools: dict[str, float], capacity: dict[str, float]) -> None:
        """Raise unless every activity has one cost."""
        if not rates and not pools:
            raise MethodError(
                "give the rates of activities, or the pools of their cost: without either there is no cost"
            )
        both = [name for name in rates if name in pools]
        if both:
            raise MethodError("{name!r} has both a rate and a pool: give one of them", name=both[0])
        stray = [name for name in capacity if name not in pools]
        if stray:
            raise MethodError("{name!r} has a capacity, but no pool of cost to divide by it", name=stray[0])
        for kind, figures in (("rate", rates), ("pool", pools), ("capacity", capacity)):
            for name, figure in figures.items():
                at_least(f"the {kind} of {name}", figure, 0.0)

    def _learn_totals(self, margins: NDArray[np.float64]) -> None:
        """Set what all customers come to together, and notes."""
        losses = self.profit_[self.profit_ < 0]
        self.total_margin_ = float(np.sort(margins).sum())
        self.total_cost_ = float(sum(self.by_activity_.values()))
        self.total_profit_ = self.total_margin_ - self.total_cost_
        self.n_unprofitable_, self.loss_ = int(losses.size), float(np.sort(losses).sum())
        self.notes_ = tuple(
            Note("{activity} was used beyond its capacity: more was charged than it cost", activity=name)
            for name, rest in self.unused_.items()
            if rest < 0
        )

    def whale_curve(self, n_points: int | None = None) -> WhaleCurve:
        """Return the whale curve of profit after cost to serve; see :func:`guanxi_methods.value.whale_curve`."""
        self._check_fitted("profit_")
        return whale_curve(self.profit_, n_points=n_points)


def _rate(name: str, pool: float, volume: float) -> float:
    """Return cost over volume."""
    if volume == 0 and pool > 0:
        raise MethodError("{name} cost {pool:g}, but nobody used it: there is no rate", name=name, pool=pool)
    return pool / volume if volume else 0.0

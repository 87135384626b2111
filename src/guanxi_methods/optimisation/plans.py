"""Whom to contact by which channel, and which offer to make to whom, within budget, capacities and contact limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.base import Method, Note
from guanxi_methods.errors import MethodError
from guanxi_methods.frames import as_vector, unknown_column
from guanxi_methods.optimisation.exact import Solution, solve_exactly
from guanxi_methods.optimisation.feasibility import check_demands
from guanxi_methods.optimisation.pricing import solve_by_prices
from guanxi_methods.optimisation.program import (
    Choice,
    Limits,
    Program,
    as_allowed,
    as_budget,
    as_costs,
    as_customer_limits,
    as_limits,
    as_table,
)

# Up to so many pairs of customer and action the best choice itself is looked for.
EXACT_PAIRS = 20_000
OPTIMAL = 1e-9
How = Literal["auto", "exact", "prices"]


class _Allocation(Method):
    """What both plans share: the search, and what is told of it."""

    method: How
    time_limit: float

    def _allocate(self, program: Program) -> None:
        """Find a choice and keep it with its bound."""
        if self.method not in ("auto", "exact", "prices"):
            raise MethodError("method must be 'auto', 'exact' or 'prices', not {value!r}", value=self.method)
        if not self.time_limit > 0:
            raise MethodError("time_limit must be over 0 seconds, not {value!r}", value=self.time_limit)
        check_demands(program)
        is_small = self.method == "exact" or (self.method == "auto" and program.value.size <= EXACT_PAIRS)
        found: Solution | None = solve_exactly(program, self.time_limit) if is_small else None
        self.notes_: tuple[Note, ...] = ()
        if found is None:
            if is_small:
                self.notes_ += (Note("no choice was found in {seconds} seconds by integer programming; prices gave one",
                                     seconds=self.time_limit),)  # fmt: skip
            found = solve_by_prices(program)
        self.chosen_: Choice = found.chosen
        self.value_ = program.gained(found.chosen)
        self.bound_ = max(float(found.bound), self.value_)
        self.gap_ = (self.bound_ - self.value_) / abs(self.bound_) if self.bound_ else 0.0
        self.cost_ = program.spent(found.chosen)
        self.names_ = program.names
        self.counts_ = found.chosen.sum(axis=0)
        self.budget_price_ = float(found.prices[0])
        self.prices_ = dict(zip(program.names, found.prices[1:].tolist(), strict=True))
        if self.gap_ > OPTIMAL:
            self.notes_ += (Note("the best choice may bring up to {percent:.4f}% more", percent=100 * self.gap_),)

    @property
    def is_optimal_(self) -> bool:
        """Whether no choice brings more."""
        self._check_fitted("chosen_")
        return self.gap_ <= OPTIMAL


class ContactPlan(_Allocation):
    r"""Whom to contact by which channel so that most is gained, within budget, capacities and contact limits.

    With :math:`x_{ij} \in \{0, 1\}` whether customer :math:`i` is contacted by channel :math:`j`

    .. math::

        \max \sum_{ij} v_{ij} x_{ij}, \quad
        \sum_{ij} c_{ij} x_{ij} \le B, \quad
        m_j \le \sum_i x_{ij} \le C_j, \quad
        \sum_j x_{ij} \le l_i

    Up to 20,000 pairs the best plan itself is found by integer programming (branch and cut, HiGHS). Beyond, budget and
    capacities get prices at which each customer decides alone; the best prices give the bound of the relaxed linear
    program, and what customers take at them is brought into the limits. **The gap to the bound is always told**: no
    plan can be better by more. With many customers it is tiny, for in the relaxed problem no more customers than there
    are limits (channels and budget) are undecided.

    Parameters
    ----------
    budget : float, optional
    capacity, minimum : mapping of str to int, or sequence in the order of channels, optional
        Most and fewest contacts of a channel; None where there is no limit.
    max_contacts : int, default 1
        Most contacts of one customer.
    method : {"auto", "exact", "prices"}, default "auto"
    time_limit : float, default 10
        Seconds for integer programming; what was found by then is taken, with its gap.

    Attributes
    ----------
    chosen_ : ndarray of bool, shape (n_customers, n_channels)
    value_, cost_ : float
    bound_ : float
        What no plan can exceed.
    gap_ : float
        (bound - value) / bound.
    is_optimal_ : bool
    names_ : tuple of str
    counts_ : ndarray of int64, shape (n_channels,)
    budget_price_ : float
        What one more unit of budget would bring, at the margin of the relaxed problem.
    prices_ : dict of str to float
        What one more contact of each channel would bring; 0 where there is room.
    notes_ : tuple of Note

    References
    ----------
    G. B. Dantzig, "Discrete-variable extremum problems", Operations Research 5, 1957 (the relaxed problem);
    A. M. Geoffrion, "Lagrangean relaxation for integer programming", Mathematical Programming Study 2, 1974;
    C. Lemarechal, A. Nemirovskii & Y. Nesterov, Mathematical Programming 69, 1995 (bundle methods);
    Q. Huangfu & J. A. J. Hall, Mathematical Programming Computation 10, 2018 (HiGHS).

    Examples
    --------
    >>> plan = ContactPlan(budget=7, capacity={"call": 1}).fit(
    ...     {"call": [30, 28, 9, 4], "mail": [12, 15, 8, 1]}, cost=[5, 1]
    ... )
    >>> plan.chosen_.astype(int).tolist(), plan.value_, plan.is_optimal_
    ([[1, 0], [0, 1], [0, 1], [0, 0]], 53.0, True)
    """

    def __init__(
        self,
        *,
        budget: float | None = None,
        capacity: Limits = None,
        minimum: Limits = None,
        max_contacts: int = 1,
        method: How = "auto",
        time_limit: float = 10.0,
    ) -> None:
        """Store the parameters."""
        self.budget = budget
        self.capacity = capacity
        self.minimum = minimum
        self.max_contacts = max_contacts
        self.method = method
        self.time_limit = time_limit

    def fit(
        self, value: Any, cost: Any = None, limits: ArrayLike | None = None, allowed: Any = None,
    ) -> ContactPlan:  # fmt: skip
        """Make the plan.

        Parameters
        ----------
        value : array_like or table, shape (n_customers, n_channels)
            What a contact is expected to bring (uplift times margin, not response times margin: who buys anyway
            gains nothing by it). Negative ones are never chosen unless demanded.
        cost : array_like, shape (n_channels,) or (n_customers, n_channels), optional
            In the unit of the budget, which need not be that of value; 0 unless given.
        limits : array_like of int, shape (n_customers,), optional
            Most contacts of each customer, where fewer than ``max_contacts``; 0 for who must be left alone.
        allowed : array_like of 0 and 1, shape (n_customers, n_channels), optional
            Whether there is consent and an address.

        Returns
        -------
        ContactPlan

        Raises
        ------
        InfeasibleError
            What is demanded by ``minimum`` cannot be had; the limit in the way is named.
        MethodError
            Missing or infinite values, negative costs, limits that are not whole, channels that do not exist.
        """
        numbers, names = as_table(value, None, "value")
        shape = numbers.shape
        self._allocate(
            Program(
                value=numbers,
                cost=as_costs(cost, shape),
                allowed=as_allowed(allowed, shape),
                limit=as_customer_limits(limits, self.max_contacts, shape[0]),
                group=np.arange(shape[1]),
                minimum=as_limits(self.minimum, names, "minimum", 0.0),
                capacity=as_limits(self.capacity, names, "capacity", np.inf),
                budget=as_budget(self.budget),
                names=names,
            )
        )
        return self


class NextBestOffer(_Allocation):
    r"""Which offers to make to whom, at most one of a group to each, within stock and budget.

    As :class:`ContactPlan`, with :math:`v_{ij}` = probability x margin and, for each group :math:`G` of offers that
    exclude each other, :math:`\sum_{j \in G} x_{ij} \le 1`.

    Parameters
    ----------
    groups : mapping of str to str, or sequence in the order of offers, optional
        Offer -> group; an offer without one is a group of its own.
    max_offers : int, default 1
        Most offers to one customer.
    budget, capacity, minimum, method, time_limit
        As :class:`ContactPlan`.

    Attributes
    ----------
    best_ : ndarray of object (str), shape (n_customers,)
        The offer of highest expected gain among those chosen for the customer; empty where there is none.
    chosen_, value_, cost_, bound_, gap_, is_optimal_, names_, counts_, budget_price_, prices_, notes_
        As :class:`ContactPlan`.

    References
    ----------
    M.-D. Cohen, "Exploiting response models: optimizing cross-sell and up-sell opportunities in banking", Information
    Systems 29, 2004 (the linear program); and those of :class:`ContactPlan`.

    Examples
    --------
    >>> offers = NextBestOffer(groups={"gold card": "card", "basic card": "card"}, max_offers=2).fit(
    ...     {"gold card": [0.1, 0.3], "basic card": [0.4, 0.2], "loan": [0.05, 0.1]}, margin=[100, 40, 300]
    ... )
    >>> offers.best_.tolist(), offers.value_
    (['basic card', 'gold card'], 91.0)
    """

    def __init__(
        self,
        groups: Mapping[str, str] | Sequence[str | None] | None = None,
        *,
        max_offers: int = 1,
        budget: float | None = None,
        capacity: Limits = None,
        minimum: Limits = None,
        method: How = "auto",
        time_limit: float = 10.0,
    ) -> None:
        """Store the parameters."""
        self.groups = groups
        self.max_offers = max_offers
        self.budget = budget
        self.capacity = capacity
        self.minimum = minimum
        self.method = method
        self.time_limit = time_limit

    def fit(
        self,
        probability: Any,
        margin: ArrayLike | None = None,
        cost: Any = None,
        limits: ArrayLike | None = None,
        allowed: Any = None,
    ) -> NextBestOffer:
        """Choose the offers.

        Parameters
        ----------
        probability : array_like or table, shape (n_customers, n_offers)
            That the offer is taken because it is made, from 0 to 1 (or any value, where no margin is given).
        margin : array_like, shape (n_offers,) or (n_customers, n_offers), optional
            What it then brings; 1 unless given.
        cost, limits, allowed
            As :meth:`ContactPlan.fit`.

        Returns
        -------
        NextBestOffer

        Raises
        ------
        MethodError
            As :meth:`ContactPlan.fit`; with a margin, a probability off 0 to 1.
        """
        numbers, names = as_table(probability, None, "probability")
        shape = numbers.shape
        worth = numbers
        if margin is not None:
            brings = _margins(margin, shape)
            check_probabilities(numbers, names)
            worth = numbers * brings
        program = Program(
            value=worth,
            cost=as_costs(cost, shape),
            allowed=as_allowed(allowed, shape),
            limit=as_customer_limits(limits, self.max_offers, shape[0]),
            group=_group_codes(self.groups, names),
            minimum=as_limits(self.minimum, names, "minimum", 0.0),
            capacity=as_limits(self.capacity, names, "capacity", np.inf),
            budget=as_budget(self.budget),
            names=names,
        )
        self._allocate(program)
        best = np.argmax(np.where(self.chosen_, worth, -np.inf), axis=1)
        labels = np.array(names, dtype=object)
        self.best_: NDArray[Any] = np.where(self.chosen_.any(axis=1), labels[best], "")
        return self


def check_probabilities(numbers: NDArray[np.float64], names: Sequence[str]) -> None:
    """Raise MethodError, naming column and row, unless all are from 0 to 1."""
    wrong = (numbers < 0) | (numbers > 1)
    if wrong.any():
        row, place = (int(index) for index in np.unravel_index(int(np.argmax(wrong)), numbers.shape))
        raise MethodError(
            "{column!r} holds {value:g} in row {row}: a probability lies between 0 and 1 (write 30% as .3)",
            column=names[place], value=float(numbers[row, place]), row=row + 1,
        )  # fmt: skip


def _margins(margin: Any, shape: tuple[int, int]) -> Any:
    """Return margins by customer and offer; they may be negative."""
    if np.ndim(margin) == 1 and not isinstance(margin, Mapping):
        return as_vector(margin, "margin", size=shape[1])
    return as_table(margin, None, "margin", shape)[0]


def _group_codes(groups: Mapping[str, str] | Sequence[str | None] | None, names: tuple[str, ...]) -> NDArray[np.int64]:
    """Return the group of each offer as a number."""
    if groups is None:
        return np.arange(len(names))
    if isinstance(groups, Mapping):
        for name in groups:
            if name not in names:
                raise unknown_column(name, names)
        listed: list[str | None] = [groups.get(name) for name in names]
    else:
        listed = list(groups)
        if len(listed) != len(names):
            raise MethodError("groups names {given} for {needed} offers", given=len(listed), needed=len(names))
    codes: dict[Any, int] = {}
    # An offer without a group is one of its own: its place cannot be the name of another.
    return np.array([codes.setdefault(group if group else (place,), len(codes)) for place, group in enumerate(listed)])

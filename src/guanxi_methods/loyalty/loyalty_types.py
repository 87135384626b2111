"""Why a customer is loyal: monopoly, inertia, price, incentive, premium - with the figures that led to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import Vector, as_vector
from guanxi_methods.loyalty.intervals import LEVEL, check_level, proportion
from guanxi_methods.loyalty.two_axes import Cut, _cut

MEASURES = ("attachment", "repeat", "alternatives", "price_response", "promotion_response")
TYPES = ("premium", "monopoly", "incentivised", "price", "inertia", "none", "unknown")
UNKNOWN = len(TYPES) - 1


@dataclass(frozen=True)
class Evidence:
    """One figure that led to a customer's type.

    Attributes
    ----------
    measure : str
        One of "attachment", "repeat", "alternatives", "price_response", "promotion_response".
    value : float or None
        The customer's; None where missing.
    cut : float
    is_high : bool or None
        Whether the value reaches the cut.
    decides : bool
        Whether the type would be another one, were this figure on the other side of its cut.
    otherwise : str
        The type it would be then.
    """

    measure: str
    value: float | None
    cut: float
    is_high: bool | None
    decides: bool
    otherwise: str


class LoyaltyTypes(Method):
    r"""Types of loyalty (忠诚类型) by attachment, repeat purchase, alternatives and what the customer responds to.

    Rules, the first that holds gives the type:

    =============================== ==============================================================================
    type                            rule
    =============================== ==============================================================================
    premium (超值忠诚)               attachment high and repeat purchase high
    monopoly (垄断忠诚)              repeat purchase high and alternatives low
    incentivised (激励忠诚)          repeat purchase high and response to promotion high
    price (价格忠诚)                 attachment low, response to price high (repeat purchase is then usually low)
    inertia (惰性忠诚)               repeat purchase high
    none                            nothing of it; with attachment high, latent loyalty (see the matrix)
    =============================== ==============================================================================

    A figure is high if it reaches its cut. A figure that is missing makes the type "unknown" only where it could have
    changed it. The evidence names, for each customer, every figure, its cut, and what the type would be on the other
    side, so that a type resting on one figure near its cut can be seen as such.

    The texts describe the types in words (attachment low or high, repeat purchase low or high, and why); the order of
    the rules and the cuts are the product's own definition.

    Parameters
    ----------
    attachment_cut, repeat_cut, alternatives_cut, price_cut, promotion_cut : float, "median" or "mean"
        By default the median of the customers, for ``alternatives_cut`` 1: an alternative is there.
    level : float, default 0.95

    Attributes
    ----------
    labels_ : ndarray of str, shape (n_customers,)
        See ``TYPES``.
    codes_ : ndarray of int8, shape (n_customers,)
        Place in ``TYPES``.
    closest_ : ndarray of str, shape (n_customers,)
        The deciding figure with the fewest customers between its value and its cut; "" where no single figure decides.
    otherwise_ : ndarray of str, shape (n_customers,)
        The type if that figure were on the other side; "" where none decides.
    cuts_ : dict of str to float
    counts_ : dict of str to int
    shares_ : dict of str to Estimate
    notes_ : tuple of Note

    References
    ----------
    J. Griffin, "Customer Loyalty", Jossey-Bass 1995 (attachment and repeat purchase); K. Sindell, "Loyalty Marketing
    for the Internet Age", Dearborn 2000 (monopoly, inertia, price, incentivised and premium loyalty among seven types).

    Examples
    --------
    >>> types = LoyaltyTypes(attachment_cut=7, repeat_cut=4, price_cut=0.5, promotion_cut=0.5).fit(
    ...     attachment=[9, 3, 4, 2, 3, 2],
    ...     repeat=[12, 8, 9, 1, 6, 1],
    ...     alternatives=[3, 0, 4, 5, 2, 3],
    ...     price_response=[0.1, 0.2, 0.3, 0.9, 0.2, 0.1],
    ...     promotion_response=[0.1, 0.0, 0.8, 0.4, 0.2, 0.0],
    ... )
    >>> types.labels_.tolist()
    ['premium', 'monopoly', 'incentivised', 'price', 'inertia', 'none']
    >>> [(found.measure, found.value, found.otherwise) for found in types.evidence(2) if found.decides]
    [('attachment', 4.0, 'premium'), ('repeat', 9.0, 'none'), ('alternatives', 4.0, 'monopoly'), ('promotion_response', 0.8, 'inertia')]
    """

    def __init__(
        self,
        attachment_cut: Cut = "median",
        repeat_cut: Cut = "median",
        alternatives_cut: Cut = 1,
        price_cut: Cut = "median",
        promotion_cut: Cut = "median",
        level: float = LEVEL,
    ) -> None:
        """Store the parameters."""
        self.attachment_cut = attachment_cut
        self.repeat_cut = repeat_cut
        self.alternatives_cut = alternatives_cut
        self.price_cut = price_cut
        self.promotion_cut = promotion_cut
        self.level = level

    def fit(
        self, attachment: Any, repeat: Any, alternatives: Any, price_response: Any, promotion_response: Any
    ) -> LoyaltyTypes:
        """Type the customers.

        Parameters
        ----------
        attachment : array_like, shape (n_customers,)
            Attachment (依恋) by survey.
        repeat : array_like, shape (n_customers,)
            Repeat purchases, or share of wallet.
        alternatives : array_like, shape (n_customers,)
            Suppliers the customer could turn to.
        price_response : array_like, shape (n_customers,)
            How far purchases follow the price: share bought at the lowest price, minus the elasticity, or by survey.
        promotion_response : array_like, shape (n_customers,)
            Share bought with points, vouchers or gifts.

        Returns
        -------
        LoyaltyTypes

        Raises
        ------
        MethodError
            Not numbers; a figure nobody has; a cut that is none.
        """
        check_level(self.level)
        given = (attachment, repeat, alternatives, price_response, promotion_response)
        chosen = (
            self.attachment_cut, self.repeat_cut, self.alternatives_cut, self.price_cut, self.promotion_cut
        )  # fmt: skip
        size = as_vector(attachment, "attachment", missing="keep").size
        self._values = np.empty((size, len(MEASURES)))
        cuts = []
        for place, (name, values, cut) in enumerate(zip(MEASURES, given, chosen, strict=True)):
            column = as_vector(values, name, size=size, missing="keep")
            if np.isnan(column).all():
                raise MethodError("{name} is missing for every customer", name=name)
            cuts.append(_cut(column[~np.isnan(column)], cut, name))
            self._values[:, place] = column
        self.cuts_ = dict(zip(MEASURES, cuts, strict=True))
        missing = np.isnan(self._values)
        high = np.where(missing, False, self._values >= np.asarray(cuts))
        self.codes_ = _with_missing(high, missing)
        self.labels_ = np.asarray(TYPES)[self.codes_]
        self._flipped = np.stack([_flip(high, place) for place in range(len(MEASURES))], axis=1)
        self._find_closest(np.asarray(cuts), missing)
        counts = np.bincount(self.codes_, minlength=len(TYPES))
        self.counts_ = dict(zip(TYPES, counts.tolist(), strict=True))
        self.shares_ = {name: proportion(float(found), float(size), self.level) for name, found in self.counts_.items()}
        unknown = self.counts_["unknown"]
        self.notes_ = (
            (Note("{count} customers lack a figure that decides their type", count=unknown),) if unknown else ()
        )
        return self

    def _find_closest(self, cuts: Vector, missing: NDArray[np.bool_]) -> None:
        """Find the deciding figure nearest its cut, counted in customers that lie between."""
        distance = np.full(self._values.shape, np.inf)
        for place, cut in enumerate(cuts):
            between, known = _customers_between(self._values[:, place], cut)
            decides = (self._flipped[:, place] != self.codes_) & ~missing[:, place] & (self.codes_ != UNKNOWN)
            distance[decides, place] = between[decides] / known
        nearest = distance.argmin(axis=1)
        some = np.isfinite(distance.min(axis=1))
        self.closest_ = np.where(some, np.asarray(MEASURES)[nearest], "")
        rows = np.arange(nearest.size)
        self.otherwise_ = np.where(some, np.asarray(TYPES)[self._flipped[rows, nearest]], "")

    def evidence(self, customer: int) -> tuple[Evidence, ...]:
        """Return the figures that led to a customer's type.

        Parameters
        ----------
        customer : int
            Row of the customer, from 0.

        Returns
        -------
        tuple of Evidence
            In the order attachment, repeat, alternatives, price response, promotion response.

        Raises
        ------
        MethodError
            Not fitted; no such row.
        """
        self._check_fitted("codes_")
        if not 0 <= customer < self.codes_.size:
            raise MethodError(
                "there is no row {row}: rows run from 0 to {last}", row=customer, last=self.codes_.size - 1
            )
        told = []
        for place, name in enumerate(MEASURES):
            value = float(self._values[customer, place])
            is_there = value == value
            cut = self.cuts_[name]
            otherwise = TYPES[int(self._flipped[customer, place])]
            decides = is_there and self.codes_[customer] != UNKNOWN and otherwise != self.labels_[customer]
            told.append(
                Evidence(
                    name, value if is_there else None, cut, value >= cut if is_there else None, bool(decides), otherwise
                )
            )
        return tuple(told)


def _customers_between(values: Vector, cut: float) -> tuple[NDArray[np.int64], int]:
    """Return how many customers lie between each value and the cut, and how many have a value.

    On the high side those from the cut up to the value, on the low side those over the value up to the cut.
    """
    order = np.argsort(values)
    known = int(np.count_nonzero(values == values))
    inside = values[order[:known]]
    at_cut = np.searchsorted(inside, cut, side="left")
    # sorted against sorted: a walk, where each value looked up by itself would be a search
    ranks = np.where(
        inside < cut,
        at_cut - np.searchsorted(inside, inside, side="right"),
        np.searchsorted(inside, inside, side="left") - at_cut,
    )
    between = np.zeros(values.size, dtype=np.int64)
    between[order[:known]] = ranks
    return between, known


def _types(high: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Return the type of each customer as its place in TYPES, from which figures are high."""
    attached, repeats, has_choice, follows_price, follows_promotion = high.T
    rules = (attached & repeats, repeats & ~has_choice, repeats & follows_promotion, follows_price & ~attached, repeats)
    return np.select(rules, range(len(rules)), default=TYPES.index("none")).astype(np.int8)


def _flip(high: NDArray[np.bool_], place: int) -> NDArray[np.int8]:
    """Return the types if one figure of every customer lay on the other side of its cut."""
    turned = high.copy()
    turned[:, place] = ~turned[:, place]
    return _types(turned)


def _with_missing(high: NDArray[np.bool_], missing: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Return the types; unknown where the missing figures could make it another."""
    codes = _types(high)
    rows = np.flatnonzero(missing.any(axis=1))
    for pattern in range(1, 2 ** len(MEASURES)):
        taken = np.array([(pattern >> place) & 1 for place in range(len(MEASURES))], dtype=bool)
        possible = ~(taken & ~missing[rows]).any(axis=1)
        other = _types(high[rows] | (taken & missing[rows]))
        codes[rows[possible & (other != codes[rows])]] = UNKNOWN
    return codes

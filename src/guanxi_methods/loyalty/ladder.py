"""The ladder of loyalty: from someone who might become a customer to a partner."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import Vector, as_vector
from guanxi_methods.loyalty.intervals import LEVEL, Estimate, check_level, proportion

RUNGS = ("suspect", "onlooker", "prospect", "first_time", "repeat", "client", "advocate", "partner")


class LoyaltyLadder(Method):
    r"""Ladder of loyalty (客户忠诚的发展过程), eight rungs in two halves.

    A customer stands on the highest rung whose condition holds:

    ======================== ==================================================================== =================
    rung                     condition                                                            half
    ======================== ==================================================================== =================
    suspect 可能的客户         is known, nothing more                                               acquisition
    onlooker 持观望态度        at least one contact (visit, enquiry, answer)                        acquisition
    prospect 潜在购买者        at least one opportunity (need told, quotation, trial)               acquisition
    first_time 初次购买者      exactly one purchase                                                 development
    repeat 重复购买者          at least 2 purchases                                                 development
    client 跟随者              at least ``client_purchases`` and a share of ``client_share``        development
    advocate 拥护者            as client, and at least one referral                                 development
    partner 合伙人             as client, and at least one joint project or framework contract      development
    ======================== ==================================================================== =================

    A share that is not known does not keep a customer from being a client, but is noted. Referrals by someone who is no
    client show good will; the rung stays, for the ladder tells the state of the business with this customer.

    The rungs are Griffin's and Raphel's, as extended to onlooker and partner in Chinese texts; conditions that can be
    counted are the product's own definition.

    Parameters
    ----------
    client_purchases : int, default 4
    client_share : float, default 0.5
        Share of wallet or of needs from which we are the customer's main supplier.
    level : float, default 0.95

    Attributes
    ----------
    labels_ : ndarray of str, shape (n_customers,)
    codes_ : ndarray of int8, shape (n_customers,)
        0 suspect to 7 partner.
    counts_ : dict of str to int
        On each rung.
    reached_ : dict of str to int
        On each rung or higher.
    conversion_ : dict of str to Estimate
        For each rung but the first: of those who reached the rung below, the share who reached it; Wilson's interval. Of
        the customers as they stand today, not of one cohort followed in time. Absent where nobody reached the rung
        below.
    lacking_ : ndarray of str, shape (n_customers,)
        What the next rung asks for that the customer has not.
    notes_ : tuple of Note

    References
    ----------
    J. Griffin, "Customer Loyalty", Jossey-Bass 1995; M. Raphel & N. Raphel, "Up the Loyalty Ladder", HarperBusiness
    1995; M. Christopher, A. Payne & D. Ballantyne, "Relationship Marketing", Butterworth-Heinemann 1991 (partner).

    Examples
    --------
    >>> ladder = LoyaltyLadder().fit(
    ...     contacts=[0, 1, 2, 3, 5, 9, 9, 9],
    ...     opportunities=[0, 0, 1, 1, 2, 5, 5, 5],
    ...     purchases=[0, 0, 0, 1, 3, 6, 6, 6],
    ...     share=[None, None, None, 0.1, 0.2, 0.7, 0.8, 0.9],
    ...     referrals=[0, 0, 0, 0, 0, 0, 2, 0],
    ...     joint_projects=[0, 0, 0, 0, 0, 0, 0, 1],
    ... )
    >>> ladder.labels_.tolist()
    ['suspect', 'onlooker', 'prospect', 'first_time', 'repeat', 'client', 'advocate', 'partner']
    >>> str(ladder.lacking_[4])
    'purchases'
    """

    def __init__(self, client_purchases: int = 4, client_share: float = 0.5, level: float = LEVEL) -> None:
        """Store the parameters."""
        self.client_purchases = client_purchases
        self.client_share = client_share
        self.level = level

    def fit(
        self,
        purchases: Any,
        contacts: Any = None,
        opportunities: Any = None,
        share: Any = None,
        referrals: Any = None,
        joint_projects: Any = None,
    ) -> LoyaltyLadder:
        """Place the customers.

        Parameters
        ----------
        purchases : array_like of int, shape (n_customers,)
        contacts, opportunities, referrals, joint_projects : array_like of int, shape (n_customers,), optional
            Counts; 0 for everybody where not given, and noted, since the rungs that rest on them stay empty.
        share : array_like, shape (n_customers,), optional
            From 0 to 1; may be missing for some.

        Returns
        -------
        LoyaltyLadder

        Raises
        ------
        MethodError
            Missing or negative counts, fractions, a share off 0 to 1 (with column and row); wrong parameters.
        """
        self._check_parameters()
        bought = _counts(purchases, "purchases", None)
        size = bought.size
        self._notes: list[Note] = []
        met, asked, referred, joined = (
            self._optional(values, name, size)
            for name, values in (
                ("contacts", contacts),
                ("opportunities", opportunities),
                ("referrals", referrals),
                ("joint_projects", joint_projects),
            )
        )
        is_main = self._is_main(share, size, bought)
        is_client = (bought >= self.client_purchases) & is_main
        conditions = (
            is_client & (joined > 0), is_client & (referred > 0), is_client,
            bought >= 2, bought == 1, asked > 0, met > 0,
        )  # fmt: skip
        self.codes_: NDArray[np.int8] = np.select(conditions, range(7, 0, -1), default=0).astype(np.int8)
        self.labels_ = np.asarray(RUNGS)[self.codes_]
        self.lacking_ = self._lacking(bought)
        self._count()
        self.notes_ = tuple(self._notes)
        return self

    def _check_parameters(self) -> None:
        """Check the constructor's arguments."""
        check_level(self.level)
        if (
            isinstance(self.client_purchases, bool)
            or not isinstance(self.client_purchases, int)
            or self.client_purchases < 2
        ):
            raise MethodError(
                "client_purchases must be a whole number of at least 2, not {given!r}", given=self.client_purchases
            )
        if isinstance(self.client_share, bool) or not 0 <= self.client_share <= 1:
            raise MethodError("client_share must be from 0 to 1, not {given!r}", given=self.client_share)

    def _optional(self, values: Any, name: str, size: int) -> Vector:
        """Return counts, 0 throughout where none were given."""
        if values is None:
            self._notes.append(Note("{name} were not told: the rungs that rest on them stay empty", name=name))
            return np.zeros(size)
        return _counts(values, name, size)

    def _is_main(self, share: Any, size: int, bought: Vector) -> NDArray[np.bool_]:
        """Return whose main supplier we are, as far as the share is known."""
        if share is None:
            self._notes.append(Note("the share of wallet was not told: clients are told by their purchases alone"))
            return np.ones(size, dtype=bool)
        shares = as_vector(share, "share", size=size, missing="keep")
        wrong = (shares < 0) | (shares > 1)
        if wrong.any():
            row = int(np.argmax(wrong))
            raise MethodError(
                "share must be from 0 to 1, but row {row} holds {value:g}", row=row + 1, value=float(shares[row])
            )
        unsure = int((np.isnan(shares) & (bought >= self.client_purchases)).sum())
        if unsure:
            self._notes.append(Note("{count} customers count as clients though their share is not known", count=unsure))
        return np.isnan(shares) | (shares >= self.client_share)

    def _lacking(self, bought: Vector) -> NDArray[np.str_]:
        """Name what the next rung asks for."""
        asks = np.asarray(
            ("contacts", "opportunities", "purchases", "purchases", "share", "referrals", "joint_projects", "")
        )
        lacking: NDArray[np.str_] = asks[self.codes_]
        lacking[(self.codes_ == RUNGS.index("repeat")) & (bought < self.client_purchases)] = "purchases"
        return lacking

    def _count(self) -> None:
        """Count the rungs and who went on from each."""
        counts = np.bincount(self.codes_, minlength=len(RUNGS))
        reached = counts[::-1].cumsum()[::-1]
        self.counts_ = dict(zip(RUNGS, counts.tolist(), strict=True))
        self.reached_ = dict(zip(RUNGS, reached.tolist(), strict=True))
        self.conversion_: dict[str, Estimate] = {
            RUNGS[place]: proportion(float(reached[place]), float(reached[place - 1]), self.level)
            for place in range(1, len(RUNGS))
            if reached[place - 1]
        }


def _counts(values: Any, name: str, size: int | None) -> Vector:
    """Return a column of counts; what is none is refused with its row."""
    counts = as_vector(values, name, size=size)
    wrong = (counts < 0) | (counts != np.floor(counts))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise MethodError(
            "{name} must hold whole numbers of at least 0, but row {row} holds {value:g}",
            name=name, row=row + 1, value=float(counts[row]),
        )  # fmt: skip
    return counts

"""RFM: how lately, how often and for how much a customer buys."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError
from guanxi_methods.value.inputs import Amounts, as_amounts, as_day, as_days, exact_sum

# Rows recency 1..5, columns frequency 1..5. The map of ten segments in common use, see RFM.segments.
SEGMENT_GRID = (
    ("hibernating", "hibernating", "at_risk", "at_risk", "cannot_lose"),
    ("hibernating", "hibernating", "at_risk", "at_risk", "cannot_lose"),
    ("about_to_sleep", "about_to_sleep", "need_attention", "loyal", "loyal"),
    ("promising", "potential_loyalist", "potential_loyalist", "loyal", "loyal"),
    ("new", "potential_loyalist", "potential_loyalist", "champion", "champion"),
)
SEGMENTS = (
    "champion", "loyal", "potential_loyalist", "new", "promising",
    "need_attention", "about_to_sleep", "at_risk", "cannot_lose", "hibernating",
)  # fmt: skip
# Bit 2 recency, bit 1 frequency, bit 0 money above the mean: the eight types taught in China (RFM 八类).
EIGHT_TYPES = (
    "general_retain", "important_retain", "general_keep", "important_keep",
    "general_develop", "important_develop", "general_value", "important_value",
)  # fmt: skip
GRID_SIZE = 5


class RFM(Method):
    r"""Recency, frequency and monetary scores from 1 (worst) to ``n_scores`` (best).

    With :math:`w(x)` the number of customers strictly worse than :math:`x` among :math:`n`, the score is

    .. math:: s(x) = 1 + \bigl\lfloor q \, w(x) / n \bigr\rfloor

    that is, a score of :math:`s` says that at least :math:`(s-1)/q` of the customers do worse. Equal values always get
    equal scores; without ties the groups are equal fifths; a constant column gets 1 throughout, for nobody is worse.
    Recency counts whole days from the last purchase to ``as_of``; fewer are better.

    Parameters
    ----------
    n_scores : int, default 5
        Quintiles; between 2 and 9.

    Attributes
    ----------
    r_, f_, m_ : ndarray of int8, shape (n_customers,)
        Scores.
    recency_days_ : ndarray of int64, shape (n_customers,)
    cuts_ : dict of str to ndarray, each of shape (n_scores - 1,)
        For "r", "f" and "m": a customer better than ``cuts_[k]`` scores at least ``k + 2``.
    means_ : dict of str to float
        Mean recency in days, mean frequency, mean money.
    n_customers_ : int

    References
    ----------
    A. M. Hughes, "Strategic Database Marketing", Probus 1994: quintiles of the three measures. Equal scores for equal
    values, instead of cutting through ties, is this method's own choice.

    Examples
    --------
    >>> rfm = RFM().fit(
    ...     last=["2011-12-09", "2011-11-01", "2011-06-01", "2011-03-01", "2010-12-01"],
    ...     frequency=[12, 4, 1, 2, 1],
    ...     monetary=[90000, 20000, 3000, 7000, 1500],
    ...     as_of="2011-12-10",
    ... )
    >>> rfm.recency_days_
    array([  1,  39, 192, 284, 374])
    >>> rfm.r_, rfm.f_, rfm.m_
    (array([5, 4, 3, 2, 1], dtype=int8), array([5, 4, 1, 3, 1], dtype=int8), array([5, 4, 2, 3, 1], dtype=int8))
    >>> rfm.segments_.tolist()
    ['champion', 'loyal', 'about_to_sleep', 'at_risk', 'hibernating']
    """

    def __init__(self, n_scores: int = GRID_SIZE) -> None:
        """Store the parameters."""
        self.n_scores = n_scores

    def fit(
        self, last: ArrayLike, frequency: ArrayLike, monetary: ArrayLike, *, as_of: dt.date | str | np.datetime64 | int
    ) -> RFM:
        """Score the customers.

        Parameters
        ----------
        last : array_like of dates, shape (n_customers,)
            Day of the last purchase.
        frequency : array_like of int, shape (n_customers,)
            Number of purchases; cancellations are not purchases.
        monetary : array_like, shape (n_customers,)
            Money of the period, in minor units for exactness.
        as_of : date, or int counting days since 1970-01-01
            The day recency is counted to; usually the day after the last order on record, not today.

        Returns
        -------
        RFM

        Raises
        ------
        MethodError
            Empty or missing data, lengths that differ, a negative frequency, a purchase after ``as_of``.
        """
        if not isinstance(self.n_scores, int) or not 2 <= self.n_scores <= 9:
            raise MethodError("n_scores must be a whole number from 2 to 9, not {n_scores!r}", n_scores=self.n_scores)
        money = as_amounts(monetary, "monetary")
        counts = as_amounts(frequency, "frequency")
        if counts.shape != money.shape:
            raise MethodError(
                "frequency has {counted} customers, monetary {size}", counted=counts.size, size=money.size
            )
        if counts.min() < 0:
            raise MethodError("frequency is negative at position {position}", position=int(np.argmax(counts < 0)))
        recency = as_day(as_of, "as_of") - as_days(last, "last", money.size)
        if recency.min() < 0:
            position = int(np.argmax(recency < 0))
            raise MethodError(
                "the purchase at position {position} is after as_of: it would be counted early", position=position
            )
        self.recency_days_ = recency
        self.n_customers_ = money.size
        self.cuts_ = {
            "r": -self._cuts(-recency),
            "f": self._cuts(counts),
            "m": self._cuts(money),
        }
        self.means_ = {
            name: float(exact_sum(column)) / money.size
            for name, column in (("r", recency), ("f", counts), ("m", money))
        }
        self.r_, self.f_, self.m_ = self.score(recency, counts, money)
        self._high = [_above_mean(column) for column in (-recency, counts, money)]
        return self

    def _cuts(self, column: Amounts) -> Amounts:
        """Return the values that at least 1/q, 2/q, ... of the customers do not exceed."""
        positions = [-((-column.size * step) // self.n_scores) - 1 for step in range(1, self.n_scores)]
        return np.partition(column, positions)[positions]

    def score(
        self, recency_days: ArrayLike, frequency: ArrayLike, monetary: ArrayLike
    ) -> tuple[NDArray[np.int8], NDArray[np.int8], NDArray[np.int8]]:
        """Return the scores that customers would get by the cuts learned.

        Parameters
        ----------
        recency_days, frequency, monetary : array_like, shape (n,)

        Returns
        -------
        tuple of three ndarray of int8, shape (n,)
        """
        self._check_fitted("cuts_")
        recency = -as_amounts(recency_days, "recency_days")
        columns = ((-self.cuts_["r"], recency), (self.cuts_["f"], frequency), (self.cuts_["m"], monetary))
        scores = [
            (1 + np.searchsorted(cuts, as_amounts(column), side="left")).astype(np.int8) for cuts, column in columns
        ]
        return scores[0], scores[1], scores[2]

    @property
    def segments_(self) -> NDArray[np.str_]:
        """Segment of each customer by recency and frequency, shape (n_customers,); see :func:`segment_codes`."""
        self._check_fitted("cuts_")
        return np.asarray(SEGMENTS)[segment_codes(self.r_, self.f_, n_scores=self.n_scores)]

    @property
    def eight_types_(self) -> NDArray[np.str_]:
        """One of the eight types of each customer: recency, frequency and money above or below the mean.

        Exactly the mean counts as below (for recency: as not recent).
        """
        self._check_fitted("cuts_")
        recent, often, much = (column.astype(np.int64) for column in self._high)
        names: NDArray[np.str_] = np.asarray(EIGHT_TYPES)[4 * recent + 2 * often + much]
        return names

    def grid(self) -> NDArray[np.int64]:
        """Return how many customers have each pair of scores: row recency - 1, column frequency - 1."""
        self._check_fitted("cuts_")
        size = self.n_scores
        cells = (self.r_.astype(np.int64) - 1) * size + self.f_ - 1
        return np.bincount(cells, minlength=size * size).reshape(size, size)


def _above_mean(column: Amounts) -> NDArray[np.bool_]:
    """Return where a column exceeds its mean, exact for integers."""
    total = exact_sum(column)
    if isinstance(total, float):
        return column > total / column.size
    return column > total // column.size


def segment_codes(r: ArrayLike, f: ArrayLike, *, n_scores: int = GRID_SIZE) -> NDArray[np.int8]:
    """Return the segment of each pair of recency and frequency scores as an index into ``SEGMENTS``.

    The map of ten named segments over the 5 x 5 grid is in general use among practitioners; its first author is not
    known, so it is stated here in full (``SEGMENT_GRID``). Other score counts have no map.

    Parameters
    ----------
    r, f : array_like of int, shape (n,)
        Scores 1 to 5.
    n_scores : int
        How many scores there are; must be 5.

    Returns
    -------
    ndarray of int8, shape (n,)

    Raises
    ------
    MethodError
        Scores outside 1 to 5, or ``n_scores`` other than 5.

    Examples
    --------
    >>> [SEGMENTS[code] for code in segment_codes([5, 1, 3], [5, 5, 3])]
    ['champion', 'cannot_lose', 'need_attention']
    """
    if n_scores != GRID_SIZE:
        raise MethodError("segments are defined for five scores, not {n_scores}", n_scores=n_scores)
    recency, frequency = np.asarray(r, dtype=np.int64), np.asarray(f, dtype=np.int64)
    for name, scores in (("r", recency), ("f", frequency)):
        if scores.size and not (scores.min() >= 1 and scores.max() <= GRID_SIZE):
            raise MethodError("{name} holds a score outside 1 to {last}", name=name, last=GRID_SIZE)
    codes = np.array([[SEGMENTS.index(name) for name in row] for row in SEGMENT_GRID], dtype=np.int8)
    return codes[recency - 1, frequency - 1]

"""What customers do: the behavioural measures of loyalty, from a log of purchases."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import Vector, as_vector
from guanxi_methods.loyalty.intervals import LEVEL, Estimate, check_level, mean, proportion, ratio
from guanxi_methods.loyalty.purchases import Day, Purchases, as_codes, as_purchases

YEAR = 365


class BehaviouralLoyalty(Method):
    r"""Behavioural measures of loyalty over all customers of a log, each with its interval.

    A customer's day is one purchase. With :math:`n` customers, of whom customer :math:`i` bought on :math:`x_i` days
    from day :math:`f_i` to day :math:`l_i`, looked at up to day :math:`T`, and a window of :math:`w` days:

    ============================ ====================================================================== ===========
    ``measures_`` key            definition                                                             interval
    ============================ ====================================================================== ===========
    repeat_rate                  share of customers with :math:`x_i \ge 2` (回头率)                       Wilson
    repeat_rate_in_window        of those with :math:`f_i \le T - w`: share who bought again in w days  Wilson
    retention                    of those who bought in :math:`(T-2w, T-w]`: share who bought in        Wilson
                                 :math:`(T-w, T]`
    purchases                    mean of :math:`x_i`                                                    Student
    purchase_interval_days       mean of :math:`(l_i-f_i)/(x_i-1)` over those with :math:`x_i \ge 2`    Student
    tenure_days                  mean of :math:`l_i - f_i`                                              Student
    products                     mean number of different products (cross-buying, 交叉购买)               Student
    cross_buying                 share who bought at least 2 different products                         Wilson
    full_price_share             money paid at full price / all money, over customers                   ratio
    ============================ ====================================================================== ===========

    The first rate counts those who came yesterday as not returning: compare it between periods only if as many are
    new; the second gives everybody the same time. Purchase intervals and tenure are what was seen up to :math:`T`, so
    both are too short while customers go on buying.

    Parameters
    ----------
    window_days : int, default 365
    level : float, default 0.95

    Attributes
    ----------
    measures_ : dict of str to Estimate
        Only what the input allows; what is missing is said in ``notes_``.
    customers_ : dict of str to ndarray, each of shape (n_customers,)
        "customer", "purchases", "amount", "first_day", "last_day" (days since 1970-01-01), "interval_days" (NaN with
        a single purchase), and "products", "full_price_share" where told.
    n_customers_ : int
    notes_ : tuple of Note

    References
    ----------
    F. F. Reichheld & W. E. Sasser, "Zero defections", Harvard Business Review 68(5), 1990 (retention); R. East,
    K. Hammond & P. Gendall, "Fact and fallacy in retention marketing", Journal of Marketing Management 22, 2006. The
    exact windows are the product's own definition.

    Examples
    --------
    >>> log = {
    ...     "customer": ["a", "a", "a", "b", "b", "c"],
    ...     "date": ["2026-01-01", "2026-01-31", "2026-03-02", "2026-01-10", "2026-02-09", "2026-02-01"],
    ... }
    >>> loyalty = BehaviouralLoyalty(window_days=30).fit(**log)
    >>> round(loyalty.measures_["repeat_rate"].value, 4), loyalty.measures_["purchase_interval_days"].value
    (0.6667, 30.0)
    """

    def __init__(self, window_days: int = YEAR, level: float = LEVEL) -> None:
        """Store the parameters."""
        self.window_days = window_days
        self.level = level

    def fit(
        self,
        customer: Any,
        date: Any,
        amount: Any = None,
        product: Any = None,
        full_price: Any = None,
        *,
        at: Day | None = None,
    ) -> BehaviouralLoyalty:
        """Measure the customers of a log.

        Parameters
        ----------
        customer : array_like, shape (n_rows,)
        date : array_like of dates, shape (n_rows,)
        amount : array_like, shape (n_rows,), optional
            Money; rows of 0 or less are returns or gifts and no purchases.
        product : array_like, shape (n_rows,), optional
            Product or, better, product line.
        full_price : array_like of 0 and 1, shape (n_rows,), optional
            Whether nothing was taken off the price.
        at : date, optional
            Last day looked at; by default the last of the log.

        Returns
        -------
        BehaviouralLoyalty

        Raises
        ------
        MethodError
            Missing or wrong values with their row; no purchase; a window that is no whole number of days over 0.
        """
        check_level(self.level)
        if isinstance(self.window_days, bool) or not isinstance(self.window_days, int) or self.window_days < 1:
            raise MethodError("window_days must be a whole number of at least 1, not {given!r}", given=self.window_days)
        bought = as_purchases(customer, date, amount, at=at)
        self.n_customers_ = int(bought.ids.size)
        self.customers_ = _customers(bought)
        self.measures_: dict[str, Estimate] = {}
        self._notes = list(bought.notes)
        self._measure_time(bought)
        if product is not None:
            self._measure_products(bought, product)
        if full_price is not None:
            self._measure_prices(bought, amount, full_price)
        self.notes_ = tuple(self._notes)
        return self

    def _measure_time(self, bought: Purchases) -> None:
        """Measure how often customers come back."""
        counts, gaps = bought.counts, self.customers_["interval_days"]
        self.measures_["repeat_rate"] = proportion(float((counts > 1).sum()), counts.size, self.level)
        watched = bought.first <= bought.end - self.window_days
        again = bought.count_between(bought.first, bought.first + self.window_days) > 0
        self._share("repeat_rate_in_window", watched, again)
        start, middle = bought.end - 2 * self.window_days, bought.end - self.window_days
        before = bought.count_between(start, middle) > 0
        if bought.day.min() > start + 1:
            self._notes.append(Note("the log is shorter than two windows: retention counts the first one in part"))
        self._share("retention", before, bought.count_between(middle, bought.end) > 0)
        self.measures_["purchases"] = mean(counts.astype(float), self.level)
        if (counts > 1).any():
            self.measures_["purchase_interval_days"] = mean(gaps[counts > 1], self.level)
        else:
            self._notes.append(Note("nobody bought twice: there is no purchase interval"))
        self.measures_["tenure_days"] = mean((bought.last - bought.first).astype(float), self.level)

    def _share(self, name: str, among: NDArray[np.bool_], is_so: NDArray[np.bool_]) -> None:
        """Put down a share, or a note where there is nobody to take it of."""
        if among.any():
            self.measures_[name] = proportion(float((among & is_so).sum()), float(among.sum()), self.level)
        else:
            self._notes.append(
                Note(
                    "{name} cannot be had: no customer was seen for a window of {days} days before it",
                    name=name, days=self.window_days,
                )
            )  # fmt: skip

    def _measure_products(self, bought: Purchases, product: Any) -> None:
        """Measure cross-buying; a row whose product is missing counts for none."""
        words = as_codes(product, "product")
        _check_size(words.size, bought.kept.size, "product")
        kept = words[bought.kept]
        named = kept != "" if kept.dtype.kind == "U" else np.ones(kept.size, dtype=bool)
        kinds, place = np.unique(kept[named], return_inverse=True)
        pairs = np.unique(bought.row_customer[named] * max(1, kinds.size) + place) // max(1, kinds.size)
        different = np.bincount(pairs.astype(np.int64), minlength=bought.ids.size)
        self.customers_["products"] = different
        self.measures_["products"] = mean(different.astype(float), self.level)
        self.measures_["cross_buying"] = proportion(float((different > 1).sum()), different.size, self.level)

    def _measure_prices(self, bought: Purchases, amount: Any, full_price: Any) -> None:
        """Measure the share of money paid at full price (of rows, where no money is told)."""
        flags = as_vector(full_price, "full_price", size=bought.kept.size)
        odd = (flags != 0) & (flags != 1)
        if odd.any():
            raise MethodError(
                "full_price must hold 0 and 1, but row {row} holds {value:g}",
                row=int(np.argmax(odd)) + 1,
                value=float(flags[odd][0]),
            )
        money = np.ones(flags.size) if amount is None else as_vector(amount, "amount")
        kept, size = money[bought.kept], bought.ids.size
        at_full: Any = np.bincount(bought.row_customer, weights=kept * flags[bought.kept], minlength=size)
        whole: Any = np.bincount(bought.row_customer, weights=kept, minlength=size)
        self.customers_["full_price_share"] = at_full / whole
        self.measures_["full_price_share"] = ratio(at_full, whole, self.level)


def _customers(bought: Purchases) -> dict[str, NDArray[Any]]:
    """Return what is known of each customer."""
    counts = bought.counts
    span = (bought.last - bought.first).astype(float)
    return {
        "customer": bought.ids,
        "purchases": counts,
        "amount": np.bincount(bought.customer, weights=bought.amount, minlength=bought.ids.size),
        "first_day": bought.first,
        "last_day": bought.last,
        "interval_days": np.where(counts > 1, span / np.maximum(counts - 1, 1), np.nan),
    }


def _check_size(found: int, size: int, name: str) -> None:
    """Refuse a column of another length than the log."""
    if found != size:
        raise MethodError("{name} holds {found} values where {size} are needed", name=name, found=found, size=size)


class LoyaltyShare(Method):
    r"""Share of wallet, of requirements, of visits, of needs met, of attention: ours in all of the customer's.

    With :math:`a_i` the customer's with us and :math:`b_i` the customer's in all

    .. math:: R = \frac{\sum_i a_i}{\sum_i b_i}, \qquad \bar r = \frac1n \sum_i \frac{a_i}{b_i}

    :math:`R` is the share of the customers' money (visits, needs) that we hold; :math:`\bar r` the share that we hold
    of the customer in the mean. Both are printed as "share of wallet"; they differ where large customers are more or
    less loyal than small ones, so both are given.

    What is counted makes the measure: money in the category - share of wallet (钱包份额); units - share of
    requirements; visits - share of visits; needs told and needs met by us - 需求满足率; mentions or minutes given to us
    and to all suppliers - attention (对产品的关注, the rest being attention to competitors).

    Parameters
    ----------
    level : float, default 0.95

    Attributes
    ----------
    share_ : Estimate
        :math:`R`, interval of a ratio over customers.
    mean_share_ : Estimate
        :math:`\bar r`, Student's interval kept within 0 and 1.
    shares_ : ndarray of float64, shape (n_customers,)
        :math:`a_i / b_i`; NaN where :math:`b_i = 0`.
    notes_ : tuple of Note

    References
    ----------
    T. O. Jones & W. E. Sasser, "Why satisfied customers defect", Harvard Business Review 73(6), 1995 (share of
    customer); T. L. Keiningham et al., "Does customer satisfaction lead to profitability? The mediating role of
    share-of-wallet", Managing Service Quality 15, 2005; interval: see ``intervals.ratio``.

    Examples
    --------
    >>> wallet = LoyaltyShare().fit(ours=[30, 20, 50], total=[60, 40, 60])
    >>> wallet.share_.value, round(wallet.mean_share_.value, 4)
    (0.625, 0.6111)
    """

    def __init__(self, level: float = LEVEL) -> None:
        """Store the parameters."""
        self.level = level

    def fit(self, ours: Any, total: Any) -> LoyaltyShare:
        """Take the shares.

        Parameters
        ----------
        ours, total : array_like, shape (n_customers,)
            Not negative, ours at most the total, in one unit.

        Returns
        -------
        LoyaltyShare

        Raises
        ------
        MethodError
            Missing or negative values, ours over the total (the row is named); nobody with a total over 0.
        """
        check_level(self.level)
        part = as_vector(ours, "ours")
        whole = as_vector(total, "total", size=part.size)
        for name, values in (("ours", part), ("total", whole)):
            if (values < 0).any():
                raise MethodError(
                    "{name} is negative, first in row {row}", name=name, row=int(np.argmax(values < 0)) + 1
                )
        if (part > whole).any():
            raise MethodError(
                "ours is more than the total in row {row}: the total must hold what the customer buys from us too",
                row=int(np.argmax(part > whole)) + 1,
            )
        counted = whole > 0
        self.shares_: Vector = np.full(part.size, np.nan)
        self.shares_[counted] = part[counted] / whole[counted]
        self.share_ = ratio(part[counted], whole[counted], self.level)
        self.mean_share_ = mean(self.shares_[counted], self.level).within(0.0, 1.0)
        idle = int((~counted).sum())
        self.notes_ = (Note("{count} customers who bought nothing anywhere were left out", count=idle),) if idle else ()
        return self

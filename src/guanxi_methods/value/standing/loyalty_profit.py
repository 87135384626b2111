"""Where the profit of loyal customers comes from: base, growth, saved cost, referral, price."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, TooFewError
from guanxi_methods.frames import as_vector
from guanxi_methods.proportion import normal_quantile

SOURCES_OF_PROFIT = ("base", "growth", "saved_cost", "referral", "price")
FEWEST = 2


class LoyaltyProfit(Method):
    r"""Mean profit of a customer by year of tenure, split into its five sources.

    Reichheld and Sasser name the sources and print no formula; the split is the product's own. With the means of tenure
    year t of revenue at list price :math:`L_t`, revenue paid :math:`P_t`, goods :math:`G_t`, cost to serve :math:`S_t`
    and margin on customers referred :math:`F_t`, and year 1 as the start,

    ==========  =================================================================
    base        :math:`L_1 - G_1 - S_1`
    growth      :math:`(L_t - G_t) - (L_1 - G_1) - (S_1 / L_1)(L_t - L_1)`
    saved cost  :math:`(S_1 / L_1) L_t - S_t`
    referral    :math:`F_t`
    price       :math:`P_t - L_t` (over list a premium, under it a discount)
    ==========  =================================================================

    They sum to :math:`P_t - G_t - S_t + F_t`, the profit of the year, exactly: growth bears the service it would have
    needed at the start, and what experience saves of it stands apart.

    Parameters
    ----------
    level : float, default 0.95
        Of the intervals of profit.

    Attributes
    ----------
    tenures_ : tuple of int
        From 1 on.
    n_ : ndarray of int64, shape (n_tenures,)
    sources_ : dict of str to ndarray of float64, shape (n_tenures,)
    profit_ : ndarray of float64, shape (n_tenures,)
        Of a customer in that year.
    intervals_ : ndarray of float64, shape (n_tenures, 2)
        Of the profit.

    References
    ----------
    F. F. Reichheld, W. E. Sasser, "Zero defections: quality comes to services", Harvard Business Review 68(5), 1990.

    Examples
    --------
    >>> found = LoyaltyProfit().fit(
    ...     tenure=[1, 1, 2, 2], list_revenue=[100, 100, 140, 160], paid_revenue=[95, 105, 150, 160],
    ...     goods_cost=[50, 50, 70, 80], service_cost=[20, 20, 24, 24], referral_margin=[0, 0, 10, 0],
    ... )
    >>> {name: part.tolist() for name, part in found.sources_.items()}
    {'base': [30.0, 30.0], 'growth': [0.0, 15.0], 'saved_cost': [0.0, 6.0], 'referral': [0.0, 5.0], 'price': [0.0, 5.0]}
    >>> found.profit_
    array([30., 61.])
    """

    def __init__(self, level: float = 0.95) -> None:
        """Store the parameters."""
        self.level = level

    def fit(
        self,
        tenure: ArrayLike,
        list_revenue: ArrayLike,
        paid_revenue: ArrayLike,
        goods_cost: ArrayLike,
        service_cost: ArrayLike,
        referral_margin: ArrayLike,
    ) -> LoyaltyProfit:
        """Split profit by year of tenure.

        Parameters
        ----------
        tenure : array_like of int, shape (n_customer_years,)
            1 in a customer's first year.
        list_revenue, paid_revenue, goods_cost, service_cost, referral_margin : array_like, shape (n_customer_years,)
            Of that customer in that year, in one currency.

        Returns
        -------
        LoyaltyProfit

        Raises
        ------
        MethodError
            Tenures that are no whole numbers from 1 on; a year with fewer than two customers; nothing sold in year 1.
        """
        z, years = normal_quantile(self.level), as_vector(tenure, "tenure")
        odd = (years < 1) | (years != np.floor(years))
        if odd.any():
            raise MethodError(
                "tenure must hold whole years from 1 on, but row {row} holds {value:g}",
                row=int(np.argmax(odd)) + 1,
                value=float(years[np.argmax(odd)]),
            )
        columns = {
            name: as_vector(values, name, size=years.size)
            for name, values in (
                ("list_revenue", list_revenue),
                ("paid_revenue", paid_revenue),
                ("goods_cost", goods_cost),
                ("service_cost", service_cost),
                ("referral_margin", referral_margin),
            )
        }
        known, codes = np.unique(years.astype(np.int64), return_inverse=True)
        counts = np.bincount(codes)
        if known[0] != 1 or counts.min() < FEWEST:
            lacking = 1 if known[0] != 1 else int(known[np.argmin(counts)])
            raise TooFewError(
                "tenure year {year} needs at least {needed} customers: the first year is the start that others are "
                "compared with, and an interval needs two",
                year=lacking,
                needed=FEWEST,
            )
        means = {name: _means(column, codes, counts) for name, column in columns.items()}
        profits = columns["paid_revenue"] - columns["goods_cost"] - columns["service_cost"] + columns["referral_margin"]
        middle = _means(profits, codes, counts)
        variance = _means((profits - middle[codes]) ** 2, codes, counts - 1)
        half = z * np.sqrt(variance / counts)
        self.tenures_, self.n_ = tuple(int(year) for year in known), counts
        self.sources_ = _split(means)
        self.profit_, self.intervals_ = middle, np.column_stack([middle - half, middle + half])
        return self


def _means(column: np.ndarray, codes: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return sums by year over counts, added in one order whatever the order of the rows."""
    order = np.lexsort((column, codes))
    return np.asarray(np.bincount(codes[order], weights=column[order], minlength=counts.size) / counts)


def _split(means: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the five sources by year."""
    listed, goods, served = means["list_revenue"], means["goods_cost"], means["service_cost"]
    if listed[0] <= 0:
        raise MethodError("nothing was sold in the first year: there is no base to compare with")
    at_start = served[0] / listed[0]
    gross = listed - goods
    parts = {
        "base": np.full(listed.size, gross[0] - served[0]),
        "growth": gross - gross[0] - at_start * (listed - listed[0]),
        "saved_cost": at_start * listed - served,
        "referral": means["referral_margin"],
        "price": means["paid_revenue"] - listed,
    }
    return {name: parts[name] for name in SOURCES_OF_PROFIT}

"""How unevenly value is spread over customers: whale curve, Gini coefficient, shares of the top."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.errors import MethodError
from guanxi_methods.value.inputs import Amounts, as_amounts, as_share, exact_sum, threshold


@dataclass(frozen=True)
class WhaleCurve:
    """Cumulative value against customers, best first.

    Attributes
    ----------
    customers : ndarray of int64, shape (n_points,)
        How many customers stand at each point, from 0 to all of them.
    amounts : ndarray, shape (n_points,)
        What they are worth together, in the unit of the values.
    total : int or float
        What all are worth together.
    peak_customers : int
        Where the curve is highest: the number of customers worth more than nothing.
    peak_amount : int or float
        The height there; what lies above ``total`` is lost again on the customers that follow.
    """

    customers: NDArray[np.int64]
    amounts: Amounts
    total: int | float
    peak_customers: int
    peak_amount: int | float

    @property
    def customer_shares(self) -> NDArray[np.float64]:
        """Share of the customers at each point, 0 to 1."""
        return np.asarray(self.customers / self.customers[-1], dtype=np.float64)

    @property
    def amount_shares(self) -> NDArray[np.float64]:
        """Share of the total at each point; above 1 where later customers lose money again.

        Raises
        ------
        MethodError
            The total is not positive, so no share exists.
        """
        if self.total <= 0:
            raise MethodError("the total is not positive: shares of it have no meaning, use amounts")
        return np.asarray(self.amounts / float(self.total), dtype=np.float64)


def whale_curve(values: ArrayLike, *, n_points: int | None = None) -> WhaleCurve:
    """Return the whale curve of Kaplan and Cooper: cumulative value from the best customer to the worst.

    It rises as long as customers bring something and falls along those who cost more than they bring, which gives it
    the back of a whale.

    Parameters
    ----------
    values : array_like, shape (n_customers,)
        Profit or net revenue.
    n_points : int, optional
        Keep only about so many evenly spaced points (at least 2), the peak always among them; all by default.

    Returns
    -------
    WhaleCurve

    Raises
    ------
    MethodError
        Empty, NaN or infinite values, or fewer than two points.

    References
    ----------
    R. S. Kaplan, R. Cooper, "Cost and Effect", Harvard Business School Press 1998, ch. 10.

    Examples
    --------
    >>> curve = whale_curve([60, 50, 10, -20])
    >>> curve.amounts, curve.peak_customers, curve.peak_amount
    (array([  0,  60, 110, 120, 100]), 3, 120)
    >>> curve.amount_shares
    array([0. , 0.6, 1.1, 1.2, 1. ])
    """
    if n_points is not None and n_points < 2:
        raise MethodError("a curve needs at least 2 points, not {n_points}", n_points=n_points)
    ranked = np.sort(as_amounts(values))[::-1]
    heights = np.concatenate([np.zeros(1, dtype=ranked.dtype), np.cumsum(ranked)])
    peak = int(np.count_nonzero(ranked > 0))
    positions = np.arange(heights.size)
    if n_points is not None and n_points < heights.size:
        spaced = np.linspace(0, ranked.size, n_points).round().astype(np.int64)
        positions = np.unique(np.append(spaced, peak))
    return WhaleCurve(positions, heights[positions], heights[-1].item(), peak, heights[peak].item())


def gini(values: ArrayLike) -> float:
    r"""Return the Gini coefficient: 0 when all customers are worth the same, towards 1 when one brings everything.

    With values in rising order

    .. math:: G = \frac{2 \sum_{i=1}^{n} i \, v_{(i)}}{n \sum_i v_i} - \frac{n + 1}{n}

    computed in whole numbers for integers and divided once.

    Parameters
    ----------
    values : array_like, shape (n_customers,)
        Not negative: with negative values the coefficient loses its bounds.

    Returns
    -------
    float
        Between 0 and (n - 1) / n.

    Raises
    ------
    MethodError
        Empty, NaN, infinite or negative values, or all zero.

    References
    ----------
    C. Gini, "Variabilita e mutabilita", Bologna 1912; the formula as in A. Sen, "On Economic Inequality", 1973.

    Examples
    --------
    >>> gini([10, 10, 10]), gini([0, 0, 0, 100])
    (0.0, 0.75)
    """
    rising = np.sort(as_amounts(values))
    if rising[0] < 0:
        raise MethodError("the Gini coefficient needs values of 0 or more: leave negative customers out, and say so")
    total = exact_sum(rising)
    if total == 0:
        raise MethodError("all values are 0: how unevenly nothing is spread has no answer")
    n = rising.size
    if rising.dtype.kind == "f":
        return float(2.0 * np.dot(np.arange(1, n + 1), rising) / (n * total) - (n + 1) / n)
    # sum of i * v(i) = (n + 1) * total - sum of cumulative sums, which stay inside 64 bits where i * v may not
    cumulative = int(exact_sum(np.cumsum(rising)))
    return float(Fraction((n + 1) * int(total) - 2 * cumulative, n * int(total)))


def top_share(values: ArrayLike, share: str | float) -> float:
    """Return what part of the total the best ``ceil(share * n)`` customers bring.

    Parameters
    ----------
    values : array_like, shape (n_customers,)
    share : str or float
        Part of the customers, above 0 and at most 1, read exactly as written.

    Returns
    -------
    float
        May exceed 1 when others are negative.

    Raises
    ------
    MethodError
        Empty, NaN or infinite values, or a total that is not positive.

    Examples
    --------
    >>> top_share([60, 20, 10, 5, 5], "0.2")
    0.6
    """
    exact = as_share(share)
    amounts = as_amounts(values)
    total = exact_sum(amounts)
    if total <= 0:
        raise MethodError("the total is not positive: shares of it have no meaning")
    count = -((-amounts.size * exact.numerator) // exact.denominator)
    best = np.partition(amounts, amounts.size - count)[amounts.size - count :]
    return exact_sum(best) / total


def customers_to_reach(values: ArrayLike, share: str | float) -> int:
    """Return the smallest number of customers that together bring at least ``share`` of the total.

    Parameters
    ----------
    values : array_like, shape (n_customers,)
    share : str or float
        Part of the total, above 0 and at most 1, read exactly as written.

    Returns
    -------
    int

    Raises
    ------
    MethodError
        Empty, NaN or infinite values, or a total that is not positive.

    Examples
    --------
    >>> customers_to_reach([60, 20, 10, 5, 5], "0.8")
    2
    """
    exact = as_share(share)
    amounts = as_amounts(values)
    total = exact_sum(amounts)
    if total <= 0:
        raise MethodError("the total is not positive: shares of it have no meaning")
    positive = np.sort(amounts[amounts > 0])[::-1]
    return int(np.searchsorted(np.cumsum(positive), threshold(total, exact), side="left")) + 1

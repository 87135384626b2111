"""What loyalty withstands: prices that rise, incidents of quality."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import stdtrit

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.frames import Vector, as_categories, as_vector
from guanxi_methods.loyalty.intervals import LEVEL, Estimate, check_level, proportion


@dataclass(frozen=True)
class IncidentTolerance:
    """Who stayed after an incident of quality, against who had none.

    Attributes
    ----------
    after_incident, without_incident : Estimate
        Share who stayed (bought again within the time looked at).
    difference : Estimate
        After an incident less without one: how much an incident costs.
    """

    after_incident: Estimate
    without_incident: Estimate
    difference: Estimate


def incident_tolerance(had_incident: Any, stayed: Any, *, level: float = LEVEL) -> IncidentTolerance:
    r"""Measure the tolerance of quality incidents (对质量事故的容忍) by behaviour.

    The share who stayed among customers with an incident, that among those without, and their difference with
    Newcombe's hybrid interval: with Wilson ends :math:`l_i, u_i` of both shares

    .. math::

        p_1 - p_2 - \sqrt{(p_1 - l_1)^2 + (u_2 - p_2)^2}, \qquad p_1 - p_2 + \sqrt{(u_1 - p_1)^2 + (p_2 - l_2)^2}

    Customers with incidents are often those who buy much; the difference compares like with like only within customers
    of a like number of purchases.

    Parameters
    ----------
    had_incident, stayed : array_like of 0 and 1, shape (n_customers,)
    level : float, default 0.95

    Returns
    -------
    IncidentTolerance

    Raises
    ------
    MethodError
        Other values than 0 and 1; nobody with, or nobody without an incident.

    References
    ----------
    R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven
    methods", Statistics in Medicine 17, 1998, 873-890, method 10. The measure is the product's own definition.

    Examples
    --------
    >>> had = [1] * 70 + [0] * 80
    >>> found = incident_tolerance(had, [1] * 56 + [0] * 14 + [1] * 48 + [0] * 32)
    >>> round(found.difference.value, 4), round(found.difference.low, 4), round(found.difference.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    check_level(level)
    incident = as_flags(had_incident, "had_incident")
    remained = as_flags(stayed, "stayed", size=incident.size)
    hit = incident == 1
    if not hit.any():
        raise TooFewError("no customer had an incident: there is nothing to compare")
    if hit.all():
        raise TooFewError("every customer had an incident: there is nobody to compare them with")
    one = proportion(float(remained[hit].sum()), float(hit.sum()), level)
    two = proportion(float(remained[~hit].sum()), float((~hit).sum()), level)
    (low_1, high_1), (low_2, high_2) = one.interval or (0.0, 1.0), two.interval or (0.0, 1.0)
    gap = one.value - two.value
    return IncidentTolerance(
        one,
        two,
        Estimate(
            gap,
            gap - math.hypot(one.value - low_1, high_2 - two.value),
            gap + math.hypot(high_1 - one.value, two.value - low_2),
            math.hypot(one.standard_error or 0.0, two.standard_error or 0.0),
            one.n + two.n,
        ),
    )


def as_flags(values: Any, name: str, *, size: int | None = None) -> Vector:
    """Return a column of 0 and 1; anything else is refused with its row."""
    flags = as_vector(values, name, size=size)
    odd = (flags != 0) & (flags != 1)
    if odd.any():
        raise MethodError(
            "{name} must hold 0 and 1, but row {row} holds {value:g}",
            name=name,
            row=int(np.argmax(odd)) + 1,
            value=float(flags[odd][0]),
        )
    return flags


def price_tolerance(
    accepted_rise: Any, rises: Sequence[float] = (5, 10, 20), *, level: float = LEVEL
) -> dict[float, Estimate]:
    """Return the share of customers who would stay at each rise of price (价格容忍度), by what they said they accept.

    Parameters
    ----------
    accepted_rise : array_like, shape (n_customers,)
        Highest rise in percent at which the customer would still buy from us; missing answers are left out.
    rises : sequence of float, default (5, 10, 20)
        Percent.
    level : float, default 0.95

    Returns
    -------
    dict of float to Estimate
        Share whose accepted rise is at least this one, Wilson's interval. Stated tolerance is usually higher than what
        is done: check it against :class:`PriceSensitivity`.

    Raises
    ------
    MethodError
        No answer.

    Examples
    --------
    >>> tolerated = price_tolerance([0, 5, 10, 10, 20], rises=(5, 10))
    >>> {rise: share.value for rise, share in tolerated.items()}
    {5: 0.8, 10: 0.6}
    """
    told = as_vector(accepted_rise, "accepted_rise", missing="keep")
    told = told[~np.isnan(told)]
    if told.size == 0:
        raise TooFewError("accepted_rise holds no answer")
    return {rise: proportion(float((told >= rise).sum()), float(told.size), level) for rise in rises}


class PriceSensitivity(Method):
    r"""Price sensitivity (价格敏感度): by how many percent customers buy less if the price is one percent higher.

    .. math:: \ln q_{it} = \alpha_i + \varepsilon \ln p_{it} + u_{it}

    with an own level :math:`\alpha_i` for each customer, so that only a customer's own reactions count, not that large
    customers get lower prices. The error is clustered by customer:
    :math:`\mathrm{Var}(\hat\varepsilon) = \frac{G}{G-1} \sum_g (\sum_{t \in g} \tilde x_t \hat u_t)^2 / (\sum \tilde
    x^2)^2`, with Student's :math:`t_{G-1}`. An elasticity near 0 says loyal in spite of the price; under -1, that what
    is gained by the price is lost by quantity.

    Parameters
    ----------
    level : float, default 0.95

    Attributes
    ----------
    elasticity_ : Estimate
        ``n`` counts the customers who paid at least two prices.
    notes_ : tuple of Note

    References
    ----------
    J. M. Wooldridge, "Econometric Analysis of Cross Section and Panel Data", 2nd ed., MIT Press 2010, section 10.5
    (within estimator, clustered error).

    Examples
    --------
    >>> sold = {
    ...     "customer": ["a", "a", "b", "b", "c", "c"],
    ...     "price": [10, 12, 10, 12, 9, 12],
    ...     "quantity": [100, 80, 50, 42, 30, 20],
    ... }
    >>> round(PriceSensitivity().fit(**sold).elasticity_.value, 3)
    -1.267
    """

    def __init__(self, level: float = LEVEL) -> None:
        """Store the parameters."""
        self.level = level

    def fit(self, price: Any, quantity: Any, customer: Any) -> PriceSensitivity:
        """Estimate the elasticity.

        Parameters
        ----------
        price, quantity : array_like, shape (n_rows,)
            Over 0. Prices are those asked, not what a customer's own bargaining reached.
        customer : array_like, shape (n_rows,)

        Returns
        -------
        PriceSensitivity

        Raises
        ------
        MethodError
            Values that are missing or not over 0; fewer than two customers who paid different prices.
        """
        check_level(self.level)
        prices = as_vector(price, "price")
        quantities = as_vector(quantity, "quantity", size=prices.size)
        names = as_categories(customer, "customer").astype(str)
        if names.size != prices.size:
            raise MethodError(
                "customer holds {found} values where {size} are needed", found=names.size, size=prices.size
            )
        for name, values in (("price", prices), ("quantity", quantities)):
            if (values <= 0).any():
                raise MethodError(
                    "{name} must be over 0: row {row} is not", name=name, row=int(np.argmax(values <= 0)) + 1
                )
        _, group = np.unique(names, return_inverse=True)
        x, y = (_within(np.log(values), group) for values in (prices, quantities))
        moves = np.bincount(group, weights=np.abs(x)) > 1e-12
        clusters = int(moves.sum())
        if clusters < 2:
            raise TooFewError("at least 2 customers who paid different prices are needed, there are {n}", n=clusters)
        squares = float(x @ x)
        slope = float(x @ y) / squares
        sums = np.bincount(group, weights=x * (y - slope * x))
        error = math.sqrt(clusters / (clusters - 1) * float(sums @ sums)) / squares
        half = float(stdtrit(clusters - 1, 0.5 + self.level / 2)) * error
        self.elasticity_ = Estimate(slope, slope - half, slope + half, error, clusters)
        still = int(moves.size - clusters)
        self.notes_ = (
            (Note("{count} customers paid one price only and say nothing of it", count=still),) if still else ()
        )
        return self


def _within(values: Vector, group: Any) -> Vector:
    """Return values less the mean of their group."""
    means = np.bincount(group, weights=values) / np.bincount(group)
    return values - means[group]

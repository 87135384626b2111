"""Customer event forecasting: lifetime value as the sum of the events expected of a customer."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import as_categories, as_vector
from guanxi_methods.proportion import check_level, normal_quantile
from guanxi_methods.value.clv.parameters import at_least, finite, whole


class EventForecast(Method):
    r"""Lifetime value as the discounted sum of expected events, each with its probability, revenue, cost and time.

    .. math:: V = \sum_e p_e \, (revenue_e - cost_e) \, (1 + d)^{-t_e}

    The event method (客户事件预测法) is described in textbooks without a formula; this one is the product's own
    definition. If events happen or not independently of one another, the value that comes true has the variance
    :math:`\sum_e p_e (1 - p_e) [(revenue_e - cost_e) (1 + d)^{-t_e}]^2`, from which the interval follows by the normal
    approximation; events that hang together (a divorce and a moved account) spread it wider. It is an interval of what
    may happen, not of how well the probabilities are known.

    Parameters
    ----------
    rate : float
        d: discount rate of the unit in which times are given, not negative.
    level : float, default 0.95
        Of the interval.

    Attributes
    ----------
    values_ : ndarray of float64, shape (n_events,)
        What each event adds.
    value_ : float
        Their sum.
    spread_ : float
        Standard deviation of the value that comes true.
    interval_ : tuple of float
    by_customer_ : dict of str to float
        Sums by customer, in the order of their names; one entry "" where no customers were given.
    spread_by_customer_ : dict of str to float
    by_event_ : dict of str to float
        Sums by kind of event.
    n_events_ : int
    notes_ : tuple of Note

    Examples
    --------
    >>> forecast = EventForecast(rate=0.1).fit(
    ...     probability=[0.9, 0.5, 0.2], revenue=[100, 400, 0], cost=[20, 100, 150], time=[0, 1, 2],
    ...     event=["renewal", "upgrade", "repair"],
    ... )
    >>> forecast.values_.round(3), round(forecast.value_, 3)
    (array([ 72.   , 136.364, -24.793]), 183.57)
    """

    def __init__(self, rate: float, level: float = 0.95) -> None:
        """Store the parameters."""
        self.rate = rate
        self.level = level

    def fit(
        self,
        probability: ArrayLike,
        revenue: ArrayLike,
        cost: ArrayLike,
        time: ArrayLike,
        *,
        customer: ArrayLike | None = None,
        event: ArrayLike | None = None,
    ) -> EventForecast:
        """Add up the events.

        Parameters
        ----------
        probability : array_like, shape (n_events,)
            That the event happens, 0 to 1.
        revenue, cost : array_like, shape (n_events,)
            What it brings and takes if it happens, in one currency; costs not negative.
        time : array_like, shape (n_events,)
            When, from now, in the unit of the rate; not negative.
        customer : array_like, shape (n_events,), optional
            Of whom it is expected.
        event : array_like, shape (n_events,), optional
            What kind it is.

        Returns
        -------
        EventForecast

        Raises
        ------
        MethodError
            A figure outside its bounds, told with column and row.
        """
        z, rate = normal_quantile(self.level), at_least("rate", self.rate, 0.0)
        chance = _bounded("probability", probability, None, 0.0, 1.0)
        income = as_vector(revenue, "revenue", size=chance.size)
        outlay = _bounded("cost", cost, chance.size, 0.0, math.inf)
        times = _bounded("time", time, chance.size, 0.0, math.inf)
        worth = (income - outlay) * (1 / (1 + rate)) ** times
        self.values_ = chance * worth
        variances = chance * (1 - chance) * worth**2
        self.value_ = math.fsum(self.values_)
        self.spread_ = math.sqrt(math.fsum(variances))
        self.interval_ = (self.value_ - z * self.spread_, self.value_ + z * self.spread_)
        self.by_customer_ = _sums(customer, "customer", self.values_)
        self.spread_by_customer_ = {
            name: math.sqrt(total) for name, total in _sums(customer, "customer", variances).items()
        }
        self.by_event_ = _sums(event, "event", self.values_)
        self.n_events_ = chance.size
        self.notes_ = (
            Note("the interval takes events as independent of one another and their probabilities as known"),
        )
        return self


def _bounded(name: str, values: ArrayLike, size: int | None, least: float, most: float) -> np.ndarray:
    """Return a column of numbers between two bounds."""
    column = as_vector(values, name, size=size)
    outside = (column < least) | (column > most)
    if outside.any():
        row = int(np.argmax(outside))
        if math.isinf(most):
            raise MethodError(
                "{name} must not be under {least:g}, but row {row} holds {value:g}",
                name=name,
                least=least,
                row=row + 1,
                value=float(column[row]),
            )
        raise MethodError(
            "{name} must lie between {least:g} and {most:g}, but row {row} holds {value:g}",
            name=name,
            least=least,
            most=most,
            row=row + 1,
            value=float(column[row]),
        )
    return column


def _sums(groups: ArrayLike | None, name: str, values: np.ndarray) -> dict[str, float]:
    """Return sums by group, groups in the order of their names."""
    if groups is None:
        return {"": math.fsum(values)}
    labels = as_categories(groups, name).astype(np.str_)
    if labels.size != values.size:
        raise MethodError(
            "{name} holds {found} values where {size} are needed", name=name, found=labels.size, size=values.size
        )
    known, codes = np.unique(labels, return_inverse=True)
    order = np.lexsort((values, codes))  # added in one order, whatever the order of the rows
    totals = np.bincount(codes[order], weights=values[order], minlength=known.size)
    return {str(label): float(total) for label, total in zip(known, totals, strict=True)}


@dataclass(frozen=True)
class Hazard:
    """How often a kind of event happens.

    Attributes
    ----------
    rate : float
        Events per customer and unit of time.
    interval : tuple of float
        Exact interval of a Poisson count.
    count : int
    exposure : float
    """

    rate: float
    interval: tuple[float, float]
    count: int
    exposure: float


def event_hazard(count: int, exposure: float, *, level: float = 0.95) -> Hazard:
    r"""Return the hazard of a kind of event from how often it was seen.

    :math:`\hat h = k / E`, with Garwood's interval :math:`[\chi^2_{\alpha/2}(2k) / 2E,\ \chi^2_{1-\alpha/2}(2k+2) / 2E]`.

    Parameters
    ----------
    count : int
        Events seen, k.
    exposure : float
        Customers times the time each was watched, E.
    level : float, default 0.95

    Returns
    -------
    Hazard

    Raises
    ------
    MethodError
        A negative count, or an exposure that is not positive.

    References
    ----------
    F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28, 1936.

    Examples
    --------
    >>> seen = event_hazard(20, 250.0)
    >>> seen.rate, [round(bound, 5) for bound in seen.interval]
    (0.08, [0.04887, 0.12355])
    """
    from scipy.special import gammaincinv

    seen, watched = whole("count", count), at_least("exposure", exposure, 0.0)
    check_level(level)
    if watched == 0:
        raise MethodError("exposure must be over 0: nobody was watched")
    tail = (1 - level) / 2
    low = float(gammaincinv(seen, tail)) if seen else 0.0
    high = float(gammaincinv(seen + 1, 1 - tail))
    return Hazard(seen / watched, (low / watched, high / watched), seen, watched)


def hazard_value(
    hazard: float, *, revenue: float, cost: float, rate: float, horizon: float, is_once: bool = False
) -> float:
    r"""Return what a kind of event with a constant hazard is expected to add within a horizon.

    With :math:`\delta = \ln(1 + d)`, of events that come again and again

    .. math:: (revenue - cost) \int_0^H h e^{-\delta t} dt = (revenue - cost)\, h \frac{1 - e^{-\delta H}}{\delta}

    and of one that can happen once only (h + delta) stands for delta in the exponent and below the line. The
    product's own definition, as :class:`EventForecast`.

    Parameters
    ----------
    hazard : float
        h: events per customer and unit of time, not negative.
    revenue, cost : float
        Of one event.
    rate : float
        d: discount rate of the same unit, not negative.
    horizon : float
        H: how far ahead, in that unit; may be infinite where the sum ends.
    is_once : bool, default False

    Returns
    -------
    float

    Raises
    ------
    MethodError
        A figure outside its bounds; a sum that does not end.

    Examples
    --------
    >>> round(hazard_value(0.5, revenue=100, cost=20, rate=0.1, horizon=3), 3)
    104.369
    >>> round(hazard_value(0.5, revenue=100, cost=20, rate=0.1, horizon=3, is_once=True), 3)
    55.928
    """
    often, force = at_least("hazard", hazard, 0.0), math.log1p(at_least("rate", rate, 0.0))
    net = finite("revenue", revenue) - at_least("cost", cost, 0.0)
    fading = force + (often if is_once else 0.0)
    if math.isinf(horizon) and horizon > 0:
        if fading == 0:
            raise MethodError("the sum does not end: with rate 0 give a finite horizon")
        return net * often / fading
    ahead = at_least("horizon", horizon, 0.0)
    return net * often * (ahead if fading == 0 else -math.expm1(-fading * ahead) / fading)

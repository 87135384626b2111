"""What BG/NBD, MBG/NBD and Pareto/NBD share: customers who buy at random until they silently leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import Vector, as_vector
from guanxi_methods.value.lifetime.maximum import Objective, climb, highest
from guanxi_methods.value.lifetime.model import LifetimeModel
from guanxi_methods.value.lifetime.summaries import Lines, as_history, as_lines

NODE_STEP = 0.3
"""Distance of the nodes over the logarithm of time when purchases ahead are discounted."""
CHUNK = 65536
HALVINGS = 60


@dataclass(frozen=True)
class Holdout:
    """Purchases made in a later period against those expected.

    Attributes
    ----------
    actual : float
        Purchases made, by all customers together.
    expected : float
        The model's sum for the same customers and times.
    low, high : float
        Where ``actual`` should lie at the model's ``level``, by chance (customers independent of each other) and by
        not knowing the parameters; NaN where the likelihood is at its edge.
    customers : float
    """

    actual: float
    expected: float
    low: float
    high: float
    customers: float


class BuyingModel(LifetimeModel):
    """Base of the models in continuous time. They differ in when a customer may leave."""

    _TIME_POWERS: ClassVar[tuple[int, ...]]
    """With which power of the unit of time each parameter grows."""
    _SAMPLE: ClassVar[int] = 1500
    """Lines on which the search is begun from several starts; it is ended on all."""

    n_customers_: float
    n_lines_: int

    def _starts(self, lines: Lines) -> list[Vector]:
        raise NotImplementedError

    def _objective(self, lines: Lines) -> Objective:
        raise NotImplementedError

    def _alive(self, params: Vector, x: Vector, t_x: Vector, t: Vector) -> Vector:
        raise NotImplementedError

    def _moments_if_alive(self, params: Vector, ahead: Vector, x: Vector, t: Vector) -> tuple[Vector, Vector]:
        raise NotImplementedError

    def _at_least_if_alive(self, params: Vector, ahead: Vector, k: Vector, x: Vector, t: Vector) -> Vector:
        raise NotImplementedError

    def _new(self, params: Vector, ahead: Vector) -> Vector:
        raise NotImplementedError

    def _learn_lines(self, x: Any, t_x: Any, T: Any, count: Any) -> None:
        """Check, search and keep what was found."""
        self._check_level()
        lines = as_lines(x, t_x, T, count)
        # a power of two, so that no digit of a time changes; the search then meets figures of about one
        unit = 2.0 ** np.round(np.log2(lines.total(lines.t) / float(lines.count.sum())))
        scaled = Lines(lines.x, lines.t_x / unit, lines.t / unit, lines.count)
        few = scaled.sample(self._SAMPLE)
        objective = self._objective(scaled)
        top = highest(objective if few is scaled else self._objective(few), self._starts(few))
        if few is not scaled:
            top = climb(objective, top.logs)
        self.n_customers_ = float(lines.count.sum())
        self.n_lines_ = int(lines.x.size)
        notes: list[Note] = []
        buyers = float(lines.count[lines.x > 0].sum())
        if buyers < 30:
            notes.append(
                Note("only {buyers:g} customers bought again: standard errors hold for many customers", buyers=buyers)
            )
        self._learn(objective, top, unit ** np.array(self._TIME_POWERS, dtype=float), notes)
        self.log_likelihood_ = top.value - float(np.log(unit)) * lines.total(lines.x)

    def p_alive(self, x: ArrayLike, t_x: ArrayLike, T: ArrayLike) -> Vector:
        """Return the probability that each customer has not left at the end of observation.

        Parameters
        ----------
        x, t_x, T : array_like, shape (n_customers,)
            As in ``fit``.

        Returns
        -------
        ndarray of float64, shape (n_customers,)
        """
        params, history = self._values(), as_history(*_columns(x, t_x, T))
        return _by_chunks(lambda *rows: self._alive(params, *rows), *history)

    def p_alive_interval(self, x: ArrayLike, t_x: ArrayLike, T: ArrayLike) -> tuple[Vector, Vector]:
        """Return the interval of :meth:`p_alive` (delta method on the logit); NaN where the likelihood is at its edge."""
        self._values()
        history = as_history(*_columns(x, t_x, T))
        return self._share_interval(lambda params: self._alive(params, *history))

    def expected_transactions(self, t: ArrayLike, x: ArrayLike, t_x: ArrayLike, T: ArrayLike) -> Vector:
        """Return the expected purchases of each customer in the time t after the end of observation.

        Parameters
        ----------
        t : float, or array_like of shape (n_customers,)
            Time ahead, in the unit of ``fit``.
        x, t_x, T : array_like, shape (n_customers,)
            As in ``fit``.

        Returns
        -------
        ndarray of float64, shape (n_customers,)
        """
        params, history = self._values(), as_history(*_columns(x, t_x, T))
        ahead = _ahead(t, history[0].size)
        return _by_chunks(lambda *rows: self._expected(params, *rows), ahead, *history)

    def expected_transactions_interval(
        self, t: ArrayLike, x: ArrayLike, t_x: ArrayLike, T: ArrayLike
    ) -> tuple[Vector, Vector]:
        """Return the interval of :meth:`expected_transactions`: what not knowing the parameters does to the mean.

        By the delta method on the logarithm; where one customer's purchases will lie is told by
        :meth:`prediction_interval`. NaN where the likelihood is at its edge.
        """
        self._values()
        history = as_history(*_columns(x, t_x, T))
        ahead = _ahead(t, history[0].size)
        return self._positive_interval(lambda params: self._expected(params, ahead, *history))

    def prediction_interval(
        self, t: ArrayLike, x: ArrayLike, t_x: ArrayLike, T: ArrayLike
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return between which counts the purchases of each customer in the time t ahead will lie.

        The two quantiles (1 - level) / 2 and (1 + level) / 2 of the count's distribution given the customer's past, the
        parameters taken as known; as a count is whole, at least ``level`` of the customers lie inside.

        Parameters
        ----------
        t : float, or array_like of shape (n_customers,)
        x, t_x, T : array_like, shape (n_customers,)

        Returns
        -------
        low, high : ndarray of int64, shape (n_customers,)
        """
        params, (counts, last, end) = self._values(), as_history(*_columns(x, t_x, T))
        ahead = _ahead(t, counts.size)
        alive = self._alive(params, counts, last, end)

        def over(k: Vector) -> Vector:
            chance: Vector = alive * self._at_least_if_alive(params, ahead, k + 1, counts, end)
            return chance

        mean = self._expected(params, ahead, counts, last, end)
        return tuple(_quantile(over, share, mean) for share in (0.5 - self.level / 2, 0.5 + self.level / 2))  # type: ignore[return-value]

    def expected_new(self, t: ArrayLike) -> Vector:
        """Return E[X(t)]: the expected repeat purchases of a new customer in the time t after the first.

        Parameters
        ----------
        t : float or array_like, shape (n,)

        Returns
        -------
        ndarray of float64, shape (n,)
        """
        params = self._values()
        return self._new(params, _times(t))

    def expected_new_interval(self, t: ArrayLike) -> tuple[Vector, Vector]:
        """Return the interval of :meth:`expected_new` (delta method on the logarithm)."""
        self._values()
        times = _times(t)
        return self._positive_interval(lambda params: self._new(params, times))

    def holdout(
        self,
        actual: ArrayLike,
        t: ArrayLike,
        x: ArrayLike,
        t_x: ArrayLike,
        T: ArrayLike,
        count: ArrayLike | None = None,
    ) -> Holdout:
        """Compare the purchases of a later period with the model's sum for the same customers.

        Parameters
        ----------
        actual : array_like of int, shape (n_customers,)
            Purchases of each customer in the time t after the end of observation.
        t : float, or array_like of shape (n_customers,)
        x, t_x, T : array_like, shape (n_customers,)
        count : array_like, shape (n_customers,), optional
            How many customers each row stands for.

        Returns
        -------
        Holdout
        """
        params, history = self._values(), as_history(*_columns(x, t_x, T))
        size = history[0].size
        ahead, made = _ahead(t, size), as_vector(actual, "actual", size=size)
        weights = np.ones(size) if count is None else as_vector(count, "count", size=size)
        alive = self._alive(params, *history)
        first, second = self._moments_if_alive(params, ahead, history[0], history[2])
        mean = alive * first
        expected = float(weights @ mean)
        variance = float(weights @ (alive * second - mean**2))
        low = high = float("nan")
        if not self.at_edge_ and expected > 0:
            _, spread = self._log_spread(
                lambda moved: np.atleast_1d(weights @ self._expected(moved, ahead, *history)), np.log
            )
            reach = self._z() * float(np.sqrt(variance + (expected * float(spread[0])) ** 2))
            low, high = max(0.0, expected - reach), expected + reach
        return Holdout(float(weights @ made), expected, low, high, float(weights.sum()))

    def discounted_transactions(self, rate: float, x: ArrayLike, t_x: ArrayLike, T: ArrayLike) -> Vector:
        r"""Return the discounted expected residual transactions (DERT) of each customer.

        .. math:: DERT = \int_0^\infty e^{-\delta u} \, dE(u) = \delta \int_0^\infty e^{-\delta u} E(u) \, du

        where :math:`E(u)` are the expected purchases in the time u ahead, by the trapezoidal rule over
        :math:`\ln u`. Multiplied with the margin of a purchase it is the residual lifetime value.

        Parameters
        ----------
        rate : float
            Continuous rate of discount per unit of time, over 0: the logarithm of 1 plus the rate compounded once per
            unit. 15% a year is ln(1.15) / 52.18 = .00268 a week.
        x, t_x, T : array_like, shape (n_customers,)

        Returns
        -------
        ndarray of float64, shape (n_customers,)

        References
        ----------
        P. S. Fader, B. G. S. Hardie & K. L. Lee, "RFM and CLV: using iso-value curves for customer base analysis",
        Journal of Marketing Research 42, 2005, p. 415-430.
        """
        params, history = self._values(), as_history(*_columns(x, t_x, T))
        delta = float(as_vector(np.array([rate]), "rate")[0])
        if not delta > 0:
            raise MethodError("rate must be over 0, not {rate!r}: without discount the sum may be infinite", rate=rate)
        return _by_chunks(lambda *rows: self._discounted(params, delta, *rows), *history)

    def _discounted(self, params: Vector, delta: float, x: Vector, t_x: Vector, t: Vector) -> Vector:
        """DERT of each customer."""
        made = np.zeros(x.size)
        # e**-delta u ends the integrand at the right; to the left it falls as u squared
        for node in np.arange(-20.0, np.log(40.0), NODE_STEP):
            u = np.exp(node)
            first, _ = self._moments_if_alive(params, np.full(x.size, u / delta), x, t)
            made += NODE_STEP * u * np.exp(-u) * first
        discounted: Vector = made * self._alive(params, x, t_x, t)
        return discounted

    def residual_value(self, rate: float, margin: ArrayLike, x: ArrayLike, t_x: ArrayLike, T: ArrayLike) -> Vector:
        """Return the expected residual lifetime value: DERT times the margin of a purchase.

        Parameters
        ----------
        rate : float
            See :meth:`discounted_transactions`.
        margin : float, or array_like of shape (n_customers,)
            What a purchase brings: expected spending (``GammaGamma.expected_value``) times the rate of margin.
        x, t_x, T : array_like, shape (n_customers,)

        Returns
        -------
        ndarray of float64, shape (n_customers,)
        """
        ahead = self.discounted_transactions(rate, x, t_x, T)
        brings: Vector = ahead * as_vector(np.broadcast_to(np.asarray(margin, dtype=float), ahead.shape), "margin")
        return brings

    def _expected(self, params: Vector, ahead: Vector, x: Vector, t_x: Vector, t: Vector) -> Vector:
        """Expected purchases of each customer in the time ahead."""
        made: Vector = self._alive(params, x, t_x, t) * self._moments_if_alive(params, ahead, x, t)[0]
        return made


def _columns(*columns: ArrayLike) -> tuple[ArrayLike, ...]:
    """Let single figures stand for a column of one."""
    return tuple(np.atleast_1d(np.asarray(column)) if np.ndim(column) == 0 else column for column in columns)


def _ahead(t: ArrayLike, size: int) -> Vector:
    """Return the time ahead of each customer, once it is one."""
    times = np.asarray(t)
    return _times(np.full(size, times) if times.ndim == 0 else times, size)


def _times(t: ArrayLike, size: int | None = None) -> Vector:
    """Return times of at least 0."""
    times = as_vector(np.atleast_1d(np.asarray(t)), "t", size=size)
    if (times < 0).any():
        row = int(np.argmax(times < 0))
        raise MethodError(
            "{name} must not be negative, but row {row} holds {value:g}",
            name="t",
            row=row + 1,
            value=float(times[row]),
        )
    return times


def _by_chunks(figure: Callable[..., Vector], *columns: Vector) -> Vector:
    """Compute a figure per row in pieces that stay small in memory."""
    size = columns[0].size
    made = np.empty(size)
    for start in range(0, size, CHUNK):
        part = slice(start, start + CHUNK)
        made[part] = figure(*(column[part] for column in columns))
    return made


def _quantile(over: Callable[[Vector], Vector], share: float, mean: Vector) -> NDArray[np.int64]:
    """The smallest k of which P(count > k) is at most 1 - share, by doubling and halving."""
    high = np.maximum(1.0, np.ceil(2 * mean))
    for _ in range(HALVINGS):
        is_low = over(high) > 1 - share
        if not is_low.any():
            break
        high = np.where(is_low, high * 2, high)
    low = np.full(mean.size, -1.0)
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        is_enough = (over(np.maximum(middle, 0)) <= 1 - share) & (middle >= 0)
        high, low = (
            np.where(is_enough & (high - low > 1), middle, high),
            np.where(is_enough, low, np.minimum(middle, high - 1)),
        )
    made: NDArray[np.int64] = high.astype(np.int64)
    return made

"""The migration model estimated from a log of purchases."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.frames import as_vector
from guanxi_methods.proportion import normal_quantile, wilson
from guanxi_methods.value.clv.migration import migration_value, recency_matrix
from guanxi_methods.value.clv.parameters import at_least, finite, whole
from guanxi_methods.value.clv.purchases import Whole, customer_codes, day_number, day_numbers

Matrix = NDArray[np.float64]
FEWEST = 30


class MigrationModel(Method):
    r"""Lifetime value by recency, the probabilities of buying counted on a log, with standard errors.

    The days up to ``end`` are cut into periods of ``period_days``, the last of which is whole. From the period after a
    customer's first purchase to the last one each customer stands, period after period, in the state "last bought j
    periods ago" and buys or does not: :math:`\hat p_j = k_j / n_j`. Periods in which a customer is lost (last purchase
    over J periods ago) are not counted; who then buys again is counted in ``share_returned_`` and starts anew.

    A customer's periods are not independent draws where customers differ, so the covariance is that of sums over
    customers (ratio estimate): with :math:`u_i = (k_{ij} - \hat p_j n_{ij}) / n_j` it is :math:`\sum_i u_i u_i^T`. The
    margin, where it is learned, is such a ratio too (money over periods with a purchase) and stands in the same matrix.
    The standard error of value follows by the derivatives of :func:`migration_value` (delta method).

    Parameters
    ----------
    n_states : int, default 4
        J: periods without a purchase after which a customer counts as lost.
    period_days : int, default 30
        Length of a period.
    cost : float, default 0
        Of keeping up with a customer for a period, in the currency of the amounts.
    rate : float, default 0.01
        Discount rate of a period (not of a year).
    periods : int, default 12
        Periods after the present one in ``finite_``.
    margin : float, optional
        Of a purchase; the mean money of a period with a purchase times ``margin_rate`` unless given.
    margin_rate : float, default 1
        Share of the amounts that is margin.
    level : float, default 0.95
        Of the intervals.

    Attributes
    ----------
    probabilities_ : ndarray of float64, shape (J,)
        Of buying in a period, by periods since the last purchase.
    standard_errors_ : ndarray of float64, shape (J,)
    intervals_ : ndarray of float64, shape (J, 2)
        Wilson's, with as many trials as the standard error stands for.
    trials_, purchases_ : ndarray of int64, shape (J,)
    margin_, margin_standard_error_ : float
        The standard error is 0 where the margin was given.
    finite_, infinite_ : ndarray of float64, shape (J + 1,)
        Value by state, the last one lost.
    finite_standard_errors_, infinite_standard_errors_ : ndarray of float64, shape (J + 1,)
    finite_intervals_, infinite_intervals_ : ndarray of float64, shape (J + 1, 2)
    share_returned_ : float or None
        Of the times that a customer was lost, how often it bought again after all by the end; None if none was lost.
        Much over 0 says that J is too small; near 0 with J = 1 says that the retention model would do.
    states_ : ndarray of int64, shape (n_customers,)
        Where each customer stands after the last period: 1 to J, or J + 1 for lost. In the order of ``customers_``.
    customers_ : ndarray
    n_customers_ : int
    notes_ : tuple of Note

    References
    ----------
    P. E. Pfeifer, R. L. Carraway, "Modeling customer relationships as Markov chains", Journal of Interactive Marketing
    14(2), 2000; T. W. Anderson, L. A. Goodman, "Statistical inference about Markov chains", Annals of Mathematical
    Statistics 28, 1957 (the estimate); W. G. Cochran, "Sampling Techniques", 3rd ed., Wiley 1977, section 3.12 (the
    variance of a ratio over clusters).

    Examples
    --------
    >>> customer = [i for i in range(60) for _ in range(3)]
    >>> date = [day for i in range(60) for day in (0, 30 if i % 3 else 60, 119 if i % 2 else 70)]
    >>> model = MigrationModel(n_states=2, margin=40, cost=4).fit(customer, date, end=119)
    >>> model.trials_, model.purchases_
    (array([140,  40]), array([70, 40]))
    >>> model.probabilities_.round(4), model.standard_errors_.round(4)
    (array([0.5, 1. ]), array([0.0277, 0.    ]))
    """

    def __init__(
        self,
        n_states: int = 4,
        period_days: int = 30,
        cost: float = 0.0,
        rate: float = 0.01,
        periods: int = 12,
        margin: float | None = None,
        margin_rate: float = 1.0,
        level: float = 0.95,
    ) -> None:
        """Store the parameters."""
        self.n_states = n_states
        self.period_days = period_days
        self.cost = cost
        self.rate = rate
        self.periods = periods
        self.margin = margin
        self.margin_rate = margin_rate
        self.level = level

    def fit(
        self,
        customer: ArrayLike,
        date: ArrayLike,
        amount: ArrayLike | None = None,
        *,
        end: dt.date | str | np.datetime64 | int | None = None,
    ) -> MigrationModel:
        """Count the log and value the states.

        Parameters
        ----------
        customer : array_like, shape (n_rows,)
            Whose purchase; rows without one are left out, and counted in a note.
        date : array_like of dates, shape (n_rows,)
            Dates, or integers counting days since 1970-01-01.
        amount : array_like, shape (n_rows,), optional
            Money of the row. Rows of 0 or less (returns) are no purchases, but are taken off the money.
        end : date or int, optional
            Last day on record; that of the newest row unless given. Later rows are left out.

        Returns
        -------
        MigrationModel

        Raises
        ------
        MethodError
            No amounts and no margin; a figure outside its bounds; fewer than 30 trials in a state.
        """
        z, size = normal_quantile(self.level), whole("n_states", self.n_states, 1)
        whole("period_days", self.period_days, 1)
        if amount is None and self.margin is None:
            raise MethodError(
                "give the amounts of the purchases or the margin of one: without either there is no value"
            )
        codes, known = customer_codes(customer)
        days = day_numbers(date, "date", codes.size)
        money = np.ones(codes.size) if amount is None else as_vector(amount, "amount", size=codes.size)
        last_day = int(days.max()) if end is None else day_number(end, "end")
        log = _counted(codes, days, money, last_day, self.period_days, size)
        if (log.trials.sum(axis=0) < FEWEST).any():
            state = int(np.argmax(log.trials.sum(axis=0) < FEWEST))
            raise TooFewError(
                "only {found} periods of customers who last bought {state} periods ago are on record, and {needed} are "
                "needed: take fewer states (n_states), shorter periods (period_days) or a longer log",
                found=int(log.trials[:, state].sum()),
                state=state + 1,
                needed=FEWEST,
            )
        self.customers_, self.n_customers_ = known[log.buyers], log.buyers.size
        self.states_ = log.states
        self.share_returned_ = log.returned / log.lost if log.lost else None
        self._learn_probabilities(log)
        self._learn_value(log, z)
        self.notes_ = self._notes(log, amount is not None)
        return self

    def expected_buyers(self, periods: int) -> Matrix:
        """Return how many of the customers are expected to buy in each of the periods that follow.

        Compare it with what came true before relying on the values: customers who differ in how often they buy make a
        model of recency alone expect too few.

        Parameters
        ----------
        periods : int

        Returns
        -------
        ndarray of float64, shape (periods,)

        Raises
        ------
        MethodError
            Periods that are no whole number, or a model that is not fitted.
        """
        self._check_fitted("probabilities_")
        moves = recency_matrix(self.probabilities_)
        standing = np.bincount(self.states_ - 1, minlength=len(moves)).astype(np.float64)
        expected = np.empty(whole("periods", periods))
        for ahead in range(expected.size):
            standing = standing @ moves
            expected[ahead] = standing[0]
        return expected

    def _learn_probabilities(self, log: _Counts) -> None:
        """Set what is counted: probabilities, margin, and the covariance of both."""
        self.trials_, self.purchases_ = log.trials.sum(axis=0), log.bought.sum(axis=0)
        self.probabilities_ = self.purchases_ / self.trials_
        pull = (log.bought - self.probabilities_ * log.trials) / self.trials_
        if self.margin is None:
            share = at_least("margin_rate", self.margin_rate, 0.0)
            mean = float(log.money.sum()) / float(log.active.sum())
            self.margin_ = share * mean
            pull = np.column_stack([pull, share * (log.money - mean * log.active) / log.active.sum()])
        else:
            self.margin_ = finite("margin", self.margin)
            pull = np.column_stack([pull, np.zeros(len(pull))])
        self._covariance = pull.T @ pull
        errors = np.sqrt(np.diag(self._covariance))
        self.standard_errors_, self.margin_standard_error_ = errors[:-1], float(errors[-1])
        spread = self.probabilities_ * (1 - self.probabilities_)
        stands_for = np.where(
            self.standard_errors_ > 0, spread / np.maximum(self.standard_errors_, 1e-150) ** 2, self.trials_
        )
        # a share of 0 or 1 has no spread to compare with: all trials count, as if customers were alike
        stands_for = np.where(spread > 0, stands_for, self.trials_)
        self.intervals_ = np.array(
            [wilson(float(p * n), float(n), self.level) for p, n in zip(self.probabilities_, stands_for, strict=True)]
        )

    def _learn_value(self, log: _Counts, z: float) -> None:
        """Set the value of the states with standard errors by the derivatives."""
        worth = migration_value(
            self.probabilities_, margin=self.margin_, cost=self.cost, rate=self.rate, periods=self.periods
        )
        moves, size = recency_matrix(self.probabilities_), self.n_states
        discount = 1 / (1 + self.rate)
        earned = np.full(size + 1, -float(self.cost))
        earned[0] += self.margin_
        earned[-1] = 0.0
        value, slopes = earned.copy(), np.zeros((size + 1, size + 1))
        slopes[0, -1] = 1.0  # the margin is earned in state 1
        first = slopes.copy()
        for _ in range(self.periods):
            slopes = first + discount * (_by_probability(value, size) + moves @ slopes)
            value = earned + discount * moves @ value
        inner = np.eye(size) - discount * moves[:size, :size]
        endless = np.zeros_like(slopes)
        endless[:size] = np.linalg.solve(inner, (first + discount * _by_probability(worth.infinite, size))[:size])
        self.finite_, self.infinite_ = worth.finite, worth.infinite
        self.finite_standard_errors_ = self._errors(slopes)
        self.infinite_standard_errors_ = self._errors(endless)
        self.finite_intervals_ = _around(self.finite_, z * self.finite_standard_errors_)
        self.infinite_intervals_ = _around(self.infinite_, z * self.infinite_standard_errors_)

    def _errors(self, slopes: Matrix) -> Matrix:
        """Return standard errors from derivatives by the probabilities and the margin."""
        variance = np.einsum("ij,jk,ik->i", slopes, self._covariance, slopes)
        return np.sqrt(np.maximum(variance, 0.0))

    def _notes(self, log: _Counts, has_amounts: bool) -> tuple[Note, ...]:
        """Say what was left out and what to beware of."""
        notes = []
        if log.unnamed:
            notes.append(Note("{count} rows without a customer were left out", count=log.unnamed))
        if log.late:
            notes.append(Note("{count} rows after the end were left out", count=log.late))
        if has_amounts and log.not_bought:
            notes.append(
                Note(
                    "{count} rows of 0 or less are no purchases; they were taken off the money of their customers",
                    count=log.not_bought,
                )
            )
        if self.share_returned_:
            notes.append(
                Note(
                    "{share:.1%} of customers counted as lost bought again: the states value them at 0",
                    share=self.share_returned_,
                )
            )
        if (self.purchases_ == 0).any() or (self.purchases_ == self.trials_).any():
            notes.append(Note("in some state nobody or everybody bought: its standard error is 0 and says too little"))
        return tuple(notes)


def _by_probability(value: Matrix, size: int) -> Matrix:
    """Return the derivatives of P times value by the probabilities: buying leads to state 1 instead of the next."""
    slopes = np.zeros((size + 1, size + 1))
    places = np.arange(size)
    slopes[places, places] = value[0] - value[1:]
    return slopes


def _around(middle: Matrix, half: Matrix) -> Matrix:
    """Return intervals, shape (n, 2)."""
    return np.column_stack([middle - half, middle + half])


@dataclass(frozen=True)
class _Counts:
    """The log, counted by customer."""

    buyers: Whole
    trials: Whole
    bought: Whole
    money: Matrix
    active: Whole
    states: Whole
    lost: int
    returned: int
    unnamed: int
    late: int
    not_bought: int


def _counted(codes: Whole, days: Whole, money: Matrix, last_day: int, length: int, size: int) -> _Counts:
    """Count trials and purchases of each customer by state."""
    named, in_time = codes >= 0, days <= last_day
    kept = named & in_time
    is_purchase = kept & (money > 0)
    if not is_purchase.any():
        raise TooFewError("there is no purchase of a known customer up to the end: nothing can be counted")
    # the last period ends on the last day and has number 0, those before it -1, -2 ...
    period = -((last_day - days[is_purchase]) // length)
    lowest = int(period.min())
    width = 1 - lowest
    pairs = np.sort(codes[is_purchase] * width + (period - lowest))  # np.unique hashes, which takes long on millions
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])]
    who, when = np.divmod(pairs, width)
    is_last = np.append(who[1:] != who[:-1], True)
    buyers = who[is_last]  # sorted already
    row = np.concatenate([[0], np.cumsum(is_last)[:-1]])
    gap = np.where(is_last, width - 1 - when, np.append(when[1:], 0) - when)
    trials = np.zeros((buyers.size, size), dtype=np.int64)
    bought = np.zeros_like(trials)
    for state in range(1, size + 1):
        trials[:, state - 1] = np.bincount(row, weights=gap >= state, minlength=buyers.size)
        bought[:, state - 1] = np.bincount(row, weights=~is_last & (gap == state), minlength=buyers.size)
    total = np.bincount(codes[kept], weights=money[kept], minlength=int(codes.max()) + 1)
    return _Counts(
        buyers=buyers,
        trials=trials,
        bought=bought,
        money=total[buyers],
        active=np.bincount(row, minlength=buyers.size),
        states=np.minimum(gap[is_last], size) + 1,
        lost=int((gap >= size + (~is_last)).sum()),
        returned=int((~is_last & (gap > size)).sum()),
        unnamed=int((~named).sum()),
        late=int((named & ~in_time).sum()),
        not_bought=int((kept & (money <= 0)).sum()),
    )

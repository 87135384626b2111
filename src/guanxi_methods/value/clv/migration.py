"""Lifetime value by the migration model: a customer who stays away may come back, the less likely the longer away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.errors import MethodError
from guanxi_methods.frames import as_vector
from guanxi_methods.value.clv.parameters import at_least, finite, whole

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class MigrationValue:
    """What a customer is worth by state.

    Attributes
    ----------
    finite : ndarray of float64, shape (n_states,)
        Over the present period and those that follow it, as many as were asked for.
    infinite : ndarray of float64, shape (n_states,)
        Without end.
    """

    finite: Matrix
    infinite: Matrix


def recency_matrix(probabilities: ArrayLike) -> Matrix:
    r"""Return the transitions between states of recency, the last of which is lost.

    In state :math:`j` the last purchase was j periods ago. The customer buys with probability :math:`p_j` and is then
    in state 1, or else moves on to state j + 1; who has not bought in state J is lost and stays so.

    Parameters
    ----------
    probabilities : array_like, shape (n_states - 1,)
        Of buying in a period, by periods since the last purchase (1, 2, ...), each 0 to 1.

    Returns
    -------
    ndarray of float64, shape (n_states, n_states)

    Raises
    ------
    MethodError
        None given, or one outside 0 to 1.

    Examples
    --------
    >>> recency_matrix([0.3, 0.2])
    array([[0.3, 0.7, 0. ],
           [0.2, 0. , 0.8],
           [0. , 0. , 1. ]])
    """
    buys = as_vector(probabilities, "probabilities")
    if buys.min() < 0 or buys.max() > 1:
        raise MethodError(
            "probabilities must lie between 0 and 1 (write 30% as .3), not {value:g}",
            value=float(buys[np.argmax((buys < 0) | (buys > 1))]),
        )
    moves = np.zeros((buys.size + 1, buys.size + 1))
    places = np.arange(buys.size)
    moves[places, 0] = buys
    moves[places, places + 1] = 1 - buys
    moves[-1, -1] = 1.0
    return moves


def markov_value(transitions: ArrayLike, rewards: ArrayLike, *, rate: float, periods: int) -> MigrationValue:
    r"""Return the lifetime value of customers who move between any states of a Markov chain.

    .. math::

        V_T = \sum_{t=0}^{T} \bigl[(1+d)^{-1} P\bigr]^t R, \qquad V_\infty = \bigl[I - (1+d)^{-1} P\bigr]^{-1} R

    A state's reward is earned in the period in which the customer is in it, the first one at once.

    Parameters
    ----------
    transitions : array_like, shape (n_states, n_states)
        P: row the state now, column the state next; rows sum to 1.
    rewards : array_like, shape (n_states,)
        R: net cash flow of a period spent in a state, in any currency.
    rate : float
        d: discount rate of a period, not negative.
    periods : int
        T: periods that follow the present one. T = 4 adds the five terms t = 0, 1, 2, 3, 4.

    Returns
    -------
    MigrationValue

    Raises
    ------
    MethodError
        Matrix and rewards that do not fit, a row that does not sum to 1, a figure outside its bounds; a sum that does
        not end, because with rate 0 customers stay for ever among states that earn or cost something.

    References
    ----------
    P. E. Pfeifer, R. L. Carraway, "Modeling customer relationships as Markov chains", Journal of Interactive Marketing
    14(2), 2000, 43-55, equations 2 and 3.

    Examples
    --------
    >>> markov_value([[0.8, 0.2], [0, 1]], [100, 0], rate=0.2, periods=1).finite.round(3)
    array([166.667,   0.   ])
    """
    earned = as_vector(rewards, "rewards")
    moves = np.asarray(transitions, dtype=np.float64)
    size = earned.size
    if moves.shape != (size, size):
        raise MethodError(
            "transitions must have a row and a column for each of the {size} rewards, not shape {shape}",
            size=size,
            shape=moves.shape,
        )
    sums = moves.sum(axis=1)
    wrong = ~(np.abs(sums - 1) <= 1e-9) | (moves < 0).any(axis=1)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise MethodError(
            "row {row} of transitions must hold probabilities that sum to 1, not to {total:g}",
            row=row + 1,
            total=float(sums[row]),
        )
    step = moves / (1 + at_least("rate", rate, 0.0))
    finite_value = earned.copy()
    for _ in range(whole("periods", periods)):
        finite_value = earned + step @ finite_value
    return MigrationValue(finite_value, _without_end(step, earned, is_discounted=rate > 0))


def _without_end(step: Matrix, earned: Matrix, *, is_discounted: bool) -> Matrix:
    """Solve for the value without end, states that never earn anything left out: they are worth 0."""
    pays = earned != 0
    reach = step > 0
    for _ in range(earned.size):  # a state counts if it earns, or leads to one that counts
        pays = pays | (reach & pays).any(axis=1)
    value = np.zeros(earned.size)
    if not pays.any():
        return value
    kept = np.flatnonzero(pays)
    inner = step[np.ix_(kept, kept)]
    if not is_discounted and np.abs(np.linalg.eigvals(inner)).max() > 1 - 1e-12:
        raise MethodError("the sum does not end: with rate 0 some customers never leave; give a rate over 0")
    value[kept] = np.linalg.solve(np.eye(kept.size) - inner, earned[kept])
    return value


def migration_value(
    probabilities: ArrayLike, *, margin: float, cost: float, rate: float, periods: int
) -> MigrationValue:
    r"""Return lifetime value by the migration model, by periods since the last purchase.

    :func:`markov_value` on :func:`recency_matrix` with R = (margin - cost, -cost, ..., -cost, 0): a purchase brings the
    margin, and everybody not yet lost is served and written to at the cost of a period.

    Parameters
    ----------
    probabilities : array_like, shape (n_states - 1,)
        Of buying in a period, by periods since the last purchase.
    margin : float
        Of a purchase, before ``cost``, in any currency.
    cost : float
        Of keeping up with a customer for a period, not negative.
    rate : float
        Discount rate of a period, not negative.
    periods : int
        Periods that follow the present one: 4 adds t = 0 to 4.

    Returns
    -------
    MigrationValue
        State 1 has just bought; the last state is lost and worth 0.

    Raises
    ------
    MethodError
        A figure outside its bounds, named.

    References
    ----------
    P. E. Pfeifer, R. L. Carraway 2000, as above.

    Examples
    --------
    >>> worth = migration_value([0.3, 0.2, 0.15, 0.05], margin=40, cost=4, rate=0.2, periods=4)
    >>> worth.finite.round(3)
    array([50.115,  4.22 ,  0.592, -1.98 ,  0.   ])
    >>> worth.infinite.round(3)
    array([52.32 ,  5.554,  1.251, -1.82 ,  0.   ])
    """
    moves = recency_matrix(probabilities)
    return markov_value(moves, _rewards(len(moves), margin, cost), rate=rate, periods=periods)


def _rewards(size: int, margin: float, cost: float) -> Matrix:
    """Return the cash flow of a period by state of recency."""
    rewards = np.full(size, -at_least("cost", cost, 0.0))
    rewards[0] += finite("margin", margin)
    rewards[-1] = 0.0
    return rewards


def migration_buyers(probabilities: ArrayLike, *, buyers: float, periods: int) -> Matrix:
    r"""Return how many of a group of buyers buy in each of the periods that follow.

    .. math:: C_i = \sum_{j=1}^{J} C_{i-j}\, p_j \prod_{k=1}^{j-1} (1 - p_k)

    Parameters
    ----------
    probabilities : array_like, shape (J,)
        Of buying in a period, by periods since the last purchase.
    buyers : float
        Who buy in period 0.
    periods : int
        That follow.

    Returns
    -------
    ndarray of float64, shape (periods + 1,)

    Raises
    ------
    MethodError
        A figure outside its bounds, named.

    References
    ----------
    F. R. Dwyer, "Customer lifetime valuation to support marketing decision making", Journal of Direct Marketing 11(4),
    1997; P. D. Berger, N. I. Nasr, Journal of Interactive Marketing 12(1), 1998, case 5.

    Examples
    --------
    >>> migration_buyers([0.3, 0.2, 0.15, 0.05], buyers=1000, periods=5).round(2)
    array([1000.  ,  300.  ,  230.  ,  195.  ,  139.7 ,   95.67])
    """
    moves = recency_matrix(probabilities)
    standing = np.zeros(len(moves))
    standing[0] = at_least("buyers", buyers, 0.0)
    bought = [standing[0]]
    for _ in range(whole("periods", periods)):
        standing = standing @ moves
        bought.append(standing[0])
    return np.array(bought)


def migration_profit(probabilities: ArrayLike, *, gc: float, m: float, d: float, n: int) -> float:
    r"""Return lifetime value by the migration model in Berger and Nasr's form, case 5.

    .. math::

        CLV = \frac{1}{C_0} \Bigl[ GC \sum_{i=0}^{n} \frac{C_i}{(1+d)^i}
        - M \sum_{i=1}^{n} \frac{C_{i-1}}{(1+d)^{i-.5}} \Bigr]

    with :math:`C_i` by :func:`migration_buyers`. It differs from :func:`migration_value` in whom promotion goes to:
    here to the buyers of the period before alone, in the middle of a period, there to everybody not yet lost.

    Parameters
    ----------
    probabilities : array_like, shape (J,)
    gc : float
        Gross contribution of a purchase, in any currency.
    m : float
        Promotion for a buyer and period, not negative.
    d : float
        Discount rate of a period, not negative.
    n : int
        Periods that follow the first purchase.

    Returns
    -------
    float

    Raises
    ------
    MethodError
        A figure outside its bounds, named.

    References
    ----------
    P. D. Berger, N. I. Nasr 1998, as above, case 5.

    Examples
    --------
    >>> round(migration_profit([0.3, 0.2, 0.15, 0.05], gc=40, m=4, d=0.2, n=5), 3)
    59.33
    """
    bought = migration_buyers(probabilities, buyers=1.0, periods=n)
    times, base = np.arange(bought.size), 1 / (1 + at_least("d", d, 0.0))
    earned = finite("gc", gc) * (bought * base**times).sum()
    return float(earned - at_least("m", m, 0.0) * (bought[:-1] * base ** (times[1:] - 0.5)).sum())

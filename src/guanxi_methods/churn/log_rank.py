"""Whether groups of customers leave at the same pace: the log-rank test and Gehan's weighting of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincc

from guanxi_methods.churn.durations import as_durations, as_groups
from guanxi_methods.errors import MethodError
from guanxi_methods.frames import Vector

Weights = Literal["log-rank", "gehan"]


@dataclass(frozen=True)
class LogRank:
    """What a test of several survival curves says.

    Attributes
    ----------
    chi2 : float
        The statistic.
    degrees_of_freedom : int
        Groups with anybody at risk when events happen, less one.
    p_value : float
        How often curves of one and the same pace would differ as much or more.
    observed : dict of str to float
        Events of each group (weighted, with Gehan's weights).
    expected : dict of str to float
        What each group would have had at the common pace.
    """

    chi2: float
    degrees_of_freedom: int
    p_value: float
    observed: dict[str, float]
    expected: dict[str, float]


def log_rank(duration: Any, event: Any, group: Any, *, weights: Weights = "log-rank") -> LogRank:
    r"""Test whether groups leave at the same pace.

    At each distinct event time :math:`t` with :math:`d` events among :math:`n` at risk, group :math:`g` has
    :math:`n_g` at risk and :math:`d_g` events:

    .. math::

        U_g = \sum_t w_t \Bigl(d_g - d\,\tfrac{n_g}{n}\Bigr), \qquad
        V_{gh} = \sum_t w_t^2\, d\,\tfrac{n - d}{n - 1}\,\tfrac{n_g}{n}\Bigl(\delta_{gh} - \tfrac{n_h}{n}\Bigr), \qquad
        \chi^2 = U^\top V^- U

    with the hypergeometric variance and one degree of freedom less than there are groups (groups
    that are gone before the first event do not count). Weights are 1 (log-rank:
    strongest when hazards are in one proportion throughout) or :math:`n` (Gehan's Wilcoxon: early differences count
    more).

    Parameters
    ----------
    duration, event : array_like, shape (n_customers,)
        As for :class:`KaplanMeier`.
    group : array_like of words or numbers, shape (n_customers,)
        At least two groups.
    weights : {"log-rank", "gehan"}, default "log-rank"

    Returns
    -------
    LogRank

    Raises
    ------
    MethodError
        Durations as in :func:`as_durations`; a single group; no event at all; unknown weights.

    References
    ----------
    N. Mantel, "Evaluation of survival data and two new rank order statistics arising in its consideration", Cancer
    Chemotherapy Reports 50, 1966; R. Peto & J. Peto, JRSS A 135, 1972; E. A. Gehan, Biometrika 52, 1965;
    J. D. Kalbfleisch & R. L. Prentice, "The Statistical Analysis of Failure Time Data", 2nd ed., section 1.5.

    Examples
    --------
    >>> test = log_rank([6, 7, 9, 10, 1, 2, 3, 4], [1, 1, 0, 0, 1, 1, 1, 1], ["a"] * 4 + ["b"] * 4)
    >>> round(test.chi2, 4), test.degrees_of_freedom, round(test.p_value, 4)
    (7.3444, 1, 0.0067)
    """
    lasted, left = as_durations(duration, event)
    names, places = as_groups(group, lasted.size)
    return compare_groups(lasted, left, names, places, weights)


def compare_groups(
    lasted: Vector, left: NDArray[np.bool_], names: list[str], places: NDArray[np.int64], weights: Weights = "log-rank"
) -> LogRank:
    """Work out the test on data that has been checked."""
    if weights not in ("log-rank", "gehan"):
        raise MethodError("weights must be 'log-rank' or 'gehan', not {weights!r}", weights=weights)
    if len(names) < 2:
        raise MethodError("a comparison needs at least two groups, but all belong to {name!r}", name=names[0])
    if not left.any():
        raise MethodError("there is no event in any group: there is nothing to compare")
    times, slots = np.unique(lasted[left], return_inverse=True)
    events = np.zeros((len(names), times.size))
    np.add.at(events, (places[left], slots), 1.0)
    at_risk = np.empty_like(events)
    for place in range(len(names)):
        members = np.sort(lasted[places == place])
        at_risk[place] = members.size - np.searchsorted(members, times, side="left")
    d, n = events.sum(axis=0), at_risk.sum(axis=0)
    share = at_risk / n
    weight = n if weights == "gehan" else np.ones(times.size)
    observed, expected = (weight * events).sum(axis=1), (weight * d * share).sum(axis=1)
    spread = weight**2 * d * (n - d) / np.maximum(n - 1, 1)
    variance = np.diag((spread * share).sum(axis=1)) - (spread * share) @ share.T
    difference = observed - expected
    chi2 = float(max(0.0, difference @ np.linalg.pinv(variance, hermitian=True) @ difference))
    freedom = int((at_risk.sum(axis=1) > 0).sum()) - 1
    if freedom < 1:
        raise MethodError("only one group has anybody at risk when events happen: there is nothing to compare")
    return LogRank(
        chi2,
        freedom,
        float(gammaincc(freedom / 2, chi2 / 2)),
        dict(zip(names, observed.tolist(), strict=True)),
        dict(zip(names, expected.tolist(), strict=True)),
    )

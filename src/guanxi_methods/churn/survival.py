"""How long customers stay: the Kaplan-Meier curve with its intervals, by group if wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.base import Method, MethodError, Note
from guanxi_methods.churn.durations import as_durations, as_groups
from guanxi_methods.churn.log_rank import LogRank, compare_groups
from guanxi_methods.frames import Vector
from guanxi_methods.proportion import check_level, normal_quantile

Interval = Literal["log-log", "log", "plain"]


@dataclass(frozen=True)
class SurvivalCurve:
    """The share still there after each observed time.

    Attributes
    ----------
    times : ndarray, shape (n_times,)
        Distinct observed times, of events and of censoring, ascending.
    at_risk, events, censored : ndarray of int64, shape (n_times,)
        Still there just before each time; left then; last seen then.
    survival : ndarray, shape (n_times,)
        Share still there after each time.
    standard_error : ndarray, shape (n_times,)
        Greenwood's.
    lower, upper : ndarray, shape (n_times,)
        Limits of the interval; NaN from where nobody is left, for there the interval cannot be had.
    median : float or None
        Earliest time by which half have left; None where it is not reached.
    median_interval : tuple of two (float or None)
        None for a limit that is not reached.
    """

    times: Vector
    at_risk: NDArray[np.int64]
    events: NDArray[np.int64]
    censored: NDArray[np.int64]
    survival: Vector
    standard_error: Vector
    lower: Vector
    upper: Vector
    median: float | None
    median_interval: tuple[float | None, float | None]

    def at(self, times: ArrayLike) -> Vector:
        """Return the share still there after any times (a step function; beyond the last observed time: NaN).

        Where the curve has come down to 0 it stays 0.
        """
        asked = np.asarray(times, dtype=np.float64)
        steps = np.concatenate([[1.0], self.survival])
        shares: Vector = steps[np.searchsorted(self.times, asked, side="right")]
        return np.where((asked > self.times[-1]) & (self.survival[-1] > 0), np.nan, shares)

    def quantile(self, share: float) -> float | None:
        """Return the earliest time by which a share has left; None where it is not reached."""
        if not 0 < share < 1:
            raise MethodError("share must be over 0 and under 1, not {share!r}", share=share)
        return _first(self.times, self.survival, 1 - share)

    def restricted_mean(self, until: float) -> tuple[float, float]:
        r"""Return the mean time spent with us up to a horizon, with its standard error.

        .. math::

            \int_0^\tau S(t)\,dt, \qquad
            \mathrm{SE}^2 = \sum_{t_i \le \tau} \Bigl(\int_{t_i}^{\tau} S\Bigr)^2 \frac{d_i}{n_i (n_i - d_i)}

        (Klein & Moeschberger 2003, equations 4.5.1 and 4.5.2.) ``until`` must not lie beyond the last observed time.
        """
        if not 0 < until <= self.times[-1]:
            raise MethodError(
                "until must be over 0 and at most {last}, the last time observed, not {until!r}",
                last=float(self.times[-1]),
                until=until,
            )
        inside = self.times < until
        edges = np.concatenate([[0.0], self.times[inside], [until]])
        heights = np.concatenate([[1.0], self.survival[inside]])
        areas = heights * np.diff(edges)
        after = areas[::-1].cumsum()[::-1][1:]
        d, n = self.events[inside], self.at_risk[inside]
        variance = np.sum(after**2 * np.divide(d, n * (n - d), out=np.zeros(d.size), where=n > d))
        return float(areas.sum()), float(np.sqrt(variance))


class KaplanMeier(Method):
    r"""The product-limit estimate of how long customers stay, some of whom are still there.

    With :math:`d_i` leaving among :math:`n_i` at risk at the distinct time :math:`t_i` (a customer last seen at a time
    is still at risk at that time)

    .. math::

        S(t) = \prod_{t_i \le t} \Bigl(1 - \frac{d_i}{n_i}\Bigr), \qquad
        G(t) = \sum_{t_i \le t} \frac{d_i}{n_i (n_i - d_i)}, \qquad
        \mathrm{SE}(t) = S(t) \sqrt{G(t)}

    (Greenwood's variance). The interval is, with :math:`z` the normal quantile,

    - "log-log": :math:`S^{\exp(\pm z \sqrt{G} / \log S)}`, which stays inside 0 and 1 and holds its level in small
      groups; the default, as in Kalbfleisch & Prentice and Stata;
    - "log": :math:`S \exp(\pm z \sqrt{G})`, the default of R's survival; "plain": :math:`S \pm z\,\mathrm{SE}`; both
      cut off at 0 and 1.

    The median is the earliest time with :math:`S \le 1/2` (Brookmeyer & Crowley); R and SAS take the middle of the
    step where :math:`S` is exactly 1/2. Its interval runs from the first time the lower limit is at most 1/2 to the
    first time the upper limit is.

    Parameters
    ----------
    level : float, default 0.95
    interval : {"log-log", "log", "plain"}, default "log-log"

    Attributes
    ----------
    curve_ : SurvivalCurve
        Of all customers together.
    times_, survival_, standard_error_, lower_, upper_ : ndarray, shape (n_times,)
        Those of ``curve_``.
    median_ : float or None
    median_interval_ : tuple of two (float or None)
    curves_ : dict of str to SurvivalCurve
        By group; empty without groups.
    log_rank_ : LogRank or None
        The test of the groups, None without groups or without any event.
    n_customers_, n_events_ : int
    notes_ : tuple of Note

    Notes
    -----
    Assumes that who is last seen is no more and no less likely to leave than who stays in view (uninformative
    censoring). A duration of 0 is allowed.

    References
    ----------
    E. L. Kaplan & P. Meier, "Nonparametric estimation from incomplete observations", JASA 53, 1958; M. Greenwood 1926;
    R. Brookmeyer & J. Crowley, "A confidence interval for the median survival time", Biometrics 38, 1982;
    J. D. Kalbfleisch & R. L. Prentice, "The Statistical Analysis of Failure Time Data", 2nd ed. 2002, section 1.4.

    Examples
    --------
    >>> stay = KaplanMeier().fit([6, 6, 6, 6, 7, 9, 10, 10, 11, 13], [1, 1, 1, 0, 1, 0, 1, 0, 0, 1])
    >>> stay.times_, stay.survival_.round(3)
    (array([ 6.,  7.,  9., 10., 11., 13.]), array([0.7  , 0.583, 0.583, 0.438, 0.438, 0.   ]))
    >>> stay.median_, stay.median_interval_
    (10.0, (6.0, None))
    """

    def __init__(self, level: float = 0.95, interval: Interval = "log-log") -> None:
        """Store the parameters."""
        self.level = level
        self.interval = interval

    def fit(self, duration: Any, event: Any, group: Any = None) -> KaplanMeier:
        """Estimate the curve.

        Parameters
        ----------
        duration : array_like, shape (n_customers,)
            Time from the start to leaving, or to when the customer was last seen; any unit.
        event : array_like of bool or 0 and 1, shape (n_customers,)
            1 where the customer left.
        group : array_like of words or numbers, shape (n_customers,), optional
            Curves by group, and a test whether they differ.

        Returns
        -------
        KaplanMeier

        Raises
        ------
        MethodError
            Empty, missing, infinite or negative durations; events that are neither 0 nor 1; a missing group.
        """
        check_level(self.level)
        if self.interval not in ("log-log", "log", "plain"):
            raise MethodError("interval must be 'log-log', 'log' or 'plain', not {value!r}", value=self.interval)
        lasted, left = as_durations(duration, event)
        notes: list[Note] = []
        self.curve_ = self._curve(lasted, left)
        self.curves_: dict[str, SurvivalCurve] = {}
        self.log_rank_: LogRank | None = None
        if group is not None:
            names, places = as_groups(group, lasted.size)
            for place, name in enumerate(names):
                self.curves_[name] = self._curve(lasted[places == place], left[places == place])
            try:
                self.log_rank_ = compare_groups(lasted, left, names, places)
            except MethodError as error:
                notes.append(Note("groups were not compared: {reason}", reason=str(error)))
        self.times_, self.survival_ = self.curve_.times, self.curve_.survival
        self.standard_error_ = self.curve_.standard_error
        self.lower_, self.upper_ = self.curve_.lower, self.curve_.upper
        self.median_, self.median_interval_ = self.curve_.median, self.curve_.median_interval
        self.n_customers_, self.n_events_ = lasted.size, int(left.sum())
        if self.n_events_ == 0:
            notes.append(Note("nobody left: the share still there is 1 throughout, and nothing is known beyond"))
        if self.median_ is None:
            notes.append(Note("the median is not reached: over half were still there when last seen"))
        if self.survival_[-1] == 0:
            notes.append(Note("nobody is left at the end: the interval cannot be had there"))
        self.notes_ = tuple(notes)
        return self

    def _curve(self, lasted: Vector, left: NDArray[np.bool_]) -> SurvivalCurve:
        """Estimate one curve."""
        times, slots = np.unique(lasted, return_inverse=True)
        events = np.bincount(slots, weights=left, minlength=times.size).astype(np.int64)
        gone = np.bincount(slots, minlength=times.size)
        at_risk = lasted.size - np.concatenate([[0], gone.cumsum()[:-1]])
        survival = np.cumprod((at_risk - events) / at_risk)
        hazard = np.divide(events, at_risk * (at_risk - events), out=np.zeros(times.size), where=at_risk > events)
        greenwood = hazard.cumsum()
        lower, upper = self._limits(survival, greenwood)
        return SurvivalCurve(
            times,
            at_risk,
            events,
            gone - events,
            survival,
            survival * np.sqrt(greenwood),
            lower,
            upper,
            _first(times, survival, 0.5),
            (_first(times, lower, 0.5), _first(times, upper, 0.5)),
        )

    def _limits(self, survival: Vector, greenwood: Vector) -> tuple[Vector, Vector]:
        """Return the limits; 1 where nobody has left yet, NaN where nobody is left."""
        z = normal_quantile(self.level)
        inside = (survival > 0) & (survival < 1)
        share, error = survival[inside], np.sqrt(greenwood[inside])
        if self.interval == "log-log":
            factor = np.exp(z * error / -np.log(share))
            low, high = share**factor, share ** (1 / factor)
        elif self.interval == "log":
            low, high = share * np.exp(-z * error), np.minimum(1.0, share * np.exp(z * error))
        else:
            low, high = np.maximum(0.0, share - z * share * error), np.minimum(1.0, share + z * share * error)
        lower, upper = (np.where(survival > 0, 1.0, np.nan) for _ in range(2))
        lower[inside], upper[inside] = low, high
        return lower, upper


def _first(times: Vector, shares: Vector, level: float) -> float | None:
    """Return the first time at which a curve is at most a level; shares a rounding away from it count as equal."""
    below = shares <= level * (1 + 1e-12)
    return float(times[np.argmax(below)]) if below.any() else None

"""Arrivals ahead: calls by bin of the days to come, with the interval they will probably lie in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.forecasting.candidates import Candidate, candidates
from guanxi_methods.forecasting.daybins import DayBins, calendar_regressors, day_bins, next_days
from guanxi_methods.forecasting.factors import (
    FAR_CELL,
    NORMAL,
    Factors,
    far_days,
    learn_factors,
    learn_scores,
    trend_regressor,
)
from guanxi_methods.forecasting.times import Whole, as_day_numbers, weekday_of
from guanxi_methods.frames import Vector

# Root of count + 1/4 has a variance of nearly 1/4, whatever the mean of a Poisson count (Brown et al. 2005).
QUARTER = 0.25
LEAST_WEEKS = 3
LEAST_DAYS = 10
METHODS = ("auto", "svd", "mean", "naive")


@dataclass(frozen=True)
class Forecast:
    """Calls to come.

    Attributes
    ----------
    days : ndarray of datetime64[D], shape (n_days,)
    starts : ndarray of int64, shape (n_bins,)
        Seconds of the day at which each bin begins.
    mean, low, high : ndarray, shape (n_days, n_bins)
        Expected calls and the bounds of the interval of each bin.
    totals, totals_low, totals_high : ndarray, shape (n_days,)
        The same for whole days.
    """

    days: NDArray[np.datetime64]
    starts: Whole
    mean: Vector
    low: Vector
    high: Vector
    totals: Vector
    totals_low: Vector
    totals_high: Vector


class ArrivalForecast(Method):
    r"""Calls by bin of the days to come, from the counts of the days before.

    With counts :math:`N_{ij}` of day :math:`i` and bin :math:`j`, the matrix of
    :math:`y_{ij} = \sqrt{N_{ij} + 1/4}` is decomposed by singular values into :math:`K` profiles,
    :math:`y_{ij} \approx \sum_k \beta_{ik} f_{kj}`; each score :math:`\beta_{ik}` is regressed on the weekday and what else
    the calendar tells beforehand, and what that leaves over on the score's own of the day before,

    .. math::

        \beta_{ik} = a_k^\top x_i + u_{ik}, \qquad u_{ik} = \varphi_k u_{i-1,k} + \varepsilon_{ik}, \qquad
        \hat N_{ij} = \Bigl(\sum_k \hat\beta_{ik} f_{kj}\Bigr)^2 - \tfrac14 + s_j^2

    where :math:`s_j^2` is the mean squared error of bin :math:`j` at the rolling origins, on the scale of roots and with far
    errors drawn in: it makes the forecast one of the mean and not of the median. Cells and days that stand far out are drawn in before they are learned from (at 4 and
    2.5 robust standard deviations), so that one breakdown or one campaign does not shift what follows.

    Which of the candidates is used is decided on the data given to ``fit`` alone, by the least weighted absolute
    percentage error (WAPE) over rolling origins: each forecasts the days after an origin from the days before it.
    Candidates are 1, 2, 3, 5 factors; weekday alone, with days after a closed day, with the place in the month; half-lives
    of 20, 60 and endless days; with and without a damped trend; what is left over dying away as above, or staying at its
    level of the last days; means of the same weekday over 4 and 8 weeks, which
    are hard to beat weeks ahead (Taylor 2008); the seasonal naive.

    Intervals come from the errors at the rolling origins, on the scale of roots, where all bins are about equally
    uncertain: bin by bin scaled, then pooled, then their quantiles. They promise their level over the horizon as a
    whole: the first days are a little surer than the last.

    Parameters
    ----------
    horizon_days : int, default 10
        How many open days ahead.
    method : {"auto", "svd", "mean", "naive"}, default "auto"
        All candidates, or those of one kind.
    bin_seconds : int, optional
        Width of a bin; by default the widest that fits the times, half an hour for single calls.
    closed : sequence of dates, optional
        Days to be left out, past and to come: holidays, breakdowns.
    level : float, default 0.95
        Share of bins that should lie in their interval.
    n_origins : int, default 12
        Rolling origins.

    Attributes
    ----------
    chosen_ : Candidate
    candidates_ : tuple of Candidate
        All that were tried with their WAPE, best first.
    wape_, wape_naive_ : float
        Of the chosen and the seasonal naive over the rolling origins.
    table_ : DayBins
        The counts as they were understood.
    profiles_ : ndarray, shape (n_factors, n_bins)
        Empty unless by factors.
    outlier_days_ : ndarray of datetime64[D]
        Days that stand far out in size: damped, not left out.
    forecast_ : Forecast
        Of the ``horizon_days`` open days after the last.
    notes_ : tuple of Note

    References
    ----------
    H. Shen & J. Z. Huang, "Interday forecasting and intraday updating of call center arrivals", Manufacturing & Service
    Operations Management 10(3), 2008, sections 3-4; J. Weinberg, L. D. Brown & J. R. Stroud, "Bayesian forecasting of an
    inhomogeneous Poisson process with applications to call center data", JASA 102, 2007 (the root, the bank's data);
    J. W. Taylor, "A comparison of univariate time series methods for forecasting intraday arrivals at a call center",
    Management Science 54(2), 2008; R. Ibrahim, H. Ye, P. L'Ecuyer & H. Shen, "Modeling and forecasting call center arrivals",
    International Journal of Forecasting 32(3), 2016. Calendar regressors, damping and the choice among candidates are
    this method's own.

    Examples
    --------
    >>> time = [f"2026-0{m}-{d:02d} {h:02d}:00" for m in (1, 2) for d in range(1, 29) for h in (9, 10, 11)]
    >>> calls = [40 + 20 * (h == 10) + d % 3 for m in (1, 2) for d in range(1, 29) for h in (9, 10, 11)]
    >>> ahead = ArrivalForecast(horizon_days=2).fit(time, calls).forecast_
    >>> ahead.days.astype(str).tolist(), ahead.mean.shape
    (['2026-03-01', '2026-03-02'], (2, 3))
    """

    def __init__(
        self,
        horizon_days: int = 10,
        *,
        method: str = "auto",
        bin_seconds: int | None = None,
        closed: Any = (),
        level: float = 0.95,
        n_origins: int = 12,
    ) -> None:
        """Store the parameters."""
        self.horizon_days = horizon_days
        self.method = method
        self.bin_seconds = bin_seconds
        self.closed = closed
        self.level = level
        self.n_origins = n_origins

    def fit(self, time: Any, count: Any = None) -> ArrivalForecast:
        """Learn from counts by bin, or from single calls.

        Parameters
        ----------
        time : array_like of moments, shape (n_rows,)
            When each bin begins; without ``count``, when each call came. By the clock on the wall.
        count : array_like, shape (n_rows,), optional
            Calls of the bin, not negative; rows of the same bin are added.

        Returns
        -------
        ArrivalForecast

        Raises
        ------
        MethodError
            A parameter out of its range; times that fit no bins; counts that are negative, missing or no numbers.
        TooFewError
            Fewer than three weeks (at least ten days) and a day.
        """
        self._check_parameters()
        table = day_bins(time, count, bin_seconds=self.bin_seconds, closed=self.closed)
        least = least_days(table)
        if table.days.size <= least:
            raise TooFewError(
                "there are {days} open days; at least {needed} are needed", days=table.days.size, needed=least + 1
            )
        self.table_ = table
        self._rolling(table, least)
        coming = next_days(table, self.horizon_days, self.closed)
        expected, factors, far = _ahead(table, self.chosen_, coming)
        self.profiles_ = factors.profiles
        self.outlier_days_ = table.days[far].astype("datetime64[D]")
        notes = [*table.notes]
        if far.any():
            notes.append(Note("{count} days stand far out in size; they were damped", count=int(far.sum())))
        if self.wape_ >= self.wape_naive_ and self.method != "naive":
            notes.append(Note("no candidate was better than the seasonal naive at the rolling origins"))
        self.notes_ = tuple(notes)
        self.forecast_ = self._dressed(coming, expected)
        return self

    def predict(self, days: Any) -> Forecast:
        """Forecast days of your own choice after the last: those left out between them are taken for closed.

        Parameters
        ----------
        days : array_like of dates
            Open days after the last on record.

        Returns
        -------
        Forecast

        Raises
        ------
        MethodError
            No day, or one that is not after the last on record.
        """
        self._check_fitted("chosen_")
        wanted = as_day_numbers(days, "days")
        if wanted.size == 0:
            raise MethodError("days is empty: there is nothing to forecast")
        if wanted[0] <= self.table_.days[-1]:
            raise MethodError(
                "{day} is not after the last day on record, {last}",
                day=str(wanted[0].astype("datetime64[D]")),
                last=str(self.table_.days[-1].astype("datetime64[D]")),
            )
        expected, _, _ = _ahead(self.table_, self.chosen_, wanted)
        return self._dressed(wanted, expected)

    def _check_parameters(self) -> None:
        """Name the parameter that is out of its range."""
        for name, value in (("horizon_days", self.horizon_days), ("n_origins", self.n_origins)):
            if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
                raise MethodError("{name} must be a whole number of at least 1, not {value!r}", name=name, value=value)
        if self.method not in METHODS:
            raise MethodError(
                "method must be one of {known}, not {method!r}", known=", ".join(METHODS), method=self.method
            )
        if not 0 < self.level < 1:
            raise MethodError("level must lie over 0 and under 1, not {level!r}", level=self.level)

    def _rolling(self, table: DayBins, least: int) -> None:
        """Try the candidates from origins within the data, choose one, and keep its errors."""
        n_days = table.days.size
        spacing = max(1, -(-(n_days - least) // self.n_origins), min(self.horizon_days, (n_days - least) // 4))
        origins = list(range(n_days - 1, least - 1, -spacing))[: self.n_origins]
        tried = [one for one in candidates() if self.method in ("auto", one.method) or one.method == "naive"]
        missed, brought = np.zeros(len(tried)), 0.0
        for origin in origins:
            days = table.days[origin : origin + self.horizon_days]
            actual = table.counts[origin : origin + self.horizon_days]
            known = ~np.isnan(actual)
            brought += float(actual[known].sum())
            for place, roots in enumerate(_all_ahead(table.until(origin), tried, days)):
                missed[place] += float(np.abs(actual - np.maximum(roots**2 - QUARTER, 0.0))[known].sum())
        if brought == 0:
            raise MethodError("there is not a single call in the days that could be forecast from the days before them")
        rated = [Candidate(**{**vars(one), "wape": float(missed[place]) / brought}) for place, one in enumerate(tried)]
        self.wape_naive_ = rated[-1].wape
        self.candidates_ = tuple(sorted(rated, key=lambda one: one.wape))
        allowed = [one for one in self.candidates_ if self.method in ("auto", one.method)]
        self.chosen_ = allowed[0]
        self.wape_ = self.chosen_.wape
        self._keep_errors(table, origins)

    def _keep_errors(self, table: DayBins, origins: list[int]) -> None:
        """Keep how far off the chosen candidate was, by bin and by whole day, on the scale of roots."""
        by_bin, by_day = [], []
        for origin in origins:
            actual = table.counts[origin : origin + self.horizon_days]
            days = table.days[origin : origin + self.horizon_days]
            roots = _all_ahead(table.until(origin), [self.chosen_], days)[0]
            by_bin.append(np.sqrt(actual + QUARTER) - roots)
            said = np.where(np.isnan(actual), 0.0, np.maximum(roots**2 - QUARTER, 0.0)).sum(axis=1)
            by_day.append(np.sqrt(np.nansum(actual, axis=1) + QUARTER) - np.sqrt(said + QUARTER))
        errors = np.concatenate(by_bin)
        known = ~np.isnan(errors)
        columns = [np.abs(errors[known[:, place], place]) for place in range(errors.shape[1])]
        robust = np.array([np.median(column) if column.size else 0.0 for column in columns])
        far = FAR_CELL * NORMAL * np.where(robust > 0, robust, np.inf)
        squares = np.clip(np.where(known, errors, 0.0), -far, far) ** 2
        self._spread = np.sqrt(squares.sum(axis=0) / np.maximum(known.sum(axis=0), 1))
        scaled = (errors / np.where(self._spread > 0, self._spread, 1.0))[known & (self._spread > 0)]
        self._bounds = _quantiles(scaled, self.level)
        self._day_bounds = _quantiles(np.concatenate(by_day), self.level)

    def _dressed(self, days: Whole, roots: Vector) -> Forecast:
        """Turn roots into calls, with intervals."""
        is_open = self.table_.is_open[weekday_of(days)]
        is_open |= ~is_open.any(axis=1, keepdims=True)

        def calls(shifted: Vector) -> Vector:
            """Roots back to counts."""
            return np.where(is_open, np.maximum(np.maximum(shifted, 0.0) ** 2 - QUARTER, 0.0), 0.0)

        # Factors forecast the mean of roots, means and the naive the mean of counts.
        lacking = self._spread**2 if self.chosen_.method == "svd" else 0.0
        mean = np.where(is_open, np.maximum(roots**2 - QUARTER + lacking, 0.0), 0.0)
        totals = mean.sum(axis=1)
        middle = np.sqrt(calls(roots).sum(axis=1) + QUARTER)
        low, high = (np.maximum(np.maximum(middle + bound, 0.0) ** 2 - QUARTER, 0.0) for bound in self._day_bounds)
        return Forecast(
            days.astype("datetime64[D]"),
            self.table_.starts,
            mean,
            calls(roots + self._bounds[0] * self._spread),
            calls(roots + self._bounds[1] * self._spread),
            totals,
            low,
            high,
        )


def least_days(table: DayBins) -> int:
    """How many open days are needed before anything can be forecast: three weeks, and ten days."""
    return max(LEAST_DAYS, LEAST_WEEKS * int(table.usual.sum()))


def _quantiles(errors: Vector, level: float) -> tuple[float, float]:
    """Return the two quantiles between which the level lies, a little wider where there are few errors."""
    if errors.size == 0:
        return 0.0, 0.0
    tail = (1 - level) / 2
    # As in conformal prediction: the (n + 1)(1 - tail)-th of n errors.
    upper = min(1.0, (1 - tail) * (errors.size + 1) / errors.size)
    low, high = np.quantile(errors, [1 - upper, upper])
    return float(low), float(high)


def _ahead(table: DayBins, chosen: Candidate, days: Whole) -> tuple[Vector, Factors, NDArray[np.bool_]]:
    """Return the roots of the days ahead, the factors, and which days stood far out."""
    roots = _all_ahead(table, [chosen], days)[0]
    if chosen.method != "svd":
        return (
            roots,
            Factors(np.empty((0, table.starts.size)), np.empty((table.days.size, 0))),
            np.zeros(table.days.size, dtype=bool),
        )
    factors = learn_factors(*_roots(table), chosen.n_factors)
    model = learn_scores(
        factors.scores, calendar_regressors(table.days, table.closed, table.usual, "month"), float("inf")
    )
    return roots, factors, far_days(model)


def _roots(table: DayBins) -> tuple[Vector, Vector]:
    """Return the roots of the counts, and what is expected where a bin is absent: the median of its weekday."""
    roots = np.sqrt(table.counts + QUARTER)
    if not np.isnan(roots).any():
        return roots, roots
    expected = np.empty(roots.shape)
    weekday = weekday_of(table.days)
    for of_week in np.unique(weekday):
        same = weekday == of_week
        # A bin that this weekday never has holds no NaN; one absent on every day kept so far falls back to all days.
        known = [column[~np.isnan(column)] for column in roots[same].T]
        expected[same] = [np.median(column) if column.size else np.nan for column in known]
    return roots, np.where(np.isnan(expected), np.sqrt(QUARTER), expected)


def _all_ahead(table: DayBins, tried: list[Candidate], days: Whole) -> list[Vector]:
    """Return the roots of the days ahead by each candidate; what candidates share is worked out once."""
    roots, expected = _roots(table)
    most = max((one.n_factors for one in tried), default=0)
    factors = learn_factors(roots, expected, most) if most else None
    every = np.arange(table.days[-1] + 1, days[-1] + 1)
    shut = every[table.usual[weekday_of(every)] & ~np.isin(every, days)]
    closed = np.concatenate([table.closed, shut])
    past, ahead = trend_regressor(table.days.size, days.size)
    known: dict[tuple[str, float, bool], tuple[Vector, Vector]] = {}
    found = []
    for one in tried:
        if factors is None or one.method != "svd":
            found.append(_mean_ahead(table, days, one.weeks))
            continue
        key = (one.calendar, one.half_life, one.has_trend)
        if key not in known:
            before = calendar_regressors(table.days, closed, table.usual, one.calendar)
            after = calendar_regressors(days, closed, table.usual, one.calendar)
            if one.has_trend:
                before, after = np.c_[before, past], np.c_[after, ahead]
            model = learn_scores(factors.scores, before, one.half_life)
            known[key] = (model.ahead(after), model.ahead(after, keeps_level=True))
        rank = min(one.n_factors, factors.profiles.shape[0])
        found.append(np.maximum(known[key][one.keeps_level][:, :rank] @ factors.profiles[:rank], 0.0))
    return found


def _mean_ahead(table: DayBins, days: Whole, weeks: int) -> Vector:
    """Return the roots of the mean of the last so many same weekdays; of the last days where there was none."""
    weekday = weekday_of(table.days)
    found = np.empty((days.size, table.starts.size))
    for place, of_week in enumerate(weekday_of(days)):
        same = np.flatnonzero(weekday == of_week)[-weeks:]
        rows = table.counts[same if same.size else slice(-weeks, None)]
        known = ~np.isnan(rows)
        found[place] = np.where(known, rows, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return np.sqrt(found + QUARTER)

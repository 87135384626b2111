"""How good forecasts are on days that were kept back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.forecasting.arrivals import ArrivalForecast, Forecast
from guanxi_methods.forecasting.candidates import Candidate
from guanxi_methods.forecasting.daybins import DayBins, day_bins
from guanxi_methods.forecasting.times import DAY, as_times
from guanxi_methods.frames import Vector, as_vector


@dataclass(frozen=True)
class HoldOut:
    r"""How a forecast fared on the last days, which it had not seen.

    Attributes
    ----------
    wape : float
        :math:`\sum |N - \hat N| / \sum N` over all bins of the days kept back.
    wape_naive : float
        The same of the seasonal naive: each bin as on the last day of the same weekday before the days kept back.
    wape_week_before : float
        The same of each bin as on the last day of the same weekday before its own, even if that was kept back too: what
        the naive would achieve if it were told every day anew.
    wape_days, wape_days_naive : float
        Of the days' totals.
    bias : float
        Sum of forecasts over sum of calls, less 1.
    coverage, coverage_days : float
        Share of bins, and of days' totals, within their interval.
    level : float
        What that share should be.
    days : ndarray of datetime64[D], shape (n_days,)
    actual : ndarray, shape (n_days, n_bins)
    forecast : Forecast
    chosen : Candidate
        The choice was made without the days kept back.
    trained_days : int
    notes : tuple of Note
    """

    wape: float
    wape_naive: float
    wape_week_before: float
    wape_days: float
    wape_days_naive: float
    bias: float
    coverage: float
    coverage_days: float
    level: float
    days: NDArray[np.datetime64]
    actual: Vector
    forecast: Forecast
    chosen: Candidate
    trained_days: int
    notes: tuple[Note, ...]


def hold_out(time: Any, count: Any = None, *, horizon_days: int = 10, **parameters: Any) -> HoldOut:
    r"""Forecast the last days of the data from those before, and compare.

    The days kept back are the last ``horizon_days`` that occur in the data, whatever their dates; nothing of them but
    which days were open is known to the forecast, neither to the choice among its candidates.

    Parameters
    ----------
    time, count
        As in :meth:`~guanxi_methods.forecasting.arrivals.ArrivalForecast.fit`.
    horizon_days : int, default 10
    **parameters
        Of :class:`~guanxi_methods.forecasting.arrivals.ArrivalForecast`.

    Returns
    -------
    HoldOut

    Raises
    ------
    MethodError
        As ``fit``; no call at all in the days kept back.
    TooFewError
        Fewer days before those kept back than ``fit`` needs.

    Examples
    --------
    >>> days = [f"2026-0{m}-{d:02d}" for m in (1, 2) for d in range(1, 29)]
    >>> calls = [100 + 40 * (d % 7 == 0) + m for m in (1, 2) for d in range(1, 29)]
    >>> found = hold_out(days, calls, horizon_days=7)
    >>> found.trained_days, found.wape < 0.1
    (49, True)
    """
    model = ArrivalForecast(horizon_days, **parameters)
    model._check_parameters()
    moments = as_times(time, "time")
    numbers = None if count is None else as_vector(count, "count", size=moments.size)
    whole = day_bins(
        moments.astype("datetime64[s]"), numbers, bin_seconds=model.bin_seconds, closed=model.closed, recognise=False
    )
    if whole.days.size <= horizon_days:
        raise TooFewError(
            "there are {days} open days: not one is left to learn from when {kept} are kept back",
            days=whole.days.size,
            kept=horizon_days,
        )
    before = moments // DAY < whole.days[-horizon_days]
    model.set_params(bin_seconds=whole.bin_seconds)
    model.fit(moments[before].astype("datetime64[s]"), None if numbers is None else numbers[before])
    kept = whole.days[-horizon_days:].astype("datetime64[D]")
    ahead = model.predict(kept)
    return _compared(whole, model, ahead)


def _compared(whole: DayBins, model: ArrivalForecast, ahead: Forecast) -> HoldOut:
    """Compare the forecast with what came, and both with the naive."""
    n_days = ahead.days.size
    actual = whole.counts[-n_days:]
    known = ~np.isnan(actual)
    brought = float(actual[known].sum())
    if brought == 0:
        raise MethodError("there is not a single call in the days kept back: an error has nothing to be a share of")
    place = np.searchsorted(whole.starts, ahead.starts)

    def wide(part: Vector) -> Vector:
        """A forecast on the bins of the whole; a bin that was never there before is expected to bring nothing."""
        made = np.zeros(actual.shape)
        made[:, place] = part
        return made

    def wape(said: Vector) -> float:
        """Of bins."""
        return float(np.abs(actual - said)[known].sum()) / brought

    def wape_days(said: Vector) -> float:
        """Of whole days."""
        apart = np.where(known, actual - said, 0.0).sum(axis=1)
        return float(np.abs(apart).sum()) / brought

    first = whole.days.size - n_days
    naive = _same_weekday(whole, first, first)
    mean = wide(ahead.mean)
    inside = ((wide(ahead.low) <= actual) & (actual <= wide(ahead.high)))[known & (wide(ahead.high) > 0)]
    totals = np.where(known, actual, 0.0).sum(axis=1)
    inside_days = (ahead.totals_low <= totals) & (totals <= ahead.totals_high)
    return HoldOut(
        wape=wape(mean),
        wape_naive=wape(naive),
        wape_week_before=wape(_same_weekday(whole, first, whole.days.size)),
        wape_days=wape_days(mean),
        wape_days_naive=wape_days(naive),
        bias=float(mean[known].sum()) / brought - 1,
        coverage=float(inside.mean()) if inside.size else float("nan"),
        coverage_days=float(inside_days.mean()),
        level=model.level,
        days=ahead.days,
        actual=actual,
        forecast=ahead,
        chosen=model.chosen_,
        trained_days=model.table_.days.size,
        notes=model.notes_,
    )


def _same_weekday(whole: DayBins, first: int, limit: int) -> Vector:
    """Return, for each day from `first` on, the last day of the same weekday before it and before `limit`."""
    weekday = (whole.days + 3) % 7
    found = np.empty((whole.days.size - first, whole.starts.size))
    for place in range(first, whole.days.size):
        before = min(place, limit)
        same = np.flatnonzero(weekday[:before] == weekday[place])
        found[place - first] = np.nan_to_num(whole.counts[same[-1] if same.size else before - 1])
    return found

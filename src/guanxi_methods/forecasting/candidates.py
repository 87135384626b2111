"""The ways to forecast among which rolling origins choose."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

RANKS = (1, 2, 3, 5)
HALF_LIVES = (20.0, 60.0, float("inf"))
CALENDARS = ("weekday", "gap", "month")
WEEKS_OF_MEAN = (4, 8)


@dataclass(frozen=True)
class Candidate:
    """One way to forecast.

    Attributes
    ----------
    method : {"svd", "mean", "naive"}
    n_factors : int
        0 unless by factors.
    calendar : str
        See :func:`~guanxi_methods.forecasting.daybins.calendar_regressors`.
    half_life : float
        Days after which a day weighs half.
    has_trend : bool
    keeps_level : bool
        Whether what the calendar leaves over stays where it was lately, or dies away.
    weeks : int
        Over how many weeks the mean is taken.
    wape : float
        Sum of absolute errors over sum of counts, over the rolling origins; NaN before they are tried.
    """

    method: str
    n_factors: int = 0
    calendar: str = ""
    half_life: float = 0.0
    has_trend: bool = False
    keeps_level: bool = False
    weeks: int = 0
    wape: float = float("nan")

    def __str__(self) -> str:
        """Say it in a line."""
        if self.method == "svd":
            life = "all days alike" if np.isinf(self.half_life) else f"half-life {self.half_life:g} days"
            trend = (", trend" if self.has_trend else "") + (", level kept" if self.keeps_level else "")
            return f"svd, {self.n_factors} factors, calendar {self.calendar}, {life}{trend}"
        return f"mean of {self.weeks} weeks" if self.method == "mean" else "seasonal naive"


def candidates() -> list[Candidate]:
    """Return all ways to forecast, the seasonal naive last."""
    by_factors = [
        Candidate("svd", rank, calendar, half_life, has_trend, keeps_level)
        for calendar, half_life, has_trend, keeps_level, rank in product(
            CALENDARS, HALF_LIVES, (False, True), (False, True), RANKS
        )
    ]
    return [*by_factors, *(Candidate("mean", weeks=weeks) for weeks in WEEKS_OF_MEAN), Candidate("naive", weeks=1)]

"""The intraday profiles as a few factors, and the days' scores on them by weekday, calendar and the days before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.frames import Vector

# A cell that far (in robust standard deviations) from its low-rank fit is drawn in before the factors are learned.
FAR_CELL = 4.0
# A day that far from its expectation weighs less, and no more than this is carried over to the next.
FAR_DAY = 2.5
DRAWS = 2
ROUNDS = 5
# Robust scale: 1.4826 times the median of absolute values is the standard deviation of a normal variable.
NORMAL = 1.4826
RIDGE_WEEKDAY, RIDGE_CALENDAR = 0.01, 1.0
MOST_AUTOREGRESSION = 0.95
# How much of the trend of one day is left the next: a line drawn on for weeks is bold.
DAMPING = 0.95
# Half-life, in days, of the days that tell where the level is now.
LEVEL_LIFE = 4.0


@dataclass(frozen=True)
class Factors:
    """Profiles and scores: a day is about ``scores @ profiles``.

    Attributes
    ----------
    profiles : ndarray, shape (n_factors, n_bins)
        Orthonormal rows.
    scores : ndarray, shape (n_days, n_factors)
    """

    profiles: Vector
    scores: Vector


def learn_factors(roots: Vector, expected: Vector, n_factors: int) -> Factors:
    """Decompose the matrix of days by bins, cells that stand far out drawn in and absent cells filled in.

    Parameters
    ----------
    roots : ndarray, shape (n_days, n_bins)
        Square roots of counts; NaN where absent.
    expected : ndarray, shape (n_days, n_bins)
        What stands in for an absent cell to begin with.
    n_factors : int

    Returns
    -------
    Factors
        Signs such that each profile's entries sum to no less than 0.
    """
    is_absent = np.isnan(roots)
    filled = np.where(is_absent, expected, roots)
    most = min(n_factors, *roots.shape)
    for _ in range(DRAWS):
        profiles = _profiles(filled, most)
        fit = filled @ profiles.T @ profiles
        apart = np.where(is_absent, 0.0, roots - fit)
        scale = NORMAL * np.median(np.abs(apart), axis=0)
        far = FAR_CELL * np.where(scale > 0, scale, np.inf)
        filled = fit + np.clip(apart, -far, far)
    profiles = _profiles(filled, most)
    return Factors(profiles, filled @ profiles.T)


def _profiles(filled: Vector, most: int) -> Vector:
    """Return the first right singular vectors, by the smaller of the two products of the matrix with itself."""
    n_days, n_bins = filled.shape
    if n_bins <= n_days:
        right = np.linalg.eigh(filled.T @ filled)[1][:, ::-1][:, :most].T
    else:
        left = np.linalg.eigh(filled @ filled.T)[1][:, ::-1][:, :most]
        right = left.T @ filled
        size = np.linalg.norm(right, axis=1, keepdims=True)
        right = right / np.where(size > 0, size, 1.0)
    profiles: Vector = right * np.where(right.sum(axis=1, keepdims=True) < 0, -1.0, 1.0)
    return profiles


@dataclass(frozen=True)
class ScoreModel:
    """How a day's scores follow from the calendar and the day before.

    Attributes
    ----------
    coefficients : ndarray, shape (n_regressors, n_factors)
    carry : ndarray, shape (n_factors,)
        First-order autoregression of what the calendar leaves over.
    last : ndarray, shape (n_factors,)
        What was left over on the last day.
    scale : ndarray, shape (n_factors,)
        Robust standard deviation of what is left over.
    leftover : ndarray, shape (n_days, n_factors)
    level : ndarray, shape (n_factors,)
        What was left over lately, exponentially smoothed.
    """

    coefficients: Vector
    carry: Vector
    last: Vector
    scale: Vector
    leftover: Vector
    level: Vector

    def ahead(self, regressors: Vector, *, keeps_level: bool = False) -> Vector:
        """Return the scores of the days that follow, shape (n_days, n_factors).

        What is left over dies away by the autoregression, or stays where it was lately.
        """
        if keeps_level:
            kept: Vector = regressors @ self.coefficients + self.level
            return kept
        lead = np.arange(1, len(regressors) + 1)[:, None]
        scores: Vector = regressors @ self.coefficients + self.last * self.carry**lead
        return scores


def learn_scores(scores: Vector, regressors: Vector, half_life: float, n_weekdays: int = 7) -> ScoreModel:
    """Regress the scores on the calendar, older days weighing less and far ones drawn in (Huber), then on the day before.

    Parameters
    ----------
    scores : ndarray, shape (n_days, n_factors)
    regressors : ndarray, shape (n_days, n_regressors)
    half_life : float
        Days after which a day weighs half; infinite for equal weights.
    n_weekdays : int
        The first so many regressors are hardly penalised.

    Returns
    -------
    ScoreModel
    """
    n_days, n_factors = scores.shape
    age = np.arange(n_days)[::-1]
    by_age = 0.5 ** (age / half_life)
    penalty = np.full(regressors.shape[1], RIDGE_CALENDAR)
    penalty[:n_weekdays] = RIDGE_WEEKDAY
    # Products of every two regressors, once: all factors are then solved for at the same time.
    products = (regressors[:, :, None] * regressors[:, None, :]).reshape(n_days, -1)
    weight = np.repeat(by_age[:, None], n_factors, axis=1)
    for _ in range(ROUNDS):
        squares = (products.T @ weight).T.reshape(n_factors, regressors.shape[1], -1) + np.diag(penalty)
        sides = (regressors.T @ (weight * scores)).T[:, :, None]
        coefficients = np.asarray(np.linalg.solve(squares, sides), dtype=np.float64)[:, :, 0].T
        leftover = scores - regressors @ coefficients
        scale = NORMAL * np.median(np.abs(leftover), axis=0)
        apart = np.maximum(np.abs(leftover), 1e-300)
        weight = by_age[:, None] * np.where(scale > 0, np.minimum(1.0, FAR_DAY * scale / apart), 1.0)
    drawn = np.clip(leftover, -FAR_DAY * scale, FAR_DAY * scale)
    below = (drawn[:-1] ** 2).sum(axis=0)
    together = (drawn[1:] * drawn[:-1]).sum(axis=0)
    carry = np.clip(together / np.where(below > 0, below, 1.0), 0.0, MOST_AUTOREGRESSION)
    limit = FAR_DAY * scale
    lately = 0.5 ** (age / LEVEL_LIFE)
    level = lately @ np.clip(leftover, -limit, limit) / lately.sum()
    return ScoreModel(coefficients, carry, np.clip(leftover[-1], -limit, limit), scale, leftover, level)


def trend_regressor(n_days: int, n_ahead: int) -> tuple[Vector, Vector]:
    """Return a straight line over the days, 0 on the last, and its damped continuation."""
    past = np.arange(-n_days + 1, 1) / max(1, n_days)
    ahead = np.cumsum(DAMPING ** np.arange(1, n_ahead + 1)) / max(1, n_days)
    return past, ahead


def far_days(model: ScoreModel) -> NDArray[np.bool_]:
    """Return which days stand far out on the first factor, the day's size, shape (n_days,)."""
    found: NDArray[np.bool_] = np.abs(model.leftover[:, 0]) > 2 * FAR_DAY * model.scale[0]
    return found

"""How loyalty goes with satisfaction: the static curve, market by market, with its zones."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note, TooFewError
from guanxi_methods.frames import Vector, as_categories, as_vector
from guanxi_methods.loyalty.intervals import LEVEL, Estimate, check_level, mean, proportion, two_sided_z
from guanxi_methods.loyalty.least_squares import robust_line
from guanxi_methods.loyalty.levels import best_zones, fractional_logit, rising_fit, zone_starts

ALL = "all"
FEWEST = 30
FEW = 5
MOST_LEVELS = 25
# Up to so many draws the customers themselves are drawn again; beyond, the means of the levels, which are then normal.
MOST_DRAWS = 20_000_000
ZONE_NAMES = ("defection", "indifference", "affection")


@dataclass(frozen=True)
class CurvePoint:
    """One level of satisfaction.

    Attributes
    ----------
    satisfaction : float
        The level; the mean of the customers in it where levels had to be put together.
    loyalty : Estimate
        Mean loyalty; Wilson's interval where loyalty is yes or no, else Student's.
    fitted : float
        The rising curve.
    fitted_low, fitted_high : float or None
        Ends of its bootstrap interval; None at a level with a single customer, of which nothing can be drawn again.
    """

    satisfaction: float
    loyalty: Estimate
    fitted: float
    fitted_low: float | None
    fitted_high: float | None


@dataclass(frozen=True)
class Zone:
    """A range of satisfaction in which loyalty is much the same.

    Attributes
    ----------
    name : str
        "defection", "indifference" or "affection".
    low, high : float
        Lowest and highest level in it.
    loyalty : Estimate
    support : float
        Share of bootstrap samples in which the zone began at the same level (1 for the lowest zone, which begins at
        the lowest level by definition).
    """

    name: str
    low: float
    high: float
    loyalty: Estimate
    support: float


@dataclass(frozen=True)
class LoyaltyCurve:
    """Loyalty by satisfaction in one market.

    Attributes
    ----------
    points : tuple of CurvePoint
    zones : tuple of Zone
        From low to high; empty where the data tells no zones apart.
    slope : Estimate
        Loyalty gained by one step of satisfaction, in the mean (straight line, robust error).
    curvature : Estimate
        Coefficient of the squared satisfaction: over 0 the curve rises towards its end, as it does where customers can
        easily go elsewhere; under 0 it is nearly flat there, as where they cannot.
    logit_slope : Estimate or None
        Log odds gained by one step, for loyalty on a bounded scale.
    """

    points: tuple[CurvePoint, ...]
    zones: tuple[Zone, ...]
    slope: Estimate
    curvature: Estimate | None
    logit_slope: Estimate | None


class SatisfactionLoyaltyCurve(Method):
    r"""Static curve of loyalty over satisfaction (满意与忠诚的静态关系), for each market.

    For each level of satisfaction: customers, mean loyalty with its interval, and the rising (isotonic) curve with a
    bootstrap interval, since more satisfaction is held to bring no less loyalty. From the same means:

    - **zones** of defection, indifference and affection: neighbouring levels are put together so that loyalty differs
      least within a zone (:func:`~guanxi_methods.loyalty.levels.best_zones`); how many zones there are, one to three,
      is decided by BIC. Heskett et al. draw the zones and print no rule: this one is the product's own. With two zones
      there is none of indifference; with one there are no zones, and a note says so.
    - **slope** and **curvature**: Jones and Sasser found the curve bent upwards where competition is strong (loyalty only
      with complete satisfaction) and downwards where customers are held (monopoly, switching cost, strong brands). The
      curvature's sign with its interval says which kind each ``market`` is.
    - **logistic slope** for loyalty on a bounded scale (yes and no, or shares), of Papke and Wooldridge.

    Parameters
    ----------
    loyalty_scale : tuple of two floats, optional
        Lowest and highest loyalty, for the logistic slope; (0, 1) is found by itself.
    n_bootstrap : int, default 500
    level : float, default 0.95
    random_state : int, default 0

    Attributes
    ----------
    curves_ : dict of str to LoyaltyCurve
        By market; "all" where none are told apart, and beside the markets.
    notes_ : tuple of Note

    References
    ----------
    T. O. Jones & W. E. Sasser, "Why satisfied customers defect", Harvard Business Review 73(6), 1995; J. L. Heskett,
    T. O. Jones, G. W. Loveman, W. E. Sasser & L. A. Schlesinger, "Putting the service-profit chain to work", Harvard
    Business Review 72(2), 1994 (zones).

    Examples
    --------
    >>> satisfaction = [1] * 20 + [2] * 20 + [3] * 20 + [4] * 20 + [5] * 20
    >>> returned = ([0] * 18 + [1] * 2) * 2 + ([0] * 12 + [1] * 8) * 2 + [0] * 1 + [1] * 19
    >>> curve = SatisfactionLoyaltyCurve().fit(satisfaction, returned).curves_["all"]
    >>> [(zone.name, zone.low, zone.high, zone.loyalty.value) for zone in curve.zones]
    [('defection', 1.0, 2.0, 0.1), ('indifference', 3.0, 4.0, 0.4), ('affection', 5.0, 5.0, 0.95)]
    >>> curve.curvature.value > 0
    True
    """

    def __init__(
        self,
        loyalty_scale: tuple[float, float] | None = None,
        n_bootstrap: int = 500,
        level: float = LEVEL,
        random_state: int = 0,
    ) -> None:
        """Store the parameters."""
        self.loyalty_scale = loyalty_scale
        self.n_bootstrap = n_bootstrap
        self.level = level
        self.random_state = random_state

    def fit(self, satisfaction: Any, loyalty: Any, market: Any = None) -> SatisfactionLoyaltyCurve:
        """Draw the curves.

        Parameters
        ----------
        satisfaction : array_like, shape (n_customers,)
            On one scale; more than 25 different values are put together into 25 groups of like size.
        loyalty : array_like, shape (n_customers,)
            1 for who stayed or bought again and 0 for who did not, or any figure that grows with loyalty. Rows in which
            either is missing are left out and noted.
        market : array_like, shape (n_customers,), optional
            Market, region or segment that differs in how hard competition is.

        Returns
        -------
        SatisfactionLoyaltyCurve

        Raises
        ------
        MethodError
            Not numbers; fewer than 30 customers (in any market); satisfaction that does not vary; loyalty off its scale.
        """
        self._check_parameters()
        x = as_vector(satisfaction, "satisfaction", missing="keep")
        y = as_vector(loyalty, "loyalty", size=x.size, missing="keep")
        known = ~(np.isnan(x) | np.isnan(y))
        self._notes: list[Note] = []
        if not known.all():
            self._notes.append(
                Note("{count} rows without satisfaction or loyalty were left out", count=int((~known).sum()))
            )
        self._bounds = self._scale(y[known])
        self._is_yes_no = bool(np.isin(y[known], (0.0, 1.0)).all())
        self.curves_ = {ALL: self._curve(x[known], y[known], ALL)}
        if market is not None:
            words = as_categories(market, "market").astype(str)
            if words.size != x.size:
                raise MethodError("market holds {found} values where {size} are needed", found=words.size, size=x.size)
            for name in np.unique(words[known & (words != "")]).tolist():
                rows = known & (words == name)
                self.curves_[name] = self._curve(x[rows], y[rows], name)
        self.notes_ = tuple(self._notes)
        return self

    def _check_parameters(self) -> None:
        """Check the constructor's arguments."""
        check_level(self.level)
        if isinstance(self.n_bootstrap, bool) or not isinstance(self.n_bootstrap, int) or self.n_bootstrap < 100:
            raise MethodError("n_bootstrap must be a whole number of at least 100, not {n!r}", n=self.n_bootstrap)

    def _scale(self, y: Vector) -> tuple[float, float] | None:
        """Return the ends of the scale of loyalty, if it has any."""
        if self.loyalty_scale is None:
            return (0.0, 1.0) if np.isin(y, (0.0, 1.0)).all() else None
        low, high = (float(end) for end in self.loyalty_scale)
        if not low < high:
            raise MethodError("loyalty_scale must be its lowest and its highest value, not {given}", given=(low, high))
        if y.size and (y.min() < low or y.max() > high):
            raise MethodError(
                "loyalty runs from {least:g} to {most:g}, beyond its scale from {low:g} to {high:g}",
                least=float(y.min()), most=float(y.max()), low=low, high=high,
            )  # fmt: skip
        return low, high

    def _curve(self, x: Vector, y: Vector, market: str) -> LoyaltyCurve:
        """Draw one curve."""
        if x.size < FEWEST:
            raise TooFewError(
                "a curve needs at least {needed} customers, {market} has {count}",
                needed=FEWEST, market=market, count=int(x.size),
            )  # fmt: skip
        order = np.lexsort((y, x))
        x, y = x[order], y[order]
        place, levels = _levels(x)
        if levels.size == 1:
            raise MethodError(
                "satisfaction is {value:g} for everybody in {market}: there is no curve",
                value=float(levels[0]), market=market,
            )  # fmt: skip
        if np.unique(x).size > MOST_LEVELS:
            self._notes.append(
                Note("{market}: satisfaction was put together into {count} groups", market=market, count=levels.size)
            )
        weights = np.bincount(place).astype(float)
        few = int((weights < FEW).sum())
        if few:
            self._notes.append(
                Note(
                    "{market}: {count} levels of satisfaction have fewer than {few} customers and say little",
                    market=market, count=few, few=FEW,
                )
            )  # fmt: skip
        means = np.bincount(place, weights=y) / weights
        spread: Vector = np.zeros(levels.size) + np.bincount(place, weights=(y - means[place]) ** 2)
        draws = _Draws(place, y, weights, means, spread, self.n_bootstrap, np.random.default_rng(self.random_state))
        points = self._points(levels, place, y, rising_fit(means, weights), draws)
        zones = self._zones(levels, place, y, best_zones(means, weights, float(spread.sum())), draws)
        if not zones:
            self._notes.append(
                Note("{market}: loyalty differs too little over satisfaction to tell zones", market=market)
            )
        slope, curvature = _line(x, y, self.level)
        return LoyaltyCurve(points, zones, slope, curvature, self._logit(x, y, market))

    def _points(
        self, levels: Vector, place: NDArray[np.int64], y: Vector, fitted: Vector, draws: _Draws
    ) -> tuple[CurvePoint, ...]:
        """Return the levels with the rising curve and its bootstrap interval."""
        means, weights, _ = draws.filled()
        curves = np.array([rising_fit(*one) for one in zip(means, weights, strict=True)])
        tail = 50 * (1 - self.level)
        low, high = np.percentile(curves, [tail, 100 - tail], axis=0)
        count = np.bincount(place)
        return tuple(
            CurvePoint(
                float(level),
                self._loyalty(y[place == at]),
                float(fitted[at]),
                float(low[at]) if count[at] > 1 else None,
                float(high[at]) if count[at] > 1 else None,
            )
            for at, level in enumerate(levels)
        )

    def _loyalty(self, y: Vector) -> Estimate:
        """Return the mean loyalty of some customers: a share where loyalty is yes or no, else a mean on its scale."""
        if self._is_yes_no:
            return proportion(float(y.sum()), float(y.size), self.level)
        found = mean(y, self.level)
        return found.within(*self._bounds) if self._bounds else found

    def _zones(
        self, levels: Vector, place: NDArray[np.int64], y: Vector, cuts: tuple[int, ...], draws: _Draws
    ) -> tuple[Zone, ...]:
        """Return the zones with how often each began at the same level in samples drawn again."""
        if not cuts:
            return ()
        begins = zone_starts(*draws.filled()).mean(axis=0)
        starts = (0, *cuts)
        ends = (*cuts, levels.size)
        names = ZONE_NAMES if len(cuts) == 2 else (ZONE_NAMES[0], ZONE_NAMES[2])
        return tuple(
            Zone(
                name,
                float(levels[start]),
                float(levels[end - 1]),
                self._loyalty(y[(place >= start) & (place < end)]),
                1.0 if start == 0 else float(begins[start]),
            )
            for name, start, end in zip(names, starts, ends, strict=True)
        )

    def _logit(self, x: Vector, y: Vector, market: str) -> Estimate | None:
        """Return the logistic slope of loyalty on a bounded scale."""
        if self._bounds is None:
            return None
        low, high = self._bounds
        found = fractional_logit(x, (y - low) / (high - low))
        if found is None:
            self._notes.append(
                Note(
                    "{market}: the logistic slope has no finite value: satisfaction tells loyalty apart", market=market
                )
            )
            return None
        slope, error = float(found[0][1]), math.sqrt(float(found[1][1, 1]))
        half = two_sided_z(self.level) * error
        return Estimate(slope, slope - half, slope + half, error, int(x.size))


class _Draws:
    """Bootstrap samples of the levels: their means, numbers and squares within."""

    def __init__(
        self, place: NDArray[np.int64], y: Vector, weights: Vector, means: Vector, spread: Vector, count: int,
        rng: np.random.Generator,
    ) -> None:  # fmt: skip
        """Draw them: customers where that is quick, else the means of levels, which are normal for so many."""
        n, size = int(weights.sum()), weights.size
        self._means = means
        if n * count <= MOST_DRAWS:
            self._weights = np.empty((count, size))
            self._sums, self._squares = np.empty((count, size)), np.empty((count, size))
            for row in range(count):
                pick = rng.integers(0, n, n)
                at, value = place[pick], y[pick]
                self._weights[row] = np.bincount(at, minlength=size)
                self._sums[row] = np.bincount(at, weights=value, minlength=size)
                self._squares[row] = np.bincount(at, weights=value * value, minlength=size)
        else:
            self._weights = rng.multinomial(n, weights / n, size=count).astype(float)
            noise = rng.standard_normal((count, size)) * np.sqrt(spread / weights)
            self._sums = self._weights * means + noise * np.sqrt(self._weights)
            filled = np.maximum(self._weights, 1)
            self._squares = self._sums**2 / filled + self._weights * spread / weights

    def filled(self) -> tuple[Vector, Vector, Vector]:
        """Return mean, number and squares within of each sample; a level nobody was drawn from hardly counts."""
        weights = np.maximum(self._weights, 1e-9)
        means = np.where(self._weights > 0, self._sums / weights, self._means)
        within = np.maximum(self._squares - self._sums**2 / weights, 0).sum(axis=1)
        return means, weights, within


def _levels(x: Vector) -> tuple[NDArray[np.int64], Vector]:
    """Return the level of each customer, and the levels; too many are put together into groups of like size."""
    levels, place = np.unique(x, return_inverse=True)
    if levels.size <= MOST_LEVELS:
        return place.astype(np.int64), levels
    ends = np.unique(np.quantile(x, np.arange(1, MOST_LEVELS) / MOST_LEVELS))
    _, groups = np.unique(np.searchsorted(ends, x, side="left"), return_inverse=True)
    return groups.astype(np.int64), np.bincount(groups, weights=x) / np.bincount(groups)


def _line(x: Vector, y: Vector, level: float) -> tuple[Estimate, Estimate | None]:
    """Return the slope of a line and the square's coefficient of a parabola, errors robust (HC3)."""
    centred = x - x.mean()
    slope = robust_line(np.column_stack([np.ones(x.size), centred]), y, 1, level)
    if np.unique(x).size < 3:
        return slope, None
    return slope, robust_line(np.column_stack([np.ones(x.size), centred, centred**2]), y, 2, level)

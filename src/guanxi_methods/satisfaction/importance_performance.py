"""The importance-performance map: what to improve, what to keep up, what to spend less on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError
from guanxi_methods.frames import Vector
from guanxi_methods.proportion import check_level
from guanxi_methods.satisfaction.answers import as_answers, as_weights, check_scale
from guanxi_methods.satisfaction.estimates import (
    Interval,
    Means,
    error_and_interval,
    interval_note,
    item_means,
    missing_note,
)

# (importance is high, performance is high) -> the name in print.
QUADRANTS = {
    (True, False): "concentrate here",
    (True, True): "keep up the good work",
    (False, False): "low priority",
    (False, True): "possible overkill",
}
RULES = ("mean", "median", "midpoint")
# So near to a line, as a share of its height, is on it: means carry rounding.
ROUNDING = 1e-12


@dataclass(frozen=True)
class MapItem:
    """One item on the map.

    Attributes
    ----------
    item : str
        Name of the satisfaction item.
    number : int
        Place among the items, from 1.
    importance, performance : float
        Means over those who answered.
    importance_interval, performance_interval : (float, float) or None
    quadrant : str
        "concentrate here", "keep up the good work", "low priority" or "possible overkill".
    is_settled : bool or None
        Whether both distances to the lines are beyond chance; otherwise another sample may put the item elsewhere.
    """

    item: str
    number: int
    importance: float
    performance: float
    importance_interval: Interval | None
    performance_interval: Interval | None
    quadrant: str
    is_settled: bool | None


class ImportancePerformance(Method):
    r"""Importance-performance analysis: items by mean importance and mean performance, in four quadrants.

    The lines stand at the means of the items' means unless another rule is chosen; an item on a line counts as high.

    - high importance, low performance: concentrate here
    - high importance, high performance: keep up the good work
    - low importance, low performance: low priority
    - low importance, high performance: possible overkill

    Each item's distance to the lines has an interval by the delta method, with the error of the line in it where the
    line is the mean; medians, midpoints and given numbers are taken as fixed.

    Parameters
    ----------
    crosshairs : {"mean", "median", "midpoint"} or (float, float), default "mean"
        Rule for both lines, or the importance and the performance at which they stand. Midpoint needs the scale.
    scale : (float, float), optional
        Lowest and highest answer; answers off it are refused.
    importance_scale : (float, float), optional
        The scale of the importance, if another.
    level : float, default 0.95

    Attributes
    ----------
    items_ : tuple of MapItem
    crosshairs_ : (float, float)
        Importance and performance at which the lines stand.
    n_ : int
        Respondents who answered at least one question.
    notes_ : tuple of Note

    References
    ----------
    J. A. Martilla, J. C. James, "Importance-performance analysis", Journal of Marketing 41(1), 1977, who put the
    lines where they seem useful and print means and medians.

    Examples
    --------
    >>> found = ImportancePerformance().fit(
    ...     {"speed": [7, 6, 7], "price": [6, 6, 7], "decor": [2, 3, 3], "music": [1, 2, 1]},
    ...     {"speed": [3, 2, 3], "price": [6, 5, 6], "decor": [6, 6, 5], "music": [2, 3, 2]},
    ... )
    >>> [item.quadrant for item in found.items_]
    ['concentrate here', 'keep up the good work', 'possible overkill', 'low priority']
    """

    def __init__(
        self,
        crosshairs: str | Sequence[float] = "mean",
        scale: Sequence[float] | None = None,
        importance_scale: Sequence[float] | None = None,
        level: float = 0.95,
    ) -> None:
        """Store the parameters."""
        self.crosshairs = crosshairs
        self.scale = scale
        self.importance_scale = importance_scale
        self.level = level

    def fit(self, importance: Any, satisfaction: Any, *, weights: ArrayLike | None = None) -> ImportancePerformance:
        """Put the items on the map.

        Parameters
        ----------
        importance, satisfaction : table, shape (n_respondents, n_items)
            Pairs go by the order of the columns.
        weights : array_like, shape (n_respondents,), optional

        Returns
        -------
        ImportancePerformance

        Raises
        ------
        MethodError
            An answer off the scale; pairs that do not match in number; an item nobody answered; an unknown rule.
        """
        check_level(self.level)
        performed = as_answers(satisfaction, "satisfaction", scale=check_scale(self.scale))
        stated = as_answers(
            importance,
            "importance",
            scale=check_scale(self.importance_scale or self.scale),
            items=len(performed.names),
            respondents=len(performed),
        )
        checked = as_weights(weights, len(performed))
        both = item_means(stated, checked), item_means(performed, checked)
        answered = ~np.isnan(np.column_stack([stated.values, performed.values])).all(axis=1)
        self.n_ = int((answered & (checked > 0)).sum())
        self.crosshairs_ = self._lines(*both)
        sides = [self._sides(means, line) for means, line in zip(both, self.crosshairs_, strict=True)]
        each = [means.each(self.level) for means in both]
        self.items_ = tuple(
            MapItem(
                item=name,
                number=place + 1,
                importance=float(both[0].means[place]),
                performance=float(both[1].means[place]),
                importance_interval=each[0][place][1],
                performance_interval=each[1][place][1],
                quadrant=QUADRANTS[sides[0][place][0], sides[1][place][0]],
                is_settled=_both(sides[0][place][1], sides[1][place][1]),
            )
            for place, name in enumerate(performed.names)
        )
        gaps = np.column_stack([stated.values, performed.values])
        errors = [error for one in each for error, _ in one if error is not None]
        self.notes_ = (*missing_note(gaps), *interval_note(self.n_, max(errors) if errors else None))
        return self

    def _lines(self, importance: Means, performance: Means) -> tuple[float, float]:
        """Return where the lines stand."""
        rule = self.crosshairs
        if isinstance(rule, str):
            if rule == "mean":
                return float(importance.means.mean()), float(performance.means.mean())
            if rule == "median":
                return float(np.median(importance.means)), float(np.median(performance.means))
            if rule == "midpoint":
                scale = check_scale(self.scale)
                if scale is None:
                    raise MethodError("crosshairs at the midpoint need the scale of the answers")
                other = check_scale(self.importance_scale) or scale
                return sum(other) / 2, sum(scale) / 2
            raise MethodError(
                "crosshairs must be {rules} or two numbers, not {rule!r}", rules=", ".join(RULES), rule=rule
            )
        given = tuple(float(number) for number in rule)
        if len(given) != 2 or not np.isfinite(given).all():
            raise MethodError("crosshairs must be two numbers: importance, then performance")
        return given[0], given[1]

    def _sides(self, means: Means, line: float) -> list[tuple[bool, bool | None]]:
        """Return for each item whether it is high, and whether that is beyond chance."""
        distances: Vector = means.means - line
        near = np.abs(distances) <= ROUNDING * max(1.0, abs(line))
        is_mean = isinstance(self.crosshairs, str) and self.crosshairs == "mean"
        found: list[tuple[bool, bool | None]] = []
        for place, distance in enumerate(distances):
            gradient = np.zeros(len(distances))
            if is_mean:
                gradient -= 1.0 / len(distances)
            gradient[place] += 1.0
            _, interval = error_and_interval(
                float(distance), means.influence(gradient), int(means.answered[place]), self.level
            )
            is_beyond = None if interval is None else bool(not near[place] and (interval[0] > 0 or interval[1] < 0))
            found.append((bool(distance > 0 or near[place]), is_beyond))
        return found


def _both(one: bool | None, other: bool | None) -> bool | None:
    """Return whether both hold, None where one is not known."""
    return None if one is None or other is None else one and other

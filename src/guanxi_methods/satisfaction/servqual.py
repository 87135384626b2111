"""SERVQUAL: how far the service perceived falls short of the service expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import unknown_column
from guanxi_methods.proportion import check_level
from guanxi_methods.satisfaction.answers import Answers, as_answers, as_weights, check_scale
from guanxi_methods.satisfaction.estimates import (
    Interval,
    Means,
    error_and_interval,
    interval_note,
    item_means,
    p_value,
)

Places = NDArray[np.intp]

# The order of the 22 statements in print; numbers count from 1.
STANDARD_DIMENSIONS: Mapping[str, tuple[int, ...]] = {
    "tangibles": (1, 2, 3, 4),
    "reliability": (5, 6, 7, 8, 9),
    "responsiveness": (10, 11, 12, 13),
    "assurance": (14, 15, 16, 17),
    "empathy": (18, 19, 20, 21, 22),
}


@dataclass(frozen=True)
class ItemGap:
    """One pair of statements.

    Attributes
    ----------
    item : str
        Name of the perception item.
    number : int
        Place among the items, from 1.
    expectation, perception, gap : float
        Means over those who answered both; gap = perception - expectation.
    interval : (float, float) or None
    p_value : float or None
        Of no gap; paired t test.
    answered : int
    """

    item: str
    number: int
    expectation: float
    perception: float
    gap: float
    interval: Interval | None
    p_value: float | None
    answered: int


@dataclass(frozen=True)
class DimensionGap:
    """One dimension: the mean of its items' gaps.

    Attributes
    ----------
    gap : float
    interval : (float, float) or None
    items : tuple of str
    """

    gap: float
    interval: Interval | None
    items: tuple[str, ...]


class Servqual(Method):
    r"""SERVQUAL gaps by item, by dimension and in the mean.

    .. math:: G_j = \overline{P_j - E_j}, \qquad G_d = \frac{1}{|d|} \sum_{j \in d} G_j,
        \qquad G = \frac{1}{p} \sum_j G_j

    P is the perception, E the expectation of the same respondent: negative where the service falls short. Pairs with
    a missing half do not count. With ``points``, the dimensions weighed by them are given too. Intervals are those of
    the paired t test for items, and by the delta method over respondents for the rest.

    Parameters
    ----------
    dimensions : mapping of str to sequence of int or str, optional
        Items of each dimension by their number, from 1, or by the name of the perception item. With 22 pairs the
        published dimensions (``STANDARD_DIMENSIONS``) unless given.
    points : mapping of str to float, optional
        Importance of each dimension; respondents are asked to divide 100 points.
    scale : (float, float), optional
        Lowest and highest answer; answers off it are refused. In print 1 to 7.
    level : float, default 0.95

    Attributes
    ----------
    items_ : tuple of ItemGap
    dimensions_ : dict of str to DimensionGap
    mean_gap_ : float
    interval_ : (float, float) or None
    weighted_gap_ : float or None
        None without points.
    n_ : int
        Respondents with at least one whole pair.
    notes_ : tuple of Note

    References
    ----------
    A. Parasuraman, V. A. Zeithaml, L. L. Berry, "SERVQUAL: a multiple-item scale for measuring consumer perceptions
    of service quality", Journal of Retailing 64(1), 1988.

    Examples
    --------
    >>> found = Servqual({"speed": [1], "people": [2]}).fit(
    ...     {"e1": [7, 6, 7], "e2": [5, 6, 6]}, {"p1": [5, 5, 6], "p2": [6, 6, 5]}
    ... )
    >>> [(item.item, round(item.gap, 4)) for item in found.items_], round(found.mean_gap_, 4)
    ([('p1', -1.3333), ('p2', 0.0)], -0.6667)
    """

    def __init__(
        self,
        dimensions: Mapping[str, Sequence[int | str]] | None = None,
        points: Mapping[str, float] | None = None,
        scale: Sequence[float] | None = None,
        level: float = 0.95,
    ) -> None:
        """Store the parameters."""
        self.dimensions = dimensions
        self.points = points
        self.scale = scale
        self.level = level

    def fit(self, expectation: Any, perception: Any, *, weights: ArrayLike | None = None) -> Servqual:
        """Measure the gaps.

        Parameters
        ----------
        expectation, perception : table, shape (n_respondents, n_items)
            Pairs go by the order of the columns.
        weights : array_like, shape (n_respondents,), optional

        Returns
        -------
        Servqual

        Raises
        ------
        MethodError
            An answer off the scale; pairs that do not match in number; a pair nobody answered whole; a dimension
            with an item that does not exist, or points for a dimension that does not.
        """
        check_level(self.level)
        scale = check_scale(self.scale)
        expected = as_answers(expectation, "expectation", scale=scale)
        perceived = as_answers(
            perception, "perception", scale=scale, items=len(expected.names), respondents=len(expected)
        )
        chosen, notes = self._dimensions(perceived.names)
        gaps = perceived.values - expected.values
        whole = ~np.isnan(gaps)
        if not whole.any(axis=0).all():
            item = perceived.names[int(np.argmin(whole.any(axis=0)))]
            raise MethodError("nobody answered both halves of the pair of {item}; leave the pair out", item=item)
        checked = as_weights(weights, len(gaps))
        means = item_means(Answers(gaps, perceived.names), checked)
        halves = item_means(Answers(np.where(whole, expected.values, np.nan), expected.names), checked)
        self.n_ = int((whole.any(axis=1) & (checked > 0)).sum())
        self.items_ = tuple(
            self._item(number, name, means, float(halves.means[number])) for number, name in enumerate(perceived.names)
        )
        self.mean_gap_, self.interval_, error = self._mean_of(means, np.arange(len(perceived.names)))
        self.dimensions_ = {}
        for dimension, places in chosen.items():
            gap, interval, _ = self._mean_of(means, places)
            self.dimensions_[dimension] = DimensionGap(gap, interval, tuple(perceived.names[place] for place in places))
        self.weighted_gap_ = self._weighted()
        missing = int((~whole).sum())
        if missing:
            notes.append(Note("{missing} of {all} pairs lack a half and do not count", missing=missing, all=gaps.size))
        self.notes_ = (*notes, *interval_note(self.n_, error))
        return self

    def _dimensions(self, names: tuple[str, ...]) -> tuple[dict[str, Places], list[Note]]:
        """Return the places of the items of each dimension."""
        wanted: Mapping[str, Sequence[int | str]]
        if self.dimensions is not None:
            wanted = self.dimensions
        elif len(names) == 22:
            wanted = STANDARD_DIMENSIONS
        else:
            note = Note(
                "no dimensions were named, and the published ones are for 22 pairs, not {count}", count=len(names)
            )
            return {}, [note]
        return {name: _places(name, items, names) for name, items in wanted.items()}, []

    def _item(self, place: int, name: str, means: Means, expectation: float) -> ItemGap:
        """Return the gap of one pair."""
        gap, answered = float(means.means[place]), int(means.answered[place])
        influence = means.influence(np.eye(len(means.means))[place])
        error, interval = error_and_interval(gap, influence, answered, self.level)
        return ItemGap(
            item=name,
            number=place + 1,
            expectation=expectation,
            perception=expectation + gap,
            gap=gap,
            interval=interval,
            p_value=p_value(gap, error, answered - 1),
            answered=answered,
        )

    def _mean_of(self, means: Means, places: Places) -> tuple[float, Interval | None, float | None]:
        """Return the mean of some gaps, with its interval and standard error."""
        gradient = np.zeros(len(means.means))
        gradient[places] = 1.0 / len(places)
        gap = float(gradient @ means.means)
        thin = means.answered[places].min() < 2
        error, interval = error_and_interval(gap, means.influence(gradient), 0 if thin else self.n_, self.level)
        return gap, interval, error

    def _weighted(self) -> float | None:
        """Return the gaps of the dimensions weighed by their points."""
        if self.points is None:
            return None
        for dimension in self.points:
            if dimension not in self.dimensions_:
                raise MethodError(
                    "there are points for {dimension!r}, but no such dimension; there are: {known}",
                    dimension=dimension,
                    known=", ".join(self.dimensions_),
                )
        total = sum(self.points.values())
        if total <= 0 or min(self.points.values()) < 0:
            raise MethodError("points must not be negative, and some must be above zero")
        return sum(points * self.dimensions_[name].gap for name, points in self.points.items()) / total


def _places(dimension: str, items: Sequence[int | str], names: tuple[str, ...]) -> Places:
    """Return the places, from 0, of the items of a dimension."""
    if not len(items):
        raise MethodError("the dimension {dimension!r} has no items", dimension=dimension)
    places = []
    for item in items:
        if isinstance(item, str):
            if item not in names:
                raise unknown_column(item, names)
            places.append(names.index(item))
        elif 1 <= item <= len(names):
            places.append(int(item) - 1)
        else:
            raise MethodError(
                "the dimension {dimension!r} names item {item}, but there are items 1 to {count}",
                dimension=dimension,
                item=item,
                count=len(names),
            )
    return np.array(places)

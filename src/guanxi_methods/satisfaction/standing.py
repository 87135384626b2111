"""Satisfaction by layer and factor, and the indicators beside it: known, first named, well spoken of, coming back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from guanxi_methods.base import Method
from guanxi_methods.errors import MethodError, Note
from guanxi_methods.frames import Vector, as_vector, unknown_column
from guanxi_methods.proportion import check_level, wilson
from guanxi_methods.satisfaction.answers import as_answers, as_weights, check_scale, to_100
from guanxi_methods.satisfaction.estimates import (
    Interval,
    Means,
    error_and_interval,
    item_means,
    missing_note,
)

ACROSS = ("mind", "behaviour", "visual")
DOWN = ("material", "spiritual", "social")
FACTORS = ("enterprise", "product", "service", "communication", "environment", "emotion")
# Indicator -> (what is counted, among whom); an empty text: among all who were asked.
INDICATORS = {
    "awareness": ("aware", ""),
    "first_named": ("named_first", ""),
    "reputation": ("favourable", "aware"),
    "return_rate": ("returned", "bought"),
    "grievance_rate": ("aggrieved", "bought"),
    "complaint_rate": ("complained", "bought"),
    "silent_grievance_rate": ("silent", "aggrieved"),
    "sales_power": ("bought", "aware"),
}


@dataclass(frozen=True)
class GroupIndex:
    """The index of one group of items.

    Attributes
    ----------
    index : float
        Mean of the items' means.
    index_100 : float or None
    interval : (float, float) or None
    items : tuple of str
    """

    index: float
    index_100: float | None
    interval: Interval | None
    items: tuple[str, ...]


class SatisfactionLayers(Method):
    r"""Satisfaction by layer, across and down, and by factor.

    Across: mind, behaviour, visual identity (理念, 行为, 视觉满意). Down: material, spiritual, social (物质, 精神,
    社会满意层). Factors: enterprise, product, service, communication, environment, emotion. Any other grouping may be
    named. Each group's index is the mean of the means of its items,

    .. math:: CSI_g = \frac{1}{|g|} \sum_{j \in g} \bar S_j

    with its interval by the delta method over respondents. The layers are taught; an index of each made so is this
    product's own definition.

    Parameters
    ----------
    groups : mapping of str to mapping of str to sequence of str
        For each way of grouping ("across", "down", "factor" or any other) the items of each group. An item may stand in
        one group of each way.
    scale : (float, float), optional
        Lowest and highest answer; answers off it are refused.
    level : float, default 0.95

    Attributes
    ----------
    indices_ : dict of str to dict of str to GroupIndex
    weakest_ : dict of str to str
        The group with the lowest index, for each way of grouping.
    n_ : int
    notes_ : tuple of Note

    References
    ----------
    This product's own definition.

    Examples
    --------
    >>> found = SatisfactionLayers(
    ...     {"down": {"material": ["goods"], "spiritual": ["respect", "trust"]}}, scale=(1, 5)
    ... ).fit({"goods": [5, 4, 5], "respect": [3, 2, 3], "trust": [4, 3, 3]})
    >>> {name: round(one.index_100, 2) for name, one in found.indices_["down"].items()}, found.weakest_
    ({'material': 91.67, 'spiritual': 50.0}, {'down': 'spiritual'})
    """

    def __init__(
        self,
        groups: Mapping[str, Mapping[str, Sequence[str]]],
        scale: Sequence[float] | None = None,
        level: float = 0.95,
    ) -> None:
        """Store the parameters."""
        self.groups = groups
        self.scale = scale
        self.level = level

    def fit(self, satisfaction: Any, *, weights: ArrayLike | None = None) -> SatisfactionLayers:
        """Evaluate the groups.

        Parameters
        ----------
        satisfaction : table, shape (n_respondents, n_items)
        weights : array_like, shape (n_respondents,), optional

        Returns
        -------
        SatisfactionLayers

        Raises
        ------
        MethodError
            An answer off the scale; a group with an item that does not exist, or with none; an item in two groups of
            one way of grouping.
        """
        check_level(self.level)
        answers = as_answers(satisfaction, "satisfaction", scale=check_scale(self.scale))
        checked = as_weights(weights, len(answers))
        means = item_means(answers, checked)
        self.n_ = int((~np.isnan(answers.values).all(axis=1) & (checked > 0)).sum())
        self.indices_ = {}
        for way, groups in self.groups.items():
            _refuse_doubles(way, groups, answers.names)
            self.indices_[way] = {
                group: self._group(means, [answers.names.index(item) for item in items], tuple(items))
                for group, items in groups.items()
            }
        self.weakest_ = {
            way: min(groups, key=lambda group: groups[group].index) for way, groups in self.indices_.items() if groups
        }
        thin = [name for name, count in zip(answers.names, means.answered, strict=True) if count < 2]
        notes = [
            Note("there is no interval where {item} comes in: one respondent answered it", item=item) for item in thin
        ]
        self.notes_ = (*missing_note(answers.values), *notes)
        return self

    def _group(self, means: Means, places: Sequence[int], items: tuple[str, ...]) -> GroupIndex:
        """Return the index of one group."""
        scale = check_scale(self.scale)
        gradient = np.zeros(len(means.means))
        gradient[list(places)] = 1.0 / len(places)
        index = float(gradient @ means.means)
        thin = means.answered[list(places)].min() < 2
        _, interval = error_and_interval(index, means.influence(gradient), 0 if thin else self.n_, self.level, scale)
        return GroupIndex(index, to_100(index, scale) if scale else None, interval, items)


def _refuse_doubles(way: str, groups: Mapping[str, Sequence[str]], names: tuple[str, ...]) -> None:
    """Refuse groups that do not fit the items."""
    seen: dict[str, str] = {}
    for group, items in groups.items():
        if not len(items):
            raise MethodError("{way}: the group {group!r} has no items", way=way, group=group)
        for item in items:
            if item not in names:
                raise unknown_column(item, names)
            if item in seen:
                raise MethodError(
                    "{way}: {item} stands in {one!r} and in {other!r}", way=way, item=item, one=seen[item], other=group
                )
            seen[item] = group


@dataclass(frozen=True)
class Rate:
    """A share of people.

    Attributes
    ----------
    rate : float
    interval : (float, float)
        Wilson's.
    count, among : int
    """

    rate: float
    interval: Interval
    count: int
    among: int


class SatisfactionIndicators(Method):
    r"""The indicators beside the index: how many know us, name us first, speak well of us, come back, grieve, complain.

    - awareness (知名度): who knows us, among all asked
    - first-named (指名度): who names us first, among all asked
    - reputation (美誉度): who speaks well of us, among those who know us
    - return rate (回头率): who bought again, among those who bought
    - grievance rate (抱怨率): who was dissatisfied, among those who bought
    - complaint rate (投诉率): who complained to us, among those who bought
    - silent grievance rate: who did not complain, among the dissatisfied
    - sales power (销售力): who bought, among those who know us

    The indicators are taught without formulas; these shares are this product's own definition. Intervals are Wilson's.
    Answers are yes (1) or no (0); people whom a question was not put to do not count in its rate.

    Parameters
    ----------
    level : float, default 0.95

    Attributes
    ----------
    rates_ : dict of str to Rate
        Those that the questions given allow.
    notes_ : tuple of Note

    References
    ----------
    This product's own definition; E. B. Wilson, Journal of the American Statistical Association 22, 1927, for the
    intervals.

    Examples
    --------
    >>> found = SatisfactionIndicators().fit(
    ...     aware=[1, 1, 1, 0], bought=[1, 1, 0, 0], aggrieved=[1, 1, 0, 0], complained=[1, 0, 0, 0]
    ... )
    >>> {name: round(one.rate, 3) for name, one in found.rates_.items()}
    {'awareness': 0.75, 'grievance_rate': 1.0, 'complaint_rate': 0.5, 'silent_grievance_rate': 0.5, 'sales_power': 0.667}
    """

    def __init__(self, level: float = 0.95) -> None:
        """Store the parameters."""
        self.level = level

    def fit(
        self,
        *,
        aware: Any = None,
        named_first: Any = None,
        favourable: Any = None,
        bought: Any = None,
        returned: Any = None,
        aggrieved: Any = None,
        complained: Any = None,
    ) -> SatisfactionIndicators:
        """Count.

        Parameters
        ----------
        aware, named_first, favourable, bought, returned, aggrieved, complained : array_like, shape (n_people,), optional
            1 for yes, 0 for no, missing where the question was not put.

        Returns
        -------
        SatisfactionIndicators

        Raises
        ------
        MethodError
            An answer other than 1 and 0; questions of several lengths; no indicator among those given.
        """
        check_level(self.level)
        asked = {
            "aware": aware, "named_first": named_first, "favourable": favourable, "bought": bought,
            "returned": returned, "aggrieved": aggrieved, "complained": complained,
        }  # fmt: skip
        given: dict[str, Vector] = {}
        size: int | None = None
        for name, column in asked.items():
            if column is None:
                continue
            given[name] = as_vector(column, name, size=size, missing="keep")
            size = given[name].size
            odd = ~np.isnan(given[name]) & ~np.isin(given[name], (0.0, 1.0))
            if odd.any():
                row = int(np.argmax(odd))
                raise MethodError(
                    "{name} holds {value:g} in row {row}; answers are 1 (yes) and 0 (no)",
                    name=name,
                    value=float(given[name][row]),
                    row=row + 1,
                )
        names = ", ".join(given)
        if {"aggrieved", "complained"} <= set(given):
            given["silent"] = 1.0 - given["complained"]
        self.rates_ = {}
        notes = []
        for indicator, (what, among) in INDICATORS.items():
            if what not in given or (among and among not in given):
                continue
            base = ~np.isnan(given[what]) & ((given[among] == 1) if among else True)
            count, among_whom = int((given[what][base] == 1).sum()), int(base.sum())
            interval = wilson(count, among_whom, self.level) if among_whom else None
            if interval is None:
                notes.append(Note("{indicator} cannot be had: nobody it could count", indicator=indicator))
            else:
                self.rates_[indicator] = Rate(count / among_whom, interval, count, among_whom)
        if not self.rates_ and not notes:
            raise MethodError("no indicator can be made of {names}", names=names or "nothing")
        self.notes_ = tuple(notes)
        return self

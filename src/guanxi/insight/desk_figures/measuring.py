"""The figures of a group of cases: medians with an interval, shares with Wilson's.

A median's interval is the distribution-free one by order statistics (Conover, Practical Nonparametric Statistics, 1999,
ch. 3.2, normal approximation): the values at ranks n/2 -+ z * sqrt(n)/2. Nothing is told of fewer than six values but the
median itself.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from guanxi_methods.proportion import normal_quantile, wilson

LEVEL = 0.95
LEAST = 6
WAITED_DAYS = (1, 3, 7, 30)


@dataclass(frozen=True)
class Duration:
    """How long something took, in seconds: the middle one, where nine of ten are done, and how sure the middle is."""

    count: int
    median: float
    p90: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Share:
    """How many of how many, and how sure the share is."""

    count: int
    of: int
    low: float = 0.0
    high: float = 1.0

    @property
    def ratio(self) -> float | None:
        """The share, None of nothing."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True)
class Backlog:
    """What is still to be done: how much, how old the middle one and the oldest are, and how many of each age."""

    count: int
    median: float | None
    oldest: float | None
    ages: tuple[int, ...]


@dataclass(frozen=True)
class Figures:
    """Everything that is told of one group of cases."""

    opened: int
    answered: int
    first_answer: Duration | None
    solved: int
    solution: Duration | None
    kept: Share
    at_once: Share
    reopened: Share
    backlog: Backlog


@dataclass
class Group:
    """What was read of one group of cases."""

    opened: int = 0
    answers: list[float] = field(default_factory=list)
    solutions: list[float] = field(default_factory=list)
    kept: int = 0
    ended: int = 0
    at_once: int = 0
    could_be: int = 0
    reopened: int = 0
    ages: list[float] = field(default_factory=list)

    def figures(self) -> Figures:
        """Measure it."""
        solved = len(self.solutions)
        return Figures(
            opened=self.opened,
            answered=len(self.answers),
            first_answer=duration_of(self.answers),
            solved=solved,
            solution=duration_of(self.solutions),
            kept=share_of(self.kept, self.ended),
            at_once=share_of(self.at_once, self.could_be),
            reopened=share_of(self.reopened, solved),
            backlog=backlog_of(self.ages),
        )


def duration_of(seconds: list[float]) -> Duration | None:
    """The middle of some spans of time; None of none."""
    if not seconds:
        return None
    ordered = np.sort(np.asarray(seconds, dtype=float))
    count = len(ordered)
    median, p90 = (float(one) for one in np.quantile(ordered, (0.5, 0.9)))
    if count < LEAST:
        return Duration(count, median, p90)
    reach = normal_quantile(LEVEL) * math.sqrt(count) / 2
    first = max(math.floor(count / 2 - reach), 1)
    last = min(math.ceil(count / 2 + reach) + 1, count)
    return Duration(count, median, p90, float(ordered[first - 1]), float(ordered[last - 1]))


def share_of(count: int, of: int) -> Share:
    """A share with Wilson's interval."""
    if not of:
        return Share(0, 0)
    low, high = wilson(count, of, LEVEL)
    return Share(count, of, low, high)


def backlog_of(ages: list[float]) -> Backlog:
    """What waits, by age in seconds."""
    if not ages:
        return Backlog(0, None, None, (0,) * (len(WAITED_DAYS) + 1))
    bounds = [day * 86_400 for day in WAITED_DAYS]
    places = np.searchsorted(np.asarray(bounds), np.asarray(ages), side="right")
    counts = np.bincount(places, minlength=len(bounds) + 1)
    return Backlog(len(ages), float(np.median(ages)), max(ages), tuple(int(one) for one in counts))


def grouped(
    *,
    place: int,
    opened: Iterable[tuple[Any, ...]],
    solved: Iterable[tuple[Any, ...]],
    clocks: Iterable[tuple[Any, ...]],
    standing: Iterable[tuple[Any, ...]],
    now: datetime,
) -> Mapping[Any, Figures]:
    """The figures of each value of the dimension at `place`, and of all under None-safe key `ALL`; rows as `service.facts` gives them."""
    groups: dict[Any, Group] = defaultdict(Group)
    for *dims, opened_at, first_answered_at in opened:
        for group in (groups[ALL], groups[dims[place]]):
            group.opened += 1
            if first_answered_at is not None:
                group.answers.append((first_answered_at - opened_at).total_seconds())
    for *dims, opened_at, solved_at, first_answered_at, reopened_count, came_back_count in solved:
        for group in (groups[ALL], groups[dims[place]]):
            group.solutions.append((solved_at - opened_at).total_seconds())
            group.reopened += reopened_count > 0
            if first_answered_at is not None:
                group.could_be += 1
                group.at_once += reopened_count == 0 and came_back_count == 0
    broken: dict[Any, bool] = {}
    where: dict[Any, Any] = {}
    for *dims, case_id, state in clocks:
        if state in ENDED:
            broken[case_id] = broken.get(case_id, False) or state not in KEPT
            where[case_id] = dims[place]
    for case_id, is_broken in broken.items():
        for group in (groups[ALL], groups[where[case_id]]):
            group.ended += 1
            group.kept += not is_broken
    for *dims, opened_at in standing:
        for group in (groups[ALL], groups[dims[place]]):
            group.ages.append((now - opened_at).total_seconds())
    groups[ALL]
    return {key: group.figures() for key, group in groups.items()}


ALL = object()
KEPT = frozenset({"met"})
ENDED = frozenset({"met", "met_late", "broken"})

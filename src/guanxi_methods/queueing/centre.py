"""What a service centre with several skills is made of: kinds of calls, groups of agents and their shifts, rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.errors import MethodError
from guanxi_methods.queueing.erlang import check_agents, check_number

HANDLING = ("exponential", "lognormal", "constant")
CHOOSE_CALL = ("longest-waiting", "priority", "skill-priority")
# More than five years of half hours.
MOST_INTERVALS = 100_000
CHOOSE_AGENT = ("skill-priority", "longest-idle")


@dataclass(frozen=True)
class CallType:
    """One kind of call.

    Attributes
    ----------
    name : str
    calls : float or sequence of float
        Expected calls of each interval; one number for the same in all.
    aht : float or sequence of float
        Mean handling time with all that is done after the call, seconds; one for each interval (of arrival) if it changes.
    handling : {"exponential", "lognormal", "constant"}
        How handling times are distributed.
    cv : float
        Standard deviation of a lognormal handling time over its mean.
    patience : float or sequence of float or None
        Mean seconds (exponential) after which a waiting caller hangs up; None for those who never do.
    target_seconds : float
        Within which a call should be answered.
    service_level : float or None
        The share that should be, where staff is searched for.
    priority : int
        The smaller goes first, under the rule "priority".
    """

    name: str
    calls: float | Sequence[float]
    aht: float | Sequence[float]
    handling: str = "exponential"
    cv: float = 1.0
    patience: float | Sequence[float] | None = None
    target_seconds: float = 20.0
    service_level: float | None = None
    priority: int = 1


@dataclass(frozen=True)
class Shift:
    """Agents who are there from one second to another, counted from the beginning of the first interval.

    Attributes
    ----------
    start, end : float
        Seconds; an end of None is the end of all.
    agents : int
    name : str
        Shifts of one group with the same name are worked by the same agents, such as one on every working day.
    """

    start: float
    end: float | None
    agents: int
    name: str = ""


@dataclass(frozen=True)
class AgentGroup:
    """Agents of the same skills.

    Attributes
    ----------
    name : str
    skills : mapping of str to int, or sequence of str
        Kinds of calls they can handle with how well: 1 is best. A sequence means all equally well.
    agents : int
        Who are there all the time, beside the shifts.
    shifts : sequence of Shift
    aht_factor : float
        How much longer than the mean they take.
    """

    name: str
    skills: Mapping[str, int] | Sequence[str]
    agents: int = 0
    shifts: Sequence[Shift] = ()
    aht_factor: float = 1.0

    @property
    def levels(self) -> dict[str, int]:
        """How well they handle each kind of call."""
        return dict(self.skills) if isinstance(self.skills, Mapping) else dict.fromkeys(self.skills, 1)


@dataclass(frozen=True)
class Centre:
    """A service centre over a stretch of time.

    Attributes
    ----------
    call_types : sequence of CallType
    groups : sequence of AgentGroup
    interval : float
        Seconds of an interval.
    n_intervals : int
        336 half hours are a week.
    choose_call : {"longest-waiting", "priority", "skill-priority"}
        What an agent who becomes free takes: who waits longest; the smallest ``priority`` of the kind, then who waits
        longest; what the agent does best, then who waits longest.
    choose_agent : {"skill-priority", "longest-idle"}
        Who gets a call when several are free: who does it best, then who is idle longest; who is idle longest.
    lines : int or None
        Lines for callers who talk or wait: who finds them all taken is lost. None for as many as are needed.
    busyness_cv : float
        Standard deviation of the factor of mean 1 (gamma) by which all calls of a replication are more or fewer than
        expected: some days are busier than others, and a forecast is not sure. 0 for none.
    """

    call_types: Sequence[CallType]
    groups: Sequence[AgentGroup]
    interval: float = 1800.0
    n_intervals: int = 336
    choose_call: str = "longest-waiting"
    choose_agent: str = "skill-priority"
    lines: int | None = None
    busyness_cv: float = 0.0
    expected: NDArray[np.float64] = field(init=False, repr=False, compare=False)
    ahts: NDArray[np.float64] = field(init=False, repr=False, compare=False)
    patiences: NDArray[np.float64] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check all of it, and keep calls, handling times and patience by kind and interval."""
        check_number("interval", self.interval, is_positive=True)
        _check_whole("n_intervals", self.n_intervals, 1)
        if self.n_intervals > MOST_INTERVALS:
            raise MethodError("n_intervals must be at most {most:,}, not {value:,}", most=MOST_INTERVALS, value=self.n_intervals)  # fmt: skip
        _check_word("choose_call", self.choose_call, CHOOSE_CALL)
        _check_word("choose_agent", self.choose_agent, CHOOSE_AGENT)
        if self.lines is not None:
            _check_whole("lines", self.lines, 1)
        names = _names("call type", self.call_types)
        _names("group of agents", self.groups)
        for kind in self.call_types:
            _check_call_type(kind)
        for group in self.groups:
            _check_group(group, names, self.horizon)
        for name in names:
            if not any(name in group.levels for group in self.groups):
                raise MethodError("no group of agents has the skill {name!r}", name=name)
        check_number("busyness_cv", self.busyness_cv)
        kinds = self.call_types
        for name, rows in (
            ("expected", [self._by_interval("calls", kind.name, kind.calls) for kind in kinds]),
            ("ahts", [self._by_interval("aht", kind.name, kind.aht, is_positive=True) for kind in kinds]),
            ("patiences", [self._patience(kind) for kind in kinds]),
        ):
            object.__setattr__(self, name, np.array(rows))

    @property
    def horizon(self) -> float:
        """How many seconds it all lasts."""
        return self.interval * self.n_intervals

    def _by_interval(self, what: str, name: str, given: Any, *, is_positive: bool = False) -> NDArray[np.float64]:
        """A figure of one kind for each interval."""
        figures = np.asarray(given, dtype=object)
        if figures.ndim > 1 or (figures.ndim == 1 and figures.size != self.n_intervals):
            raise MethodError(
                "{what} of {name!r} must be one number or one for each of the {intervals} intervals, not {found}",
                what=what, name=name, intervals=self.n_intervals, found=figures.size,
            )  # fmt: skip
        for number in figures.ravel().tolist():
            check_number(f"{what} of {name!r}", number, is_positive=is_positive)
        return np.broadcast_to(figures.astype(float), (self.n_intervals,))

    def _patience(self, kind: CallType) -> NDArray[np.float64]:
        """Patience of one kind for each interval; endless where there is no end."""
        if kind.patience is None:
            return np.full(self.n_intervals, np.inf)
        return self._by_interval("patience", kind.name, kind.patience, is_positive=True)

    def staff_changes(self) -> list[tuple[float, int, int]]:
        """Return when how many agents of which group come (positive) or go, in order; goers after comers."""
        changes = []
        for place, group in enumerate(self.groups):
            shifts = [Shift(0.0, None, group.agents), *group.shifts]
            for shift in shifts:
                if shift.agents:
                    changes.append((float(shift.start), place, shift.agents))
                    if shift.end is not None:
                        changes.append((float(shift.end), place, -shift.agents))
        return sorted(changes, key=lambda change: (change[0], -change[2]))


def _names(what: str, things: Sequence[Any]) -> list[str]:
    """Return the names, each of which must be there once."""
    if not things:
        raise MethodError("there is no {what}", what=what)
    names = [thing.name for thing in things]
    for name in names:
        if names.count(name) > 1:
            raise MethodError("there are two of {what} {name!r}", what=what, name=name)
    return names


def _check_whole(name: str, value: object, least: int) -> None:
    """Raise MethodError, naming the argument, unless it is a whole number that is large enough."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise MethodError("{name} must be a whole number of at least {least}, not {value!r}", name=name, least=least, value=value)  # fmt: skip


def _check_word(name: str, value: object, known: Sequence[str]) -> None:
    """Raise MethodError unless a word is one of those known."""
    if value not in known:
        raise MethodError("{name} must be one of {known}, not {value!r}", name=name, known=", ".join(known), value=value)  # fmt: skip


def _check_call_type(kind: CallType) -> None:
    """Name what is wrong with a kind of call."""
    check_number(f"cv of {kind.name!r}", kind.cv)
    check_number(f"target_seconds of {kind.name!r}", kind.target_seconds)
    _check_word(f"handling of {kind.name!r}", kind.handling, HANDLING)
    if kind.service_level is not None:
        check_number(f"service_level of {kind.name!r}", kind.service_level, is_positive=True)
        if kind.service_level >= 1:
            raise MethodError(
                "service_level of {name!r} must be over 0 and under 1, not {value!r}",
                name=kind.name,
                value=kind.service_level,
            )


def _check_group(group: AgentGroup, names: Sequence[str], horizon: float) -> None:
    """Name what is wrong with a group of agents."""
    if isinstance(group.skills, str) or not isinstance(group.skills, (Mapping, Sequence)) or not group.skills:
        raise MethodError("skills of {name!r} must be a list of call types", name=group.name)
    for skill, level in group.levels.items():
        if skill not in names:
            near = get_close_matches(str(skill), names, n=1)
            if near:
                raise MethodError(
                    "{group!r} has the skill {skill!r}, but no call type has that name; did you mean {near!r}?",
                    group=group.name,
                    skill=skill,
                    near=near[0],
                )
            raise MethodError(
                "{group!r} has the skill {skill!r}, but no call type has that name; there are: {known}",
                group=group.name,
                skill=skill,
                known=", ".join(names),
            )
        _check_whole(f"the level of {skill!r} in {group.name!r}", level, 1)
    check_agents(group.agents, least=0)
    check_number(f"aht_factor of {group.name!r}", group.aht_factor, is_positive=True)
    named: dict[str, int] = {}
    for shift in group.shifts:
        if shift.name and named.setdefault(shift.name, shift.agents) != shift.agents:
            raise MethodError(
                "the shifts {shift!r} of {name!r} have several numbers of agents", shift=shift.name, name=group.name
            )
        check_agents(shift.agents, least=0)
        check_number(f"start of a shift of {group.name!r}", shift.start)
        end = horizon if shift.end is None else shift.end
        check_number(f"end of a shift of {group.name!r}", end)
        if not shift.start < end <= horizon:
            raise MethodError(
                "a shift of {name!r} lasts from {start:g} to {end:g} s: it must end after it begins, and by {horizon:g} s",
                name=group.name, start=shift.start, end=end, horizon=horizon,
            )  # fmt: skip

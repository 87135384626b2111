"""How one clock stands: its spans, what it used up, when it is due, whether it was kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from guanxi.core.working_time import moment_of, seconds_of
from guanxi.service.clocks import measures
from guanxi.service.clocks.choices import DAYS, Sort, State
from guanxi.service.clocks.choosing import Facts, Plan
from guanxi.service.clocks.measures import Measure, Run, Target


@dataclass(frozen=True)
class Standing:
    """How a case stood from a moment on: in a state in which clocks may stand, ended, or neither."""

    at: int
    pause: str = ""
    is_ended: bool = False


@dataclass(frozen=True)
class Cycle:
    """What one clock waits for: since when, until when if that is over, whether it came; what the case was then."""

    sort: Sort
    number: int
    started: int
    facts: Facts = field(default_factory=Facts)
    ended: int | None = None
    is_met: bool = False


@dataclass(frozen=True)
class Span:
    """A stretch of a clock's life: running, paused or stopped, and by which status; the last one has no end."""

    begins_at: datetime
    ends_at: datetime | None
    state: State
    status: str = ""


@dataclass(frozen=True)
class Clock:
    """One clock of a case at one moment; `number` tells clocks of one sort apart, from 1.

    `left` is what remains: seconds, or days of a target in days. `due_at` is None while a paused clock could still be
    kept, and where the calendar never has the time. An ended clock shows when it would have been due.
    """

    sort: Sort
    number: int
    state: State
    started_at: datetime
    ended_at: datetime | None
    due_at: datetime | None
    warn_at: datetime | None
    consumed_seconds: int
    left: int
    paused_since: datetime | None
    paused_by: str
    spans: tuple[Span, ...]
    target: Target
    plan: Plan
    _count: "_Count" = field(repr=False, compare=False)

    def moment(self, *, percent: int | None = None, offset_seconds: int = 0) -> datetime | None:
        """When a share of the time is over, or so many seconds of its own measure before (-) or after it is due."""
        total = self._count.whole
        if total is None:
            return None
        amount = total * percent // 100 if percent is not None else total + offset_seconds
        found = self._count.reached(amount)
        return None if found is None else moment_of(found)

    def counted(self, span: Span, until: datetime) -> int:
        """The seconds of its own measure that a running span used up, at most until a moment."""
        ends = span.ends_at if span.ends_at is not None and span.ends_at < until else until
        if span.state != State.RUNNING or span.begins_at >= ends:
            return 0
        return self._count.measure.between(seconds_of(span.begins_at), seconds_of(ends))


@dataclass(frozen=True)
class _Count:
    """What the moments of a clock are computed from."""

    measure: Measure
    runs: tuple[Run, ...]
    whole: int | None

    def reached(self, amount: int) -> int | None:
        """The first moment at which so many seconds have counted."""
        return measures.reached(self.measure, self.runs, amount)


def judge(cycle: Cycle, standings: Sequence[Standing], target: Target, plan: Plan, now: int) -> Clock:
    """One clock at a moment; `standings` in the order of time."""
    time = plan.time
    pieces = _pieces(cycle, standings, target)
    runs = tuple(Run(begins, ends) for begins, ends, state, _status in pieces if state == State.RUNNING)
    # What a clock that ended would have been due at, had it run on.
    onward = runs if cycle.ended is None else _run_on(runs, cycle.ended)
    until = now if cycle.ended is None else cycle.ended
    due = measures.due(target, time, cycle.started, onward)
    whole = measures.whole(target, time, onward, due)
    count = _Count(measures.measure_of(target, time), onward, whole)
    warn = None if whole is None else count.reached(whole * target.warn_percent // 100)
    used = measures.consumed(count.measure, runs, until)
    if target.unit in DAYS:
        left = target.amount - measures.days_consumed(target, time, cycle.started, runs, until)
    else:
        left = target.amount * 60 - used
    state = _state(cycle, due, pieces, now)
    last = pieces[-1]
    is_paused = cycle.ended is None and last[2] == State.PAUSED
    return Clock(
        sort=cycle.sort,
        number=cycle.number,
        state=state,
        started_at=moment_of(cycle.started),
        ended_at=_moment(cycle.ended),
        due_at=_moment(due),
        warn_at=_moment(warn),
        consumed_seconds=used,
        left=left,
        paused_since=moment_of(last[0]) if is_paused else None,
        paused_by=last[3] if is_paused else "",
        spans=tuple(Span(moment_of(a), _moment(b), state, status) for a, b, state, status in pieces),
        target=target,
        plan=plan,
        _count=count,
    )


def _moment(seconds: int | None) -> datetime | None:
    """A moment, if there is one."""
    return None if seconds is None else moment_of(seconds)


def _state(cycle: Cycle, due: int | None, pieces: Sequence["_Piece"], now: int) -> State:
    """How the clock stands; what comes in the very second in which it is due is in time."""
    if cycle.ended is not None:
        is_late = due is not None and due < cycle.ended
        if cycle.is_met:
            return State.MET_LATE if is_late else State.MET
        return State.BROKEN if is_late else State.STOPPED
    if due is not None and due < now:
        return State.BROKEN
    return pieces[-1][2]


_Piece = tuple[int, int | None, State, str]


def _pieces(cycle: Cycle, standings: Sequence[Standing], target: Target) -> list[_Piece]:
    """The clock's life in stretches of one state each, in order; the last one is open unless the clock has ended."""
    found: list[_Piece] = []
    for index, standing in enumerate(standings):
        follows = standings[index + 1].at if index + 1 < len(standings) else None
        # A message may be a moment older than the case that it opened.
        begins = max(standing.at, cycle.started) if index else cycle.started
        ends = cycle.ended if follows is None else follows if cycle.ended is None else min(follows, cycle.ended)
        if ends is not None and ends <= begins:
            continue
        state, status = State.RUNNING, ""
        if standing.is_ended:
            state = State.STOPPED
        elif standing.pause in target.pauses:
            state, status = State.PAUSED, standing.pause
        if found and found[-1][2:] == (state, status) and found[-1][1] == begins:
            found[-1] = (found[-1][0], ends, state, status)
        else:
            found.append((begins, ends, state, status))
    return found or [(cycle.started, cycle.ended, State.RUNNING, "")]


def _run_on(runs: tuple[Run, ...], ended: int) -> tuple[Run, ...]:
    """The spans of an ended clock, as if it had run on from its end."""
    if runs and runs[-1].ends == ended:
        return (*runs[:-1], Run(runs[-1].begins))
    return (*runs, Run(ended))

"""From what happened to a case to its clocks, exactly: the same history gives the same clocks, in whatever steps it came.

A clock for an answer starts when a customer waits and none runs; the first answer ends the first of them, later ones are
clocks for the next answer. A case that is ended stops them; opened again they go on, but a customer who writes meanwhile
starts a new one. The clock for the solution runs from the opening; ending the case meets it, opening it again lets it
go on, and the time in which it was ended does not count. A clock that has ended is judged by what the case was then.
"""

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum

from guanxi.core.working_time import seconds_of
from guanxi.service.clocks.choices import Sort
from guanxi.service.clocks.choosing import Facts, Rules
from guanxi.service.clocks.judging import Clock, Cycle, Standing, judge


class What(IntEnum):
    """What happened to a case."""

    OPENED = 0
    CUSTOMER_WROTE = 1
    ANSWERED = 2
    STATUS_SET = 3
    FACTS_SET = 4


@dataclass(frozen=True)
class Happening:
    """One thing that happened; things of the same second stand in the order of `order`."""

    at: int
    order: int
    what: What
    # Opened: whether the customer waits for an answer from then on.
    awaits_answer: bool = False
    # Status set: its code if clocks may stand in it; whether the case is ended by it.
    pause: str = ""
    is_ended: bool = False
    # Opened, facts set: what the case is from then on.
    facts: Facts | None = None

    def __lt__(self, other: "Happening") -> bool:
        """In the order of time."""
        return (self.at, self.order) < (other.at, other.order)


@dataclass
class History:
    """What happened to one case, kept in the order of time whatever the order in which it is told."""

    happenings: list[Happening] = field(default_factory=list)

    @classmethod
    def of(cls, happenings: Iterable[Happening]) -> "History":
        """A whole history at once."""
        return cls(sorted(happenings))

    def add(self, happening: Happening) -> None:
        """Tell of one more thing, however late."""
        insort(self.happenings, happening)

    def remove(self, happening: Happening) -> None:
        """Take back what did not happen after all."""
        self.happenings.remove(happening)

    def clocks(self, rules: Rules, now: datetime) -> list[Clock]:
        """The clocks of the case as they stand at a moment, in the order in which they started."""
        told = self._told(now)
        found = []
        for cycle in told.cycles():
            plan = rules.plan(cycle.facts)
            target = plan.targets.get(cycle.sort)
            if target is not None:
                found.append(judge(cycle, told.standings, target, plan, seconds_of(now)))
        return found

    def cycles(self, now: datetime) -> list[Cycle]:
        """What was waited for, promised or not."""
        return self._told(now).cycles()

    def _told(self, now: datetime) -> "_Telling":
        """What the history says up to a moment."""
        at = seconds_of(now)
        told = _Telling()
        for happening in self.happenings:
            if happening.at <= at:
                told.hear(happening)
        return told


class _Telling:
    """Reads a history from its beginning and makes out what the clocks wait for."""

    def __init__(self) -> None:
        """Nothing heard."""
        self.standings: list[Standing] = []
        self.facts = Facts()
        self._done: list[Cycle] = []
        self._waiting: Cycle | None = None
        self._opened: int | None = None
        self._was_answered = False
        # Since when the case is ended, and what it was then.
        self._ended: tuple[int, Facts] | None = None
        self._numbers: dict[Sort, int] = {}

    def hear(self, happening: Happening) -> None:
        """Take in the next thing that happened."""
        if happening.facts is not None:
            self.facts = happening.facts
        if happening.what == What.OPENED:
            self._opened = happening.at
            self.standings.append(Standing(happening.at))
        if happening.what == What.CUSTOMER_WROTE or happening.awaits_answer:
            self._wait(happening.at)
        elif happening.what == What.ANSWERED:
            self._was_answered = True
            if self._waiting is not None:
                self._done.append(replace(self._waiting, ended=happening.at, facts=self.facts, is_met=True))
                self._waiting = None
        elif happening.what == What.STATUS_SET:
            self.standings.append(Standing(happening.at, happening.pause, happening.is_ended))
            if not happening.is_ended:
                self._ended = None
            elif self._ended is None:
                self._ended = (happening.at, self.facts)

    def _wait(self, at: int) -> None:
        """A customer waits from this moment, unless one does already."""
        if self._waiting is not None:
            if self._ended is None or self._waiting.started >= self._ended[0]:
                return
            self._done.append(self._stopped(self._waiting))
        sort = Sort.NEXT_ANSWER if self._was_answered else Sort.FIRST_ANSWER
        number = self._numbers[sort] = self._numbers.get(sort, 0) + 1
        self._waiting = Cycle(sort, number, at, self.facts)

    def _stopped(self, cycle: Cycle) -> Cycle:
        """A cycle as it stands: stopped by the end of the case, or open."""
        if self._ended is None:
            return replace(cycle, facts=self.facts)
        ended, facts = self._ended
        return replace(cycle, ended=max(ended, cycle.started), facts=facts)

    def cycles(self) -> list[Cycle]:
        """What was waited for, as far as it was told, in the order in which it began."""
        found = list(self._done)
        if self._waiting is not None:
            found.append(self._stopped(self._waiting))
        if self._opened is not None:
            solution = self._stopped(Cycle(Sort.SOLUTION, 1, self._opened, self.facts))
            found.append(replace(solution, is_met=solution.ended is not None))
        return sorted(found, key=lambda one: (one.started, list(Sort).index(one.sort), one.number))

"""Clocks counted one minute at a time: slow, plain, and written without the code that it checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


@dataclass
class Year:
    """Raw hours of a calendar, as a person would write them down, and every minute of a stretch of time by them."""

    zone: str
    weekly: Mapping[int, Sequence[tuple[int, int]]]
    holidays: frozenset[date]
    make_up: Mapping[date, int]
    first: datetime
    minutes: int
    works: list[bool] = field(default_factory=list)
    dates: list[date] = field(default_factory=list)
    closes: dict[int, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look at every minute."""
        zone = ZoneInfo(self.zone)
        last: dict[date, int] = {}
        for number in range(self.minutes):
            local = (self.first + number * MINUTE).astimezone(zone)
            day, minute = local.date(), local.hour * 60 + local.minute
            weekday = self.make_up.get(day, day.weekday())
            hours = () if day in self.holidays and day not in self.make_up else self.weekly.get(weekday, ())
            works = any(start <= minute < end for start, end in hours)
            self.works.append(works)
            self.dates.append(day)
            if works:
                last[day] = number
        self.closes = {number + 1: True for number in last.values()}
        self._working_days = set(last)

    def is_working_day(self, day: date) -> bool:
        """Whether a minute of the date is worked."""
        return day in self._working_days


def moment(year: Year, minute: int) -> datetime:
    """The moment of a minute's beginning."""
    return (year.first + minute * MINUTE).astimezone(UTC)


@dataclass
class Counted:
    """One clock as counted."""

    sort: str
    started: int
    ended: int | None
    is_met: bool
    facts: object
    used: int = 0
    due: int | None = None
    warn: int | None = None
    state: str = ""


def cycles(events: Sequence[tuple[int, str, object]], now: int) -> list[Counted]:
    """What the clocks of a case wait for; events are (minute, what, more) in order."""
    done: list[Counted] = []
    waiting = solution = None
    answered = False
    ended_at = None
    facts: object = None
    facts_at_end: object = None
    for at, what, more in events:
        if at > now:
            break
        if what == "facts":
            facts = more
        if what == "opened":
            solution = Counted("solution", at, None, False, None)
        if what == "wrote":
            if waiting is not None and ended_at is not None and waiting.started < ended_at:
                waiting.ended, waiting.facts = ended_at, facts_at_end
                done.append(waiting)
                waiting = None
            if waiting is None:
                waiting = Counted("next_answer" if answered else "first_answer", at, None, False, None)
        if what == "answered":
            answered = True
            if waiting is not None:
                waiting.ended, waiting.is_met, waiting.facts = at, True, facts
                done.append(waiting)
                waiting = None
        if what == "ended" and ended_at is None:
            ended_at, facts_at_end = at, facts
        if what in ("open", "paused"):
            ended_at = None
    for clock in (waiting, solution):
        if clock is None:
            continue
        clock.facts = facts
        if ended_at is not None:
            clock.ended, clock.facts = max(ended_at, clock.started), facts_at_end
            clock.is_met = clock is solution
        done.append(clock)
    return done


def count(clock: Counted, target, year: Year, events: Sequence[tuple[int, str, object]], now: int) -> Counted:
    """Walk through the minutes and fill in what the clock used, when it turned amber, when it was due."""
    settings = [(at, what) for at, what, _more in events if what in ("opened", "open", "paused", "ended") and at <= now]
    in_days = target.unit in ("working_days", "days", "days_rolled")
    by_work = target.unit in ("working_minutes", "working_days")
    running = 0
    per_minute: list[int] = []
    days = 0
    for number in range(clock.started, year.minutes):
        until = now if clock.ended is None else clock.ended
        after_end = clock.ended is not None and number >= clock.ended
        standing = "opened"
        for at, what in settings:
            if at <= number:
                standing = what
        runs = after_end or not (standing == "ended" or (standing == "paused" and "waiting" in target.pauses))
        if runs and (year.works[number] or not by_work):
            running += 1
            if number < until:
                clock.used += 60
        per_minute.append(running)
        end = number + 1
        if not in_days:
            if clock.due is None and running >= target.amount:
                clock.due = end
        elif runs and clock.due is None:
            over = year.dates[min(end, year.minutes - 1)] != year.dates[number]
            if year.dates[number] != year.dates[clock.started]:
                if target.unit == "working_days":
                    days += year.closes.get(end, False)
                else:
                    days += over
                counts = year.closes.get(end, False) if target.unit == "working_days" else over
                rolled = target.unit != "days_rolled" or year.is_working_day(year.dates[number])
                if counts and days >= target.amount and rolled:
                    clock.due = end
        if clock.due is not None and end >= clock.due and number >= until:
            break
    whole = target.amount if not in_days else None
    if in_days and clock.due is not None:
        whole = per_minute[clock.due - clock.started - 1]
    if whole is not None:
        seconds = whole * 60 * target.warn_percent // 100
        # The minute in which that many seconds are over; within it the very second.
        for offset, so_far in enumerate(per_minute):
            if so_far * 60 >= seconds > 0:
                clock.warn = (clock.started + offset + 1) * 60 - (so_far * 60 - seconds)
                break
    clock.state = _state(clock, settings, target, now)
    return clock


def _state(clock: Counted, settings: Sequence[tuple[int, str]], target, now: int) -> str:
    """How the clock stands."""
    late = clock.due is not None and clock.due < (now if clock.ended is None else clock.ended)
    if clock.ended is not None:
        if clock.is_met:
            return "met_late" if late else "met"
        return "broken" if late else "stopped"
    if late:
        return "broken"
    standing = "opened"
    for _at, what in settings:
        standing = what
    return "paused" if standing == "paused" and "waiting" in target.pauses else "running"

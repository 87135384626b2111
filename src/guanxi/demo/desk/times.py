"""When things happened at the demo company's desk: counted back from the moment it is brought, so that it never grows old."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from guanxi.core import calendars, clock

_AGO = re.compile(r"(\d+)(m|h) ago")
_AFTER = re.compile(r"\+(\d+)(m|h)")
_DAY = re.compile(r"(-|\+)(\d+)d (\d\d):(\d\d)")
UNITS = {"m": "minutes", "h": "hours"}


@dataclass
class Times:
    """Moments by the company's calendar: `-12d 09:40` twelve working days before today, `+1d 10:00` one after the last.

    `90m ago` counts back from now, whatever the hour; `+25m` goes on from the last moment.
    """

    now: datetime
    calendar: calendars.Calendar
    _back: list[date] = field(default_factory=list)

    def moment(self, told: str, after: datetime | None = None) -> datetime:
        """The moment that is told, counted from the one before it where it goes on."""
        if found := _AGO.fullmatch(told):
            return self.now - timedelta(**{UNITS[found[2]]: int(found[1])})
        if (found := _AFTER.fullmatch(told)) and after is not None:
            return after + timedelta(**{UNITS[found[2]]: int(found[1])})
        found = _DAY.fullmatch(told)
        if found is None:
            raise ValueError(f"no moment: {told!r}")
        at = time(int(found[3]), int(found[4]))
        if found[1] == "-":
            return datetime.combine(self.day_before(int(found[2])), at, tzinfo=clock.company_zone())
        if after is None:
            raise ValueError(f"nothing to go on from: {told!r}")
        day = self._day_after(after.astimezone(clock.company_zone()).date(), int(found[2]))
        return datetime.combine(day, at, tzinfo=clock.company_zone())

    def day_before(self, count: int) -> date:
        """The working day so many working days before today."""
        day = self._back[-1] if self._back else self.now.astimezone(clock.company_zone()).date()
        while len(self._back) < count:
            day -= timedelta(days=1)
            if self.calendar.windows_on(day):
                self._back.append(day)
        return self._back[count - 1]

    def _day_after(self, day: date, count: int) -> date:
        """The working day so many working days later; 0 for the same day."""
        for _turn in range(count):
            day += timedelta(days=1)
            while not self.calendar.windows_on(day):
                day += timedelta(days=1)
        return day

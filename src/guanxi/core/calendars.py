"""Working time: how much of it lies between two moments, and when a given amount of it is over.

A calendar has several windows a weekday, in the wall time of its zone; single dates differ: holidays, and make-up days
(调休) worked like another weekday. A window over midnight is two windows. Where the clock is put back or forward, wall
time counts as it is shown: an hour that the clock shows twice counts twice, one it skips not at all.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils.translation import gettext as _

from guanxi.core import access, changes
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.core.events import Event, publish
from guanxi.core.models.calendars import CalendarDay, WorkingCalendar, WorkingWindow

DAY_MINUTES = 1440
_FARTHEST_DAYS = 3700
_DAY = timedelta(days=1)

Window = tuple[int, int]
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class CalendarChanged(Event):
    """The hours of a calendar, or the dates that differ, are others than before."""

    calendar_id: int


@dataclass(frozen=True)
class Calendar:
    """Working hours to compute with: windows of each weekday (Monday is 0), and the dates that differ.

    `weekly` and `days` hold windows in minutes after local midnight, sorted and not overlapping.
    """

    zone: ZoneInfo
    weekly: Mapping[int, tuple[Window, ...]]
    days: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """The windows of one date."""
        found = self.days.get(day)
        return self.weekly.get(day.weekday(), ()) if found is None else found

    def is_working_at(self, moment: datetime) -> bool:
        """Whether the moment is working time."""
        local = moment.astimezone(self.zone)
        seconds = local.hour * 3600 + local.minute * 60 + local.second
        return any(start * 60 <= seconds < end * 60 for start, end in self.windows_on(local.date()))


def always() -> Calendar:
    """All time is working time; days begin and end where the installation stands."""
    return Calendar(ZoneInfo(settings.TIME_ZONE), dict.fromkeys(range(7), ((0, DAY_MINUTES),)))


def merged(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Windows sorted, those that touch or overlap joined."""
    joined: list[Window] = []
    for start, end in sorted(windows):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def working_time_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The working time from one moment to a later one; negative when `end` is the earlier one."""
    if end < start:
        return -working_time_between(calendar, end, start)
    total = timedelta(0)
    for opens, closes in _spans_from(calendar, start, until=end):
        total += min(closes, end) - max(opens, start)
    return total


def add_working_time(calendar: Calendar, start: datetime, amount: timedelta) -> datetime:
    """The first moment, in UTC, at which that much working time has passed since `start`.

    Nothing added to a moment outside working hours gives that moment itself.
    """
    if amount < timedelta(0):
        raise ValueError("working time can only be added")
    if not amount:
        return start.astimezone(UTC)
    left = amount
    for opens, closes in _spans_from(calendar, start, until=start + timedelta(days=_FARTHEST_DAYS) + amount * 2):
        begins = max(opens, start)
        if closes - begins >= left:
            return (begins + left).astimezone(UTC)
        left -= closes - begins
    raise InvalidInput(_("This calendar has too little working time."))


def _spans_from(calendar: Calendar, start: datetime, *, until: datetime) -> Iterator[Span]:
    """The spans of working time, in UTC, that reach into [start, until)."""
    start, until = start.astimezone(UTC), until.astimezone(UTC)
    day = start.astimezone(calendar.zone).date()
    last = until.astimezone(calendar.zone).date()
    while day <= last:
        for opens, closes in spans_on(calendar, day):
            if closes > start and opens < until:
                yield opens, closes
        day += _DAY


def spans_on(calendar: Calendar, day: date) -> Iterator[Span]:
    """One date's windows as spans in UTC, in order."""
    windows = calendar.windows_on(day)
    if not windows:
        return
    midnight = datetime.combine(day, time())
    for begins, ends, offset in _constant_parts(calendar.zone, day):
        # Within a part wall time and UTC differ by a constant, so a window maps to one span.
        zero = (midnight - offset).replace(tzinfo=UTC)
        for first, second in windows:
            opens = max(begins, zero + timedelta(minutes=first))
            closes = min(ends, zero + timedelta(minutes=second))
            if opens < closes:
                yield opens, closes


def _constant_parts(zone: ZoneInfo, day: date) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """A local date as stretches of UTC with one offset each: one, or two where the clock changes that day."""
    begins = first_moment(zone, day)
    ends = first_moment(zone, day + _DAY)
    before, after = _offset(zone, begins), _offset(zone, ends - timedelta(seconds=1))
    if before == after:
        yield begins, ends, before
        return
    low, high = begins, ends
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    yield begins, high, before
    yield high, ends, after


def first_moment(zone: ZoneInfo, day: date) -> datetime:
    """When a local date begins, in UTC; where its midnight is skipped, when the clock goes on."""
    midnight = datetime.combine(day, time(), tzinfo=zone)
    utc = midnight.astimezone(UTC)
    if utc.astimezone(zone).date() < day:  # skipped: fold=1 reads it with the offset that holds afterwards
        return midnight.replace(fold=1).astimezone(UTC)
    back = utc.astimezone(zone)
    if back.replace(tzinfo=None) != midnight.replace(tzinfo=None):
        return _skipped_midnight(zone, utc, day)
    return utc


def _skipped_midnight(zone: ZoneInfo, near: datetime, day: date) -> datetime:
    """The change of the clock that skips a midnight."""
    low, high = near - timedelta(hours=4), near + timedelta(hours=4)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        low, high = (middle, high) if middle.astimezone(zone).date() < day else (low, middle)
    return high


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    """What the zone adds to UTC at a moment."""
    return moment.astimezone(zone).utcoffset() or timedelta(0)


def load(calendar_id: int | None = None) -> Calendar:
    """A stored calendar, by default the company's own; without any, all time is working time."""
    rows = WorkingCalendar.objects.prefetch_related("windows", "days")
    row = rows.filter(pk=calendar_id).first() if calendar_id else rows.filter(is_default=True).first()
    return always() if row is None else _read(row)


def load_all() -> dict[int, Calendar]:
    """Every stored calendar by its number; 0 is the company's own."""
    found = {0: always()}
    for row in WorkingCalendar.objects.prefetch_related("windows", "days"):
        found[row.pk] = _read(row)
        if row.is_default:
            found[0] = found[row.pk]
    return found


def _read(row: WorkingCalendar) -> Calendar:
    """A calendar out of its rows."""
    weekly: dict[int, list[Window]] = {}
    for window in row.windows.all():
        weekly.setdefault(window.weekday, []).append((window.start_minute, window.end_minute))
    by_weekday = {weekday: merged(windows) for weekday, windows in weekly.items()}
    days = {day.on: () if day.works_as is None else by_weekday.get(day.works_as, ()) for day in row.days.all()}
    return Calendar(ZoneInfo(row.zone), by_weekday, days)


def save_calendar(
    *,
    actor: Actor,
    name: str,
    zone: str,
    weekly: Mapping[int, Iterable[Window]],
    is_default: bool = False,
    calendar_id: int | None = None,
) -> WorkingCalendar:
    """Make a calendar or give a standing one other hours; the dates that differ stay."""
    access.require(actor, "calendar", "change")
    _check(zone, weekly)
    if WorkingCalendar.objects.filter(name=name).exclude(pk=calendar_id or 0).exists():
        raise Conflict(_("There is a calendar of this name already."), column="name")
    with changes.operation(actor=actor, name="core.save_calendar") as op:
        if is_default:
            for other in WorkingCalendar.objects.filter(is_default=True).exclude(pk=calendar_id or 0):
                op.update(other, is_default=False)
        if calendar_id is None:
            row = op.create(WorkingCalendar(name=name, zone=zone, is_default=is_default))
        else:
            row = WorkingCalendar.objects.select_for_update().get(pk=calendar_id)
            op.update(row, name=name, zone=zone, is_default=is_default)
            for window in row.windows.all():
                op.delete(window)
        windows = [(weekday, window) for weekday in sorted(weekly) for window in merged(weekly[weekday])]
        op.bulk(
            WorkingWindow,
            [
                WorkingWindow(calendar=row, weekday=weekday, start_minute=start, end_minute=end)
                for weekday, (start, end) in windows
            ],
        )
        if calendar_id is not None:
            op.touch(row)
        publish(CalendarChanged(calendar_id=row.pk))
    return row


def set_day(*, actor: Actor, calendar_id: int, on: date, works_as: int | None, title: str = "") -> CalendarDay:
    """Make one date a holiday (`works_as=None`) or a make-up day worked like the given weekday (Monday is 0)."""
    return set_days(actor=actor, calendar_id=calendar_id, first=on, last=on, works_as=works_as, title=title)[0]


def set_days(
    *, actor: Actor, calendar_id: int, first: date, last: date, works_as: int | None, title: str = ""
) -> list[CalendarDay]:
    """The same for every date from the first to the last, in one operation."""
    span = (first + _DAY * number for number in range((last - first).days + 1))
    return take_days(actor=actor, calendar_id=calendar_id, days=dict.fromkeys(span, (works_as, title)))


def take_days(*, actor: Actor, calendar_id: int, days: Mapping[date, tuple[int | None, str]]) -> list[CalendarDay]:
    """Dates that differ, each with the weekday it is worked as (None: a holiday) and its occasion, in one operation."""
    access.require(actor, "calendar", "change")
    if any(works_as is not None and works_as not in range(7) for works_as, _occasion in days.values()):
        raise InvalidInput(_("A weekday is a number from 0 (Monday) to 6."), column="works_as")
    with changes.operation(actor=actor, name="core.set_calendar_day") as op:
        standing = CalendarDay.objects.select_for_update().filter(calendar_id=calendar_id, on__in=list(days))
        known = {row.on: row for row in standing}
        rows = []
        for on, (works_as, title) in days.items():
            row = known.get(on)
            if row is None:
                row = op.create(CalendarDay(calendar_id=calendar_id, on=on, works_as=works_as, title=title))
            else:
                op.update(row, works_as=works_as, title=title)
            rows.append(row)
        _touch(op, calendar_id)
        publish(CalendarChanged(calendar_id=calendar_id))
    return rows


def _touch(op: changes.OperationInHand, calendar_id: int) -> None:
    """Days are parts of their calendar."""
    op.record(kind="workingcalendar", record_id=calendar_id, field="", before=None, after=None, act=changes.PARTS)


def clear_day(*, actor: Actor, calendar_id: int, on: date) -> None:
    """Let a date be an ordinary one again."""
    access.require(actor, "calendar", "change")
    with changes.operation(actor=actor, name="core.clear_calendar_day") as op:
        for row in CalendarDay.objects.filter(calendar_id=calendar_id, on=on):
            op.delete(row)
            _touch(op, calendar_id)
        publish(CalendarChanged(calendar_id=calendar_id))


def _check(zone: str, weekly: Mapping[int, Iterable[Window]]) -> None:
    """Refuse an unknown zone or impossible hours."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise InvalidInput(_("There is no time zone of that name."), column="zone") from None
    for weekday, windows in weekly.items():
        if weekday not in range(7):
            raise InvalidInput(_("A weekday is a number from 0 (Monday) to 6."), column="weekly")
        for start, end in windows:
            if not 0 <= start < end <= DAY_MINUTES:
                raise InvalidInput(_("Working hours must begin before they end, within one day."), column="weekly")
    if not any(list(windows) for windows in weekly.values()):
        raise InvalidInput(
            _("This calendar has no working time at all, so nothing would ever be due. Give at least one day hours."),
            column="weekly",
        )

"""Dates and times in their many forms; where day and month could be swapped, the column must settle which is which."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from guanxi.core.sentences import gettext as _
from guanxi.importing.parsing.cells import Ambiguous, UnusableCell, shown
from guanxi.importing.parsing.numbers import NOTHING, Unsure

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
_SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall clock, given its zone later
_SERIALS = (20_000, 80_000)  # 1954 to 2119
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_TIME = (
    r"(?:[T ,]*(?P<early>上午|下午|中午|晚上|凌晨|早上|傍晚|am|pm)?\s*(?P<hour>\d{1,2})(?::|时|点)"
    r"(?:(?P<minute>\d{1,2})(?:(?::|分)?(?:(?P<second>\d{1,2})(?:[.,](?P<part>\d{1,9}))?秒?)?)?分?)?"
    r"\s*(?P<late>[ap]\.?m\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?\s*\Z"
)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})\s*(?:[-/.]|年)\s*(?P<month>\d{1,2})\s*(?:[-/.]|月)\s*(?P<day>\d{1,2})\s*[日号]?" + _TIME, re.I
)
_NUMERIC = re.compile(r"(?P<a>\d{1,2})(?P<mark>[-/.])(?P<b>\d{1,2})(?P=mark)(?P<c>\d{4}|\d{2})(?!\d)" + _TIME, re.I)
_NAMED_DAY_FIRST = re.compile(
    r"(?:[a-z]{3,9},?\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s\-/.]*(?P<name>[a-z]{3,9})\.?[\s\-/.,]*(?P<year>\d{4}|\d{2})(?!\d)"
    + _TIME,
    re.I,
)
_NAMED_MONTH_FIRST = re.compile(
    r"(?:[a-z]{3,9},?\s+)?(?P<name>[a-z]{3,9})\.?[\s\-/.]*(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s\-/.,]+(?P<year>\d{4}|\d{2})(?!\d)"
    + _TIME,
    re.I,
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:[T ]?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?(?P<zone>Z)?\Z"
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?\Z", re.ASCII)
_AFTERNOON = frozenset({"下午", "晚上", "傍晚", "中午", "pm", "p.m.", "p.m", "pm."})
ORDERS = ("dmy", "mdy", "ymd")


class Wall(NamedTuple):
    """A date and time as written, and the offset if one was written."""

    moment: datetime
    offset: timedelta | None


@dataclass
class MarkEvidence:
    """What the dates written with one mark (/ - .) show: which place must be the day, or the year."""

    day_first: bool = False
    month_first: bool = False
    year_first: bool = False
    example: dict[str, str] = field(default_factory=dict)

    @property
    def order(self) -> str | None:
        """The one order that fits, or None when nothing or too much was seen."""
        seen = [
            name
            for name, is_seen in zip(ORDERS, (self.day_first, self.month_first, self.year_first), strict=True)
            if is_seen
        ]
        return seen[0] if len(seen) == 1 else None

    @property
    def is_contradictory(self) -> bool:
        """Whether the column holds several orders."""
        return self.day_first + self.month_first + self.year_first > 1


@dataclass
class DateEvidence:
    """What a whole column of dates shows."""

    given: str = ""
    marks: dict[str, MarkEvidence] = field(default_factory=dict)
    is_complete: bool = False

    def feed(self, value: Any) -> None:
        """Learn from one cell."""
        if not isinstance(value, str) or len(value) > 60:
            return
        match = _NUMERIC.match(_plain(value))
        if not match:
            return
        found = self.marks.setdefault(match["mark"], MarkEvidence())
        first, second = int(match["a"]), int(match["b"])
        if first > 31:
            found.year_first = True
        elif first > 12 and second <= 12:
            found.day_first = True
        elif second > 12 and first <= 12:
            found.month_first = True

    def order(self, mark: str) -> str | None:
        """Which order dates with this mark are in, when it is settled."""
        if self.given:
            return self.given
        found = self.marks.get(mark)
        if found and found.order:
            return found.order
        # Dates with points are written day first wherever they are used.
        return "dmy" if mark == "." and not (found and found.is_contradictory) else None

    def is_contradictory(self, mark: str) -> bool:
        """Whether dates with this mark are seen in several orders."""
        found = self.marks.get(mark)
        return bool(found and found.is_contradictory)


def _plain(value: str) -> str:
    """Full-width characters made ordinary, blanks trimmed."""
    text = value.strip()
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def wall_time(value: Any, evidence: DateEvidence) -> Wall | None:
    """A cell as a date and time on the wall; None when there is nothing."""
    if isinstance(value, str):
        text = _plain(value)
        if text.lower() in NOTHING:
            return None
        return _from_text(text, evidence)
    if isinstance(value, datetime):
        offset = value.utcoffset()
        return _plausible(value.replace(tzinfo=None), value, offset)
    if isinstance(value, date):
        return _plausible(datetime(value.year, value.month, value.day), value, None)  # noqa: DTZ001
    if isinstance(value, int | float) and not isinstance(value, bool):
        return None if value != value else _from_text(str(value), evidence)
    raise _not_a_date(value)


def _from_text(text: str, evidence: DateEvidence) -> Wall:
    """A date out of text."""
    match = _YEAR_FIRST.match(text)
    if match:
        return _built(text, match, int(match["year"]), int(match["month"]), int(match["day"]))
    match = _NUMERIC.match(text)
    if match:
        return _numeric(text, match, evidence)
    for form in (_NAMED_DAY_FIRST, _NAMED_MONTH_FIRST):
        match = form.match(text)
        month = _MONTHS.get(match["name"][:3].lower()) if match else None
        if match and month:
            return _built(text, match, _full_year(match["year"]), month, int(match["day"]))
    match = _COMPACT.match(text)
    if match:
        return _built(text, match, int(match["year"]), int(match["month"]), int(match["day"]))
    if _SERIAL.match(text) and _SERIALS[0] <= float(text) <= _SERIALS[1]:
        seconds = round(float(text) * 86_400)
        return Wall(_SERIAL_ZERO + timedelta(seconds=seconds), None)
    raise _not_a_date(text)


def _numeric(text: str, match: re.Match[str], evidence: DateEvidence) -> Wall:
    """Three numbers: settled by themselves, else by their column, else refused."""
    first, second, third = int(match["a"]), int(match["b"]), match["c"]
    if first > 31 and len(third) == 2:
        return _built(text, match, _full_year(match["a"]), second, int(third))
    if first > 12 or first == second:
        if first > 12 and not evidence.is_complete and evidence.order(match["mark"]) not in {"dmy", None}:
            raise Unsure
        return _built(text, match, _full_year(third), second, first)
    if second > 12:
        if not evidence.is_complete and evidence.order(match["mark"]) not in {"mdy", None}:
            raise Unsure
        return _built(text, match, _full_year(third), first, second)
    order = evidence.order(match["mark"])
    if order is None or (not evidence.is_complete and not evidence.given and order == "dmy" and match["mark"] == "."):
        if not evidence.is_complete:
            raise Unsure
        raise _ambiguous(text, evidence.is_contradictory(match["mark"]))
    if order == "ymd":
        if len(third) == 4:
            raise _ambiguous(text, is_contradictory=True)
        return _built(text, match, _full_year(match["a"]), second, int(third))
    day, month = (first, second) if order == "dmy" else (second, first)
    return _built(text, match, _full_year(third), month, day)


def _ambiguous(text: str, is_contradictory: bool) -> Ambiguous:
    """The error for a date whose day and month could be swapped."""
    if is_contradictory:
        return Ambiguous(
            _("“%(text)s” may be day/month or month/day: the column holds dates of both kinds") % {"text": shown(text)}
        )
    return Ambiguous(
        _("“%(text)s” may be day/month or month/day, and no other date of the column settles which")
        % {"text": shown(text)}
    )


def _full_year(text: str) -> int:
    """A year of two digits lies within 1970-2069."""
    year = int(text)
    return year if len(text) == 4 else (2000 + year if year < 70 else 1900 + year)


def _built(text: str, match: re.Match[str], year: int, month: int, day: int) -> Wall:
    """The parts put together and checked against the calendar."""
    parts = match.groupdict()
    hour = int(parts.get("hour") or 0)
    half = (parts.get("early") or parts.get("late") or "").lower()
    if half and hour <= 12:
        if half in _AFTERNOON:
            hour = hour if hour == 12 or (half == "中午" and hour > 9) else hour + 12
        elif hour == 12:
            hour = 0
    part = (parts.get("part") or "")[:6].ljust(6, "0")
    try:
        moment = datetime(  # noqa: DTZ001 - a wall clock, given its zone later
            year, month, day, hour, int(parts.get("minute") or 0), int(parts.get("second") or 0), int(part)
        )
    except ValueError:
        raise UnusableCell(_("“%(text)s” is not in the calendar") % {"text": shown(text)}) from None
    return _plausible(moment, text, _offset(parts.get("zone")))


def _offset(zone: str | None) -> timedelta | None:
    """The offset that was written."""
    if not zone:
        return None
    if zone.upper() in {"Z", "UTC", "GMT"}:
        return timedelta(0)
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -offset if zone[0] == "-" else offset


def _plausible(moment: datetime, value: Any, offset: timedelta | None) -> Wall:
    """Refuse years that can only be slips."""
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise UnusableCell(
            _("“%(text)s”: the year must lie between %(from)d and %(to)d")
            % {"text": shown(value), "from": EARLIEST_YEAR, "to": LATEST_YEAR}
        )
    return Wall(moment, offset)


def moment_of(wall: Wall, zone: ZoneInfo) -> datetime:
    """The moment in UTC; a wall time inside a daylight-saving gap moves forward, of a repeated hour the first counts."""
    if wall.offset is not None:
        return (wall.moment - wall.offset).replace(tzinfo=UTC)
    # With fold=0 the offset from before the change applies in a gap, which moves the time on by its length.
    return wall.moment.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _not_a_date(value: Any) -> UnusableCell:
    """The error for anything else."""
    return UnusableCell(_("“%(text)s” is not a date") % {"text": shown(value)})

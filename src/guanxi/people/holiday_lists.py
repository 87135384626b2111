"""Lists of holidays and make-up days as they are found: lines, a table, the JSON of calendars for programs, the official notice.

2026-10-01~2026-10-07 国庆节        a line for a day or a span; 休 or nothing is a holiday
2026-10-10 班 调休                   班 (or: work, Monday, 周一) is a make-up day
{"year": 2026, "days": [{"name": "国庆节", "date": "2026-10-01", "isOffDay": true}]}
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from guanxi.core.errors import InvalidInput

MOST_CHARACTERS = 200_000
MOST_DAYS = 1_000
LONGEST_SPAN = 62
_WORKS = re.compile(r"班|\bwork|调休上班", re.IGNORECASE)
_OFF = re.compile(r"休|假|\boff\b|holiday", re.IGNORECASE)
_WEEKDAYS = {name: number for number, names in enumerate((
    ("周一", "星期一", "monday"), ("周二", "星期二", "tuesday"), ("周三", "星期三", "wednesday"), ("周四", "星期四", "thursday"),
    ("周五", "星期五", "friday"), ("周六", "星期六", "saturday"), ("周日", "星期日", "sunday"),
)) for name in names}  # fmt: skip
_ISO = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?")
_TO = re.compile(r"^\s*(?:~|～|至|到|–|—|-|\.\.)\s*")
# 10月1日（周四）至7日（周三）: the month may be left out of the second date.
_CHINESE = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:（[^）]*）|\([^)]*\))?")
_NOTICE = re.compile(r"[一二三四五六七八九十]+、\s*([^：:\n]{1,12})[：:]\s*([^\n]+)")


@dataclass(frozen=True)
class Day:
    """One date of a list: a holiday, or a make-up day worked like a weekday (Monday is 0)."""

    on: date
    works_as: int | None
    title: str


def read(text: str, *, year: int) -> list[Day]:
    """The dates that a list tells, in order, each once; InvalidInput names the line that cannot be read.

    `year` is meant where a text names none.
    """
    if len(text) > MOST_CHARACTERS:
        raise InvalidInput(_("This list is too long."), column="text")
    plain = text.replace("\x00", "").strip("\ufeff \n\r\t")
    if plain.startswith(("{", "[")):
        found = list(_from_json(plain))
    elif _NOTICE.search(plain):
        found = list(_from_notice(plain, year))
    else:
        found = list(_from_lines(plain))
    if not found:
        raise InvalidInput(_("No date was found in this list."), column="text")
    if len(found) > MOST_DAYS:
        raise InvalidInput(_("This list is too long."), column="text")
    by_day = {day.on: day for day in found}
    return [by_day[on] for on in sorted(by_day)]


def _from_json(text: str) -> Iterator[Day]:
    """The form that programs publish: days with a name, a date and whether they are off."""
    try:
        data = json.loads(text)
        rows: Any = data["days"] if isinstance(data, dict) else data
        for row in rows:
            yield Day(date.fromisoformat(row["date"]), None if row["isOffDay"] else 0, str(row.get("name", ""))[:120])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InvalidInput(
            _("This JSON cannot be read: “days” with “date”, “isOffDay” and “name” are expected."), column="text"
        ) from None


def _from_lines(text: str) -> Iterator[Day]:
    """A date or a span a line, then what it is."""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        first, rest = _iso_at(line)
        if first is None:
            if number == 1:  # the heads of a table
                continue
            raise InvalidInput(
                _("Line %(number)s begins with no date: %(line)s") % {"number": number, "line": line[:60]},
                column="text",
            )
        last = first
        joined = _TO.match(rest)
        if joined:
            second, after = _iso_at(rest[joined.end() :])
            if second is not None:
                last, rest = second, after
        yield from _span(first, last, _works_as(rest), _title(rest), line)


def _iso_at(text: str) -> tuple[date | None, str]:
    """The date that a text begins with, and what follows it."""
    match = _ISO.match(text.strip(" \t\"',;，；"))
    if match is None:
        return None, text
    try:
        return date(int(match[1]), int(match[2]), int(match[3])), text.strip(" \t\"',;，；")[match.end() :]
    except ValueError:
        raise InvalidInput(_("There is no such date: %(text)s") % {"text": match[0]}, column="text") from None


def _works_as(words: str) -> int | None:
    """As which weekday a day is worked, None for a holiday."""
    lower = words.lower()
    named = next((number for name, number in _WEEKDAYS.items() if name in lower), None)
    if named is not None and (_WORKS.search(words) or not _OFF.search(words)):
        return named
    return 0 if _WORKS.search(words) else None


def _title(words: str) -> str:
    """What is left of a line beside its marks."""
    parts = [part for part in re.split(r"[\s,;\t，；\"']+", words) if part]
    marks = re.compile(r"(?:休|班|放假|上班|假|work(?:day|ing)?|off|holiday|true|false)$", re.IGNORECASE)
    return " ".join(part for part in parts if not marks.match(part) and part.lower() not in _WEEKDAYS)[:120]


def _span(first: date, last: date, works_as: int | None, title: str, line: str) -> Iterator[Day]:
    """Every date of a span."""
    if not timedelta(0) <= last - first < timedelta(days=LONGEST_SPAN):
        raise InvalidInput(
            _("This span of dates is not possible: %(line)s") % {"line": line.strip()[:60]}, column="text"
        )
    for number in range((last - first).days + 1):
        yield Day(first + timedelta(days=number), works_as, title)


def _from_notice(text: str, year: int) -> Iterator[Day]:
    """The words of the yearly notice of the State Council."""
    for match in _NOTICE.finditer(text):
        title, words = match[1].strip(), match[2]
        for sentence in re.split(r"[。；;]", words):
            works_as = 0 if "上班" in sentence else None
            if works_as is None and "放假" not in sentence and "休息" not in sentence:
                continue
            # 与周末连休 and the like say nothing of dates.
            yield from _dates_of(sentence, year, works_as, title)


def _dates_of(sentence: str, year: int, works_as: int | None, title: str) -> Iterator[Day]:
    """The dates and spans of a sentence of the notice."""
    month, place, first = 0, 0, None
    for match in _CHINESE.finditer(sentence):
        month = int(match[2]) if match[2] else month
        if not month:
            continue
        try:
            on = date(int(match[1]) if match[1] else year, month, int(match[3]))
        except ValueError:
            raise InvalidInput(_("There is no such date: %(text)s") % {"text": match[0]}, column="text") from None
        if first is not None and sentence[place : match.start()].strip() in ("至", "到", "—", "－", "-", "~"):
            # A span over New Year ends in the year after.
            last = on if on >= first else on.replace(year=on.year + 1)
            yield from _span(first, last, works_as, title, sentence)
            first = None
        else:
            if first is not None:
                yield Day(first, works_as, title)
            first = on
        place = match.end()
    if first is not None:
        yield Day(first, works_as, title)

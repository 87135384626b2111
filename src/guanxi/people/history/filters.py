"""What a reader asks of the history, out of an address."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.core import ids, records
from guanxi.core.errors import InvalidInput
from guanxi.core.models import Operation
from guanxi.ui.history.words import words_of

MEANS = ("web", "api", "cli", "import", "system")
LONGEST = 200
EARLIEST, LATEST = date(1970, 1, 1), date(9000, 1, 1)


@dataclass(frozen=True)
class Asked:
    """The filters; empty ones ask for nothing."""

    q: str = ""
    person: int | None = None
    kind: str = ""
    record: int | None = None
    means: str = ""
    address: str = ""
    operation: str = ""
    since: date | None = None
    until: date | None = None
    # The records that the one asked for stands for too; found when reading, never given.
    joined: tuple[int, ...] = ()

    def as_query(self) -> dict[str, str]:
        """The filters as they stand in an address."""
        return {f.name: str(getattr(self, f.name)) for f in fields(self) if getattr(self, f.name) not in ("", None, ())}

    @property
    def about(self) -> str:
        """What places in the list are signed with."""
        return f"history {sorted(self.as_query().items())}"

    def with_joined(self) -> "Asked":
        """The same with the records that were merged into the one asked for."""
        joined = words_of(self.kind).joined if self.record is not None else None
        return (
            replace(self, joined=tuple(joined(self.record))) if joined is not None and self.record is not None else self
        )

    def narrowed(self, rows: Any) -> Any:
        """The operations that fit, as far as the operation itself tells."""
        given = {"actor_id": self.person, "means": self.means, "address": self.address, "name": self.operation}
        rows = rows.filter(**{name: value for name, value in given.items() if value not in ("", None)})
        since, until = self.moments
        if since is not None:
            rows = rows.filter(at__gte=since)
        if until is not None:
            rows = rows.filter(at__lt=until)
        return rows

    @property
    def moments(self) -> tuple[datetime | None, datetime | None]:
        """From the first moment of a day to that after another; days at the ends of the calendar ask for nothing."""
        since = _start_of(self.since) if self.since is not None and self.since > EARLIEST else None
        until = self.until if self.until is not None and self.until < LATEST else None
        return since, _start_of(until + timedelta(days=1)) if until is not None else None

    @property
    def is_unindexed(self) -> bool:
        """Whether something is asked for that no index of operations knows."""
        return bool(self.means or self.address or self.operation or self.since or self.until)

    @property
    def is_about_operations(self) -> bool:
        """Whether nothing is asked of single changes."""
        return not (self.kind or self.q)


def _start_of(day: date) -> datetime:
    """The first moment of a day where the reader is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def parse(given: Mapping[str, str], *, called: Mapping[str, str] | None = None, is_outside: bool = False) -> Asked:
    """The filters of an address; InvalidInput names the one that cannot be used, as it is `called` there.

    `is_outside`: a program asks, to which a record that has a public id goes by that alone.
    """
    names = {name: (called or {}).get(name, name) for name in _NAMES}
    text = {name: str(given.get(name) or "").replace("\x00", "").strip()[:LONGEST] for name in _NAMES}
    kind = text["kind"]
    if kind and records.model_of(kind) is None:
        raise InvalidInput(_("There is no kind of record “%(kind)s”.") % {"kind": kind[:40]}, column=names["kind"])
    if text["record"] and not kind:
        raise InvalidInput(_("Say of which kind the record is."), column=names["record"])
    since, until = _day(text["since"], "since"), _day(text["until"], "until")
    if since is not None and until is not None and until < since:
        raise InvalidInput(_("The last day comes before the first."), column="until")
    prefix = records.kinds[kind].prefix if kind in records.kinds else ""
    return Asked(
        q=text["q"],
        person=_number(text["person"], names["person"], "usr", is_outside=is_outside),
        kind=kind,
        record=_number(text["record"], names["record"], prefix, is_outside=is_outside),
        means=_one_of(text["means"], "means", MEANS),
        address=text["address"],
        operation=text["operation"][: Operation._meta.get_field("name").max_length],
        since=since,
        until=until,
    )


_NAMES = tuple(f.name for f in fields(Asked) if f.name != "joined")


def _number(text: str, name: str, prefix: str, *, is_outside: bool) -> int | None:
    """A record's number, from inside or out of its public id; outside a kind without public ids goes by numbers."""
    if not text:
        return None
    if not (is_outside and prefix) and text.isascii() and text.isdecimal() and len(text) < 19:
        return int(text)
    found = ids.parse(prefix, text) if prefix else None
    if found is None:
        raise InvalidInput(_("“%(value)s” is not the id of a record.") % {"value": text[:40]}, column=name)
    return found


def _one_of(text: str, name: str, words: tuple[str, ...]) -> str:
    """One of the words, or nothing."""
    if text and text not in words:
        raise InvalidInput(_("“%(value)s” is not one of the choices.") % {"value": text[:40]}, column=name)
    return text


def _day(text: str, name: str) -> date | None:
    """A day, or nothing."""
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise InvalidInput(_("“%(value)s” is not a date (YYYY-MM-DD)") % {"value": text[:40]}, column=name) from None

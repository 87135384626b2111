"""What a reader asks of the history, out of an address."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.core import ids, records
from guanxi.core.errors import InvalidInput
from guanxi.core.models import Operation

MEANS = ("web", "api", "cli", "import", "system")
LONGEST = 200


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

    def as_query(self) -> dict[str, str]:
        """The filters as they stand in an address."""
        return {f.name: str(getattr(self, f.name)) for f in fields(self) if getattr(self, f.name) not in ("", None)}

    @property
    def about(self) -> str:
        """What places in the list are signed with."""
        return f"history {sorted(self.as_query().items())}"

    def narrowed(self, rows: Any) -> Any:
        """The operations that fit, as far as the operation itself tells."""
        given = {"actor_id": self.person, "means": self.means, "address": self.address, "name": self.operation}
        rows = rows.filter(**{name: value for name, value in given.items() if value not in ("", None)})
        if self.since is not None:
            rows = rows.filter(at__gte=_start_of(self.since))
        if self.until is not None:
            rows = rows.filter(at__lt=_start_of(self.until + timedelta(days=1)))
        return rows

    @property
    def is_about_operations(self) -> bool:
        """Whether nothing is asked of single changes."""
        return not (self.kind or self.q)


def _start_of(day: date) -> datetime:
    """The first moment of a day where the reader is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def parse(given: Mapping[str, str]) -> Asked:
    """The filters of an address; InvalidInput names the one that cannot be used."""
    text = {name: str(given.get(name) or "").replace("\x00", "").strip()[:LONGEST] for name in _NAMES}
    kind = text["kind"]
    if kind and records.model_of(kind) is None:
        raise InvalidInput(_("There is no kind of record “%(kind)s”.") % {"kind": kind[:40]}, column="kind")
    if text["record"] and not kind:
        raise InvalidInput(_("Say of which kind the record is."), column="record")
    return Asked(
        q=text["q"],
        person=_number(text["person"], "person", "usr"),
        kind=kind,
        record=_number(text["record"], "record", records.kinds[kind].prefix if kind in records.kinds else ""),
        means=_one_of(text["means"], "means", MEANS),
        address=text["address"],
        operation=text["operation"][: Operation._meta.get_field("name").max_length],
        since=_day(text["since"], "since"),
        until=_day(text["until"], "until"),
    )


_NAMES = tuple(f.name for f in fields(Asked))


def _number(text: str, name: str, prefix: str) -> int | None:
    """A record's number, inside or public."""
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) < 19:
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

"""Who changed the fields of a record last, out of the journal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from guanxi.core import records
from guanxi.core.changes import ERASE, LOOK
from guanxi.core.live.topics import topic_of
from guanxi.core.models import Change

MOST_READ = 200


@dataclass(frozen=True)
class Hand:
    """Whose hand it was, and when."""

    user_id: int | None
    name: str
    at: datetime


@dataclass(frozen=True)
class Setting:
    """What a form is about that shows no record: a name to take turns by, and which entries of the journal tell of it."""

    name: str
    start: str = ""  # what the journal puts before the names of the fields
    kind: str = "parameter"
    record_id: int = 0
    also: tuple[str, ...] = ()  # further live topics that tell of its fields

    @property
    def topics(self) -> str:
        """The live topics that tell of changes."""
        return " ".join(filter(None, (topic_of(self.kind, self.record_id), *self.also)))


def hands(record: models.Model | Setting, names: Iterable[str]) -> dict[str, Hand]:
    """Who changed each of these fields of a record last, as far as the journal's latest entries of it reach.

    A field that lies elsewhere (tags, the archive of a customer) is that of whoever touched the record last.
    """
    found: dict[str, Hand] = {}
    latest: Hand | None = None
    wanted = list(names)
    start = record.start if isinstance(record, Setting) else ""
    for change in _latest(record):
        operation = change.operation
        hand = Hand(operation.actor_id, operation.actor_name, operation.at)
        latest = latest or hand
        for name in wanted:
            if name not in found and _is_about(change, start + name):
                found[name] = hand
    if latest is not None:
        for name in wanted:
            found.setdefault(name, latest)
    return found


def _latest(record: models.Model | Setting) -> Iterable[Change]:
    """The latest journal entries of a record; of a customer, those of its parts too."""
    rows = Change.objects.exclude(act__in=(LOOK, ERASE)).select_related("operation").order_by("-id")
    if isinstance(record, Setting):
        told = rows.filter(kind=record.kind, record_id=record.record_id)
        return told.filter(field__startswith=record.start)[:MOST_READ] if record.start else told[:MOST_READ]
    kind = records.kind_of(type(record))
    if kind == "customer":
        return rows.filter(customer_id=record.pk)[:MOST_READ]
    return rows.filter(kind=kind, record_id=record.pk)[:MOST_READ]


def _is_about(change: Change, name: str) -> bool:
    """Whether an entry tells of this field."""
    if change.field in {name, f"{name}_id"}:
        return True
    if not name.startswith("custom_") or change.field != "custom":
        return False
    key = name.removeprefix("custom_")
    return _held(change.before, key) != _held(change.after, key)


def _held(values: Any, key: str) -> Any:
    """One of the added fields of a journal entry."""
    return values.get(key) if isinstance(values, dict) else None

"""Values as they were at a moment: the journal tells them for plain fields; for others today's value has to do."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from guanxi.core.models import Change
from guanxi.workflow.conditions import UNKNOWN
from guanxi.workflow.engine.reading import read
from guanxi.workflow.registries.facts import CHANGED, Fact, FactType, Reachable

CHUNK = 500


def is_told_by_journal(reached: Reachable) -> bool:
    """Whether earlier values are known: of the record's own plain fields, and of what the event said itself."""
    return reached.key == CHANGED or (bool(reached.fact.column) and reached.link is None)


class PastValues:
    """The facts of some records at moments of the past, read with few statements."""

    def __init__(self, reached: Mapping[str, Reachable], record_ids: Sequence[int], since: datetime) -> None:
        """Read today's values, and the changes since."""
        ids = list(dict.fromkeys(record_ids))
        self._today = {key: _read_in_chunks(one, ids) for key, one in reached.items() if key != CHANGED}
        self._changes = {
            key: _changes(one.fact, ids, since)
            for key, one in reached.items()
            if key != CHANGED and is_told_by_journal(one)
        }
        self._facts = {key: one.fact for key, one in reached.items()}

    def at(self, record_id: int, moment: datetime) -> dict[str, Any]:
        """What the facts of a record were; UNKNOWN where nothing tells."""
        return {key: self._value(key, record_id, moment) for key in self._today}

    def _value(self, key: str, record_id: int, moment: datetime) -> Any:
        """One value: what the first change after the moment found, else today's."""
        for at, before in self._changes.get(key, {}).get(record_id, ()):
            if at > moment:
                return UNKNOWN if before is UNKNOWN else _value_of(self._facts[key], before)
        return self._today[key].get(record_id, UNKNOWN)


def _read_in_chunks(reached: Reachable, ids: Sequence[int]) -> dict[int, Any]:
    """Today's values."""
    found: dict[int, Any] = {}
    for start in range(0, len(ids), CHUNK):
        found |= read(reached, ids[start : start + CHUNK])
    return found


def _changes(fact: Fact, ids: Sequence[int], since: datetime) -> dict[int, list[tuple[datetime, Any]]]:
    """What the changes of a field found before them, and deletions of the whole record, the earliest first."""
    found: dict[int, list[tuple[datetime, Any]]] = {}
    for start in range(0, len(ids), CHUNK):
        rows = Change.objects.filter(
            kind=fact.kind,
            record_id__in=ids[start : start + CHUNK],
            operation__at__gt=since,
            act__in=("update", "delete"),
        ).order_by("id")
        for row in rows.values_list("record_id", "act", "field", "before", "operation__at", "erased_at"):
            number, act, field, before, at, erased_at = row
            if act == "update" and field != fact.column:
                continue
            if erased_at is not None or (act == "delete" and fact.column not in (before or {})):
                before = UNKNOWN
            elif act == "delete":
                before = (before or {})[fact.column]
            found.setdefault(number, []).append((at, before))
    return found


def _value_of(fact: Fact, kept: Any) -> Any:
    """A value of the journal as the fact gives it."""
    if fact.from_journal is not None:
        return fact.from_journal(kept)
    if fact.type == FactType.DATE and isinstance(kept, str):
        return datetime.fromisoformat(kept) if len(kept) > 10 else date.fromisoformat(kept)
    return kept

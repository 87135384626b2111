"""Which record a task or a notification is about, as far as it is open to who reads."""

from collections.abc import Iterable
from dataclasses import dataclass

from guanxi.core import ids, masking, records
from guanxi.core.actor import Actor
from guanxi.core.records import RecordRef


@dataclass(frozen=True)
class Subject:
    """A record by name and address."""

    title: str
    url: str
    icon: str
    kind_label: str


def subjects(actor: Actor, references: Iterable[RecordRef]) -> dict[RecordRef, Subject]:
    """The records that are open to the actor among these: one query for each kind."""
    by_kind: dict[str, set[int]] = {}
    for reference in references:
        by_kind.setdefault(reference.kind, set()).add(reference.id)
    found: dict[RecordRef, Subject] = {}
    for kind, numbers in by_kind.items():
        declared = records.kinds.get(kind)
        rows = getattr(declared.model._default_manager.all(), "visible_to", None) if declared else None
        if declared is None or rows is None:
            continue
        for number, record in rows(actor).in_bulk(list(numbers)).items():
            title = masking.shown(actor, kind, "name", declared.title(record)) or declared.public_id(number)
            url = declared.url(number) if declared.url else ""
            found[RecordRef(kind, number)] = Subject(str(title), url, declared.icon, str(declared.label))
    return found


def subject(actor: Actor, kind: str, number: int | None) -> Subject | None:
    """One record, None when there is none or it is not open to the actor."""
    if not kind or number is None:
        return None
    return subjects(actor, [RecordRef(kind, number)]).get(RecordRef(kind, number))


def parsed(text: str) -> RecordRef | None:
    """A record out of its public id (`cus_0001m`), of any kind that has one."""
    prefix = text[:3]
    for declared in records.kinds:
        if declared.prefix == prefix:
            from_text = ids.parse(prefix, text)
            return RecordRef(declared.kind, from_text) if from_text is not None else None
    return None


def public_id(kind: str, number: int | None) -> str:
    """A record's public id, '' for none."""
    declared = records.kinds.get(kind) if kind else None
    return declared.public_id(number) if declared is not None and number is not None else ""

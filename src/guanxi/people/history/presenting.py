"""The history for screens: acts in words, their records with links, and whether they can be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core import changes as journal
from guanxi.core import ids, records
from guanxi.core.actor import Actor
from guanxi.core.models import Change, Operation
from guanxi.core.reaching import may_undo
from guanxi.people.history.filters import Asked
from guanxi.people.history.reading import Act, set_back
from guanxi.ui import history
from guanxi.ui.history import seeing

MEANS: dict[str, Promise] = {
    "web": gettext_lazy("on screen"),
    "api": gettext_lazy("by the API"),
    "cli": gettext_lazy("at the console"),
    "import": gettext_lazy("by an import"),
    "rule": gettext_lazy("by a rule"),
    "system": gettext_lazy("by Guanxi itself"),
}
# What these write is taken back on their own pages, or not at all.
UNDONE_ELSEWHERE = ("importing.", "demo.", "undo")


@dataclass(frozen=True)
class Group:
    """The lines about one record."""

    kind: str
    title: str
    url: str
    lines: list[history.Line]
    # The id under which it was on record before it was merged into the one whose history is read.
    merged_from: str = ""


@dataclass(frozen=True)
class Told:
    """One operation in words."""

    row: Operation
    label: str
    who: str
    means: str
    deputy_of: str
    groups: list[Group]
    has_more: bool
    can_undo: bool
    is_set_back: bool


def tell(actor: Actor, acts: Sequence[Act], asked: Asked | None = None) -> list[Told]:
    """Acts in words; with what is asked, records merged into the one asked for are marked."""
    of = (asked.kind, asked.record) if asked is not None and asked.record is not None else None
    reader = history.Reader(actor)
    every = [change for act in acts for change in act.changes]
    reader.learn(every)
    names = history.record_names(every)
    jumped = set_back([act.row for act in acts])
    return [
        Told(
            row=act.row,
            label=label(act),
            who=_("(erased)") if act.row.erased_at else act.row.actor_name,
            means=str(MEANS.get(act.row.means, act.row.means)),
            deputy_of=act.row.deputising_for.display_name if act.row.deputising_for is not None else "",
            groups=groups(reader, act.changes, names, of),
            has_more=act.has_more,
            can_undo=can_undo(actor, act),
            is_set_back=act.row.pk in jumped,
        )
        for act in acts
    ]


def label(act: Act) -> str:
    """What was done; of an operation without a name of its own, by what became of its records."""
    if act.row.name in history.words.operation_names() or not act.changes:
        return history.operation_label(act.row.name)
    kinds = {change.kind for change in act.changes}
    acts = {change.act for change in act.changes}
    words = {"create": _("%(kind)s: created"), "delete": _("%(kind)s: removed")}
    said = words.get(acts.pop(), _("%(kind)s: changed")) if len(acts) == 1 else _("%(kind)s: changed")
    return said % {"kind": ", ".join(sorted(history.words_of(kind).name for kind in kinds))}


def groups(
    reader: history.Reader,
    changes: Sequence[Change],
    names: dict[tuple[str, int], str],
    of: tuple[str, int] | None = None,
) -> list[Group]:
    """Changes in words, by the record they are about; `of` is the record whose history is read."""
    by_record: dict[tuple[str, int], list[Change]] = {}
    for change in changes:
        by_record.setdefault(history.telling.about(change), []).append(change)
    found = []
    for (kind, number), rows in by_record.items():
        known = records.kinds.get(kind)
        is_there = (kind, number) in names
        title = names.get((kind, number)) or _gone(rows) or _number(kind, number)
        url = known.url(number) if known is not None and known.url is not None and is_there else ""
        is_merged = of is not None and kind == of[0] and number != of[1]
        merged_from = (known.public_id(number) if known else str(number)) if is_merged else ""
        found.append(Group(history.words_of(kind).name, title, url, history.lines(reader, rows), merged_from))
    return found


def _gone(rows: Sequence[Change]) -> str:
    """The name that a record had when it was removed."""
    for change in rows:
        if change.act == "delete" and isinstance(change.before, dict) and not history.words_of(change.kind).is_secret:
            for name in ("name", "label_en", "username", "title", "key"):
                if change.before.get(name):
                    return str(change.before[name])
    return ""


def _number(kind: str, number: int) -> str:
    """What a record without a name is told apart by; nothing for settings, which stand in no row of their own."""
    known = records.kinds.get(kind)
    return known.public_id(number) if known else f"{number or ''}"


def can_undo(actor: Actor, act: Act) -> bool:
    """Whether the actor may try to take an operation back."""
    row = act.row
    if row.undone_at or row.undoes_id or row.name.startswith(UNDONE_ELSEWHERE) or actor.is_read_only or not act.changes:
        return False
    if any(change.act in {"secret", journal.ERASE, journal.DONE} or change.erased_at for change in act.changes):
        return False
    if any(change.kind in journal.SET_ANEW for change in act.changes):
        return False
    if all(change.act == journal.LOOK for change in act.changes):
        return False
    return may_undo(actor, row)


def plain(actor: Actor, act: Act) -> dict[str, Any]:
    """An operation for programs."""
    row = act.row
    withheld = history.words.withheld_among(actor, act.changes)
    return {
        "id": ids.public_id("opr", row.pk),
        "name": row.name,
        "at": row.at.isoformat(),
        "actor": {"id": ids.public_id("usr", row.actor_id) if row.actor_id else None, "name": row.actor_name},
        "deputising_for": ids.public_id("usr", row.deputising_for_id) if row.deputising_for_id else None,
        "means": row.means,
        "address": row.address,
        "reason": row.reason,
        "undone_at": row.undone_at.isoformat() if row.undone_at else None,
        "undoes": ids.public_id("opr", row.undoes_id) if row.undoes_id else None,
        "changes": [plain_change(actor, change, withheld) for change in act.changes],
        "has_more_changes": act.has_more,
    }


def plain_change(actor: Actor, change: Change, withheld: history.words.Withheld) -> dict[str, Any]:
    """A change for programs: values as far as the actor may see them."""
    before, after = seeing.plain_values(actor, change, withheld)
    known = records.kinds.get(change.kind)
    return {
        "kind": change.kind,
        "record": known.public_id(change.record_id) if known else str(change.record_id),
        "customer": ids.public_id("cus", change.customer_id) if change.customer_id else None,
        "act": change.act,
        "field": change.field,
        "before": before,
        "after": after,
        "erased_at": change.erased_at.isoformat() if change.erased_at else None,
    }

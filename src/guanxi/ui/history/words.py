"""What each module says of its kinds of record and its operations."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.core import records
from guanxi.core.actor import Actor
from guanxi.core.registry import Registry

if TYPE_CHECKING:
    from guanxi.core.models import Change
    from guanxi.ui.history.telling import Line, Reader

Said = str | Promise
# Neither identity of a row nor derived from its other fields: not worth a line.
LEFT_OUT = frozenset({"id", "created_at", "updated_at"})

COMMON: Mapping[str, Said] = {
    "at": pgettext_lazy("moment", "Time"),
    "by": gettext_lazy("By"),
    "by_name": gettext_lazy("By"),
    "means": gettext_lazy("By what means"),
    "position": gettext_lazy("Place in the order"),
    "made_at": gettext_lazy("Made"),
    "error": gettext_lazy("Error"),
    "created_at": gettext_lazy("Entered on"),
    "author_name": gettext_lazy("Written by"),
}


@dataclass(frozen=True)
class Words:
    """How the journal speaks of one kind of record.

    `show(reader, column, value)` gives safe HTML for a value, or None for the general way; `told(reader, row)` gives a
    whole record in one line, or None; `sort(row)` says of what sort a guarded value is (a contact kind);
    `other_acts(reader, change)` tells acts of the module's own; `find(actor, text)` gives the records of such a name;
    `withheld(actor, record_ids)` names fields of records that may not be shown as things stand, whatever the role;
    `call(field)` names fields that are not columns; `joined(record_id)` gives the records that this one stands for too,
    whose history is told with its own; `blank` says what an empty column means, where that is something. Of a secret kind
    only that it changed is told.
    """

    kind: str
    label: Said = ""
    fields: Mapping[str, Said] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    show: "Callable[[Reader, Any, Any], str | None] | None" = None
    told: "Callable[[Reader, dict[str, Any]], str | None] | None" = None
    sort: Callable[[Mapping[str, Any]], str] = lambda _row: ""
    always_masked: frozenset[str] = frozenset()
    custom_kind: str = ""
    is_secret: bool = False
    other_acts: "Callable[[Reader, Change], list[Line]] | None" = None
    find: Callable[[Actor, str], Iterable[int]] | None = None
    withheld: Callable[[Actor, Iterable[int]], Mapping[int, frozenset[str]]] | None = None
    call: Callable[[str], str | None] | None = None
    joined: Callable[[int], Iterable[int]] | None = None
    blank: Mapping[str, Said] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the kind is called."""
        if self.label:
            return str(capfirst(str(self.label)))
        kind = records.kinds.get(self.kind)
        if kind is not None:
            return str(capfirst(str(kind.label)))
        model = records.model_of(self.kind)
        return str(capfirst(model._meta.verbose_name if model is not None else self.kind))

    def skips(self, name: str) -> bool:
        """Whether a field is left out."""
        return name in LEFT_OUT or name in self.left_out

    def field_name(self, model: type[models.Model] | None, name: str) -> str:
        """What a field is called."""
        told = self.fields.get(name) or self.fields.get(name.removesuffix("_id")) or (self.call and self.call(name))
        if told:
            return str(capfirst(str(told)))
        column = column_of(model, name)
        if column is not None and column.verbose_name == column.name.replace("_", " "):
            return str(capfirst(str(_unnamed(column))))
        return str(capfirst(column.verbose_name if column is not None else name))


def _unnamed(column: Any) -> Said:
    """What a column is called that nobody named: by what it points at, or as such columns are called everywhere."""
    if column.name in COMMON:
        return COMMON[column.name]
    return words_of(records.kind_of(column.related_model)).name if column.is_relation else str(column.verbose_name)


_words: Registry[Words] = Registry("words of the history")
_operations: dict[str, Said] = {}


def register(words: Words) -> Words:
    """Say how the journal speaks of a kind."""
    return _words.add(words.kind, words)


def operations(labels: Mapping[str, Said]) -> None:
    """Say what operations are called."""
    _operations.update(labels)


def words_of(kind: str) -> Words:
    """The words for a kind; plain ones for a kind that no module spoke of."""
    return _words.get(kind) or Words(kind)


def known() -> list[Words]:
    """All kinds that modules spoke of."""
    return list(_words)


def operation_label(name: str) -> str:
    """What an operation is called; without a name of its own, that something changed."""
    return str(_operations.get(name) or _("Changed"))


def operation_names() -> dict[str, str]:
    """Every operation that has a name, in the reader's language."""
    return {name: str(label) for name, label in _operations.items()}


def column_of(model: type[models.Model] | None, attname: str) -> Any:
    """The column behind a name in the journal."""
    if model is None:
        return None
    return next((f for f in model._meta.concrete_fields if attname in (f.attname, f.name)), None)


Withheld = dict[tuple[str, int], frozenset[str]]


def withheld_among(actor: Actor, changes: "Iterable[Change]") -> Withheld:
    """The fields of the changed records that may not be shown to the actor as things stand: asked once for each kind."""
    wanted: dict[str, set[int]] = {}
    for change in changes:
        wanted.setdefault(change.kind, set()).add(change.record_id)
    found: Withheld = {}
    for kind, numbers in wanted.items():
        ask = words_of(kind).withheld
        if ask is not None:
            found |= {(kind, number): names for number, names in ask(actor, numbers).items() if names}
    return found

"""A change told to a reader: what field, before, after; as far as the reader may see."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.core import changes as journal
from guanxi.core import custom_fields, masking, records
from guanxi.core.actor import HIDDEN, SHOWN, Actor
from guanxi.core.models import Change, CustomField
from guanxi.ui.cells import Context, format_date, format_moment
from guanxi.ui.history.words import Withheld, Words, column_of, withheld_among, words_of
from guanxi.ui.html import escape
from guanxi.ui.listing_words import listed

SECRET = re.compile(r"password|secret|digest|hash|salt|private|recovery|(^|_)key(s|_id)?$", re.IGNORECASE)
NAMED_LIKE_SECRETS = frozenset({"sort_key", "stroke_key", "key", "backup.schedule.public_key"})
LONGEST = 300
Names = dict[tuple[type[models.Model], Any], str]


@dataclass(frozen=True)
class Line:
    """One field before and after, as safe HTML."""

    label: str
    before: str
    after: str


@dataclass
class Reader:
    """Who reads, with what all lines of a page share: names of records, definitions of added fields, what is kept back."""

    actor: Actor
    context: Context = field(default_factory=Context)
    names: Names = field(default_factory=dict)
    _withheld: Withheld = field(default_factory=dict)
    _custom: dict[str, dict[str, CustomField]] = field(default_factory=dict)

    def learn(self, changes: Iterable[Change]) -> None:
        """Read the names of the records that some changes point at, and what is kept back: a query or two for each kind."""
        wanted: dict[type[models.Model], set[Any]] = {}
        learnt = list(changes)
        self._withheld |= withheld_among(self.actor, learnt)
        for change in learnt:
            model = records.model_of(change.kind)
            if model is None or words_of(change.kind).is_secret:
                continue
            for attname, values in _pointed_at(change):
                column = column_of(model, attname)
                if column is not None and column.is_relation:
                    found = {value for value in values if value is not None}
                    wanted.setdefault(column.related_model, set()).update(found)
        for model, keys in wanted.items():
            missing = [key for key in keys if (model, key) not in self.names]
            for key, row in every_row(model).in_bulk(missing).items():
                self.names[(model, key)] = str(row)

    def withheld(self, change: Change) -> frozenset[str]:
        """The fields of the changed record that may not be shown as things stand; known of those that were learnt."""
        return self._withheld.get((change.kind, change.record_id), frozenset())

    def name_of(self, model: type[models.Model], number: Any) -> str:
        """What a record is called; its number when it is gone."""
        if (model, number) not in self.names:
            row = every_row(model).filter(pk=number).first()
            self.names[(model, number)] = str(row if row is not None else number)
        return self.names[(model, number)]

    def custom(self, kind: str) -> dict[str, CustomField]:
        """The added fields of a kind."""
        if kind not in self._custom:
            self._custom[kind] = {d.key: d for d in custom_fields.definitions(kind)}
        return self._custom[kind]


def every_row(model: type[models.Model]) -> models.Manager[Any]:
    """All rows of a model."""
    return getattr(model, "everything", model._base_manager)


def _pointed_at(change: Change) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Column names with the values before and after."""
    if change.act == "update":
        yield change.field, (change.before, change.after)
    elif change.act in {"create", "delete"}:
        row = (change.after if change.act == "create" else change.before) or {}
        for attname, value in row.items():
            yield attname, (value,)


def record_names(changes: Iterable[Change]) -> dict[tuple[str, int], str]:
    """What the records that some changes are about are called; those that are gone have no name."""
    wanted: dict[str, set[int]] = {}
    for change in changes:
        kind, number = about(change)
        if number:  # settings have none, and no row of their own
            wanted.setdefault(kind, set()).add(number)
    found: dict[tuple[str, int], str] = {}
    for kind, numbers in wanted.items():
        model = records.model_of(kind)
        if model is None or words_of(kind).is_secret:
            continue
        title = records.kinds[kind].title if kind in records.kinds else str
        for number, row in every_row(model).in_bulk(numbers).items():
            found[(kind, number)] = title(row)
    return found


def about(change: Change) -> tuple[str, int]:
    """The record that a change is told under: the customer whose part it is, else the record itself."""
    if change.customer_id is not None:
        return "customer", change.customer_id
    return change.kind, change.record_id


def lines(reader: Reader, changes: Sequence[Change]) -> list[Line]:
    """What changed, field by field, in words; fields hidden from the reader are left out."""
    found: list[Line] = []
    for change in changes:
        found.extend(_lines_of(reader, change))
    return found


def _lines_of(reader: Reader, change: Change) -> Iterator[Line]:
    """The lines of one change."""
    words, model = words_of(change.kind), records.model_of(change.kind)
    if change.act == journal.ERASE:
        number = _("no. %(number)d") % {"number": change.record_id}
        yield Line(escape(_("Values erased")), "", escape(number))
    elif words.is_secret:
        yield Line(escape(words.name), "", escape(_("(kept from the history)")))
    elif change.erased_at is not None and change.act != journal.LOOK:
        name = words.field_name(model, change.field) if change.field else words.name
        yield Line(escape(name), escape(_("(erased)")), escape(_("(erased)")))
    elif change.act == "secret" or is_secret(change.field):
        yield Line(escape(words.field_name(model, change.field)), "", escape(_("(secret)")))
    elif change.act == "update" and change.field in reader.withheld(change):
        told = escape(_("(kept back)"))
        yield Line(escape(words.field_name(model, change.field)), told, told)
    elif change.act == "update":
        yield from _updated(reader, words, model, change)
    elif change.act == journal.LOOK:
        name = words.field_name(model, change.field) if change.field else words.name
        yield Line(escape(name), "", escape(_("looked at")))
    elif change.act not in {"create", "delete"}:
        yield from words.other_acts(reader, change) if words.other_acts is not None else ()
    else:
        row = change.after if change.act == "create" else change.before
        held = reader.withheld(change)
        shown = {name: value for name, value in row.items() if name not in held} if isinstance(row, dict) else {}
        text = _told(reader, words, model, shown)
        yield Line(escape(words.name), "", text) if change.act == "create" else Line(escape(words.name), text, "")


def is_secret(name: str) -> bool:
    """Whether a field's very name says that it is nobody's to read."""
    return bool(SECRET.search(name)) and name not in NAMED_LIKE_SECRETS


def _updated(reader: Reader, words: Words, model: Any, change: Change) -> Iterator[Line]:
    """The lines of one changed field; added fields of the company's own are taken apart."""
    kind = words.custom_kind or words.kind
    if change.field == "custom" and isinstance(change.before or change.after, dict):
        before, after = change.before or {}, change.after or {}
        for key in dict.fromkeys([*before, *after]):
            if before.get(key) != after.get(key) and masking.sees_own(reader.actor, kind, key) != HIDDEN:
                yield _added(reader, kind, key, before.get(key), after.get(key))
        return
    if change.field.startswith("custom.") and reader.actor.sees(kind, change.field) == HIDDEN:
        return
    if change.field.startswith("custom."):
        yield _added(reader, kind, change.field.removeprefix("custom."), change.before, change.after)
        return
    if words.skips(change.field) or reader.actor.sees(change.kind, change.field) == HIDDEN:
        return
    column = column_of(model, change.field)
    before = value_in_words(reader, words, column, change.field, change.before)
    after = value_in_words(reader, words, column, change.field, change.after)
    yield Line(escape(words.field_name(model, change.field)), before, after)


def _added(reader: Reader, kind: str, key: str, before: Any, after: Any) -> Line:
    """The line of one added field."""
    definition = reader.custom(kind).get(key)

    def told(value: Any) -> str:
        """A value of it."""
        if value is None:
            return ""
        if masking.sees_own(reader.actor, kind, key) != SHOWN:
            return masking.DOTS
        return escape(custom_fields.display(definition, value) if definition else value)

    return Line(escape(definition.label if definition else key), told(before), told(after))


def _told(reader: Reader, words: Words, model: Any, row: dict[str, Any]) -> str:
    """What a record that came or went was about."""
    if words.told is not None:
        text = words.told(reader, row)
        if text is not None:
            return text
    parts = []
    for name, value in row.items():
        if value in (None, "", [], {}) or words.skips(name) or is_secret(name) or isinstance(value, dict):
            continue
        if reader.actor.sees(words.kind, name) == HIDDEN:
            continue
        if isinstance(value, bool):  # a bare yes or no says nothing
            parts.append(escape(words.field_name(model, name)) if value else "")
        else:
            parts.append(value_in_words(reader, words, column_of(model, name), name, value, words.sort(row)))
    return listed(part for part in parts[:6] if part)


def value_in_words(reader: Reader, words: Words, column: Any, name: str, value: Any, sort: str = "") -> str:
    """A journal value in words, as safe HTML; masked where the reader's role has it so."""
    if value in (None, ""):
        return ""
    if name in words.always_masked:
        return escape(masking.masked(words.kind, name, value, sort))
    seen = masking.shown(reader.actor, words.kind, name, value, sort)
    if seen is None:
        return ""
    if seen != value:
        return escape(seen)
    if words.show is not None:
        text = words.show(reader, column, value)
        if text is not None:
            return text
    return _general(reader, column, value)


def _general(reader: Reader, column: Any, value: Any) -> str:
    """A value by the type of its column."""
    if isinstance(value, bool):
        return escape(_("Yes") if value else _("No"))
    if column is not None and column.is_relation:
        return escape(reader.names.get((column.related_model, value), value))
    if column is not None and column.choices:
        return escape(dict(column.flatchoices).get(value, value))
    if isinstance(column, models.DateTimeField):
        return escape(_moment(value, reader.context))
    if isinstance(column, models.DateField):
        return escape(format_date(value, reader.context))
    if isinstance(value, list):
        if all(isinstance(item, str | int) for item in value):
            return escape(listed(value)[:LONGEST])
        return escape(ngettext("%(count)d entry", "%(count)d entries", len(value)) % {"count": len(value)})
    if isinstance(value, dict):
        return escape(listed(f"{key}: {item}" for key, item in value.items() if not is_secret(str(key)))[:LONGEST])
    if isinstance(value, date):
        return escape(format_date(value, reader.context))
    return escape(str(value)[:LONGEST])


def _moment(value: Any, context: Context) -> str:
    """A moment as the journal keeps it."""
    try:
        return format_moment(datetime.fromisoformat(str(value)), context)
    except (ValueError, TypeError):
        return str(value)

"""A pack in words: labels, values, moments as the person reads them, not as the program keeps them."""

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from guanxi.core import changes, clock, custom_fields, masking, money, records
from guanxi.core.actor import HIDDEN, Actor
from guanxi.core.erasing import Person
from guanxi.core.models import Change
from guanxi.core.personal_data import Statement, Whose, naming_records, statement_of
from guanxi.customers.models import Customer
from guanxi.ui import history
from guanxi.ui.cells import Context
from guanxi.ui.history.telling import is_secret
from guanxi.ui.history.words import column_of
from guanxi.ui.html import escape

DERIVED = frozenset({"sort_key", "initials", "stroke_key", "normalised", "sha256", "new_text", "html"})
# Columns that belong to the tale though they name nobody: when, in what state, for what.
TELLING = frozenset(
    {"at", "created_at", "visited_at", "ordered_at", "due_at", "ended_at", "purpose", "kind", "currency", "source"}
)
# What stands between the names of several people.
JOINERS = re.compile(r"(\s*[、，,;；/&＆+]\s*|\s+(?:and|und|et)\s+)")
MOST_ABOUT = 3
NOTHING: tuple[Any, ...] = (None, "", {}, [])


@dataclass(frozen=True)
class Cell:
    """One column of a row: as data, and as lines of a label and safe HTML."""

    name: str
    value: Any
    lines: list[tuple[str, str]]


@dataclass
class Wording:
    """How what is held is said in one language: to the person, as far as the role of who makes the pack sees it."""

    actor: Actor
    person: Person
    language: str
    reader: history.Reader = field(init=False)
    _own: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Read in the language of the pack, in the time of the company."""
        context = Context(actor=self.actor, language=self.language, zone=clock.company_zone())
        self.reader = history.Reader(self.actor, context)
        names = (self.person.name, *self.person.identifiers)
        self._own = frozenset(word for name in names for word in (name.casefold(), *name.casefold().split()))

    def learn(self, rows: list[Change]) -> None:
        """Read the names that changes point at; those of other customers masked."""
        self.reader.learn(rows)
        for (model, number), name in self.reader.names.items():
            if model is Customer and number not in self.person.customer_ids:
                self.reader.names[(model, number)] = self.of_others(name)

    def of_others(self, text: str) -> str:
        """Names of other people masked, one by one; the person's own among them stays."""
        parts = JOINERS.split(text)
        return "".join(
            part if place % 2 or self._is_own(part) else masking.name(part) for place, part in enumerate(parts)
        )

    def _is_own(self, name: str) -> bool:
        """Whether a name is the person's, or a part of it."""
        plain = name.strip().casefold()
        if not plain.isascii() and len(plain) > 1 and any(plain in own for own in self._own):
            return True
        return bool(plain) and all(word in self._own for word in plain.split())

    def cells(self, statement: Statement, row: Any) -> list[Cell]:
        """The columns of a row that say something."""
        kind, of = records.kind_of(statement.model), str(getattr(row, "kind", ""))
        words, found = history.words_of(kind), []
        for column in row._meta.concrete_fields:
            if column.name in _parents(statement):
                said = str(getattr(row, column.name))
                found.append(Cell(column.name, said, [(self.label(kind, column.name), escape(said))]))
            elif (
                column.name not in DERIVED
                and not is_secret(column.name)
                and (statement.holding(column.name) or column.name in TELLING)
            ):
                blank = words.blank.get(column.name)
                stored = getattr(row, column.attname)
                value = self._as_data(statement, row, column, stored, of)
                if blank is not None and stored == "":
                    found.append(Cell(column.name, str(blank), [(self.label(kind, column.name), escape(blank))]))
                elif value not in NOTHING:
                    found.append(Cell(column.name, value, self._lines(kind, row, column, stored, value, of)))
        reference = naming_records().get(statement.label)
        if found and reference is not None:
            about = self.about(getattr(row, reference.kind_column), getattr(row, reference.column))
            found.append(Cell(reference.column, about, [(_("Belongs to"), escape(about))]))
        return found

    def _as_data(self, statement: Statement, row: Any, column: Any, stored: Any, of: str) -> Any:
        """A value for programs; of others a masked word, None for what the role does not see."""
        if stored in NOTHING:
            return None
        value = changes.as_json(stored)
        if column.is_relation:
            value = str(getattr(row, column.name))
        elif column.choices:
            value = str(dict(column.flatchoices).get(stored, stored))
        held = statement.holding(column.name)
        if held is not None and held.of == Whose.OTHERS:
            return self.of_others(str(value))
        return masking.shown(self.actor, records.kind_of(statement.model), column.name, value, of)

    def _lines(self, kind: str, row: Any, column: Any, stored: Any, value: Any, of: str) -> list[tuple[str, str]]:
        """A value for people; fields that the company added each by their name."""
        if column.name == "custom" and isinstance(value, dict):
            return [
                (str(known.label if known else key), escape(custom_fields.display(known, item) if known else item))
                for key, item in value.items()
                if item not in NOTHING
                for known in [self.reader.custom(kind).get(key)]
            ]
        label = self.label(kind, column.name)
        if column.is_relation:
            return [(label, escape(value))]
        return [(label, self.value(kind, column.name, changes.as_json(stored), of=of, currency=_currency(row)))]

    def label(self, kind: str, name: str) -> str:
        """What a column is called."""
        return history.words_of(kind).field_name(records.model_of(kind), name)

    def value(self, kind: str, name: str, value: Any, *, of: str = "", currency: str = "") -> str:
        """A value, as the journal keeps it, as safe HTML."""
        model = records.model_of(kind)
        words, column = history.words_of(kind), column_of(model, name)
        if value in NOTHING:
            return escape(words.blank[name]) if value == "" and name in words.blank else ""
        statement = statement_of(model) if model is not None else None
        held = statement.holding(column.name if column is not None else name) if statement is not None else None
        if held is not None and held.of == Whose.OTHERS:
            return escape(self.of_others(str(value)))
        seen = masking.shown(self.actor, kind, name, value, of)
        if seen is None or seen != value:
            return escape(seen or "")
        if name.endswith("_minor"):
            return escape(money.format_money(int(value), currency or money.reporting_currency(), self.language))
        if isinstance(column, models.DecimalField):
            value = _without_zeros(value)
        if isinstance(value, str) and _is_text(column):
            return escape(value)
        return history.value_in_words(self.reader, words, column, name, value, of)

    def about(self, kind: str, number: int | None) -> str:
        """The record that a task or a file belongs to."""
        words, model = history.words_of(kind), records.model_of(kind)
        row = history.telling.every_row(model).filter(pk=number).first() if model is not None else None
        statement = statement_of(model) if model is not None else None
        if row is None or statement is None:
            return words.name
        if isinstance(row, Customer):
            return f"{words.name}: {row.name}"
        said = [cell.value for cell in self.cells(statement, row) if _is_said(column_of(model, cell.name), cell.value)]
        return f"{words.name}: {', '.join(said[:MOST_ABOUT])}" if said else words.name

    def change(self, change: Change) -> list[history.Line]:
        """One change of the journal, field by field."""
        words = history.words_of(change.kind)
        row = change.after if change.act == "create" else change.before if change.act == "delete" else None
        # Relations are told by both ends; merges, looks, what was erased or is nobody's to read as the history tells them.
        if change.erased_at is not None or words.is_secret or change.kind == "relation":
            return history.lines(self.reader, [change])
        if isinstance(row, dict):
            of = words.sort(row)
            told = [(name, value) for name, value in row.items() if not self._skips(change.kind, name)]
            said = [
                (name, self.value(change.kind, name, v, of=of, currency=row.get("currency", ""))) for name, v in told
            ]
            lines = [(escape(self.label(change.kind, name)), text) for name, text in said if text]
            is_new = change.act == "create"
            return [history.Line(label, "" if is_new else text, text if is_new else "") for label, text in lines]
        if change.act != "update" or change.field.startswith("custom") or is_secret(change.field):
            return history.lines(self.reader, [change])
        if self._skips(change.kind, change.field) or self.actor.sees(change.kind, change.field) == HIDDEN:
            return []
        before, after = (self.value(change.kind, change.field, value) for value in (change.before, change.after))
        return [history.Line(escape(self.label(change.kind, change.field)), before, after)]

    def _skips(self, kind: str, name: str) -> bool:
        """Whether a column is not worth a line."""
        return history.words_of(kind).skips(name) or is_secret(name) or name in DERIVED


def _parents(statement: Statement) -> set[str]:
    """The columns by which a row hangs on another of the person's (the order of a line)."""
    return {path.partition("__")[0] for path in statement.customer.split() if "__" in path}


def _currency(row: Any) -> str:
    """In which currency a row's amounts are: its own, else that of what it hangs on."""
    statement = statement_of(type(row))
    holders = [row, *(getattr(row, name) for name in (_parents(statement) if statement is not None else ()))]
    return next((str(one.currency) for one in holders if getattr(one, "currency", "")), "")


def _is_said(column: Any, value: Any) -> bool:
    """Whether a value belongs into the name of a record: words, no days and no numbers."""
    return isinstance(value, str) and not isinstance(column, models.DateField)


def _is_text(column: Any) -> bool:
    """Whether a column holds words as they were written."""
    return column is None or not (column.choices or column.is_relation or isinstance(column, models.DateField))


def _without_zeros(value: Any) -> str:
    """A decimal number without the zeros behind it."""
    try:
        return f"{Decimal(str(value)).normalize():f}"
    except InvalidOperation:
        return str(value)

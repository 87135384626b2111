"""A backup whose rows may be given away: every table as its statement of personal data says."""

import json
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import UniqueConstraint

from guanxi.core import personal_data
from guanxi.core.backup.hooks import Columns
from guanxi.core.backup.scope import Table
from guanxi.core.pseudonyms import Pseudonyms

# Would tell what the masked rows were, or mean nothing beside them.
NEVER = {"core_job", "core_outboxevent", "core_eventdelivery", "core_backuprun"}
NEVER |= {"core_seal", "core_sealedchange", "core_sealedoperation"}


class MaskedCopy:
    """One masked copy: the same value becomes the same pseudonym all over it."""

    def __init__(self) -> None:
        """A key of its own, forgotten with the copy."""
        self.writer = Pseudonyms()
        self.models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
        self.gone = self._gone()

    def _gone(self) -> set[str]:
        """Tables that a copy goes without, and those whose rows cannot stand without them."""
        gone = NEVER | {name for name, model in self.models.items() if not _in_copies(model)}
        while more := {
            name
            for name, model in self.models.items()
            if name not in gone
            and any(
                one.is_relation and not one.null and one.related_model._meta.db_table in gone
                for one in model._meta.concrete_fields
                if one.related_model is not None
            )
        }:
            gone |= more
        return gone

    def holds(self, table: Table) -> bool:
        """Whether a copy holds the table."""
        return table.name in self.models and table.name not in self.gone

    def mask_of(self, table: Table) -> Callable[[Columns], Columns] | None:
        """What masks a chunk of a table."""
        model = self.models[table.name]
        statement = personal_data.statement_of(model)
        lost = {
            one.column
            for one in model._meta.concrete_fields
            if one.is_relation and one.related_model is not None and one.related_model._meta.db_table in self.gone
        }
        if statement is not None and not statement.is_personal and statement.mask is None and not lost:
            return None
        return _Mask(model, table, self.writer, lost)


def _in_copies(model: type[models.Model]) -> bool:
    """Whether copies hold a model's rows; without a statement only those that hold no text."""
    statement = personal_data.statement_of(model)
    if statement is None:
        return not list(personal_data.textual_fields(model))
    return statement.in_copies


class _Mask:
    """Masks the chunks of one table."""

    def __init__(self, model: type[models.Model], table: Table, writer: Pseudonyms, lost: set[str | None]) -> None:
        """Know the columns, and which of them must stay unique."""
        self.model, self.table, self.writer, self.lost = model, table, writer, lost
        by_column = {one.column: one for one in model._meta.concrete_fields}
        self.names = [by_column[column].name for column, _kind in table.columns]
        self.in_json = {by_column[column].name for column, kind in table.columns if kind == "json"}
        self.limits = {one.name: one.max_length for one in by_column.values() if one.max_length}
        self.uniques = [(names, set()) for names in self._uniques()]  # type: ignore[var-annotated]

    def _uniques(self) -> list[tuple[str, ...]]:
        """The sets of columns that must differ between rows, where masking touches one of them."""
        meta = self.model._meta
        found: list[tuple[str, ...]] = [
            (one.name,) for one in meta.concrete_fields if one.unique and not one.primary_key
        ]
        found += [tuple(one) for one in meta.unique_together]
        found += [tuple(one.fields) for one in meta.constraints if isinstance(one, UniqueConstraint) and one.fields]
        statement = personal_data.statement_of(self.model)
        held = {name for one in statement.held for name in one.fields} if statement else set()
        return [names for names in found if held & set(names)]

    def __call__(self, columns: Columns) -> Columns:
        """The columns of a chunk, masked; rows that a copy goes without are gone."""
        masked = [row for values in zip(*columns, strict=True) if (row := self._row(values)) is not None]
        return [list(column) for column in zip(*masked, strict=True)] if masked else [[] for _name in self.names]

    def _row(self, values: tuple[Any, ...]) -> list[Any] | None:
        """One row, masked."""
        row = dict(zip(self.names, values, strict=True))
        for name in self.in_json:
            if row[name] is not None:
                row[name] = json.loads(row[name])
        masked = personal_data.masked_row(self.model, row, self.writer)
        if masked is None:
            return None
        for name in self.in_json:
            if row[name] is not None or masked[name] is not None:
                masked[name] = _as_text(masked[name])
        self._keep_unique(masked)
        for name, limit in self.limits.items():
            if isinstance(masked.get(name), str):
                masked[name] = masked[name][:limit]
        return [
            None if column in self.lost else masked[name]
            for name, (column, _kind) in zip(self.names, self.table.columns, strict=True)
        ]

    def _keep_unique(self, row: dict[str, Any]) -> None:
        """Two values may get one pseudonym; where rows must differ the later one gets a number behind."""
        for names, seen in self.uniques:
            key = tuple(row[name] for name in names)
            if None in key:
                continue
            text = next((name for name in reversed(names) if isinstance(row[name], str)), None)
            count, first = 1, row[text] if text else ""
            while hash(key) in seen and text is not None:
                count += 1
                limit = self.limits.get(text, 1000) - len(str(count))
                row[text] = f"{first[:limit]}{count}"
                key = tuple(row[name] for name in names)
            seen.add(hash(key))


def _as_text(value: Any) -> str:
    """A JSON value as backups hold it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)

"""Settles for one file which column fills which field, and says what is missing."""

from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.core.money import reporting_currency
from guanxi.core.sentences import gettext as _
from guanxi.importing.mapping.definition import MappingDefinition
from guanxi.importing.mapping.guess import SAMPLE_ROWS, guess_columns
from guanxi.importing.mapping.signs import currency_of
from guanxi.importing.mapping.store import shipped_mappings
from guanxi.importing.readers import Table
from guanxi.importing.sight import open_fields, refuse_unseen
from guanxi.importing.targets import Field, ImportTarget

NAMES_SHOWN = 12


@dataclass(frozen=True)
class ResolvedMapping:
    """Columns by field as indexes into the file, and what was said or found about reading it."""

    columns: dict[str, int]
    names: dict[str, str]
    definition: MappingDefinition
    is_guess: bool = False
    guessed: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """What the import's record keeps."""
        return {**self.definition.as_json(), "columns": self.names, "is_guess": self.is_guess}


def resolve(
    target: ImportTarget,
    table: Table,
    *,
    definition: MappingDefinition | None = None,
    given: MappingType[str, str] | None = None,
    must_be_complete: bool = True,
    actor: Actor | None = None,
) -> ResolvedMapping:
    """The columns of this file: as a mapping says, as given one by one, else guessed; InvalidInput when some lack.

    An actor's columns fill only fields that they see in full.
    """
    every = list(target.fields())
    fields = open_fields(every, actor)
    by_key = {entry.key: entry for entry in fields}
    said = dict(definition.columns) if definition else {}
    said |= given or {}
    refuse_unseen(every, said, actor)
    unknown = [key for key in said if key not in by_key]
    if unknown:
        raise InvalidInput(
            _("There is no field “%(field)s”; the fields are: %(fields)s.")
            % {"field": unknown[0], "fields": ", ".join([*(f.key for f in fields if not f.group), *target.patterns])}
        )
    columns = {key: find_column(name, table.columns) for key, name in said.items()}
    guessed: list[str] = []
    if definition is None:
        guesses = guess_columns(target, table.columns, table.sample(SAMPLE_ROWS), fields)
        guesses = {key: place for key, place in guesses.items() if key in by_key}
        if not said:
            columns = guesses
        else:
            columns |= _needed_guesses(target, by_key, columns, guesses)
        guessed = [key for key in columns if key not in said]
        definition = _recognised(target, table.columns, columns) or MappingDefinition(target.key, {})
        definition = MappingDefinition(
            target.key,
            {},
            currency=_shown_currency(target, table, columns),
            date_order=definition.date_order,
            options=definition.options,
        )
    if must_be_complete:
        _check_complete(target, fields, columns, table.columns)
    names = {key: table.columns[index] for key, index in columns.items()}
    return ResolvedMapping(columns, names, definition, is_guess=bool(guessed), guessed=guessed)


def _shown_currency(target: ImportTarget, table: Table, columns: dict[str, int]) -> str:
    """The currency whose sign the amounts carry, if they carry one."""
    places = [columns[key] for group in target.one_of for key in group if key in columns] if target.has_money else []
    sample = table.sample(SAMPLE_ROWS)
    cells = [cell for place in places for cell in (sample.columns[place] if len(sample) else ())]
    return currency_of(cells, own=reporting_currency())


def find_column(name: str, columns: Sequence[str]) -> int:
    """The index of a column by its name: exactly, else without regard to case and blanks."""
    if name in columns:
        return columns.index(name)
    loose = [" ".join(column.split()).casefold() for column in columns]
    wanted = " ".join(name.split()).casefold()
    if wanted in loose:
        return loose.index(wanted)
    raise InvalidInput(
        _("The file has no column “%(name)s”; it has %(columns)s.") % {"name": name[:60], "columns": listed(columns)},
        column=name,
    )


def listed(columns: Sequence[str]) -> str:
    """Column names for a sentence, not more than fit into one."""
    shown = ", ".join(f"“{name[:30]}”" for name in columns[:NAMES_SHOWN])
    more = len(columns) - NAMES_SHOWN
    return shown if more <= 0 else _("%(names)s and %(count)d more") % {"names": shown, "count": more}


def _needed_guesses(
    target: ImportTarget, fields: dict[str, Field], columns: dict[str, int], guesses: dict[str, int]
) -> dict[str, int]:
    """When some columns were given, only what cannot be done without is guessed."""
    wanted = [key for key, entry in fields.items() if entry.is_required and key not in columns]
    for group in target.one_of:
        if not any(key in columns for key in group):
            wanted += [key for key in group if key in guesses]
    return {key: guesses[key] for key in wanted if key in guesses and guesses[key] not in columns.values()}


def _recognised(target: ImportTarget, names: Sequence[str], columns: dict[str, int]) -> MappingDefinition | None:
    """The shipped mapping whose columns the file has and which the guess agrees with."""
    found = {key: names[index] for key, index in columns.items()}
    for mapping in shipped_mappings(target.key):
        if mapping.columns == found:
            return mapping
    return None


def _check_complete(
    target: ImportTarget, fields: Sequence[Field], columns: dict[str, int], names: Sequence[str]
) -> None:
    """Every field that cannot be missing has a column."""
    missing = [entry.key for entry in fields if entry.is_required and entry.key not in columns]
    missing += [" / ".join(group) for group in target.one_of if not any(key in columns for key in group)]
    if missing:
        raise InvalidInput(
            _("No column was found for: %(fields)s. The file has %(columns)s. Name them with --map field=column.")
            % {"fields": ", ".join(missing), "columns": listed(names)}
        )

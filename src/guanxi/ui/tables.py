"""What a list shows: its columns, how they sort, what stands in the footer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Aggregate, QuerySet
from django.db.models.expressions import BaseExpression
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.core import custom_fields, masking
from guanxi.core.actor import HIDDEN, MASKED, SHOWN, Actor
from guanxi.core.custom_values import custom_value
from guanxi.core.models import CustomField
from guanxi.ui import cells
from guanxi.ui.keyset import SortKey

SUM = _("Sum")
Choices = Sequence[tuple[Any, str | Promise]]


@dataclass(frozen=True)
class Column:
    """One column of a list."""

    key: str
    label: str | Promise
    fields: tuple[str, ...]
    cell: cells.Cell
    sort: str | BaseExpression | None = None
    nullable: bool = False
    # What the index of the sort goes on with: the number of the row, as the table sorted by holds it.
    tie: str = "id"
    align: str = "start"
    group: bool = False
    choices: Choices | Callable[[Actor], Choices] | None = None
    edit: str | None = None
    fixed: bool = False
    hidden: bool = False
    value: Callable[[cells.Row], Any] | None = None
    permission: tuple[str, str] | None = None
    # The guarded field (kind, field) it shows; `mask` writes its values for roles that see it masked.
    guard: tuple[str, str] | None = None
    mask: Callable[[str], str] | None = None
    # How a file that is to be masked writes a column that roles see in full (names, free texts).
    file_mask: Callable[[str], str] | None = None
    definition: str | Promise = ""
    width: str = ""
    # The field of a row that holds the currency of this column's amounts; a file names it beside them.
    currency: str = ""
    # What the column draws from sub-queries: named expressions, made only when the column is shown.
    annotations: Callable[[], Mapping[str, BaseExpression]] | None = None

    def sort_keys(self, is_descending: bool) -> list[SortKey]:
        """The order of rows by this column."""
        if self.sort is None:
            return []
        if isinstance(self.sort, str):
            return [SortKey(self.sort, is_descending, self.nullable)]
        return [SortKey(f"sort_{self.key}", is_descending, self.nullable, self.sort)]

    def choices_for(self, actor: Actor) -> Choices:
        """The choices, where this column has them."""
        return self.choices(actor) if callable(self.choices) else (self.choices or ())

    def plain(self, row: cells.Row) -> Any:
        """The value without markup, for export and grouping."""
        if self.value is not None:
            return self.value(row)
        found = row.get(self.fields[0]) if self.fields else None
        if self.choices and not callable(self.choices) and isinstance(found, str):
            return str(dict(self.choices).get(found, found))
        return found


@dataclass(frozen=True)
class Sum:
    """A figure under a column: an aggregate over all rows that match."""

    column: str
    aggregate: Aggregate
    render: Callable[[Any, cells.Context], str]
    label: str | Promise = SUM


@dataclass(frozen=True)
class Table:
    """The columns of a list, its first order and its footer."""

    columns: Sequence[Column]
    default_sort: str = ""
    sums: Sequence[Sum] = ()
    extra_fields: tuple[str, ...] = ()
    by_key: dict[str, Column] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Index the columns by key."""
        self.by_key.update({column.key: column for column in self.columns})


def annotated(queryset: QuerySet[Any], columns: Iterable[Column]) -> QuerySet[Any]:
    """The rows with what the columns draw from sub-queries."""
    for column in columns:
        if column.annotations is not None:
            queryset = queryset.annotate(**column.annotations())
    return queryset


def open_to(columns: Iterable[Column], actor: Actor) -> list[Column]:
    """The columns that the actor may see; by one that is masked they neither sort nor group nor change."""
    found = [c for c in columns if c.permission is None or actor.scope(*c.permission) is not None]
    if not actor.fields:
        return found
    return [
        replace(c, sort=None, group=False, edit=None, value=_masked(c)) if c.guard and _how(c, actor) == MASKED else c
        for c in found
        if c.guard is None or _how(c, actor) != HIDDEN
    ]


def _how(column: Column, actor: Actor) -> str:
    """How an actor sees a guarded column."""
    return actor.sees(*column.guard) if column.guard else SHOWN


def for_masked_file(columns: Iterable[Column]) -> list[Column]:
    """The columns as a file that is to be masked has them, whoever asks for it."""
    found = []
    for column in columns:
        if column.guard:
            found.append(replace(column, value=_masked(column)))
        elif column.file_mask:
            found.append(replace(column, value=_masked(column, column.file_mask)))
        else:
            found.append(column)
    return found


def _masked(column: Column, mask: Callable[[str], str] | None = None) -> Callable[[cells.Row], Any]:
    """What a masked column gives to files."""
    write = mask or column.mask

    def value(row: cells.Row) -> str:
        """The value in its masked form."""
        plain = str(column.plain(row) or "")
        return (write(plain) if write else masking.DOTS) if plain else ""

    return value


def custom_columns(definitions: Iterable[CustomField]) -> list[Column]:
    """A column for each custom field, hidden until chosen."""
    return [_custom_column(definition) for definition in definitions]


def _custom_column(definition: CustomField) -> Column:
    """The column of one custom field."""
    key, kind = definition.key, str(definition.type)
    labels = {str(choice): str(choice) for choice in definition.choices}
    is_number = kind in {"number", "money"}

    def plain(row: cells.Row) -> str:
        return custom_fields.display(definition, (row.get("custom") or {}).get(key))

    guard, drawn = (str(definition.kind), masking.OWN + key), cells.custom(key, kind, labels)

    def cell(row: cells.Row, context: cells.Context) -> str:
        """The value, or that there is one, for whom it is masked."""
        if context.actor is None or context.actor.sees(*guard) == SHOWN:
            return drawn(row, context)
        return masking.DOTS if plain(row) else cells.NOTHING

    return Column(
        key=f"custom_{key}",
        label=definition.label,
        fields=("custom",),
        cell=cell,
        guard=guard,
        sort=custom_value(definition) if definition.is_filterable else None,
        nullable=True,
        align="end" if is_number else "start",
        edit=f"custom_{key}",
        hidden=True,
        value=plain,
        choices=tuple(labels.items()) if kind == "choice" else None,
        file_mask=masking.words if kind in {"text", "link"} else None,
    )

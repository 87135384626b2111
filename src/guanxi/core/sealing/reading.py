"""Reading the journal and its digests side by side, in pages by number, in memory that does not grow."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from guanxi.core.models import Change, Operation
from guanxi.core.models.seals import SealedChange, SealedOperation
from guanxi.core.sealing.digests import PARTS

PAGE = 5000
Journal = type[Operation] | type[Change]
SEALED: dict[Journal, type[models.Model]] = {Operation: SealedOperation, Change: SealedChange}
SEALED_COLUMNS = ("row_id", "salt", "values_digest", "digest")
COLUMNS: dict[Journal, tuple[str, ...]] = {Operation: (*SEALED_COLUMNS, "change_count"), Change: SEALED_COLUMNS}


@dataclass(frozen=True)
class Sealed:
    """What was sealed of a row."""

    id: int
    salt: bytes | None
    values_digest: bytes
    digest: bytes
    # Of an operation of which no more was to come.
    change_count: int | None = None


@dataclass(frozen=True)
class Standing:
    """A row of the journal as it stands."""

    id: int
    names: tuple[Any, ...]
    values: tuple[Any, ...]
    erased_at: Any
    undone_at: Any = None


class Stream:
    """The rows of one table by number, of which some can be taken at a time."""

    def __init__(self, pages: Iterator[Any]) -> None:
        """Nothing is read yet."""
        self.rows = pages
        self.held: Any = None
        self.is_over = False

    def through(self, last: int) -> Iterator[Any]:
        """The rows up to a number that were not taken yet."""
        while not self.is_over:
            row = self.held if self.held is not None else next(self.rows, None)
            if row is None:
                self.is_over = True
            elif row.id > last:
                self.held = row
                return
            else:
                self.held = None
                yield row


def standing(model: Journal, up_to: int) -> Iterator[Standing]:
    """All rows of the journal up to a number."""
    columns = _columns(model)
    for row in _paged(model, "pk", columns, up_to):
        yield _standing(model, row)


def sealed(model: Journal, up_to: int) -> Iterator[Sealed]:
    """All digests up to a number."""
    for row in _paged(SEALED[model], "row_id", COLUMNS[model], up_to):
        yield _sealed(row)


def one(model: Journal, number: int) -> tuple[Standing | None, Sealed | None]:
    """One row and its digest, read again."""
    row = model._default_manager.filter(pk=number).values_list(*_columns(model)).first()
    kept = SEALED[model]._default_manager.filter(pk=number).values_list(*COLUMNS[model]).first()
    return _standing(model, row) if row else None, _sealed(kept) if kept else None


def _paged(model: type[models.Model], key: str, columns: tuple[str, ...], up_to: int) -> Iterator[tuple[Any, ...]]:
    """Rows in the order of their numbers, a page to a query."""
    above = -(2**63)
    while True:
        found = model._default_manager.filter(**{f"{key}__gt": above, f"{key}__lte": up_to}).order_by(key)
        page = list(found.values_list(*columns)[:PAGE])
        yield from page
        if len(page) < PAGE:
            return
        above = page[-1][0]


def _columns(model: Journal) -> tuple[str, ...]:
    """What is read of a row of the journal."""
    names, values = PARTS[model]
    return (*names, *values, "erased_at", *(("undone_at",) if model is Operation else ()))


def _standing(model: Journal, row: tuple[Any, ...]) -> Standing:
    """A row of the journal."""
    names, values = PARTS[model]
    count = len(names)
    return Standing(row[0], row[:count], row[count : count + len(values)], *row[count + len(values) :])


def _sealed(row: tuple[Any, ...]) -> Sealed:
    """A digest."""
    return Sealed(row[0], None if row[1] is None else bytes(row[1]), bytes(row[2] or b""), bytes(row[3]), *row[4:])

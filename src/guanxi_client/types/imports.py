"""What is sent and given: imports. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict


class ColumnsInput(TypedDict):
    """Which column holds what, or the name of a saved mapping; and how the file is read."""

    columns: NotRequired[dict[str, str]]
    currency: NotRequired[str]
    date_order: NotRequired[str]
    mapping: NotRequired[str]
    source: NotRequired[str]
    timezone: NotRequired[str]


class ErasedRowsData(TypedDict):
    """Rows that name people who were erased, and what became of them."""

    choice: str | None
    count: int
    reason: str
    rows: list[int]


class ImportCommit(TypedDict):
    """What becomes of rows that name people who were erased."""

    take_erased: NotRequired[str | None]


class ImportData(TypedDict):
    """One import: what was read, stored and refused, and what it created."""

    asked: str | None
    by: str
    columns: dict[str, Any]
    committed_at: str | None
    created_at: str
    currency: str
    erased: NotRequired[ErasedRowsData | None]
    error: str | None
    file: str
    import_id: str
    mapping: str | None
    progress: dict[str, int]
    rows_read: int
    rows_refused: int
    rows_stored: int
    source: str
    state: str
    target: str
    timezone: str
    undone_at: str | None
    undone_by: str | None


class ImportItems(TypedDict):
    """A page of imports, the newest first; `next` goes on after it."""

    items: list[ImportData]
    next: str | None


class ImportUndo(TypedDict):
    """What becomes of records that were changed since the import."""

    rest: NotRequired[bool]


class RefusedPage(TypedDict):
    """Refused rows in the order of the file."""

    items: list[RefusedRow]
    next: str | None


class RefusedRow(TypedDict):
    """One row that was refused: its number in the file, the column at fault, and why."""

    column: str | None
    reason: str
    row: int

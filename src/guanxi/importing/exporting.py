"""Whole kinds of record as a file: what `guanxi export` writes; each module registers its own."""

import csv
import gzip
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guanxi.core import access, clock, masking
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.core.registry import Registry
from guanxi.importing.neutral import neutral_cell
from guanxi.ui.services import note_export

CHUNK = 5_000
MOST_SHEET_ROWS = 1_048_575
LONGEST_CELL = 32_000


@dataclass(frozen=True)
class Export:
    """One kind of record: its columns, named as the import names its fields, and its rows as far as an actor sees."""

    key: str
    label: Promise | str
    kind: str
    columns: Callable[[], Sequence[str]]
    rows: Callable[[Actor], Iterator[Sequence[Any]]]


exports: Registry[Export] = Registry("exports")


def export_to(path: Path, *, actor: Actor, key: str, is_masked: bool = False) -> int:
    """Write everything of a kind to a file whose form follows from its name, in full or masked; the number of rows."""
    export = exports.get(key)
    if export is None:
        raise NotFound(
            _("“%(key)s” cannot be exported; there are: %(keys)s.") % {"key": key, "keys": ", ".join(exports.keys())}
        )
    access.require(actor, export.kind, "export")
    write = _FORMS.get(_form(path))
    if write is None:
        raise InvalidInput(_("The file must end in .csv, .csv.gz, .xlsx or .parquet."))
    seen_by = masking.for_masked_file(actor) if is_masked else actor
    part = path.with_name(f".{path.name}.part")
    try:
        count = write(part, list(export.columns()), export.rows(seen_by))
        note_export(actor=actor, what=key, is_masked=is_masked)
        part.replace(path)
    except OSError as error:
        # Named as the caller knows it.
        error.filename = str(path)
        raise
    finally:
        part.unlink(missing_ok=True)
    return count


def _form(path: Path) -> str:
    """The ending that decides."""
    name = path.name.lower()
    return next((ending for ending in _FORMS if name.endswith(ending)), "")


def _text(value: Any) -> Any:
    """A value as a text file shows it."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return neutral_cell(value)


def _write_csv(path: Path, columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> int:
    """UTF-8 with a mark, so that spreadsheets read it right."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        return _write_lines(file, columns, rows)


def _write_packed_csv(path: Path, columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> int:
    """The same, compressed."""
    with gzip.open(path, "wb") as packed, io.TextIOWrapper(packed, encoding="utf-8-sig", newline="") as file:
        return _write_lines(file, columns, rows)


def _write_lines(file: Any, columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> int:
    """Header and rows."""
    writer = csv.writer(file)
    writer.writerow([neutral_cell(column) for column in columns])
    count = 0
    for row in rows:
        writer.writerow(["" if value is None else _text(value) for value in row])
        count += 1
    return count


def _write_sheet(path: Path, columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> int:
    """A workbook in which text is marked as text, so that nothing is taken for a formula."""
    from openpyxl import Workbook  # takes long to load, and most processes never need it

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Guanxi")
    sheet.append([_sheet_cell(sheet, column) for column in columns])
    count = 0
    for row in rows:
        if count >= MOST_SHEET_ROWS:
            raise InvalidInput(_("A sheet holds at most 1,048,576 rows; choose .csv or .parquet."))
        sheet.append([_sheet_cell(sheet, value) for value in row])
        count += 1
    book.save(path)
    return count


def _sheet_cell(sheet: Any, value: Any) -> Any:
    """A value as a workbook takes it: times by the clock of the company, amounts with all their digits."""
    from openpyxl.cell import WriteOnlyCell  # takes long to load, and most processes never need it

    if isinstance(value, datetime):
        return value.astimezone(clock.company_zone()).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, Decimal):
        cell = WriteOnlyCell(sheet, value=value)
        places = _places(value)
        cell.number_format = "0." + "0" * places if places else "0"
        return cell
    if value is None or isinstance(value, int | float | date):
        return value
    text = "".join(character for character in str(value) if character >= " " or character in "\n\t")
    cell = WriteOnlyCell(sheet, value=text[:LONGEST_CELL])
    cell.data_type = "s"
    return cell


def _places(number: Decimal) -> int:
    """How many decimals a number is written with."""
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _write_parquet(path: Path, columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> int:
    """Columns of text, so that ids stay what they are; whole numbers and dates keep their types."""
    import pyarrow as pa  # takes long to load, and most processes never need it
    import pyarrow.parquet as pq

    writer: pq.ParquetWriter | None = None
    schema: pa.Schema | None = None
    count = 0
    try:
        while True:
            chunk = list(islice(rows, CHUNK))
            if not chunk and writer is not None:
                return count
            arrays = [pa.array([_plain(row[place]) for row in chunk], pa.string()) for place in range(len(columns))]
            schema = schema or pa.schema([(name, pa.string()) for name in columns])
            writer = writer or pq.ParquetWriter(path, schema)
            writer.write_table(pa.table(arrays, schema=schema))
            count += len(chunk)
    finally:
        if writer is not None:
            writer.close()


def _plain(value: Any) -> str | None:
    """A value as text, as it is: no program runs formulas out of a Parquet file."""
    if value is None or isinstance(value, str):
        return value
    text = _text(value)
    return text if isinstance(text, str) else str(text)


_FORMS = {
    ".csv.gz": _write_packed_csv,
    ".csv": _write_csv,
    ".xlsx": _write_sheet,
    ".parquet": _write_parquet,
}

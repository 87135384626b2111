"""What a file is and the table in it, as Arrow columns."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from guanxi.core.sentences import gettext as _
from guanxi.importing.parsing.cells import UnusableCell
from guanxi.importing.parsing.dates import DateEvidence, wall_time
from guanxi.importing.parsing.numbers import NOTHING, Unsure
from guanxi.importing.readers import Table, UnreadableFile, open_table
from guanxi.importing.readers.delimited import DelimitedTable
from guanxi.importing.readers.encodings import find_encoding
from guanxi.importing.readers.opening import GZIP, PARQUET, head_of, unpacked
from guanxi.importing.readers.table import column_names, empty_file

NUMBER = re.compile(r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?")
MOMENT = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2} +\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?")
SAMPLE = 200
LARGE = 1 << 26
ABSENT = sorted(
    {form for word in NOTHING for form in (word, word.upper(), word.capitalize())} | {"NaN", "N/A", "n/a", "<NA>"}
)


@dataclass
class Content:
    """What was found in a file: a table, or a list on every line."""

    table: pa.Table | None = None
    has_header: bool = True
    lists: list[list[str]] | None = None


def read_file(path: Path, scratch: Path) -> Content:
    """The content of a file; `scratch` is a folder for what must be unpacked."""
    head = head_of(path)
    if not head.strip():
        raise empty_file()
    if head.startswith(GZIP):
        return read_file(unpacked(path, scratch), scratch)
    if head.startswith(PARQUET):
        return Content(_parquet(path))
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        return _json(path)
    table = open_table(path, scratch=scratch)
    if isinstance(table, DelimitedTable):
        return _text(path, table)
    return _rows(table)


def _parquet(path: Path) -> pa.Table:
    """A Parquet file."""
    try:
        table = pq.read_table(path, use_threads=path.stat().st_size > LARGE)
    except (pa.ArrowInvalid, OSError):
        raise UnreadableFile(_("The Parquet file is damaged or only half written.")) from None
    plain = []
    for column in table.columns:
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_decimal(column.type):
            column = column.cast(pa.float64())
        plain.append(column)
    return pa.table(plain, names=table.column_names)


def _json(path: Path) -> Content:
    """JSON lines: an object or a list on each, or one array of objects."""
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    found: list[Any] = []
    for number, line in enumerate(data.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(orjson.loads(line))
        except orjson.JSONDecodeError as error:
            if number == 1 or not found:
                found = _whole(data, error)
                break
            raise UnreadableFile(
                _("Line %(number)d is not JSON: %(why)s.") % {"number": number, "why": error}
            ) from None
    if len(found) == 1 and isinstance(found[0], list) and found[0] and isinstance(found[0][0], dict | list):
        found = found[0]
    if all(isinstance(entry, list) for entry in found):
        for number, entry in enumerate(found, start=1):
            if any(isinstance(item, dict | list) for item in entry):
                raise UnreadableFile(
                    _("List %(number)d holds another list or an object, not items.") % {"number": number}
                )
        return Content(lists=[[str(item) for item in entry if item is not None] for entry in found])
    for number, entry in enumerate(found, start=1):
        if not isinstance(entry, dict):
            raise UnreadableFile(_("Line %(number)d is no JSON object like the others.") % {"number": number})
    names = list(dict.fromkeys(name for entry in found for name in entry))
    return Content(_columns(names, ([entry.get(name) for name in names] for entry in found)))


def _whole(data: bytes, error: Exception) -> list[Any]:
    """One JSON array over many lines."""
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise UnreadableFile(_("Line %(number)d is not JSON: %(why)s.") % {"number": 1, "why": error}) from None
    return found if isinstance(found, list) else [found]


def _text(path: Path, table: DelimitedTable) -> Content:
    """A delimited text, or one whose columns stand apart by blanks."""
    encoding = find_encoding(path)
    if not encoding.is_whole:
        return _rows(table)
    text = path.read_bytes()
    if encoding.name not in ("utf-8", "utf-8-sig"):
        text = text.decode(encoding.name).encode()
    text = text.removeprefix(b"\xef\xbb\xbf")
    if b"\r" in text and b"\n" not in text:
        text = text.replace(b"\r", b"\n")
    if text[:4].lower() == b"sep=":
        text = text.partition(b"\n")[2]
    delimiter = table.delimiter
    if len(table.columns) < 2 or _is_apart_by_blanks(text, delimiter):
        wide = _is_apart_by_blanks(text, delimiter)
        if wide:
            text, delimiter = re.sub(rb"[ \t]+", b" ", re.sub(rb"(?m)^[ \t]+|[ \t]+(?=\r?$)", b"", text)), " "
    first = _records(text, delimiter, 2)
    has_header = not all(_is_value(cell) for cell in first[0] if cell.strip()) or not any(first[0])
    names = list(first[0]) if has_header else [str(place + 1) for place in range(len(first[0]))]
    if has_header and len(first) > 1 and len(first[1]) == len(names) + 1 and delimiter == " ":
        names = ["row", *names]  # R writes the names of the rows without a name of their own
    found = _delimited(text, delimiter, column_names(names), has_header, table)
    if not found.num_rows:
        raise UnreadableFile(_("The file has a header but no rows."))
    return Content(found, has_header)


def _records(text: bytes, delimiter: str, count: int) -> list[list[str]]:
    """The first records of a text that hold anything."""
    lines = io.StringIO(text[: 1 << 20].decode(errors="replace"))
    found = []
    for record in csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter == " "):
        if any(cell.strip() for cell in record):
            found.append([cell.strip() for cell in record])
        if len(found) >= count:
            break
    return found


def _is_apart_by_blanks(text: bytes, delimiter: str) -> bool:
    """Whether the lines fall into equally many words, and into none by the delimiter."""
    lines = [line for line in text[: 1 << 16].decode(errors="replace").splitlines()[:SAMPLE] if line.strip()]
    if len(lines) > 1 and len(text) > 1 << 16:
        lines.pop()
    if any(delimiter in line.strip() for line in lines):
        return False
    if all(MOMENT.fullmatch(line.strip()) for line in lines[1:]):
        return False  # one column of moments, whose time stands apart from its day
    widths = [len(row) for row in csv.reader((" ".join(line.split()) for line in lines), delimiter=" ")]
    most = max(widths)
    # R leaves the name out above the names of the rows.
    return most > 1 and (set(widths) == {most} or (widths[0] == most - 1 and set(widths[1:]) == {most}))


def _is_value(cell: str) -> bool:
    """Whether a cell is a number or a date, and so no name of a column."""
    if NUMBER.fullmatch(cell.strip()) or cell.strip().lower() in NOTHING:
        return True
    try:
        return wall_time(cell, DateEvidence()) is not None
    except Unsure:
        return True
    except UnusableCell:
        return False


def _delimited(text: bytes, delimiter: str, names: list[str], has_header: bool, table: DelimitedTable) -> pa.Table:
    """The text as columns of text: what a column is asked for decides what becomes of it, and 007 stays 007."""
    try:
        return pa_csv.read_csv(
            # Not a file of Python's, and no threads for what is small: one that still runs when the program ends ends it
            # badly.
            pa.BufferReader(text),
            read_options=pa_csv.ReadOptions(
                column_names=names, skip_rows=_blank_lines(text) + int(has_header), use_threads=len(text) > LARGE
            ),
            parse_options=pa_csv.ParseOptions(delimiter=delimiter, newlines_in_values=b'"' in text),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=ABSENT,
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid:
        # Rows of several widths, stray quotation marks: the patient reader says what is wrong, or reads on.
        return _rows(table).table


def _blank_lines(text: bytes) -> int:
    """How many empty lines stand before the first."""
    return len(re.match(rb"(?:[ \t]*\r?\n)*", text)[0].splitlines())  # type: ignore[index]


def _rows(table: Table) -> Content:
    """A workbook, or a text that only the patient reader takes apart."""

    def rows() -> Iterable[list[Any]]:
        """All rows; one that is broken ends it, for a measure of half a file is worth nothing."""
        for batch in table.batches():
            for place, why in batch.broken.items():
                raise UnreadableFile(_("Row %(number)d: %(why)s") % {"number": batch.numbers[place], "why": why})
            for place in range(len(batch)):
                yield batch.cells(place)

    return Content(_columns(table.columns, rows()))


def _columns(names: list[str], rows: Iterable[list[Any]]) -> pa.Table:
    """Cells of any kind as columns of one kind each; a column of several kinds becomes text."""
    columns: list[list[Any]] = [[] for _name in names]
    for row in rows:
        for column, cell in zip(columns, row, strict=True):
            column.append(None if isinstance(cell, str) and cell.strip().lower() in NOTHING else cell)
    if not columns or not columns[0]:
        raise UnreadableFile(_("The file has a header but no rows."))
    return pa.table([_typed(column) for column in columns], names=names)


def _typed(cells: list[Any]) -> pa.Array:
    """Cells as an Arrow array."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {int} and all(cell is None or abs(cell) < 2**63 for cell in cells):
        return pa.array(cells, pa.int64())
    if kinds and kinds <= {int, float} and all(cell is None or abs(cell) < 2**53 or cell != cell for cell in cells):
        return pa.array([None if cell is None or cell != cell else float(cell) for cell in cells], pa.float64())
    try:
        if len(kinds) == 1 and not kinds & {dict, list, time}:
            return pa.array(cells)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        pass
    return pa.array([None if cell is None else _as_text(cell) for cell in cells], pa.string())


def _as_text(cell: Any) -> str:
    """One cell as text; what is nested as JSON."""
    return orjson.dumps(cell).decode() if isinstance(cell, dict | list) else str(cell)

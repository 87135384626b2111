"""Text files of delimited values: comma, semicolon, tab or bar, any quoting, any of the usual encodings."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from guanxi.core.sentences import gettext as _
from guanxi.importing.readers.encodings import BROKEN, decoded_lines, find_encoding
from guanxi.importing.readers.table import Batch, Table, UnreadableFile, empty_file, is_blank

DELIMITERS = ",;\t|"
SAMPLE_LINES = 200
# A quotation mark that is opened and not closed within this much text is a stray one.
LONGEST_RECORD_LINES = 2000
LONGEST_RECORD = 4 << 20
csv.field_size_limit(LONGEST_RECORD * 2)


class DelimitedTable(Table):
    """One delimited text file."""

    format = "csv"
    is_neutralised = True

    def __init__(self, path: Path) -> None:
        """Find encoding, delimiter and header."""
        self.path = path
        self.size = path.stat().st_size
        self.encoding = find_encoding(path)
        self._refuse_binary()
        self.delimiter = self._find_delimiter()
        self._position = 0
        self._header_row = 0
        for number, row, _reason in self._records():
            if not is_blank(row):
                self._header_row = number
                break
        else:
            raise empty_file()
        while row and not row[-1].strip():
            row.pop()
        super().__init__([BROKEN.sub("?", name) for name in row])
        if self.encoding.is_mixed:
            self.notes.append(_("The file mixes encodings; each line was read by itself."))

    def _refuse_binary(self) -> None:
        """A file full of zero bytes is no text."""
        if self.encoding.name.startswith(("utf-16", "utf-32")):
            return
        with self.path.open("rb") as file:
            head = file.read(8192)
        control = sum(byte < 9 or 13 < byte < 32 for byte in head)
        if control > 0.3 * len(head):
            raise UnreadableFile(
                _("This is not a text file, and of no other kind that can be imported (CSV, XLSX, Parquet).")
            )

    def _lines(self) -> Iterator[str]:
        """Physical lines with their ends."""
        if self.encoding.is_whole:
            with self.path.open(encoding=self.encoding.name, newline=None if self._has_old_ends() else "") as file:
                yield from file
            return
        with self.path.open("rb") as file:
            lines: Iterable[bytes] = file
            if self._has_old_ends():
                lines = io.BytesIO(file.read().replace(b"\r", b"\n"))
            yield from decoded_lines(lines, self.encoding)

    def _has_old_ends(self) -> bool:
        """Whether lines end in a carriage return alone, as old Macintosh programs wrote them."""
        if not hasattr(self, "_old_ends"):
            with self.path.open("rb") as file:
                head = file.read(1 << 16)
            self._old_ends = b"\r" in head and b"\n" not in head
        return self._old_ends

    def _find_delimiter(self) -> str:
        """The character that splits the first lines into the most even columns."""
        lines: list[str] = []
        for line in self._lines():
            if line.strip():
                lines.append(line[:20_000])
            if len(lines) >= SAMPLE_LINES:
                break
        if not lines:
            raise empty_file()
        if lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
            return lines[0].strip()[-1]
        return max(DELIMITERS, key=lambda mark: (_evenness(lines, mark), -DELIMITERS.index(mark)))

    def _records(self, width: int = 0) -> Iterator[tuple[int, list[str], str]]:
        """Record numbers as a spreadsheet counts them, cells, and why a record is broken (or nothing)."""
        source = _RecordLines(self._lines())
        reader = csv.reader(source, delimiter=self.delimiter)
        number = 0
        while True:
            source.start()
            number += 1
            reason = ""
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                reason = _("The row cannot be taken apart: %(why)s.") % {"why": error}
            if (len(source.seen) > 1 or source.is_over) and not reason and source.is_stray(row, self.delimiter, width):
                reason = _("A quotation mark is opened and never closed.")
            if reason:
                # Only the first line is given up; what the stray mark swallowed is read again as rows.
                row = [source.seen[0].rstrip("\r\n")]
                source.push_back(source.seen[1:])
                reader = csv.reader(source, delimiter=self.delimiter)
            else:
                self._position += source.characters
            yield number, row, reason

    def batches(self, size: int = 0) -> Iterator[Batch]:
        """All rows below the header."""
        size = size or self.batch_rows
        width = len(self.columns)
        self._position = 0
        numbers: list[int] = []
        rows: list[list[Any]] = []
        broken: dict[int, str] = {}
        check_text = self.encoding.is_mixed
        for number, row, reason in self._records(width):
            if number <= self._header_row or (not reason and is_blank(row)):
                continue
            if len(row) != width:
                reason = self._fit(row, width) or reason
            if reason:
                broken[len(rows)] = reason
            elif check_text and any(BROKEN.search(cell) for cell in row):
                broken[len(rows)] = _("The row holds bytes that are not text in the encoding of the file.")
            numbers.append(number)
            rows.append(row)
            if len(rows) >= size:
                self.progress = min(1.0, self._position / max(1, self.size))
                yield Batch(numbers, list(zip(*rows, strict=True)), broken)
                numbers, rows, broken = [], [], {}
        if rows:
            yield Batch(numbers, list(zip(*rows, strict=True)), broken)
        self.progress = 1.0

    def _fit(self, row: list[str], width: int) -> str:
        """Give a row the width of the header; the reason when it has more cells than that."""
        if len(row) < width:
            row.extend([""] * (width - len(row)))
            return ""
        count = len(row)
        spare = row[width:]
        del row[width:]
        if is_blank(spare):
            return ""
        # What is too much stays readable in the last cell of the refused row.
        row[-1] = self.delimiter.join([row[-1], *spare])
        return _("The row has %(count)d cells, the header %(width)d.") % {"count": count, "width": width}

    def about(self) -> dict[str, Any]:
        """Encoding and delimiter."""
        return {**super().about(), "encoding": self.encoding.name, "delimiter": self.delimiter}


class _RecordLines:
    """Feeds lines to the CSV reader and remembers those of the record in hand, so that a stray quote loses nothing."""

    def __init__(self, lines: Iterator[str]) -> None:
        """Take lines from here."""
        self._lines = lines
        self._waiting: list[str] = []
        self.seen: list[str] = []
        self.characters = 0
        self.is_over = False
        self._is_cut = False

    def __iter__(self) -> "_RecordLines":
        """It is its own iterator."""
        return self

    def __next__(self) -> str:
        """The next line; a record that grows without end is cut off."""
        if len(self.seen) >= LONGEST_RECORD_LINES or self.characters > LONGEST_RECORD:
            self._is_cut = True
            raise StopIteration
        line = self._waiting.pop() if self._waiting else next(self._lines, None)
        if line is None:
            self.is_over = True
            raise StopIteration
        self.seen.append(line)
        self.characters += len(line)
        return line

    def start(self) -> None:
        """A new record begins."""
        self.seen = []
        self.characters = 0
        self._is_cut = False

    def push_back(self, lines: list[str]) -> None:
        """Read these lines again next."""
        self._waiting.extend(reversed(lines))

    def is_stray(self, row: list[str], delimiter: str, width: int) -> bool:
        """Whether a record of several lines comes of a stray quotation mark, not of a line break in a cell."""
        if self._is_cut or (width and len(row) != width):
            return True
        try:
            list(csv.reader(self.seen, delimiter=delimiter, strict=True))
        except csv.Error:
            return True
        return False


def _evenness(lines: list[str], delimiter: str) -> tuple[float, int]:
    """How alike the rows are when split by a delimiter, and how many columns that makes."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return 0.0, 0
    if not widths or widths[0] < 2:
        return 0.0, 0
    return sum(width == widths[0] for width in widths) / len(widths), widths[0]

"""The XML inside an XLSX workbook, taken apart as it streams by."""

import os
import re
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, NoReturn
from xml.parsers import expat

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
# A cell holds at most 32,767 characters; a part that goes on and on was made to fill the machine.
LONGEST_TEXT = 1 << 20
KNOWN_STRINGS = 50_000
_DATE_IDS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_NO_DATE_PART = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_LETTERS = re.compile(r"[A-Z]{1,3}")
_DAY = timedelta(days=1)
_FROM_1900, _FROM_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - a sheet knows no zones
_LAST_SERIAL = 2_958_466


class Malformed(ValueError):
    """The XML is not that of a workbook."""


def _parser() -> expat.XMLParserType:
    """A parser that knows no entities of a document's own, so that nothing can be blown up with them."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_given: Any) -> NoReturn:
        """No workbook declares a document type."""
        raise Malformed("document type")

    parser.StartDoctypeDeclHandler = refuse
    return parser


def _local(name: str) -> str:
    """A name without its prefix."""
    return name.rsplit(":", 1)[-1]


def start_tags(blocks: Iterable[bytes]) -> Iterator[tuple[str, dict[str, str]]]:
    """The elements of a small part, as they begin."""
    parser = _parser()
    found: list[tuple[str, dict[str, str]]] = []
    parser.StartElementHandler = lambda name, values: found.append((_local(name), values))
    for block in blocks:
        parser.Parse(block, False)
        yield from found
        found.clear()
    parser.Parse(b"", True)


def date_styles(blocks: Iterable[bytes]) -> frozenset[str]:
    """The numbers of the cell styles that show a number as date or time."""
    written: dict[str, str] = {}
    found = set()
    count, is_inside = 0, False
    for tag, values in start_tags(blocks):
        if tag == "numFmt":
            written[values.get("numFmtId", "")] = values.get("formatCode", "")
        elif tag in {"cellXfs", "cellStyleXfs", "cellStyles", "dxfs"}:
            is_inside = tag == "cellXfs"
        elif tag == "xf" and is_inside:
            number = values.get("numFmtId", "0")
            if is_date_format(written[number]) if number in written else number.isdigit() and int(number) in _DATE_IDS:
                found.add(str(count))
            count += 1
    return frozenset(found)


def is_date_format(code: str) -> bool:
    """Whether a number format shows a date or a time."""
    bare = _NO_DATE_PART.sub("", code.split(";")[0])
    return any(letter in "dmyhs" for letter in bare.lower().replace("general", ""))


class SharedStrings:
    """The texts that cells refer to by number, in a file without a name; only where each begins is kept in memory."""

    def __init__(self, blocks: Iterable[bytes], scratch: Path) -> None:
        """Write all texts down."""
        self._file = tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115 - lives as long as this object
        self._starts = array("Q", [0])
        self._known: dict[int, str] = {}
        parser = _parser()
        parts: list[str] = []
        length = depth = 0
        is_text = False

        def start(name: str, _values: dict[str, str]) -> None:
            """A text begins, or the reading aid of one, which is left out."""
            nonlocal is_text, length, depth
            tag = _local(name)
            if tag == "si":
                parts.clear()
                length = 0
            elif tag == "rPh":
                depth += 1
            is_text = tag == "t" and not depth

        def characters(data: str) -> None:
            """A piece of a text."""
            nonlocal length
            if is_text:
                length += len(data)
                if length > LONGEST_TEXT:
                    raise Malformed("text")
                parts.append(data)

        def end(name: str) -> None:
            """A text is complete."""
            nonlocal is_text, depth
            tag = _local(name)
            is_text = False
            if tag == "rPh":
                depth -= 1
            elif tag == "si":
                written = self._file.write(unescaped("".join(parts)).encode("utf-8", "surrogatepass"))
                self._starts.append(self._starts[-1] + written)

        parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, characters, end
        for block in blocks:
            parser.Parse(block, False)
        parser.Parse(b"", True)
        self._file.flush()

    def __getitem__(self, number: int) -> str:
        """One text."""
        found = self._known.get(number)
        if found is None:
            if not 0 <= number < len(self._starts) - 1:
                raise Malformed("string number")
            begin, end = self._starts[number], self._starts[number + 1]
            found = os.pread(self._file.fileno(), end - begin, begin).decode("utf-8", "surrogatepass")
            if len(self._known) >= KNOWN_STRINGS:
                self._known.clear()
            self._known[number] = found
        return found


_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """A text with characters that XML cannot hold put back."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class SheetParser:
    """Rows out of the XML of a sheet, block by block."""

    def __init__(self, *, strings: SharedStrings | None, dates: frozenset[str], counts_from_1904: bool) -> None:
        """Begin before the first row."""
        self._strings = strings
        self._dates = dates
        self._origin = _FROM_1904 if counts_from_1904 else _FROM_1900
        self._tags: dict[str, str] = {}
        self._places: dict[str, int] = {}
        self._rows: list[tuple[int, list[Any]]] = []
        self._cells: list[Any] = []
        self._number = 0
        self._kind, self._style = "n", "0"
        self._place = -1
        self._parts: list[str] = []
        self._is_text = False
        self._length = self._aside = 0
        self._parser = _parser()
        self._parser.StartElementHandler = self._start
        self._parser.CharacterDataHandler = self._characters
        self._parser.EndElementHandler = self._end

    def feed(self, block: bytes) -> list[tuple[int, list[Any]]]:
        """The rows that are complete with this block."""
        self._parser.Parse(block, False)
        rows, self._rows = self._rows, []
        return rows

    def close(self) -> list[tuple[int, list[Any]]]:
        """The sheet is over."""
        self._parser.Parse(b"", True)
        return self._rows

    def _start(self, name: str, values: dict[str, str]) -> None:
        """A row, a cell or its content begins."""
        tag = self._tags.get(name)
        if tag is None:
            tag = self._tags[name] = _local(name)
        if tag == "c":
            self._kind, self._style = values.get("t", "n"), values.get("s", "0")
            self._place = self._place_of(values["r"]) if "r" in values else self._place + 1
            self._parts.clear()
            self._length = 0
        elif tag == "v" or (tag == "t" and not self._aside):
            self._is_text = True
        elif tag == "row":
            self._number = int(values["r"]) if "r" in values else self._number + 1
            if not 0 < self._number <= MOST_ROWS:
                raise Malformed("row number")
            self._cells, self._place = [], -1
        elif tag == "rPh":
            self._aside += 1

    def _characters(self, data: str) -> None:
        """A piece of a cell's content."""
        if self._is_text:
            self._length += len(data)
            if self._length > LONGEST_TEXT:
                raise Malformed("text")
            self._parts.append(data)

    def _end(self, name: str) -> None:
        """A cell or a row is complete."""
        tag = self._tags[name]
        if tag in {"v", "t"}:
            self._is_text = False
        elif tag == "c":
            if self._parts:
                missing = self._place - len(self._cells)
                if missing > 0:
                    self._cells.extend([None] * missing)
                if missing < 0:
                    raise Malformed("cell")
                self._cells.append(self._value("".join(self._parts)))
        elif tag == "row":
            if self._cells:
                self._rows.append((self._number, self._cells))
        elif tag == "rPh":
            self._aside -= 1

    def _place_of(self, reference: str) -> int:
        """The column of a cell by its letters, counted from nought."""
        letters = _LETTERS.match(reference)
        if letters is None:
            raise Malformed("cell reference")
        place = self._places.get(letters[0])
        if place is None:
            place = 0
            for letter in letters[0]:
                place = place * 26 + ord(letter) - 64
            if place > MOST_COLUMNS:
                raise Malformed("column")
            place = self._places[letters[0]] = place - 1
        return place

    def _value(self, text: str) -> Any:
        """What a cell holds."""
        kind = self._kind
        if kind == "s":
            if self._strings is None:
                raise Malformed("shared strings")
            return self._strings[int(text)]
        if kind == "n":
            if self._style in self._dates:
                return self._moment(text)
            return int(text) if text.isdigit() and len(text) < 16 else float(text)
        if kind == "b":
            return text.strip() in {"1", "true"}
        if kind == "d":
            return datetime.fromisoformat(text)
        return unescaped(text)

    def _moment(self, text: str) -> Any:
        """A number of days as date and time; one of less than a day is a time."""
        days = float(text)
        if not 0 <= days < _LAST_SERIAL:
            return days
        # Sheets keep binary fractions of a day; a millisecond is as near as they are meant.
        milliseconds = round(days * 86_400_000)
        if days < 1 and self._origin is _FROM_1900:
            moment = _FROM_1900 + timedelta(milliseconds=milliseconds)
            return time(moment.hour, moment.minute, moment.second) if moment.day == _FROM_1900.day else moment
        if days < 60 and self._origin is _FROM_1900:
            # 1900 was no leap year, but sheets count a 29th of February in it.
            milliseconds += 86_400_000
        return self._origin + timedelta(milliseconds=milliseconds)

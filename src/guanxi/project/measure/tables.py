"""Reads a file of any usual kind into columns: CSV, whitespace, JSON lines, Parquet, workbooks; gzip too.

What a file is, is found from its content. A file whose first row holds nothing but numbers and dates has no header: its
columns are called by their position, from 1.
"""

import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from guanxi.core.errors import InvalidInput
from guanxi.core.sentences import gettext as _
from guanxi.importing.parsing.cells import UnusableCell
from guanxi.importing.parsing.dates import DateEvidence, wall_time
from guanxi.importing.parsing.numbers import NumberEvidence, number
from guanxi.project.measure.reading import Content, read_file
from guanxi_methods.errors import MethodError
from guanxi_methods.frames import Frame, Missing, as_vector, unknown_column

POSITION = re.compile(r"(?:v|c|col|column|\$)?\s*(\d+)", re.IGNORECASE)
LARGEST = 1e150
"""Squares of larger numbers overflow; whatever was counted or paid is smaller."""
DAY_NUMBERS = (1900_01_01, 2100_12_31)


class Columns:
    """The columns of a file, turned into what a method needs when it asks for them."""

    def __init__(self, table: pa.Table, *, has_header: bool = True) -> None:
        """Take a table in."""
        self.table = table
        self.has_header = has_header

    @property
    def names(self) -> list[str]:
        """The names of the columns, in the order of the file."""
        return list(self.table.column_names)

    def __len__(self) -> int:
        """How many rows."""
        return int(self.table.num_rows)

    def resolve(self, asked: str) -> str:
        """The column that is meant: by its name, else by its position from 1; of two with one name neither."""
        found = self._meant(asked)
        if self.names.count(found) > 1 or f"{found} (2)" in self.names:
            raise MethodError("there are two columns {name!r}: give one of them another name", name=found)
        return found

    def _meant(self, asked: str) -> str:
        """The name that is meant."""
        if asked in self.names:
            return asked
        position = POSITION.fullmatch(asked.strip())
        if position and 1 <= int(position[1]) <= len(self.names) and not self.has_header:
            return self.names[int(position[1]) - 1]
        alike = [name for name in self.names if name.strip().lower() == asked.strip().lower()]
        if len(alike) == 1:
            return alike[0]
        raise unknown_column(asked, self.names)

    def select(self, asked: str) -> list[str]:
        """The columns that names separated by commas mean; `*` and `?` stand for any text, in the file's order."""
        found: list[str] = []
        for word in asked.split(","):
            word = word.strip()
            if not word:
                continue
            if ("*" in word or "?" in word) and word not in self.names:
                matching = [name for name in self.names if fnmatchcase(name, word)]
                if not matching:
                    raise MethodError(
                        "no column is like {pattern!r}; there are: {names}", pattern=word, names=_several(self.names)
                    )
                found += [self.resolve(name) for name in matching if name not in found]
            else:
                name = self.resolve(word)
                if name in found:
                    raise MethodError("the column {name!r} is asked for twice", name=name)
                found.append(name)
        if not found:
            raise MethodError("no column is named")
        return found

    def numbers(self, asked: str, *, missing: Missing = "refuse") -> NDArray[np.float64]:
        """A column as numbers."""
        name = self.resolve(asked)
        found = as_vector(self._numeric(name), name, missing=missing)
        with np.errstate(invalid="ignore"):
            beyond = np.abs(found) > LARGEST
        if beyond.any():
            row = int(np.argmax(beyond)) + 1
            raise MethodError(
                "{name} holds {value:g} in row {row}: no measure is that large",
                name=name,
                value=found[row - 1],
                row=row,
            )
        return found

    def amounts(self, asked: str) -> tuple[NDArray[Any], int]:
        """A column as amounts, and into how many parts a unit was split: whole hundredths are summed exactly.

        Amounts with more than two decimals stay as they are, with 1 for the parts.
        """
        given = self.numbers(asked)
        parts = np.rint(given * 100)
        if np.abs(parts).max() < 2**53 and np.allclose(parts / 100, given, rtol=1e-12, atol=1e-9):
            return parts.astype(np.int64), 100
        return given, 1

    def frame(self, names: Sequence[str]) -> Frame:
        """Columns as numbers where they hold nothing else, otherwise as words."""
        made: list[NDArray[Any]] = []
        for name in names:
            column = self.table.column(name)
            if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
                try:
                    made.append(as_vector(self._numeric(name), name, missing="keep"))
                except (MethodError, InvalidInput):
                    made.append(self.words(name))
            elif pa.types.is_temporal(column.type):
                made.append(self.moments(name, missing="keep"))
            elif pa.types.is_boolean(column.type):
                made.append(self.words(name))
            else:
                made.append(as_vector(column, name, missing="keep"))
        return Frame(tuple(names), tuple(made))

    def matrix(self, names: Sequence[str], *, missing: Missing = "keep") -> NDArray[np.float64]:
        """Columns as one table of numbers, shape (n_rows, n_columns)."""
        made = np.empty((len(self), len(names)))
        for place, name in enumerate(names):
            made[:, place] = self.numbers(name, missing=missing)
        return made

    def words(self, asked: str) -> NDArray[Any]:
        """A column as text; what is missing is an empty text."""
        column = self.table.column(self.resolve(asked))
        if pa.types.is_floating(column.type):
            is_whole = pc.and_(pc.equal(column, pc.floor(column)), pc.less(pc.abs(column), 2.0**53))
            column = column.cast(pa.int64()) if pc.all(is_whole).as_py() else column
        return np.asarray(pc.fill_null(column.cast(pa.string()), "").to_numpy(), dtype=object)

    def codes(self, asked: str) -> tuple[NDArray[np.int64], NDArray[Any]]:
        """A column as numbers of its distinct values, and those values; a row without one has the code -1."""
        column = self.table.column(self.resolve(asked))
        encoded = column.combine_chunks().dictionary_encode()
        codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
        return codes, np.asarray(encoded.dictionary.to_numpy(zero_copy_only=False))

    def moments(self, asked: str, *, missing: Missing = "refuse") -> NDArray[np.datetime64]:
        """A column as moments, datetime64[s]."""
        name = self.resolve(asked)
        found = self._moments(name)
        absent = np.isnat(found)
        if missing == "refuse" and absent.any():
            raise MethodError(
                "{name} holds a missing value, first in row {row}", name=name, row=int(np.argmax(absent)) + 1
            )
        return found

    def days(self, asked: str, *, missing: Missing = "refuse") -> NDArray[np.datetime64]:
        """A column as days, datetime64[D]."""
        return self.moments(asked, missing=missing).astype("datetime64[D]")

    def _numeric(self, name: str) -> Any:
        """The column as numbers, its texts read as people write them."""
        column = self.table.column(name)
        if pa.types.is_boolean(column.type):
            return column.cast(pa.int8())
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            if pa.types.is_temporal(column.type):
                raise MethodError("{name} must hold numbers, not dates", name=name)
            return column
        trimmed = pc.utf8_trim_whitespace(column)
        try:
            return trimmed.cast(pa.float64())
        except pa.ArrowInvalid:
            evidence = NumberEvidence()
        if set(pc.unique(pc.utf8_lower(trimmed)).to_pylist()) <= {"true", "false", None}:
            return pc.equal(pc.utf8_lower(trimmed), "true").cast(pa.int8())

        def read(value: str) -> float:
            """One text."""
            found = number(value, evidence)
            return np.nan if found is None else float(found)

        return _distinct(column, name, evidence, read, np.nan, np.float64)

    def _moments(self, name: str) -> NDArray[np.datetime64]:
        """The column as moments, whatever it was written as."""
        column = self.table.column(name)
        if pa.types.is_temporal(column.type):
            if pa.types.is_time(column.type) or pa.types.is_duration(column.type):
                raise MethodError("{name} holds times without a day", name=name)
            return column.cast(pa.timestamp("s"), safe=False).to_numpy().astype("datetime64[s]")
        if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
            values = column.drop_null()
            low, high = pc.min(values).as_py(), pc.max(values).as_py()
            if low is None or not (DAY_NUMBERS[0] <= low and high <= DAY_NUMBERS[1]):
                raise MethodError("{name} holds numbers that are no dates, {value} for example", name=name, value=low)
            column = column.cast(pa.int64()).cast(pa.string())
        try:
            return column.cast(pa.timestamp("s")).to_numpy().astype("datetime64[s]")
        except pa.ArrowInvalid:
            evidence = DateEvidence()

        def read(value: str) -> np.datetime64:
            """One text."""
            found = wall_time(value, evidence)
            return np.datetime64("NaT") if found is None else np.datetime64(found.moment.replace(microsecond=0), "s")

        return _distinct(column, name, evidence, read, np.datetime64("NaT"), "datetime64[s]")


def _distinct(
    column: pa.ChunkedArray, name: str, evidence: Any, read: Callable[[str], Any], absent: Any, kind: Any
) -> NDArray[Any]:
    """Texts read once for each distinct one: a column settles what a single text leaves open."""
    encoded = column.combine_chunks().dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    for text in texts:
        evidence.feed(text)
    evidence.is_complete = True
    found = np.empty(len(texts) + 1, dtype=kind)
    found[-1] = absent
    for place, text in enumerate(texts):
        try:
            found[place] = read(text)
        except UnusableCell as error:
            row = pc.index(encoded.indices, place).as_py() + 1
            raise InvalidInput(
                _("Column “%(name)s”, row %(row)d: %(why)s") % {"name": name, "row": row, "why": error}, column=name
            ) from None
    return found[pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)]


def _several(names: Sequence[str]) -> str:
    """Some names, for an error."""
    return ", ".join(names[:12]) + (" ..." if len(names) > 12 else "")


class File:
    """A file given on the command line; its kind is found when its columns or lists are asked for."""

    def __init__(self, path: Path) -> None:
        """Remember where it is; `-` is standard input."""
        self.path = path
        self._content: Content | None = None

    @cached_property
    def columns(self) -> Columns:
        """The columns of the table in it."""
        read = self._read()
        if read.lists is not None:
            raise InvalidInput(_("The file holds a list on every line, not columns."))
        return Columns(read.table, has_header=read.has_header)

    @cached_property
    def lists(self) -> list[list[str]] | None:
        """The lists of a file that has one JSON list on every line; None where it holds a table."""
        return self._read().lists

    def _read(self) -> Content:
        """Read it once."""
        if self._content is None:
            with tempfile.TemporaryDirectory() as folder:
                path = self.path
                if str(path) == "-":
                    if sys.stdin is None:
                        raise InvalidInput(_("Standard input is closed."))
                    path = Path(folder) / "input"
                    path.write_bytes(sys.stdin.buffer.read())
                elif path.is_fifo():  # can be read once only
                    path = Path(folder) / "input"
                    path.write_bytes(self.path.read_bytes())
                self._content = read_file(path, Path(folder))
        return self._content

"""The refused rows of an import: a file with all of them, safe to open in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson
from django.utils.translation import gettext as _

from guanxi.core import sentences
from guanxi.importing.neutral import neutral, plain
from guanxi.importing.parsing.texts import as_written

LISTED = 1000
PIECE = 1 << 16
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


@dataclass(frozen=True)
class Refused:
    """One refused row: its number, the column at fault and the reason; its cells as they stand in the file."""

    row: int
    column: str
    reason: str
    cells: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As the command line and the API show it."""
        return {"row": self.row, "column": self.column, "reason": self.reason}


def readable(cell: Any) -> str:
    """A cell as text that every program can take."""
    if cell is None:
        return ""
    text = as_written(cell)
    return _UNPRINTABLE.sub(lambda found: f"\\x{ord(found[0]) & 0xFF:02x}", text)


class RefusalFile:
    """Collects refused rows: all of them in a CSV file, the first in memory.

    The file speaks the language of whoever imports; the reasons beside it, a line for each row, tell them in any.
    """

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        """The file is only made when a row is refused."""
        self.path = path
        self.columns = columns
        self.count = 0
        self.first: list[Refused] = []
        self._file: Any = None
        self._writer: Any = None
        self._reasons: Any = None

    def __enter__(self) -> Self:
        """Start without the refusals of an earlier try."""
        self.path.unlink(missing_ok=True)
        reasons_of(self.path).unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the file."""
        if self._file:
            self._file.close()
            self._reasons.close()

    def add(self, number: int, column: str, reason: str, cells: Sequence[Any]) -> None:
        """Refuse one row."""
        if self._writer is None:
            # With a mark, so that spreadsheets read it as UTF-8.
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file)
            self._reasons = reasons_of(self.path).open("wb")
            heads = [_("row"), _("column"), _("reason"), *self.columns]
            self._writer.writerow([neutral(head) for head in heads])
        texts = tuple(readable(cell) for cell in cells)
        self._writer.writerow([number, neutral(column), neutral(reason), *(neutral(text) for text in texts)])
        self._reasons.write(orjson.dumps(sentences.kept(reason)) + b"\n")
        self.count += 1
        if len(self.first) < LISTED:
            self.first.append(Refused(number, column, reason, texts))


def reasons_of(path: Path) -> Path:
    """The file of the reasons beside a file of refused rows."""
    return path.with_suffix(".reasons")


def told_anew(path: Path, columns: Sequence[str], closed: frozenset[str] = frozenset()) -> Iterator[bytes]:
    """The whole file in the language of whoever reads it, without closed columns and reasons that may quote them."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    places = [place for place, name in enumerate(columns) if name not in closed]
    writer.writerow([neutral(head) for head in (_("row"), _("column"), _("reason"), *(columns[p] for p in places))])
    for refused in _all(path):
        open_cells = [refused.cells[p] for p in places if p < len(refused.cells)] if closed else refused.cells
        cells = (neutral(cell) for cell in open_cells)
        reason = _("This cell is not open to you.") if refused.column in closed else refused.reason
        writer.writerow([refused.row, neutral(refused.column), neutral(reason), *cells])
        if buffer.tell() > PIECE:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> bytes:
    """What was written so far."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def refused_rows(path: Path, *, start: int = 0, limit: int = LISTED) -> list[Refused]:
    """A page of the refused rows."""
    if not path.exists():
        return []
    return list(islice(_all(path), start, start + limit))


def _all(path: Path) -> Iterator[Refused]:
    """Every refused row of a file, its reason in the language of now where it is kept so."""
    with path.open(encoding="utf-8-sig", newline="") as file, ExitStack() as stack:
        beside = reasons_of(path)
        reasons: Iterator[bytes] = iter(stack.enter_context(beside.open("rb"))) if beside.exists() else iter(())
        reader = csv.reader(file)
        next(reader, None)
        for row in reader:
            told = sentences.told(orjson.loads(next(reasons, b"null")))
            yield Refused(int(row[0]), plain(row[1]), told or plain(row[2]), tuple(plain(cell) for cell in row[3:]))

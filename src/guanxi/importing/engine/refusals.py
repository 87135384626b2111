"""The refused rows of an import: a file with all of them, safe to open in a spreadsheet."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.utils.translation import gettext as _

from guanxi.importing.neutral import neutral, plain
from guanxi.importing.parsing.texts import as_written

LISTED = 1000
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
    """Collects refused rows: all of them in a CSV file, the first in memory."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        """The file is only made when a row is refused."""
        self.path = path
        self.columns = columns
        self.count = 0
        self.first: list[Refused] = []
        self._file: Any = None
        self._writer: Any = None

    def __enter__(self) -> Self:
        """Start without the refusals of an earlier try."""
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the file."""
        if self._file:
            self._file.close()

    def add(self, number: int, column: str, reason: str, cells: Sequence[Any]) -> None:
        """Refuse one row."""
        if self._writer is None:
            # With a mark, so that spreadsheets read it as UTF-8.
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file)
            heads = [_("row"), _("column"), _("reason"), *self.columns]
            self._writer.writerow([neutral(head) for head in heads])
        texts = tuple(readable(cell) for cell in cells)
        self._writer.writerow([number, neutral(column), neutral(reason), *(neutral(text) for text in texts)])
        self.count += 1
        if len(self.first) < LISTED:
            self.first.append(Refused(number, column, reason, texts))


def refused_rows(path: Path, *, start: int = 0, limit: int = LISTED) -> list[Refused]:
    """A page of the refused rows."""
    if not path.exists():
        return []
    return list(islice(_all(path), start, start + limit))


def _all(path: Path) -> Iterator[Refused]:
    """Every refused row of a file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        next(reader, None)
        for row in reader:
            yield Refused(int(row[0]), plain(row[1]), plain(row[2]), tuple(plain(cell) for cell in row[3:]))

"""What sheets of all kinds of workbook share: a header somewhere at the top, rows below it, places kept."""

from collections.abc import Iterator
from datetime import time
from typing import Any

from guanxi.core.sentences import gettext as _
from guanxi.importing.readers.table import Batch, Table, UnreadableFile, empty_file, is_blank

Rows = Iterator[tuple[int, list[Any]]]


class SheetTable(Table):
    """One sheet; subclasses stream its rows with the numbers a spreadsheet shows."""

    def __init__(self) -> None:
        """Find the header."""
        self.notes: list[str] = []
        self.sheet, filled = self.choose_sheet()
        found = next(((number, row) for number, row in self.rows() if not is_blank(row)), None)
        if found is None:
            raise empty_file()
        self._header_row, header = found
        super().__init__(_without_blank_end(header))
        if len(filled) > 1:
            others = "、".join(f"“{name}”" for name in filled if name != self.sheet)
            self.notes.append(
                _("Only the sheet “%(sheet)s” is read; %(others)s hold rows too.")
                % {"sheet": self.sheet, "others": others[:200]}
            )

    def choose_sheet(self) -> tuple[str, list[str]]:
        """The name of the first sheet that holds anything, and the names of all that do."""
        raise NotImplementedError

    def rows(self) -> Rows:
        """Row numbers and cells, from the top."""
        raise NotImplementedError

    def share_read(self, number: int) -> float:
        """How much of the sheet was read at this row, as far as can be told."""
        return 0.0

    def batches(self, size: int = 0) -> Iterator[Batch]:
        """All rows below the header."""
        size = size or self.batch_rows
        width = len(self.columns)
        numbers: list[int] = []
        rows: list[list[Any]] = []
        broken: dict[int, str] = {}
        for number, row in self.rows():
            if number <= self._header_row or is_blank(row):
                continue
            if len(row) > width:
                if not is_blank(row[width:]):
                    broken[len(rows)] = _("The row has cells beyond the last named column.")
                row = row[:width]
            elif len(row) < width:
                row = row + [None] * (width - len(row))
            numbers.append(number)
            rows.append([_plain(cell) for cell in row])
            if len(rows) >= size:
                self.progress = min(1.0, self.share_read(number))
                yield Batch(numbers, list(zip(*rows, strict=True)), broken)
                numbers, rows, broken = [], [], {}
        if rows:
            yield Batch(numbers, list(zip(*rows, strict=True)), broken)

    def about(self) -> dict[str, Any]:
        """Which sheet was read."""
        return {**super().about(), "sheet": self.sheet}


def _plain(cell: Any) -> Any:
    """A cell with nothing in it is None; a number without a fraction is whole; a bare time is text."""
    if cell == "":
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    if isinstance(cell, time):
        return cell.isoformat()
    return cell


def _without_blank_end(header: list[Any]) -> list[Any]:
    """The header without empty cells at its end."""
    last = max(i for i, cell in enumerate(header) if cell not in (None, "") and str(cell).strip())
    return header[: last + 1]


def damaged() -> UnreadableFile:
    """The error for a workbook that cannot be read."""
    return UnreadableFile(_("The workbook is damaged or only half written; save it again and retry."))


def locked() -> UnreadableFile:
    """The error for a workbook with a password."""
    return UnreadableFile(_("The workbook is locked with a password; save it without one."))

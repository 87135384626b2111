"""Workbooks (XLSX, XLS, ODS): the first sheet that holds anything."""

import zipfile
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from guanxi.importing.readers.table import BATCH_ROWS, Batch, Table, UnreadableFile, empty_file, is_blank


class WorkbookTable(Table):
    """The first sheet with content, read by calamine; what calamine cannot read is tried with openpyxl."""

    def __init__(self, path: Path, *, format: str) -> None:
        """Find the sheet and its header."""
        self.path = path
        self.format = format
        self.notes = []
        self._rows = self._by_openpyxl
        self.sheet = ""
        self._total = 0
        self._open()
        found = next(((number, row) for number, row in self._rows() if not is_blank(row)), None)
        if found is None:
            raise empty_file()
        self._header_row, header = found
        notes = self.notes
        super().__init__(_without_blank_end(header))
        self.notes = notes

    def _open(self) -> None:
        """Choose the reader and the sheet."""
        try:
            self._choose_sheet(python_calamine.CalamineWorkbook.from_path(str(self.path)))
            self._rows = self._by_calamine
        except python_calamine.PasswordError:
            raise UnreadableFile(_("The workbook is locked with a password; save it without one.")) from None
        except (python_calamine.CalamineError, OSError, ValueError) as error:
            if self.format != "xlsx":
                raise _damaged() from error
            try:
                list(zip(range(1), self._by_openpyxl(), strict=False))
            except UnreadableFile:
                raise
            except (KeyError, ValueError, OSError, zipfile.BadZipFile, InvalidFileException, SyntaxError):
                raise _damaged() from error

    def _choose_sheet(self, book: Any) -> None:
        """The first sheet that holds a row; a note when others hold rows too."""
        filled = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.height:
                filled.append(name)
                if len(filled) == 1:
                    self.sheet, self._total = name, sheet.total_height
                    self._chosen = sheet
        if not filled:
            raise empty_file()
        self._other_sheets(filled)

    def _other_sheets(self, filled: list[str]) -> None:
        """Say which sheets are not read."""
        if len(filled) > 1:
            self.notes.append(
                _("Only the sheet “%(sheet)s” is read; %(others)s hold rows too.")
                % {"sheet": filled[0], "others": "、".join(f"“{name}”" for name in filled[1:5])}
            )

    def _by_calamine(self) -> Iterator[tuple[int, list[Any]]]:
        """Row numbers and cells; cells left of the first used column are put back, so that places stay true."""
        sheet = self._chosen
        first_row, first_column = sheet.start or (0, 0)
        missing = [""] * first_column
        yield from ((number, missing + row) for number, row in enumerate(sheet.iter_rows(), start=first_row + 1))

    def _by_openpyxl(self) -> Iterator[tuple[int, list[Any]]]:
        """Row numbers and cells, streamed."""
        book = openpyxl.load_workbook(self.path, read_only=True, data_only=True)
        try:
            sheet = next((s for s in book.worksheets if s.max_row is None or s.max_row > 0), None)
            if sheet is None:
                raise empty_file()
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                yield number, list(row)
        finally:
            book.close()

    def batches(self, size: int = BATCH_ROWS) -> Iterator[Batch]:
        """All rows below the header."""
        width = len(self.columns)
        numbers: list[int] = []
        rows: list[list[Any]] = []
        broken: dict[int, str] = {}
        for number, row in self._rows():
            if number <= self._header_row or is_blank(row):
                continue
            if len(row) > width:
                if not is_blank(row[width:]):
                    broken[len(rows)] = _("The row has cells beyond the last named column.")
                row = row[:width]
            elif len(row) < width:
                row = row + [""] * (width - len(row))
            numbers.append(number)
            rows.append([_plain(cell) for cell in row])
            if len(rows) >= size:
                self.progress = min(1.0, number / self._total) if self._total else 0.0
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


def _damaged() -> UnreadableFile:
    """The error for a workbook that cannot be opened."""
    return UnreadableFile(_("The workbook is damaged or only half written; save it again and retry."))

"""Workbooks of the older and rarer kinds (XLS, XLSB, ODS), read by calamine, which holds the sheet in memory."""

from pathlib import Path
from typing import Any

from guanxi.importing.readers.sheets import Rows, SheetTable, damaged, locked
from guanxi.importing.readers.table import empty_file


class WorkbookTable(SheetTable):
    """The first sheet with content."""

    def __init__(self, path: Path, *, format: str) -> None:
        """Open the workbook."""
        import python_calamine  # only for the rarer kinds

        self.format = format
        try:
            self._book: Any = python_calamine.CalamineWorkbook.from_path(str(path))
            super().__init__()
        except python_calamine.PasswordError:
            raise locked() from None
        except (python_calamine.CalamineError, OSError, ValueError) as error:
            raise damaged() from error

    def choose_sheet(self) -> tuple[str, list[str]]:
        """The sheets that hold rows."""
        filled = []
        for name in self._book.sheet_names:
            sheet = self._book.get_sheet_by_name(name)
            if sheet.height:
                filled.append(name)
                if len(filled) == 1:
                    self._chosen = sheet
        if not filled:
            raise empty_file()
        return filled[0], filled

    def share_read(self, number: int) -> float:
        """By the number of rows."""
        return number / self._chosen.total_height if self._chosen.total_height else 0.0

    def rows(self) -> Rows:
        """Row numbers and cells; cells left of the first used column are put back, so that places stay true."""
        first_row, first_column = self._chosen.start or (0, 0)
        missing = [""] * first_column
        yield from ((number, missing + row) for number, row in enumerate(self._chosen.iter_rows(), start=first_row + 1))

"""A table in a file: named columns and rows in batches, each row with the number a spreadsheet shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from guanxi.core.errors import InvalidInput
from guanxi.core.sentences import gettext as _

BATCH_ROWS = 5000
BATCH_CELLS = 500_000
MOST_COLUMNS = 16_384


class UnreadableFile(InvalidInput):
    """The file cannot be read as a table; the sentence says why."""


@dataclass
class Batch:
    """Some rows: their numbers, the cells column by column, and the rows that cannot be used at all."""

    numbers: list[int]
    columns: list[Sequence[Any]]
    broken: dict[int, str] = field(default_factory=dict)  # index in this batch -> reason

    def __len__(self) -> int:
        """How many rows."""
        return len(self.numbers)

    def cells(self, index: int) -> list[Any]:
        """All cells of one row."""
        return [column[index] for column in self.columns]


class Table:
    """One table; subclasses know how to stream its rows, as often as asked."""

    format = ""
    is_neutralised = False
    """Whether programs that write such files, ours among them, put an apostrophe before what looks like a formula."""

    def __init__(self, names: Sequence[Any]) -> None:
        """Keep the column names, made usable: none empty, none twice."""
        self.columns = column_names(names)
        self.notes: list[str] = []
        self.progress = 0.0

    @property
    def batch_rows(self) -> int:
        """How many rows a batch has; fewer where rows are very wide."""
        return max(50, min(BATCH_ROWS, BATCH_CELLS // max(1, len(self.columns))))

    def batches(self, size: int = 0) -> Iterator[Batch]:
        """All rows, in order; blank rows are left out but keep their numbers."""
        raise NotImplementedError

    def about(self) -> dict[str, Any]:
        """What was found, for the import's record."""
        return {"format": self.format, "columns": self.columns[:500], "notes": self.notes}

    def sample(self, rows: int) -> Batch:
        """The first rows."""
        for batch in self.batches(size=rows):
            return batch
        return Batch([], [[] for _name in self.columns])


def column_names(names: Sequence[Any]) -> list[str]:
    """Column names as they stand, trimmed; an empty one is called by its place, a repeated one numbered."""
    if len(names) > MOST_COLUMNS:
        raise UnreadableFile(
            _("The file has %(count)d columns; at most %(limit)d can be read.")
            % {"count": len(names), "limit": MOST_COLUMNS}
        )
    seen: dict[str, int] = {}
    usable = []
    for place, name in enumerate(names, start=1):
        text = " ".join(("" if name is None else str(name)).replace("\x00", "").split())[:200]
        text = text or _("column %(number)d") % {"number": place}
        seen[text] = seen.get(text, 0) + 1
        usable.append(text if seen[text] == 1 else f"{text} ({seen[text]})")
    return usable


def is_blank(row: Sequence[Any]) -> bool:
    """Whether a row holds nothing at all."""
    return not any(cell is not None and cell != "" and not (isinstance(cell, str) and not cell.strip()) for cell in row)


def empty_file() -> UnreadableFile:
    """The error for a file without anything in it."""
    return UnreadableFile(_("The file is empty."))

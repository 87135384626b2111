"""Reads a file through its mapping: every row is either staged or refused with a reason."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from guanxi.core.sentences import gettext as _
from guanxi.importing.engine.folders import Folder
from guanxi.importing.engine.refusals import RefusalFile, Refused
from guanxi.importing.mapping import ResolvedMapping
from guanxi.importing.models import Import
from guanxi.importing.parsing.columns import ColumnParser, Unsettled
from guanxi.importing.readers import Batch, Table
from guanxi.importing.targets import ImportTarget, RowBatch

if TYPE_CHECKING:
    from guanxi.importing.engine.staged import StagedRows
    from guanxi.importing.targets import StagedSource

SAMPLE_BATCHES = 4
Progress = Callable[[str, int, int], None]
"""Called with the phase, the rows done and the rows in all (0 when not known)."""


def no_progress(phase: str, done: int, total: int) -> None:
    """Nobody looks."""


@dataclass
class Staging:
    """What reading a file came to."""

    rows: "StagedRows | StagedSource"
    rows_read: int = 0
    rows_refused: int = 0
    refused: list[Refused] = field(default_factory=list)
    amount_minor: int = 0


class Stager:
    """Reads one file for one target."""

    def __init__(
        self, *, run: Import, target: ImportTarget, table: Table, mapping: ResolvedMapping, folder: Folder
    ) -> None:
        """Prepare a parser for each mapped field."""
        self.run = run
        self.target = target
        self.table = table
        self.mapping = mapping
        self.folder = folder
        self.fields = [entry for entry in target.fields() if entry.key in mapping.columns]
        zone = ZoneInfo(run.timezone)
        order = mapping.definition.date_order
        self.parsers = {
            entry.key: ColumnParser(entry, zone, date_order=order, is_neutralised=table.is_neutralised)
            for entry in self.fields
        }
        self.corrections: Mapping[str, Mapping[str, str]] = run.corrections or {}

    def staged_rows(self) -> "StagedRows":
        """The file of staged rows, whether written yet or not."""
        from guanxi.importing.engine.staged import StagedRows  # pyarrow takes long to load

        return StagedRows(self.folder.staged, self.target, self.fields)

    def stage(self, progress: Progress = no_progress) -> Staging:
        """Read, parse, check; once more from the start when only the whole column tells how to read a cell."""
        self._learn_from_sample()
        try:
            return self._stage(progress)
        except Unsettled:
            self._learn_from_all(progress)
            return self._stage(progress)

    def _learn_from_sample(self) -> None:
        """See the first rows of the columns in which one cell explains another."""
        for count, batch in enumerate(self.table.batches()):
            if count >= SAMPLE_BATCHES:
                return
            self._learn(batch)
        for parser in self.parsers.values():
            parser.settle()

    def _learn_from_all(self, progress: Progress) -> None:
        """See every row."""
        rows = 0
        for batch in self.table.batches():
            self._learn(batch)
            rows += len(batch)
            progress("looking", rows, self._total(rows))
        for parser in self.parsers.values():
            parser.settle()

    def _learn(self, batch: Batch) -> None:
        """Show a batch to the parsers that learn."""
        for key, parser in self.parsers.items():
            if parser.needs_evidence:
                parser.learn(batch.columns[self.mapping.columns[key]])

    def _total(self, rows: int) -> int:
        """How many rows there will be, as far as can be told."""
        return max(rows, round(rows / self.table.progress)) if self.table.progress else 0

    def _stage(self, progress: Progress) -> Staging:
        """One pass over the file."""
        staged = self.staged_rows()
        result = Staging(staged)
        said = 0.0
        with RefusalFile(self.folder.refused, self.table.columns) as refusals, staged.writer() as writer:
            for batch in self.table.batches():
                self._correct(batch)
                parsed = self._parse(batch)
                result.rows_read += len(batch)
                for index, (key, reason) in sorted(parsed.refusals.items()):
                    refusals.add(batch.numbers[index], self._column_name(key), reason, batch.cells(index))
                numbers, values = _kept(parsed)
                if self.target.has_money:
                    result.amount_minor += sum(values["amount_minor"])
                writer.add(numbers, values)
                if time.monotonic() - said > 0.3:
                    said = time.monotonic()
                    progress("checking", result.rows_read, self._total(result.rows_read))
        result.rows_refused = refusals.count
        result.refused = refusals.first
        return result

    def _correct(self, batch: Batch) -> None:
        """Put the cells in place that somebody corrected before the import."""
        if not self.corrections:
            return
        columns: dict[int, list[Any]] = {}
        for index, number in enumerate(batch.numbers):
            for place, text in self.corrections.get(str(number), {}).items():
                if int(place) < len(batch.columns):
                    columns.setdefault(int(place), list(batch.columns[int(place)]))[index] = text
                    batch.broken.pop(index, None)
        for column, cells in columns.items():
            batch.columns[column] = cells

    def _parse(self, batch: Batch) -> RowBatch:
        """Every mapped cell as a value; then the target looks at whole rows."""
        parsed = RowBatch(batch.numbers, {})
        for index, reason in batch.broken.items():
            parsed.refuse(index, "", reason)
        for key, parser in self.parsers.items():
            parsed.values[key] = parser.parse(batch.columns[self.mapping.columns[key]], parsed)
        self.target.derive(parsed, self.run)
        return parsed

    def _column_name(self, key: str) -> str:
        """The column of the file behind a field; the field's name when no column holds it."""
        return self.mapping.names.get(key, key)


def _kept(parsed: RowBatch) -> tuple[list[int], dict[str, Any]]:
    """The rows that were not refused."""
    if not parsed.refusals:
        return parsed.numbers, parsed.values
    kept = [index for index in range(len(parsed)) if index not in parsed.refusals]
    values = {key: [column[index] for index in kept] for key, column in parsed.values.items()}
    return [parsed.numbers[index] for index in kept], values


def no_rows(staging: Staging) -> str:
    """The sentence for a file of which nothing could be used."""
    if not staging.rows_read:
        return _("The file has column names but no rows.")
    first = staging.refused[0]
    return _(
        "No row could be read: all %(count)d were refused, the first (row %(row)d, %(column)s) because: %(reason)s"
    ) % {
        "count": staging.rows_read,
        "row": first.row,
        "column": first.column or "—",
        "reason": first.reason,
    }

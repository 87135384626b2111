"""Parquet files, streamed by row group."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from guanxi.core.sentences import gettext as _
from guanxi.importing.readers.table import Batch, Table, UnreadableFile, empty_file


class ParquetTable(Table):
    """One Parquet file."""

    format = "parquet"

    def __init__(self, path: Path) -> None:
        """Read the schema."""
        self.path = path
        try:
            with pq.ParquetFile(path) as file:
                names = file.schema_arrow.names
                self.rows_total = file.metadata.num_rows
        except (pa.ArrowException, OSError):
            raise _damaged() from None
        if not names:
            raise empty_file()
        super().__init__(names)

    def batches(self, size: int = 0) -> Iterator[Batch]:
        """All rows; the first one has the number 2, as it would below a header."""
        size = size or self.batch_rows
        number = 2
        try:
            with pq.ParquetFile(self.path, memory_map=False, pre_buffer=False, buffer_size=1 << 16) as file:
                for part in file.iter_batches(batch_size=size, use_threads=False):
                    if not part.num_rows:
                        continue
                    columns = [_values(column) for column in part.columns]
                    numbers = list(range(number, number + part.num_rows))
                    number += part.num_rows
                    self.progress = (number - 2) / max(1, self.rows_total)
                    yield _without_blank(Batch(numbers, columns))
        except (pa.ArrowException, OSError):
            raise _damaged() from None

    def about(self) -> dict[str, Any]:
        """How many rows the file says it has."""
        return {**super().about(), "rows": self.rows_total}


def _values(column: pa.Array) -> Sequence[Any]:
    """A column as Python values: integers, floats, text, dates, times; nested values as text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        column = column.cast(pa.timestamp("us", tz=kind.tz), safe=False)
    elif pa.types.is_float16(kind) or pa.types.is_float32(kind):
        # The shortest decimal that names the stored value, as a person would have written it.
        return [None if value is None else float(str(np.float32(value))) for value in column.to_pylist()]
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return [None if v is None else v.decode("utf-8", errors="surrogateescape") for v in column.to_pylist()]
    elif pa.types.is_nested(kind):
        return [None if value is None else str(value) for value in column.to_pylist()]
    return column.to_pylist()


def _without_blank(batch: Batch) -> Batch:
    """Leave out rows in which every cell is empty."""
    blank = set(range(len(batch)))
    for column in batch.columns:
        blank = {index for index in blank if column[index] is None or column[index] == ""}
        if not blank:
            return batch
    kept = [index for index in range(len(batch)) if index not in blank]
    return Batch([batch.numbers[i] for i in kept], [[column[i] for i in kept] for column in batch.columns])


def _damaged() -> UnreadableFile:
    """The error for a file that cannot be read."""
    return UnreadableFile(_("The Parquet file is damaged or only half written."))

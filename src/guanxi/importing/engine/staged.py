"""The rows of an import as read and checked, in a compressed file of typed columns, streamed both ways."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson
import pyarrow as pa
from pyarrow import ipc

from guanxi.importing.choices import ValueKind
from guanxi.importing.targets import Field, ImportTarget

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_TYPES = {
    ValueKind.IDENTIFIER: pa.string(),
    ValueKind.TEXT: pa.string(),
    ValueKind.CHOICE: pa.string(),
    ValueKind.DECIMAL: pa.string(),
    ValueKind.MOMENT: pa.int64(),
    ValueKind.DATE: pa.date32(),
}
_DERIVED = {"int64": pa.int64(), "string": pa.string(), "json": pa.binary()}
ROW = "row"


class StagedRows:
    """The file of one import; which columns it holds follows from the target and the mapped fields."""

    def __init__(self, path: Path, target: ImportTarget, fields: Sequence[Field]) -> None:
        """Lay out the columns."""
        self.path = path
        self.kinds: dict[str, str] = {field.key: field.kind for field in fields} | dict(target.derived)
        self.schema = pa.schema(
            [(ROW, pa.int32())]
            + [(field.key, _TYPES[ValueKind(field.kind)]) for field in fields]
            + [(name, _DERIVED[kind]) for name, kind in target.derived.items()]
        )
        self.count = 0

    def writer(self) -> "StagedWriter":
        """Start the file anew."""
        return StagedWriter(self)

    def batches(self, *, only: Sequence[str] | None = None) -> Iterator[dict[str, Sequence[Any]]]:
        """All rows in order, as values."""
        caches: dict[str, dict[Any, Any]] = {}
        with self.path.open("rb") as file, ipc.open_stream(file) as reader:
            for batch in reader:
                yield {
                    name: self._from_arrow(name, batch.column(name), caches)
                    for name in batch.schema.names
                    if only is None or name in only
                }

    def arrays(self, names: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Whole-number columns of all rows in order, as numpy arrays."""
        with self.path.open("rb") as file, ipc.open_stream(file) as reader:
            for batch in reader:
                yield {name: batch.column(name).to_numpy(zero_copy_only=False) for name in names}

    def _from_arrow(self, name: str, column: pa.Array, caches: dict[str, dict[Any, Any]]) -> Sequence[Any]:
        """One column as values."""
        values = column.to_pylist()
        kind = self.kinds.get(name)
        if kind == ValueKind.DECIMAL:
            return _convert(values, caches.setdefault(name, {}), Decimal)
        if kind == ValueKind.MOMENT:
            return _convert(values, caches.setdefault(name, {}), _moment)
        if kind == "json":
            return [None if value is None else orjson.loads(value) for value in values]
        return values


class StagedWriter:
    """Writes batches of rows."""

    def __init__(self, rows: StagedRows) -> None:
        """Half a file never gets the name."""
        self.rows = rows
        self.part = rows.path.with_suffix(".part")

    def __enter__(self) -> Self:
        """Open the file."""
        self._file = self.part.open("wb")
        options = ipc.IpcWriteOptions(compression="lz4", use_threads=False)
        self._writer = ipc.new_stream(self._file, self.rows.schema, options=options)
        self.rows.count = 0
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Give the file its name when all went well."""
        try:
            if kind is None:
                self._writer.close()
        finally:
            self._file.close()
        if kind is None:
            self.part.replace(self.rows.path)
        else:
            self.part.unlink(missing_ok=True)

    def add(self, numbers: Sequence[int], values: dict[str, Sequence[Any]]) -> None:
        """Add rows."""
        if not numbers:
            return
        arrays = []
        for field in self.rows.schema:
            given = numbers if field.name == ROW else values[field.name]
            arrays.append(pa.array(_to_arrow(self.rows.kinds.get(field.name), given), type=field.type))
        self._writer.write_batch(pa.record_batch(arrays, schema=self.rows.schema))
        self.rows.count += len(numbers)


def _to_arrow(kind: str | None, values: Sequence[Any]) -> Sequence[Any]:
    """Values as the column stores them."""
    if kind == ValueKind.DECIMAL:
        return [None if value is None else str(value) for value in values]
    if kind == ValueKind.MOMENT:
        return [None if value is None else (value - _EPOCH) // _MICROSECOND for value in values]
    if kind == "json":
        return [None if value is None else orjson.dumps(value) for value in values]
    return values


def _moment(microseconds: int) -> datetime:
    """The moment back from whole microseconds."""
    return _EPOCH + timedelta(microseconds=microseconds)


def _convert(values: list[Any], cache: dict[Any, Any], function: Any) -> list[Any]:
    """Convert values, equal ones once."""
    if len(cache) > 200_000:
        cache.clear()
    converted: list[Any] = []
    for value in values:
        if value is None:
            converted.append(None)
            continue
        found = cache.get(value)
        if found is None:
            found = cache[value] = function(value)
        converted.append(found)
    return converted

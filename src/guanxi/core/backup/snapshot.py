"""One moment of a running database, read while others go on writing.

PostgreSQL gives a repeatable-read transaction, SQLite a read transaction of its write-ahead log: writers wait for
neither. SQLite cannot shorten its log while the snapshot is read; it grows by what is written meanwhile, is watched,
and is shortened again afterwards.
"""

import contextlib
import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import orjson
from django.db import DatabaseError
from django.utils.translation import gettext as _

from guanxi.core.backup import codecs
from guanxi.core.backup.errors import BackupError
from guanxi.core.backup.scope import Table, narrowed

FIRST_ROWS, MOST_ROWS = 500, 20_000
WANTED_BYTES = 2 << 20
MIB = 1 << 20
LONGEST_LOG = 4096 * MIB
LEAST_FREE = 256 * MIB
_SHORTENED_FROM = 64 * MIB


class Snapshot(Protocol):
    """What both databases give."""

    vendor: str

    def rows(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """Rows in chunks that are neither tiny nor huge; `send` a factor to make the next ones larger or smaller."""
        ...

    def next_id(self, table: Table) -> int | None:
        """The last number the table gave to a row; None where it numbers none."""
        ...

    def watch(self) -> None:
        """Raise BackupError when reading on would do harm."""
        ...


def _quoted(name: str) -> str:
    """A name for SQL; ours hold no quotes."""
    return f'"{name}"'


def select(table: Table, vendor: str) -> str:
    """The statement that reads a table in the order of its key, the same order on both databases."""
    rule = narrowed.get(table.name)
    replaced = rule.columns if rule else {}
    columns = ", ".join(
        replaced[name] if name in replaced else codecs.selected(_quoted(name), kind, vendor)
        for name, kind in table.columns
    )
    where = f" WHERE {rule.where}" if rule and rule.where else ""
    is_text = dict(table.columns)[table.key] == "text"
    order = f'{_quoted(table.key)} COLLATE "C"' if is_text and vendor == "postgresql" else _quoted(table.key)
    return f"SELECT {columns} FROM {_quoted(table.name)}{where} ORDER BY {order}"  # noqa: S608


@dataclass(frozen=True)
class Chunk:
    """Some rows of a table as lines of JSON."""

    rows: int
    lines: bytes


def chunks(snapshot: Snapshot, table: Table, mask: Any = None) -> Iterator[Chunk]:
    """A table as lines, each chunk about as large; `mask` replaces the values of each chunk's columns."""
    converts = [codecs.from_database(kind, snapshot.vendor) for _name, kind in table.columns]
    for rows in snapshot.rows(select(table, snapshot.vendor)):
        snapshot.watch()
        columns: list[Any] = list(zip(*rows, strict=True))
        for place, convert in enumerate(converts):
            if convert is not None:
                columns[place] = convert(columns[place])
        if mask is not None:
            columns = mask(columns)
        lines = b"\n".join(map(orjson.dumps, zip(*columns, strict=True))) + b"\n"
        yield Chunk(len(rows), lines)


@dataclass(frozen=True)
class Sum:
    """How many rows a table has, and the digest of them all in order."""

    rows: int
    sha256: str


def sum_of(snapshot: Snapshot, table: Table) -> Sum:
    """Count and digest of a table as it stands."""
    digest, count = hashlib.sha256(), 0
    for chunk in chunks(snapshot, table):
        digest.update(chunk.lines)
        count += chunk.rows
    return Sum(count, digest.hexdigest())


class _Sized:
    """Fetches chunks of about the wanted size."""

    def __init__(self) -> None:
        """Begin small: rows may be long."""
        self.count = FIRST_ROWS

    def fetch(self, cursor: Any) -> Iterator[list[tuple[Any, ...]]]:
        """All rows of a cursor."""
        while rows := cursor.fetchmany(self.count):
            yield rows
            # The size in memory is not the size of the lines, but of the same order.
            sample = rows[:: max(1, len(rows) // 16)]
            size = sum(len(value) if isinstance(value, str | bytes) else 8 for row in sample for value in row)
            each = max(8, size // len(sample))
            self.count = max(1, min(MOST_ROWS, WANTED_BYTES // each, self.count * 4))


class SqliteSnapshot:
    """A read transaction on a connection of its own."""

    vendor = "sqlite"

    def __init__(self, path: Path, *, is_watched: bool = True) -> None:
        """Begin; the first statement fixes the moment."""
        self.path = path
        self.log = path.with_name(f"{path.name}-wal")
        self.is_watched = is_watched
        self.connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=20
        )
        self.connection.execute("PRAGMA temp_store=FILE")
        self.connection.execute("BEGIN")
        self.connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()

    def rows(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """Rows in chunks."""
        cursor = self.connection.execute(sql)
        yield from _Sized().fetch(cursor)
        cursor.close()

    def next_id(self, table: Table) -> int | None:
        """What AUTOINCREMENT keeps."""
        try:
            row = self.connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [table.name]).fetchone()
        except sqlite3.OperationalError:  # no table numbers its rows
            return None
        return int(row[0]) if row else None

    def watch(self) -> None:
        """Stop before the log that cannot be shortened fills the disk."""
        if not self.is_watched:
            return
        try:
            size = self.log.stat().st_size
        except FileNotFoundError:
            return
        if size > LONGEST_LOG or (size > _SHORTENED_FROM and shutil.disk_usage(self.path.parent).free < LEAST_FREE):
            text = _(
                "So much is written meanwhile that the backup was stopped before the disk fills up. Try again later."
            )
            raise BackupError(text)

    def close(self) -> None:
        """End, and have the log shortened if it has grown; whoever writes at this moment does it otherwise."""
        self.connection.close()
        with contextlib.suppress(OSError, sqlite3.Error):
            if self.is_watched and self.log.stat().st_size > _SHORTENED_FROM:
                writer = sqlite3.connect(self.path, isolation_level=None, timeout=0.2)
                writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                writer.close()


class PostgresSnapshot:
    """A repeatable-read transaction on a connection of its own."""

    vendor = "postgresql"

    def __init__(self, settings: dict[str, Any]) -> None:
        """Connect and begin."""
        import psycopg  # only where PostgreSQL serves

        address = {
            "dbname": settings["NAME"],
            "user": settings["USER"],
            "password": settings["PASSWORD"],
            "host": settings["HOST"],
            "port": settings["PORT"],
        }
        known = {"pool", "server_side_binding", "assume_role", "isolation_level"}
        options = {name: value for name, value in settings["OPTIONS"].items() if name not in known}
        self.connection = psycopg.connect(
            **{name: value for name, value in address.items() if value}, **options, autocommit=True
        )
        self._read_as_text()
        self.connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for setting in (
            "TimeZone = 'UTC'",
            "DateStyle = 'ISO'",
            "extra_float_digits = 1",
            "statement_timeout = 0",
            "idle_in_transaction_session_timeout = 0",
        ):
            self.connection.execute(f"SET LOCAL {setting}")
        self.connection.execute("SELECT 1")

    def _read_as_text(self) -> None:
        """Take values as PostgreSQL writes them instead of making objects of them."""
        from psycopg.types.string import TextLoader

        for name in ("timestamptz", "timestamp", "date", "time", "numeric", "jsonb", "json", "uuid", "inet"):
            self.connection.adapters.register_loader(name, TextLoader)

    def rows(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """Rows in chunks, through a cursor of the server."""
        with self.connection.cursor(name="guanxi_backup") as cursor:
            cursor.execute(sql)
            yield from _Sized().fetch(cursor)

    def next_id(self, table: Table) -> int | None:
        """What the sequence gave last."""
        row = self.connection.execute(
            "SELECT s.seqrelid::regclass::text FROM pg_sequence s JOIN pg_depend d ON d.objid = s.seqrelid "
            "WHERE d.refobjid = to_regclass(%s) AND d.deptype IN ('a', 'i')",
            [_quoted(table.name)],
        ).fetchone()
        if row is None:
            return None
        value = self.connection.execute(
            f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {row[0]}"  # noqa: S608
        ).fetchone()
        return int(value[0]) if value else None

    def watch(self) -> None:
        """PostgreSQL keeps old rows for us by itself."""

    def close(self) -> None:
        """End."""
        self.connection.close()


@contextlib.contextmanager
def taken(connection: Any, *, is_watched: bool = True) -> Iterator[SqliteSnapshot | PostgresSnapshot]:
    """A snapshot of the database of a Django connection."""
    settings = connection.settings_dict
    snapshot: SqliteSnapshot | PostgresSnapshot
    try:
        if connection.vendor == "sqlite":
            snapshot = SqliteSnapshot(Path(settings["NAME"]), is_watched=is_watched)
        else:
            snapshot = PostgresSnapshot(settings)
    except sqlite3.Error as error:
        raise DatabaseError(str(error)) from error
    try:
        yield snapshot
    finally:
        snapshot.close()

"""Loading rows into an empty database, in bulk: indexes and foreign keys are taken off and made again over everything."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from guanxi.core.backup import codecs, errors
from guanxi.core.backup.errors import BackupError
from guanxi.core.backup.reading import Manifest
from guanxi.core.backup.scope import Table
from guanxi.core.backup.snapshot import Sum
from guanxi.core.fast_loading import constraints_off

_NUL = b"\\u0000"


class Loader:
    """Writes the rows of a backup into the database of the default connection."""

    def __init__(self, manifest: Manifest) -> None:
        """Know the tables and how their columns are written."""
        self.tables = {table.name: table for table in manifest.tables}
        self.vendor = connection.vendor
        self.converts = {
            name: [codecs.to_database(kind, self.vendor) for _column, kind in table.columns]
            for name, table in self.tables.items()
        }
        # What must stand afterwards: what was in the backup but for what this database cannot hold.
        self.expected: dict[str, Any] = {name: hashlib.sha256() for name in self.tables}
        self.counts = dict.fromkeys(self.tables, 0)
        self.dropped = 0
        self.next_ids: dict[str, int | None] = {}

    def check_columns(self) -> None:
        """Every table of the backup stands, with its columns and no others; else the schema is not what it says."""
        with connection.cursor() as cursor:
            standing = set(connection.introspection.table_names(cursor))
            for table in self.tables.values():
                if table.name not in standing:
                    raise errors.damaged()
                names = {one.name for one in connection.introspection.get_table_description(cursor, table.name)}
                if not {name for name, _kind in table.columns} <= names:
                    raise errors.damaged()

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Empty the tables (migrations put rows into some), and hold indexes and keys off while rows come in."""
        names = list(self.tables)
        with self._unchecked(), transaction.atomic(), connection.cursor() as cursor:
            for statement in connection.ops.sql_flush(_no_style(), names, allow_cascade=True):
                cursor.execute(statement)
            with constraints_off(names):
                yield
            for name, last in self.next_ids.items():
                self._set_next_id(self.tables[name], last)

    @contextmanager
    def _unchecked(self) -> Iterator[None]:
        """SQLite looks at foreign keys row by row; here once, when everything is in."""
        if self.vendor != "sqlite":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")
            yield
            cursor.execute("PRAGMA foreign_key_check")
            if cursor.fetchone() is not None:
                raise errors.damaged()
            cursor.execute("PRAGMA foreign_keys = ON")

    def put(self, name: str, lines: bytes) -> None:
        """Write one chunk of a table."""
        table = self.tables.get(name)
        if table is None:
            raise errors.damaged()
        rows = [orjson.loads(line) for line in lines.splitlines()]
        if self.vendor == "postgresql" and _NUL in lines:
            lines = self._without_nul(table, rows)
        self.expected[name].update(lines)
        self.counts[name] += len(rows)
        try:
            columns: list[Any] = list(zip(*rows, strict=True))
            if len(columns) != len(table.columns):
                raise ValueError(name)
            for place, convert in enumerate(self.converts[name]):
                if convert is not None:
                    columns[place] = convert(columns[place])
            self._insert(table, columns)
        except (ValueError, TypeError, IndexError):
            raise errors.damaged() from None
        except DatabaseError as error:
            told = {"table": name, "reason": str(error).strip().partition("\n")[0]}
            raise BackupError(_("The database refused rows of %(table)s: %(reason)s") % told) from error

    def _without_nul(self, table: Table, rows: list[list[Any]]) -> bytes:
        """Take out the one character that PostgreSQL cannot hold, and count it; the lines as they will stand."""
        for row in rows:
            for place, (_name, kind) in enumerate(table.columns):
                cleaned = codecs.without_nul(row[place], kind) if kind in {"text", "json"} else row[place]
                if cleaned != row[place]:
                    row[place] = cleaned
                    self.dropped += 1
        return b"\n".join(map(orjson.dumps, rows)) + b"\n"

    def _insert(self, table: Table, columns: list[Any]) -> None:
        """Hand the rows to the database."""
        names = ", ".join(f'"{name}"' for name, _kind in table.columns)
        rows = zip(*columns, strict=True)
        with connection.cursor() as cursor:
            if self.vendor == "postgresql":
                with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
                    for row in rows:
                        copy.write_row(row)
                return
            marks = ", ".join(["?"] * len(table.columns))
            statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608
            connection.connection.executemany(statement, rows)

    def _set_next_id(self, table: Table, last: int | None) -> None:
        """Numbers given once are not given again, even where their rows are gone."""
        if last is None:
            return
        with connection.cursor() as cursor:
            if self.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table.name, last])
                return
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table.name}"', table.key])
            sequence = cursor.fetchone()[0]
            if sequence:
                cursor.execute("SELECT setval(%s::regclass, %s, %s)", [sequence, max(1, last), last > 0])

    def sums(self) -> dict[str, Sum]:
        """What each table must have now."""
        return {name: Sum(self.counts[name], self.expected[name].hexdigest()) for name in self.tables}


def _no_style() -> Any:
    """Statements without colours."""
    from django.core.management.color import no_style  # asks the terminal, which nothing else here does

    return no_style()

"""Reading a backup: every part in its order, checked by digest before it is handed on."""

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from guanxi.core.backup import entries, errors
from guanxi.core.backup.container import Reader
from guanxi.core.backup.entries import Entry
from guanxi.core.backup.errors import BackupError
from guanxi.core.backup.keys import Keys
from guanxi.core.backup.scope import Table
from guanxi.core.backup.snapshot import Sum


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    guanxi: str
    made_at: datetime
    database: str
    migrations: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    left_out: dict[str, str]
    is_masked: bool
    has_secret_key: bool


def _manifest(entry: Entry) -> Manifest:
    """The manifest from its entry."""
    words = entry.words
    try:
        return Manifest(
            guanxi=str(words["guanxi"]),
            made_at=datetime.fromisoformat(words["made_at"]),
            database=str(words["database"]),
            migrations=tuple((str(app), str(name)) for app, name in words["migrations"]),
            tables=tuple(
                Table(one["table"], tuple((name, kind) for name, kind in one["columns"]), one["key"])
                for one in words["tables"]
            ),
            left_out=dict(words["left_out"]),
            is_masked=bool(words["is_masked"]),
            has_secret_key=bool(words["has_secret_key"]),
        )
    except (KeyError, TypeError, ValueError):
        raise errors.damaged() from None


@dataclass
class Backup:
    """An opened backup; `entries` may be walked once."""

    path: Path
    reader: Reader
    manifest: Manifest
    sums: dict[str, Sum] = field(default_factory=dict)
    contents: int = 0
    missing: tuple[str, ...] = ()

    @property
    def is_encrypted(self) -> bool:
        """Whether only holders of a key can read it."""
        return self.reader.is_encrypted

    def entries(self) -> Iterator[Entry]:
        """Everything between manifest and end, each table and content counted and compared with its digest."""
        table, digest, count = "", hashlib.sha256(), 0
        content: Any = None
        while (entry := entries.get(self.reader)).what != "end":
            if entry.what == "rows":
                if entry.words.get("table") != table and count:
                    raise errors.damaged()
                table = str(entry.words.get("table"))
                digest.update(entry.content)
                count += _lines(entry)
            elif entry.what == "table":
                self._table(entry, digest.hexdigest(), count)
                table, digest, count = "", hashlib.sha256(), 0
            elif entry.what == "content":
                content = hashlib.sha256()
            elif entry.what == "piece" and content:
                content.update(entry.content)
            elif entry.what == "content_end" and content:
                if content.hexdigest() != entry.words.get("content_sha256"):
                    raise errors.damaged()
                self.contents += 1
                content = None
            elif entry.what != "secret":
                raise errors.damaged()
            yield entry
        self._end(entry)

    def _table(self, entry: Entry, sha256: str, count: int) -> None:
        """A table is over: what was read must be what was written."""
        words = entry.words
        if words.get("table_sha256") != sha256 or words.get("rows") != count:
            raise errors.damaged()
        self.sums[str(words["table"])] = Sum(count, sha256)

    def _end(self, entry: Entry) -> None:
        """The end names every table with its rows; nothing follows."""
        told = {name: Sum(one["rows"], one["sha256"]) for name, one in entry.words.get("tables", {}).items()}
        whole = {table.name for table in self.manifest.tables} == set(told)
        if told != self.sums or not whole or entry.words.get("contents") != self.contents or not self.reader.at_end():
            raise errors.damaged()
        self.missing = tuple(entry.words.get("missing", ()))


def _lines(entry: Entry) -> int:
    """The number of rows in a chunk, as said and as counted."""
    count = entry.content.count(b"\n")
    if count != entry.words.get("rows"):
        raise errors.damaged()
    return count


@contextlib.contextmanager
def opened(path: Path, keys: Keys) -> Iterator[Backup]:
    """Open a backup and read its manifest."""
    try:
        file = path.open("rb")
    except OSError as error:
        told = {"path": path, "reason": error.strerror or error}
        raise BackupError(_("The backup %(path)s cannot be read: %(reason)s.") % told) from error
    with file:
        reader = Reader(file, keys)
        first = entries.get(reader)
        if first.what != "manifest":
            raise errors.damaged()
        yield Backup(path, reader, _manifest(first))


def check(path: Path, keys: Keys) -> Backup:
    """Read a backup from end to end; BackupError when anything is wrong with it."""
    with opened(path, keys) as backup:
        for _entry in backup.entries():
            pass
        return backup

"""Making a backup: one file, under its name only when it is whole."""

import contextlib
import errno
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override

import guanxi
from guanxi.core import clock
from guanxi.core.backup import entries
from guanxi.core.backup.container import Writer
from guanxi.core.backup.errors import AskedWrongly, BackupError
from guanxi.core.backup.hooks import Masking
from guanxi.core.backup.keys import Locks
from guanxi.core.backup.scope import Contents, Table, contents, left_out, schema_of
from guanxi.core.backup.snapshot import PostgresSnapshot, SqliteSnapshot, chunks, taken
from guanxi.core.errors import Unavailable

PARTIAL = ".partial-"
PIECE_BYTES = 1 << 20
Say = Callable[[str], None]
Snapshot = SqliteSnapshot | PostgresSnapshot


@dataclass(frozen=True)
class Made:
    """A backup that was made."""

    path: Path
    size: int
    made_at: datetime
    rows: int
    tables: int
    contents: int
    missing: tuple[str, ...]
    is_encrypted: bool
    is_masked: bool
    has_secret_key: bool
    seconds: float
    file_key: bytes = b""


def make(
    path: Path, *, locks: Locks, masking: Masking | None = None, say: Say | None = None, check: Say | None = None
) -> Made:
    """Write a backup of the running system to a new file; `check` is called between chunks and may raise."""
    started = time.monotonic()
    with _new_file(path) as file, taken(connection) as snapshot:
        work = _Work(snapshot, file, locks, masking, say or _silent, check or _silent)
        work.write_all()
        file.flush()
        size = file.tell()
    return Made(
        path=path,
        size=size,
        made_at=work.made_at,
        rows=sum(rows for rows, _digest in work.sums.values()),
        tables=len(work.tables),
        contents=work.content_count,
        missing=tuple(work.missing),
        is_encrypted=bool(locks),
        is_masked=masking is not None,
        has_secret_key=work.has_secret_key,
        seconds=time.monotonic() - started,
        file_key=work.writer.file_key,
    )


def _silent(_text: str) -> None:
    """Say nothing."""


@contextlib.contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name when the block ends well; only its owner may read it."""
    if path.exists() or path.is_symlink():
        raise AskedWrongly(_("There is a file %(path)s already.") % {"path": path})
    partial = path.with_name(f".{path.name}{PARTIAL}{os.getpid()}")
    try:
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _name(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise Unavailable(_("The disk is full: no backup was made.")) from error
        told = {"path": path, "reason": os.strerror(error.errno) if error.errno else str(error)}
        raise BackupError(_("The backup cannot be written to %(path)s: %(reason)s.") % told) from error


def _name(partial: Path, path: Path) -> None:
    """Give a whole file its name unless somebody else took it meanwhile, and have the folder remember it."""
    try:
        os.link(partial, path)
    except FileExistsError:
        raise AskedWrongly(_("There is a file %(path)s already.") % {"path": path}) from None
    except OSError:  # a file system without links
        os.rename(partial, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(folder)
    finally:
        os.close(folder)


class _Work:
    """One backup while it is written."""

    def __init__(
        self, snapshot: Snapshot, file: IO[bytes], locks: Locks, masking: Masking | None, say: Say, check: Say
    ) -> None:
        """Look at the schema and write the header."""
        self.snapshot = snapshot
        self.masking, self.say, self.check = masking, say, check
        self.made_at = clock.now()
        self.migrations, self.tables, _current = schema_of(connection)
        if not self.migrations:
            raise BackupError(_("There is no database yet: nothing to back up."))
        if masking is not None:
            self.tables = [table for table in self.tables if masking.holds(table)]
        self.has_secret_key = bool(locks) and masking is None
        self.sums: dict[str, tuple[int, str]] = {}
        self.content_count = 0
        self.missing: list[str] = []
        about = {"guanxi": guanxi.__version__, "made_at": self.made_at.isoformat()}
        self.writer = Writer(file, about, locks)

    def write_all(self) -> None:
        """Manifest, tables, contents, secret, end."""
        with override("en"):
            entries.put(self.writer, "manifest", self._manifest())
        if self.has_secret_key:
            entries.put(self.writer, "secret", {"name": "secret-key"}, settings.SECRET_KEY.encode())
        for table in self.tables:
            self._table(table)
        if self.masking is None:
            for one in contents:
                self._contents(one)
        told = {name: {"rows": rows, "sha256": digest} for name, (rows, digest) in self.sums.items()}
        end = {"tables": told, "contents": self.content_count, "missing": self.missing}
        entries.put(self.writer, "end", end)
        self.writer.finish()

    def _manifest(self) -> dict[str, Any]:
        """What the file holds and what it does not."""
        return {
            "guanxi": guanxi.__version__,
            "made_at": self.made_at.isoformat(),
            "database": self.snapshot.vendor,
            "migrations": [list(key) for key in self.migrations],
            "tables": [table.as_json() for table in self.tables],
            "left_out": {one.table: str(one.why) for one in left_out},
            "is_masked": self.masking is not None,
            "has_secret_key": self.has_secret_key,
        }

    def _table(self, table: Table) -> None:
        """All rows of one table."""
        digest, count = hashlib.sha256(), 0
        mask = self.masking.mask_of(table) if self.masking else None
        for chunk in chunks(self.snapshot, table, mask):
            entries.put(self.writer, "rows", {"table": table.name, "rows": chunk.rows}, chunk.lines)
            digest.update(chunk.lines)
            count += chunk.rows
            self.check("")
        self.sums[table.name] = (count, digest.hexdigest())
        words = {"table": table.name, "rows": count, "table_sha256": digest.hexdigest()}
        entries.put(self.writer, "table", words | {"next_id": self.snapshot.next_id(table)})
        if count:
            self.say(f"{table.name}: {count}")

    def _contents(self, one: Contents) -> None:
        """Every content that the rows of the snapshot name, once."""
        if one.table not in {table.name for table in self.tables}:
            return
        sql = f'SELECT DISTINCT "{one.column}" FROM "{one.table}" ORDER BY 1'  # noqa: S608
        for rows in self.snapshot.rows(sql):
            for (name,) in rows:
                try:
                    self._content(one, str(name))
                except (FileNotFoundError, PermissionError):
                    # Removed a moment ago, or lost long before; said, not hidden.
                    self.missing.append(str(name))

    def _content(self, one: Contents, name: str) -> None:
        """The bytes of one content in pieces; what cannot be read whole is said, and is no reason to have no backup."""
        digest, left = hashlib.sha256(), 0
        with one.path_of(name).open("rb") as file:
            left = os.fstat(file.fileno()).st_size
            entries.put(self.writer, "content", {"store": one.key, "name": name})
            while left and (piece := _read(file, min(PIECE_BYTES, left))):
                left -= len(piece)
                digest.update(piece)
                entries.put(self.writer, "piece", {}, piece)
                self.snapshot.watch()
                self.check("")
        entries.put(self.writer, "content_end", {"name": name, "content_sha256": digest.hexdigest()})
        self.content_count += 1
        if digest.hexdigest() != name:
            self.missing.append(name)


def _read(file: IO[bytes], count: int) -> bytes:
    """The next bytes of a stored file; none where the disk cannot read it."""
    try:
        return file.read(count)
    except OSError:
        return b""


def sweep_partials(folder: Path, *, older_than_seconds: float = 86_400) -> int:
    """Remove what backups that died left behind; how many files went."""
    count = 0
    for path in folder.glob(f".*{PARTIAL}*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - older_than_seconds:
                path.unlink()
                count += 1
    return count

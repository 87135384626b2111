"""Restoring a backup into an empty Guanxi, and the drill that restores one into a scratch place and compares."""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.core import planner_statistics
from guanxi.core.backup import errors, places
from guanxi.core.backup.entries import Entry
from guanxi.core.backup.errors import BackupError
from guanxi.core.backup.hooks import Restored, after_restore
from guanxi.core.backup.keys import Keys
from guanxi.core.backup.loading import Loader
from guanxi.core.backup.reading import Manifest, check, opened
from guanxi.core.backup.scope import contents, leaves_of
from guanxi.core.backup.snapshot import Sum, sum_of, taken
from guanxi.core.custom_indexes import plan_indexes
from guanxi.core.fresh_schema import new_models_alone
from guanxi.core.models import CustomField

Say = Callable[[str], None]


@dataclass
class Outcome:
    """What was restored, and what whoever restored it should know."""

    made_at: datetime
    guanxi: str
    place: str
    tables: int
    rows: int
    contents: int
    seconds: float
    notes: list[str] = field(default_factory=list)


def restore(path: Path, *, keys: Keys, erasures: Path | None = None, say: Say | None = None) -> Outcome:
    """Fill this empty Guanxi from a backup; everything is checked before the first row is written."""
    started = time.monotonic()
    told = say or _silent
    places.refuse_unless_empty()
    told(_("Checking the backup."))
    manifest = check(path, keys).manifest
    refuse_unknown_schema(manifest)
    with places.own_database():
        told(_("Restoring the rows."))
        outcome, secret = _rebuild(path, keys, told, sink=_Kept())
        told(_("Bringing the tables up to date."))
        call_command("migrate", interactive=False, verbosity=0)
        _derive()
        restored = Restored(manifest.made_at, manifest.guanxi, erasures)
        outcome.notes += [str(note) for replay in after_restore if (note := replay(restored))]
        planner_statistics.refresh(is_whole=True)
    outcome.notes += _secret(manifest, secret)
    outcome.seconds = time.monotonic() - started
    return outcome


def drill(path: Path, *, keys: Keys, say: Say | None = None, check_in: Say | None = None) -> Outcome:
    """Restore a backup into a scratch place and compare it row by row with what was written; nothing stays."""
    started = time.monotonic()
    with opened(path, keys) as backup:
        refuse_unknown_schema(backup.manifest)
    with places.scratch() as place:
        outcome, _secret_key = _rebuild(path, keys, say or _silent, sink=_Counted(), check_in=check_in)
    outcome.place = place
    outcome.seconds = time.monotonic() - started
    return outcome


def _silent(_text: str) -> None:
    """Say nothing."""


def refuse_unknown_schema(manifest: Manifest) -> None:
    """A schema with migrations that this program lacks was made by a newer one."""
    known = MigrationExecutor(None).loader.disk_migrations
    if any(key not in known for key in manifest.migrations):
        raise errors.newer(manifest.guanxi)


def _rebuild(
    path: Path, keys: Keys, say: Say, *, sink: "_Kept | _Counted", check_in: Say | None = None
) -> tuple[Outcome, str]:
    """Make the schema of the backup, load its rows, compare; the outcome and the secret key, if the backup has it."""
    secret = ""
    with opened(path, keys) as backup:
        manifest = backup.manifest
        _make_schema(manifest)
        loader = Loader(manifest)
        loader.check_columns()
        with ExitStack() as stack:
            stack.callback(sink.close)
            with loader.loading():
                for entry in backup.entries():
                    secret = _take(entry, loader, sink) or secret
                    if check_in is not None:
                        check_in("")
                say(_("Making the indexes."))
        missing = backup.missing
    say(_("Comparing every row."))
    compare(manifest, loader.sums())
    outcome = Outcome(
        made_at=manifest.made_at,
        guanxi=manifest.guanxi,
        place="",
        tables=len(manifest.tables),
        rows=sum(loader.counts.values()),
        contents=sink.count,
        seconds=0,
    )
    outcome.notes += _notes(loader.dropped, missing)
    return outcome, secret


def _make_schema(manifest: Manifest) -> None:
    """The tables as they were when the backup was made."""
    executor = MigrationExecutor(connection)
    with new_models_alone():
        executor.migrate(leaves_of(executor.loader, manifest.migrations))
    executor.loader.build_graph()
    if set(executor.loader.applied_migrations) != set(manifest.migrations):
        raise errors.damaged()


def _take(entry: Entry, loader: Loader, sink: "_Kept | _Counted") -> str:
    """Put one entry where it belongs; the secret key when it is that."""
    words = entry.words
    if entry.what == "rows":
        loader.put(str(words["table"]), entry.content)
    elif entry.what == "table":
        loader.next_ids[str(words["table"])] = words.get("next_id")
    elif entry.what == "content":
        sink.begin(str(words.get("store")), str(words.get("name")))
    elif entry.what == "piece":
        sink.write(entry.content)
    elif entry.what == "content_end":
        sink.end(str(words.get("content_sha256")))
    elif entry.what == "secret":
        return entry.content.decode()
    return ""


def compare(manifest: Manifest, wanted: dict[str, Sum]) -> None:
    """Read every table back; BackupError when one is not what the backup says."""
    with taken(connection, is_watched=False) as snapshot:
        for table in manifest.tables:
            found = sum_of(snapshot, table)
            if found != wanted[table.name]:
                told = {"table": table.name, "found": found.rows, "wanted": wanted[table.name].rows}
                text = _("%(table)s does not hold what the backup says (%(found)d rows of %(wanted)d, or others).")
                raise BackupError(text % told)


def _derive() -> None:
    """Have made anew what is made from rows: the indexes of custom fields."""
    kinds = CustomField.objects.filter(is_filterable=True).order_by("kind").values_list("kind", flat=True).distinct()
    for kind in list(kinds):
        plan_indexes(kind)


def _notes(dropped: int, missing: tuple[str, ...]) -> list[str]:
    """What could not be carried."""
    notes = []
    if dropped:
        text = ngettext(
            "%(count)d value held a NUL character, which PostgreSQL cannot keep; the character was left out.",
            "%(count)d values held a NUL character, which PostgreSQL cannot keep; the characters were left out.",
            dropped,
        )
        notes.append(text % {"count": dropped})
    if missing:
        text = ngettext(
            "%(count)d stored file was lost or damaged before the backup was made.",
            "%(count)d stored files were lost or damaged before the backup was made.",
            len(missing),
        )
        notes.append(text % {"count": len(missing)})
    return notes


def _secret(manifest: Manifest, secret: str) -> list[str]:
    """Put the secret key in place, or say why there is none."""
    if not secret:
        if manifest.is_masked:
            return []
        return [_("The backup was not encrypted, so it holds no secret key: this Guanxi keeps its own.")]
    if os.environ.get("GUANXI_SECRET_KEY"):
        return [_("GUANXI_SECRET_KEY is set: the secret key of the backup was not put in place.")]
    path = Path(settings.DATA_DIR) / "secret-key"
    descriptor, fresh = tempfile.mkstemp(dir=settings.DATA_DIR, prefix="secret-key.")
    with os.fdopen(descriptor, "w") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
    return [_("The secret key of the backup was put in place.")]


class _Counted:
    """Takes contents for a drill: they were compared with their digests while they were read."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.count = 0

    def begin(self, store: str, name: str) -> None:
        """A content begins."""

    def write(self, piece: bytes) -> None:
        """Its bytes."""

    def end(self, _sha256: str) -> None:
        """It is over."""
        self.count += 1

    def close(self) -> None:
        """No more."""


class _Kept:
    """Puts contents where the modules that own them keep them."""

    def __init__(self) -> None:
        """Nothing is open."""
        self.count = 0
        self.target: Path | None = None
        self.name = ""
        self.file: IO[bytes] | None = None
        self.partial = Path()
        self.digest: Any = None

    def begin(self, store: str, name: str) -> None:
        """Open a file beside the place of the content."""
        owner = contents.get(store)
        if owner is None or len(name) != 64 or not set(name) <= set("0123456789abcdef"):
            raise errors.damaged()
        self.target, self.name, self.digest = owner.path_of(name), name, hashlib.sha256()
        self.target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, partial = tempfile.mkstemp(dir=self.target.parent, prefix="incoming-")
        self.file, self.partial = os.fdopen(descriptor, "wb"), Path(partial)

    def write(self, piece: bytes) -> None:
        """Its bytes."""
        if self.file is None:
            raise errors.damaged()
        self.file.write(piece)
        self.digest.update(piece)

    def end(self, _sha256: str) -> None:
        """Give it its name if it is what its name says."""
        if self.file is None or self.target is None:
            raise errors.damaged()
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        self.file = None
        if self.digest.hexdigest() == self.name:
            os.replace(self.partial, self.target)
            self.count += 1
        else:
            self.partial.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave nothing half written."""
        if self.file is not None:
            self.file.close()
            self.partial.unlink(missing_ok=True)

"""Storing, reading and removing files. Bytes are in place before the row is, and go after it."""

import errno
import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core import changes, clock
from guanxi.core.actor import Actor
from guanxi.core.compiled import CompiledRecords
from guanxi.core.errors import Unavailable
from guanxi.files.content import media_type_of
from guanxi.files.models import StoredFile
from guanxi.files.policies import file_holders

CHUNK_BYTES = 1 << 18
INCOMING = "incoming-"
SWEPT_AFTER_SECONDS = 86_400


class Chunked(Protocol):
    """An upload as Django hands it over."""

    def chunks(self) -> Iterable[bytes]:
        """Yield its bytes in parts."""
        ...


def folder() -> Path:
    """Return the folder of all files, made when first asked for."""
    path = Path(settings.DATA_DIR) / "files"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def path_of_digest(sha256: str) -> Path:
    """Return where content with this digest lies."""
    return folder() / sha256[:2] / sha256


def path_of(stored: StoredFile) -> Path:
    """Return where the content of a stored file lies."""
    return path_of_digest(stored.sha256)


@dataclass(frozen=True)
class Received:
    """Content that lies in its place and has no row yet."""

    sha256: str
    size: int
    media_type: str

    @property
    def path(self) -> Path:
        """Where it lies."""
        return path_of_digest(self.sha256)


def receive(source: Chunked | IO[bytes] | Path) -> Received:
    """Keep content that is looked at before it is stored; what is never stored is swept away after a day."""
    return Received(*_keep(_parts(source)))


def store(
    *,
    actor: Actor,
    name: str,
    source: Chunked | IO[bytes] | Path | Received,
    record_kind: str = "",
    record_id: int | None = None,
) -> StoredFile:
    """Keep the content and its row; equal content is not kept twice."""
    _check_holder(record_kind)
    received = source if isinstance(source, Received) else receive(source)
    with changes.operation(actor=actor, name="files.store") as op:
        return op.create(
            StoredFile(
                name=_clean_name(name),
                sha256=received.sha256,
                size=received.size,
                media_type=received.media_type,
                record_kind=record_kind,
                record_id=record_id,
                by_id=actor.user_id,
                by_name=actor.name[:150],
                created_at=clock.now(),
            )
        )


def _check_holder(kind: str) -> None:
    """A kind of record that nobody registered would hide its files from everybody."""
    if kind and kind not in file_holders:
        raise ValueError(f"{kind!r} is no kind of record that holds files: register it in file_holders")


def attach(*, actor: Actor, stored: StoredFile, kind: str, record_id: int) -> None:
    """Say which record a file belongs to."""
    _check_holder(kind)
    with changes.operation(actor=actor, name="files.attach") as op:
        op.update(stored, record_kind=kind, record_id=record_id)


def discard(*, actor: Actor, stored: StoredFile) -> None:
    """Remove a file; its bytes go with the last row that has them."""
    sha256 = stored.sha256
    with changes.operation(actor=actor, name="files.discard") as op:
        op.delete(stored)
        transaction.on_commit(lambda: _remove_unless_kept(sha256))


def _remove_unless_kept(sha256: str) -> None:
    """Delete content that no row has any more."""
    if not StoredFile.objects.filter(sha256=sha256).exists():
        path_of_digest(sha256).unlink(missing_ok=True)


_OF_ONE = CompiledRecords(
    StoredFile,
    lambda kind, number: StoredFile.objects.filter(record_kind=kind, record_id=number).order_by("pk"),
    str, int,
)  # fmt: skip


def files_of(kind: str, record_id: int) -> list[StoredFile]:
    """The files of a record, the first one first; whether somebody may see the record is for the caller to know."""
    return _OF_ONE.all(kind, record_id)


def sweep() -> int:
    """Remove content of more than a day that no row names, and what was never received whole; how many files went."""
    count, oldest = 0, time.time() - SWEPT_AFTER_SECONDS
    for path in folder().rglob("*"):
        if not path.is_file() or path.stat().st_mtime > oldest:
            continue
        if path.name.startswith(INCOMING) or not StoredFile.objects.filter(sha256=path.name).exists():
            path.unlink(missing_ok=True)
            count += 1
    return count


def _clean_name(name: str) -> str:
    """Return a name without folders and without characters that headers and disks stumble over."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(character for character in last if character.isprintable()).strip()
    return (shown or "file")[-255:]


def _parts(source: Chunked | IO[bytes] | Path) -> Iterator[bytes]:
    """Yield the bytes of whatever was given."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield from _parts(file)
    elif hasattr(source, "chunks"):
        yield from source.chunks()
    else:
        while part := source.read(CHUNK_BYTES):
            yield part


def _keep(parts: Iterable[bytes]) -> tuple[str, int, str]:
    """Write content under its digest, whole or not at all; return digest, size and kind."""
    digest, size = hashlib.sha256(), 0
    descriptor, temporary = tempfile.mkstemp(dir=folder(), prefix=INCOMING)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            for part in parts:
                file.write(part)
                digest.update(part)
                size += len(part)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            kind = media_type_of(file)
        target = path_of_digest(digest.hexdigest())
        target.parent.mkdir(mode=0o700, exist_ok=True)
        os.replace(temporary, target)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise Unavailable(_("The disk is full: the file was not stored.")) from error
        raise
    finally:
        Path(temporary).unlink(missing_ok=True)
    return digest.hexdigest(), size, kind

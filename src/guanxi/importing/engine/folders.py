"""Where an import keeps its files: the copy of what was given, the rows as read, the refused rows."""

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

BLOCK = 1 << 20


@dataclass(frozen=True)
class Folder:
    """The folder of one import (or of one dry run)."""

    path: Path

    @property
    def original(self) -> Path:
        """The file as given."""
        return self.path / "original"

    @property
    def staged(self) -> Path:
        """The rows as read, typed and checked."""
        return self.path / "rows.arrow"

    @property
    def refused(self) -> Path:
        """Every refused row with its reason."""
        return self.path / "refused.csv"

    def forget_rows(self) -> None:
        """Drop what only a run in hand needs; the refused rows stay."""
        for path in self.path.glob("*"):
            if path != self.refused:
                path.unlink(missing_ok=True)

    def remove(self) -> None:
        """Drop everything."""
        shutil.rmtree(self.path, ignore_errors=True)


def _root() -> Path:
    """The folder above all of them, private."""
    root = Path(settings.DATA_DIR) / "imports"
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    return root


def folder_of(import_id: int) -> Folder:
    """The folder of an import, made if need be."""
    path = _root() / str(import_id)
    path.mkdir(mode=0o700, exist_ok=True)
    return Folder(path)


def trial_folder() -> Folder:
    """A folder for a dry run."""
    return Folder(Path(tempfile.mkdtemp(prefix="dry-run-", dir=_root())))


def keep(source: Path | BinaryIO, target: Path) -> None:
    """Copy a file into a folder; half a copy never gets the name."""
    part = target.with_suffix(".part")
    with part.open("wb") as copy:
        if isinstance(source, Path):
            with source.open("rb") as given:
                shutil.copyfileobj(given, copy, BLOCK)
        else:
            shutil.copyfileobj(source, copy, BLOCK)
    part.replace(target)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""Where an import works: the copy of a file given by command, the rows as read, the refused rows.

What was uploaded in the browser is a stored file (`guanxi.files`) that belongs to the import.
"""

import fcntl
import hashlib
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings

BLOCK = 1 << 20


IN_USE = "in-use"
TRIAL = "trial-"
KEPT_DAYS = 7


@dataclass(frozen=True)
class Folder:
    """The folder of one import (or of one dry run)."""

    path: Path
    mark: Any = None
    """The open file whose lock says that a living process uses the folder."""

    @property
    def original(self) -> Path:
        """The copy of a file given by command, so that nothing changes under the reader."""
        return self.path / "original"

    @property
    def staged(self) -> Path:
        """The rows as read, typed and checked."""
        return self.path / "rows.arrow"

    @property
    def refused(self) -> Path:
        """Every refused row with its reason."""
        return self.path / "refused.csv"

    @property
    def reasons(self) -> Path:
        """The reasons alone, to be told in any language."""
        return self.path / "refused.reasons"

    def forget_rows(self) -> None:
        """Drop what only a run in hand needs; the refused rows stay."""
        for path in self.path.glob("*"):
            if path not in (self.refused, self.reasons):
                path.unlink(missing_ok=True)
        if self.mark:
            self.mark.close()

    def remove(self) -> None:
        """Drop everything."""
        shutil.rmtree(self.path, ignore_errors=True)


def imports_folder() -> Path:
    """The folder above all of them, private."""
    root = Path(settings.DATA_DIR) / "imports"
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    return root


def folder_of(import_id: int) -> Folder:
    """The folder of an import, made if need be."""
    path = imports_folder() / str(import_id)
    path.mkdir(mode=0o700, exist_ok=True)
    return Folder(path)


def trial_folder() -> Folder:
    """A folder for a file that is no import yet (or never will be: a dry run); what dead processes left goes."""
    clear_trials()
    path = Path(tempfile.mkdtemp(prefix=TRIAL, dir=imports_folder()))
    mark = (path / IN_USE).open("w")
    fcntl.flock(mark, fcntl.LOCK_EX)
    return Folder(path, mark)


def clear_trials() -> None:
    """Remove folders that no living process uses, refused rows of dry runs after some days."""
    for path in imports_folder().glob(f"{TRIAL}*"):
        try:
            if (path / IN_USE).exists():
                with (path / IN_USE).open("w") as mark:
                    fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(path, ignore_errors=True)
            elif time.time() - path.stat().st_mtime > (KEPT_DAYS * 86_400 if any(path.iterdir()) else 60):
                shutil.rmtree(path, ignore_errors=True)
        except OSError:
            continue


def keep(source: Path | IO[bytes], target: Path) -> None:
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

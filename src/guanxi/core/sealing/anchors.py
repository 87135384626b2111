"""The newest seal, kept where the database does not reach: it shows when the end of the history was cut off."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from guanxi.core.errors import InvalidInput
from guanxi.core.models.seals import Seal

FILE = "history-anchor.json"
LONGEST = 4096


@dataclass(frozen=True)
class Anchor:
    """A seal's number and digest."""

    number: int
    digest: str

    def __str__(self) -> str:
        """One line of JSON, as it is printed, logged and kept."""
        return json.dumps({"seal": self.number, "digest": self.digest})


def newest() -> Anchor | None:
    """The anchor of the history as it stands."""
    last = Seal.objects.order_by("-number").first()
    return Anchor(last.number, bytes(last.digest).hex()) if last else None


def path() -> Path:
    """Where this machine keeps the newest anchor by itself."""
    folder: Path = settings.DATA_DIR
    return folder / FILE


def keep(anchor: Anchor | None) -> None:
    """Write the anchor beside the database; a disk that refuses stops no sealing."""
    if anchor is None:
        return
    new = path().with_suffix(".new")
    try:
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{anchor}\n")
        new.replace(path())
    except OSError:
        new.unlink(missing_ok=True)


def read(file: Path) -> list[Anchor]:
    """The anchors of a file, one to a line as `guanxi check --history` prints them."""
    try:
        with file.open("rb") as handle:
            lines = handle.read(LONGEST * 64).splitlines()
        found = [_of_line(line) for line in lines if line.strip()]
    except OSError as error:
        raise InvalidInput(
            _("%(path)s cannot be read: %(reason)s") % {"path": file, "reason": error.strerror}
        ) from None
    except (ValueError, KeyError, TypeError):
        raise InvalidInput(_("%(path)s holds no anchor of a history.") % {"path": file}) from None
    if not found:
        raise InvalidInput(_("%(path)s holds no anchor of a history.") % {"path": file})
    return found


def _of_line(line: bytes) -> Anchor:
    """An anchor out of a line."""
    data = json.loads(line)
    digest = bytes.fromhex(data["digest"])
    if len(digest) != 32 or not isinstance(data["seal"], int) or isinstance(data["seal"], bool):
        raise ValueError
    return Anchor(data["seal"], digest.hex())


def kept_here() -> list[Anchor]:
    """The anchor that this machine keeps by itself; none when there is none that can be read."""
    try:
        return read(path()) if path().exists() else []
    except InvalidInput:
        return []


def add(file: Path, anchor: Anchor) -> None:
    """Write an anchor at the end of a file of anchors, which may not be there yet."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(f"{anchor}\n")
    except OSError as error:
        raise InvalidInput(
            _("%(path)s cannot be written: %(reason)s") % {"path": file, "reason": error.strerror}
        ) from None

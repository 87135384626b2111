"""Raw mails in files: one in an .eml file, many in an mbox, folders of both."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from guanxi.core.errors import InvalidInput
from guanxi.core.sentences import gettext as _

FIRST_BYTES = 4096
LINE_BYTES = 1 << 20
MBOX_BEGIN = re.compile(rb"From (?![^\r\n]*:[ \t]*<)\S+[^\r\n]*\d[^\r\n]*\r?\n")
ESCAPED = re.compile(rb"(?m)^>(>*From )")
# Of a mail that is larger only the beginning is taken in.
MAIL_BYTES_AT_MOST = 150_000_000
BEGINNING_BYTES = 15_000_000
# What lies beside mails in a folder and is none.
NO_MAIL = {".json", ".md", ".csv", ".py", ".db", ".sqlite3", ".zip", ".gz", ".xlsx", ".yaml", ".yml", ".toml"}


@dataclass(frozen=True)
class RawMail:
    """One mail and the file it lies in; not whole where only its beginning was read."""

    path: Path
    raw: bytes
    is_whole: bool = True


def mails_in(paths: Sequence[Path], *, refuse: Callable[[Path, str], None]) -> Iterator[RawMail]:
    """Every raw mail of these files and folders, in the order of the files; `refuse` hears of files that hold none."""
    for path in paths:
        if not path.is_dir() and not path.is_file():
            raise InvalidInput(_("There is no file or folder %(path)s.") % {"path": path})
    for path in paths:
        for each in _files_in(path):
            try:
                is_empty = True
                for mail in _mails_of(each):
                    is_empty = False
                    yield mail
            except OSError as error:
                refuse(each, _("The file cannot be read (%(reason)s).") % {"reason": error.strerror or error})
            else:
                if is_empty:
                    refuse(each, _("The file is empty."))


def _files_in(path: Path) -> Iterator[Path]:
    """A file itself, or the files of a folder that may be mails, in order."""
    if not path.is_dir():
        yield path
        return
    for each in sorted(each for each in path.rglob("*") if each.is_file() and not _is_hidden(each, path)):
        if each.suffix.lower() not in NO_MAIL:
            yield each


def _is_hidden(path: Path, folder: Path) -> bool:
    """Whether a file or a folder above it is hidden."""
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _mails_of(path: Path) -> Iterator[RawMail]:
    """The mails of one file."""
    with path.open("rb") as file:
        first = file.read(FIRST_BYTES)
        if path.suffix.lower() != ".eml" and MBOX_BEGIN.match(first):
            file.seek(0)
            yield from _split_mbox(path, file)
        elif first.strip() or len(first) == FIRST_BYTES:
            is_whole = path.stat().st_size <= MAIL_BYTES_AT_MOST
            file.seek(0)
            yield RawMail(path, file.read() if is_whole else file.read(BEGINNING_BYTES), is_whole=is_whole)


def _split_mbox(path: Path, file: BinaryIO) -> Iterator[RawMail]:
    """The mails of an mbox, one in memory at a time; lines marked against their beginning are set right."""
    lines: list[bytes] = []
    size, is_blank = 0, True
    while line := file.readline(LINE_BYTES):
        if is_blank and MBOX_BEGIN.match(line):
            if lines:
                yield RawMail(path, _unescaped(lines), is_whole=size <= MAIL_BYTES_AT_MOST)
            lines, size = [], 0
        else:
            size += len(line)
            if size <= MAIL_BYTES_AT_MOST:
                lines.append(line)
        is_blank = not line.strip()
    if any(line.strip() for line in lines):
        yield RawMail(path, _unescaped(lines), is_whole=size <= MAIL_BYTES_AT_MOST)


def _unescaped(lines: list[bytes]) -> bytes:
    """A mail as it was before it went into the mbox."""
    if lines and not lines[-1].strip():
        lines = lines[:-1]
    return ESCAPED.sub(rb"\1", b"".join(lines))

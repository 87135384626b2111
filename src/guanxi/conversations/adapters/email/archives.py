"""Raw mails in files: one in an .eml file, many in an mbox, folders of both."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from guanxi.core.errors import InvalidInput
from guanxi.core.sentences import gettext as _

FIRST_BYTES = 4096
MBOX_BEGIN = re.compile(rb"From (?![^\r\n]*:[ \t]*<)\S+[^\r\n]*\d[^\r\n]*\r?\n")
ESCAPED = re.compile(rb"(?m)^>(>*From )")
MAIL_BYTES_AT_MOST = 150_000_000
# What lies beside mails in a folder and is none.
NO_MAIL = {".json", ".md", ".csv", ".py", ".db", ".sqlite3", ".zip", ".gz", ".xlsx", ".yaml", ".yml", ".toml"}


def mails_in(paths: Sequence[Path]) -> Iterator[tuple[Path, bytes]]:
    """Every raw mail of these files and folders with the file it lies in, in the order of the files."""
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if each.is_file() and not _is_hidden(each, path))
            for each in inside:
                if each.suffix.lower() not in NO_MAIL:
                    yield from _mails_of(each)
        elif path.is_file():
            yield from _mails_of(path)
        else:
            raise InvalidInput(_("There is no file or folder %(path)s.") % {"path": path})


def _is_hidden(path: Path, folder: Path) -> bool:
    """Whether a file or a folder above it is hidden."""
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _mails_of(path: Path) -> Iterator[tuple[Path, bytes]]:
    """The mails of one file."""
    with path.open("rb") as file:
        first = file.read(FIRST_BYTES)
    if path.suffix.lower() != ".eml" and MBOX_BEGIN.match(first):
        for raw in _split_mbox(path):
            yield path, raw
    elif first.strip():
        yield path, path.read_bytes()


def _split_mbox(path: Path) -> Iterator[bytes]:
    """The mails of an mbox, one in memory at a time; lines marked against their beginning are set right."""
    lines: list[bytes] = []
    size, is_blank = 0, True
    with path.open("rb") as file:
        for line in file:
            if is_blank and MBOX_BEGIN.match(line):
                if lines:
                    yield _unescaped(lines)
                lines, size = [], 0
            else:
                size += len(line)
                if size <= MAIL_BYTES_AT_MOST:
                    lines.append(line)
            is_blank = not line.strip()
    if any(line.strip() for line in lines):
        yield _unescaped(lines)


def _unescaped(lines: list[bytes]) -> bytes:
    """A mail as it was before it went into the mbox."""
    if lines and not lines[-1].strip():
        lines = lines[:-1]
    return ESCAPED.sub(rb"\1", b"".join(lines))

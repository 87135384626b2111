"""Passphrases and keys as people give them: from a file, standard input or the environment, never as an argument."""

import os
import sys
from pathlib import Path

from django.utils.translation import gettext as _

from guanxi.core.backup import keys
from guanxi.core.backup.errors import BackupError

PASSPHRASE_VARIABLE = "GUANXI_BACKUP_PASSPHRASE"  # noqa: S105
LONGEST_FILE = 64 * 1024


def passphrase(source: str | None) -> str:
    """The passphrase in a file (`-`: the first line of standard input), else the one of the environment, else ''."""
    if source is None:
        return os.environ.get(PASSPHRASE_VARIABLE, "")
    text = sys.stdin.readline() if source == "-" else _text(Path(source))
    line = text.splitlines()[0] if text.splitlines() else ""
    if not line:
        raise BackupError(_("There is no passphrase in %(source)s.") % {"source": source})
    return line


def private_key(source: str) -> str:
    """The private key in a file, checked."""
    text = _text(Path(source))
    keys.read_private(text)
    return text


def write_new_pair(path: Path) -> str:
    """Make a pair of keys: the private one into a new file that only its owner may read; return the public one."""
    private, public = keys.new_pair()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise BackupError(_("There is a file %(path)s already.") % {"path": path}) from None
    with os.fdopen(descriptor, "w") as file:
        file.write(f"# {public}\n{private}\n")
        file.flush()
        os.fsync(file.fileno())
    return public


def _text(path: Path) -> str:
    """The text of a small file."""
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(LONGEST_FILE)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else _("it is no text")
        raise BackupError(_("%(path)s cannot be read: %(reason)s.") % {"path": path, "reason": reason}) from None

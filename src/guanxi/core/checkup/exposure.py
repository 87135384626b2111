"""Whether other people of this machine can read our secrets off running programs (Linux)."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

PROC = Path("/proc")
MOST_PROCESSES = 4000
SHORTEST = 8


def secrets_by_name() -> dict[str, str]:
    """What must stay secret, by the setting it comes from."""
    mail = settings.CONFIG.mail
    found = {
        "GUANXI_SECRET_KEY": str(settings.SECRET_KEY),
        "DATABASE_URL": str(settings.DATABASES["default"].get("PASSWORD") or ""),
        "GUANXI_MAIL_URL": mail.password if mail is not None else "",
        "GUANXI_BACKUP_PASSPHRASE": os.environ.get("GUANXI_BACKUP_PASSPHRASE", ""),
        **{
            name: value
            for name, value in os.environ.items()
            if re.fullmatch(r"GUANXI_PROVIDER_\w+_CLIENT_SECRET", name)
        },
    }
    return {name: value for name, value in found.items() if len(value) >= SHORTEST}


def on_command_lines() -> list[str]:
    """The secrets that stand in the arguments of a running program, which everybody on the machine can read."""
    wanted = secrets_by_name()
    found: set[str] = set()
    for folder in _processes():
        text = _read(folder / "cmdline")
        found |= {name for name, value in wanted.items() if value.encode() in text}
    return sorted(found)


def in_others_environment() -> list[str]:
    """The secrets that stand in the environment of a program of another user, who can read them there."""
    wanted = secrets_by_name()
    own = os.geteuid()
    found: set[str] = set()
    for folder in _processes():
        try:
            owner = folder.stat().st_uid
        except OSError:
            continue
        # The administrator reads everything anyway.
        if owner in (own, 0):
            continue
        text = _read(folder / "environ")
        found |= {name for name, value in wanted.items() if value.encode() in text}
    return sorted(found)


def _processes() -> Iterator[Path]:
    """The running programs, as far as they can be seen."""
    try:
        names = [entry.name for entry in os.scandir(PROC) if entry.name.isdigit()]
    except OSError:
        return
    for name in names[:MOST_PROCESSES]:
        yield PROC / name


def _read(path: Path) -> bytes:
    """A file of /proc; empty when it is gone or not ours to read."""
    try:
        return path.read_bytes()
    except OSError:
        return b""

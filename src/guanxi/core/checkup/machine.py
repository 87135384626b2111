"""The machine: who may read the key and the data, whether there is room, whether the settings fit together."""

import os
import stat
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core.backup import schedule
from guanxi.core.checkup import exposure
from guanxi.core.checkup.findings import Finding, Level
from guanxi.core.checkup.registry import Check, Facts, register
from guanxi.core.database_away import is_away

MIB = 1024**2
NEEDED_BYTES = 200 * MIB
COMFORTABLE_BYTES = 2048 * MIB
NEEDED_FILES = 2_000
COMFORTABLE_FILES = 20_000
FEWEST_LETTERS = 12
PLACEHOLDERS = ("change", "insecure", "example", "placeholder", "password", "guanxi", "default")
LOOKED_AT_FILES = 500


def others_may(path: Path) -> bool:
    """Whether group or others have any right on a file."""
    try:
        return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
    except OSError:
        return False


def look_at_secrets() -> Facts:
    """Where the signing key comes from, who may read it, whether it can be guessed."""
    path = settings.DATA_DIR / "secret-key"
    return {
        "is_given": bool(os.environ.get("GUANXI_SECRET_KEY")),
        "is_there": path.exists(),
        "is_open": others_may(path),
        "is_weak": is_guessable(str(settings.SECRET_KEY)),
        "path": str(path),
        "on_command_lines": exposure.on_command_lines(),
        "in_environments": exposure.in_others_environment(),
    }


def is_guessable(key: str) -> bool:
    """Whether a signing key is short, of few letters, or one that examples show."""
    low = key.casefold()
    return len(key) < 32 or len(set(key)) < FEWEST_LETTERS or any(word in low for word in PLACEHOLDERS)


def tell_of_secrets(facts: Facts) -> Iterator[Finding]:
    """Is the signing key secret?"""
    check, path, why = "secret_key", facts["path"], _("Whoever knows it can sign in as anybody.")
    if facts["on_command_lines"]:
        text = _("Everybody on this machine can read %(names)s in the arguments of a running program.")
        remedy = _("Give secrets in the environment or in files, never as arguments, and change what was seen.")
        about = {"names": ", ".join(facts["on_command_lines"])}
        yield Finding(check, Level.PROBLEM, text % about, _("What others have read is no secret any more."), remedy)
    if facts["in_environments"]:
        text = _("A program of another user has %(names)s in its environment.")
        remedy = _("Start Guanxi by a user of its own, with an environment of its own.")
        about = {"names": ", ".join(facts["in_environments"])}
        yield Finding(check, Level.WARNING, text % about, _("That user can read it there."), remedy)
    if facts["is_weak"]:
        text = _("The secret key can be guessed: it is short, of few different letters, or taken from an example.")
        remedy = _("Take GUANXI_SECRET_KEY out: Guanxi makes one of its own. Everybody signs in anew.")
        yield Finding(check, Level.PROBLEM, text, why, remedy)
    elif facts["is_given"]:
        yield Finding(check, Level.OK, _("The secret key comes from the environment."))
    elif not facts["is_there"]:
        text = _("The secret key's file is missing: %(path)s.") % {"path": path}
        remedy = _("Put it back from a backup; else the next start makes another, and everybody signs in anew.")
        yield Finding(check, Level.PROBLEM, text, _("After the next start nobody stays signed in."), remedy)
    elif facts["is_open"]:
        text = _("Others can read the secret key: run chmod 600 %(path)s.") % {"path": path}
        yield Finding(check, Level.PROBLEM, text, why, f"chmod 600 {path}")
    else:
        yield Finding(check, Level.OK, _("The secret key is kept from others."))


def look_at_files() -> Facts:
    """Who may read, write and owns what is kept."""
    folder = settings.DATA_DIR
    kept = [folder, *folder.glob("guanxi.sqlite3*"), folder / "files", folder / "imports"]
    backups = _backup_folder()
    copies = list(islice(backups.glob("*.guanxi"), LOOKED_AT_FILES)) if backups is not None else []
    is_shut = not others_may(folder)
    return {
        "folder": str(folder),
        "is_writable": os.access(folder, os.W_OK | os.X_OK),
        "is_open": any(others_may(path) for path in (folder, *folder.glob("guanxi.sqlite3*"))),
        "foreign": sorted(str(path) for path in kept if _is_foreign(path))[:5],
        "open_backups": sorted(
            str(path) for path in copies if others_may(path) and not (is_shut and folder in path.parents)
        )[:5],
    }


def _backup_folder() -> Path | None:
    """Where backups go; None while the database that knows is away or has no tables yet."""
    try:
        return schedule.load().place
    except DatabaseError as error:
        if not is_away(error) and "core_parameter" not in str(error):
            raise
        return None


def _is_foreign(path: Path) -> bool:
    """Whether a file is there and belongs to another user."""
    try:
        return path.stat().st_uid != os.geteuid()
    except OSError:
        return False


def tell_of_files(facts: Facts) -> Iterator[Finding]:
    """May only the owner read the data, and may we write them?"""
    check, folder = "files", facts["folder"]
    why = _("They hold everything that is known of your customers.")
    if not facts["is_writable"]:
        text = _("The data folder %(path)s cannot be written to.") % {"path": folder}
        yield Finding(check, Level.PROBLEM, text, _("Nothing can be saved."), f"chown -R $USER {folder}")
    elif facts["is_open"]:
        text = _("Others can read the data: run chmod -R go= %(path)s.") % {"path": folder}
        yield Finding(check, Level.WARNING, text, why, f"chmod -R go= {folder}")
    else:
        yield Finding(check, Level.OK, _("The data folder %(path)s is yours alone.") % {"path": folder})
    if facts["foreign"]:
        text = _("These belong to another user of this machine: %(paths)s.") % {"paths": ", ".join(facts["foreign"])}
        remedy = _("Give them to the user that Guanxi runs as, and start it always as that user.")
        yield Finding(check, Level.WARNING, text, _("That user can read and change them."), remedy)
    if facts["open_backups"]:
        paths = ", ".join(facts["open_backups"])
        text = _("Others can read backups: %(paths)s.") % {"paths": paths}
        yield Finding(check, Level.PROBLEM, text, why, f"chmod go= {' '.join(facts['open_backups'])}")


def look_at_disk() -> Facts:
    """The room that is left where data, backups and temporary files go."""
    places = {"data": settings.DATA_DIR, "backups": _backup_folder(), "temporary": Path(tempfile.gettempdir())}
    found: list[dict[str, Any]] = []
    for key, path in places.items():
        room = _room(path) if path is not None else None
        if room is not None and all(room["device"] != other["device"] for other in found):
            found.append({"key": key, "path": str(path), **room})
    return {"places": found}


def _room(path: Path) -> dict[str, int] | None:
    """Free bytes and free files of the disk that a path lies on (or its nearest folder that is there)."""
    while not path.exists() and path != path.parent:
        path = path.parent
    try:
        about = os.statvfs(path)
        return {
            "device": path.stat().st_dev,
            "free": about.f_bavail * about.f_frsize,
            # Some file systems make room for files as they come, and say 0 of 0.
            "free_files": about.f_favail if about.f_files else -1,
        }
    except OSError:
        return None


def tell_of_disk(facts: Facts) -> Iterator[Finding]:
    """Is there room?"""
    why = _("When it is full nothing can be saved, and backups fail.")
    remedy = _("Make room, or move the data to a larger disk.")
    is_fine = True
    for place in facts["places"]:
        about = {"free": size(place["free"]), "path": place["path"], "count": place["free_files"]}
        # What is only temporary needs less.
        floor = COMFORTABLE_BYTES if place["key"] == "data" else NEEDED_BYTES
        if place["free"] < NEEDED_BYTES:
            text = _("The disk of %(path)s is nearly full: %(free)s are left.") % about
            yield Finding("disk", Level.PROBLEM, text, why, remedy)
        elif place["free"] < floor:
            text = _("The disk of %(path)s is filling up: %(free)s are left.") % about
            yield Finding("disk", Level.WARNING, text, why, remedy)
        if 0 <= place["free_files"] < COMFORTABLE_FILES:
            text = _("The disk of %(path)s can take only %(count)d more files, whatever their size.") % about
            level = Level.PROBLEM if place["free_files"] < NEEDED_FILES else Level.WARNING
            yield Finding(
                "disk", level, text, why, _("Remove many small files, or make a file system with more inodes.")
            )
        is_fine = is_fine and place["free"] >= floor and not 0 <= place["free_files"] < COMFORTABLE_FILES
    if is_fine and facts["places"]:
        text = _("There is room on the disk: %(free)s.") % {"free": size(facts["places"][0]["free"])}
        yield Finding("disk", Level.OK, text)


def size(count: int) -> str:
    """A number of bytes for people."""
    return f"{count / 1024**3:.1f} GB" if count >= 1024**3 else f"{count / MIB:.0f} MB"


def look_at_settings() -> Facts:
    """How the installation is served to the world."""
    return {
        "is_debug": bool(settings.DEBUG),
        "has_hosts": len(settings.ALLOWED_HOSTS) > 3,
        "is_secure": bool(settings.SESSION_COOKIE_SECURE),
        "has_address": bool(settings.CONFIG.address),
        "has_mail": settings.CONFIG.mail is not None,
    }


def tell_of_settings(facts: Facts) -> Iterator[Finding]:
    """Do the settings fit together?"""
    is_fine = True
    if facts["is_debug"]:
        text = _("GUANXI_DEBUG is on: error pages show inner details to everybody.")
        yield Finding("settings", Level.WARNING, text, "", _("Take GUANXI_DEBUG out and start again."))
        is_fine = False
    elif facts["has_hosts"] and not facts["is_secure"]:
        text = _("GUANXI_HOSTS names other hosts, but GUANXI_SECURE_COOKIES is off: serve them over https and set it.")
        why = _("On the way, others can read passwords and take over sessions.")
        yield Finding("settings", Level.WARNING, text, why, "GUANXI_SECURE_COOKIES=yes")
        is_fine = False
    if facts["has_mail"] and not facts["has_address"]:
        text = _("GUANXI_ADDRESS is not set: mails hold no links.")
        yield Finding("settings", Level.WARNING, text, "", "GUANXI_ADDRESS=https://crm.example.com")
        is_fine = False
    if is_fine:
        yield Finding("settings", Level.OK, _("The settings fit together."))


register(Check("secret_key", gettext_lazy("Secrets"), look_at_secrets, tell_of_secrets, needs_database=False), order=10)
register(
    Check("files", gettext_lazy("Permissions of files"), look_at_files, tell_of_files, needs_database=False), order=20
)
register(Check("disk", gettext_lazy("Disk"), look_at_disk, tell_of_disk, needs_database=False), order=30)
register(
    Check("settings", gettext_lazy("Settings"), look_at_settings, tell_of_settings, needs_database=False), order=40
)

"""Looks an installation over and says in plain words what is wrong with it."""

import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.core import clock, events
from guanxi.core.database_away import reason
from guanxi.core.jobs.running import QUEUES
from guanxi.core.leases import database_now
from guanxi.core.models import User
from guanxi.core.models.jobs import Job, JobStatus, Worker
from guanxi.project import database

MIB = 1024**2
NEEDED_BYTES = 200 * MIB
COMFORTABLE_BYTES = 2048 * MIB
WORKER_SILENT_SECONDS = 60
CLOCK_SKEW_SECONDS = 2.0
OLDEST_POSTGRESQL = 150000


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    check: str
    level: Level
    text: str


def examine() -> list[Finding]:
    """Look at everything; parts that need the database are left out while it is away."""
    findings = [*_secret_key(), *_files(), *_disk(), *_addresses()]
    away = list(_database())
    findings += away
    if any(finding.level == Level.PROBLEM for finding in away):
        return findings
    looks: tuple[Callable[[], Iterator[Finding]], ...] = (_clock, _workers, _failures, _users)
    for look in looks:
        findings += look()
    return findings


def _secret_key() -> Iterator[Finding]:
    """Is the signing key secret?"""
    path = settings.DATA_DIR / "secret-key"
    if os.environ.get("GUANXI_SECRET_KEY"):
        yield Finding("secret_key", Level.OK, _("The secret key comes from the environment."))
    elif not path.exists():
        yield Finding("secret_key", Level.PROBLEM, _("The secret key's file is missing: %(path)s.") % {"path": path})
    elif _others_may(path):
        text = _("Others can read the secret key: run chmod 600 %(path)s.") % {"path": path}
        yield Finding("secret_key", Level.PROBLEM, text)
    else:
        yield Finding("secret_key", Level.OK, _("The secret key is kept from others."))


def _files() -> Iterator[Finding]:
    """May only the owner read the data, and may we write them?"""
    folder = settings.DATA_DIR
    open_to_others = [path for path in (folder, *folder.glob("guanxi.sqlite3*")) if _others_may(path)]
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding("files", Level.PROBLEM, _("The data folder %(path)s cannot be written to.") % {"path": folder})
    elif open_to_others:
        text = _("Others can read the data: run chmod -R go= %(path)s.") % {"path": folder}
        yield Finding("files", Level.WARNING, text)
    else:
        yield Finding("files", Level.OK, _("The data folder %(path)s is yours alone.") % {"path": folder})


def _others_may(path: Path) -> bool:
    """Whether group or others have any right on a file."""
    try:
        return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
    except FileNotFoundError:
        return False


def _disk() -> Iterator[Finding]:
    """Is there room?"""
    free = shutil.disk_usage(settings.DATA_DIR).free
    about = {"free": _size(free), "path": settings.DATA_DIR}
    if free < NEEDED_BYTES:
        text = _("The disk of %(path)s is nearly full: %(free)s are left.") % about
        yield Finding("disk", Level.PROBLEM, text)
    elif free < COMFORTABLE_BYTES:
        text = _("The disk of %(path)s is filling up: %(free)s are left.") % about
        yield Finding("disk", Level.WARNING, text)
    else:
        yield Finding("disk", Level.OK, _("There is room on the disk: %(free)s.") % about)


def _size(count: int) -> str:
    """A number of bytes for people."""
    return f"{count / 1024**3:.1f} GB" if count >= 1024**3 else f"{count / MIB:.0f} MB"


def _addresses() -> Iterator[Finding]:
    """Is the installation served to the world as it should be?"""
    if settings.DEBUG:
        text = _("GUANXI_DEBUG is on: error pages show inner details to everybody.")
        yield Finding("settings", Level.WARNING, text)
    elif len(settings.ALLOWED_HOSTS) > 3 and not settings.SESSION_COOKIE_SECURE:
        text = _("GUANXI_HOSTS names other hosts, but GUANXI_SECURE_COOKIES is off: serve them over https and set it.")
        yield Finding("settings", Level.WARNING, text)
    else:
        yield Finding("settings", Level.OK, _("The settings fit together."))


def _database() -> Iterator[Finding]:
    """Does the database answer, is it recent enough, has it all tables?"""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        pending = database.pending_migrations()
    except (DatabaseError, InterfaceError) as error:
        text = _("The database at %(where)s does not answer: %(reason)s") % {"where": _where(), "reason": reason(error)}
        yield Finding("database", Level.PROBLEM, text)
        return
    old = _too_old()
    if old:
        yield Finding("database", Level.PROBLEM, old)
    else:
        text = _("The database answers: %(database)s.") % {"database": _version()}
        yield Finding("database", Level.OK, text)
    if pending:
        count = len(pending)
        text = ngettext(
            "%(count)d change of the database's tables is missing: stop the program and run guanxi up.",
            "%(count)d changes of the database's tables are missing: stop the program and run guanxi up.",
            count,
        ) % {"count": count}
        yield Finding("migrations", Level.PROBLEM, text)
    else:
        yield Finding("migrations", Level.OK, _("The database has all its tables."))


def _where() -> str:
    """The database's place, without user or password."""
    if connection.vendor == "sqlite":
        return str(settings.DATABASES["default"]["NAME"])
    parts = urlsplit(settings.CONFIG.database_url)
    return f"{parts.hostname or 'localhost'}:{parts.port or 5432}{parts.path}"


def _version() -> str:
    """The database's name and version."""
    if connection.vendor == "sqlite":
        from sqlite3 import sqlite_version  # the other database needs none of it

        return f"SQLite {sqlite_version}"
    return f"PostgreSQL {connection.pg_version // 10000}.{connection.pg_version % 10000}"  # type: ignore[attr-defined]


def _too_old() -> str:
    """What the database lacks, empty when it can do all we need."""
    if connection.vendor == "postgresql":
        if connection.pg_version < OLDEST_POSTGRESQL:  # type: ignore[attr-defined]
            return _("This PostgreSQL is too old: %(version)s; 15 or newer is needed.") % {"version": _version()}
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pragma_compile_options WHERE compile_options = 'ENABLE_FTS5'")
        if not cursor.fetchone()[0]:
            return _("This Python's SQLite lacks full-text search (FTS5); use another build of Python or PostgreSQL.")
    return ""


def _clock() -> Iterator[Finding]:
    """Does this machine's clock agree with the database's, and with the times of what was stored?"""
    skew = abs((database_now() - clock.now()).total_seconds())
    ahead = [_written_at(path) - time.time() for path in settings.DATA_DIR.glob("guanxi.sqlite3*")]
    if skew > CLOCK_SKEW_SECONDS:
        text = _("This machine's clock and the database's differ by %(seconds).0f seconds: set both by a time server.")
        yield Finding("clock", Level.PROBLEM, text % {"seconds": skew})
    elif max(ahead, default=0.0) > WORKER_SILENT_SECONDS:
        text = _("The data were written in the future: this machine's clock is behind. Set it by a time server.")
        yield Finding("clock", Level.PROBLEM, text)
    else:
        text = _("The clock is right: %(now)s.") % {"now": _moment(clock.now())}
        yield Finding("clock", Level.OK, text)


def _written_at(path: Path) -> float:
    """When a file was written last."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # SQLite takes its side files away when the last program closes
        return 0.0


def _moment(at: datetime) -> str:
    """A moment in the company's time."""
    return at.astimezone(clock.company_zone()).strftime("%Y-%m-%d %H:%M:%S %Z")


def _workers() -> Iterator[Finding]:
    """Is there a worker for every queue?"""
    heard = Worker.objects.filter(seen_at__gte=database_now() - timedelta(seconds=WORKER_SILENT_SECONDS))
    served = {queue for queues in heard.values_list("queues", flat=True) for queue in queues.split(",")}
    missing = [queue for queue in QUEUES if queue not in served]
    late = Job.objects.filter(
        status=JobStatus.READY, queue__in=missing, run_after__lt=clock.now() - timedelta(minutes=5)
    ).count()
    if not missing:
        yield Finding("workers", Level.OK, _("The background workers are running."))
    elif late:
        text = ngettext(
            "No worker runs for %(queues)s and %(count)d job waits: start guanxi up or guanxi work.",
            "No worker runs for %(queues)s and %(count)d jobs wait: start guanxi up or guanxi work.",
            late,
        ) % {"queues": ", ".join(missing), "count": late}
        yield Finding("workers", Level.PROBLEM, text)
    else:
        text = _("No worker runs for %(queues)s: start guanxi up or guanxi work.") % {"queues": ", ".join(missing)}
        yield Finding("workers", Level.WARNING, text)


def _failures() -> Iterator[Finding]:
    """Did background work fail for good lately?"""
    since = clock.now() - timedelta(days=7)
    failed = Job.objects.filter(status=JobStatus.FAILED, finished_at__gte=since)
    count = failed.count() + events.given_up(since=since)
    if not count:
        yield Finding("failures", Level.OK, _("No background work failed in the last seven days."))
        return
    names = sorted({task.rpartition(".")[2] for task in failed.values_list("task", flat=True)[:50]})
    text = ngettext(
        "%(count)d piece of background work failed in the last seven days. %(names)s",
        "%(count)d pieces of background work failed in the last seven days. %(names)s",
        count,
    ) % {"count": count, "names": ", ".join(names)}
    yield Finding("failures", Level.WARNING, text.strip())


def _users() -> Iterator[Finding]:
    """Can anybody sign in?"""
    if User.objects.filter(is_active=True).exists():
        yield Finding("users", Level.OK, _("Somebody can sign in."))
    else:
        text = _("Nobody can sign in yet: run guanxi user create NAME --role owner.")
        yield Finding("users", Level.WARNING, text)

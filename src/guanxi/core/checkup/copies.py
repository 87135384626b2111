"""Backups: is there one, is it recent, does it open, does it lie elsewhere."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core import clock
from guanxi.core.backup import schedule
from guanxi.core.checkup.findings import Finding, Level
from guanxi.core.checkup.machine import size
from guanxi.core.checkup.moments import moment
from guanxi.core.checkup.registry import Check, Facts, register
from guanxi.core.models import User
from guanxi.core.models.backups import BackupRun, RunKind, RunState

PAGE = "people:backups"
FIRST_DAYS = timedelta(days=7)
OLD = timedelta(days=2)
OLD_BY_HAND = timedelta(days=14)
UNPROVED = timedelta(days=45)


def look_at_backups() -> Facts:
    """How the latest backups and drills went, and where the files lie."""
    plan = schedule.load()
    done = BackupRun.objects.filter(kind=RunKind.BACKUP, state=RunState.DONE, is_masked=False).order_by("-started_at")
    last = done.first()
    begun = User.objects.aggregate(first=Min("date_joined"))["first"]
    now = clock.now()
    return {
        "is_scheduled": plan.is_on,
        "in_use_days": (now - begun).days if begun is not None else 0,
        "last": _told_run(last, now) if last is not None else None,
        "verified_days": _days_since(done.filter(verified_at__isnull=False).first(), now),
        "failed": _failed(RunKind.BACKUP),
        "drill_failed": _failed(RunKind.DRILL),
        "room_needed": _room_needed(last, plan.place),
    }


def _days_since(run: BackupRun | None, now: datetime) -> int | None:
    """How many days ago a backup was last verified."""
    return (now - run.verified_at).days if run is not None and run.verified_at is not None else None


def _told_run(run: BackupRun, now: datetime) -> dict[str, Any]:
    """The last good backup."""
    path = Path(run.path)
    return {
        "at": run.started_at.isoformat(),
        "seconds": int((now - run.started_at).total_seconds()),
        "path": run.path,
        "is_there": run.removed_at is not None or path.exists(),
        "is_beside": _is_beside(path),
        "is_encrypted": run.is_encrypted,
    }


def _is_beside(path: Path) -> bool:
    """Whether a backup lies on the disk of the data: one disk lost, both lost."""
    data = (
        Path(str(settings.DATABASES["default"]["NAME"])) if connection.vendor == "sqlite" else Path(settings.DATA_DIR)
    )
    try:
        return path.parent.stat().st_dev == (data if data.exists() else data.parent).stat().st_dev
    except OSError:
        return False


def _failed(kind: RunKind) -> dict[str, str] | None:
    """The newest run of a kind, when it failed."""
    newest = BackupRun.objects.filter(kind=kind).exclude(state=RunState.RUNNING).order_by("-started_at", "-pk").first()
    if newest is None or newest.state != RunState.FAILED:
        return None
    return {"at": newest.started_at.isoformat(), "error": newest.error[:300]}


def _room_needed(last: BackupRun | None, folder: Path) -> list[int]:
    """How much the next backup needs and how much there is, when it would not fit; else nothing."""
    if last is None or not folder.is_dir():
        return []
    free = shutil.disk_usage(folder).free
    return [last.size, free] if last.size * 1.2 > free else []


def tell_of_backups(facts: Facts) -> Iterator[Finding]:
    """Could everything be restored, up to when?"""
    findings = [*_of_age(facts), *_of_failures(facts), *_of_place(facts)]
    if facts["room_needed"]:
        needed, free = map(size, facts["room_needed"])
        text = _("The next backup will not fit: the last one took %(needed)s, %(free)s are left.")
        findings.append(
            _found(Level.PROBLEM, text % {"needed": needed, "free": free}, remedy=_("Make room, or keep fewer."))
        )
    if not findings and facts["last"]:
        text = _("The last backup is of %(at)s.") % {"at": moment(facts["last"]["at"])}
        findings.append(Finding("backups", Level.OK, text))
    yield from findings


def _found(level: Level, text: str, why: str = "", remedy: str = "") -> Finding:
    """A finding about backups, with the page where it is put right."""
    return Finding("backups", level, text, why, remedy, PAGE)


def _of_age(facts: Facts) -> Iterator[Finding]:
    """None at all, or too old."""
    last = facts["last"]
    if last is None:
        level = Level.PROBLEM if facts["in_use_days"] >= FIRST_DAYS.days else Level.WARNING
        why = _("When the disk dies, everything is gone.")
        yield _found(level, _("There is no backup yet."), why, _("Set the schedule, or run guanxi backup FILE."))
        return
    age = timedelta(seconds=last["seconds"])
    if age > (OLD if facts["is_scheduled"] else OLD_BY_HAND):
        text = _("The last backup is %(days)d days old.") % {"days": age.days}
        why = _("What was done since would be lost.")
        yield _found(Level.PROBLEM, text, why, _("See whether the worker runs and what became of the last backups."))
    elif not facts["is_scheduled"]:
        text = _("Backups are made by hand only; the last is of %(at)s.") % {"at": moment(last["at"])}
        yield _found(Level.WARNING, text, _("What is not made by itself is forgotten."), _("Set the schedule."))


def _of_failures(facts: Facts) -> Iterator[Finding]:
    """What failed last."""
    if facts["failed"]:
        about = {"at": moment(facts["failed"]["at"]), "error": facts["failed"]["error"]}
        text = _("The backup of %(at)s failed: %(error)s") % about
        yield _found(
            Level.PROBLEM, text, _("Since then nothing is kept twice."), _("Put the reason right, then back up now.")
        )
    if facts["drill_failed"]:
        about = {"at": moment(facts["drill_failed"]["at"]), "error": facts["drill_failed"]["error"]}
        text = _("The restore drill of %(at)s failed: %(error)s") % about
        yield _found(
            Level.PROBLEM, text, _("A backup that cannot be restored is none."), _("Back up now, and verify it.")
        )


def _of_place(facts: Facts) -> Iterator[Finding]:
    """Where the last one lies, and whether it was ever restored."""
    last = facts["last"]
    if last is None:
        return
    about = {"path": last["path"]}
    if not last["is_there"]:
        text = _("The last backup is no longer where it was written: %(path)s.") % about
        yield _found(Level.WARNING, text, "", _("If it was moved to a safe place, all is well."))
    elif last["is_beside"]:
        text = _("The last backup lies on the same disk as the data: %(path)s.") % about
        why = _("One disk that dies takes both.")
        yield _found(
            Level.WARNING, text, why, _("Choose a folder on another disk or machine, or copy the files there.")
        )
    if facts["verified_days"] is None or facts["verified_days"] > UNPROVED.days:
        text = _("No backup was restored and compared lately.")
        why = _("Only a restore shows that a backup is good.")
        yield _found(Level.WARNING, text, why, "guanxi backup FILE --verify")


register(Check("backups", gettext_lazy("Backups"), look_at_backups, tell_of_backups), order=90)

"""Backups by themselves: when, where, how many are kept, for whose key; and which one is due for a drill."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core import access, changes, clock, parameters
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.core.models.backups import BackupRun, RunKind, RunReason, RunState

PARAMETER = "backup.schedule"
parameters.declare(
    PARAMETER,
    gettext_lazy("Backups by themselves"),
    {
        "is_on": gettext_lazy("switched on"),
        "at": gettext_lazy("time of day"),
        "folder": gettext_lazy("folder"),
        "keep_daily": gettext_lazy("days kept"),
        "keep_weekly": gettext_lazy("weeks kept"),
        "keep_monthly": gettext_lazy("months kept"),
        "public_key": gettext_lazy("public key they are encrypted for"),
        "is_rehearsed": gettext_lazy("weekly drill"),
    },
)
MOST_KEPT = 366
# What was begun later than this was begun before the clock was set back, and stands for nothing that is due now.
AHEAD = timedelta(hours=12)
DRILL_EVERY = timedelta(days=6, hours=12)  # a week, whatever the hour of the backup


@dataclass(frozen=True)
class Schedule:
    """What the company has set."""

    is_on: bool = False
    at: str = "02:30"
    folder: str = ""
    keep_daily: int = 7
    keep_weekly: int = 4
    keep_monthly: int = 6
    public_key: str = ""
    is_rehearsed: bool = True

    @property
    def place(self) -> Path:
        """Where the files go."""
        return Path(self.folder) if self.folder else Path(settings.DATA_DIR) / "backups"


def load() -> Schedule:
    """The schedule as it is set."""
    kept = parameters.get(PARAMETER, {})
    return Schedule(**{name: value for name, value in kept.items() if name in Schedule.__dataclass_fields__})


def save(*, actor: Actor, wanted: Schedule) -> None:
    """Set the schedule; the journal says what it was."""
    access.require(actor, "backup", "manage")
    _check(wanted)
    with changes.operation(actor=actor, name="core.schedule_backups") as op:
        parameters.put(op, PARAMETER, asdict(wanted), before=asdict(load()))


def _check(wanted: Schedule) -> None:
    """Raise InvalidInput, naming the field, when a schedule cannot work."""
    try:
        time.fromisoformat(wanted.at)
    except ValueError:
        raise InvalidInput(_("Write the time as 02:30."), column="at") from None
    for name in ("keep_daily", "keep_weekly", "keep_monthly"):
        if not 0 <= getattr(wanted, name) <= MOST_KEPT:
            raise InvalidInput(_("Between 0 and %(most)d can be kept.") % {"most": MOST_KEPT}, column=name)
    if wanted.public_key:
        from guanxi.core.backup.keys import read_public  # cryptography takes a moment to load

        read_public(wanted.public_key)
    if wanted.folder and not wanted.place.is_absolute():
        raise InvalidInput(_("Give the whole path of the folder."), column="folder")
    if wanted.is_on:
        try:
            wanted.place.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = wanted.place / ".guanxi-may-write"
            probe.touch()
            probe.unlink()
        except OSError as error:
            told = {"path": wanted.place, "reason": error.strerror or error}
            text = _("Backups cannot be written to %(path)s: %(reason)s.") % told
            raise InvalidInput(text, column="folder") from None


def is_due(schedule: Schedule, now: datetime) -> bool:
    """Whether the backup of today (or of yesterday, before its hour) was not begun yet."""
    if not schedule.is_on:
        return False
    local = now.astimezone(clock.company_zone())
    planned = datetime.combine(local.date(), time.fromisoformat(schedule.at), local.tzinfo)
    if planned > local:
        planned -= timedelta(days=1)
    begun = BackupRun.objects.filter(kind=RunKind.BACKUP, reason=RunReason.SCHEDULE, started_at__gte=planned)
    begun = begun.filter(started_at__lte=now + AHEAD)
    # Counted from when it was switched on: the hour of yesterday is not made up for then.
    return not begun.exists() and (_last(RunReason.SCHEDULE) is not None or now - planned < timedelta(hours=1))


def _last(reason: RunReason) -> datetime | None:
    """When a backup was last begun for a reason."""
    runs = BackupRun.objects.filter(kind=RunKind.BACKUP, reason=reason)
    return runs.order_by("-started_at").values_list("started_at", flat=True).first()


def is_drill_due(schedule: Schedule, now: datetime) -> bool:
    """Whether no drill has succeeded for a week."""
    done = BackupRun.objects.filter(kind=RunKind.DRILL, state=RunState.DONE, started_at__gte=now - DRILL_EVERY)
    done = done.filter(started_at__lte=now + AHEAD)
    return schedule.is_rehearsed and not done.exists()


def to_keep(moments: Sequence[datetime], schedule: Schedule) -> set[datetime]:
    """The moments whose backups stay: the newest of the last days, weeks and months that have one, and the newest."""
    newest_first = sorted(moments, reverse=True)
    kept = set(newest_first[:1])
    periods = (
        (schedule.keep_daily, lambda at: at.date()),
        (schedule.keep_weekly, lambda at: at.isocalendar()[:2]),
        (schedule.keep_monthly, lambda at: (at.year, at.month)),
    )
    zone = clock.company_zone()
    for count, period in periods:
        seen: set[Any] = set()
        for moment in newest_first:
            name = period(moment.astimezone(zone))
            if name not in seen and len(seen) < count:
                seen.add(name)
                kept.add(moment)
    return kept


def rotate(schedule: Schedule) -> int:
    """Remove the scheduled backups that need not be kept; files that others put there stay. How many went."""
    rows = BackupRun.objects.filter(
        kind=RunKind.BACKUP, reason=RunReason.SCHEDULE, state=RunState.DONE, removed_at__isnull=True
    )
    # Those of a time still to come were made before the clock was set back: they stay, and do not count.
    standing = {row.started_at: row for row in rows.filter(started_at__lte=clock.now() + AHEAD)}
    kept = to_keep(list(standing), schedule)
    verified = max((row.started_at for row in standing.values() if row.verified_at), default=None)
    count = 0
    for moment, row in standing.items():
        # The newest that is known to be good stays, whatever its age.
        if moment in kept or moment == verified:
            continue
        Path(row.path).unlink(missing_ok=True)
        row.removed_at = clock.now()
        row.save(update_fields=["removed_at"])
        count += 1
    return count

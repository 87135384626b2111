"""Backups by schedule or at a click, made by a worker."""

from guanxi.core import clock, jobs
from guanxi.core.actor import system_actor
from guanxi.core.backup import schedule as schedules
from guanxi.core.models.backups import RunReason

KEY = "core.backup"


@jobs.cron("core.backup.look", "*/5 * * * *")
@jobs.task(queue_name="default")
def look_whether_due() -> None:
    """Have the backup of the day made when its hour has come."""
    if schedules.is_due(schedules.load(), clock.now()):
        make_backup.using(unique_key=KEY).enqueue(RunReason.SCHEDULE.value)  # type: ignore[call-arg]


@jobs.task(queue_name="long")
@jobs.policy(max_tries=3, first_pause_seconds=300)
def make_backup(reason: str, by_name: str = "") -> dict[str, int]:
    """Write a backup into the folder, restore it into a scratch place when a week has passed, remove old ones."""
    from guanxi.core.backup import given_keys, runs, writing  # slow to load; other workers never need it
    from guanxi.core.backup.keys import Keys, Locks

    schedule = schedules.load()
    now = clock.now()
    schedule.place.mkdir(mode=0o700, parents=True, exist_ok=True)
    writing.sweep_partials(schedule.place)
    path = schedule.place / f"guanxi-{now:%Y%m%d-%H%M%S}.guanxi"
    keys = (schedule.public_key,) if schedule.public_key else ()
    made = runs.back_up(
        path,
        actor=system_actor("job", by_name or "Guanxi"),
        locks_on=Locks(passphrase=given_keys.passphrase(None), public_keys=keys),
        reason=RunReason(reason),
        check=_check,
    )
    if reason != RunReason.SCHEDULE or schedules.is_drill_due(schedule, now):
        opened_by = Keys(file_keys=(made.file_key,)) if made.file_key else Keys()
        runs.rehearse(path, actor=system_actor("job"), keys=opened_by, reason=RunReason(reason), check=_check)
    return {"rows": made.rows, "removed": schedules.rotate(schedule)}


def _check(_text: str) -> None:
    """Stop when the worker is to stop."""
    jobs.check()

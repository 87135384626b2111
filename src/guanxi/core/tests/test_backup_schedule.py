"""Backups by themselves: due once a day, old ones go by the rule, a failed one is told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from guanxi.core import clock, parameters
from guanxi.core.actor import Actor, system_actor
from guanxi.core.backup import jobs, runs, schedule, writing
from guanxi.core.backup.errors import BackupError
from guanxi.core.backup.queries import standing
from guanxi.core.backup.schedule import Schedule
from guanxi.core.errors import Forbidden, GuanxiError, InvalidInput
from guanxi.core.models import Change
from guanxi.core.models.backups import BackupRun, RunKind, RunReason, RunState
from guanxi.core.models.jobs import Job

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 5, 10, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:
    """A data folder of the test's own."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir(mode=0o700)


def made(at: datetime, path: Path | str = "", **values) -> BackupRun:
    """A scheduled backup that went well."""
    given = {"kind": RunKind.BACKUP, "reason": RunReason.SCHEDULE, "state": RunState.DONE, **values}
    return BackupRun.objects.create(path=str(path), started_at=at, ended_at=at, made_at=at, **given)


def test_it_is_due_once_a_day_in_the_companys_time() -> None:
    plan = Schedule(is_on=True, at="11:30")
    assert schedule.is_due(plan, NOON)
    assert not schedule.is_due(Schedule(at="11:30"), NOON)
    assert not schedule.is_due(Schedule(is_on=True, at="09:00"), NOON), (
        "what was missed before it was set is not made up"
    )
    made(NOON - timedelta(days=1))
    assert schedule.is_due(Schedule(is_on=True, at="09:00"), NOON), "a missed one is made up for"
    made(NOON - timedelta(minutes=20), state=RunState.FAILED)
    assert not schedule.is_due(plan, NOON)


def test_the_newest_of_days_weeks_and_months_stay() -> None:
    plan = Schedule(keep_daily=3, keep_weekly=2, keep_monthly=2)
    days = [NOON - timedelta(days=number) for number in range(70)]
    kept = sorted(schedule.to_keep(days, plan), reverse=True)
    # Days: 10, 9, 8 May; weeks: those of 10 May (Sunday) and 3 May; months: May and April.
    wanted = [0, 1, 2, 7, 10]
    assert kept == [NOON - timedelta(days=number) for number in wanted]
    assert schedule.to_keep(days, Schedule(keep_daily=0, keep_weekly=0, keep_monthly=0)) == {NOON}


def test_rotation_leaves_alone_what_is_not_its_own(tmp_path: Path) -> None:
    paths = [tmp_path / str(number) for number in range(6)]
    for path in paths:
        path.write_text("x")
    made(NOON, paths[0])
    made(NOON - timedelta(days=1), paths[1])
    made(NOON - timedelta(days=2), paths[2], verified_at=NOON)
    made(NOON - timedelta(days=3), paths[3])
    made(NOON - timedelta(days=4), paths[4], reason=RunReason.BY_HAND)
    assert schedule.rotate(Schedule(keep_daily=2, keep_weekly=0, keep_monthly=0)) == 1
    assert [path.exists() for path in paths] == [True, True, True, False, True, True]
    assert BackupRun.objects.get(path=str(paths[3])).removed_at is not None


@pytest.mark.full
@pytest.mark.usefixtures("schema_at_hand")
def test_a_scheduled_backup_is_made_verified_in_its_week_and_private(tmp_path: Path) -> None:
    schedule.save(
        actor=system_actor(), wanted=Schedule(is_on=True, at=f"{clock.now().astimezone(clock.company_zone()):%H:%M}")
    )
    jobs.look_whether_due.call()
    assert Job.objects.filter(task__endswith="make_backup").count() == 1
    jobs.make_backup.call(RunReason.SCHEDULE.value)
    (path,) = (tmp_path / "data" / "backups").iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert (tmp_path / "data" / "backups").stat().st_mode & 0o077 == 0
    backup = BackupRun.objects.get(kind=RunKind.BACKUP)
    assert backup.verified_at is not None
    assert not schedule.is_drill_due(schedule.load(), clock.now())
    assert schedule.is_drill_due(schedule.load(), clock.now() + timedelta(days=7))
    assert standing(system_actor())["failed"] is None


def test_a_failed_backup_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given, **_named) -> None:
        raise BackupError("the disk of the backups is away")

    monkeypatch.setattr(writing, "make", fail)
    with pytest.raises(BackupError):
        jobs.make_backup.call(RunReason.SCHEDULE.value)
    failed = standing(system_actor())["failed"]
    assert failed.error == "the disk of the backups is away"


def test_what_a_dead_program_left_running_is_told_as_failed(tmp_path: Path) -> None:
    left = made(NOON, state=RunState.RUNNING)
    runs.back_up(tmp_path / "b", actor=system_actor(), locks_on=writing.Locks())
    left.refresh_from_db()
    assert left.state == RunState.FAILED
    assert "middle" in left.error


@pytest.mark.parametrize(
    "wrong",
    [
        Schedule(at="25:99"),
        Schedule(keep_daily=-1),
        Schedule(keep_weekly=10_000),
        Schedule(public_key="guanxi-public-short"),
        Schedule(folder="somewhere/below"),
        Schedule(is_on=True, folder="/proc/no-such-place"),
    ],
)
def test_a_schedule_that_cannot_work_is_refused(wrong: Schedule) -> None:
    with pytest.raises(GuanxiError) as refused:
        schedule.save(actor=system_actor(), wanted=wrong)
    assert isinstance(refused.value, InvalidInput | BackupError)
    assert parameters.get(schedule.PARAMETER) is None


def test_only_who_may_sets_it_and_the_journal_says_what_it_was() -> None:
    with pytest.raises(Forbidden):
        schedule.save(actor=Actor(user_id=None, name="x", means="web"), wanted=Schedule())
    schedule.save(actor=system_actor(), wanted=Schedule(keep_daily=9))
    change = Change.objects.get(field="backup.schedule.keep_daily")
    assert (change.before, change.after) == (7, 9)

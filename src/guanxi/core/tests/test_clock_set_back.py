"""With the clock set back by an hour or a year nothing waits for the old time to come again, and nothing is lost."""

from datetime import timedelta

import pytest

from guanxi.core import clock, events, jobs, locks
from guanxi.core.actor import system_actor
from guanxi.core.backup import schedule
from guanxi.core.checkup.events import TroubleBegan
from guanxi.core.errors import Busy
from guanxi.core.events.types import subscriptions
from guanxi.core.jobs import leasing, schedules, set_back
from guanxi.core.models.backups import BackupRun, RunKind, RunReason, RunState
from guanxi.core.models.events import EventDelivery, OutboxEvent
from guanxi.core.models.jobs import Job, JobStatus, Schedule
from guanxi.core.models.locks import Lock

pytestmark = pytest.mark.django_db
STEPS = (timedelta(hours=1), timedelta(days=365))
done: list[str] = []


@jobs.task
def note(text: str) -> None:
    """Write a text down."""
    done.append(text)


@pytest.fixture
def ahead(monkeypatch, request):
    """Live in the future for a while; calling it comes back to now, as a clock that is set back does."""
    monkeypatch.setattr(clock, "now", lambda real=clock.now: real() + request.param)
    return monkeypatch.undo


@pytest.mark.parametrize("ahead", STEPS, indirect=True)
def test_schedules_go_on_and_jobs_that_wait_are_done_once(ahead) -> None:
    schedules.enqueue_due()
    Schedule.objects.update(next_at=clock.now())
    schedules.enqueue_due()
    Job.objects.all().delete()
    done.clear()
    note.enqueue("at once")
    note.using(run_after=clock.now() + timedelta(minutes=10)).enqueue("later")
    ahead()
    now = clock.now()
    schedules.enqueue_due()
    assert not [row for row in Schedule.objects.all() if row.next_at > now + timedelta(days=366)]
    minutely = Schedule.objects.filter(expression="* * * * *")
    assert minutely.exists()
    assert all(row.next_at <= now + timedelta(minutes=1, seconds=5) for row in minutely)
    jobs.run_pending("default")
    assert done == ["at once"]
    later = Job.objects.get(status=JobStatus.READY, task__endswith="note")
    assert timedelta(minutes=9) < later.run_after - now < timedelta(minutes=11)
    made = Job.objects.count()
    schedules.enqueue_due()
    assert Job.objects.count() == made, "brought back once"


@pytest.mark.parametrize("ahead", STEPS, indirect=True)
def test_a_job_whose_worker_died_is_taken_over(ahead) -> None:
    note.enqueue("again")
    job = Job.objects.get()
    now = clock.now()
    Job.objects.filter(pk=job.pk).update(
        status=JobStatus.RUNNING, lease_by="gone:1:x", lease_until=now + timedelta(seconds=20), tries=1
    )
    ahead()
    set_back.bring_back(clock.now())
    assert Job.objects.get().lease_until <= clock.now() + timedelta(minutes=1)
    Job.objects.update(lease_until=clock.now() - timedelta(minutes=10))
    assert leasing.claim(queues=["default"], worker_id="me", lease_seconds=20) is not None


@pytest.mark.parametrize("ahead", STEPS, indirect=True)
def test_a_lock_of_a_dead_holder_is_taken_over_and_that_of_a_living_one_is_not(ahead) -> None:
    now = clock.now()
    Lock.objects.create(name="x", holder="gone:1:x", about="", taken_at=now, lease_until=now + timedelta(seconds=10))
    ahead()
    with locks.hold("x"), pytest.raises(Busy), locks.hold("x"):
        pass


@pytest.mark.parametrize("ahead", STEPS, indirect=True)
def test_events_are_delivered(ahead) -> None:
    events.publish(TroubleBegan(check="disk"))
    event = OutboxEvent.objects.get()
    OutboxEvent.objects.update(spread_at=clock.now())
    for entry in subscriptions(event.name, inline=False):
        EventDelivery.objects.create(
            event=event, handler=entry.name, tries=1, due_at=clock.now() + timedelta(seconds=2)
        )
    ahead()
    set_back.bring_back(clock.now())
    assert EventDelivery.objects.filter(due_at__gt=clock.now()).count() == 0
    assert events.deliver_pending() == EventDelivery.objects.count() > 0


@pytest.mark.parametrize("step", STEPS)
def test_backups_are_made_and_kept(step, settings, tmp_path) -> None:
    settings.DATA_DIR = tmp_path
    now = clock.now()
    local = now.astimezone(clock.company_zone())
    plan = schedule.Schedule(is_on=True, at=f"{local:%H:%M}", keep_daily=1, keep_weekly=0, keep_monthly=0)
    schedule.save(actor=system_actor(), wanted=plan)
    files = {}
    for name, at in (("before", now + step), ("new", now - timedelta(days=1))):
        files[name] = tmp_path / f"{name}.guanxi"
        files[name].touch()
        BackupRun.objects.create(
            kind=RunKind.BACKUP, reason=RunReason.SCHEDULE, state=RunState.DONE, path=str(files[name]), started_at=at,
            verified_at=now,
        )  # fmt: skip
    # A year: today's is due all the same. An hour: it was made already, and is not made twice.
    assert schedule.is_due(plan, now) == (step > timedelta(days=1))
    schedule.rotate(plan)
    assert files["before"].exists(), "made before the clock was set back: never lost by it"
    if step > timedelta(days=1):
        assert files["new"].exists(), "the newest by the new time stays"
        assert schedule.is_drill_due(plan, now)

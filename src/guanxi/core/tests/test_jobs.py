"""Jobs: queued with the caller's transaction, leased, tried again, scheduled."""

import os
import socket
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.core import clock, housekeeping, jobs
from guanxi.core.jobs import leasing, schedules
from guanxi.core.jobs.running import Running, execute
from guanxi.core.models import Parameter
from guanxi.core.models.jobs import Job, JobStatus, Schedule

SHANGHAI = ZoneInfo("Asia/Shanghai")
done = []


@jobs.task
def note(text):
    """Write a text down."""
    done.append(text)
    return {"noted": text}


@jobs.task(queue_name="now", priority=10)
def note_now(text):
    """Write a text down at once."""
    done.append(text)


@jobs.task
@jobs.policy(max_tries=3, first_pause_seconds=60)
def fail(text):
    """Fail."""
    done.append(text)
    raise RuntimeError(text)


@jobs.task
def give_up():
    """Fail for good."""
    raise jobs.GiveUp("no use")


@jobs.task
@jobs.policy(is_atomic=True)
def write_then_fail():
    """Write, then fail."""
    Parameter.objects.create(key="written", value=1)
    raise RuntimeError("after the write")


@jobs.task
def look_up():
    """Look whether to stop, as long jobs do."""
    jobs.check()
    done.append("looked")


@jobs.task(takes_context=True)
def count_tries(context):
    """Tell which try this is."""
    return context.attempt


@pytest.fixture(autouse=True)
def nothing_done():
    """Start with an empty list."""
    done.clear()


@transaction.atomic
def enqueue_and_fail(text):
    """A transaction that fails after enqueueing."""
    note.enqueue(text)
    raise ZeroDivisionError


def claim(worker="w1", lease=20.0, queues=("now", "default", "long"), **options):
    """Take a job."""
    return leasing.claim(queues=queues, worker_id=worker, lease_seconds=lease, **options)


@pytest.mark.django_db
def test_a_job_runs_and_its_result_can_be_read():
    result = note.enqueue("hello")
    assert result.status == TaskResultStatus.READY
    assert jobs.run_pending() == 1
    result.refresh()
    assert (result.status, result.return_value, done) == (TaskResultStatus.SUCCESSFUL, {"noted": "hello"}, ["hello"])


@pytest.mark.django_db
def test_a_job_of_a_transaction_that_fails_is_never_done():
    with pytest.raises(ZeroDivisionError):
        enqueue_and_fail("never")
    assert jobs.run_pending() == 0
    assert done == []


@pytest.mark.django_db
def test_urgent_first_then_by_age_and_not_before_its_time():
    note.enqueue("old")
    note.enqueue("newer")
    note.using(priority=50).enqueue("urgent")
    note.using(run_after=timezone.now() + timedelta(hours=1)).enqueue("later")
    assert jobs.run_pending() == 3
    assert done == ["urgent", "old", "newer"]


@pytest.mark.django_db
def test_a_worker_of_one_queue_leaves_the_others_alone():
    note.enqueue("default")
    note_now.enqueue("now")
    assert jobs.run_pending("now") == 1
    assert done == ["now"]


@pytest.mark.django_db
def test_a_unique_key_waits_once_but_may_wait_again_while_it_runs():
    soon = timezone.now() + timedelta(hours=1)
    first = note.using(unique_key="k", run_after=soon).enqueue("once")
    second = note.using(unique_key="k").enqueue("once")
    assert first.id == second.id
    assert jobs.run_pending() == 1, "the earlier moment counts"
    note.using(unique_key="k").enqueue("again")
    running = claim()
    third = note.using(unique_key="k").enqueue("while it runs")
    assert third.id != running.id
    # Handed back, the running one gives up the key that another waits under by now.
    assert leasing.hand_back(job_id=running.id, worker_id="w1")
    assert jobs.run_pending() == 2


@pytest.mark.django_db
def test_a_failed_job_is_tried_again_later_and_later_until_no_try_is_left():
    result = fail.enqueue("x")
    pauses = []
    for _try in range(3):
        jobs.run_pending()
        job = Job.objects.get(id=result.id)
        pauses.append((job.run_after - clock.now()).total_seconds())
        Job.objects.update(run_after=clock.now() - timedelta(seconds=1))
    assert done == ["x"] * 3
    assert 40 < pauses[0] < 80 < pauses[1] < 150
    result.refresh()
    assert result.status == TaskResultStatus.FAILED
    assert "RuntimeError: x" in result.errors[-1].traceback
    assert result.errors[-1].exception_class is RuntimeError
    assert jobs.run_pending() == 0


@pytest.mark.django_db
def test_a_job_that_gives_up_is_not_tried_again():
    result = give_up.enqueue()
    jobs.run_pending()
    result.refresh()
    assert result.status == TaskResultStatus.FAILED


@pytest.mark.django_db
def test_an_atomic_job_leaves_nothing_behind_when_it_fails():
    result = write_then_fail.enqueue()
    jobs.run_pending()
    assert not Parameter.objects.filter(key="written").exists()
    assert Job.objects.get(id=result.id).status == JobStatus.READY


@pytest.mark.django_db
def test_the_job_of_a_dead_worker_is_taken_over_and_the_dead_one_can_no_longer_finish_it():
    result = count_tries.enqueue()
    first = claim("dead")
    assert claim("alive") is None
    Job.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    assert claim("cautious", may_reclaim=False) is None
    second = claim("alive")
    assert second.id == first.id
    assert not leasing.renew(job_id=first.id, worker_id="dead", lease_seconds=20)
    assert not leasing.finish(job=first, worker_id="dead", return_value=None)
    assert execute(Running(second, "alive", 20))
    result.refresh()
    assert (result.return_value, result.worker_ids) == (2, ["dead", "alive"])


@pytest.mark.django_db
def test_a_job_that_kills_every_worker_ends_after_its_last_try():
    result = fail.enqueue("deadly")
    for number in range(3):
        assert claim(f"w{number}") is not None
        Job.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    assert claim("survivor") is None
    result.refresh()
    assert result.status == TaskResultStatus.FAILED
    assert "died in this job" in result.errors[-1].traceback


@pytest.mark.django_db
def test_a_long_job_hands_itself_back_when_its_worker_stops_and_the_try_does_not_count():
    look_up.enqueue()
    running = Running(claim(), "w1", 20)
    running.stopping.set()
    assert not execute(running)
    job = Job.objects.get()
    assert (job.status, job.tries) == (JobStatus.READY, 0)
    assert jobs.run_pending() == 1
    assert done == ["looked"]


@pytest.mark.django_db
def test_a_job_whose_code_is_gone_fails_at_once():
    note.enqueue("x")
    Job.objects.update(task="guanxi.core.jobs.no_such_module.note")
    jobs.run_pending()
    assert Job.objects.get().status == JobStatus.FAILED


@pytest.mark.django_db
def test_a_schedule_makes_one_job_when_due_and_makes_up_for_a_missed_run_once():
    schedules.enqueue_due()
    assert not Job.objects.exists(), "a new schedule counts from now"
    name = "core.forget_old_jobs"
    Schedule.objects.filter(name=name).update(next_at=clock.now() - timedelta(days=3))
    assert schedules.enqueue_due() == 1
    assert schedules.enqueue_due() == 0
    assert Job.objects.get().unique_key == f"cron:{name}"
    assert Schedule.objects.get(name=name).next_at > clock.now()


@pytest.mark.django_db
def test_finished_jobs_are_forgotten_after_a_while_and_waiting_ones_are_not():
    note.enqueue("old")
    jobs.run_pending()
    Job.objects.update(finished_at=clock.now() - timedelta(days=8))
    note.enqueue("waits")
    assert housekeeping.forget_old_jobs.call() == 1
    assert Job.objects.get().status == JobStatus.READY


def matches(text, local):
    """Whether cron would run at this local minute, read field by field."""
    minute, hour, day, month, weekday = schedules_fields(text)
    day_ok, weekday_ok = local.day in day, local.isoweekday() % 7 in weekday
    fields = text.split()
    either = not fields[2].startswith("*") and not fields[4].startswith("*")
    days_ok = (day_ok or weekday_ok) if either else (day_ok and weekday_ok)
    return local.minute in minute and local.hour in hour and local.month in month and days_ok


def schedules_fields(text):
    """A second, naive reading of simple expressions."""
    limits = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
    for field, (low, high) in zip(text.split(), limits, strict=True):
        numbers = set()
        for part in field.split(","):
            span, _, step = part.partition("/")
            first, _, last = (f"{low}-{high}" if span == "*" else span).partition("-")
            numbers |= set(range(int(first), int(last or first) + 1, int(step or 1)))
        yield numbers


simple_fields = st.tuples(
    st.sampled_from(["0", "*/15", "7,33", "5-50/9"]),
    st.sampled_from(["*", "3", "*/6", "9-17"]),
    st.sampled_from(["*", "1", "13,31", "*/10"]),
    st.sampled_from(["*", "2", "6-8"]),
    st.sampled_from(["*", "1-5", "0,6"]),
).map(" ".join)


@given(simple_fields, st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1)))  # noqa: DTZ001
@settings(max_examples=60, deadline=None)
def test_the_next_run_is_the_first_minute_that_matches(text, moment):
    start = moment.replace(tzinfo=UTC, microsecond=0)
    due = schedules.parse(text).next_after(start, SHANGHAI)
    assert due > start
    assert matches(text, due.astimezone(SHANGHAI))
    minute = max(start.replace(second=0) + timedelta(minutes=1), due - timedelta(hours=36))
    while minute < due:
        assert not matches(text, minute.astimezone(SHANGHAI))
        minute += timedelta(minutes=1)


def test_a_time_that_the_clock_skips_still_runs_and_one_shown_twice_runs_once():
    berlin = ZoneInfo("Europe/Berlin")
    daily = schedules.parse("30 2 * * *")
    spring = daily.next_after(datetime(2026, 3, 28, 12, tzinfo=UTC), berlin)
    assert spring == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    autumn = daily.next_after(datetime(2026, 10, 24, 12, tzinfo=UTC), berlin)
    assert autumn == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert daily.next_after(autumn, berlin) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "* * * *", "61 * * * *", "* 25 * * *", "x * * * *", "5-1 * * * *", "*/0 * * * *"])
def test_nonsense_is_no_schedule(text):
    with pytest.raises(ValueError):
        schedules.parse(text)


@pytest.mark.django_db
def test_on_one_machine_a_silent_worker_that_lives_keeps_its_job_for_a_while():
    living, dead = f"{socket.gethostname()[:30]}:{os.getpid()}:x", f"{socket.gethostname()[:30]}:999999999:x"
    on_one_machine = connection.vendor == "sqlite"
    for holder, silent, is_taken in ((living, 1, not on_one_machine), (dead, 1, True), (living, 300, True)):
        note.enqueue(holder)
        assert claim(holder) is not None
        Job.objects.filter(lease_by=holder).update(lease_until=clock.now() - timedelta(seconds=silent))
        assert (claim("other") is not None) == is_taken
        Job.objects.all().delete()

"""Jobs of retention: counting, ending slice by slice, and what begins by itself."""

from guanxi.core import jobs
from guanxi.core.errors import GuanxiError
from guanxi.customers.choices import RetentionState
from guanxi.customers.models import RetentionRun
from guanxi.customers.privacy.retention import previewing, running, scheduling


@jobs.task(queue_name="default")
@jobs.policy(max_tries=5)
def count_run(run_id: int) -> None:
    """Count what a run would end."""
    run = RetentionRun.objects.filter(pk=run_id, state=RetentionState.COUNTING).first()
    if run is None:
        return
    try:
        counted = previewing.count(run)
    except GuanxiError as error:
        RetentionRun.objects.filter(pk=run_id).update(  # house: writes: how the work stands
            state=RetentionState.FAILED, error=str(error)[:500]
        )
        return
    if scheduling.counted(counted):
        start(run_id)


@jobs.task(queue_name="long")
@jobs.policy(max_tries=20)
def end_rows(run_id: int) -> None:
    """End data for a while and let the next job go on, so that other work has its turn."""
    if running.go_on(run_id):
        start(run_id)


def start(run_id: int) -> None:
    """Have a run gone on with; asked twice it is done once."""
    end_rows.using(unique_key=f"retention:{run_id}").enqueue(run_id)  # type: ignore[call-arg]


def count(run_id: int) -> None:
    """Have a run counted."""
    count_run.using(unique_key=f"retention-count:{run_id}").enqueue(run_id)  # type: ignore[call-arg]


@jobs.cron("privacy.retention", "23 3 * * *")
@jobs.task(queue_name="default")
def begin_tonight() -> int:
    """Begin the automatic runs whose turn it is: logs at once, other kinds with a notice; how many."""
    runs = list(scheduling.begun_tonight())
    for run in runs:
        count(run.pk)
    return len(runs)


@jobs.cron("privacy.retention_hourly", "7 * * * *")
@jobs.task(queue_name="default")
def go_on_with_runs() -> int:
    """Begin what is announced for now and what is kept for hours; go on with runs whose job was lost."""
    new = list(scheduling.begun_this_hour())
    for run in new:
        count(run.pk)
    due = list(scheduling.due_now())
    for run_id in RetentionRun.objects.filter(state__in=running.GOING).values_list("pk", flat=True):
        start(run_id)
    for run_id in RetentionRun.objects.filter(state=RetentionState.COUNTING).values_list("pk", flat=True):
        count(run_id)
    return len(new) + len(due)

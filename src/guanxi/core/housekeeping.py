"""Jobs that keep the core's own tables small."""

from datetime import timedelta
from importlib import import_module

from django.conf import settings

from guanxi.core import clock, events, planner_statistics, sealing
from guanxi.core.errors import Busy
from guanxi.core.jobs import cron, policy, task
from guanxi.core.models.jobs import Job, JobStatus

DONE_KEPT_DAYS = 7
FAILED_KEPT_DAYS = 60
SEALS_AT_ONCE = 50


@cron("core.forget_old_events", "17 3 * * *")
@task(queue_name="default")
def forget_old_events() -> int:
    """Drop delivered events after two weeks."""
    return events.forget_old()


@cron("core.forget_old_sessions", "37 3 * * *")
@task(queue_name="default")
def forget_old_sessions() -> None:
    """Drop sessions that have ended by themselves."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@cron("core.forget_old_jobs", "27 3 * * *")
@task(queue_name="default")
def forget_old_jobs() -> int:
    """Drop finished jobs after a week, failed ones after two months, a chunk at a time."""
    now = clock.now()
    gone = 0
    for status, days in ((JobStatus.SUCCESSFUL, DONE_KEPT_DAYS), (JobStatus.FAILED, FAILED_KEPT_DAYS)):
        old = Job.objects.filter(status=status, finished_at__lt=now - timedelta(days=days))
        while ids := list(old.values_list("id", flat=True)[:500]):
            gone += Job.objects.filter(id__in=ids).delete()[0]
    return gone


@cron("core.seal_history", "* * * * *")
@task(queue_name="default")
@policy(max_tries=1)
def seal_history() -> int:
    """Seal what the journal has gained; a large backlog over several runs, so that other work is not held up."""
    try:
        return sealing.seal_now(at_most=SEALS_AT_ONCE)
    except Busy:  # somebody seals already
        return 0


@cron("core.refresh_planner_statistics", "47 3 * * *")
@task(queue_name="default")
def refresh_planner_statistics() -> float:
    """Let the database's planner know what the tables hold by now."""
    return planner_statistics.refresh()

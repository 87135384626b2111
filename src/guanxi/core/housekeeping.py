"""Jobs that keep the core's own tables small."""

from datetime import timedelta
from importlib import import_module

from django.conf import settings

from guanxi.core import clock, events
from guanxi.core.jobs import cron, task
from guanxi.core.models.jobs import Job, JobStatus

DONE_KEPT_DAYS = 7
FAILED_KEPT_DAYS = 60


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

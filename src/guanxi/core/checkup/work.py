"""Work in the background: is somebody doing it, does it wait too long, did it fail."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guanxi.core import clock, events
from guanxi.core.checkup.findings import Finding, Level
from guanxi.core.checkup.registry import Check, Facts, register
from guanxi.core.jobs.running import QUEUES
from guanxi.core.leases import database_now
from guanxi.core.models.jobs import Job, JobStatus, Worker

SILENT_SECONDS = 60
LATE_SECONDS = 300
# Behind an import or a backup others of the queue `long` may wait for hours.
WAITS_LONG = {"now": 600, "default": 1800, "outside": 3600, "long": 6 * 3600}


def look_at_workers() -> Facts:
    """Which queues nobody serves, and how long the oldest job of each waits."""
    now = database_now()
    heard = Worker.objects.filter(seen_at__gte=now - timedelta(seconds=SILENT_SECONDS))
    served = {queue for queues in heard.values_list("queues", flat=True) for queue in queues.split(",")}
    waiting = Job.objects.filter(status=JobStatus.READY, queue__in=QUEUES, run_after__lte=now)
    late = waiting.values("queue").annotate(oldest=Min("run_after"), count=Count("id")).order_by("queue")
    return {
        "missing": [queue for queue in QUEUES if queue not in served],
        "waiting": {
            row["queue"]: {"seconds": int((now - row["oldest"]).total_seconds()), "count": row["count"]} for row in late
        },
    }


def tell_of_workers(facts: Facts) -> Iterator[Finding]:
    """Is there a worker for every queue, and does it keep up?"""
    missing, waiting = facts["missing"], facts["waiting"]
    names = {"queues": ", ".join(missing)}
    why = _("Imports, reminders, mails and backups wait for it.")
    late = sum(one["count"] for queue, one in waiting.items() if queue in missing and one["seconds"] > LATE_SECONDS)
    if missing and late:
        text = ngettext(
            "No worker runs for %(queues)s and %(count)d job waits: start guanxi up or guanxi work.",
            "No worker runs for %(queues)s and %(count)d jobs wait: start guanxi up or guanxi work.",
            late,
        )
        yield Finding("workers", Level.PROBLEM, text % {**names, "count": late}, why, "guanxi up")
    elif missing:
        text = _("No worker runs for %(queues)s: start guanxi up or guanxi work.") % names
        yield Finding("workers", Level.WARNING, text, why, "guanxi up")
    else:
        yield Finding("workers", Level.OK, _("The background workers are running."))
    for queue, one in waiting.items():
        if queue not in missing and one["seconds"] > WAITS_LONG[queue]:
            text = ngettext(
                "%(count)d job waits in the queue %(queue)s, the oldest for %(minutes)d minutes.",
                "%(count)d jobs wait in the queue %(queue)s, the oldest for %(minutes)d minutes.",
                one["count"],
            ) % {"count": one["count"], "queue": queue, "minutes": one["seconds"] // 60}
            remedy = _("See in the worker's log what it is busy with; start another worker: guanxi work %(queue)s.")
            yield Finding("workers", Level.WARNING, text, why, remedy % {"queue": queue})


def look_at_failures() -> Facts:
    """Which background work failed for good in the last seven days."""
    since = clock.now() - timedelta(days=7)
    failed = Job.objects.filter(status=JobStatus.FAILED, finished_at__gte=since)
    names = sorted({task.rpartition(".")[2] for task in failed.values_list("task", flat=True)[:50]})
    return {"count": failed.count() + events.given_up(since=since), "names": names}


def tell_of_failures(facts: Facts) -> Iterator[Finding]:
    """Did background work fail for good lately?"""
    count = facts["count"]
    if not count:
        yield Finding("failures", Level.OK, _("No background work failed in the last seven days."))
        return
    text = ngettext(
        "%(count)d piece of background work failed in the last seven days. %(names)s",
        "%(count)d pieces of background work failed in the last seven days. %(names)s",
        count,
    ) % {"count": count, "names": ", ".join(facts["names"])}
    why = _("It was tried again several times and given up.")
    yield Finding("failures", Level.WARNING, text.strip(), why, _("The worker's log holds the reason."))


register(Check("workers", gettext_lazy("Background workers"), look_at_workers, tell_of_workers), order=80)
register(Check("failures", gettext_lazy("Failed work"), look_at_failures, tell_of_failures), order=81)

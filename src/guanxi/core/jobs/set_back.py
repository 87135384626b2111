"""When the machine's clock was set back: what was to come soon must not wait until the old time has come again."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from guanxi.core.leases import database_now
from guanxi.core.models.events import EventDelivery, OutboxEvent
from guanxi.core.models.jobs import Job, JobStatus, Schedule

logger = logging.getLogger("guanxi.jobs")

# Clocks of machines may differ by less, and are drawn together by time servers.
TOLERANCE = timedelta(minutes=1)
# No delivery waits longer for its next try.
LONGEST_PAUSE = timedelta(hours=3)
LEASE = timedelta(seconds=20)
AT_ONCE = 1000


def is_set_back(rows: list[Schedule], now: datetime) -> bool:
    """Whether some schedule has run at a time that is still to come: those of every minute see to it that one has."""
    return any(row.last_at is not None and row.last_at > now + TOLERANCE for row in rows)


@transaction.atomic
def bring_back(now: datetime) -> int:
    """Move what waits by as much as the clock was set back; the number of rows that were moved."""
    logger.warning("the clock was set back: work that waits is brought back with it")
    moved = 0
    ahead = Job.objects.select_for_update().filter(status=JobStatus.READY, enqueued_at__gt=now + TOLERANCE)
    for job in ahead.order_by("enqueued_at")[:AT_ONCE]:
        # As long after it was asked for as before, however long ago that seems now.
        job.run_after, job.enqueued_at = max(now, job.run_after - (job.enqueued_at - now)), now
        job.save(update_fields=["run_after", "enqueued_at"])
        moved += 1
    # A living worker has renewed its lease since, by the new time.
    until = database_now() + LEASE
    held = Job.objects.filter(status=JobStatus.RUNNING, lease_until__gt=until + TOLERANCE)
    moved += held.update(lease_until=until)
    moved += EventDelivery.objects.filter(due_at__gt=now + LONGEST_PAUSE).update(due_at=now)
    fresh = OutboxEvent.objects.filter(at__gt=now + TOLERANCE).values("pk")
    moved += EventDelivery.objects.filter(event__in=fresh, due_at__gt=now).update(due_at=now)
    return moved

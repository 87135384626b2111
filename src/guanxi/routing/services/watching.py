"""What the clock brings about: work that nobody accepted goes on, waiting work flows over, whoever is gone is away."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min, Q, QuerySet

from guanxi.core import clock
from guanxi.routing.choices import AssignmentEnd, PresenceCause, PresenceState, WorkState
from guanxi.routing.models import AgentPresence, Assignment, Queue, WorkItem
from guanxi.routing.services.presence import change_state, note_unseen
from guanxi.routing.services.work import return_to_queue, transfer

CHUNK = 200
# Whoever let this many pass in a row is away: they would only hold up what waits.
PASSED_IN_A_ROW = 3


def look_after() -> int:
    """Do all that is due; how many things changed."""
    now = clock.now()
    changed = note_unseen(now)
    for queue in Queue.objects.filter(
        Q(accept_seconds__gt=0) | Q(overflow__isnull=False, overflow_seconds__gt=0)
    ).select_related("overflow"):
        if queue.accept_seconds:
            changed += _pass_on(queue, now)
        if queue.overflow_id and queue.overflow_seconds:
            changed += _flow_over(queue, now)
    return changed


def next_look(now: datetime) -> datetime | None:
    """The earliest moment at which something of a queue will be due, None for nothing to come."""
    moments: list[datetime] = []
    for queue in Queue.objects.filter(is_active=True):
        waits = WorkItem.objects.filter(queue=queue, state=WorkState.WAITING)
        if queue.accept_seconds:
            moments += _after(_unaccepted(queue).aggregate(at=Min("assigned_at"))["at"], queue.accept_seconds, now)
        if queue.overflow_id and queue.overflow_seconds:
            moments += _after(waits.aggregate(at=Min("queued_at"))["at"], queue.overflow_seconds, now)
        for seconds in {queue.level_seconds, queue.preferred_seconds} - {0}:
            # Only those that will become free to more people in time: the oldest that is younger than that.
            young = waits.filter(queued_at__gt=now - timedelta(seconds=seconds))
            moments += _after(young.aggregate(at=Min("queued_at"))["at"], seconds, now)
    return min(moments, default=None)


def _after(moment: datetime | None, seconds: int, now: datetime) -> list[datetime]:
    """That long after a moment, not before now; nothing for no moment."""
    return [] if moment is None else [max(now, moment + timedelta(seconds=seconds))]


def _unaccepted(queue: Queue) -> QuerySet[WorkItem]:
    """What was given to somebody who has not looked at it yet."""
    return WorkItem.objects.filter(queue=queue, state=WorkState.ASSIGNED, accepted_at__isnull=True)


def _pass_on(queue: Queue, now: datetime) -> int:
    """Take what was not accepted in time out of these hands."""
    before = now - timedelta(seconds=queue.accept_seconds)
    late = list(_unaccepted(queue).filter(assigned_at__lte=before).order_by("assigned_at", "pk")[:CHUNK])
    changed = 0
    for one in late:
        with transaction.atomic():
            # Presence before work, as everybody locks them.
            list(AgentPresence.objects.select_for_update(no_key=True).filter(pk=one.assignee_id or 0))
            item = _unaccepted(queue).select_for_update(no_key=True).filter(pk=one.pk, assigned_at__lte=before).first()
            if item is None or item.assignee_id != one.assignee_id:
                continue
            user_id = one.assignee_id or 0
            return_to_queue(item=item, because=AssignmentEnd.NOT_ACCEPTED)
            _send_away_after(user_id)
            changed += 1
    return changed


def _send_away_after(user_id: int) -> None:
    """Whoever let several pass in a row since they came is away."""
    row = AgentPresence.objects.filter(pk=user_id, state=PresenceState.ONLINE).first()
    if row is None:
        return
    latest = Assignment.objects.filter(user=user_id, at__gte=row.since).order_by("-at", "-pk")
    ends = list(latest.values_list("ended_because", flat=True)[:PASSED_IN_A_ROW])
    if len(ends) == PASSED_IN_A_ROW and set(ends) == {AssignmentEnd.NOT_ACCEPTED}:
        change_state(user_id=user_id, state=PresenceState.AWAY, cause=PresenceCause.NOT_ACCEPTED)


def _flow_over(queue: Queue, now: datetime) -> int:
    """Move what has waited too long into the overflow queue."""
    target = queue.overflow if queue.overflow and queue.overflow.is_active else None
    if target is None:
        return 0
    before = now - timedelta(seconds=queue.overflow_seconds)
    late = WorkItem.objects.filter(queue=queue, state=WorkState.WAITING, queued_at__lte=before)
    changed = 0
    for number in list(late.order_by("queued_at", "pk").values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            item = late.select_for_update(no_key=True, skip_locked=True).filter(pk=number).first()
            if item is not None:
                transfer(item=item, queue=target)
                changed += 1
    return changed

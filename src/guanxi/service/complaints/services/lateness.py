"""Steps and answers to authorities that are late: told once, to whose they are and who heads the department.

Where a department has no head, those above hear of it, as with clocks: what is late is never told to nobody.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from guanxi.core import changes, clock
from guanxi.core.actor import system_actor
from guanxi.core.records import RecordRef
from guanxi.service.choices import LIVE_STATES
from guanxi.service.clocks.reaching import People
from guanxi.service.models import Complaint, ComplaintStep
from guanxi.tasks.public import notify

# Of an authority's clock, when its owner is told the first time.
LITTLE_LEFT = timedelta(days=1)


def late_steps(now: datetime) -> list[int]:
    """Steps past their moment of which nobody was told."""
    rows = ComplaintStep.objects.filter(ended_at__isnull=True, due_at__lt=now, escalated_at__isnull=True)
    return list(rows.order_by("due_at").values_list("pk", flat=True)[:1_000])


def authorities_waiting(now: datetime) -> list[int]:
    """Complaints whose authority waits for an answer: little time is left, or none, and nobody was told so yet."""
    rows = Complaint.objects.filter(
        authority_answered_at__isnull=True, authority_due_at__lt=now + LITTLE_LEFT, case__state__in=LIVE_STATES
    ).filter(Q(authority_told=0) | Q(authority_told=1, authority_due_at__lt=now))
    return list(rows.order_by("authority_due_at").values_list("pk", flat=True)[:1_000])


def tell_of_authority(*, case_id: int) -> bool:
    """Tell of the clock of an authority: once that a day is left, once that it has run out; whether there was anything."""
    with transaction.atomic():
        complaint = (
            Complaint.objects.select_for_update(of=("self",), no_key=True)
            .select_related("case__department")
            .get(pk=case_id)
        )
        now = clock.now()
        if complaint.authority_due_at is None or complaint.authority_answered_at is not None:
            return False
        level = 2 if complaint.authority_due_at < now else 1 if complaint.authority_due_at < now + LITTLE_LEFT else 0
        if level <= complaint.authority_told:
            return False
        case = complaint.case
        with changes.operation(actor=system_actor(means="service"), name="service.tell_of_authority") as op:
            op.update(complaint, authority_told=level)
            op.touch(case)
        is_for_heads = level == 2 or case.owner_id is None
        heads = People(()).heads([case.department]) if is_for_heads else []
        people = {number for number in (case.owner_id, *heads) if number is not None}
        data = {"authority": complaint.authority, "over": level == 2}
        notify(user_ids=people, sort="complaint.authority", by=None, about=RecordRef("case", case.pk), data=data)
    return True


def tell_late(*, step_id: int) -> bool:
    """Tell of one late step; whether it still was."""
    with transaction.atomic():
        step = (
            ComplaintStep.objects.select_for_update(of=("self",), no_key=True)
            .select_related("complaint__case__department")
            .get(pk=step_id)
        )
        if step.ended_at is not None or step.escalated_at is not None:
            return False
        case = step.complaint.case
        with changes.operation(actor=system_actor(means="service"), name="service.tell_late_step") as op:
            op.update(step, escalated_at=clock.now())
            op.touch(case)
        heads = People(()).heads([case.department])
        people = {number for number in (step.owner_id, case.owner_id, *heads) if number is not None}
        about = RecordRef("case", case.pk)
        notify(user_ids=people, sort="complaint.late", by=None, about=about, data={"step": step.step})
    return True

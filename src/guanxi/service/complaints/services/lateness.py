"""Steps and answers to authorities that are late: told once, to whose they are and who heads the department."""

from datetime import datetime

from django.db import transaction

from guanxi.core import changes, clock
from guanxi.core.actor import system_actor
from guanxi.core.records import RecordRef
from guanxi.service.models import ComplaintStep
from guanxi.tasks.public import notify
from guanxi.workflow.models import DepartmentHead


def late_steps(now: datetime) -> list[int]:
    """Steps past their moment of which nobody was told."""
    rows = ComplaintStep.objects.filter(ended_at__isnull=True, due_at__lt=now, escalated_at__isnull=True)
    return list(rows.order_by("due_at").values_list("pk", flat=True)[:1_000])


def tell_late(*, step_id: int) -> bool:
    """Tell of one late step; whether it still was."""
    with transaction.atomic():
        step = ComplaintStep.objects.select_for_update(of=("self",)).select_related("complaint__case").get(pk=step_id)
        if step.ended_at is not None or step.escalated_at is not None:
            return False
        case = step.complaint.case
        with changes.operation(actor=system_actor(means="service"), name="service.tell_late_step") as op:
            op.update(step, escalated_at=clock.now())
            op.touch(case)
        heads = DepartmentHead.objects.filter(department=case.department_id or 0).values_list("user_id", flat=True)
        people = {number for number in (step.owner_id, case.owner_id, *heads) if number is not None}
        about = RecordRef("case", case.pk)
        notify(user_ids=people, sort="complaint.late", by=None, about=about, data={"step": step.step})
    return True

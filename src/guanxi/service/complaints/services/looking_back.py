"""Looking back 30 and 90 days after a complaint was closed: whether the like of it came again."""

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from guanxi.core import changes, clock
from guanxi.core.actor import system_actor
from guanxi.core.records import RecordRef
from guanxi.service.choices import CaseState, CaseType
from guanxi.service.models import Case, Complaint, RecurrenceCheck
from guanxi.tasks.public import create_task, notify

NAMED = 50


def look_back(*, check_id: int, today: date) -> bool:
    """Do one look back that is due; whether anything came again. A complaint that was opened again is not looked at."""
    with transaction.atomic():
        check = RecurrenceCheck.objects.select_for_update(of=("self",), no_key=True).filter(pk=check_id).first()
        if check is None or check.looked_at is not None or check.due_on > today:
            return False
        complaint = Complaint.objects.select_related("case").get(pk=check.complaint_id)
        case = complaint.case
        if case.state != CaseState.CLOSED or check.round != case.reopened_count or case.closed_at is None:
            # Looked at no more: the round that it belongs to is over without a closing that holds.
            with changes.operation(actor=system_actor(means="service"), name="service.drop_look_back") as op:
                op.delete(check)
                op.touch(case)
            return False
        alike = alike_since(complaint)
        found = list(alike.values_list("pk", flat=True)[:NAMED])
        with changes.operation(actor=system_actor(means="service"), name="service.look_back") as op:
            op.update(check, looked_at=clock.now(), found_count=alike.count(), found=found)
            op.touch(case)
        if found and case.owner_id is not None:
            about = RecordRef("case", case.pk)
            notify(user_ids=[case.owner_id], sort="complaint.recurred", by=None, about=about)
            create_task(
                actor=system_actor(means="service"),
                values={"title": case.subject[:200], "assignee": case.owner_id, "about": about},
            )
    return bool(found)


def alike_since(complaint: Complaint) -> QuerySet[Case]:
    """Complaints opened since this one was closed with the same cause and unit, or of the same customer about the same."""
    case = complaint.case
    alike = Q(pk__in=[])
    if complaint.cause_id is not None and complaint.unit_id is not None:
        alike |= Q(complaint__cause=complaint.cause_id, complaint__unit=complaint.unit_id)
    if case.customer_id is not None and (case.product_id is not None or case.category_id is not None):
        same = Q(customer=case.customer_id)
        alike |= same & (Q(product=case.product_id) if case.product_id is not None else Q(category=case.category_id))
    rows = Case.objects.filter(alike, case_type=CaseType.COMPLAINT, opened_at__gt=case.closed_at)
    return rows.exclude(pk=case.pk).order_by("-opened_at", "-pk")

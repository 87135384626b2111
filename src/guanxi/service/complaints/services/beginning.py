"""What follows from a case by itself: a complaint begins with it, goes on when it is opened again, is looked back at."""

from datetime import date, timedelta

from django.utils import timezone

from guanxi.core import changes, clock
from guanxi.core.actor import system_actor
from guanxi.core.events import publish
from guanxi.service.choices import ENDED_STATES, OPEN_STATES, CaseState, CaseType
from guanxi.service.complaint_choices import STEPS, Step
from guanxi.service.complaints import steps
from guanxi.service.events import ComplaintClosed, ComplaintOpened
from guanxi.service.models import Case, Complaint, ComplaintStep, RecurrenceCheck

LOOKS_BACK = (30, 90)


def ensure_complaint(*, case_id: int, by_id: int | None = None) -> Complaint | None:
    """The complaint of a case of complaint, begun if there is none; None for other cases. `by_id`: who works on it."""
    case = Case.everything.filter(pk=case_id).first()
    if case is None:
        return None
    standing = Complaint.objects.filter(pk=case_id).first()
    if standing is not None:
        _take_in_hand(standing, case, by_id)
    if standing is not None or case.case_type != CaseType.COMPLAINT:
        return standing
    with changes.operation(actor=system_actor(means="service"), name="service.begin_complaint") as op:
        complaint: Complaint = op.create(Complaint(case=case))
        if case.state not in ENDED_STATES:
            begin_step(op, complaint, Step.RECORD, case.owner_id or by_id)
        op.touch(case)
        publish(ComplaintOpened(case_id=case.pk))
    return complaint


def _take_in_hand(complaint: Complaint, case: Case, by_id: int | None) -> None:
    """A complaint that an import brought open begins its steps when somebody first works on it: their time runs from then."""
    if case.state in ENDED_STATES or complaint.step not in STEPS or complaint.steps.exists():
        return
    complaint.case = case
    with changes.operation(actor=system_actor(means="service"), name="service.begin_complaint") as op:
        begin_step(op, complaint, Step(complaint.step), case.owner_id or by_id)
        op.touch(case)


def begin_step(op: changes.OperationInHand, complaint: Complaint, step: Step, owner_id: int | None) -> ComplaintStep:
    """Let a step begin now, in the round in which the case is; its clock runs from here."""
    now = clock.now()
    standing = ComplaintStep.objects.filter(complaint=complaint, round=complaint.case.reopened_count, step=step).first()
    due_at = steps.due_at(step, complaint.grade, now)
    if standing is not None:
        op.update(standing, owner_id=owner_id, ended_at=None, due_at=due_at, escalated_at=None)
        row = standing
    else:
        row = op.create(
            ComplaintStep(
                complaint=complaint,
                round=complaint.case.reopened_count,
                step=step,
                owner_id=owner_id,
                began_at=now,
                due_at=due_at,
            )
        )
    op.update(complaint, step=step)
    return row


def end_steps(op: changes.OperationInHand, complaint: Complaint) -> None:
    """Let the steps that are under way be over."""
    now = clock.now()
    for row in ComplaintStep.objects.filter(complaint=complaint, ended_at__isnull=True):
        op.update(row, ended_at=now)


def follow_state(*, case_id: int, before: str, after: str) -> None:
    """Closed: the looks back are planned. Opened again: the complaint goes on at the first step that lacks something."""
    complaint = Complaint.objects.select_related("case").filter(pk=case_id).first()
    if complaint is None:
        return
    if after == CaseState.CLOSED:
        with changes.operation(actor=system_actor(means="service"), name="service.plan_recurrence_checks") as op:
            end_steps(op, complaint)
            op.update(complaint, step=Step.DONE)
            today = timezone.localtime(clock.now()).date()
            for days in LOOKS_BACK:
                _plan_look(op, complaint, days, today + timedelta(days=days))
            op.touch(complaint.case)
            publish(ComplaintClosed(case_id=case_id))
    elif before in ENDED_STATES and after in OPEN_STATES:
        with changes.operation(actor=system_actor(means="service"), name="service.resume_complaint") as op:
            end_steps(op, complaint)
            step = next((one for one in STEPS if steps.lacking(complaint, one)), Step.SUM_UP)
            begin_step(op, complaint, step, complaint.case.owner_id)
            op.touch(complaint.case)


def resume_opened(case_ids: set[int]) -> None:
    """Complaints whose case an undo opened again go on, too."""
    rows = Complaint.objects.filter(pk__in=case_ids, step=Step.DONE, case__state__in=OPEN_STATES)
    for number in rows.values_list("pk", flat=True):
        follow_state(case_id=number, before=CaseState.CLOSED, after=CaseState.OPEN)


def _plan_look(op: changes.OperationInHand, complaint: Complaint, days: int, due_on: date) -> None:
    """Plan one look back, once in a round."""
    rows = RecurrenceCheck.objects.filter(complaint=complaint, round=complaint.case.reopened_count, after_days=days)
    standing = rows.first()
    if standing is not None:
        op.update(standing, due_on=due_on, looked_at=None, found_count=None, found=[])
    else:
        op.create(
            RecurrenceCheck(complaint=complaint, round=complaint.case.reopened_count, after_days=days, due_on=due_on)
        )

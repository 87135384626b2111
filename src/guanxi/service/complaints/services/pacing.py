"""Whose the step under way is and until when: both follow what they depend on, while the step lasts."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guanxi.core import changes, clock
from guanxi.core.actor import Actor, system_actor
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.core.events import publish
from guanxi.core.models import Change, User
from guanxi.core.records import RecordRef
from guanxi.service.complaint_choices import Step
from guanxi.service.complaints import steps
from guanxi.service.complaints.services import words
from guanxi.service.complaints.services.handling import locked_complaint
from guanxi.service.events import CaseChanged
from guanxi.service.models import ComplaintStep
from guanxi.tasks.public import notify

AT_ONCE = 200


def hand_over_step(*, actor: Actor, case_id: int, owner_id: int | None) -> int | None:
    """Give the step under way to somebody, who is told; the operation's number, None when it is theirs already."""
    with transaction.atomic():
        complaint = locked_complaint(actor, case_id)
        owner = words.row(User, owner_id, "owner")
        if owner is None:
            raise InvalidInput(_("Say who has this step."), column="owner")
        step = under_way().filter(complaint=complaint).first()
        if step is None:
            raise Conflict(_("No step of this complaint is under way."))
        with changes.operation(actor=actor, name="service.hand_over_step") as op:
            if not op.update(step, owner=owner):
                op.row.delete()
                return None
            op.touch(complaint.case)
            publish(CaseChanged(case_id=case_id, fields=("complaint", "step")))
        about, data = RecordRef("case", case_id), {"step": step.step}
        notify(user_ids=[owner.pk], sort="complaint.step", by=actor.user_id, about=about, data=data)
        return op.id


def under_way() -> QuerySet[ComplaintStep]:
    """The steps that are not over."""
    return ComplaintStep.objects.filter(ended_at__isnull=True).exclude(step=Step.DONE).order_by("pk")


def follow_owner(*, case_id: int) -> None:
    """A case went to somebody else: a step that was nobody's, or that of who had the case, goes with it."""
    change = Change.objects.filter(kind="case", record_id=case_id, field="owner_id").order_by("-id").first()
    step = under_way().filter(complaint=case_id).select_related("complaint__case").first()
    if change is None or step is None or step.owner_id not in {None, change.before}:
        return
    owner_id = step.complaint.case.owner_id
    if owner_id is None or owner_id == step.owner_id:
        return
    with transaction.atomic(), changes.operation(actor=_system(), name="service.hand_over_step") as op:
        op.update(ComplaintStep.objects.select_for_update(no_key=True).get(pk=step.pk), owner_id=owner_id)
        op.touch(step.complaint.case)


def reckon_anew(rows: QuerySet[ComplaintStep]) -> int:
    """Reckon until when steps under way are to be over by the rules as they stand; how many had another moment."""
    numbers = list(rows.values_list("pk", flat=True))
    return sum(_reckon(numbers[start : start + AT_ONCE]) for start in range(0, len(numbers), AT_ONCE))


def _reckon(numbers: Iterable[int]) -> int:
    """The same for some of them; one that is late no more is told of anew when it gets late again."""
    count, now = 0, clock.now()
    with transaction.atomic(), changes.operation(actor=_system(), name="service.reckon_steps") as op:
        rows = ComplaintStep.objects.select_for_update(of=("self",), no_key=True).filter(
            pk__in=numbers, ended_at__isnull=True
        )
        for row in rows.select_related("complaint__case").order_by("pk"):
            due_at = steps.due_at(row.step, row.complaint.grade, row.began_at)
            told_at = row.escalated_at if due_at < now else None
            if op.update(row, due_at=due_at, escalated_at=told_at):
                op.touch(row.complaint.case)
                count += 1
        if not count:
            op.row.delete()
    return count


def _system() -> Actor:
    """Who acts when it follows by itself."""
    return system_actor(means="service")

"""Handling a complaint through its six steps; every act is an operation that can be undone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.conversations.choices import ChannelKind
from guanxi.core import changes, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, Incomplete, InvalidInput, NotFound
from guanxi.core.events import publish
from guanxi.core.models import User
from guanxi.files.public import StoredFile, attach
from guanxi.service.choices import CaseState
from guanxi.service.complaint_choices import (
    Applies,
    Authority,
    Entitlement,
    EvidenceSort,
    Grade,
    LastWord,
    RemedyState,
    Step,
)
from guanxi.service.complaints import steps
from guanxi.service.complaints.queries import may_object
from guanxi.service.complaints.responsible import OBJECT
from guanxi.service.complaints.services import words
from guanxi.service.complaints.services.beginning import begin_step, end_steps, ensure_complaint
from guanxi.service.complaints.services.units import unit_named
from guanxi.service.events import CaseChanged, ComplaintGraded, ComplaintStepDone
from guanxi.service.models import (
    Cause,
    ClosingWord,
    Complaint,
    ComplaintStep,
    Evidence,
    PastObjection,
    Remedy,
    ResponsibleUnit,
    Telling,
)
from guanxi.service.services.cases import locked_case

WHYS = 5


class StepRefused(Incomplete):
    """A step that cannot end yet; `missing` says what is to be done first."""

    def __init__(self, missing: list[str]) -> None:
        """Say all that is missing."""
        told = _("This step is not over yet: %(missing)s") % {"missing": " ".join(missing)}
        super().__init__(told, missing=missing, column="step")


def locked_complaint(actor: Actor, case_id: int, action: str = "change") -> Complaint:
    """The complaint with its case, both open to the actor and still open; the caller holds a transaction."""
    case = locked_case(actor, case_id, action)
    if case.state == CaseState.CLOSED:
        raise Conflict(_("This complaint is closed; open it again first."))
    if ensure_complaint(case_id=case.pk, by_id=actor.user_id) is None:
        raise NotFound(_("This case is no complaint."))
    complaint = Complaint.objects.select_for_update(no_key=True).get(pk=case.pk)
    complaint.case = case
    return complaint


def record_complaint(*, actor: Actor, case_id: int, values: Mapping[str, Any]) -> int | None:
    """Write down what is known at first: grade, authority, what the customer asks for, what the law gives."""
    with transaction.atomic():
        complaint = locked_complaint(actor, case_id)
        clean = _recorded(complaint, values)
        with changes.operation(actor=actor, name="service.record_complaint") as op:
            changed = op.update(complaint, **clean)
            if "words" in values:
                told = words.text(values["words"], "words", limit=100_000)
                changed += op.update(complaint.case, description=told)
            if "grade" in changed:
                publish(ComplaintGraded(case_id=case_id, grade=complaint.grade))
            return _done(op, complaint, changed)


def _recorded(complaint: Complaint, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the first step as they are stored."""
    clean: dict[str, Any] = {}
    if "grade" in values:
        clean["grade"] = words.choice(values["grade"], Grade.values, "grade")
    if "authority" in values:
        clean["authority"] = words.choice(values["authority"] or "", Authority.values, "authority")
    if "authority_number" in values:
        clean["authority_number"] = words.text(values["authority_number"], "authority_number", limit=80)
    if "authority_due_at" in values:
        clean["authority_due_at"] = values["authority_due_at"]
    if "wanted" in values:
        clean["wanted"] = words.text(values["wanted"], "wanted")
    if "entitlements" in values:
        given = {**complaint.entitlements, **dict(values["entitlements"])}
        clean["entitlements"] = {
            key: words.choice(value or "", Applies.values, "entitlements")
            for key, value in given.items()
            if key in Entitlement.values and value
        }
    authority = clean.get("authority", complaint.authority)
    if not authority and (clean.get("authority_number") or clean.get("authority_due_at")):
        raise InvalidInput(_("Say which authority handed it on."), column="authority")
    due_at = clean.get("authority_due_at", complaint.authority_due_at)
    if not authority:
        clean.update(authority_number="", authority_due_at=None)
    elif due_at is None:
        clean["authority_due_at"] = steps.authority_due_at(authority, complaint.case.opened_at)
    if clean.get("authority_due_at", complaint.authority_due_at) != complaint.authority_due_at:
        clean["authority_told"] = 0
    return clean


def add_evidence(
    *, actor: Actor, case_id: int, sort: str, text: str = "", said_by: str = "", file: StoredFile | None = None
) -> Evidence:
    """Keep a piece of evidence or a statement, with the step in which it came."""
    with transaction.atomic():
        complaint = locked_complaint(actor, case_id)
        told = words.text(text, "text")
        if not told and file is None:
            raise InvalidInput(_("Say what it shows, or attach a file."), column="text")
        with changes.operation(actor=actor, name="service.add_evidence") as op:
            row: Evidence = op.create(
                Evidence(
                    complaint=complaint,
                    step=complaint.step if complaint.step != Step.DONE else Step.SUM_UP,
                    sort=words.choice(sort, EvidenceSort.values, "sort"),
                    said_by=words.text(said_by, "said_by", limit=120),
                    text=told,
                    file=file,
                    by_id=actor.user_id,
                    at=clock.now(),
                )
            )
            _done(op, complaint, ["evidence"])
        if file is not None:
            attach(actor=actor, stored=file, kind="case", record_id=case_id)
    return row


def settle_unit(
    *, actor: Actor, case_id: int, unit_id: int | None = None, department_id: int | None = None
) -> int | None:
    """Say which unit or department is responsible; costs booked so far go with it. A unit that objected in vain keeps it."""
    with transaction.atomic():
        complaint = locked_complaint(actor, case_id)
        unit = unit_named(actor=actor, unit_id=unit_id, department_id=department_id)
        if unit is None and complaint.unit_id is not None:
            raise InvalidInput(_("Say which unit is responsible."), column="unit")
        if complaint.objected_at is not None and complaint.objection_settled_at is None:
            raise Conflict(_("The objection of the unit is to be decided first."))
        with changes.operation(actor=actor, name="service.settle_unit") as op:
            changed = _put_in_charge(op, complaint, unit)
            return _done(op, complaint, changed)


def object_to(*, actor: Actor, case_id: int, reasons: str) -> int | None:
    """The responsible unit says why it is not; each unit once in a complaint. Who heads it may, whatever their role reaches."""
    with transaction.atomic():
        complaint = locked_complaint(actor, case_id, OBJECT)
        if complaint.unit_id is None:
            raise Conflict(_("No unit is responsible yet."))
        if not may_object(complaint):
            raise Conflict(_("The unit has objected once already."))
        told = words.text(reasons, "reasons", is_needed=_("Say why the unit is not responsible."))
        with changes.operation(actor=actor, name="service.object_to_unit") as op:
            changed = op.update(complaint, objection=told, objected_at=clock.now(), objected_by=_user(actor.user_id))
            return _done(op, complaint, changed)


def decide_objection(
    *,
    actor: Actor,
    case_id: int,
    is_upheld: bool,
    answer: str,
    unit_id: int | None = None,
    department_id: int | None = None,
) -> int | None:
    """Decide an objection: dismissed, the unit stands; upheld, another unit takes its place."""
    with transaction.atomic():
        complaint = locked_complaint(actor, case_id)
        if complaint.objected_at is None or complaint.objection_settled_at is not None:
            raise Conflict(_("There is no objection to decide."))
        if complaint.objected_by_id is not None and complaint.objected_by_id == actor.user_id:
            raise InvalidInput(_("Whoever objected does not decide it."), column="answer")
        told = words.text(answer, "answer", is_needed=_("Give the reasons for the decision."))
        unit = complaint.unit
        if is_upheld:
            unit = unit_named(actor=actor, unit_id=unit_id, department_id=department_id)
        if is_upheld and (unit is None or unit.pk == complaint.unit_id):
            raise InvalidInput(_("Say which other unit is responsible."), column="unit")
        with changes.operation(actor=actor, name="service.decide_objection") as op:
            changed = op.update(complaint, objection_answer=told, objection_settled_at=clock.now())
            if is_upheld:
                changed += _put_in_charge(op, complaint, unit)
            return _done(op, complaint, changed)


def tell_customer(
    *, actor: Actor, case_id: int, channel: str, told: str, at: datetime | None = None, message_id: int | None = None
) -> Telling:
    """Keep that the customer was told: when, how and in which words."""
    with transaction.atomic():
        complaint = locked_complaint(actor, case_id)
        with changes.operation(actor=actor, name="service.tell_customer") as op:
            row: Telling = op.create(
                Telling(
                    complaint=complaint,
                    step=complaint.step if complaint.step != Step.DONE else Step.SUM_UP,
                    at=words.past(at, "at"),
                    channel=words.choice(channel, ChannelKind.values, "channel"),
                    words=words.text(told, "words", is_needed=_("Say in which words the customer was told.")),
                    message_id=message_id,
                    by_id=actor.user_id,
                )
            )
            _done(op, complaint, ["telling"])
    return row


def enter_responsibility(*, actor: Actor, case_id: int, text: str) -> int | None:
    """Enter what the responsible unit answers for."""
    with transaction.atomic():
        complaint = locked_complaint(actor, case_id)
        told = words.text(text, "responsibility", is_needed=_("Say what the unit answers for."))
        with changes.operation(actor=actor, name="service.enter_responsibility") as op:
            return _done(op, complaint, op.update(complaint, responsibility=told))


def sum_up(*, actor: Actor, case_id: int, cause_id: int | None, whys: Sequence[str], prevention: str) -> int | None:
    """Enter the cause from the tree, the whys that led there, and what prevents that it happens again."""
    with transaction.atomic():
        complaint = locked_complaint(actor, case_id)
        told = [words.text(why, "whys", limit=1_000) for why in list(whys)[:WHYS]]
        values = {
            "cause": words.row(Cause, cause_id, "cause"),
            "whys": [why for why in told if why],
            "prevention": words.text(prevention, "prevention"),
        }
        with changes.operation(actor=actor, name="service.sum_up_complaint") as op:
            return _done(op, complaint, op.update(complaint, **values))


def ask_customer(
    *, actor: Actor, case_id: int, outcome: str, channel: str, text: str = "", at: datetime | None = None
) -> ClosingWord:
    """Keep what the customer answered at the end, or that nobody was reached."""
    with transaction.atomic():
        complaint = locked_complaint(actor, case_id)
        needed = "" if outcome == LastWord.CONFIRMED else _("Say what was tried, or what the customer said.")
        with changes.operation(actor=actor, name="service.ask_customer") as op:
            row: ClosingWord = op.create(
                ClosingWord(
                    complaint=complaint,
                    round=complaint.case.reopened_count,
                    outcome=words.choice(outcome, LastWord.values, "outcome"),
                    channel=words.choice(channel, ChannelKind.values, "channel"),
                    words=words.text(text, "words", is_needed=needed),
                    at=words.past(at, "at", since=_round_began(complaint)),
                    by_id=actor.user_id,
                )
            )
            _done(op, complaint, ["closing_word"])
    return row


def _round_began(complaint: Complaint) -> datetime:
    """Since when the complaint is open: nobody was asked before whether it is settled."""
    again = complaint.case.reopened_count
    began = ComplaintStep.objects.filter(complaint=complaint, round=again).order_by("began_at") if again else None
    first = began.values_list("began_at", flat=True).first() if began is not None else None
    return first or complaint.case.opened_at


def answer_authority(*, actor: Actor, case_id: int, at: datetime | None = None) -> int | None:
    """Note that the authority has its answer."""
    with transaction.atomic():
        complaint = locked_complaint(actor, case_id)
        if not complaint.authority:
            raise Conflict(_("No authority handed this complaint on."))
        with changes.operation(actor=actor, name="service.answer_authority") as op:
            return _done(op, complaint, op.update(complaint, authority_answered_at=words.past(at, "at")))


def end_step(*, actor: Actor, case_id: int, step: str, owner_id: int | None = None) -> int | None:
    """End the step that is under way and begin the next, with its owner; StepRefused says what is missing."""
    with transaction.atomic():
        complaint = locked_complaint(actor, case_id)
        if complaint.step != step:
            raise Conflict(_("The complaint is at another step by now."))
        missing = steps.lacking(complaint, step)
        if missing:
            raise StepRefused(missing)
        owner = words.row(User, owner_id, "owner") or complaint.case.owner or _user(actor.user_id)
        with changes.operation(actor=actor, name="service.end_complaint_step") as op:
            end_steps(op, complaint)
            following = steps.following(step)
            if following == Step.DONE:
                op.update(complaint, step=Step.DONE)
            else:
                begin_step(op, complaint, following, owner.pk if owner is not None else None)
            publish(ComplaintStepDone(case_id=case_id, step=step))
            return _done(op, complaint, ["step"])


def _put_in_charge(op: changes.OperationInHand, complaint: Complaint, unit: ResponsibleUnit | None) -> list[str]:
    """Let another unit answer: costs go with it, and what the one before objected is kept apart, so that this one may object."""
    before = complaint.unit
    changed = op.update(complaint, unit=unit)
    if not changed:
        return changed
    _move_costs(op, complaint, unit)
    if complaint.objected_at is not None and before is not None:
        op.create(
            PastObjection(
                complaint=complaint,
                unit=before,
                reasons=complaint.objection,
                at=complaint.objected_at,
                by=complaint.objected_by,
                answer=complaint.objection_answer,
                settled_at=complaint.objection_settled_at,
            )
        )
        none: dict[str, Any] = {"objected_at": None, "objected_by": None, "objection_settled_at": None}
        changed += op.update(complaint, objection="", objection_answer="", **none)
    return changed


def _move_costs(op: changes.OperationInHand, complaint: Complaint, unit: ResponsibleUnit | None) -> None:
    """Book what remedies cost so far to the unit that answers for it now."""
    for remedy in Remedy.objects.filter(complaint=complaint, state=RemedyState.DONE):
        op.update(remedy, unit=unit)


def _user(user_id: int | None) -> User | None:
    """The user behind an actor."""
    return User.objects.filter(pk=user_id).first() if user_id is not None else None


def _done(op: changes.OperationInHand, complaint: Complaint, changed: Sequence[str]) -> int | None:
    """End an act: its case's history names it and hearers learn of it; the operation's number, None when nothing differs."""
    if not changed:
        op.row.delete()
        return None
    op.touch(complaint.case)
    publish(CaseChanged(case_id=complaint.case.pk, fields=("complaint", *changed)))
    return op.id

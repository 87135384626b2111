"""Acts on complaints in the API: for each act of the page one operation, over the same services."""

import base64
import binascii
import io
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from guanxi.core import ids, money
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.files.public import StoredFile, store
from guanxi.service.complaints import queries
from guanxi.service.complaints.api.reading import acted
from guanxi.service.complaints.api.schemas import (
    AuthorityAnswer,
    CaseId,
    ComplaintData,
    EvidenceInput,
    FileInput,
    LastWordInput,
    ObjectionDecision,
    ObjectionInput,
    ReasonInput,
    RemedyDone,
    RemedyId,
    RemedyInput,
    ResponsibilityInput,
    StepEnd,
    SummaryInput,
    TellingInput,
    UnitChoice,
)
from guanxi.service.complaints.responsible import OBJECT
from guanxi.service.complaints.services import handling, remedies
from guanxi.service.models import Complaint, Remedy
from guanxi.tasks.queries import person_named

router = Router()


@router.post("/{complaint_id}/evidence", response=ComplaintData, summary="Add evidence or a statement to a complaint")
def add_evidence(request: HttpRequest, complaint_id: CaseId, data: EvidenceInput) -> HttpResponse:
    """Keep a piece of evidence or a statement, with its file."""

    def act(actor: Actor, complaint: Complaint) -> Any:
        """Keep it."""
        kept = _stored(actor, data.file) if data.file is not None else None
        return handling.add_evidence(
            actor=actor, case_id=complaint.pk, sort=data.sort, text=data.text, said_by=data.said_by, file=kept
        )

    return acted(request, complaint_id, act)


@router.post("/{complaint_id}/unit", response=ComplaintData, summary="Settle which unit is responsible")
def settle_unit(request: HttpRequest, complaint_id: CaseId, data: UnitChoice) -> HttpResponse:
    """Say which unit or department answers for it; costs go with it."""
    return acted(
        request,
        complaint_id,
        lambda actor, complaint: handling.settle_unit(
            actor=actor, case_id=complaint.pk, unit_id=data.unit, department_id=data.department
        ),
    )


@router.post("/{complaint_id}/object", response=ComplaintData, summary="Object to being responsible, once")
def object_to_unit(request: HttpRequest, complaint_id: CaseId, data: ObjectionInput) -> HttpResponse:
    """Say why the responsible unit is not."""
    return acted(
        request,
        complaint_id,
        lambda actor, complaint: handling.object_to(actor=actor, case_id=complaint.pk, reasons=data.reasons),
        OBJECT,
    )


@router.post("/{complaint_id}/decide-objection", response=ComplaintData, summary="Decide the objection of a unit")
def decide_objection(request: HttpRequest, complaint_id: CaseId, data: ObjectionDecision) -> HttpResponse:
    """Dismiss it, or uphold it with another unit in its place; whoever objected does not decide."""
    return acted(
        request,
        complaint_id,
        lambda actor, complaint: handling.decide_objection(
            actor=actor,
            case_id=complaint.pk,
            is_upheld=data.upheld,
            answer=data.answer,
            unit_id=data.unit,
            department_id=data.department,
        ),
    )


@router.post("/{complaint_id}/remedies", response=ComplaintData, summary="Plan a remedy")
def plan_remedy(request: HttpRequest, complaint_id: CaseId, data: RemedyInput) -> HttpResponse:
    """Plan how to make good; approved within the limit of the caller's role, else an approval is asked for."""

    def act(actor: Actor, complaint: Complaint) -> Any:
        """Plan it."""
        currency = money.check_currency(data.currency) if data.currency else money.reporting_currency()
        return remedies.plan_remedy(
            actor=actor,
            case_id=complaint.pk,
            kind_id=data.kind,
            text=data.text,
            amount_minor=_minor(data.amount or "0", currency, "amount"),
            currency=currency,
        )

    return acted(request, complaint_id, act)


@router.post(
    "/{complaint_id}/remedies/{remedy_id}/finish", response=ComplaintData, summary="Note that a remedy is done"
)
def finish_remedy(request: HttpRequest, complaint_id: CaseId, remedy_id: RemedyId, data: RemedyDone) -> HttpResponse:
    """Book what it came to; a promise that it keeps is kept with it."""

    def act(actor: Actor, complaint: Complaint) -> Any:
        """Note it."""
        remedy = _remedy(complaint, remedy_id)
        cost = _minor(data.cost, remedy.currency, "cost") if data.cost is not None else None
        return remedies.finish_remedy(actor=actor, remedy_id=remedy.pk, cost_minor=cost)

    return acted(request, complaint_id, act)


@router.post("/{complaint_id}/remedies/{remedy_id}/drop", response=ComplaintData, summary="Drop a remedy")
def drop_remedy(request: HttpRequest, complaint_id: CaseId, remedy_id: RemedyId, data: ReasonInput) -> HttpResponse:
    """Give up a remedy that is not done, and say why."""
    return acted(
        request,
        complaint_id,
        lambda actor, complaint: remedies.drop_remedy(
            actor=actor, remedy_id=_remedy(complaint, remedy_id).pk, reason=data.reason
        ),
    )


@router.post("/{complaint_id}/tell", response=ComplaintData, summary="Note what the customer was told")
def tell(request: HttpRequest, complaint_id: CaseId, data: TellingInput) -> HttpResponse:
    """Keep when, how and in which words; the message goes out by its conversation."""
    return acted(
        request,
        complaint_id,
        lambda actor, complaint: handling.tell_customer(
            actor=actor,
            case_id=complaint.pk,
            channel=data.channel,
            told=data.words,
            at=data.at,
        ),
    )


@router.post("/{complaint_id}/responsibility", response=ComplaintData, summary="Enter what the unit answers for")
def enter_responsibility(request: HttpRequest, complaint_id: CaseId, data: ResponsibilityInput) -> HttpResponse:
    """Say who bears what."""
    return acted(
        request,
        complaint_id,
        lambda actor, complaint: handling.enter_responsibility(actor=actor, case_id=complaint.pk, text=data.text),
    )


@router.post("/{complaint_id}/sum-up", response=ComplaintData, summary="Sum a complaint up: cause, whys, prevention")
def sum_up(request: HttpRequest, complaint_id: CaseId, data: SummaryInput) -> HttpResponse:
    """Enter the cause from the tree, the whys, what prevents that it happens again."""
    return acted(
        request,
        complaint_id,
        lambda actor, complaint: handling.sum_up(
            actor=actor, case_id=complaint.pk, cause_id=data.cause, whys=data.whys, prevention=data.prevention
        ),
    )


@router.post("/{complaint_id}/last-word", response=ComplaintData, summary="Note what the customer said at the end")
def note_last_word(request: HttpRequest, complaint_id: CaseId, data: LastWordInput) -> HttpResponse:
    """Keep that they confirmed, that it is not settled, or an attempt in vain."""
    return acted(
        request,
        complaint_id,
        lambda actor, complaint: handling.ask_customer(
            actor=actor,
            case_id=complaint.pk,
            outcome=data.outcome,
            channel=data.channel,
            text=data.words,
            at=data.at,
        ),
    )


@router.post("/{complaint_id}/answer-authority", response=ComplaintData, summary="Note that the authority was answered")
def answer_authority(request: HttpRequest, complaint_id: CaseId, data: AuthorityAnswer) -> HttpResponse:
    """Keep when the authority got its answer."""
    return acted(
        request,
        complaint_id,
        lambda actor, complaint: handling.answer_authority(actor=actor, case_id=complaint.pk, at=data.at),
    )


@router.post("/{complaint_id}/end-step", response=ComplaintData, summary="End the step that is under way")
def end_step(request: HttpRequest, complaint_id: CaseId, data: StepEnd) -> HttpResponse:
    """Go on to the next step; refused (422) with every sentence of what is missing."""
    return acted(
        request,
        complaint_id,
        lambda actor, complaint: handling.end_step(
            actor=actor, case_id=complaint.pk, step=data.step, owner_id=person(data.owner)
        ),
    )


def person(name: str | None) -> int | None:
    """The number of a colleague by the name they sign in with."""
    if name is None:
        return None
    found = person_named(name)
    if found is None:
        raise InvalidInput(_("There is no user “%(name)s”.") % {"name": name[:60]}, column="owner")
    return found.pk


def _remedy(complaint: Complaint, remedy_id: str) -> Remedy:
    """A remedy of this complaint."""
    found = queries.remedy_of(complaint, ids.parse("rmd", remedy_id) or 0)
    if found is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return found


def _minor(amount: str, currency: str, column: str) -> int:
    """An amount in minor units; one that the currency cannot say is refused, never rounded."""
    minor = money.to_minor(Decimal(amount), currency)
    if money.from_minor(minor, currency) != Decimal(amount):
        raise InvalidInput(
            _("This amount has more decimals than %(currency)s has.") % {"currency": currency}, column=column
        )
    return minor


def _stored(actor: Actor, given: FileInput) -> StoredFile:
    """The file that came with the request, kept."""
    try:
        content = base64.b64decode(given.content, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput(_("The content of a file is sent in base64."), column="file.content") from None
    return store(actor=actor, name=given.name, source=io.BytesIO(content))

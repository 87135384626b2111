"""Complaints in the API: found, read, recorded, closed, opened again; their file and the reply to an authority."""

import base64
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import Query, Router

from guanxi.core import access, ids
from guanxi.core.actor import Actor
from guanxi.core.api import cursors
from guanxi.core.api.answers import actor_in, answer, require_match
from guanxi.core.errors import NotFound
from guanxi.customers.models import Customer
from guanxi.service.choices import ENDED_STATES, CaseState
from guanxi.service.complaints import printing, queries
from guanxi.service.complaints.api import data as presenting
from guanxi.service.complaints.api.schemas import (
    CaseId,
    ComplaintData,
    ComplaintPage,
    ComplaintQuery,
    ComplaintRecord,
    DocumentData,
    LanguageQuery,
    MoveInput,
)
from guanxi.service.complaints.services import handling
from guanxi.service.models import Complaint
from guanxi.service.services.states import set_state

router = Router()


@router.get(
    "", response=ComplaintPage, summary="List complaints, the newest first", openapi_extra={"x-statuses": [404]}
)
def list_complaints(request: HttpRequest, query: Query[ComplaintQuery]) -> HttpResponse:
    """Give one page of the complaints the caller may see."""
    actor = actor_in(request)
    access.require(actor, "case", "view")
    rows = queries.complaints(actor).select_related("complaint", "owner")
    for name in ("step", "grade"):
        if getattr(query, name):
            rows = rows.filter(**{f"complaint__{name}": getattr(query, name)})
    if query.state:
        rows = rows.exclude(state__in=ENDED_STATES) if query.state == "live" else rows.filter(state=query.state)
    if query.authority:
        is_any = query.authority == "any"
        rows = rows.exclude(complaint__authority="") if is_any else rows.filter(complaint__authority=query.authority)
    if query.unit:
        rows = rows.filter(complaint__unit=query.unit)
    if query.cause:
        rows = rows.filter(complaint__cause__path__contains=f"/{query.cause}/")
    if query.owner:
        own = {"owner": actor.user_id} if query.owner == "me" else {"owner__username": query.owner}
        rows = rows.filter(**own)
    if query.customer:
        rows = rows.filter(customer=Customer.objects.get_visible(actor, pk=ids.parse("cus", query.customer) or 0))
    if query.opened_from:
        rows = rows.filter(opened_at__gte=query.opened_from)
    if query.opened_before:
        rows = rows.filter(opened_at__lt=query.opened_before)
    told = sorted(map(str, query.dict(exclude={"limit", "after"}).items()))
    items, following = cursors.newest_first(rows, f"complaints:{told}", query.after, query.limit)
    return answer({"items": [presenting.listed(case) for case in items], "next": following})


@router.get(
    "/{complaint_id}", response=ComplaintData, summary="Read one complaint and what it lacks",
    openapi_extra={"x-etag": True},
)  # fmt: skip
def read(request: HttpRequest, complaint_id: CaseId) -> HttpResponse:
    """Give one complaint with all that its steps found."""
    return shown(request, complaint_id)


@router.patch(
    "/{complaint_id}",
    response=ComplaintData,
    summary="Record what is known of a complaint",
    openapi_extra={"x-etag": True, "x-if-match": True},
)
def record(request: HttpRequest, complaint_id: CaseId, data: ComplaintRecord) -> HttpResponse:
    """Change the fields sent and leave the others: the customer's words, grade, authority, what the law gives."""
    actor = actor_in(request)
    complaint = queries.complaint_of(actor, complaint_id, "change")
    require_match(request, lambda: presenting.whole(actor, complaint))
    given = data.dict(exclude_unset=True)
    values = {name: value for name, value in given.items() if value is not None or name.startswith("authority")}
    if "entitlements" in values:
        values["entitlements"] = {name: value or "" for name, value in values["entitlements"].items()}
    handling.record_complaint(actor=actor, case_id=complaint.pk, values=values)
    return shown(request, complaint_id)


@router.post("/{complaint_id}/close", response=ComplaintData, summary="Close a complaint that lacks nothing")
def close(request: HttpRequest, complaint_id: CaseId, data: MoveInput) -> HttpResponse:
    """Close it; refused (422) with every sentence of what is missing, as everywhere."""
    return moved(request, complaint_id, CaseState.CLOSED, data.reason)


@router.post("/{complaint_id}/reopen", response=ComplaintData, summary="Open a complaint again")
def reopen(request: HttpRequest, complaint_id: CaseId, data: MoveInput) -> HttpResponse:
    """Open it again, one that ended elsewhere too: it goes on at the first step that lacks something."""
    return moved(request, complaint_id, CaseState.OPEN, data.reason)


@router.get("/{complaint_id}/file", response=DocumentData, summary="The file of a complaint as PDF")
def file(request: HttpRequest, complaint_id: CaseId, query: Query[LanguageQuery]) -> HttpResponse:
    """Give all that is kept of it as a document."""
    complaint = queries.complaint_of(actor_in(request), complaint_id)
    return _printed(printing.file_of, complaint, complaint.case.public_id, query.language)


@router.get("/{complaint_id}/reply", response=DocumentData, summary="The reply to the authority as PDF")
def reply(request: HttpRequest, complaint_id: CaseId, query: Query[LanguageQuery]) -> HttpResponse:
    """Give the letter by which the company answers; that it went out is noted by `answer-authority`."""
    complaint = queries.complaint_of(actor_in(request), complaint_id)
    if not complaint.authority:
        raise NotFound(_("No authority handed this complaint on."))
    return _printed(
        printing.reply_of, complaint, complaint.authority_number or complaint.case.public_id, query.language
    )


def shown(request: HttpRequest, complaint_id: str) -> HttpResponse:
    """One complaint as it stands now."""
    actor = actor_in(request)
    complaint = queries.complaint_of(actor, complaint_id)
    return answer(presenting.whole(actor, complaint), request=request, beside=presenting.lacking(complaint))


def acted(
    request: HttpRequest, complaint_id: str, act: Callable[[Actor, Complaint], Any], action: str = "change"
) -> HttpResponse:
    """Do an act on a complaint that the caller may change, and give how it stands then."""
    actor = actor_in(request)
    act(actor, queries.complaint_of(actor, complaint_id, action))
    return shown(request, complaint_id)


def moved(request: HttpRequest, complaint_id: str, state: CaseState, reason: str) -> HttpResponse:
    """Move its case to another state, by the one hand that does so."""
    return acted(
        request,
        complaint_id,
        lambda actor, complaint: set_state(actor=actor, case_id=complaint.pk, state=state, reason=reason),
    )


def _printed(make: Callable[[Complaint], bytes], complaint: Complaint, name: str, language: str) -> HttpResponse:
    """A document in the language asked for, else the caller's."""
    with translation.override(language or translation.get_language()):
        content = make(complaint)
    told = {"name": f"{name}.pdf", "type": "application/pdf", "content": base64.b64encode(content).decode()}
    return answer(told)

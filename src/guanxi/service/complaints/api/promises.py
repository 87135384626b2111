"""Promises to customers in the API."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.core import access, ids
from guanxi.core.api import Moment, Strict, cursors
from guanxi.core.api.answers import actor_in, answer
from guanxi.customers.models import Customer
from guanxi.service import queries as case_queries
from guanxi.service.complaints import queries
from guanxi.service.complaints.api.acting import person
from guanxi.service.complaints.api.data import moment, public
from guanxi.service.complaints.api.schemas import CaseId, CustomerId, Person, PromiseId, PromiseStateName, RemedyId
from guanxi.service.complaints.services import promises as acts
from guanxi.service.models import Promise

router = Router()


class PromiseInput(Strict):
    """A promise to a customer, in a case or without one."""

    text: str = Field(min_length=1, max_length=500, description="what was promised")
    due_at: Moment = Field(description="by when")
    case: CaseId | None = Field(None, max_length=30, description="our id of the case in which it was made")
    customer: CustomerId | None = Field(
        None, max_length=30, description="our id of the customer, for a promise without a case"
    )
    owner: Person | None = Field(None, description="who keeps it, by the name they sign in with; left out, the caller")
    remedy: RemedyId | None = Field(
        None, max_length=30, description="our id of the remedy that keeps it when it is done"
    )


class PromiseNote(Strict):
    """What came of it."""

    note: str = Field("", max_length=500)


class PromiseReason(Strict):
    """How we know, or why."""

    note: str = Field(min_length=1, max_length=500)


class PromiseMove(PromiseReason):
    """Another moment that the customer agreed to, and how we know."""

    due_at: Moment


class PromiseData(Schema):
    """One promise."""

    id: str
    text: str
    due_at: str
    state: PromiseStateName
    customer: str | None
    case: str | None
    owner: str | None
    remedy: str | None
    note: str
    author: str | None
    created_at: str
    ended_at: str | None


class PromisePage(Schema):
    """A page of promises; `next` goes on after it."""

    items: list[PromiseData]
    next: str | None


class PromiseQuery(Strict):
    """Which promises, and where the list begins."""

    state: PromiseStateName | Literal[""] = ""
    owner: str = Field("", max_length=150, description="the name somebody signs in with; `me` for the caller")
    customer: CustomerId = Field("", max_length=30, description="our id of a customer")
    case: CaseId = Field("", max_length=30, description="our id of a case")
    due_from: Moment | None = None
    due_before: Moment | None = None
    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=400, description="`next` of the page before")


@router.get("", response=PromisePage, summary="List promises, the newest first", openapi_extra={"x-statuses": [404]})
def list_promises(request: HttpRequest, query: Query[PromiseQuery]) -> HttpResponse:
    """Give one page of the promises the caller may see."""
    actor = actor_in(request)
    access.require(actor, "promise", "view")
    rows = queries.promises(actor)
    if query.state:
        rows = rows.filter(state=query.state)
    if query.owner:
        own = {"owner": actor.user_id} if query.owner == "me" else {"owner__username": query.owner}
        rows = rows.filter(**own)
    if query.customer:
        rows = rows.filter(customer=Customer.objects.get_visible(actor, pk=ids.parse("cus", query.customer) or 0))
    if query.case:
        rows = rows.filter(case=case_queries.case_of(actor, query.case).pk)
    if query.due_from:
        rows = rows.filter(due_at__gte=query.due_from)
    if query.due_before:
        rows = rows.filter(due_at__lt=query.due_before)
    told = sorted(map(str, query.dict(exclude={"limit", "after"}).items()))
    items, following = cursors.newest_first(rows, f"promises:{told}", query.after, query.limit)
    return answer({"items": [promise_data(row) for row in items], "next": following})


@router.post(
    "",
    response={201: PromiseData},
    summary="Write down what was promised to a customer",
    openapi_extra={"x-etag": True},
)
def make(request: HttpRequest, data: PromiseInput) -> HttpResponse:
    """Write it down, in a case or for a customer; it breaks by itself when its moment passes."""
    actor = actor_in(request)
    access.require(actor, "promise", "create")
    made = acts.make_promise(
        actor=actor,
        text=data.text,
        due_at=data.due_at,
        case_id=case_queries.case_of(actor, data.case, "change").pk if data.case is not None else None,
        customer_id=(ids.parse("cus", data.customer) or 0) if data.customer is not None else None,
        owner_id=person(data.owner),
        remedy_id=(ids.parse("rmd", data.remedy) or 0) if data.remedy is not None else None,
    )
    return _made(request, made)


@router.get("/{promise_id}", response=PromiseData, summary="Read one promise", openapi_extra={"x-etag": True})
def read(request: HttpRequest, promise_id: PromiseId) -> HttpResponse:
    """Give one promise."""
    return answer(promise_data(queries.promise_of(actor_in(request), promise_id)), request=request)


@router.post("/{promise_id}/keep", response=PromiseData, summary="Note that a promise was kept")
def keep(request: HttpRequest, promise_id: PromiseId, data: PromiseNote) -> HttpResponse:
    """Note that it was kept: in time, or late when its moment had passed."""
    actor = actor_in(request)
    promise = queries.promise_of(actor, promise_id, "change")
    acts.keep_promise(actor=actor, promise_id=promise.pk, note=data.note)
    return answer(promise_data(queries.promise_of(actor, promise_id)))


@router.post("/{promise_id}/release", response=PromiseData, summary="Note that the customer released us from a promise")
def release(request: HttpRequest, promise_id: PromiseId, data: PromiseReason) -> HttpResponse:
    """Note it, and how we know."""
    actor = actor_in(request)
    promise = queries.promise_of(actor, promise_id, "change")
    acts.release_promise(actor=actor, promise_id=promise.pk, note=data.note)
    return answer(promise_data(queries.promise_of(actor, promise_id)))


@router.post("/{promise_id}/break", response=PromiseData, summary="Say that a promise will not be kept")
def give_up(request: HttpRequest, promise_id: PromiseId, data: PromiseReason) -> HttpResponse:
    """Say so before its moment comes: whoever answers for it is told, and talks to the customer."""
    actor = actor_in(request)
    promise = queries.promise_of(actor, promise_id, "change")
    acts.give_up_promise(actor=actor, promise_id=promise.pk, note=data.note)
    return answer(promise_data(queries.promise_of(actor, promise_id)))


@router.post(
    "/{promise_id}/move", response={201: PromiseData}, summary="Move a promise to a moment the customer agreed to"
)
def move(request: HttpRequest, promise_id: PromiseId, data: PromiseMove) -> HttpResponse:
    """The old promise is released, a new one stands in its place, and is what this gives."""
    actor = actor_in(request)
    promise = queries.promise_of(actor, promise_id, "change")
    return _made(request, acts.move_promise(actor=actor, promise_id=promise.pk, due_at=data.due_at, note=data.note))


def _made(request: HttpRequest, made: Promise) -> HttpResponse:
    """A promise that was just made."""
    promise = queries.promise_of(actor_in(request), made.public_id)
    place = f"/api/v1/promises/{made.public_id}"
    return answer(promise_data(promise), status=201, request=request, location=place)


def promise_data(promise: Promise) -> dict[str, Any]:
    """A promise for programs."""
    return {
        "id": promise.public_id,
        "text": promise.text,
        "due_at": promise.due_at.isoformat(),
        "state": promise.state,
        "customer": public("cus", promise.customer_id),
        "case": public("cas", promise.case_id),
        "owner": promise.owner.username if promise.owner else None,
        "remedy": public("rmd", promise.remedy_id),
        "note": promise.note,
        "author": promise.author.username if promise.author else None,
        "created_at": promise.created_at.isoformat(),
        "ended_at": moment(promise.ended_at),
    }

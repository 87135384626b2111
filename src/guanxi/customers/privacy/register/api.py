"""The register of requests about personal data in the API."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.core import access, ids
from guanxi.core.api import Day, cursors, id_of
from guanxi.core.api.answers import Strict, actor_in, answer, require_match
from guanxi.customers.models import DataRequest
from guanxi.customers.privacy.register import keeping, reading

router = Router()
RequestId = Annotated[str, id_of("data_request")]
CustomerId = Annotated[str, id_of("customer")]
KindName = Literal["access", "correct", "erase", "transfer", "restrict", "object", "withdraw", "explain"]
ChannelName = Literal["letter", "mail", "phone", "form", "in_person", "authority"]
View = Literal["open", "overdue", "soon", "mine", "settled"]


class RequestFields(Strict):
    """What is known of a request; fields that are left out stay as they are."""

    kind: str | None = Field(None, max_length=14, description="What is asked: `access`, `correct`, `erase`, …")
    law: str | None = Field(None, max_length=8, description="By which law it is due: `CN` or `EU`.")
    channel: str | None = Field(None, max_length=12, description="How it came: `letter`, `mail`, `phone`, …")
    received_on: Day | None = None
    asked_by: str | None = Field(None, max_length=200)
    identity_check: str | None = Field(None, max_length=16, description="How it was made sure who asks.")
    note: str | None = Field(None, max_length=5_000)
    in_charge: str | None = Field(None, max_length=150, description="The name somebody signs in with.")
    customer: CustomerId | None = Field(
        None, min_length=1, max_length=260, description="Our id, an external id, or `source:external id`."
    )


class ExtensionInput(Strict):
    """Why a request is put off, as the person is told."""

    reason: str = Field(max_length=300)


class SettlementInput(Strict):
    """How a request ended."""

    state: Literal["done", "refused"]
    answer: str = Field(max_length=10_000, description="What was answered; of a refusal, the reasons.")


class DataRequestData(Schema):
    """One request about personal data."""

    id: str
    kind: str
    state: str
    law: str
    channel: str
    received_on: str
    due_on: str
    first_due_on: str | None
    extension_reason: str
    is_overdue: bool
    asked_by: str
    identity_check: str
    note: str
    answer: str
    customer: str | None
    in_charge: str | None
    erasure: str | None
    recorded_by: str
    created_at: str
    closed_at: str | None
    closed_by: str


class DataRequestItems(Schema):
    """A page of requests; `next` goes on after it."""

    items: list[DataRequestData]
    next: str | None


class DataRequestQuery(Strict):
    """Which requests, where the list begins and how long it is."""

    view: View = "open"
    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=2000, description="`next` of the page before")


def _told(row: DataRequest) -> dict[str, Any]:
    """A request as promised."""
    return {
        "id": row.public_id,
        "kind": row.kind,
        "state": row.state,
        "law": row.law,
        "channel": row.channel,
        "received_on": row.received_on,
        "due_on": row.due_on,
        "first_due_on": row.first_due_on,
        "extension_reason": row.extension_reason,
        "is_overdue": reading.is_overdue(row),
        "asked_by": row.asked_by,
        "identity_check": row.identity_check,
        "note": row.note,
        "answer": row.answer,
        "customer": ids.public_id("cus", row.customer_id) if row.customer_id else None,
        "in_charge": row.owner.username if row.owner else None,
        "erasure": ids.public_id("era", row.erasure_id) if row.erasure_id else None,
        "recorded_by": row.recorded_by_name,
        "created_at": row.created_at,
        "closed_at": row.closed_at,
        "closed_by": row.closed_by_name,
    }


def _values(given: dict[str, Any]) -> dict[str, Any]:
    """What was sent as the register takes it; the name of whoever is in charge becomes a user, or one nobody knows."""
    values = {name: value for name, value in given.items() if name != "in_charge"}
    if "in_charge" in given:
        values["owner"] = reading.number_of(given["in_charge"])
    return values


def _again(request: HttpRequest, row: DataRequest) -> HttpResponse:
    """A request as it stands after an act."""
    return answer(_told(reading.request_with(actor_in(request), row.public_id)), request=request)


@router.get("", response=DataRequestItems, summary="List requests about personal data")
def list_requests(request: HttpRequest, query: Query[DataRequestQuery]) -> HttpResponse:
    """Give one page of a view of the register, the newest first."""
    access.require(actor_in(request), "privacy", "view")
    rows = reading.narrowed(actor_in(request), query.view).select_related("owner")
    found, following = cursors.newest_first(rows, f"requests {query.view}", query.after, query.limit)
    return answer({"items": [_told(row) for row in found], "next": following})


@router.post("", response={201: DataRequestData}, summary="Record a request about personal data")
def record(request: HttpRequest, data: RequestFields) -> HttpResponse:
    """Write down what somebody asked; its day follows from the law and the day it came."""
    values = _values({name: value for name, value in data.dict(exclude_unset=True).items() if value is not None})
    row = keeping.record_request(actor=actor_in(request), values=values)
    return answer(_told(row), 201, location=f"/api/v1/requests/{row.public_id}", request=request)


@router.get(
    "/{request_id}", response=DataRequestData, summary="Read one request", openapi_extra={"x-etag": True}
)  # fmt: skip
def read(request: HttpRequest, request_id: RequestId) -> HttpResponse:
    """Give one request."""
    return answer(_told(reading.request_with(actor_in(request), request_id)), request=request)


@router.patch(
    "/{request_id}",
    response=DataRequestData,
    summary="Complete or correct a request",
    openapi_extra={"x-etag": True, "x-if-match": True},
)
def change(request: HttpRequest, request_id: RequestId, data: RequestFields) -> HttpResponse:
    """Change the fields sent and leave the others; a request that is settled stays as it is."""
    row = reading.request_with(actor_in(request), request_id, "manage")
    require_match(request, _told(row))
    values = _values({name: "" if value is None else value for name, value in data.dict(exclude_unset=True).items()})
    return _again(request, keeping.change_request(actor=actor_in(request), request_id=row.pk, values=values))


@router.post("/{request_id}/extend", response=DataRequestData, summary="Put a request off, once")
def extend(request: HttpRequest, request_id: RequestId, data: ExtensionInput) -> HttpResponse:
    """Give a request the later day that the law allows."""
    row = reading.request_with(actor_in(request), request_id, "manage")
    return _again(request, keeping.extend_request(actor=actor_in(request), request_id=row.pk, reason=data.reason))


@router.post("/{request_id}/settle", response=DataRequestData, summary="End a request with its answer")
def settle(request: HttpRequest, request_id: RequestId, data: SettlementInput) -> HttpResponse:
    """Close a request as done or refused."""
    row = reading.request_with(actor_in(request), request_id, "manage")
    told = {"state": data.state, "answer": data.answer}
    return _again(request, keeping.settle_request(actor=actor_in(request), request_id=row.pk, **told))


@router.post("/{request_id}/reopen", response=DataRequestData, summary="Open a settled request again")
def reopen(request: HttpRequest, request_id: RequestId) -> HttpResponse:
    """Let a settled request wait again; its day stays."""
    row = reading.request_with(actor_in(request), request_id, "manage")
    return _again(request, keeping.reopen_request(actor=actor_in(request), request_id=row.pk))

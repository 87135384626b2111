"""Cases in the API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.conversations.queries import conversation_of
from guanxi.core import access, ids
from guanxi.core.actor import Actor
from guanxi.core.api import Moment, cursors, id_of
from guanxi.core.api.answers import Strict, actor_in, answer, require_match
from guanxi.core.errors import InvalidInput
from guanxi.core.models import User
from guanxi.customers.models import Customer
from guanxi.service import queries
from guanxi.service.choices import CaseState, CaseType, Level, Priority
from guanxi.service.models import Case, CaseLink
from guanxi.service.services import parts
from guanxi.service.services.cases import open_case, update_case
from guanxi.service.services.states import set_state
from guanxi.service.services.talks import settle_in
from guanxi.tasks import about
from guanxi.tasks.queries import person_named

router = Router()
CaseId = Annotated[str, id_of("case")]
CustomerId = Annotated[str, id_of("customer")]
ConversationId = Annotated[str, id_of("conversation")]
RecordId = Annotated[str, id_of()]
LinkNumber = Annotated[int, Field(ge=1, le=2**53, description="the number of a link")]
TypeName = Literal[
    "enquiry", "request", "repair", "complaint", "grievance", "suggestion", "praise", "order", "follow_up"
]
StateName = Literal["new", "open", "waiting", "held", "solved", "closed", "closed_elsewhere"]
SettableState = Literal["open", "waiting", "held", "solved", "closed"]
PriorityName = Literal["urgent", "high", "normal", "low"]
LevelName = Literal["low", "medium", "high"]
PRIORITIES = {name.name.lower(): name.value for name in Priority}
LEVELS = {name.name.lower(): name.value for name in Level}


class CaseChange(Strict):
    """Fields of a case; those left out stay as they are, and nothing is changed when one is refused.

    Closing is refused with what is missing.
    """

    subject: str | None = Field(None, min_length=1, max_length=255)
    description: str | None = Field(None, max_length=100_000)
    type: TypeName | None = None
    state: SettableState | None = None
    priority: PriorityName | None = None
    impact: LevelName | None = None
    urgency: LevelName | None = None
    category: int | None = Field(None, ge=1, le=2**53, description="the number of a category; null for none")
    customer: CustomerId | None = Field(None, max_length=30, description="our id of a customer; null for nobody")
    parent: CaseId | None = Field(
        None, max_length=30, description="our id of the case that it is part of; null for none"
    )
    conversation: ConversationId | None = Field(
        None, max_length=30, description="our id of the conversation in which it is settled; null for none"
    )
    owner: str | None = Field(None, max_length=150, description="the name somebody signs in with; null for nobody")
    tags: list[Annotated[str, Field(max_length=40)]] | None = Field(None, max_length=50)
    custom: dict[str, Any] | None = Field(None, description="fields that the company added, by key")


class CaseInput(Strict):
    """A new case; without an owner it is the caller's own."""

    subject: str = Field(min_length=1, max_length=255)
    description: str = Field("", max_length=100_000)
    type: TypeName = "enquiry"
    priority: PriorityName | None = Field(None, description="left out, it follows from impact, urgency and tier")
    impact: LevelName = "low"
    urgency: LevelName = "medium"
    category: int | None = Field(None, ge=1, le=2**53, description="the number of a category")
    customer: CustomerId | None = Field(None, max_length=30, description="our id of a customer")
    parent: CaseId | None = Field(None, max_length=30, description="our id of the case that it is part of")
    conversation: ConversationId | None = Field(None, max_length=30, description="our id of the conversation")
    owner: str | None = Field(None, max_length=150, description="the name somebody signs in with")
    tags: list[Annotated[str, Field(max_length=40)]] = Field([], max_length=50)
    custom: dict[str, Any] = Field({}, description="fields that the company added, by key")


class CaseData(Schema):
    """One case."""

    id: str
    subject: str
    description: str
    type: TypeName
    state: StateName
    priority: PriorityName
    impact: LevelName
    urgency: LevelName
    tier: str | None
    category: int | None
    customer: str | None
    conversation: str | None
    channel: str | None
    owner: str | None
    parent: str | None
    tags: list[str]
    custom: dict[str, Any]
    opened_at: str
    first_answered_at: str | None
    waiting_since: str | None
    due_at: str | None
    solved_at: str | None
    closed_at: str | None
    reopened_count: int


class CasePage(Schema):
    """A page of cases; `next` goes on after it."""

    items: list[CaseData]
    next: str | None


class LinkInput(Strict):
    """What a case concerns besides its customer: an order, a product, another case."""

    about: RecordId = Field(min_length=1, max_length=30, description="our id of the record (ord_…, prd_…, cas_…)")


class CaseLinkData(Schema):
    """A case concerns another record."""

    number: int
    about: str


class CaseLinkItems(Schema):
    """What a case concerns, as far as it is open to the caller."""

    items: list[CaseLinkData]


class CaseQuery(Strict):
    """Which cases, and where the list begins."""

    state: StateName | Literal[""] = ""
    type: TypeName | Literal[""] = ""
    owner: str = Field("", max_length=150, description="the name somebody signs in with; `me` for the caller")
    customer: CustomerId = Field("", max_length=30, description="our id of a customer")
    parent: CaseId = Field("", max_length=30, description="our id of a case: those that are part of it")
    opened_from: Moment | None = None
    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=400, description="`next` of the page before")


@router.get("", response=CasePage, summary="List cases, the newest first", openapi_extra={"x-statuses": [404]})
def list_cases(request: HttpRequest, query: Query[CaseQuery]) -> HttpResponse:
    """Give one page of the cases the caller may see."""
    actor = actor_in(request)
    access.require(actor, "case", "view")
    rows = Case.objects.visible_to(actor).select_related("owner").prefetch_related("case_tags__tag")
    if query.state:
        rows = rows.filter(state=query.state)
    if query.type:
        rows = rows.filter(case_type=query.type)
    if query.owner:
        own = {"owner": actor.user_id} if query.owner == "me" else {"owner__username": query.owner}
        rows = rows.filter(**own)
    if query.customer:
        customer = Customer.objects.get_visible(actor, pk=_number(query.customer, "cus"))
        rows = rows.filter(customer=customer)
    if query.parent:
        rows = rows.filter(parent=queries.case_of(actor, query.parent))
    if query.opened_from:
        rows = rows.filter(opened_at__gte=query.opened_from)
    place = f"cases:{query.state}:{query.type}:{query.owner}:{query.customer}:{query.parent}:{query.opened_from}"
    items, following = cursors.newest_first(rows, place, query.after, query.limit)
    return answer({"items": [case_data(case) for case in items], "next": following})


@router.post("", response={201: CaseData}, summary="Open a case", openapi_extra={"x-etag": True})
def create(request: HttpRequest, data: CaseInput) -> HttpResponse:
    """Open a case, for a customer and in a conversation if they are named."""
    actor = actor_in(request)
    access.require(actor, "case", "create")
    given = data.dict(exclude_unset=True)
    conversation = given.pop("conversation", None)
    made = open_case(
        actor=actor,
        values=_values(given),
        conversation_id=_number(conversation, "cnv") if conversation is not None else None,
    )
    case = queries.case_of(actor, made.public_id)
    return answer(case_data(case), status=201, request=request, location=f"/api/v1/cases/{made.public_id}")


@router.get("/{case_id}", response=CaseData, summary="Read one case", openapi_extra={"x-etag": True})
def read(request: HttpRequest, case_id: CaseId) -> HttpResponse:
    """Give one case."""
    return answer(case_data(queries.case_of(actor_in(request), case_id)), request=request)


@router.patch(
    "/{case_id}",
    response=CaseData,
    summary="Change a case, move it on, close it",
    openapi_extra={"x-etag": True, "x-if-match": True},
)
def change(request: HttpRequest, case_id: CaseId, data: CaseChange) -> HttpResponse:
    """Change the fields sent and leave the others; a state is asked for like everywhere."""
    actor = actor_in(request)
    case = queries.case_of(actor, case_id, "change")
    require_match(request, case_data(case))
    with transaction.atomic():
        _change(actor, case, data.dict(exclude_unset=True))
    return answer(case_data(queries.case_of(actor, case_id)), request=request)


def _change(actor: Actor, case: Case, given: dict[str, Any]) -> None:
    """Open a case again before its fields are written; settle where it is talked of; move it on after that."""
    is_settled, conversation = "conversation" in given, given.pop("conversation", None)
    talk = conversation_of(actor, conversation, "change").pk if conversation is not None else None
    state, values = given.pop("state", None), _values(given)
    if state is not None and case.state in {CaseState.CLOSED, CaseState.CLOSED_ELSEWHERE}:
        set_state(actor=actor, case_id=case.pk, state=state)
        state = None
    if values:
        update_case(actor=actor, case_id=case.pk, values=values)
    if is_settled:
        settle_in(actor=actor, case_id=case.pk, conversation_id=talk)
    if state is not None:
        set_state(actor=actor, case_id=case.pk, state=state)


@router.get("/{case_id}/links", response=CaseLinkItems, summary="List what a case concerns")
def list_links(request: HttpRequest, case_id: CaseId) -> HttpResponse:
    """Give the orders, products and further cases that a case concerns."""
    actor = actor_in(request)
    found = queries.links_of(actor, queries.case_of(actor, case_id))
    return answer({"items": [link_data(link) for link in found]})


@router.post("/{case_id}/links", response={201: CaseLinkData}, summary="Say that a case concerns a record")
def create_link(request: HttpRequest, case_id: CaseId, data: LinkInput) -> HttpResponse:
    """Link a case to an order, a product or another case; saying it again changes nothing."""
    actor = actor_in(request)
    case = queries.case_of(actor, case_id, "change")
    reference = about.parsed(data.about)
    if reference is None:
        raise InvalidInput(_("Use our own id of a record (cus_…)."), column="about")
    made = parts.link_record(actor=actor, case_id=case.pk, about=reference)
    return answer(link_data(made), status=201, location=f"/api/v1/cases/{case_id}/links")


@router.delete("/{case_id}/links/{number}", response={204: None}, summary="Say that a case does not concern a record")
def remove_link(request: HttpRequest, case_id: CaseId, number: LinkNumber) -> HttpResponse:
    """Take a link away."""
    actor = actor_in(request)
    link = queries.link_of(queries.case_of(actor, case_id, "change"), str(number))
    parts.unlink_record(actor=actor, link_id=link.pk)
    return HttpResponse(status=204)


def link_data(link: CaseLink) -> dict[str, Any]:
    """A link for programs."""
    return {"number": link.pk, "about": about.public_id(link.about_kind, link.about_id)}


def case_data(case: Case) -> dict[str, Any]:
    """A case for programs."""
    return {
        "id": case.public_id,
        "subject": case.subject,
        "description": case.description,
        "type": case.case_type,
        "state": case.state,
        "priority": Priority(case.priority).name.lower(),
        "impact": Level(case.impact).name.lower(),
        "urgency": Level(case.urgency).name.lower(),
        "tier": case.tier or None,
        "category": case.category_id,
        "customer": _id("cus", case.customer_id),
        "conversation": _id("cnv", case.conversation_id),
        "channel": case.channel_kind or None,
        "owner": case.owner.username if case.owner else None,
        "parent": _id("cas", case.parent_id),
        "tags": sorted(row.tag.name for row in case.case_tags.all()),
        "custom": case.custom,
        "opened_at": case.opened_at.isoformat(),
        "first_answered_at": _moment(case.first_answered_at),
        "waiting_since": _moment(case.waiting_since),
        "due_at": _moment(case.due_at),
        "solved_at": _moment(case.solved_at),
        "closed_at": _moment(case.closed_at),
        "reopened_count": case.reopened_count,
    }


def _id(prefix: str, number: int | None) -> str | None:
    """An id for outside."""
    return ids.public_id(prefix, number) if number is not None else None


def _moment(value: datetime | None) -> str | None:
    """A moment for programs."""
    return value.isoformat() if value is not None else None


def _values(given: dict[str, Any]) -> dict[str, Any]:
    """What was sent, as the services take it."""
    values = dict(given)
    if "type" in values:
        values["case_type"] = CaseType(values.pop("type")) if values["type"] is not None else None
        if values["case_type"] is None:
            del values["case_type"]
    for name, words in (("priority", PRIORITIES), ("impact", LEVELS), ("urgency", LEVELS)):
        if name in values:
            value = values.pop(name)
            if value is not None:
                values[name] = words[value]
    if values.get("owner") is not None:
        values["owner"] = _person(values["owner"])
    if values.get("customer") is not None:
        values["customer"] = _number(values["customer"], "cus")
    if values.get("parent") is not None:
        values["parent"] = _number(values["parent"], "cas")
    for key, value in (values.pop("custom", None) or {}).items():
        values[f"custom_{key}"] = value
    if "tags" in values and values["tags"] is None:
        del values["tags"]
    return values


def _number(text: str, prefix: str) -> int:
    """The number behind one of our ids; of none that there is for anything else."""
    return ids.parse(prefix, text) or 0


def _person(name: str) -> User:
    """Who is to answer for it, by the name they sign in with."""
    found = person_named(name)
    if found is None:
        raise InvalidInput(_("There is no user “%(name)s”.") % {"name": name[:60]}, column="owner")
    return found

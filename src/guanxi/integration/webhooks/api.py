"""Webhooks in the API: made, changed, tested, replayed and removed by programs."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from guanxi.core.access import require
from guanxi.core.actor import Actor
from guanxi.core.api import Flag, ToldOnce, answer, cursors, id_of
from guanxi.core.outbound import outbound_events
from guanxi.integration.webhooks import presenting, queries, services
from guanxi.integration.webhooks.models import WebhookEndpoint

router = Router()
WebhookId = Annotated[str, id_of("webhook")]


class Strict(Schema):
    """What is sent to us: a misspelt field is an error, not silence."""

    model_config = ConfigDict(extra="forbid")


class WebhookChange(Strict):
    """Fields of a webhook; those left out stay as they are."""

    label: str | None = Field(None, max_length=80)
    url: str | None = Field(None, max_length=500)
    types: list[str] | None = Field(None, max_length=100, description="Types of events; none stands for all.")
    with_details: Flag | None = None
    active: Flag | None = None


class WebhookInput(Strict):
    """A new webhook."""

    label: str = Field(max_length=80)
    url: str = Field(max_length=500)
    types: list[str] = Field(default_factory=list, max_length=100)
    with_details: Flag = False


class WebhookData(Schema):
    """One webhook and how it stands; its secret is told only when it is made or changed."""

    id: str
    label: str
    url: str
    types: list[str]
    with_details: bool
    active: bool
    stopped_because: str | None
    user: str
    created_at: str
    failing_since: str | None
    last_delivered_at: str | None


class WebhookWithSecret(WebhookData):
    """A webhook right after it was made."""

    secret: ToldOnce


class WebhookItems(Schema):
    """The webhooks that are open to the caller."""

    items: list[WebhookData]


class EventType(Schema):
    """One type of event."""

    type: str
    label: str


class EventTypes(Schema):
    """What webhooks may be told of."""

    items: list[EventType]


class Try(Schema):
    """One try to deliver a message."""

    at: str
    took_ms: int
    status: int | None
    problem: str | None
    answer: str


class Message(Schema):
    """One message with its tries."""

    id: str
    type: str
    data: dict[str, Any]
    happened_at: str
    state: Literal["waiting", "delivered", "failed"]
    due_at: str | None
    tries: list[Try]


class MessageItems(Schema):
    """Messages, the newest first; `next` goes on after them."""

    items: list[Message]
    next: str | None


class MessageQuery(Strict):
    """Which messages."""

    state: Literal["waiting", "delivered", "failed", ""] = ""
    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=400, description="`next` of the page before")


class Replay(Strict):
    """Which messages to send again: those named, or all that failed."""

    messages: list[Annotated[str, id_of("webhookmessage")]] = Field(default_factory=list, max_length=1000)
    failed: Flag = False


class Replayed(Schema):
    """How many are sent again."""

    count: int


class Secret(Schema):
    """A new secret; the old one signs too for another day."""

    secret: ToldOnce


def _actor(request: HttpRequest) -> Actor:
    """Who calls."""
    return request.actor  # type: ignore[attr-defined]


def _row(request: HttpRequest, webhook_id: WebhookId, action: str = "view") -> WebhookEndpoint:
    """One webhook that is open to the caller."""
    return queries.endpoint_of(_actor(request), webhook_id, action)


@router.get("", response=WebhookItems, summary="List webhooks")
def list_webhooks(request: HttpRequest) -> dict[str, Any]:
    """Give the webhooks that are open to the caller."""
    require(_actor(request), "webhook", "view")
    return {"items": [presenting.endpoint_data(row) for row in queries.endpoints_of(_actor(request))]}


@router.get("/types", response=EventTypes, summary="List the events webhooks may be told of")
def list_types(request: HttpRequest) -> dict[str, Any]:
    """Give every type of event."""
    return {"items": [{"type": outbound.key, "label": str(outbound.label)} for outbound in outbound_events]}


@router.post("", response={201: WebhookWithSecret}, summary="Make a webhook")
def create(request: HttpRequest, data: WebhookInput) -> HttpResponse:
    """Make a webhook that hears with the rights of the caller; the secret is told this once."""
    made, secret = services.create_endpoint(actor=_actor(request), **data.dict())
    told = {**presenting.endpoint_data(_row(request, made.public_id)), "secret": secret}
    return answer(told, 201, location=f"/api/v1/webhooks/{made.public_id}")


@router.get("/{webhook_id}", response=WebhookData, summary="Read one webhook")
def read(request: HttpRequest, webhook_id: WebhookId) -> dict[str, Any]:
    """Give one webhook."""
    return presenting.endpoint_data(_row(request, webhook_id))


@router.patch("/{webhook_id}", response=WebhookData, summary="Change a webhook")
def change(request: HttpRequest, webhook_id: WebhookId, data: WebhookChange) -> dict[str, Any]:
    """Change the fields sent and leave the others."""
    row = _row(request, webhook_id, "change")
    values = {name: value for name, value in data.dict(exclude_unset=True).items() if value is not None}
    if "active" in values:
        values["is_active"] = values.pop("active")
    services.update_endpoint(actor=_actor(request), endpoint_id=row.pk, **values)
    return presenting.endpoint_data(_row(request, webhook_id))


@router.delete("/{webhook_id}", response={204: None}, summary="Remove a webhook")
def remove(request: HttpRequest, webhook_id: WebhookId) -> HttpResponse:
    """Remove a webhook with its log."""
    services.remove_endpoint(actor=_actor(request), endpoint_id=_row(request, webhook_id, "delete").pk)
    return HttpResponse(status=204)


@router.post("/{webhook_id}/secret", response=Secret, summary="Change the secret of a webhook")
def change_secret(request: HttpRequest, webhook_id: WebhookId) -> dict[str, Any]:
    """Give another secret; the old one signs too for another day."""
    row = _row(request, webhook_id, "change")
    return {"secret": services.change_secret(actor=_actor(request), endpoint_id=row.pk)}


@router.post("/{webhook_id}/test", response={202: Message}, summary="Send a test message")
def send_test(request: HttpRequest, webhook_id: WebhookId) -> Status[dict[str, Any]]:
    """Send a message of type `guanxi.test`; what comes back is in the log."""
    row = _row(request, webhook_id, "change")
    return Status(202, presenting.message_data(services.send_test(actor=_actor(request), endpoint_id=row.pk)))


@router.get("/{webhook_id}/messages", response=MessageItems, summary="The delivery log of a webhook")
def list_messages(request: HttpRequest, webhook_id: WebhookId, query: Query[MessageQuery]) -> dict[str, Any]:
    """Give what the webhook was told, the newest first, with every try."""
    row = _row(request, webhook_id)
    found = queries.log_of(_actor(request), row, state=query.state)
    items, following = cursors.newest_first(found, f"messages {row.pk} {query.state}", query.after, query.limit)
    return {"items": [presenting.message_data(item) for item in items], "next": following}


@router.post("/{webhook_id}/replay", response=Replayed, summary="Send messages again")
def replay(request: HttpRequest, webhook_id: WebhookId, data: Replay) -> dict[str, Any]:
    """Send messages again under their ids: those named, or all that failed."""
    row = _row(request, webhook_id, "change")
    count = services.replay(
        actor=_actor(request), endpoint_id=row.pk, message_ids=data.messages, failed_only=data.failed
    )
    return {"count": count}

"""Conversations in the API: read, answer, note, assign, finish."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.conversations import queries
from guanxi.conversations.choices import ConversationState
from guanxi.conversations.desk import addresses
from guanxi.conversations.models import Conversation, Message
from guanxi.conversations.services import answering
from guanxi.conversations.services import conversations as acts
from guanxi.conversations.services.answering import Further
from guanxi.conversations.services.replying import Outgoing
from guanxi.core import access, ids
from guanxi.core.actor import Actor
from guanxi.core.api import Moment, cursors, id_of
from guanxi.core.api.answers import Strict, actor_in, answer, require_match
from guanxi.core.errors import InvalidInput
from guanxi.core.models import User
from guanxi.customers.models import Customer
from guanxi.tasks.queries import person_named

router = Router()
ConversationId = Annotated[str, id_of("conversation")]
MessageId = Annotated[str, id_of("message")]
CustomerId = Annotated[str, id_of("customer")]
ChannelId = Annotated[str, id_of("channel")]
StateName = Literal["open", "done"]
LanguageName = Literal["en", "zh-hans"]
Address = Annotated[str, Field(max_length=254)]


class ConversationChange(Strict):
    """Fields of a conversation; those left out stay as they are."""

    state: StateName | None = None
    subject: str | None = Field(None, max_length=255)
    assignee: str | None = Field(None, max_length=150, description="the name somebody signs in with; null for nobody")
    customer: CustomerId | None = Field(None, max_length=30, description="our id of a customer; null for nobody's")
    language: LanguageName | None = None


class ReplyInput(Strict):
    """An answer. Addresses left out, it goes to the counterpart; it can be taken back for some seconds on the desk."""

    text: str = Field(min_length=1, max_length=200_000)
    to: list[Address] = Field([], max_length=50)
    cc: list[Address] = Field([], max_length=50)
    subject: str = Field("", max_length=255)
    channel: ChannelId | None = Field(
        None, max_length=30, description="our id of a channel; left out, the one it goes on by"
    )
    then: Literal["open", "done"] = Field("open", description="what becomes of the conversation")
    key: str = Field("", max_length=60, description="sent again under the same key, an answer goes once")


class NoteInput(Strict):
    """A note that only colleagues see; people named with @ are told."""

    text: str = Field(min_length=1, max_length=200_000)
    key: str = Field("", max_length=60, description="sent again under the same key, a note is written once")


class ConversationData(Schema):
    """One conversation."""

    id: str
    subject: str
    state: StateName
    customer: str | None
    match: str
    contact_name: str
    channel: str | None
    channel_kind: str | None
    language: str | None
    assignee: str | None
    queue: str | None
    messages: int
    last_message_at: str
    waiting_since: str | None
    due_at: str | None
    done_at: str | None
    created_at: str


class ConversationPage(Schema):
    """A page of conversations; `next` goes on after it."""

    items: list[ConversationData]
    next: str | None


class MessageData(Schema):
    """One entry of a conversation: a message in or out, or a note."""

    id: str
    kind: Literal["message", "note", "event"]
    direction: Literal["in", "out", "internal"]
    sort: str
    author: str
    channel_kind: str | None
    to: list[str]
    cc: list[str]
    subject: str
    text: str
    new_text: str
    at: str
    delivery: str
    error: str | None


class MessagePage(Schema):
    """A page of entries, the oldest first; `next` goes on after it."""

    items: list[MessageData]
    next: str | None


class ConversationQuery(Strict):
    """Which conversations, and where the list begins."""

    state: StateName | Literal[""] = ""
    assignee: str = Field("", max_length=150, description="the name somebody signs in with; `me`, or `nobody`")
    customer: CustomerId = Field("", max_length=30, description="our id of a customer")
    waiting: bool | None = Field(None, description="true: somebody waits for an answer")
    changed_from: Moment | None = None
    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=400, description="`next` of the page before")


class ConversationMessageQuery(Strict):
    """Which page of entries."""

    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=400, description="`next` of the page before")


@router.get(
    "",
    response=ConversationPage,
    summary="List conversations, the one begun last first",
    openapi_extra={"x-statuses": [404]},
)
def list_conversations(request: HttpRequest, query: Query[ConversationQuery]) -> HttpResponse:
    """Give one page of the conversations the caller may see."""
    actor = actor_in(request)
    access.require(actor, "conversation", "view")
    rows = Conversation.objects.visible_to(actor).filter(merged_into__isnull=True).select_related("assignee")
    if query.state:
        rows = rows.filter(state=query.state)
    if query.assignee:
        named: dict[str, dict[str, Any]] = {"me": {"assignee": actor.user_id}, "nobody": {"assignee__isnull": True}}
        rows = rows.filter(**named.get(query.assignee, {"assignee__username": query.assignee}))
    if query.customer:
        rows = rows.filter(customer=Customer.objects.get_visible(actor, pk=ids.parse("cus", query.customer) or 0))
    if query.waiting is not None:
        rows = rows.filter(waiting_since__isnull=not query.waiting)
    if query.changed_from:
        rows = rows.filter(last_message_at__gte=query.changed_from)
    told = query.dict(exclude={"limit", "after"})
    items, following = cursors.newest_first(
        rows, f"conversations:{sorted(map(str, told.items()))}", query.after, query.limit
    )
    return answer({"items": [conversation_data(actor, row) for row in items], "next": following})


@router.get(
    "/{conversation_id}", response=ConversationData, summary="Read one conversation", openapi_extra={"x-etag": True}
)
def read(request: HttpRequest, conversation_id: ConversationId) -> HttpResponse:
    """Give one conversation; of one that was merged, the one that stands for both."""
    return answer(_shown(request, conversation_id), request=request)


@router.patch(
    "/{conversation_id}",
    response=ConversationData,
    summary="Assign a conversation, finish it, open it again, settle whose it is",
    openapi_extra={"x-etag": True, "x-if-match": True},
)
def change(request: HttpRequest, conversation_id: ConversationId, data: ConversationChange) -> HttpResponse:
    """Change the fields sent and leave the others."""
    actor = actor_in(request)
    row = queries.conversation_of(actor, conversation_id, "change")
    require_match(request, conversation_data(actor, row))
    with transaction.atomic():  # all of it or nothing
        _write(actor, row.pk, data.dict(exclude_unset=True))
    return answer(_shown(request, conversation_id), request=request)


def _write(actor: Actor, number: int, given: dict[str, Any]) -> None:
    """Write what was sent, first what may be refused."""
    if "customer" in given:
        customer = ids.parse("cus", given["customer"]) or 0 if given["customer"] is not None else None
        acts.settle_customer(actor=actor, conversation_id=number, customer_id=customer)
    if "assignee" in given:
        person = _person(given["assignee"]) if given["assignee"] is not None else None
        acts.assign_conversation(actor=actor, conversation_id=number, user_id=person.pk if person is not None else None)
    if given.get("subject") is not None:
        acts.rename_conversation(actor=actor, conversation_id=number, subject=given["subject"])
    if given.get("language"):
        acts.set_language(actor=actor, conversation_id=number, language=given["language"])
    if given.get("state"):
        act = acts.finish_conversation if given["state"] == ConversationState.DONE else acts.reopen_conversation
        act(actor=actor, conversation_id=number)


@router.get("/{conversation_id}/messages", response=MessagePage, summary="Read the entries of a conversation in order")
def list_messages(
    request: HttpRequest, conversation_id: ConversationId, query: Query[ConversationMessageQuery]
) -> HttpResponse:
    """Give one page of what was said and noted."""
    actor = actor_in(request)
    row = queries.conversation_of(actor, conversation_id)
    told = f"messages:{row.pk}"
    place = cursors.decode(told, query.after)
    rows = queries.messages_of(row)
    if place:
        rows = rows.filter(at__gt=datetime.fromisoformat(place[0]))
    found = list(rows[: query.limit + 1])
    items = found[: query.limit]
    following = cursors.encode(told, [items[-1].at, items[-1].pk]) if len(found) > query.limit else None
    return answer({"items": [message_data(actor, one) for one in items], "next": following})


@router.post("/{conversation_id}/reply", response={201: MessageData}, summary="Answer")
def reply(request: HttpRequest, conversation_id: ConversationId, data: ReplyInput) -> HttpResponse:
    """Send an answer, and finish the conversation with it if asked."""
    actor = actor_in(request)
    row = queries.conversation_of(actor, conversation_id, "change")
    outgoing = Outgoing(
        text=data.text,
        to=data.to,
        cc=data.cc,
        subject=data.subject,
        channel_id=(ids.parse("chn", data.channel) or -1) if data.channel is not None else None,
        key=f"api:{actor.user_id}:{data.key}" if data.key else "",
    )
    further = Further(then=data.then)
    message = answering.answer(actor=actor, conversation_id=row.pk, outgoing=outgoing, further=further)
    return answer(message_data(actor, message), status=201, location=f"/api/v1/conversations/{row.public_id}/messages")


@router.post("/{conversation_id}/notes", response={201: MessageData}, summary="Note something for colleagues")
def write_note(request: HttpRequest, conversation_id: ConversationId, data: NoteInput) -> HttpResponse:
    """Write a note that only colleagues see."""
    actor = actor_in(request)
    row = queries.conversation_of(actor, conversation_id, "change")
    key = f"api:{actor.user_id}:{data.key}" if data.key else ""
    message = answering.note(actor=actor, conversation_id=row.pk, text=data.text, key=key)
    if message is None:
        raise InvalidInput(_("There is nothing to note yet."), column="text")
    return answer(message_data(actor, message), status=201, location=f"/api/v1/conversations/{row.public_id}/messages")


def _shown(request: HttpRequest, conversation_id: str) -> dict[str, Any]:
    """One conversation as it stands now."""
    actor = actor_in(request)
    return conversation_data(actor, queries.conversation_of(actor, conversation_id))


def conversation_data(actor: Actor, row: Conversation) -> dict[str, Any]:
    """A conversation for programs; the counterpart's name as far as it is a name, else the address as they may see it."""
    return {
        "id": row.public_id,
        "subject": row.subject,
        "state": row.state,
        "customer": _id("cus", row.customer_id),
        "match": row.match,
        "contact_name": addresses.named(actor, row.contact_name, row.contact_value, row.contact_kind),
        "channel": _id("chn", row.channel_id),
        "channel_kind": row.channel_kind or None,
        "language": row.language or None,
        "assignee": row.assignee.username if row.assignee is not None else None,
        "queue": _id("que", row.queue_id),
        "messages": row.message_count,
        "last_message_at": row.last_message_at.isoformat(),
        "waiting_since": _moment(row.waiting_since),
        "due_at": _moment(row.due_at),
        "done_at": _moment(row.done_at),
        "created_at": row.created_at.isoformat(),
    }


def message_data(actor: Actor, message: Message) -> dict[str, Any]:
    """An entry for programs."""
    return {
        "id": message.public_id,
        "kind": message.kind,
        "direction": message.direction,
        "sort": message.message_class,
        "author": addresses.author(actor, message),
        "channel_kind": message.channel_kind or None,
        "to": addresses.all_shown(actor, message.to),
        "cc": addresses.all_shown(actor, message.cc),
        "subject": message.subject,
        "text": message.text,
        "new_text": message.new_text,
        "at": message.at.isoformat(),
        "delivery": message.delivery,
        "error": message.error or None,
    }


def _id(prefix: str, number: int | None) -> str | None:
    """An id for outside."""
    return ids.public_id(prefix, number) if number is not None else None


def _moment(value: datetime | None) -> str | None:
    """A moment for programs."""
    return value.isoformat() if value is not None else None


def _person(name: str) -> User:
    """Who is to answer, by the name they sign in with."""
    found = person_named(name)
    if found is None:
        raise InvalidInput(_("There is no user “%(name)s”.") % {"name": name[:60]}, column="assignee")
    return found

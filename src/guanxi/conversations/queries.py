"""Reading conversations: always as far as the actor may see."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from guanxi.conversations.adapters import adapters
from guanxi.conversations.models import Channel, Conversation, Message
from guanxi.core import ids
from guanxi.core.actor import Actor
from guanxi.core.compiled import Compiled, CompiledRecords
from guanxi.core.errors import NotFound
from guanxi.core.models import Team, TeamMember

BROKEN_SHOWN = 5
_CHANNEL_NAMES = Compiled(
    lambda: Channel.objects.filter(is_active=True).order_by("name").values_list("pk", "name", "kind")
)
_PLACE = Compiled(
    lambda number, conversation: Message.objects.filter(pk=number, conversation=conversation).values_list("at"),
    int, int,
)  # fmt: skip
# With what every look at one shows of it.
_BESIDE = ("channel", "assignee", "customer")
_CONVERSATION = CompiledRecords(
    Conversation, lambda number: Conversation.objects.filter(pk=number), int, related=_BESIDE
)
_CHANNELS = CompiledRecords(Channel, lambda: Channel.objects.filter(is_active=True).order_by("name"))
_MERGED_INTO = Compiled(lambda number: Conversation.objects.filter(pk=number).values_list("merged_into"), int)


def standing_number(public_id: str) -> int | None:
    """The number behind a public id; of a conversation that was merged, that of the one that stands for both."""
    number = ids.parse("cnv", public_id)
    row = _MERGED_INTO.first(number) if number is not None else None
    return number if row is None or row[0] is None else int(row[0])


def conversation_of(actor: Actor, public_id: str, action: str = "view") -> Conversation:
    """The conversation with this public id; of one that was merged, the one that stands for both."""
    found = _open_to(actor, action, ids.parse("cnv", public_id) or 0)
    return found if found.merged_into_id is None else _open_to(actor, action, found.merged_into_id)


def _open_to(actor: Actor, action: str, number: int) -> Conversation:
    """A conversation with its channel, customer and whoever answers it, if it is open to the actor."""
    if actor.scope("conversation", action) != "all":
        visible: Conversation = Conversation.objects.select_related(*_BESIDE).get_visible(actor, action, pk=number)
        return visible
    found = _CONVERSATION.first(number)
    if found is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return found


def messages_of(conversation: Conversation) -> QuerySet[Any]:
    """The entries of a conversation that the caller may see, in their order."""
    return Message.objects.filter(conversation=conversation).order_by("at", "id")


def may_listen_to_conversation(actor: Actor, key: str) -> bool:
    """Whether the actor may hear that something happened in a conversation."""
    if not key.isdecimal():
        return False
    if actor.scope("conversation", "view") == "all":
        return True
    try:
        Conversation.objects.get_visible(actor, pk=int(key))
    except NotFound:
        return False
    return True


def channels_of(actor: Actor, action: str = "view") -> QuerySet[Any]:
    """The channels that are open to the actor, each with its health."""
    return Channel.objects.visible_to(actor, action).select_related("health", "department", "queue").order_by("name")


def channel_of(actor: Actor, public_id: str, action: str = "view", kind: str = "") -> Channel:
    """The channel with this public id; where a kind is named, only one of that kind."""
    found: Channel = Channel.objects.get_visible(actor, action, pk=ids.parse("chn", public_id) or 0)
    if kind and found.kind != kind:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return found


def used_channels(actor: Actor) -> frozenset[int]:
    """Those of the channels open to the actor by which something was said: they can be closed, not removed."""
    used = Message.objects.filter(channel=OuterRef("pk"))
    rows = Channel.objects.visible_to(actor).filter(Exists(used)).values_list("pk", flat=True)
    return frozenset(rows)


def is_used(channel: Channel) -> bool:
    """Whether something was said by a channel."""
    return Message.objects.filter(channel=channel).exists()


def entrance(public_id: str, kind: str) -> Channel | None:
    """The channel in use through which somebody outside speaks; who that is, the adapter proves by itself."""
    return Channel.objects.filter(pk=ids.parse("chn", public_id) or 0, kind=kind, is_active=True).first()


def conversation_or_none(actor: Actor, public_id: str) -> Conversation | None:
    """The conversation with this public id, None when there is none or it is not open to the actor."""
    try:
        return conversation_of(actor, public_id) if public_id else None
    except NotFound:
        return None


def message_or_none(conversation: Conversation, public_id: str) -> Message | None:
    """The entry of a conversation with this public id, None when there is none."""
    return messages_of(conversation).filter(pk=ids.parse("msg", public_id) or 0).first()


def place_of_message(conversation: Conversation, public_id: str) -> datetime | None:
    """Where an entry of a conversation stands, None when there is none with this public id."""
    number = ids.parse("msg", public_id)
    row = _PLACE.first(number, conversation.pk) if number is not None else None
    return row[0] if row is not None else None


def message_in(conversation: Conversation, public_id: str) -> Message:
    """The entry of a conversation with this public id."""
    found = message_or_none(conversation, public_id)
    if found is None:
        raise NotFound(_("There is no such message, or it is not open to you."))
    return found


def message_of(actor: Actor, public_id: str, action: str = "view") -> Message:
    """The message with this public id, as far as its conversation is open to the actor."""
    rows = Message.objects.select_related("conversation")
    found: Message = rows.get_visible(actor, action, pk=ids.parse("msg", public_id) or 0)
    return found


def channels_at_desk(actor: Actor) -> QuerySet[Any]:
    """The channels in use by name, for those who answer, whoever keeps their settings.

    Whoever sees only some conversations knows of the channels of those.
    """
    rows: QuerySet[Any] = Channel.objects.filter(is_active=True).order_by("name")
    if actor.scope("conversation", "view") == "all":
        return rows
    return rows.filter(pk__in=Conversation.objects.visible_to(actor).values("channel"))


def channel_names_at_desk(actor: Actor) -> Sequence[tuple[int, str, str]]:
    """Number, name and kind of these channels: every look at the desk asks for them."""
    if actor.scope("conversation", "view") == "all":
        return _CHANNEL_NAMES.rows()
    return list(channels_at_desk(actor).values_list("pk", "name", "kind"))


def channels_to_send(actor: Actor) -> list[Channel]:
    """The channels by which the actor can send something."""
    is_all = actor.scope("conversation", "view") == "all"
    rows = _CHANNELS.all() if is_all else list(channels_at_desk(actor))
    return [row for row in rows if (adapter := adapters.get(row.kind)) is not None and adapter.can_send]


def latest_of_customer(actor: Actor, customer_id: int, limit: int, besides: int | None = None) -> list[Conversation]:
    """The last conversations with a customer that the actor may see."""
    rows = Conversation.objects.visible_to(actor).filter(customer=customer_id, merged_into__isnull=True)
    return list(rows.exclude(pk=besides).select_related("assignee").order_by("-last_message_at")[:limit])


def count_of_customer(actor: Actor, customer_id: int) -> int:
    """How many conversations there were with a customer, as far as the actor may see."""
    rows: QuerySet[Any] = Conversation.objects.visible_to(actor).filter(customer=customer_id, merged_into__isnull=True)
    return rows.count()


def newest_of(actor: Actor) -> Conversation | None:
    """The newest conversation that the actor may see: an example for prepared texts."""
    rows = Conversation.objects.visible_to(actor).filter(merged_into__isnull=True, customer__isnull=False)
    found: Conversation | None = rows.select_related("customer", "channel").order_by("-last_message_at").first()
    return found


def teams_of(actor: Actor) -> list[tuple[int, str]]:
    """The teams for which the actor may write: their own; all of them where the role reaches that far."""
    rows = Team.objects.order_by("name")
    if actor.scope("macro", "change") != "all":
        rows = rows.filter(pk__in=TeamMember.objects.filter(user__in=sorted(actor.person_ids)).values("team"))
    return list(rows.values_list("pk", "name"))


def broken_channels() -> list[Channel]:
    """Channels in use that do not work at the moment, the one that broke first first; whoever sits at the desk is told."""
    rows = Channel.objects.filter(is_active=True, health__broken_at__isnull=False)
    return list(rows.select_related("health").order_by("health__broken_at")[:BROKEN_SHOWN])

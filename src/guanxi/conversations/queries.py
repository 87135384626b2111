"""Reading conversations: always as far as the actor may see."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from guanxi.conversations.models import Channel, Conversation, Message
from guanxi.core import ids
from guanxi.core.actor import Actor
from guanxi.core.errors import NotFound


def conversation_of(actor: Actor, public_id: str, action: str = "view") -> Conversation:
    """The conversation with this public id; of one that was merged, the one that stands for both."""
    found: Conversation = Conversation.objects.get_visible(actor, action, pk=ids.parse("cnv", public_id) or 0)
    if found.merged_into_id is None:
        return found
    kept: Conversation = Conversation.objects.get_visible(actor, action, pk=found.merged_into_id)
    return kept


def messages_of(conversation: Conversation) -> QuerySet[Any]:
    """The entries of a conversation that the caller may see, in their order."""
    return Message.objects.filter(conversation=conversation).order_by("at", "id")


def may_listen_to_conversation(actor: Actor, key: str) -> bool:
    """Whether the actor may hear that something happened in a conversation."""
    if not key.isdecimal():
        return False
    try:
        Conversation.objects.get_visible(actor, pk=int(key))
    except NotFound:
        return False
    return True


def channels_of(actor: Actor, action: str = "view") -> QuerySet[Any]:
    """The channels that are open to the actor, each with its health."""
    return Channel.objects.visible_to(actor, action).select_related("health", "department").order_by("name")


def channel_of(actor: Actor, public_id: str, action: str = "view") -> Channel:
    """The channel with this public id."""
    found: Channel = Channel.objects.get_visible(actor, action, pk=ids.parse("chn", public_id) or 0)
    return found


def used_channels(actor: Actor) -> frozenset[int]:
    """Those of the channels open to the actor by which something was said: they can be closed, not removed."""
    used = Message.objects.filter(channel=OuterRef("pk"))
    rows = Channel.objects.visible_to(actor).filter(Exists(used)).values_list("pk", flat=True)
    return frozenset(rows)


def entrance(public_id: str, kind: str) -> Channel | None:
    """The channel in use through which somebody outside speaks; who that is, the adapter proves by itself."""
    return Channel.objects.filter(pk=ids.parse("chn", public_id) or 0, kind=kind, is_active=True).first()

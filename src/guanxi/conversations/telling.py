"""What other systems may be told of conversations: ids, and details for those who ask for them and may see them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.conversations.api import conversation_data
from guanxi.conversations.events import ConversationChanged, MessageReceived, MessageSent
from guanxi.conversations.models import Conversation
from guanxi.core import outbound
from guanxi.core.actor import Actor
from guanxi.core.ids import public_id
from guanxi.core.outbound import OutboundEvent, Told

SEE = ("conversation", "view")


def conversation_details(actor: Actor, number: int) -> Mapping[str, Any] | None:
    """A conversation as one look-up gives it, if the actor may see it; nothing of what was said."""
    found = Conversation.objects.visible_to(actor).select_related("assignee").filter(pk=number).first()
    return conversation_data(actor, found) if found is not None else None


def _said(event: MessageReceived | MessageSent) -> Iterator[Told]:
    """A message and its conversation."""
    data = {"id": public_id("msg", event.message_id), "conversation": public_id("cnv", event.conversation_id)}
    yield Told({**data, "channel": event.channel}, kind="conversation", record_id=event.conversation_id)


def _changed(event: ConversationChanged) -> Iterator[Told]:
    """A conversation, and what differs."""
    data = {"id": public_id("cnv", event.conversation_id), "fields": list(event.fields)}
    yield Told(data, kind="conversation", record_id=event.conversation_id)


for _event in (
    OutboundEvent("message.received", _("A message came in"), MessageReceived, _said, SEE),
    OutboundEvent("message.sent", _("A message was sent"), MessageSent, _said, SEE),
    OutboundEvent(
        "conversation.changed",
        _("A conversation was assigned, done or opened again"),
        ConversationChanged,
        _changed,
        SEE,
    ),
):
    outbound.register(_event)
outbound.details.add("conversation", conversation_details)

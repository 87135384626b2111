"""Taking in what connectors tell: messages, and what became of ours."""

from typing import Any

from django.db.models import Q

from guanxi.conversations.adapters.webhook.reading import Told, read_json, read_message, stream_of
from guanxi.conversations.choices import DeliveryState, Direction, MessageClass
from guanxi.conversations.matching import Contact
from guanxi.conversations.models import Channel, Conversation, Message
from guanxi.conversations.services.channels import note_worked
from guanxi.conversations.services.delivering import mark, mark_failed
from guanxi.conversations.services.intake import Inbound, InboundFile, Received, receive
from guanxi.core import ids
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.core.sentences import gettext as _
from guanxi.customers.choices import ContactKind
from guanxi.files.public import receive as keep_content

STATES = {
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.READ,
    "failed": DeliveryState.FAILED,
}


def take_message(channel: Channel, body: bytes, call_id: str) -> Received:
    """Store one message; the same id again gives the first result."""
    told = read_message(read_json(body), call_id)
    files = [InboundFile(name, keep_content(stream_of(content))) for name, content in told.files]
    found = receive(
        Inbound(
            channel=channel,
            contact=Contact(told.contact_kind, told.contact_value, told.contact_name),
            text=told.text,
            external_key=told.id,
            message_class=MessageClass.AUTO_REPLY if told.is_automatic else MessageClass.NORMAL,
            said_at=told.said_at,
            conversation_id=_conversation(channel, told),
            joins_open=told.contact_kind in ContactKind.values,
            files=files,
            language=told.language,
            details={**told.details, **({"thread": told.thread} if told.thread else {})},
        )
    )
    note_worked(channel.pk)
    return found


def _conversation(channel: Channel, told: Told) -> int | None:
    """The conversation it goes on in: that of the message it answers, else the newest with the same counterpart here."""
    if told.reply_to:
        number = ids.parse("msg", told.reply_to)
        rows = Message.objects.filter(channel=channel)
        found = rows.filter(Q(pk=number) if number is not None else Q(external_key=told.reply_to)).first()
        if found is not None and _is_same(found.conversation, told):
            return found.conversation_id
    contact = Contact(told.contact_kind, told.contact_value)
    own = Conversation.objects.filter(
        channel=channel,
        contact_kind=contact.kind[:10],
        contact_value=contact.normalised[:254],
        merged_into__isnull=True,
    )
    newest = own.order_by("-last_message_at").first()
    if newest is None or (told.thread and _thread(newest) not in {"", told.thread}):
        return None
    return newest.pk if newest.state == "open" else None


def _is_same(conversation: Conversation, told: Told) -> bool:
    """Whether the message comes from the counterpart of the conversation: an answer of somebody else opens their own."""
    contact = Contact(told.contact_kind, told.contact_value)
    return (conversation.contact_kind, conversation.contact_value) == (contact.kind, contact.normalised[:254])


def _thread(conversation: Conversation) -> str:
    """The connector's own thread of the last message in a conversation."""
    last = Message.objects.filter(conversation=conversation, direction=Direction.IN).order_by("-at").first()
    return str((last.details if last is not None else {}).get("thread", ""))


def take_state(channel: Channel, body: bytes) -> Message:
    """Note what became of a message of ours; a call that comes late or again takes nothing back."""
    given: dict[str, Any] = read_json(body)
    number = ids.parse("msg", str(given.get("id", "")))
    message = Message.objects.filter(channel=channel, direction=Direction.OUT, pk=number or 0).first()
    if message is None:
        raise NotFound(_("This channel sent no such message."))
    state = STATES.get(str(given.get("state", "")))
    if state is None:
        raise InvalidInput(_("“state” is one of delivered, read and failed."), column="state")
    if state is DeliveryState.FAILED and message.delivery not in {DeliveryState.DELIVERED, DeliveryState.READ}:
        mark_failed(message.pk, "connector", str(given.get("error", ""))[:500])
    elif state is not DeliveryState.FAILED:
        mark(message.pk, state)
    return message

"""What visitors' pages are told: at the live topic `chat:<visitor>`, ids and signs only."""

from datetime import datetime

from guanxi.conversations.adapters.chat.services.visitors import visitor_in
from guanxi.conversations.choices import DeliveryState
from guanxi.conversations.models import ChatMessage, ChatVisitor, Conversation, Message
from guanxi.core import live

TOPIC = "chat"


def deliver(message: Message) -> DeliveryState:
    """Let an answer stand in the visitor's chat, in the transaction that writes it."""
    visitor = visitor_in(message.conversation)
    if visitor is None:
        return DeliveryState.SENT
    made, is_new = ChatMessage.objects.get_or_create(message=message, defaults={"visitor": visitor, "is_unseen": True})
    if is_new:
        live.notify(f"{TOPIC}:{made.visitor_id}", {"message": message.pk})
    return DeliveryState.SENT


def tell_typing(conversation: Conversation) -> None:
    """Somebody is writing an answer."""
    visitor = visitor_in(conversation)
    if visitor is not None:
        live.notify(f"{TOPIC}:{visitor.pk}", {"typing": True})


def tell_read(conversation: Conversation, at: datetime) -> None:
    """Somebody has read what the visitor said."""
    visitor = visitor_in(conversation)
    if visitor is None or (visitor.answerer_read_at is not None and visitor.seen_at <= visitor.answerer_read_at):
        return
    ChatVisitor.objects.filter(pk=visitor.pk).update(answerer_read_at=at)
    live.notify(f"{TOPIC}:{visitor.pk}", {"read": at.isoformat()})

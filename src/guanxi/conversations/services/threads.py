"""Which conversation a message belongs to, and telling open pages of it."""

import hashlib
from collections.abc import Iterable

from guanxi.conversations.models import Conversation, Message
from guanxi.core import live

LONGEST = 255
LOOKED_UP = 60


def key_of_message_id(message_id: str) -> str:
    """A Message-ID as it is kept: one too long for an index by its digest."""
    plain = message_id.strip().strip("<>").replace("\x00", "")
    if len(plain) <= LONGEST:
        return plain
    return f"sha256:{hashlib.sha256(plain.encode('utf-8', 'surrogatepass')).hexdigest()}"


def conversation_of_message_ids(message_ids: Iterable[str]) -> int | None:
    """The conversation that holds the first of these mails that we know."""
    keys = [key for key in dict.fromkeys(key_of_message_id(one) for one in message_ids if one) if key][:LOOKED_UP]
    if not keys:
        return None
    rows = Message.objects.filter(message_id__in=keys).order_by("-pk").values_list("message_id", "conversation_id")
    known = dict(reversed(list(rows[: LOOKED_UP * 2])))
    return next((known[key] for key in keys if key in known), None)


def announce(conversation: Conversation, message: Message) -> None:
    """Tell open pages, when the transaction commits, that a conversation has a new entry; nothing of what it says."""
    live.notify(f"conversation:{conversation.pk}", {"conversation": conversation.pk, "message": message.pk})
    live.notify("desk", {"conversation": conversation.pk})


def announce_change(conversation: Conversation) -> None:
    """Tell open pages that something about a conversation changed."""
    live.notify(f"conversation:{conversation.pk}", {"conversation": conversation.pk})
    live.notify("desk", {"conversation": conversation.pk})

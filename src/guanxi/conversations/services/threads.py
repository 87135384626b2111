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
    return next(iter(conversations_of_message_ids(message_ids)), None)


def conversations_of_message_ids(message_ids: Iterable[str]) -> list[int]:
    """The conversations that hold these mails, in the order of the mails."""
    keys = [key for key in dict.fromkeys(key_of_message_id(one) for one in message_ids if one) if key][:LOOKED_UP]
    if not keys:
        return []
    rows = Message.objects.filter(message_id__in=keys).order_by("-pk").values_list("message_id", "conversation_id")
    known = dict(reversed(list(rows[: LOOKED_UP * 2])))
    return list(dict.fromkeys(known[key] for key in keys if key in known))


def conversations_of_answers(message_ids: Iterable[str]) -> list[int]:
    """The conversations that hold answers to these mails, the oldest first: mails do not come in the order of writing."""
    keys = [key for key in dict.fromkeys(key_of_message_id(one) for one in message_ids if one) if key][:LOOKED_UP]
    if not keys:
        return []
    rows = Message.objects.filter(in_reply_to__in=keys).exclude(in_reply_to="").order_by("pk")
    return list(dict.fromkeys(rows.values_list("conversation_id", flat=True)[:LOOKED_UP]))


def announce(conversation: Conversation, message: Message) -> None:
    """Tell open pages, when the transaction commits, that a conversation has a new entry; nothing of what it says."""
    _tell(conversation.pk, message=message.pk)


def announce_change(conversation: Conversation) -> None:
    """Tell open pages that something about a conversation changed."""
    _tell(conversation.pk)


def announce_change_of(conversation_id: int) -> None:
    """The same of a conversation by its number."""
    _tell(conversation_id)


def _tell(number: int, **more: int) -> None:
    """Its own pages hear by which of them it came; lists only that they are to ask again."""
    live.notify(f"conversation:{number}", {"conversation": number, **more, **live.by_page()})
    live.notify("desk")

"""Signs between the two sides of a conversation: who is writing, up to where it was read.

They pass by: nothing of them is journaled. Open pages hear of them at the live topic `conversation:<id>`:
`{"typing": <user id>}` of a colleague, `{"typing": 0}` of the other side, `{"read": true}` when the other side has read.
"""

from datetime import datetime

from guanxi.conversations.adapters import adapters
from guanxi.conversations.models import Conversation, Seen
from guanxi.core import clock, live
from guanxi.core.actor import Actor

COUNTERPART = 0


def tell_typing(*, actor: Actor, conversation_id: int, is_note: bool = False) -> None:
    """Say that a colleague is writing: to colleagues and, unless it is a note, to the other side of a live talk.

    Called every few seconds at most while somebody writes; the sign goes out by itself after six seconds.
    """
    say_typing(actor, Conversation.objects.get_visible(actor, "change", pk=conversation_id), is_note=is_note)


def say_typing(actor: Actor, conversation: Conversation, *, is_note: bool) -> None:
    """The same of a conversation that is theirs to change."""
    _tell(conversation.pk, actor.private_id or COUNTERPART)
    adapter = adapters.get(conversation.channel_kind)
    if adapter is not None and not is_note:
        adapter.on_typing(conversation)


def mark_read(*, actor: Actor, conversation_id: int) -> None:
    """Note that a colleague has read a conversation up to now, and let the other side of a live talk know."""
    conversation = Conversation.objects.get_visible(actor, pk=conversation_id)
    if actor.private_id is not None:
        note_read(actor.private_id, conversation)


def note_read(user_id: int, conversation: Conversation) -> None:
    """The same for a conversation that is open to them: one row each, written in one statement."""
    now = clock.now()
    Seen.objects.bulk_create(
        [Seen(conversation=conversation, user_id=user_id, at=now)],
        update_conflicts=True,
        unique_fields=["conversation", "user"],
        update_fields=["at"],
    )
    adapter = adapters.get(conversation.channel_kind)
    if adapter is not None:
        adapter.on_read(conversation, now)


def counterpart_is_typing(conversation_id: int) -> None:
    """Say to colleagues that the other side is writing."""
    _tell(conversation_id, COUNTERPART)


def counterpart_has_read(conversation_id: int) -> None:
    """Say to colleagues that the other side has read."""
    live.notify(f"conversation:{conversation_id}", {"conversation": conversation_id, "read": True})


def read_until(conversation: Conversation) -> datetime | None:
    """Up to when any colleague has read it."""
    return Seen.objects.filter(conversation=conversation).order_by("-at").values_list("at", flat=True).first()


def _tell(conversation_id: int, who: int) -> None:
    """One sign on the topic of the conversation."""
    live.notify(f"conversation:{conversation_id}", {"conversation": conversation_id, "typing": who})

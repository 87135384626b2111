"""The figures of a conversation, counted anew from its entries: after something was taken back, moved or joined."""

from typing import Any

from guanxi.conversations.choices import ConversationState, Direction, MessageClass
from guanxi.conversations.models import Conversation, Message
from guanxi.conversations.services.intake import write_figures

HEARD = frozenset({MessageClass.NORMAL, MessageClass.CALENDAR})


def recount(conversation: Conversation) -> None:
    """Write what follows from the entries that stand in a locked conversation."""
    rows = Message.objects.filter(conversation=conversation).order_by("at", "id")
    fields = ("at", "direction", "needs_answer", "details__automatic", "message_class")
    said: list[dict[str, Any]] = list(rows.values(*fields))
    answers = [row["at"] for row in said if row["direction"] == Direction.OUT and not row["details__automatic"]]
    heard = [row["at"] for row in said if row["direction"] == Direction.IN and row["message_class"] in HEARD]
    last_out = answers[-1] if answers else None
    waiting = [row["at"] for row in said if row["needs_answer"] and (last_out is None or row["at"] > last_out)]
    is_open = conversation.state == ConversationState.OPEN and conversation.merged_into_id is None
    write_figures(
        conversation,
        message_count=len(said),
        last_message_at=said[-1]["at"] if said else conversation.created_at,
        last_inbound_at=heard[-1] if heard else None,
        last_outbound_at=last_out,
        waiting_since=waiting[0] if waiting and is_open else None,
    )

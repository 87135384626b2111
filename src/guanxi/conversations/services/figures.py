"""The figures of a conversation, counted anew from its entries: after something was taken back, moved or joined."""

from collections.abc import Mapping, Sequence
from typing import Any

from guanxi.conversations.choices import (
    VISITOR_KIND,
    ChannelKind,
    ConversationState,
    DeliveryState,
    Direction,
    MessageClass,
)
from guanxi.conversations.matching import Contact
from guanxi.conversations.models import Conversation, Message
from guanxi.conversations.services.intake import write_figures
from guanxi.core.errors import GuanxiError
from guanxi.customers import identifiers
from guanxi.customers.choices import ContactKind

HEARD = frozenset({MessageClass.NORMAL, MessageClass.CALENDAR})


def recount(conversation: Conversation) -> None:
    """Write what follows from the entries that stand in a locked conversation; what reached nobody answered nobody."""
    rows = Message.objects.filter(conversation=conversation).order_by("at", "id")
    fields = ("at", "direction", "needs_answer", "details__automatic", "message_class", "delivery")
    said: list[dict[str, Any]] = list(rows.values(*fields, "channel_id", "channel_kind", "from_address"))
    answers = [row["at"] for row in said if _is_answer(row)]
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
        **_way_on(conversation, said),
    )


def is_waited_in(conversation: Conversation) -> bool:
    """Whether something wants an answer that got none which may have arrived, be the conversation done or not."""
    rows = Message.objects.filter(conversation=conversation)
    fields = ("at", "direction", "needs_answer", "details__automatic", "delivery")
    is_waited = False
    for row in rows.order_by("at", "id").values(*fields):
        is_waited = row["needs_answer"] or (is_waited and not _is_answer(row))
    return is_waited


def _way_on(conversation: Conversation, said: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """By which channel a conversation goes on and whom it reaches there: that of the last word that a person said."""
    spoken = [row for row in said if row["channel_id"] and _is_a_persons(row)]
    if not spoken:
        return {}
    found = {"channel_id": spoken[-1]["channel_id"], "channel_kind": spoken[-1]["channel_kind"]}
    kind = spoken[-1]["channel_kind"]
    heard = [row["from_address"] for row in spoken if row["direction"] == Direction.IN and row["channel_kind"] == kind]
    contacts = [one for address in dict.fromkeys(reversed(heard)) if (one := _contact_of(address, kind)) is not None]
    if contacts and conversation.contact_value not in {one.normalised for one in contacts}:
        found |= {"contact_kind": contacts[0].kind, "contact_value": contacts[0].normalised[:254]}
    return found


def _is_answer(row: Mapping[str, Any]) -> bool:
    """Whether one of us said it, and it did not fail to reach the other side."""
    is_ours = row["direction"] == Direction.OUT and not row["details__automatic"]
    return is_ours and row["delivery"] != DeliveryState.FAILED


def _is_a_persons(row: Mapping[str, Any]) -> bool:
    """Whether the other side said it and wants an answer, or one of us did."""
    if row["direction"] == Direction.IN:
        return row["message_class"] in HEARD
    return row["direction"] == Direction.OUT and not row["details__automatic"]


def _contact_of(address: str, kind: str) -> Contact | None:
    """Whom a sender is as a counterpart; None where that cannot be told from how the message names them."""
    if "@" in address:
        return Contact(ContactKind.EMAIL, address)
    if kind == ChannelKind.CHAT:
        return Contact(VISITOR_KIND, address)
    try:
        identifiers.normalise(ContactKind.PHONE, address)
    except GuanxiError:
        return None
    return Contact(ContactKind.PHONE, address)

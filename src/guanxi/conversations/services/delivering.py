"""Handing messages over to their channel, and what became of them.

A message is `held` until its author can no longer take it back, then `queued` while it is handed over. It is handed over
at least once: after a crash again, under the same Message-ID, by which the receiver knows it.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guanxi.conversations.adapters import DeliveryError, adapters
from guanxi.conversations.choices import DeliveryState
from guanxi.conversations.events import MessageFailed
from guanxi.conversations.models import Message
from guanxi.conversations.services.intake import locked
from guanxi.conversations.services.threads import announce
from guanxi.core import clock
from guanxi.core.events import publish

TRIES = 12
NO_ADAPTER = "no_adapter"
WORDS = {NO_ADAPTER: _("Nothing can be sent by this channel any more.")}


def deliver(message_id: int) -> datetime | None:
    """Hand one message over; the moment from which on it may be handed over where it can still be taken back."""
    with transaction.atomic():
        message = Message.objects.select_for_update(of=("self",)).filter(pk=message_id).first()
        if message is None or message.delivery not in {DeliveryState.HELD, DeliveryState.QUEUED}:
            return None  # taken back, or handed over before
        if message.held_until is not None and message.held_until > clock.now():
            return message.held_until
        message.delivery = DeliveryState.QUEUED
        message.tries += 1
        message.save(update_fields=["delivery", "tries"])  # house: writes: how far it has come
    adapter = adapters.get(message.channel_kind)
    if adapter is None:
        mark_failed(message_id, NO_ADAPTER)
        return None
    try:
        state = adapter.deliver(message)
    except DeliveryError as error:
        if error.is_final or message.tries >= TRIES:
            mark_failed(message_id, error.code, error.detail)
            return None
        raise
    mark(message_id, state)
    return None


def mark(message_id: int, state: DeliveryState) -> None:
    """Note how far a message has come; it never goes back."""
    order = list(DeliveryState.values)
    with transaction.atomic():
        message = Message.objects.select_for_update(of=("self",)).select_related("conversation").get(pk=message_id)
        if order.index(state) <= order.index(message.delivery) and message.delivery != DeliveryState.FAILED:
            return
        message.delivery, message.error, message.error_detail = state, "", ""
        now = clock.now()
        if state in {DeliveryState.DELIVERED, DeliveryState.READ} and message.delivered_at is None:
            message.delivered_at = now
        if state is DeliveryState.READ:
            message.read_at = now
        message.save(
            update_fields=["delivery", "delivered_at", "read_at", "error", "error_detail"]
        )  # house: writes: how far it has come
        announce(message.conversation, message)


def mark_failed(message_id: int, code: str, detail: str = "") -> None:
    """Note that a message did not reach the other side, and why."""
    with transaction.atomic():
        number = Message.objects.values_list("conversation_id", flat=True).get(pk=message_id)
        conversation = locked(number)
        message = Message.objects.select_for_update(of=("self",)).get(pk=message_id)
        message.delivery = DeliveryState.FAILED
        message.error, message.error_detail = code[:40], detail.replace("\x00", "")[:500]
        message.save(update_fields=["delivery", "error", "error_detail"])  # house: writes: how far it has come
        publish(MessageFailed(message_id=message_id, conversation_id=conversation.pk))
        announce(conversation, message)

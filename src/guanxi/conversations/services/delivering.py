"""Handing messages over to their channel, and what became of them.

A message is `held` until its author can no longer take it back, then `queued` while it is handed over. It is handed over
at least once: after a crash again, under the same Message-ID, by which the receiver knows it.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.conversations.adapters import DeliveryError, adapters
from guanxi.conversations.choices import ConversationState, DeliveryState, Direction
from guanxi.conversations.events import ConversationChanged, MessageFailed, MessageTriedAgain
from guanxi.conversations.models import Conversation, Message
from guanxi.conversations.models.message import ON_ITS_WAY
from guanxi.conversations.services import dispatching
from guanxi.conversations.services.figures import is_waited_in, recount
from guanxi.conversations.services.intake import locked
from guanxi.conversations.services.threads import announce
from guanxi.core import changes, clock
from guanxi.core.actor import system_actor
from guanxi.core.database_away import drop_connection, is_away
from guanxi.core.events import publish
from guanxi.core.models.jobs import Job, JobStatus

logger = logging.getLogger("guanxi.conversations")

T = TypeVar("T")
TRIES = 12
# Of what may have arrived: sent once more it may be there twice, never sent again it may be lost.
UNSURE_TRIES = 2
# How long an outcome that is known waits for a database that is away, before the message is handed over again.
INSISTED_SECONDS = 60.0
# A message on its way that nobody has in hand any more is found again after so long.
FORGOTTEN_AFTER = timedelta(minutes=10)
FORGOTTEN_AT_ONCE = 1000
BOUNCED = "bounced"
NO_ADAPTER = "no_adapter"
FAULT = "fault"
WORDS = {
    NO_ADAPTER: _("Nothing can be sent by this channel any more."),
    FAULT: _("It could not be made ready to be sent; the log of the installation says why."),
}


def deliver(message_id: int) -> datetime | None:
    """Hand one message over; the moment from which on it may be handed over where it can still be taken back."""
    with transaction.atomic():
        message = Message.objects.select_for_update(of=("self",), no_key=True).filter(pk=message_id).first()
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
        is_final = _insist(partial(_note_handed, message_id, error))
        if is_final or message.tries >= TRIES:
            _insist(partial(mark_failed, message_id, error.code, error.detail))
            return None
        raise
    except Exception as error:
        if is_away(error) or message.tries < TRIES:
            raise
        logger.exception("message %s cannot be sent", message_id)
        mark_failed(message_id, FAULT, type(error).__name__)
        return None
    _insist(partial(mark, message_id, state))
    return None


def _note_handed(message_id: int, error: DeliveryError) -> bool:
    """Keep what is known of the hand-over for the next try; whether there is none."""
    if not error.is_unsure and error.handed is None:
        return error.is_final
    with transaction.atomic():
        message = Message.objects.select_for_update(of=("self",), no_key=True).get(pk=message_id)
        handed = dict(error.handed or message.details.get("handed") or {})
        if error.is_unsure:
            handed["unsure"] = int(handed.get("unsure") or 0) + 1
        message.details = {**message.details, "handed": handed}
        message.save(update_fields=["details"])  # house: writes: how far it has come
    return error.is_final or (error.is_unsure and handed["unsure"] >= UNSURE_TRIES)


def _insist(write: Callable[[], T]) -> T:
    """Write what became of a message though the database be away for a moment: handed over again it would be there twice."""
    until = time.monotonic() + INSISTED_SECONDS
    while True:
        try:
            return write()
        except Exception as error:
            if not is_away(error) or connection.in_atomic_block or time.monotonic() > until:
                raise
            drop_connection()
            time.sleep(0.5)


def begun_anew(message: Message) -> dict[str, Any]:
    """The details of a message that somebody sends once more: those who have it do not get it twice."""
    rest = {name: value for name, value in message.details.items() if name != "handed"}
    reached = (message.details.get("handed") or {}).get("reached")
    return {**rest, "handed": {"reached": reached}} if reached and message.error != BOUNCED else rest


def forgotten(*, task: str) -> list[int]:
    """Messages that are on their way and that no job has in hand: their worker died once too often."""
    before = clock.now() - FORGOTTEN_AFTER
    rows = Message.objects.filter(delivery__in=ON_ITS_WAY)
    rows = rows.filter(Q(held_until__lt=before) | Q(held_until__isnull=True, at__lt=before))
    numbers = list(rows.order_by("held_until", "pk").values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    if not numbers:
        return []
    waiting = Job.objects.filter(task=task, status__in=[JobStatus.READY, JobStatus.RUNNING])
    in_hand = {given.get("message_id") for given in waiting.values_list("kwargs", flat=True)}
    return [number for number in numbers if number not in in_hand]


def mark(message_id: int, state: DeliveryState) -> None:
    """Note how far a message has come; it never goes back."""
    order = list(DeliveryState.values)
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(of=("self",), no_key=True)
            .select_related("conversation")
            .get(pk=message_id)
        )
        if order.index(state) <= order.index(message.delivery) and message.delivery != DeliveryState.FAILED:
            return
        if message.delivery == DeliveryState.FAILED:
            publish(MessageTriedAgain(message_id=message_id, conversation_id=message.conversation_id))
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
    """Note that a message did not reach the other side, and why; whoever waited for it waits on."""
    with transaction.atomic():
        number = Message.objects.values_list("conversation_id", flat=True).get(pk=message_id)
        conversation = locked(number)
        message = Message.objects.select_for_update(of=("self",), no_key=True).get(pk=message_id)
        message.delivery = DeliveryState.FAILED
        message.error, message.error_detail = code[:40], detail.replace("\x00", "")[:500]
        message.save(update_fields=["delivery", "error", "error_detail"])  # house: writes: how far it has come
        _wait_on(conversation, message)
        publish(MessageFailed(message_id=message_id, conversation_id=conversation.pk))
        announce(conversation, message)


def count_as_answered(conversation_id: int) -> None:
    """An answer that had failed is on its way again, or arrived after all: nobody waits for it."""
    with transaction.atomic():
        conversation = locked(conversation_id)
        recount(conversation)
        if conversation.waiting_since is None:
            dispatching.note_answered(conversation)


def _wait_on(conversation: Conversation, message: Message) -> None:
    """In a locked conversation: an answer that reached nobody ended no waiting; one that was done with it is open again."""
    if message.direction != Direction.OUT or message.details.get("automatic") or conversation.merged_into_id:
        return
    if conversation.state == ConversationState.DONE and is_waited_in(conversation):
        with changes.operation(actor=system_actor(means="worker"), name="conversations.reopen") as op:
            op.update(conversation, state=ConversationState.OPEN, done_at=None)
            publish(ConversationChanged(conversation_id=conversation.pk, fields=("state",)))
    recount(conversation)
    if conversation.waiting_since is not None:
        has_it = conversation.assignee_id
        dispatching.hold(conversation, users=[has_it] if has_it is not None else ())
        dispatching.follow(conversation.pk)

"""Between a conversation and its place among the work: it enters a queue when it needs an answer, and leaves it when done.

Work is given out by `routing`; who has a conversation and in which queue it is are noted on the conversation as well, so
that the desk lists it by one index. Conversations are locked before their work, never the other way round: what routing
decides by itself is heard a moment later (`core.holding` has the whole order).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from guanxi.conversations.choices import ConversationState
from guanxi.conversations.models import Conversation
from guanxi.conversations.services.threads import announce_change
from guanxi.core import changes
from guanxi.core.actor import EVERYTHING, Actor, system_actor
from guanxi.core.compiled import Compiled, CompiledRecords
from guanxi.core.records import RecordRef
from guanxi.customers.choices import Tier
from guanxi.customers.models import Standing
from guanxi.routing import public as routing
from guanxi.routing.models import WorkItem

KIND = "conversation"
_TIER = Compiled(lambda number: Standing.objects.filter(customer=number).values_list("tier"), int)
_LOCKED = CompiledRecords(
    Conversation, lambda number: Conversation.objects.select_for_update(no_key=True).filter(pk=number), int
)
RANKS = {Tier.SMALL: 1, Tier.ORDINARY: 2, Tier.MAJOR: 3, Tier.VIP: 4}


def enter(conversation: Conversation, *, queue_id: int | None = None, is_new: bool = False) -> None:
    """Let a locked conversation wait for somebody, or note that it needs an answer again; `is_new`: it was just made."""
    hand, record = system_actor(means="routing"), RecordRef(KIND, conversation.pk)
    if not is_new and routing.enter_again(actor=hand, record=record, due_at=conversation.due_at):
        return
    routing.enter(
        actor=hand,
        record=record,
        channel_kind=conversation.channel_kind,
        queue_id=queue_id or (conversation.channel.queue_id if conversation.channel is not None else None),
        tier_rank=_rank(conversation.customer_id),
        language=conversation.language,
        customer_id=conversation.customer_id,
        due_at=conversation.due_at,
        preferred_id=conversation.assignee_id,
        entered_at=conversation.waiting_since,
        is_new=is_new,
    )


def note_answered(conversation: Conversation) -> None:
    """Nobody waits for us any more: the work stays where it is and weighs no longer as waiting."""
    routing.note_answered(actor=system_actor(means="routing"), record=RecordRef(KIND, conversation.pk))


def note_due(conversation_id: int, due_at: datetime | None) -> None:
    """By when it must be answered decides who is next."""
    routing.note_due(actor=system_actor(means="routing"), record=RecordRef(KIND, conversation_id), due_at=due_at)


def note_opened(actor: Actor, conversation_id: int) -> None:
    """Whoever was given a conversation has looked at it: it does not go on to the next one any more."""
    if actor.user_id is None or actor.is_read_only:
        return
    item = routing.open_item_of(RecordRef(KIND, conversation_id))
    if item is not None and item.assignee_id == actor.user_id and item.accepted_at is None:
        routing.accept(actor=actor, item_id=item.pk)


def leave(conversation: Conversation) -> None:
    """A conversation that is done needs nobody."""
    item = open_item(conversation)
    if item is not None:
        routing.end(actor=system_actor(means="routing"), item_id=item.pk)


def give(actor: Actor, conversation: Conversation, user_id: int | None) -> None:
    """Put a locked conversation into somebody's hands, or back into its queue."""
    item = open_item(conversation)
    if item is None:
        if user_id is None:
            return
        enter(conversation)
        item = open_item(conversation)
    if item is None:
        return
    hand = _hand(actor)
    if user_id is not None:
        routing.assign(actor=hand, item_id=item.pk, user_id=user_id)
    elif item.state == routing.WorkState.ASSIGNED:
        routing.put_back(actor=hand, item_id=item.pk)


def move(actor: Actor, conversation: Conversation, queue_id: int) -> None:
    """Let a locked conversation wait in another queue."""
    item = open_item(conversation)
    if item is None:
        enter(conversation, queue_id=queue_id)
    else:
        routing.move_to_queue(actor=_hand(actor), item_id=item.pk, queue_id=queue_id)


def mirror(conversation_id: int) -> bool:
    """Note on a conversation who has it and where it waits, as its work stands now; whether its assignee changed."""
    with transaction.atomic():
        conversation = _LOCKED.first(conversation_id)
        if conversation is None or conversation.state != ConversationState.OPEN:
            return False
        item = open_item(conversation)
        values: dict[str, Any] = {"queue_id": item.queue_id if item is not None else None}
        if item is not None:
            values["assignee_id"] = item.assignee_id
        if all(getattr(conversation, name) == value for name, value in values.items()):
            return False
        with changes.operation(actor=system_actor(means="routing"), name="conversations.dispatch") as op:
            changed = op.update(conversation, **values)
            announce_change(conversation)
        return "assignee_id" in changed


def hold(*conversations: Conversation, users: Iterable[int] = ()) -> None:
    """Lock the work of conversations that are locked, and before it the presence of those who are to have it."""
    hold_work([row.pk for row in conversations], users=users)


def hold_work(conversation_ids: Iterable[int], *, users: Iterable[int] = ()) -> None:
    """The same by number."""
    routing.hold(records=[RecordRef(KIND, number) for number in conversation_ids], user_ids=users)


def in_reach(conversation_ids: Collection[int]) -> Mapping[str, Iterable[int]]:
    """What acts on conversations may write besides: their work, and the presence of anybody who may get it."""
    items = routing.open_items_of(KIND, conversation_ids)
    return {"agentpresence": routing.everybody(), "work_item": [item.pk for item in items.values()]}


def follow_all(conversation_ids: Iterable[int]) -> None:
    """Bring the work in line with conversations that were written by other means (an undo)."""
    numbers = sorted(set(conversation_ids))
    with transaction.atomic():
        rows = list(Conversation.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk"))
        hold(*rows, users={row.assignee_id for row in rows if row.assignee_id is not None})
        for number in numbers:
            follow(number)


def follow(conversation_id: int) -> None:
    """The same for one of them."""
    with transaction.atomic():
        conversation = _LOCKED.first(conversation_id)
        if conversation is None:
            # One that a split had made and the undo of it took away.
            item = routing.open_item_of(RecordRef(KIND, conversation_id))
            if item is not None:
                routing.end(actor=system_actor(means="routing"), item_id=item.pk)
            return
        if conversation.state != ConversationState.OPEN:
            leave(conversation)
        elif conversation.assignee_id is not None or conversation.waiting_since is not None:
            enter(conversation)
            give(system_actor(means="routing"), conversation, conversation.assignee_id)


def open_item(conversation: Conversation) -> WorkItem | None:
    """The work of a conversation, while it needs somebody."""
    return routing.open_item_of(RecordRef(KIND, conversation.pk))


changes.by_itself.add("conversations.dispatch", "conversations.dispatch")


def _hand(actor: Actor) -> Actor:
    """The same actor, who may: rights were asked on the conversation, whatever queues one is a member of."""
    # Of a request it is there only once it is asked: a method gives the actor itself.
    return replace(actor.with_fields(actor.fields), permissions=EVERYTHING)


def _rank(customer_id: int | None) -> int:
    """The more valuable the customer, the higher."""
    row = _TIER.first(customer_id) if customer_id is not None else None
    return RANKS[Tier(row[0])] if row is not None and row[0] else 0

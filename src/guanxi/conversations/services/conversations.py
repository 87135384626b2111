"""Acts on whole conversations: whose they are, who answers, done and open again. Each can be undone."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.conversations.adapters import adapters
from guanxi.conversations.choices import ConversationState, Match
from guanxi.conversations.events import ConversationChanged
from guanxi.conversations.following import settled
from guanxi.conversations.matching import latest_open_conversation
from guanxi.conversations.models import Conversation, MaybeMatch, Message
from guanxi.conversations.services import dispatching
from guanxi.conversations.services.arranging import join
from guanxi.conversations.services.intake import locked, locked_for, standing_id
from guanxi.conversations.services.threads import announce_change, announce_change_of
from guanxi.core import changes, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.core.events import publish
from guanxi.core.models import User
from guanxi.customers.choices import CustomerStatus
from guanxi.customers.models import ContactPoint, Customer
from guanxi.customers.public import create_customer
from guanxi.search.public import refresh

LANGUAGES = frozenset({"en", "zh-hans"})


def finish_conversation(*, actor: Actor, conversation_id: int) -> int | None:
    """Nothing more is to be said; the operation's number, None when it was done already."""
    return _set_state(actor, conversation_id, ConversationState.DONE)


def reopen_conversation(*, actor: Actor, conversation_id: int) -> int | None:
    """Something is to be said after all; the operation's number, None when it was open."""
    return _set_state(actor, conversation_id, ConversationState.OPEN)


def _set_state(actor: Actor, conversation_id: int, state: ConversationState) -> int | None:
    """Open or done."""
    is_done = state is ConversationState.DONE
    with transaction.atomic():
        conversation = locked_for(actor, "change", conversation_id)
        if conversation.state == state:
            return None
        name = "conversations.finish" if is_done else "conversations.reopen"
        with changes.operation(actor=actor, name=name) as op:
            op.update(
                conversation,
                state=state,
                done_at=clock.now() if is_done else None,
                **({"waiting_since": None, "due_at": None, "queue": None} if is_done else {}),
            )
            if is_done:
                dispatching.leave(conversation)
            else:
                dispatching.give(actor, conversation, conversation.assignee_id)
            publish(ConversationChanged(conversation_id=conversation.pk, fields=("state",)))
            announce_change(conversation)
        return op.id


def assign_conversation(*, actor: Actor, conversation_id: int, user_id: int | None) -> int | None:
    """Let somebody answer a conversation, or nobody in particular; the operation's number, None when nothing differs."""
    with transaction.atomic():
        conversation = locked_for(actor, "change", conversation_id)
        if user_id is not None and not User.objects.filter(pk=user_id, is_active=True).exists():
            raise InvalidInput(_("Choose who is to answer."), column="assignee")
        return assign_locked(actor=actor, conversation=conversation, user_id=user_id)


def assign_locked(*, actor: Actor, conversation: Conversation, user_id: int | None) -> int | None:
    """The same for a conversation that is locked, by an actor who may change it."""
    if conversation.assignee_id == user_id:
        return None
    with changes.operation(actor=actor, name="conversations.assign") as op:
        op.update(conversation, assignee_id=user_id)
        dispatching.give(actor, conversation, user_id)
        publish(ConversationChanged(conversation_id=conversation.pk, fields=("assignee",)))
        announce_change(conversation)
    return op.id


def move_to_queue(*, actor: Actor, conversation_id: int, queue_id: int) -> int | None:
    """Let a conversation wait in another queue; whoever has it lets it go. The operation's number."""
    Conversation.objects.get_visible(actor, "change", pk=conversation_id)
    with transaction.atomic():
        conversation = locked(conversation_id)
        if conversation.queue_id == queue_id:
            return None
        with changes.operation(actor=actor, name="conversations.move_to_queue") as op:
            dispatching.move(actor, conversation, queue_id)
            op.update(conversation, queue_id=queue_id, assignee_id=None)
            publish(ConversationChanged(conversation_id=conversation.pk, fields=("queue",)))
            announce_change(conversation)
        return op.id


def settle_customer(*, actor: Actor, conversation_id: int, customer_id: int | None, is_new: bool = False) -> int | None:
    """Say whose conversation it is (or that it is nobody's): with one click, for one of those it may be or another.

    What came by a chat or a form then goes on in the customer's open conversation, as it would have, had it been certain
    from the start. `is_new`: they were put on record for this and become a prospect now, for as long as it stands.
    """
    Conversation.objects.get_visible(actor, "change", pk=conversation_id)
    if customer_id is not None:
        Customer.objects.filter(erased_at__isnull=True).get_visible(actor, "view", pk=customer_id)
    with transaction.atomic():
        conversation, standing = _locked_with_standing(actor, conversation_id, customer_id)
        match = Match.CERTAIN if customer_id is not None else Match.NONE
        if conversation.customer_id == customer_id and conversation.match == match:
            return None
        with changes.operation(actor=actor, name="conversations.settle_customer") as op:
            before = conversation.customer
            op.update(conversation, customer_id=customer_id, match=match)
            for message in Message.objects.filter(conversation=conversation).exclude(customer_id=customer_id):
                op.update(message, customer_id=customer_id)
            for maybe in MaybeMatch.objects.filter(conversation=conversation):
                op.delete(maybe)
            for follow in settled:
                follow(op, conversation, before.pk if before is not None else None)
            publish(ConversationChanged(conversation_id=conversation.pk, fields=("customer",)))
            announce_change(conversation)
            if standing is not None:
                join(op, standing, conversation)
            # Last: customers are locked after conversations and cases.
            if before is not None and customer_id not in {None, before.pk}:
                _hand_over_contact(op, conversation, before)
            if is_new and customer_id is not None:
                op.update(Customer.objects.get(pk=customer_id), status=CustomerStatus.PROSPECT)
                refresh("customer", [customer_id])
        return op.id


def settle_as_new(*, actor: Actor, conversation_id: int) -> int | None:
    """Say that the counterpart is nobody we know: a prospect of that name, without the address that is another's.

    An undo puts the prospect away.
    """
    found: Conversation = Conversation.objects.get_visible(actor, "change", pk=conversation_id)
    if found.customer_id is not None:
        return settle_customer(actor=actor, conversation_id=conversation_id, customer_id=found.customer_id)
    with transaction.atomic():
        locked(conversation_id)
        values = {"name": found.contact_name or found.contact_value, "status": CustomerStatus.ARCHIVED}
        made = create_customer(actor=actor, values=values)
        return settle_customer(actor=actor, conversation_id=conversation_id, customer_id=made.pk, is_new=True)


def _locked_with_standing(
    actor: Actor, conversation_id: int, customer_id: int | None
) -> tuple[Conversation, Conversation | None]:
    """A conversation and the one in which it goes on once it is the customer's, locked in the order of their keys."""
    found = Conversation.objects.select_related("channel").get(pk=conversation_id)
    adapter = adapters.get(found.channel.kind) if found.channel is not None else None
    is_joining = adapter is not None and adapter.joins_open and found.state == ConversationState.OPEN
    standing = latest_open_conversation(customer_id, besides=found.pk) if is_joining and customer_id else None
    if standing is None or not Conversation.objects.visible_to(actor, "change").filter(pk=standing.pk).exists():
        return locked(conversation_id), None
    # One of them may be part of another by now: those that stand are locked in their order.
    stands = {number: standing_id(number) for number in (conversation_id, standing.pk)}
    rows = {number: locked(number) for number in sorted(set(stands.values()))}
    conversation, other = rows[stands[conversation_id]], rows[stands[standing.pk]]
    is_other = conversation.pk != other.pk and ConversationState.OPEN == conversation.state == other.state
    return conversation, other if is_other and other.customer_id == customer_id else None


def _hand_over_contact(op: changes.OperationInHand, conversation: Conversation, before: Customer) -> None:
    """A prospect made of this conversation alone was somebody we know: the address is theirs, the prospect is put away.

    The next message from there finds the right customer by itself. An undo gives all of it back.
    """
    rows = Conversation.objects.filter(customer=before)
    if before.status != CustomerStatus.PROSPECT or rows.exists() or conversation.customer_id is None:
        return
    point = ContactPoint.objects.filter(
        customer=before, kind=conversation.contact_kind, normalised=conversation.contact_value
    ).first()
    if point is not None:
        theirs = ContactPoint.objects.filter(customer=conversation.customer_id, kind=point.kind)
        if theirs.filter(normalised=point.normalised).exists():
            op.delete(point)
        else:
            op.update(point, customer_id=conversation.customer_id, is_primary=not theirs.exists())
    op.update(before, status=CustomerStatus.ARCHIVED)
    refresh("customer", [before.pk, conversation.customer_id])


def set_language(*, actor: Actor, conversation_id: int, language: str) -> int | None:
    """Say in which language the counterpart is answered; the operation's number, None when nothing differs."""
    Conversation.objects.get_visible(actor, "change", pk=conversation_id)
    if language not in LANGUAGES:
        raise InvalidInput(_("Choose one of the languages."), column="language")
    with transaction.atomic():
        conversation = locked(conversation_id)
        if conversation.language == language:
            return None
        with changes.operation(actor=actor, name="conversations.set_language") as op:
            op.update(conversation, language=language)
            publish(ConversationChanged(conversation_id=conversation.pk, fields=("language",)))
            announce_change(conversation)
        return op.id


def rename_conversation(*, actor: Actor, conversation_id: int, subject: str) -> int | None:
    """Give a conversation another subject; the operation's number, None when nothing differs."""
    Conversation.objects.get_visible(actor, "change", pk=conversation_id)
    plain = " ".join(subject.replace("\x00", "").split())[:255]
    with transaction.atomic():
        conversation = locked(conversation_id)
        if conversation.subject == plain:
            return None
        with changes.operation(actor=actor, name="conversations.rename") as op:
            op.update(conversation, subject=plain)
            publish(ConversationChanged(conversation_id=conversation.pk, fields=("subject",)))
            announce_change(conversation)
        return op.id


def set_due(*, conversation_id: int, due_at: datetime | None) -> None:
    """Note by when a conversation must be answered; written by whoever keeps the clock, derived and not journaled."""
    set_dues({conversation_id: due_at})


def set_dues(dues: Mapping[int, datetime | None]) -> None:
    """The same for several conversations, which the caller has locked in the order of their numbers."""
    changed = []
    for number, due_at in sorted(dues.items()):
        rows = Conversation.objects.filter(pk=number).exclude(due_at=due_at)
        if rows.update(due_at=due_at):  # house: writes: follows from the clocks
            changed.append(number)
    if len(changed) > 1:
        dispatching.hold_work(changed)
    for number in changed:
        dispatching.note_due(number, dues[number])
        announce_change_of(number)

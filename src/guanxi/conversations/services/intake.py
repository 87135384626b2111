"""Taking messages in: one path for every channel, each message exactly once.

An adapter builds an `Inbound` and acknowledges to its source only after `receive` has returned: a message that is
delivered again, by a source or after a crash, is known by its external key and gives the first result.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guanxi.conversations.choices import (
    ConversationState,
    DeliveryState,
    Direction,
    Match,
    MessageClass,
    MessageKind,
)
from guanxi.conversations.events import ConversationChanged, ConversationStarted, MessageReceived, MessageSent
from guanxi.conversations.matching import Contact, Matched, latest_open_conversation, match_contact
from guanxi.conversations.models import Channel, Conversation, MaybeMatch, Message
from guanxi.conversations.services import dispatching
from guanxi.conversations.services.threads import (
    announce,
    announce_change,
    conversation_of_message_ids,
    key_of_message_id,
)
from guanxi.core import changes, clock, masking
from guanxi.core.actor import Actor, system_actor
from guanxi.core.compiled import Compiled, CompiledRecords
from guanxi.core.errors import NotFound
from guanxi.core.events import publish
from guanxi.core.models import RoleField
from guanxi.customers.choices import ContactKind, CustomerStatus
from guanxi.customers.names import name_as_told
from guanxi.customers.public import create_customer, note_contact
from guanxi.files.public import Received as ReceivedContent
from guanxi.files.public import store

# Once more a moment later: two entries of one conversation never share their place.
STEP = timedelta(microseconds=1)
ANSWERED = frozenset({MessageClass.NORMAL, MessageClass.CALENDAR})


@dataclass(frozen=True)
class InboundFile:
    """A file that came with a message; its content lies in its place already (`files.public.receive`)."""

    name: str
    content: ReceivedContent
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True)
class Inbound:
    """One message as a channel hands it over; texts are plain, `html` is cleaned."""

    channel: Channel
    contact: Contact
    text: str
    external_key: str | None = None
    direction: Direction = Direction.IN
    message_class: MessageClass = MessageClass.NORMAL
    # Whether somebody waits for an answer; by default what is normal does.
    needs_answer: bool | None = None
    subject: str = ""
    new_text: str | None = None
    html: str = ""
    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    from_address: str = ""
    said_at: datetime | None = None
    message_id: str = ""
    in_reply_to: str = ""
    references: Sequence[str] = ()
    # The customer, where the channel knows it for certain.
    customer_id: int | None = None
    # The conversation, where the channel knows it (a token, a visitor's thread).
    conversation_id: int | None = None
    # The same, locked by the channel already.
    standing: Conversation | None = None
    # The channel has looked for it already: what it names is not looked up again.
    is_placed: bool = False
    # Without a thread of its own it goes on in the customer's open conversation, whatever the channel of that.
    joins_open: bool = False
    files: Sequence[InboundFile] = ()
    raw: ReceivedContent | None = None
    raw_name: str = "message.eml"
    language: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    # What we know of a person who is new besides name and contact point.
    new_customer: Mapping[str, Any] = field(default_factory=dict)
    # Further ways to reach them, as (kind, value); kept of somebody new, never put on a customer who stands.
    more_points: Sequence[tuple[str, str]] = ()
    author_id: int | None = None


@dataclass(frozen=True)
class Received:
    """What became of an inbound message."""

    message: Message
    conversation: Conversation
    is_new_conversation: bool = False
    is_repeated: bool = False


def receive(inbound: Inbound, *, actor: Actor | None = None, is_unknown: bool = False) -> Received:
    """Store a message exactly once and bring it to its conversation; the first result when it was stored before.

    `is_unknown`: the channel has looked already, and it was not; should it have come meanwhile, the database knows.
    """
    known = None if is_unknown else _known(inbound)
    if known is not None:
        return known
    hand = actor or system_actor(means=inbound.channel.kind)
    try:
        return _store(hand, inbound)
    except IntegrityError:
        known = _known(inbound)
        if known is None:
            raise
        return known


_KNOWN = Compiled(
    lambda channel, key: Message.objects.filter(channel=channel, external_key=key).values_list("pk")[:1], int, str
)


def _known(inbound: Inbound) -> Received | None:
    """What became of the same message when it was delivered before."""
    if inbound.external_key is None:
        return None
    row = _KNOWN.first(inbound.channel.pk, inbound.external_key)
    if row is None:
        return None
    message = Message.objects.select_related("conversation").get(pk=row[0])
    return Received(message, message.conversation, is_repeated=True)


def _store(actor: Actor, inbound: Inbound) -> Received:
    """Within one transaction: conversation, message, files, and the word about it."""
    with changes.operation(actor=actor, name="conversations.receive_message") as op:
        conversation, is_new = _conversation_for(op, actor, inbound)
        at = next_place(conversation)
        needs_answer = _needs_answer(inbound)
        message: Message = op.create(_message(actor, inbound, conversation, at, needs_answer=needs_answer))
        _keep_files(actor, op, inbound, message)
        _move_on(op, conversation, message, inbound, is_new=is_new)
        if inbound.direction is Direction.IN:
            publish(
                MessageReceived(
                    message_id=message.pk,
                    conversation_id=conversation.pk,
                    channel=inbound.channel.kind,
                    message_class=str(inbound.message_class),
                    needs_answer=needs_answer,
                )
            )
        elif inbound.direction is Direction.OUT:
            publish(
                MessageSent(
                    message_id=message.pk,
                    conversation_id=conversation.pk,
                    channel=inbound.channel.kind,
                    by_id=inbound.author_id,
                )
            )
        announce(conversation, message)
    return Received(message, conversation, is_new_conversation=is_new)


def _needs_answer(inbound: Inbound) -> bool:
    """Whether somebody waits for an answer to it."""
    if inbound.direction is not Direction.IN or inbound.message_class not in ANSWERED:
        return False
    return inbound.needs_answer is not False


def _conversation_for(op: changes.OperationInHand, actor: Actor, inbound: Inbound) -> tuple[Conversation, bool]:
    """The conversation that a message belongs to, locked; a new one where it belongs to none."""
    if inbound.standing is not None:
        return inbound.standing, False
    number = inbound.conversation_id
    if number is None and not inbound.is_placed:
        number = conversation_of_message_ids([inbound.in_reply_to, *reversed(inbound.references)])
    if number is None and inbound.joins_open:
        matched = _matched(inbound)
        standing = latest_open_conversation(matched.customer_id) if matched.match == Match.CERTAIN else None  # type: ignore[arg-type]
        number = standing.pk if standing is not None else None
    if number is not None:
        return locked(number), False
    return _begin(op, actor, inbound), True


def _matched(inbound: Inbound) -> Matched:
    """Whose message it is: as the channel knows, else by the contact point."""
    if inbound.customer_id is not None:
        return Matched(inbound.customer_id, Match.CERTAIN)
    return match_contact(inbound.contact)


_LOCKED = CompiledRecords(
    Conversation,
    lambda number: Conversation.objects.select_for_update(no_key=True).filter(pk=number, merged_into__isnull=True),
    int,
)


def locked(number: int) -> Conversation:
    """A conversation, locked against other writers; of one that was merged, the one that stands for both."""
    # One that was merged is not locked before the one that stands: somebody may have that and want this.
    row = _LOCKED.first(number)
    if row is not None:
        return row
    into = Conversation.objects.values_list("merged_into_id", flat=True).get(pk=number)
    return locked(into or number)


def standing_id(number: int) -> int:
    """Of a conversation that was merged the number of the one that stands for both, else its own."""
    into = Conversation.objects.filter(pk=number).values_list("merged_into_id", flat=True).first()
    return standing_id(into) if into is not None else number


def locked_for(actor: Actor, action: str, number: int) -> Conversation:
    """A conversation to which the actor may do this, locked; NotFound when it is missing or not for them."""
    if actor.scope("conversation", action) != "all":
        Conversation.objects.get_visible(actor, action, pk=number)
    try:
        return locked(number)
    except Conversation.DoesNotExist:
        raise NotFound(_("There is no such record, or it is not open to you.")) from None


def next_place(conversation: Conversation) -> datetime:
    """When the next entry of a locked conversation happens: now, or just after the last one."""
    now = clock.now()
    return now if not conversation.message_count else max(now, conversation.last_message_at + STEP)


def _begin(op: changes.OperationInHand, actor: Actor, inbound: Inbound) -> Conversation:
    """A new conversation with whoever wrote, matched to a customer; the unknown who want something become prospects."""
    matched = _matched(inbound)
    customer_id, match = matched.customer_id, matched.match
    is_wanted = inbound.direction is not Direction.IN or inbound.message_class in ANSWERED
    is_new = match != Match.MAYBE and inbound.contact.is_reachable
    if customer_id is None and is_wanted and is_new:
        customer_id = _new_prospect(actor, inbound.contact, inbound.new_customer, inbound.more_points)
        match = Match.MAYBE if matched.maybe else Match.NEW
    now = clock.now()
    conversation: Conversation = op.create(
        Conversation(
            subject=inbound.subject[:255],
            # What wants no answer is kept and found, and stands in nobody's way.
            state=ConversationState.OPEN if is_wanted else ConversationState.DONE,
            done_at=None if is_wanted else now,
            customer_id=customer_id,
            match=match,
            contact_kind=inbound.contact.kind[:10],
            contact_value=inbound.contact.normalised[:254],
            contact_name=inbound.contact.shown_name,
            channel=inbound.channel,
            channel_kind=inbound.channel.kind,
            language=(inbound.language or inbound.channel.language)[:10],
            department_id=inbound.channel.department_id,
            last_message_at=now,
            secret=secrets.token_hex(16),
            created_at=now,
        )
    )
    for number, reason in matched.maybe:
        op.create(MaybeMatch(conversation=conversation, customer_id=number, reason=reason))
    publish(ConversationStarted(conversation_id=conversation.pk))
    return conversation


def recognise(*, actor: Actor, conversation_id: int, contact: Contact) -> None:
    """The counterpart of a conversation, so far unknown, says how to reach them: matched as if it had begun so."""
    with transaction.atomic():
        conversation = locked(conversation_id)
        if conversation.customer_id is not None or conversation.contact_kind in ContactKind.values:
            return
        matched = match_contact(contact)
        customer_id, match = matched.customer_id, matched.match
        if customer_id is None and match != Match.MAYBE and contact.is_reachable:
            customer_id = _new_prospect(actor, contact, {})
            match = Match.MAYBE if matched.maybe else Match.NEW
        with changes.operation(actor=actor, name="conversations.recognise") as op:
            op.update(
                conversation,
                customer_id=customer_id,
                match=match,
                contact_kind=contact.kind[:10],
                contact_value=contact.normalised[:254],
                contact_name=contact.shown_name,
            )
            if customer_id is not None:
                for message in Message.objects.filter(conversation=conversation, customer__isnull=True):
                    op.update(message, customer_id=customer_id)
            known = set(MaybeMatch.objects.filter(conversation=conversation).values_list("customer_id", flat=True))
            for number, reason in matched.maybe:
                if number not in known:
                    op.create(MaybeMatch(conversation=conversation, customer_id=number, reason=reason))
            publish(ConversationChanged(conversation_id=conversation.pk, fields=("customer",)))
            announce_change(conversation)


def _new_prospect(
    actor: Actor, contact: Contact, known: Mapping[str, Any], more_points: Sequence[tuple[str, str]] = ()
) -> int:
    """A customer made of what a message tells about its sender."""
    values = {
        "name": contact.shown_name or name_as_told(_in_place_of_name(contact)),
        "status": CustomerStatus.PROSPECT,
        "owner": None,
    }
    values.update({name: value for name, value in known.items() if value})
    points = [(contact.kind, contact.value), *(each for each in more_points if Contact(*each).is_reachable)]
    customer = create_customer(
        actor=actor, values=values, contact_points=[{"kind": kind, "value": value} for kind, value in points]
    )
    return customer.pk


def _in_place_of_name(contact: Contact) -> str:
    """What a customer without a name is called: the address, in its masked form where some role sees addresses so."""
    if RoleField.objects.filter(kind="contactpoint", field="value").exists():
        return masking.masked("contactpoint", "value", contact.value, contact.kind)
    return contact.value


def _message(
    actor: Actor, inbound: Inbound, conversation: Conversation, at: datetime, *, needs_answer: bool
) -> Message:
    """The row of a message."""
    is_mine = inbound.author_id is not None and inbound.author_id == actor.user_id
    author_name = inbound.contact.shown_name if inbound.direction is Direction.IN else actor.name if is_mine else ""
    return Message(
        conversation=conversation,
        customer_id=conversation.customer_id,
        channel=inbound.channel,
        channel_kind=inbound.channel.kind,
        kind=MessageKind.MESSAGE,
        direction=inbound.direction,
        message_class=inbound.message_class,
        needs_answer=needs_answer,
        author_id=inbound.author_id,
        author_name=author_name[:200],
        from_address=(inbound.from_address or inbound.contact.value)[:254],
        to=[one[:254] for one in inbound.to],
        cc=[one[:254] for one in inbound.cc],
        subject=inbound.subject[:255],
        text=inbound.text,
        new_text=inbound.text if inbound.new_text is None else inbound.new_text,
        html=inbound.html,
        details=dict(inbound.details),
        at=at,
        said_at=inbound.said_at,
        external_key=inbound.external_key,
        message_id=key_of_message_id(inbound.message_id),
        in_reply_to=key_of_message_id(inbound.in_reply_to),
        delivery=DeliveryState.RECEIVED if inbound.direction is Direction.IN else DeliveryState.SENT,
    )


def _keep_files(actor: Actor, op: changes.OperationInHand, inbound: Inbound, message: Message) -> None:
    """Keep what came with it; inline images are named by their content id so that the text can show them."""
    inline = {}
    for one in inbound.files:
        stored = store(actor=actor, name=one.name, source=one.content, record_kind="message", record_id=message.pk)
        if one.content_id:
            inline[one.content_id] = stored.pk
    raw = None
    if inbound.raw is not None:
        raw = store(actor=actor, name=inbound.raw_name, source=inbound.raw, record_kind="message", record_id=message.pk)
    if inline or raw is not None:
        message.details = {**message.details, **({"inline": inline} if inline else {})}
        message.raw_file = raw
        message.save(update_fields=["details", "raw_file"])  # house: writes: parts of the message just written


def _move_on(
    op: changes.OperationInHand, conversation: Conversation, message: Message, inbound: Inbound, *, is_new: bool
) -> None:
    """Bring the conversation's figures up to date and open it again where the message wants something."""
    is_in = inbound.direction is Direction.IN
    is_heard = is_in and inbound.message_class in ANSWERED
    if is_heard and conversation.state == ConversationState.DONE:
        op.update(conversation, state=ConversationState.OPEN, done_at=None)
        publish(ConversationChanged(conversation_id=conversation.pk, fields=("state",)))
    changed: dict[str, Any] = {
        "message_count": conversation.message_count + 1,
        "last_message_at": message.at,
    }
    if is_heard:
        changed.update(last_inbound_at=message.at, channel=inbound.channel, channel_kind=inbound.channel.kind)
        if inbound.channel.kind != conversation.channel_kind or not conversation.contact_value:
            # It goes on by the channel on which the counterpart was heard of last.
            changed.update(contact_kind=inbound.contact.kind[:10], contact_value=inbound.contact.normalised[:254])
        if message.needs_answer and conversation.waiting_since is None:
            changed["waiting_since"] = message.at
    elif inbound.direction is Direction.OUT:
        changed.update(last_outbound_at=message.at, waiting_since=None)
    write_figures(conversation, **changed)
    if message.needs_answer:
        dispatching.enter(conversation, is_new=is_new)
    elif inbound.direction is Direction.OUT:
        dispatching.note_answered(conversation)
    if conversation.customer_id is not None and (is_heard or not is_in):
        note_contact(conversation.customer_id, message.at)


def write_figures(conversation: Conversation, **figures: Any) -> None:
    """Write what follows from the entries of a locked conversation; derived, so it is not journaled."""
    for name, value in figures.items():
        setattr(conversation, name, value)
    conversation.save(update_fields=[*figures, "updated_at"])

"""Who a browser is: known again by its secret, vouched for by the site."""

import hashlib
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guanxi.conversations.adapters.chat.configuration import Configuration
from guanxi.conversations.adapters.chat.identity import Identity
from guanxi.conversations.choices import ConversationState, Direction
from guanxi.conversations.models import Channel, ChatKey, ChatMessage, ChatVisitor, Conversation
from guanxi.conversations.services.channels import note_worked
from guanxi.conversations.services.conversations import settle_customer
from guanxi.conversations.services.intake import locked
from guanxi.core import clock
from guanxi.core.actor import Actor, system_actor
from guanxi.core.compiled import Compiled, CompiledRecords
from guanxi.core.errors import Forbidden, InvalidInput
from guanxi.customers.choices import ContactKind, CustomerStatus
from guanxi.customers.models import ExternalId
from guanxi.customers.public import create_customer, customers_by_contact
from guanxi.customers.services.customers import add_external_id

# 32 random bytes, as a browser makes and keeps them.
KEY_FORM = re.compile(r"[A-Za-z0-9_-]{43}")
# Without a new token somebody the site vouches for stays known so long: a page that is open all day.
VOUCHED = timedelta(hours=12)
# How often it is written that a visitor was heard of.
SEEN_EVERY = timedelta(seconds=20)
SHOWN_EVERY = 600
HELD = "chat_visitor_in_hand"


class VouchingError(Forbidden):
    """The browser's secret belongs to somebody the site must vouch for again."""


@dataclass(frozen=True)
class Told:
    """What visitors say of themselves, which proves nothing."""

    name: str = ""
    email: str = ""
    language: str = ""


def digest_of(key: object) -> str:
    """The digest by which a secret is known; InvalidInput for what is none."""
    if not isinstance(key, str) or not KEY_FORM.fullmatch(key):
        raise InvalidInput(_("The key of this browser is damaged."), column="key")
    return hashlib.sha256(key.encode()).hexdigest()


_KEY = CompiledRecords(ChatKey, lambda digest: ChatKey.objects.filter(digest=digest), str, related=("visitor",))
# Not the key: messages that point to the visitor may be written meanwhile.
_LOCKED = CompiledRecords(
    ChatVisitor, lambda number: ChatVisitor.objects.select_for_update(no_key=True).filter(pk=number), int
)
_LAST = Compiled(
    lambda number: (
        ChatMessage.objects.filter(visitor=number, message__direction=Direction.IN)
        .order_by("-pk")
        .values_list("message__conversation")[:1]
    ),
    int,
)


def lock(visitor: ChatVisitor) -> None:
    """Lock a visitor against other writers, and have it as it stands."""
    standing = _LOCKED.first(visitor.pk)
    if standing is None:
        raise Forbidden(_("This chat has not begun."))
    visitor._state.fields_cache.clear()
    for field in ChatVisitor._meta.concrete_fields:
        setattr(visitor, field.attname, getattr(standing, field.attname))


def visitor_of(channel: Channel, key: object) -> ChatVisitor | None:
    """The visitor with this secret on this channel; None where it is new. A secret opens no other channel."""
    row = _KEY.first(digest_of(key))
    if row is None:
        return None
    if row.visitor.channel_id != channel.pk:
        raise Forbidden(_("This key belongs to another chat."))
    if row.visitor.external_id and (row.vouched_until is None or row.vouched_until <= clock.now()):
        raise VouchingError(_("The site must say again who you are."))
    return row.visitor


def known_visitor(channel: Channel, key: object) -> ChatVisitor:
    """The visitor with this secret; Forbidden where there is none."""
    visitor = visitor_of(channel, key)
    if visitor is None:
        raise Forbidden(_("This chat has not begun."))
    return visitor


def begin(channel: Channel, key: object, told: Told) -> ChatVisitor:
    """The visitor with this secret, made where it is new: with the first message, so that mere readers leave nothing."""
    visitor = visitor_of(channel, key)
    if visitor is not None:
        return visitor
    try:
        with transaction.atomic():
            made = ChatVisitor.objects.create(channel=channel, begun_at=clock.now(), seen_at=clock.now(), **vars(told))
            ChatKey.objects.create(visitor=made, digest=digest_of(key), made_at=clock.now())
            return made
    except IntegrityError:  # the same browser, in another tab at the same moment
        return known_visitor(channel, key)


def vouch(channel: Channel, key: object, identity: Identity, before: object = None) -> ChatVisitor:
    """Let a browser be the person the site vouches for, under a secret of its own that nobody unknown ever used.

    What it said `before`, as nobody known, stays in the chat; that secret opens nothing any more.
    """
    digest = digest_of(key)
    now = clock.now()
    until = max(datetime.fromtimestamp(identity.expires_at, UTC), now + VOUCHED)
    with transaction.atomic():
        person = _person(channel, identity)
        held, _is_new = ChatKey.objects.get_or_create(digest=digest, defaults={"visitor": person, "made_at": now})
        if held.visitor_id != person.pk:
            raise Forbidden(_("This key belongs to another chat."))
        ChatKey.objects.filter(pk=held.pk).update(vouched_until=until)
        if before is not None and before != key:
            known = ChatKey.objects.select_related("visitor").filter(digest=digest_of(before)).first()
            if known is not None and known.visitor.channel_id == channel.pk and not known.visitor.external_id:
                _become(known.visitor, person)
    _settle(person)
    return person


def _person(channel: Channel, identity: Identity) -> ChatVisitor:
    """The visitor with this id, as the site calls them now."""
    customer_id = _customer_of(channel, identity)
    now = clock.now()
    told = {"name": identity.name, "email": identity.email}
    person, is_new = ChatVisitor.objects.get_or_create(
        channel=channel,
        external_id=identity.external_id,
        defaults={**told, "customer_id": customer_id, "begun_at": now, "seen_at": now},
    )
    changed = {name: value for name, value in told.items() if value and getattr(person, name) != value}
    if customer_id is not None and person.customer_id != customer_id:
        changed["customer_id"] = customer_id  # type: ignore[assignment]
    if changed and not is_new:
        ChatVisitor.objects.filter(pk=person.pk).update(**changed)
        person.refresh_from_db()
    return person


def _become(before: ChatVisitor, person: ChatVisitor) -> None:
    """An unknown visitor turns out to be a person: their open conversation goes over, their keys end."""
    ChatKey.objects.filter(visitor=before).update(visitor=person, vouched_until=None)
    ChatVisitor.objects.filter(pk=before.pk).update(became=person)
    if before.conversation_id is not None:
        ChatVisitor.objects.filter(pk=person.pk).update(conversation_id=before.conversation_id)
        person.conversation_id = before.conversation_id


def _settle(person: ChatVisitor) -> None:
    """The conversation in hand belongs to the customer, now that it is certain who speaks."""
    conversation = open_conversation(person)
    if conversation is not None and person.customer_id and conversation.customer_id != person.customer_id:
        settle_customer(actor=hand(person.channel), conversation_id=conversation.pk, customer_id=person.customer_id)


def _customer_of(channel: Channel, identity: Identity) -> int | None:
    """The customer of this id, else the one who alone has the address that the site vouches for."""
    source = Configuration.of(channel).source
    known = ExternalId.objects.filter(source=source, value=identity.external_id).values_list("customer_id", flat=True)
    found: int | None = known.first()
    if found is None and identity.email:
        by_address = customers_by_contact(ContactKind.EMAIL, identity.email)
        if len(by_address) == 1:
            found = by_address[0]
            add_external_id(actor=hand(channel), customer_id=found, source=source, value=identity.external_id)
    return found


def customer_for(visitor: ChatVisitor) -> int | None:
    """The customer of a person the site vouches for, made with their first message where there is none; else None."""
    if not visitor.external_id:
        return None
    if visitor.customer_id is None:
        channel = visitor.channel
        points = [{"kind": ContactKind.EMAIL, "value": visitor.email}] if visitor.email else []
        made = create_customer(
            actor=hand(channel),
            values={
                "name": visitor.name or visitor.email or visitor.external_id,
                "status": CustomerStatus.PROSPECT,
                "owner": None,
            },
            contact_points=points,
            external_ids=[(Configuration.of(channel).source, visitor.external_id)],
        )
        ChatVisitor.objects.filter(pk=visitor.pk).update(customer_id=made.pk)
        visitor.customer_id = made.pk
    return visitor.customer_id


def open_conversation(visitor: ChatVisitor) -> Conversation | None:
    """The conversation that the visitor's next message goes on in, while it is open: that in which their last word stands."""
    number = _last_conversation(visitor)
    found = Conversation.objects.filter(pk=number).first() if number is not None else None
    while found is not None and found.merged_into_id is not None:
        found = Conversation.objects.filter(pk=found.merged_into_id).first()
    return found if found is not None and found.state == ConversationState.OPEN else None


def locked_conversation(visitor: ChatVisitor) -> Conversation | None:
    """The same, locked against other writers."""
    number = _last_conversation(visitor)
    found = locked(number) if number is not None else None
    return found if found is not None and found.state == ConversationState.OPEN else None


def _last_conversation(visitor: ChatVisitor) -> int | None:
    """The conversation in which their last word stands; None where they have not spoken, or have ended it."""
    if visitor.conversation_id is None:
        return None
    # Colleagues may have split it since: the talk goes on in its later part.
    if visitor.external_id:
        numbers = [visitor.pk, *ChatVisitor.objects.filter(became=visitor).values_list("pk", flat=True)]
        said = ChatMessage.objects.filter(visitor__in=numbers, message__direction=Direction.IN).order_by("-pk")
        last: int | None = said.values_list("message__conversation", flat=True).first()
    else:
        row = _LAST.first(visitor.pk)
        last = row[0] if row is not None else None
    return last or visitor.conversation_id


def visitor_in(conversation: Conversation) -> ChatVisitor | None:
    """The visitor who chats in a conversation, or did before it was ended, split or merged; of several the last one.

    Asked once for as long as an act has this row of the conversation in hand.
    """
    held = conversation.__dict__
    if HELD not in held:
        held[HELD] = _visitor_in(conversation)
    found: ChatVisitor | None = held[HELD]
    return found


_ABSORBED = Compiled(lambda number: Conversation.objects.filter(merged_into=number).values_list("pk"), int)
_CHATTING = CompiledRecords(
    ChatVisitor,
    lambda number: ChatVisitor.objects.filter(conversation=number, became__isnull=True).order_by("-seen_at")[:1],
    int,
    related=("channel",),
)


def _visitor_in(conversation: Conversation) -> ChatVisitor | None:
    """The same, asked of the database."""
    numbers = [conversation.pk]
    within = [number for (number,) in _ABSORBED.rows(conversation.pk)]
    while within:
        numbers = [*numbers, *within]
        within = list(Conversation.objects.filter(merged_into__in=within).values_list("pk", flat=True))
    if len(numbers) == 1:
        found = _CHATTING.first(conversation.pk)
    else:
        rows = ChatVisitor.objects.filter(conversation__in=numbers, became__isnull=True).select_related("channel")
        found = rows.order_by("-seen_at").first()
    if found is None:
        said = ChatMessage.objects.filter(message__conversation=conversation).order_by("-message_id")
        last = said.select_related("visitor__channel", "visitor__became__channel").first()
        found = (last.visitor.became or last.visitor) if last is not None else None
    return found


def note_seen(visitor: ChatVisitor) -> None:
    """Note that the browser was heard of, not more often than matters."""
    now = clock.now()
    if now - visitor.seen_at > SEEN_EVERY:
        ChatVisitor.objects.filter(pk=visitor.pk).update(seen_at=now)
        visitor.seen_at = now


def note_shown(channel: Channel) -> None:
    """Note that a site shows the chat, once in some minutes."""
    _note_shown(channel.pk, int(time.monotonic() // SHOWN_EVERY))


@lru_cache(maxsize=256)
def _note_shown(channel_id: int, _turn: int) -> None:
    """The same, written once a turn."""
    note_worked(channel_id)


def hand(channel: Channel) -> Actor:
    """Who acts for visitors."""
    return system_actor(means=channel.kind)

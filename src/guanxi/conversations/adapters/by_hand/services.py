"""Writing down a contact that took place outside the system."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from guanxi.conversations.choices import BY_HAND, ChannelKind, Direction, Match
from guanxi.conversations.matching import Contact, latest_open_conversation
from guanxi.conversations.models import Channel, Conversation
from guanxi.conversations.services.conversations import settle_customer
from guanxi.conversations.services.intake import Inbound, InboundFile, Received, receive
from guanxi.core import access, changes, clock
from guanxi.core.actor import Actor, system_actor
from guanxi.core.errors import InvalidInput
from guanxi.customers.choices import ContactKind
from guanxi.customers.models import ContactPoint, Customer

TEXT_LIMIT = 100_000
AHEAD = timedelta(minutes=5)
# By which contact point each kind finds its customer.
REACHED_BY = {
    ChannelKind.PHONE: ContactKind.PHONE,
    ChannelKind.FAX: ContactKind.PHONE,
    ChannelKind.LETTER: ContactKind.ADDRESS,
    ChannelKind.VISIT: ContactKind.PHONE,
}


@dataclass(frozen=True)
class Logged:
    """What a colleague writes down: which kind, who spoke to whom, with whom, what was said, when."""

    kind: ChannelKind
    direction: Direction
    text: str
    subject: str = ""
    customer_id: int | None = None
    contact_name: str = ""
    contact_value: str = ""
    conversation_id: int | None = None
    said_at: datetime | None = None
    needs_answer: bool = False
    files: Sequence[InboundFile] = ()


def log_contact(*, actor: Actor, logged: Logged) -> Received:
    """Write a contact down: in the conversation named, else in the customer's open one, else in a new one."""
    access.require(actor, "conversation", "create")
    if logged.kind not in BY_HAND:
        raise InvalidInput(_("Contacts of this kind come in by themselves."), column="kind")
    if logged.direction not in {Direction.IN, Direction.OUT}:
        raise InvalidInput(_("Say who spoke to whom."), column="direction")
    text = logged.text.replace("\x00", "").strip()
    if not text and not logged.files:
        raise InvalidInput(_("Say what it was about, or add a file."), column="text")
    if len(text) > TEXT_LIMIT:
        raise InvalidInput(_("At most %(limit)s characters can be kept here.") % {"limit": TEXT_LIMIT}, column="text")
    if logged.said_at is not None and logged.said_at > clock.now() + AHEAD:
        raise InvalidInput(_("It cannot have taken place in the future."), column="said_at")
    customer = Customer.objects.get_visible(actor, pk=logged.customer_id) if logged.customer_id is not None else None
    if logged.conversation_id is not None:
        Conversation.objects.get_visible(actor, "change", pk=logged.conversation_id)
    contact = _contact(logged, customer)
    with transaction.atomic():
        found = receive(
            Inbound(
                channel=channel_of_kind(logged.kind),
                contact=contact,
                text=text,
                direction=logged.direction,
                needs_answer=logged.needs_answer,
                subject=logged.subject,
                said_at=logged.said_at,
                conversation_id=logged.conversation_id or _open_conversation(customer),
                joins_open=True,
                files=logged.files,
                author_id=actor.user_id,
                details={"logged": True},
            ),
            actor=actor,
        )
        conversation = found.conversation
        if customer is not None and (conversation.customer_id, conversation.match) != (customer.pk, Match.CERTAIN):
            settle_customer(actor=actor, conversation_id=conversation.pk, customer_id=customer.pk)
            conversation.refresh_from_db()
    return found


def channel_of_kind(kind: ChannelKind) -> Channel:
    """The channel under which contacts of a kind are kept, made when the first one is written down."""
    found = Channel.objects.filter(kind=kind, is_active=True).order_by("pk").first()
    if found is not None:
        return found
    with translation.override(settings.LANGUAGE_CODE):
        name = str(kind.label)
    try:
        with changes.operation(actor=system_actor(), name="conversations.create_channel") as op, transaction.atomic():
            made: Channel = op.create(Channel(kind=kind, name=name, created_at=clock.now()))
    except IntegrityError:
        # Its name is taken: by the same in this moment, or by one that was put out of use.
        return Channel.objects.get(name=name)
    return made


def _contact(logged: Logged, customer: Customer | None) -> Contact:
    """The counterpart: what was written down, else how the customer is reached."""
    kind = REACHED_BY[logged.kind]
    name = logged.contact_name.strip()[:200] or (customer.name if customer is not None else "")
    value = logged.contact_value.strip()[:254]
    if not value and customer is not None:
        points = ContactPoint.objects.filter(customer=customer, kind=kind).order_by("-is_primary", "position")
        value = points.values_list("value", flat=True).first() or ""
    if not value and logged.conversation_id is None and customer is None:
        raise InvalidInput(_("Say with whom: a customer, or a number or address."), column="contact_value")
    return Contact(str(kind) if value else "", value, name)


def _open_conversation(customer: Customer | None) -> int | None:
    """The conversation that is open with a customer."""
    found = latest_open_conversation(customer.pk) if customer is not None else None
    return found.pk if found is not None else None

"""One raw mail on its way in: read, brought to its conversation, stored once."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from guanxi.conversations.adapters.email import configuration
from guanxi.conversations.adapters.email.reading import quoting, subjects, tokens
from guanxi.conversations.adapters.email.reading.addresses import normalised
from guanxi.conversations.adapters.email.reading.mail import ReadMail, read_mail
from guanxi.conversations.adapters.email.reading.markup import QUOTE
from guanxi.conversations.adapters.email.reading.threading import By, Place, people_of, place_of
from guanxi.conversations.choices import ChannelKind, DeliveryState, Direction, MessageClass, MessageKind
from guanxi.conversations.matching import Contact
from guanxi.conversations.models import Channel, Conversation, Message
from guanxi.conversations.services import delivering
from guanxi.conversations.services.intake import Inbound, InboundFile, Received, receive
from guanxi.conversations.services.threads import (
    conversations_of_answers,
    conversations_of_message_ids,
    key_of_message_id,
)
from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.core.compiled import Compiled
from guanxi.customers.choices import ContactKind
from guanxi.files.public import receive as keep

logger = logging.getLogger("guanxi.mail")

_SAME_ID = Compiled(
    lambda key: Message.objects.filter(message_id=key, channel_kind=ChannelKind.EMAIL)
    .order_by("pk").values_list("pk", "external_key", "direction")[:20],
    str,
)  # fmt: skip
CONVERSATIONS_LOOKED_AT = 50
MESSAGES_LOOKED_AT = 200
MESSAGES_COMPARED = 20
RETURNABLE = (DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.QUEUED)


@dataclass(frozen=True)
class Mailbox:
    """A channel with what every mail that comes by it is measured against; made once for many mails."""

    channel: Channel
    own_addresses: frozenset[str]
    own_mark: str
    key: bytes

    @classmethod
    def of(cls, channel: Channel) -> "Mailbox":
        """The mailbox of a channel."""
        ours = configuration.own_addresses() | ({normalised(channel.address)} if channel.address else set())
        return cls(channel, ours, configuration.own_mark(), configuration.token_key())


@dataclass(frozen=True)
class TakenIn:
    """A mail as it was read, None where it could not be, and what became of it."""

    mail: ReadMail | None
    received: Received


class Known:
    """Conversations as the threading asks for them."""

    def of_message_ids(self, message_ids: Sequence[str]) -> Sequence[int]:
        """The conversations that hold these mails, in their order."""
        return conversations_of_message_ids(message_ids)

    def of_answers_to(self, message_ids: Sequence[str]) -> Sequence[int]:
        """The conversations that hold answers to these mails."""
        return conversations_of_answers(message_ids)

    def people_in(self, number: int) -> frozenset[str]:
        """Every address that something in the conversation came from or went to."""
        found = Conversation.objects.filter(pk=number).values_list("contact_value", flat=True)
        people = {tokens.without_token(normalised(value)) for value in found}
        rows = Message.objects.filter(conversation=number, kind=MessageKind.MESSAGE).order_by("-at", "-pk")
        for sender, to, cc in rows.values_list("from_address", "to", "cc")[:MESSAGES_LOOKED_AT]:
            people |= {tokens.without_token(normalised(each)) for each in (sender, *to, *cc) if isinstance(each, str)}
        return frozenset(people - {""})

    def is_quoted(self, number: int, text: str) -> bool:
        """Whether a text repeats a line that was said in the conversation; words that anybody writes prove nothing."""
        rows = Message.objects.filter(conversation=number, kind=MessageKind.MESSAGE).order_by("-at", "-pk")
        said = rows.values_list("new_text", flat=True)[:MESSAGES_COMPARED]
        return quoting.repeats(text, said)

    def secret_of(self, number: int) -> str | None:
        """The secret of a conversation; None when there is no such."""
        return Conversation.objects.filter(pk=number).values_list("secret", flat=True).first()

    def of_subject(self, key: str, people: Sequence[str], span: timedelta, when: datetime | None) -> int | None:
        """The newest conversation with one of these people under this subject in which something was said within the span.

        Counted from when the mail says that it was written: an archive taken in at once holds the talk of years.
        """
        rows = Conversation.objects.filter(
            contact_kind=ContactKind.EMAIL,
            contact_value__in=[Contact(ContactKind.EMAIL, one).normalised for one in people],
        ).order_by("-last_message_at")
        found = rows.values_list("pk", "subject")[:CONVERSATIONS_LOOKED_AT]
        moment = min(when or clock.now(), clock.now())
        within = (moment - span, moment + span)
        said = Q(said_at__range=within) | Q(said_at__isnull=True, at__range=within)
        fitting = (number for number, subject in found if subjects.subject_key(subject) == key)
        return next((each for each in fitting if Message.objects.filter(said, conversation=each).exists()), None)


def take_in(
    mailbox: Mailbox,
    raw: bytes,
    *,
    is_ours: bool = False,
    is_whole: bool = True,
    details: dict[str, Any] | None = None,
    actor: Actor | None = None,
) -> TakenIn:
    """Take a raw mail in; `is_ours` for one that the company sent, not `is_whole` where only its beginning was read.

    Taken in again it gives the first result.
    """
    mail = read_mail(raw, own_addresses=mailbox.own_addresses, own_mark=mailbox.own_mark)
    mail = mail if is_whole else replace(mail, is_cut=True)
    first = _known(mailbox, mail)
    if first is not None:
        return TakenIn(mail, Received(first, first.conversation, is_repeated=True))
    place = place_of(mail, own_addresses=mailbox.own_addresses, key=mailbox.key, lookups=Known(), is_ours=is_ours)
    if place.refused:
        logger.warning("mail %s: the token in %s is not ours", mail.message_id, place.refused)
    if place.strange:
        logger.warning(
            "mail %s: names mails of conversation %d, to which its sender is strange", mail.message_id, place.strange
        )
    inbound = _inbound(mailbox, mail, raw, place, is_ours=is_ours, details=details or {})
    is_unknown = bool(mail.message_id)
    if mail.bounce is None:
        return TakenIn(mail, receive(inbound, actor=actor, is_unknown=is_unknown))
    with transaction.atomic():
        received = receive(inbound, actor=actor, is_unknown=is_unknown)
        if not received.is_repeated:
            _note_bounce(mail)
    return TakenIn(mail, received)


def take_in_unread(channel: Channel, raw: bytes, *, key: str) -> Received:
    """Keep a mail that our reader failed on: as a file, so that a person can look at it and nothing is lost."""
    return receive(
        Inbound(
            channel=channel,
            contact=Contact("", ""),
            text=_("This mail could not be read; it lies here as a file."),
            subject=_("A mail that could not be read"),
            external_key=f"unread#{key}"[:200],
            raw=keep(BytesIO(raw)),
        )
    )


def _known(mailbox: Mailbox, mail: ReadMail) -> Message | None:
    """The same mail, taken in before by any mailbox; or one that we sent ourselves and that comes back."""
    if not mail.message_id:
        return None
    for number, external_key, direction in _SAME_ID.rows(key_of_message_id(mail.message_id)):
        is_returned = external_key is None and direction == Direction.OUT
        is_mine = mail.mark == mailbox.own_mark or normalised(mail.sender.address) in mailbox.own_addresses
        if external_key == _key(mail) or (is_returned and is_mine):
            return Message.objects.select_related("conversation").get(pk=number)
    return None


def _key(mail: ReadMail) -> str:
    """Under which the mail is stored once."""
    return mail.external_key.replace("\x00", "")[:200]


def _inbound(
    mailbox: Mailbox, mail: ReadMail, raw: bytes, place: Place, *, is_ours: bool, details: dict[str, Any]
) -> Inbound:
    """The mail as conversations take it."""
    others = people_of(mail, mailbox.own_addresses, is_ours=True)
    is_sent = is_ours or (mail.mail_class is MessageClass.OWN_REPLY and bool(others))
    return Inbound(
        channel=mailbox.channel,
        contact=_contact(mail, others if is_sent else []),
        text=mail.text,
        new_text=mail.new_text,
        html=_page(mail),
        external_key=_key(mail),
        direction=Direction.OUT if is_sent else Direction.IN,
        message_class=mail.mail_class if not is_ours else MessageClass.OWN_REPLY,
        subject=mail.subject,
        to=[each.address for each in mail.to][:100],
        cc=[each.address for each in mail.cc][:100],
        from_address=mail.sender.address,
        said_at=mail.date,
        message_id=mail.message_id,
        in_reply_to=next(iter(mail.in_reply_to), ""),
        conversation_id=place.conversation_id,
        is_placed=True,
        files=[
            InboundFile(each.name, keep(BytesIO(each.content)), each.content_id, is_inline=each.is_inline)
            for each in mail.attachments
        ],
        raw=keep(BytesIO(raw)) if mail.is_cut else None,
        details={"mail": _facts(mailbox, mail, place), **details},
    )


def _page(mail: ReadMail) -> str:
    """The HTML of a mail; what it quotes stands in an element that pages fold away."""
    return mail.html + (f'<div class="{QUOTE}">{mail.quoted_html}</div>' if mail.quoted_html else "")


def _contact(mail: ReadMail, others: Sequence[str]) -> Contact:
    """The other side: who wrote, or the first of those we wrote to."""
    if others:
        named = {normalised(each.address): each.name for each in (*mail.to, *mail.cc)}
        return Contact(ContactKind.EMAIL, others[0], named.get(others[0], ""))
    # Without an address nobody can be found or written to.
    kind = ContactKind.EMAIL if mail.sender.address else ""
    return Contact(kind, mail.sender.address, mail.sender.name)


def _facts(mailbox: Mailbox, mail: ReadMail, place: Place) -> dict[str, Any]:
    """What else is known of a mail: only what says something."""
    sender = normalised(mail.sender.address)
    answer_to = mail.answer_address(mailbox.own_addresses)
    facts: dict[str, Any] = {
        "quoted_text": mail.quoted_text,
        "held_images": mail.held_images,
        "answer_to": answer_to if normalised(answer_to) != sender else "",
        "found_by": str(place.by) if place.by is not By.NOTHING else "",
        "refused_token": place.refused,
        "strange_to": place.strange,
        "hops": mail.hops,
        "is_forward": mail.is_forward,
        "is_cut": mail.is_cut,
        "size": mail.size,
    }
    if mail.bounce is not None:
        facts["bounce"] = {
            "recipient": mail.bounce.recipient,
            "status": mail.bounce.status,
            "reason": mail.bounce.reason,
            "action": mail.bounce.action,
        }
    return {name: value for name, value in facts.items() if value}


def _note_bounce(mail: ReadMail) -> None:
    """Say at the mail that came back what became of it."""
    bounce = mail.bounce
    if bounce is None or not bounce.original_message_id:
        return
    key = key_of_message_id(bounce.original_message_id)
    rows = Message.objects.filter(message_id=key, direction=Direction.OUT, channel_kind=ChannelKind.EMAIL)
    for message in rows.filter(delivery__in=RETURNABLE):
        if bounce.is_final:
            said = " ".join(part for part in (bounce.recipient, bounce.status, bounce.reason) if part)
            delivering.mark_failed(message.pk, delivering.BOUNCED, said)
        elif bounce.action == "delivered":
            delivering.mark(message.pk, DeliveryState.DELIVERED)

"""E-mail as a channel: answers go to whoever wrote, in the thread they wrote in."""

import contextlib
import secrets
from typing import ClassVar

from django.db import DatabaseError, InterfaceError
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.conversations.adapters import Adapter, DeliveryError, Prepared
from guanxi.conversations.adapters.email import composing, servers
from guanxi.conversations.adapters.email.configuration import Configuration, own_addresses
from guanxi.conversations.adapters.email.handing_over import Handed, hand_over, in_ascii
from guanxi.conversations.adapters.email.reading import subjects
from guanxi.conversations.adapters.email.reading.addresses import ADDRESS, normalised
from guanxi.conversations.adapters.email.reading.classes import HOPS_AT_MOST
from guanxi.conversations.choices import ChannelKind, DeliveryState, Direction, MessageClass
from guanxi.conversations.models import Channel, Conversation, Message
from guanxi.conversations.services.channels import note_failed, note_worked
from guanxi.core.errors import InvalidInput
from guanxi.customers.choices import ContactKind

RECIPIENTS_AT_MOST = 50
# More automatic mails than these to one conversation in a day are a circle.
AUTOMATIC_AT_MOST = 5


class EmailAdapter(Adapter):
    """Mails with customers."""

    kind = ChannelKind.EMAIL
    label = pgettext_lazy("channel", "E-mail")
    icon = "mail"
    can_send = True
    create_url_name = "conversations:create_mailbox"
    errors: ClassVar[dict[str, Promise | str]] = servers.WORDS

    def prepare(self, channel: Channel, conversation: Conversation, given: Prepared) -> Prepared:
        """To whoever wrote last, under their subject, in their thread."""
        if not channel.address:
            raise InvalidInput(_("This mailbox has no address of its own yet."), column="channel")
        last = last_heard(conversation)
        to = _checked(given.to or _answer_to(conversation, last), "to")
        if not to:
            raise InvalidInput(_("Nobody in this conversation has an e-mail address; enter one."), column="to")
        subject = given.subject or conversation.subject or gettext_lazy("Your message")
        if last is not None and not subjects.is_answer(str(subject)):
            subject = f"Re: {subject}"
        return Prepared(
            to=to,
            cc=_checked(given.cc, "cc"),
            subject=str(subject)[:255],
            message_id=f"{secrets.token_hex(12)}.{conversation.pk}@{channel.address.rpartition('@')[2]}",
            in_reply_to=given.in_reply_to or (last.message_id if last is not None else ""),
        )

    def doubt(self, channel: Channel) -> str:
        """Without a server nothing leaves the house."""
        if Configuration.of(channel).sends:
            return ""
        return _("“%(name)s” has no server to send by yet: what you send by it does not arrive.") % {
            "name": channel.name
        }

    def deliver(self, message: Message) -> DeliveryState:
        """Hand the mail to the server."""
        channel = message.channel
        if channel is None:
            raise DeliveryError("not_set_up", is_final=True)
        if message.details.get("automatic") and not may_go_by_itself(message):
            raise DeliveryError("never_answered", is_final=True)
        known = message.details.get("handed") or {}
        refused = dict(known.get("refused") or {})
        left = [each for each in (*message.to, *message.cc) if each not in {*known.get("reached", ()), *refused}]
        try:
            handed = _handed(channel, message, left) if left else Handed((), {}, {})
        except servers.MailError as error:
            if error.code not in {"too_large", "unsure"}:
                note_failed(channel.pk, error.code, error.detail, about=self.way_out)
            is_final, is_unsure = servers.is_final(error), error.code == "unsure"
            raise DeliveryError(error.code, error.detail, is_final=is_final, is_unsure=is_unsure) from error
        reached, refused = [*known.get("reached", ()), *handed.reached], {**refused, **handed.refused}
        if refused or handed.later:
            # Those who were not refused have it; sent again they would have it twice.
            told = "; ".join(f"{address}: {said}" for address, said in {**refused, **handed.later}.items())
            raise DeliveryError(
                "some_recipients" if reached else "recipient",
                told,
                is_final=not handed.later,
                handed={"reached": reached, "refused": refused},
            )
        return DeliveryState.SENT

    def settings_url(self, channel: Channel) -> str:
        """Its own page."""
        return reverse("conversations:mailbox", args=[channel.public_id])


def _handed(channel: Channel, message: Message, recipients: list[str]) -> Handed:
    """Hand the mail over to these; from then on nothing may fail for which it would be sent once more."""
    mail = composing.composed(message)
    with servers.outbox(channel) as server:
        given = {in_ascii(each): each for each in recipients}
        found = hand_over(server, mail, sender=in_ascii(channel.address), recipients=list(given))
    with contextlib.suppress(DatabaseError, InterfaceError):
        note_worked(channel.pk, about=EmailAdapter.way_out)
    return Handed(
        tuple(given[each] for each in found.reached),
        {given[each]: said for each, said in found.refused.items()},
        {given[each]: said for each, said in found.later.items()},
    )


def last_heard(conversation: Conversation) -> Message | None:
    """The last mail of the other side that a person wrote."""
    rows = Message.objects.filter(conversation=conversation, direction=Direction.IN, channel_kind=ChannelKind.EMAIL)
    wanted = [MessageClass.NORMAL, MessageClass.CALENDAR]
    return rows.filter(message_class__in=wanted).order_by("-at", "-id").first()


def may_go_by_itself(message: Message) -> bool:
    """Whether a program's answer may go: what it answers is a person's mail, and it has not answered over and over."""
    rows = Message.objects.filter(conversation=message.conversation_id, channel_kind=ChannelKind.EMAIL)
    last = rows.filter(direction=Direction.IN, at__lt=message.at).order_by("-at", "-id").first()
    if last is not None:
        hops = int((last.details.get("mail") or {}).get("hops") or 0)
        if last.message_class != MessageClass.NORMAL or hops > HOPS_AT_MOST:
            return False
    ours = rows.filter(direction=Direction.OUT).order_by("-at", "-id").values_list("details", flat=True)
    recent = list(ours[: AUTOMATIC_AT_MOST + 1])
    return len(recent) <= AUTOMATIC_AT_MOST or not all(details.get("automatic") for details in recent)


def _answer_to(conversation: Conversation, last: Message | None) -> tuple[str, ...]:
    """Where an answer goes: where the last mail wants it, else to the counterpart."""
    if last is not None:
        answer_to = (last.details.get("mail") or {}).get("answer_to") or last.from_address
        return (answer_to,) if answer_to else ()
    return (conversation.contact_value,) if conversation.contact_kind == ContactKind.EMAIL else ()


def _checked(addresses: tuple[str, ...], column: str) -> tuple[str, ...]:
    """Addresses that can be written to, none twice and none of ours."""
    ours = own_addresses()
    found: dict[str, str] = {}
    for address in addresses:
        plain = address.strip()
        if not ADDRESS.fullmatch(plain) or len(plain) > 254:
            raise InvalidInput(_("“%(text)s” is no e-mail address.") % {"text": plain[:100]}, column=column)
        if normalised(plain) in ours:
            raise InvalidInput(_("%(address)s is our own address.") % {"address": plain}, column=column)
        found.setdefault(normalised(plain), plain)
    if len(found) > RECIPIENTS_AT_MOST:
        raise InvalidInput(_("At most %(count)s recipients.") % {"count": RECIPIENTS_AT_MOST}, column=column)
    return tuple(found.values())

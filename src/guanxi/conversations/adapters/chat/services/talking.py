"""What visitors do in their chat: say, read, write, end, ask for a transcript."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from guanxi.conversations.adapters.chat.services import mailing
from guanxi.conversations.adapters.chat.services.visitors import (
    customer_for,
    hand,
    lock,
    locked_conversation,
    note_seen,
    open_conversation,
)
from guanxi.conversations.choices import VISITOR_KIND, DeliveryState, Direction, MessageKind
from guanxi.conversations.matching import Contact
from guanxi.conversations.models import Channel, ChatMessage, ChatVisitor, Message
from guanxi.conversations.services.delivering import mark
from guanxi.conversations.services.intake import (
    Inbound,
    InboundFile,
    Received,
    locked,
    next_place,
    receive,
    recognise,
    write_figures,
)
from guanxi.conversations.services.signs import counterpart_has_read, counterpart_is_typing
from guanxi.conversations.services.threads import announce
from guanxi.core import changes, clock, live
from guanxi.core.compiled import CompiledRecords
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.core.inserting import CompiledInsert
from guanxi.customers import identifiers
from guanxi.customers.choices import ContactKind

TEXT_LIMIT = 10_000
MESSAGE_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
TRANSCRIPT_PAUSE = timedelta(hours=1)
_insert = CompiledInsert(ChatMessage)


@dataclass(frozen=True)
class Said:
    """One message as the browser sends it; `key` is made there, so that sent again it is known."""

    key: str
    text: str
    file: InboundFile | None = None
    page: str = ""
    page_title: str = ""
    said_at: datetime | None = None


def say(channel: Channel, visitor: ChatVisitor, said: Said) -> Received:
    """Take a message in exactly once; it goes on in the visitor's open conversation, else a new one begins."""
    text = checked_text(said.text)
    if not MESSAGE_KEY.fullmatch(said.key):
        raise InvalidInput(_("The message has no key of its own."), column="id")
    if not text and said.file is None:
        raise InvalidInput(_("There is nothing to send yet."), column="text")
    with transaction.atomic():
        lock(visitor)
        if (known := _said_as_nobody(visitor, said)) is not None:
            return known
        standing = locked_conversation(visitor)
        if standing is not None and visitor.email and standing.contact_kind == VISITOR_KIND:
            recognise(actor=hand(channel), conversation_id=standing.pk, contact=_contact(visitor))
            standing.refresh_from_db()
        received = receive(
            Inbound(
                channel=channel,
                contact=_contact(visitor),
                text=text,
                external_key=f"{visitor.pk}:{said.key}",
                customer_id=customer_for(visitor),
                standing=standing,
                joins_open=bool(visitor.external_id),
                from_address=visitor.email or visitor.public_id,
                said_at=said.said_at,
                language=visitor.language,
                files=[said.file] if said.file is not None else [],
                details={
                    "page": said.page[:500],
                    "page_title": said.page_title[:200],
                    "visitor": visitor.public_id,
                    "is_verified": bool(visitor.external_id),
                },
            )
        )
        if not received.is_repeated:
            _insert(ChatMessage(visitor=visitor, message=received.message))
            now = clock.now()
            ChatVisitor.objects.filter(pk=visitor.pk).update(
                conversation_id=received.conversation.pk, seen_at=now, read_at=now
            )
            # Other pages of the same visitor show it too.
            live.notify(f"chat:{visitor.pk}", {"message": received.message.pk})
    return received


def _said_as_nobody(visitor: ChatVisitor, said: Said) -> Received | None:
    """The same message where it arrived before the site vouched for who sent it."""
    keys = [f"{number}:{said.key}" for number in absorbed(visitor)] if visitor.external_id else []
    rows = Message.objects.filter(channel_id=visitor.channel_id, external_key__in=keys).select_related("conversation")
    message = rows.first() if keys else None
    return Received(message, message.conversation, is_repeated=True) if message is not None else None


def checked_text(value: Any) -> str:
    """What is said, within its limit."""
    text = str(value or "").replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > TEXT_LIMIT:
        raise InvalidInput(
            _("At most %(limit)s characters can be sent at once.") % {"limit": TEXT_LIMIT}, column="text"
        )
    return text


def checked_address(value: Any) -> str:
    """A mail address as it may be written to; '' for none, InvalidInput for what is no address."""
    text = str(value or "").strip()
    return identifiers.normalise(ContactKind.EMAIL, text) if text else ""


def tell_of_oneself(visitor: ChatVisitor, *, name: str, email: str) -> None:
    """Note what an unknown visitor says of themselves; of somebody the site vouches for it counts for nothing."""
    changed = {
        key: value
        for key, value in {"name": _one_line(name), "email": checked_address(email)}.items()
        if value and getattr(visitor, key) != value
    }
    if changed and not visitor.external_id:
        ChatVisitor.objects.filter(pk=visitor.pk).update(**changed)
        for key, value in changed.items():
            setattr(visitor, key, value)


def note_typing(visitor: ChatVisitor) -> None:
    """Let colleagues see that the visitor is writing."""
    conversation = open_conversation(visitor)
    if conversation is not None:
        counterpart_is_typing(conversation.pk)
    note_seen(visitor)


def note_read(visitor: ChatVisitor, until: int) -> None:
    """Note that the visitor has seen our answers up to one."""
    rows = ChatMessage.objects.filter(
        visitor__in=[visitor.pk, *absorbed(visitor)], is_unseen=True, message_id__lte=until
    )
    found = list(rows.values_list("message_id", "message__conversation_id"))
    with transaction.atomic():
        # The visitor before messages, as everywhere (`core.holding`).
        ChatVisitor.objects.filter(pk=visitor.pk).update(read_at=clock.now(), seen_at=clock.now())
        for number, _conversation in found:
            mark(number, DeliveryState.READ)
        ChatMessage.objects.filter(message_id__in=[number for number, _conversation in found]).update(is_unseen=False)
        for conversation in {conversation for _number, conversation in found}:
            counterpart_has_read(conversation)


def end_chat(visitor: ChatVisitor) -> None:
    """The visitor ends the chat: the next message begins a new conversation; this one is for colleagues to finish."""
    standing = open_conversation(visitor)
    with transaction.atomic():
        ChatVisitor.objects.filter(pk=visitor.pk).update(conversation=None)
        if standing is None:
            return
        conversation = locked(standing.pk)
        with translation.override(settings.LANGUAGE_CODE):
            text = _("The visitor has ended the chat.")
        with changes.operation(actor=hand(visitor.channel), name="conversations.end_chat") as op:
            happening: Message = op.create(
                Message(
                    conversation=conversation,
                    customer_id=conversation.customer_id,
                    kind=MessageKind.EVENT,
                    direction=Direction.INTERNAL,
                    text=text,
                    new_text=text,
                    details={"event": "chat_ended"},
                    at=next_place(conversation),
                )
            )
            write_figures(conversation, message_count=conversation.message_count + 1, last_message_at=happening.at)
            announce(conversation, happening)


def send_transcript(channel: Channel, visitor: ChatVisitor, address: str) -> None:
    """Send the visitor what was said in the conversation in hand, once an hour at most."""
    conversation = open_conversation(visitor)
    to = visitor.email if visitor.external_id and visitor.email else checked_address(address) or visitor.email
    if not to:
        raise InvalidInput(_("Write the address that it is to be sent to."), column="email")
    # Nobody makes us write to strangers: only of a chat in which a colleague has answered.
    said = ChatMessage.objects.filter(visitor=visitor, message__conversation=conversation)
    if conversation is None or not said.filter(message__direction=Direction.OUT).exists():
        raise Conflict(_("There is no chat to send."))
    if visitor.transcript_at is not None and clock.now() - visitor.transcript_at < TRANSCRIPT_PAUSE:
        raise Conflict(_("It was sent already; in an hour it can be sent again."))
    mailing.send_transcript(channel, visitor, conversation, to)
    ChatVisitor.objects.filter(pk=visitor.pk).update(transcript_at=clock.now())


def absorbed(visitor: ChatVisitor) -> list[int]:
    """The unknown visitors who turned out to be this one."""
    if not visitor.external_id:
        return []  # nobody turns out to be somebody unknown
    return list(ChatVisitor.objects.filter(became=visitor).values_list("pk", flat=True))


def entries(visitor: ChatVisitor, *, after: int = 0, most: int) -> list[ChatMessage]:
    """What was said in the visitor's chat after an entry, the newest so many of it, in order."""
    before = absorbed(visitor)
    if not before:
        return list(reversed(_entries(most).all(visitor.pk, after)))
    rows = _said_to(ChatMessage.objects.filter(visitor__in=[visitor.pk, *before], pk__gt=after), most)
    return list(reversed(rows.select_related("message")))


def _said_to(rows: QuerySet[ChatMessage], most: int) -> QuerySet[ChatMessage]:
    """The newest of these, of what was said."""
    said = rows.filter(message__direction__in=[Direction.IN, Direction.OUT])
    return said.order_by("-message__at", "-message_id")[:most]


@cache
def _entries(most: int) -> CompiledRecords[ChatMessage]:
    """The same of one visitor, written once for each number that is asked for."""

    def build(visitor_id: int, after: int) -> QuerySet[ChatMessage]:
        """Of a visitor, after an entry."""
        return _said_to(ChatMessage.objects.filter(visitor=visitor_id, pk__gt=after), most)

    return CompiledRecords(ChatMessage, build, int, int, related=("message",))


def _contact(visitor: ChatVisitor) -> Contact:
    """Whom we hear: by the address they give, which proves nothing unless the site vouches for it."""
    if visitor.email:
        return Contact(ContactKind.EMAIL, visitor.email, visitor.name, is_verified=bool(visitor.external_id))
    return Contact(VISITOR_KIND, visitor.public_id, visitor.name, is_verified=False)


def _one_line(text: Any) -> str:
    """A name without what cannot be shown."""
    shown = "".join(character for character in str(text or "") if character.isprintable())
    return " ".join(shown.split())[:200]

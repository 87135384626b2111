"""A message of ours as a mail: headers by which it is threaded, its words in two forms, its files."""

import re
from collections.abc import Iterable
from datetime import UTC
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from guanxi.conversations.adapters.email import configuration
from guanxi.conversations.adapters.email.configuration import Configuration
from guanxi.conversations.adapters.email.handing_over import in_ascii
from guanxi.conversations.adapters.email.reading.classes import MARK_HEADER
from guanxi.conversations.adapters.email.reading.tokens import address_with_token
from guanxi.conversations.choices import Direction
from guanxi.conversations.models import Channel, Conversation, Message
from guanxi.core import clock
from guanxi.files.public import StoredFile, files_of, path_of

REFERENCES_AT_MOST = 20


def composed(message: Message) -> EmailMessage:
    """The mail of an outbound message; composed again it has the same Message-ID."""
    channel, conversation = message.channel, message.conversation
    assert channel is not None
    held = Configuration.of(channel)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _named(held.sender_name or channel.name, channel.address)
    mail["To"] = ", ".join(map(in_ascii, message.to))
    if message.cc:
        mail["Cc"] = ", ".join(map(in_ascii, message.cc))
    mail["Subject"] = _line(message.subject)
    mail["Date"] = format_datetime(clock.now().astimezone(UTC))
    mail["Message-ID"] = f"<{message.message_id}>"
    if message.in_reply_to:
        mail["In-Reply-To"] = f"<{message.in_reply_to}>"
    references = references_of(message)
    if references:
        mail["References"] = " ".join(f"<{each}>" for each in references)
    if held.has_plus_addresses:
        mail["Reply-To"] = reply_address(channel, conversation)
    is_automatic = bool(message.details.get("automatic"))
    hops = _hops_before(message) + 1 if is_automatic else 0
    mail[MARK_HEADER] = f"{configuration.own_mark()}; hops={hops}"
    if is_automatic:
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
    _fill(mail, message)
    return mail


def reply_address(channel: Channel, conversation: Conversation) -> str:
    """The address whose token leads back to the conversation."""
    return address_with_token(
        channel.address, key=configuration.token_key(), number=conversation.pk, secret=conversation.secret
    )


def references_of(message: Message) -> list[str]:
    """The mails of the conversation before this one, the first and the last ones."""
    rows = Message.objects.filter(conversation=message.conversation_id, at__lt=message.at).exclude(message_id="")
    known = [key for key in rows.order_by("at", "id").values_list("message_id", flat=True) if "@" in key]
    known = [key for key in dict.fromkeys(known) if key != message.in_reply_to]
    if len(known) > REFERENCES_AT_MOST:
        known = [known[0], *known[1 - REFERENCES_AT_MOST :]]
    return [*known, *([message.in_reply_to] if message.in_reply_to else [])]


def _hops_before(message: Message) -> int:
    """How many automatic answers led to the mail that this one answers."""
    rows = Message.objects.filter(conversation=message.conversation_id, direction=Direction.IN, at__lt=message.at)
    details = rows.order_by("-at", "-id").values_list("details", flat=True).first() or {}
    return int((details.get("mail") or {}).get("hops") or 0)


def _named(name: str, address: str) -> Address | str:
    """A name and an address; a name that no header can hold is left out."""
    local, _at, domain = address.rpartition("@")
    try:
        return Address(display_name=_line(name), username=local, domain=domain)
    except (ValueError, IndexError):
        return address


def _line(text: str) -> str:
    """Text on one line, as headers want it."""
    return re.sub(r"\s+", " ", text).strip()


def _fill(mail: EmailMessage, message: Message) -> None:
    """Words and files."""
    mail.set_content(
        message.text or " ", charset="utf-8", cte="quoted-printable" if len(message.text) < 100_000 else "base64"
    )
    files = files_of("message", message.pk)
    inline = {int(number): cid for cid, number in (message.details.get("inline") or {}).items()}
    if message.html:
        mail.add_alternative(message.html, subtype="html", charset="utf-8")
        page = mail.get_payload()[-1]  # type: ignore[index]
        for file in (each for each in files if each.pk in inline):
            kind, _slash, subtype = _type_of(file).partition("/")
            page.add_related(  # type: ignore[union-attr]
                path_of(file).read_bytes(), maintype=kind, subtype=subtype, cid=f"<{inline[file.pk]}>",
                filename=file.name, disposition="inline",
            )  # fmt: skip
    _attach(mail, (each for each in files if not message.html or each.pk not in inline))


def _attach(mail: EmailMessage, files: Iterable[StoredFile]) -> None:
    """Files beside the words."""
    for file in files:
        kind, _slash, subtype = _type_of(file).partition("/")
        mail.add_attachment(path_of(file).read_bytes(), maintype=kind, subtype=subtype, filename=file.name)


def _type_of(file: StoredFile) -> str:
    """The type that a mail program is told; forwarded mails travel as files."""
    return (
        "application/octet-stream"
        if file.media_type.startswith(("message/", "text/", "multipart/"))
        else file.media_type
    )

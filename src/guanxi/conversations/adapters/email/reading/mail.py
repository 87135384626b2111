"""`read_mail`: a raw mail as facts. Any bytes whatever give an answer; what is left out is said."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import mktime_tz, parsedate_tz

from guanxi.conversations.adapters.email.reading import bodies, markup, quoting, subjects
from guanxi.conversations.adapters.email.reading.addresses import Address, addresses, normalised
from guanxi.conversations.adapters.email.reading.bodies import Attachment
from guanxi.conversations.adapters.email.reading.bounces import Bounce, read_bounce
from guanxi.conversations.adapters.email.reading.charsets import seen
from guanxi.conversations.adapters.email.reading.classes import Facts, mail_class, read_mark
from guanxi.conversations.adapters.email.reading.folding import fold
from guanxi.conversations.adapters.email.reading.mime import Headers, split
from guanxi.conversations.choices import MessageClass

MESSAGE_ID = re.compile(r"<([^<>\s]{1,900})>")
BARE_ID = re.compile(r"[^\s<>,;\"]{1,300}@[^\s<>,;\"]{1,300}")
VIA = re.compile(r"'?(.{1,150}?)'? via \S")
COMMENT = re.compile(r"\(([^()]{1,200})\)\s*$")
REFERENCES_AT_MOST = 100
SUBJECT_AT_MOST = 500
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ReadMail:
    """One mail as it was understood."""

    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    subject: str
    sender: Address
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    # Where the mail was really delivered; an address with a token may stand only here.
    delivered_to: tuple[str, ...]
    date: datetime | None
    mail_class: MessageClass
    text: str
    new_text: str
    quoted_text: str
    is_forward: bool
    # Cleaned; the second is what is folded away below the first.
    html: str
    quoted_html: str
    held_images: int
    attachments: tuple[Attachment, ...]
    bounce: Bounce | None
    mark: str
    hops: int
    size: int
    # Something is only in the raw mail: too many parts, too deep, too long.
    is_cut: bool
    # The same for every delivery of this mail, different for two mails under one Message-ID.
    digest: str

    @property
    def may_be_answered(self) -> bool:
        """Whether a program may answer: only what a person wrote."""
        return self.mail_class is MessageClass.NORMAL

    def answer_address(self, own_addresses: Iterable[str]) -> str:
        """Where an answer goes: Reply-To, else the sender; never to ourselves."""
        ours = set(map(normalised, own_addresses))
        for candidate in (*self.reply_to, self.sender):
            if candidate.address and normalised(candidate.address) not in ours:
                return candidate.address
        return ""

    @property
    def external_key(self) -> str:
        """What tells this mail from every other one in its mailbox."""
        return f"{self.message_id[:180]}#{self.digest[:24]}"


def read_mail(raw: bytes, *, own_addresses: Iterable[str] = (), own_mark: str = "") -> ReadMail:
    """Read a raw mail.

    Parameters
    ----------
    raw
        The bytes as a mailbox gives them; a mail of any size and shape is read in time that grows with its length.
    own_addresses
        The addresses of the company's mailboxes, by which its own mails and loops are told.
    own_mark
        The mark that this installation writes on its mails.
    """
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    parts = split(raw)
    headers = parts.headers
    ours = frozenset(map(normalised, own_addresses))
    sender = _for_whom(headers, _sender(headers), ours)
    subject = seen(headers.text("subject"))[:SUBJECT_AT_MOST].strip()
    body = bodies.read_body(raw, parts)
    facts = Facts(parts, normalised(sender.address), subject, body.text, ours, own_mark, raw)
    kind = mail_class(facts)
    is_answer = subjects.is_answer(subject) or headers.has("in-reply-to") or headers.has("references")
    written, shown, folded = _told_apart(body, subject, is_answer=is_answer)
    mark, hops = read_mark(headers)
    return ReadMail(
        message_id=next(iter(message_ids(headers.text("message-id"))), ""),
        in_reply_to=message_ids(headers.text("in-reply-to"))[:5],
        references=_references(headers),
        subject=subject,
        sender=sender,
        reply_to=_named(headers, "reply-to"),
        to=_named(headers, "to"),
        cc=_named(headers, "cc"),
        delivered_to=_delivered_to(headers),
        date=_date(headers),
        mail_class=kind,
        text=body.text,
        new_text=written.new,
        quoted_text=written.quoted,
        is_forward=written.is_forward,
        html=shown,
        quoted_html=folded,
        held_images=body.held_images,
        attachments=tuple(body.attachments),
        bounce=read_bounce(raw, parts, body.text) if kind is MessageClass.BOUNCE else None,
        mark=mark,
        hops=hops,
        size=len(raw),
        is_cut=body.is_cut,
        digest=_digest(headers, subject, sender, body),
    )


def message_ids(value: str) -> tuple[str, ...]:
    """The ids in a header value, without their brackets."""
    found = MESSAGE_ID.findall(value) or BARE_ID.findall(value)
    return tuple(dict.fromkeys(found))


def _references(headers: Headers) -> tuple[str, ...]:
    """The first reference and the last ones: of an endless list these name the thread."""
    found = message_ids(headers.text("references"))
    return found if len(found) <= REFERENCES_AT_MOST else (found[0], *found[1 - REFERENCES_AT_MOST :])


def _named(headers: Headers, name: str) -> tuple[Address, ...]:
    """The addresses of every field of this name."""
    found = (address for value in headers.all(name)[:20] for address in addresses(value, hint=headers.hint))
    return tuple(address for address in found if address.address)


def _sender(headers: Headers) -> Address:
    """Who wrote the mail, as far as it says so; a name without an address takes that of the next field that has one."""
    told = [address for value in headers.all("from")[:20] for address in addresses(value, hint=headers.hint)]
    name = next((address.name for address in told if address.name), "") or headers.text("from")[:200]
    for field in ("sender", "reply-to", "return-path"):
        told += addresses(headers.raw(field), hint=headers.hint)
    found = next((address for address in told if address.address), None)
    if found is None:
        bare = COMMENT.search(name)
        return Address(name=(bare[1] if bare else name).strip('<> "'), address="")
    if found.name or not told[0].name:
        return found
    return Address(name=told[0].name, address=found.address)


def _for_whom(headers: Headers, sender: Address, ours: frozenset[str]) -> Address:
    """The person for whom an address of ours sent the mail: a group that passes mails on, or a form on our own site.

    A colleague's mail goes to somebody else and names no stranger to answer to.
    """
    if normalised(sender.address) not in ours:
        return sender
    told = _named(headers, "x-original-from") or _named(headers, "reply-to")
    person = next((each for each in told if normalised(each.address) not in ours), None)
    if person is None or any(
        normalised(each.address) not in ours for each in (*_named(headers, "to"), *_named(headers, "cc"))
    ):
        return sender
    name = person.name or (VIA.match(sender.name) or ("", ""))[1]
    return Address(name=name, address=person.address)


def _delivered_to(headers: Headers) -> tuple[str, ...]:
    """The addresses that servers noted on the way."""
    names = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")
    found = (address.address for name in names for address in _named(headers, name))
    return tuple(dict.fromkeys(found))[:20]


def _date(headers: Headers) -> datetime | None:
    """When the mail says that it was written; None when it says nothing sensible."""
    try:
        read = parsedate_tz(headers.text("date")[:200])
        found = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=mktime_tz(read)) if read else None
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return found if found and EARLIEST <= found <= LATEST else None


def _told_apart(body: bodies.Body, subject: str, *, is_answer: bool) -> tuple[quoting.Written, str, str]:
    """What is new and what is quoted, of the text and of the HTML; what is passed on is new."""
    written = quoting.separate(body.text, is_answer=is_answer, is_forward=subjects.is_forward(subject))
    if written.is_forward:
        return written, body.html, ""
    shown, folded = fold(body.html)
    if folded and is_answer and not written.quoted:
        # The text has lost the marks that the HTML has.
        found = quoting.separate(markup.plain_text(shown))
        if found.new:
            written = quoting.Written(new=found.new, quoted=markup.plain_text(folded))
    return written, shown, folded


def _digest(headers: Headers, subject: str, sender: Address, body: bodies.Body) -> str:
    """A digest of what a mail says, without what servers add on the way."""
    digest = hashlib.sha256()
    told = [headers.raw("message-id"), headers.raw("date")]
    if not any(told):
        # The same words said twice are two mails: the first server on the way noted when it took each.
        told = [*told, *headers.all("received")[-1:]]
    for value in (*told, subject.encode(), sender.address.lower().encode()):
        digest.update(value.strip() + b"\n")
    digest.update(body.text.encode("utf-8", errors="replace"))
    for attachment in body.attachments:
        digest.update(hashlib.sha256(attachment.content).digest())
    return digest.hexdigest()

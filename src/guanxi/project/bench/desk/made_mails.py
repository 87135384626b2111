"""Mails as a service mailbox gets them: threads with quoted history, many charsets, HTML, attachments, automatic ones."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from guanxi.demo.seeding.talk_words import FOLLOWING, MATTERS
from guanxi.demo.seeding.vocabulary import FIRST_NAMES, GIVEN, LAST_NAMES, SURNAMES

MAILBOX = "service@bench.invalid"
# Of a hundred mails: answers in a thread, automatic ones, newsletters, mails that come a second time.
ANSWERS, AUTOMATIC, BULK, AGAIN = 35, 4, 5, 1
HTML, ATTACHED = 0.45, 0.12
CHARSETS = ("utf-8", "utf-8", "utf-8", "gb18030", "utf-8", "big5")


@dataclass
class Thread:
    """One thread: who writes, about what, and the ids of its mails so far."""

    number: int
    name: str
    address: str
    subject: str
    ids: list[str] = field(default_factory=list)
    quoted: str = ""


@dataclass
class Expected:
    """What must be there in the end: the thread of each mail by its Message-ID."""

    thread_of: dict[str, int] = field(default_factory=dict)
    again: int = 0


def mails(count: int, expected: Expected) -> Iterator[bytes]:
    """So many mails, the same each time."""
    lot = random.Random(f"mails {count}")
    at = datetime.now(UTC) - timedelta(seconds=40 * count)
    threads: list[Thread] = []
    last = b""
    for number in range(count):
        at += timedelta(seconds=lot.randint(1, 60))
        chance = lot.randrange(100)
        if chance < AGAIN and last:
            expected.again += 1
            yield last
            continue
        if chance < AGAIN + ANSWERS and threads:
            thread = lot.choice(threads[-200:])
        else:
            thread = _begun(lot, len(threads))
            threads.append(thread)
        message_id = f"<m{number}.{thread.number}@mail.example>"
        expected.thread_of[message_id.strip("<>")] = thread.number
        last = _mail(lot, thread, message_id, at, chance)
        yield last


def _begun(lot: random.Random, number: int) -> Thread:
    """A new thread, by somebody of their own."""
    if lot.random() < 0.6:
        name = lot.choice(SURNAMES) + "".join(lot.choices(GIVEN, k=lot.choice((1, 2))))
    else:
        name = f"{lot.choice(FIRST_NAMES)} {lot.choice(LAST_NAMES)}"
    return Thread(number, name, f"person-{number}@mail.example", f"{lot.choice(MATTERS)[0]} ({number})")


def _mail(lot: random.Random, thread: Thread, message_id: str, at: datetime, chance: int) -> bytes:
    """One mail of a thread."""
    matter = lot.choice(MATTERS)
    said = lot.choice(FOLLOWING) if thread.ids else matter[1]
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{thread.name} <{thread.address}>"
    mail["To"] = MAILBOX
    mail["Subject"] = f"Re: {thread.subject}" if thread.ids else thread.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id
    if thread.ids:
        mail["In-Reply-To"] = thread.ids[-1]
        mail["References"] = " ".join(thread.ids[-10:])
    if chance >= 100 - AUTOMATIC:
        mail["Auto-Submitted"] = "auto-replied"
    elif chance >= 100 - AUTOMATIC - BULK:
        mail["List-Unsubscribe"], mail["Precedence"] = "<mailto:off@mail.example>", "bulk"
    text = f"{said}\n\n--\n{thread.name}\n"
    if thread.quoted:
        text += f"\n{format_datetime(at)}, {thread.name}:\n" + "".join(
            f"> {line}\n" for line in thread.quoted.splitlines()
        )
    charset = lot.choice(CHARSETS)
    mail.set_content(text, charset=charset if _fits(text, charset) else "utf-8")
    if lot.random() < HTML:
        mail.add_alternative(
            f"<html><body><p>{said}</p><table><tr><td>{thread.name}</td></tr></table></body></html>", subtype="html"
        )
    if lot.random() < ATTACHED:
        content = b"%PDF-1.4\n" + lot.randbytes(lot.randint(4_000, 60_000))
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=f"订单 {thread.number}.pdf")
    thread.ids.append(message_id)
    thread.quoted = said
    return mail.as_bytes()


def _fits(text: str, charset: str) -> bool:
    """Whether a charset has all that a text needs."""
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True

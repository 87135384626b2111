"""Which conversation a mail belongs to: by the mails it names, by the token in its address, by subject and people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from guanxi.conversations.adapters.email.reading import subjects, tokens
from guanxi.conversations.adapters.email.reading.addresses import normalised
from guanxi.conversations.adapters.email.reading.mail import ReadMail
from guanxi.conversations.choices import MessageClass
from guanxi.conversations.matching import PROVIDERS

# How long a subject holds a conversation together: longer where the mail says that it answers.
ANSWER_SPAN = timedelta(days=90)
SAME_SUBJECT_SPAN = timedelta(days=14)

# What asks for nothing and is never answered may come from any server or mailbox that our mail went through.
UNASKED = {MessageClass.BOUNCE, MessageClass.OWN_REPLY, MessageClass.AUTO_REPLY, MessageClass.OUT_OF_OFFICE}


class By(StrEnum):
    """How a mail found its conversation."""

    REFERENCE = "reference"
    ADDRESS = "address"
    SUBJECT = "subject"
    NOTHING = "nothing"


class Lookups(Protocol):
    """What the decision needs to know of conversations."""

    def of_message_ids(self, message_ids: Sequence[str]) -> Sequence[int]:
        """The conversations that hold these mails, in their order."""
        ...

    def of_answers_to(self, message_ids: Sequence[str]) -> Sequence[int]:
        """The conversations that hold answers to these mails."""
        ...

    def people_in(self, number: int) -> frozenset[str]:
        """Who took part in a conversation so far: every address that it came from or went to."""
        ...

    def is_quoted(self, number: int, text: str) -> bool:
        """Whether a text repeats something that was said in a conversation."""
        ...

    def secret_of(self, number: int) -> str | None:
        """The secret of a conversation; None when there is no such."""
        ...

    def of_subject(self, key: str, people: Sequence[str], span: timedelta, when: datetime | None) -> int | None:
        """The newest conversation with one of these people under this subject in which something was said within the span."""
        ...


@dataclass(frozen=True)
class Place:
    """Where a mail belongs; `refused` is an address whose token was not ours for that conversation.

    `strange` is a conversation whose mails it names though its sender never took part in it and quotes nothing of it.
    """

    conversation_id: int | None
    by: By
    refused: str = ""
    strange: int | None = None


def place_of(
    mail: ReadMail, *, own_addresses: frozenset[str], key: bytes, lookups: Lookups, is_ours: bool = False
) -> Place:
    """Decide where a mail belongs; `is_ours` for one that the company sent."""
    strange: int | None = None
    for number in lookups.of_message_ids(named_mails(mail)):
        if is_ours or _may_join(mail, number, own_addresses, lookups, may_quote=True):
            return Place(number, By.REFERENCE)
        strange = strange or number
    found, refused = _by_token(mail, key, lookups)
    if found is not None:
        return Place(found, By.ADDRESS)
    # Mails do not come in the order of writing: what names this one, or answers the same one, may be there already.
    others = (*((mail.message_id,) if mail.message_id else ()), *mail.in_reply_to)
    for number in lookups.of_answers_to(others) if others else ():
        if is_ours or _may_join(mail, number, own_addresses, lookups, may_quote=False):
            return Place(number, By.REFERENCE)
    found = _by_subject(mail, own_addresses, lookups, is_ours=is_ours)
    return Place(found, By.SUBJECT if found is not None else By.NOTHING, refused, strange)


def _may_join(mail: ReadMail, number: int, own_addresses: frozenset[str], lookups: Lookups, *, may_quote: bool) -> bool:
    """Whether a mail that names a conversation's mails comes from somebody who can know them.

    Anybody can write any Message-ID. Whoever took part may; so may a colleague of theirs, and whoever shows by quoting
    it that they were given the conversation to read.
    """
    if mail.mail_class in UNASKED:
        return True
    people = lookups.people_in(number)
    senders = {tokens.without_token(normalised(each.address)) for each in (mail.sender, *mail.reply_to) if each.address}
    if senders & people:
        return True
    domains = {address.rpartition("@")[2] for address in people | own_addresses} - PROVIDERS
    if mail.sender.address and normalised(mail.sender.address).rpartition("@")[2] in domains:
        return True
    return may_quote and lookups.is_quoted(number, mail.text if mail.is_forward else mail.quoted_text)


def named_mails(mail: ReadMail) -> tuple[str, ...]:
    """The Message-IDs that a mail names, the nearest first."""
    returned = (mail.bounce.original_message_id,) if mail.bounce and mail.bounce.original_message_id else ()
    return tuple(dict.fromkeys((*returned, *mail.in_reply_to, *reversed(mail.references))))


def _by_token(mail: ReadMail, key: bytes, lookups: Lookups) -> tuple[int | None, str]:
    """The conversation of a genuine token, and an address whose token is not."""
    refused = ""
    received = (*(each.address for each in (*mail.to, *mail.cc)), *mail.delivered_to)
    for address in dict.fromkeys(received):
        token = tokens.token_in(address)
        if token is None:
            refused = refused or (address if tokens.is_meant(address) else "")
            continue
        secret = lookups.secret_of(token.number)
        if secret is not None and tokens.is_genuine(token, key=key, secret=secret):
            return token.number, ""
        refused = refused or address
    return None, refused


def _by_subject(mail: ReadMail, own_addresses: frozenset[str], lookups: Lookups, *, is_ours: bool) -> int | None:
    """A conversation under the same subject with the same person, not too long ago."""
    subject = subjects.subject_key(mail.subject)
    is_answer = subjects.is_answer(mail.subject)
    if mail.mail_class in {MessageClass.BULK, MessageClass.BOUNCE, MessageClass.LOOP} or not subject:
        return None
    if not is_answer and subjects.is_generic(subject):
        return None
    people = people_of(mail, own_addresses, is_ours=is_ours)
    if not is_answer and not is_ours and set(people) - {normalised(mail.sender.address)}:
        # A form sends the requests of many people under one subject; each names its own in Reply-To.
        return None
    span = ANSWER_SPAN if is_answer else SAME_SUBJECT_SPAN
    return lookups.of_subject(subject, people, span, mail.date) if people else None


def people_of(mail: ReadMail, own_addresses: frozenset[str], *, is_ours: bool) -> list[str]:
    """The other side: who wrote to us, or to whom we wrote."""
    named = (*mail.to, *mail.cc) if is_ours else (mail.sender, *mail.reply_to)
    addresses = (tokens.without_token(normalised(each.address)) for each in named if each.address)
    return [address for address in dict.fromkeys(addresses) if address not in own_addresses][:20]

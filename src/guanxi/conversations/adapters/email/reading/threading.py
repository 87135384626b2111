"""Which conversation a mail belongs to: by the mails it names, by the token in its address, by subject and people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from guanxi.conversations.adapters.email.reading import subjects, tokens
from guanxi.conversations.adapters.email.reading.addresses import normalised
from guanxi.conversations.adapters.email.reading.mail import ReadMail
from guanxi.conversations.choices import MessageClass

# How long a subject holds a conversation together: longer where the mail says that it answers.
ANSWER_SPAN = timedelta(days=90)
SAME_SUBJECT_SPAN = timedelta(days=14)


class By(StrEnum):
    """How a mail found its conversation."""

    REFERENCE = "reference"
    ADDRESS = "address"
    SUBJECT = "subject"
    NOTHING = "nothing"


class Lookups(Protocol):
    """What the decision needs to know of conversations."""

    def of_message_ids(self, message_ids: Sequence[str]) -> int | None:
        """The conversation that holds the first of these mails that is known."""
        ...

    def secret_of(self, number: int) -> str | None:
        """The secret of a conversation; None when there is no such."""
        ...

    def of_subject(self, key: str, people: Sequence[str], span: timedelta) -> int | None:
        """The newest conversation with one of these people under this subject that was alive within the span."""
        ...


@dataclass(frozen=True)
class Place:
    """Where a mail belongs; `refused` is an address whose token was not ours for that conversation."""

    conversation_id: int | None
    by: By
    refused: str = ""


def place_of(
    mail: ReadMail, *, own_addresses: frozenset[str], key: bytes, lookups: Lookups, is_ours: bool = False
) -> Place:
    """Decide where a mail belongs; `is_ours` for one that the company sent."""
    if (found := lookups.of_message_ids(named_mails(mail))) is not None:
        return Place(found, By.REFERENCE)
    number, refused = _by_token(mail, key, lookups)
    if number is not None:
        return Place(number, By.ADDRESS)
    found = _by_subject(mail, own_addresses, lookups, is_ours=is_ours)
    return Place(found, By.SUBJECT if found is not None else By.NOTHING, refused)


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
    return lookups.of_subject(subject, people, ANSWER_SPAN if is_answer else SAME_SUBJECT_SPAN) if people else None


def people_of(mail: ReadMail, own_addresses: frozenset[str], *, is_ours: bool) -> list[str]:
    """The other side: who wrote to us, or to whom we wrote."""
    named = (*mail.to, *mail.cc) if is_ours else (mail.sender, *mail.reply_to)
    addresses = (tokens.without_token(normalised(each.address)) for each in named if each.address)
    return [address for address in dict.fromkeys(addresses) if address not in own_addresses][:20]

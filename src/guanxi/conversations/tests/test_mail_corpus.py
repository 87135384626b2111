"""Every mail of the corpus is read as what it is, and finds the mails that it belongs to."""

import functools
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from guanxi.conversations.adapters.email.reading import subjects, tokens
from guanxi.conversations.adapters.email.reading.mail import ReadMail, read_mail
from guanxi.conversations.adapters.email.reading.quoting import repeats
from guanxi.conversations.adapters.email.reading.threading import By, Place, people_of, place_of
from guanxi.conversations.tests.mail_corpus import OURS, Sample, every

KEY = b"a key of this test"
OWN = frozenset({OURS})
SAMPLES = every()


@functools.cache
def read(name: str) -> ReadMail:
    """One sample, read."""
    sample = next(sample for sample in SAMPLES if sample.name == name)
    return read_mail(sample.raw, own_addresses=OWN, own_mark="here")


class Memory:
    """Conversations in memory."""

    def __init__(self) -> None:
        """None yet."""
        self.known: dict[str, int] = {}
        self.under: dict[tuple[str, str], int] = {}
        self.secrets: dict[int, str] = {}
        self.answered: dict[str, int] = {}
        self.people: dict[int, set[str]] = {}
        self.said: dict[int, list[str]] = {}

    def of_message_ids(self, message_ids: Sequence[str]) -> list[int]:
        """By the mails in it."""
        return [self.known[each] for each in message_ids if each in self.known]

    def of_answers_to(self, message_ids: Sequence[str]) -> list[int]:
        """By what answers them."""
        return [self.answered[each] for each in message_ids if each in self.answered]

    def people_in(self, number: int) -> frozenset[str]:
        """Everybody so far."""
        return frozenset(self.people.get(number, ()))

    def is_quoted(self, number: int, text: str) -> bool:
        """By what was said."""
        return repeats(text, self.said.get(number, ()))

    def secret_of(self, number: int) -> str | None:
        """Its secret."""
        return self.secrets.get(number)

    def of_subject(self, key: str, people: Sequence[str], _span: timedelta, _when: datetime | None) -> int | None:
        """By subject and person."""
        return next((self.under[key, each] for each in people if (key, each) in self.under), None)

    def take(self, mail: ReadMail, *, is_ours: bool = False) -> tuple[int, Place]:
        """Bring a mail to its conversation, a new one where it belongs to none."""
        place = place_of(mail, own_addresses=OWN, key=KEY, lookups=self, is_ours=is_ours)
        number = place.conversation_id or len(self.secrets) + 1
        self.secrets.setdefault(number, f"secret {number}")
        self.known.setdefault(mail.message_id, number)
        self.answered |= dict.fromkeys(mail.in_reply_to, number)
        self.people.setdefault(number, set()).update(each.address for each in (mail.sender, *mail.to, *mail.cc))
        self.said.setdefault(number, []).append(mail.new_text)
        for person in people_of(mail, OWN, is_ours=is_ours):
            self.under[subjects.subject_key(mail.subject), person] = number
        return number, place


def test_the_corpus_is_large_and_each_sample_has_its_name() -> None:
    """At least a hundred and fifty."""
    assert len(SAMPLES) >= 150
    assert len({sample.name for sample in SAMPLES}) == len(SAMPLES)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_each_is_read_as_what_it_is(sample: Sample) -> None:
    """Class, words, sender, files."""
    mail = read(sample.name)
    assert str(mail.mail_class) == sample.kind
    if sample.new_text is not None:
        assert mail.new_text == sample.new_text
    if sample.not_in_new:
        assert sample.not_in_new not in mail.new_text
        assert sample.not_in_new in mail.quoted_text
    if sample.subject is not None:
        assert mail.subject == sample.subject
    if sample.from_name is not None:
        assert mail.sender.name == sample.from_name
    if sample.from_address is not None:
        assert mail.sender.address == sample.from_address
    if sample.attachments is not None:
        assert [(each.name, each.size, each.media_type) for each in mail.attachments] == list(sample.attachments)
    if sample.not_in_new and mail.html:
        assert sample.not_in_new not in mail.html
        assert mail.quoted_html


def test_mails_of_one_thread_come_together_and_no_others() -> None:
    """By reference, and by subject where the references are lost."""
    memory, placed = Memory(), {}
    for sample in SAMPLES:
        placed[sample.name] = memory.take(read(sample.name), is_ours=sample.is_ours)[0]
    by_thread: dict[str, set[int]] = {}
    for sample in SAMPLES:
        if sample.thread:
            by_thread.setdefault(sample.thread, set()).add(placed[sample.name])
    assert {label: len(numbers) for label, numbers in by_thread.items()} == dict.fromkeys(by_thread, 1)
    assert len(set().union(*by_thread.values())) == len(by_thread)


@pytest.mark.parametrize("sample", [each for each in SAMPLES if each.kind == "bounce"], ids=lambda sample: sample.name)
def test_a_returned_mail_says_whom_it_did_not_reach_and_why(sample: Sample) -> None:
    """Recipient, status, and the mail it answers where it names it."""
    bounce = read(sample.name).bounce
    assert bounce is not None
    assert bounce.recipient.startswith("gone@")
    assert bounce.is_final == (sample.name != "dsn-delayed")
    if sample.thread:
        assert bounce.original_message_id == "ours0.b2@example.com"
        assert bounce.status[:2] in {"5.", "4."}


def test_nothing_but_a_persons_mail_is_answered() -> None:
    """And never to ourselves."""
    assert {mail.mail_class for mail in map(read, (s.name for s in SAMPLES)) if mail.may_be_answered} == {"normal"}
    assert read("reply-to-us").answer_address(OWN) == "kim@example.net"
    assert read("own-upper").answer_address(OWN) == ""


def test_two_mails_under_one_id_are_two_and_one_delivered_twice_is_one() -> None:
    """What servers add on the way makes no difference."""
    first, second = read("twin-one"), read("twin-two")
    assert first.message_id == second.message_id
    assert first.external_key != second.external_key
    raw = next(sample.raw for sample in SAMPLES if sample.name == "twin-one")
    again = read_mail(b"Received: from a by b; Mon, 6 May 2024\r\nDelivered-To: x@example.com\r\n" + raw)
    assert again.external_key == first.external_key


def addressed(address: str, sender: str = "kim@example.net") -> ReadMail:
    """A mail to an address."""
    return read_mail(
        f"From: {sender}\r\nTo: {address}\r\nSubject: Anything\r\nMessage-ID: <n@x>\r\n\r\nHello\r\n".encode()
    )


def test_a_token_leads_to_its_conversation_and_a_forged_one_to_none() -> None:
    """Also in small letters and where it stands in the envelope alone; never for another conversation."""
    memory = Memory()
    memory.secrets = {7: "one", 8: "two"}
    genuine = tokens.address_with_token(OURS, key=KEY, number=7, secret="one")
    for address in (genuine, genuine.upper(), f'"Support, us" <{genuine}>'):
        assert memory.take(addressed(address))[1] == Place(7, By.ADDRESS)
    envelope = read_mail(f"Delivered-To: {genuine}\r\nFrom: kim@example.net\r\nTo: {OURS}\r\n\r\nHello\r\n".encode())
    assert place_of(envelope, own_addresses=OWN, key=KEY, lookups=memory).conversation_id == 7
    for forged in (genuine.replace("+c7.", "+c8."), genuine.replace("@", "a@"), genuine.replace("+c7.", "+c99.")):
        strange = Memory()
        strange.secrets = memory.secrets
        place = place_of(addressed(forged), own_addresses=OWN, key=KEY, lookups=strange)
        assert place == Place(None, By.NOTHING, forged)
    assert tokens.without_token(genuine) == OURS


@pytest.mark.parametrize(
    ("subject", "key", "is_answer"),
    [
        ("Re: AW: Fwd: Order", "order", True),
        ("RE[2]: Order", "order", True),
        ("回复：答复: 转发: 订单", "订单", True),
        ("[EXTERNAL] Re: Order", "order", True),
        ("转发：订单", "订单", False),
        ("Report: third", "report: third", False),
        ("  Ｏｒｄｅｒ   one ", "order one", False),
        ("Re: " * 200, "re: " * 85 + "re:", True),
    ],
)
def test_subjects_are_compared_without_marks(subject: str, key: str, *, is_answer: bool) -> None:
    """Whatever the language, and however often."""
    assert subjects.is_answer(subject) == is_answer
    if len(subject) < 200:
        assert subjects.subject_key(subject) == key

"""Hostile and unlucky mails on their whole way in: what cannot be taken in as it is stops no other, and nothing is lost."""

import argparse
import base64
import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from guanxi.conversations.adapters.email import import_command
from guanxi.conversations.adapters.email.archives import BEGINNING_BYTES, MAIL_BYTES_AT_MOST
from guanxi.conversations.adapters.email.reading.mail import read_mail
from guanxi.conversations.adapters.email.services import surely, taking_in
from guanxi.conversations.adapters.email.services.mailboxes import mailbox_for
from guanxi.conversations.adapters.email.services.taking_in import Mailbox, take_in
from guanxi.conversations.matching import Contact
from guanxi.conversations.models import Conversation, Message
from guanxi.conversations.services.intake import Inbound, receive
from guanxi.conversations.tests.mail_corpus import OURS
from guanxi.conversations.tests.mail_corpus.sample import file_part, mail, multipart, text_part
from guanxi.core.actor import system_actor
from guanxi.core.errors import Unavailable
from guanxi.customers.models import Customer
from guanxi.files.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep files of these tests apart; wait for nothing."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    monkeypatch.setattr(surely.time, "sleep", lambda _seconds: None)


@pytest.fixture
def box(db: None) -> Mailbox:
    """A mailbox."""
    return mailbox_for(actor=system_actor(), address=OURS)


def coded(name: str) -> str:
    """A name as mails write it."""
    return f"=?utf-8?B?{base64.b64encode(name.encode()).decode()}?="


def letter(number: int, **given: Any) -> bytes:
    """A plain mail."""
    given = {"sender": "Kim Lee <kim@example.net>", "subject": f"No. {number}", "message_id": f"{number}@x", **given}
    return mail(text_part(f"Hello {number}"), **given)


def imported(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[list[dict[str, Any]], str]:
    """What `guanxi import mail` answers and says."""
    status = import_command.run(argparse.Namespace(files=[folder], mailbox=OURS, outgoing=False, json=True))
    told = capsys.readouterr()
    assert status == 0
    return json.loads(told.out), told.err


@pytest.mark.parametrize(
    "sender",
    [
        f"{coded(chr(0x200B) * 2 + chr(0x3164))} <unseen@example.net>",
        f"{coded(chr(0xFB2C) * 200)} <grows@example.net>",
        "L <" + "a" * 100 + "@" + "b" * 60 + "." + "c" * 60 + "." + "d" * 60 + "." + "e" * 60 + ".com>",
        *(f"Odd <{one}>" for one in ("kim@-", "a@b", "a..b@c.d", "|rm@x.y", "a@exa_mple.net", "a@.example.net")),
        "x@" + "y" * 250,
        '"\x01\x1b[31m" <control@example.net>',
    ],
)
def test_senders_that_are_no_address_of_a_customer_are_heard(box: Mailbox, sender: str) -> None:
    """Whatever stands in From: the mail is there, waits for an answer, and the next one of the same sender comes too."""
    first = take_in(box, letter(1, sender=sender)).received
    assert first.conversation.waiting_since is not None
    assert take_in(box, letter(2, sender=sender)).received.message.pk != first.message.pk
    assert Customer.objects.count() <= 1


def test_names_and_subjects_show_what_is_seen(box: Mailbox) -> None:
    """Letters that turn the writing round or are not seen deceive nobody: not in a name, a subject or the name of a file."""
    sender = f"{coded('Bank' + chr(0x202E) + 'moc' + chr(0x200B))} <x@example.net>"
    name = "; filename*=utf-8''%E2%80%AEgpj.exe"
    body = multipart("mixed", text_part("x"), file_part(b"MZ", named=name))
    raw = mail(body, sender=sender, subject=coded(f"Pay{chr(0x2066)} now{chr(0xE0041)}"))
    taken = take_in(box, raw)
    assert taken.mail is not None
    conversation = taken.received.conversation
    assert (conversation.contact_name, conversation.subject) == ("Bankmoc", "Pay now")
    assert (Customer.objects.get().name, taken.mail.sender.name) == ("Bankmoc", "Bankmoc")
    assert StoredFile.objects.get().name == "gpj.exe"
    told = receive(Inbound(box.channel, Contact("visitor", "v1", f"Kim{chr(0x202E)}x"), "By another channel")).message
    assert told.author_name == "Kimx"


def test_a_telephone_number_that_is_none_is_heard_too(box: Mailbox) -> None:
    """Short codes and words stand as senders of text messages."""
    for value in ("10086", "BANK", "+86 1"):
        first = receive(Inbound(box.channel, Contact("phone", value), "Your bill"))
        assert (first.conversation.contact_value, first.conversation.customer_id) == (value.lower(), None)


def test_mails_without_id_and_date_are_told_apart_by_the_first_server(box: Mailbox) -> None:
    """The same words on two days are two mails; one that is read again is one."""
    one, two = (
        f"Received: from c by b; {day}\r\nReceived: from a by c; {day}\r\nFrom: k@example.net\r\n\r\nping\r\n".encode()
        for day in ("Mon, 2 Nov 2026 10:00:00 +0000", "Tue, 3 Nov 2026 10:00:00 +0000")
    )
    assert take_in(box, one).received.message.pk != take_in(box, two).received.message.pk
    assert take_in(box, b"Received: from b by d; today\r\n" + one).received.is_repeated


def test_what_cannot_be_read_stops_no_other(
    box: Mailbox, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence for each file that gives no mail; one that our program fails on is kept, and all others come in."""
    folder = tmp_path / "mails"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.eml").write_bytes(letter(number))
    (folder / "2b.eml").write_bytes(b"")
    (folder / "2c.eml").symlink_to(folder / "2c.eml")
    real = taking_in.read_mail

    def read(raw: bytes, **given: Any) -> Any:
        """Fail on one of them."""
        if b"No. 1\r\n" in raw:
            raise RuntimeError("a fault of ours")
        return real(raw, **given)

    monkeypatch.setattr(taking_in, "read_mail", read)
    answers, told = imported(folder, capsys)
    assert [one["subject"] for one in answers] == ["No. 0", "A mail that could not be read", "No. 2", "No. 3"]
    assert answers[1]["attachments"] == [{"name": "message.eml", "bytes": len(letter(1)), "type": "message/rfc822"}]
    # What a log of the run says on the same stream is none of these sentences.
    assert [line.split("mails/")[1] for line in told.splitlines() if "mails/" in line] == [
        "1.eml: The mail could not be read; it is kept as a file.",
        "2b.eml: The file is empty.",
    ]
    assert imported(folder, capsys)[0] == answers
    assert Message.objects.count() == 4


def test_a_mail_beyond_all_limits_is_taken_in_as_far_as_it_goes(
    box: Mailbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its beginning, kept raw as well, and a sentence that says so; its rest is never in memory."""
    path = tmp_path / "huge.eml"
    path.write_bytes(letter(1))
    os.truncate(path, MAIL_BYTES_AT_MOST + 1)
    (answer,), told = imported(path, capsys)
    assert answer["new_text"] == "Hello 1"
    assert told.endswith("huge.eml: The mail is too large; only its beginning is taken in.\n")
    message = Message.objects.get()
    assert message.details["mail"]["is_cut"]
    assert message.raw_file is not None
    assert message.raw_file.size == BEGINNING_BYTES


def test_a_full_disk_stops_with_a_sentence_and_loses_nothing(
    box: Mailbox, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came before stays; nothing stands half; once there is room the rest comes in, read and not kept as a file."""
    for number in range(3):
        files = [file_part(f"file {number}".encode() * 50, named="; filename=a.txt")]
        raw = mail(multipart("mixed", text_part("x"), *files), sender="kim@example.net", message_id=f"{number}@x")
        (tmp_path / f"{number}.eml").write_bytes(raw)
    real = os.fsync

    def full(descriptor: int) -> None:
        """No room from the second file on."""
        if StoredFile.objects.exists():
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    files = [tmp_path / f"{number}.eml" for number in range(3)]
    args = argparse.Namespace(files=files, mailbox=OURS, outgoing=False, json=True)
    with monkeypatch.context() as patch, pytest.raises(Unavailable, match="The disk is full"):
        patch.setattr("guanxi.files.services.os.fsync", full)
        import_command.run(args)
    assert (Message.objects.count(), StoredFile.objects.count()) == (1, 1)
    capsys.readouterr()
    import_command.run(args)
    assert [one["subject"] for one in json.loads(capsys.readouterr().out)] == [""] * 3
    assert (Message.objects.count(), StoredFile.objects.count()) == (3, 3)
    assert Conversation.objects.filter(subject__startswith="A mail that").count() == 0


def test_pictures_without_number_inside_a_page_are_counted(box: Mailbox) -> None:
    """Three hundred become files, the others lie in the mail as it came."""
    pictures = "".join(
        f"<img src='data:image/png;base64,{base64.b64encode(bytes([n % 256, n // 256] * 9)).decode()}'>"
        for n in range(900)
    )
    found = read_mail(mail(text_part(pictures, "html"), sender="kim@example.net"))
    assert (len(found.attachments), found.is_cut) == (300, True)

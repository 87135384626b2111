"""Real mail servers: Dovecot's mailboxes are read, Postfix sends and returns, and nothing is lost or doubled on the way."""

import errno
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import InterfaceError
from django.test import Client

from guanxi.conversations.adapters.email import oauth, servers, trying, watching
from guanxi.conversations.adapters.email.models import MailFolder
from guanxi.conversations.adapters.email.reading.mail import read_mail
from guanxi.conversations.adapters.email.services import taking_in
from guanxi.conversations.adapters.email.services.taking_in import Mailbox
from guanxi.conversations.choices import DeliveryState, MessageClass
from guanxi.conversations.models import Channel, Conversation, Message
from guanxi.conversations.public import Outgoing, send_message
from guanxi.conversations.services import delivering
from guanxi.conversations.services.channels import create_channel, secrets_of, update_channel
from guanxi.conversations.tests.mail_corpus.sample import file_part, mail, multipart, text_part
from guanxi.core.actor import system_actor
from guanxi.core.models import Role, User
from tests.mail_servers import PASSWORD, PEOPLE, MailServers
from tests.token_provider import providing

pytestmark = [pytest.mark.full, pytest.mark.django_db(transaction=True)]
US, KIM = "support@example.com", "kim@example.net"


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    """Keep files of these tests apart."""
    settings.DATA_DIR = tmp_path


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses of a test, not of a day."""
    monkeypatch.setattr(watching, "FIRST_PAUSE_SECONDS", 0.2)
    monkeypatch.setattr(watching, "LOOKED_EVERY_SECONDS", 0.3)
    monkeypatch.setattr(watching, "LONGEST_PAUSE_SECONDS", 1.0)


@pytest.fixture
def box(mail_servers: MailServers, transactional_db: None) -> Channel:
    """A mailbox on the real servers, empty."""
    for address in PEOPLE:
        mail_servers.empty(address)
    return create_channel(
        actor=system_actor(),
        kind="email",
        name="Support",
        address=US,
        settings=mail_servers.settings(),
        secrets={"imap_password": PASSWORD},
    )


@contextmanager
def watched() -> Iterator[None]:
    """The service that reads mailboxes, at work."""
    stop = threading.Event()
    thread = threading.Thread(target=watching.run, args=(stop,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=15)


def when(check: Callable[[], Any], seconds: float = 20) -> Any:
    """What the check gives, once it gives something."""
    until = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)
    return found


def letter(number: int, text: str = "Hello", **given: Any) -> bytes:
    """A mail of Kim's."""
    given = {
        "sender": f"Kim Lee <{KIM}>",
        "to": US,
        "subject": f"Question {number}",
        "message_id": f"k{number}@example.net",
        **given,
    }
    return mail(text_part(f"{text} {number}"), **given)


def read_once(channel: Channel) -> int:
    """Catch up with the mailbox once."""
    with servers.mailbox(channel) as client:
        folder = watching.select(client, channel, "INBOX")
        return watching.catch_up(client, Mailbox.of(channel), folder)


def test_a_person_writes_is_answered_and_writes_again(box: Channel, mail_servers: MailServers) -> None:
    """In by IDLE within moments, out by SMTP into their mailbox, and their reply finds its conversation."""
    assert all(result.is_fine for result in trying.tried(box))
    with watched():
        when(lambda: MailFolder.objects.filter(channel=box).exists())
        time.sleep(1.5)  # now it listens
        begun = time.monotonic()
        mail_servers.deliver(letter(1), sender=KIM, to=US)
        heard = when(lambda: Message.objects.filter(message_id="k1@example.net").first())
        assert time.monotonic() - begun < 10
        message = send_message(
            actor=system_actor(),
            conversation_id=heard.conversation_id,
            outgoing=Outgoing(text="您好，已经发出。"),
            hold_seconds=0,
        )
        delivering.deliver(message.pk)
        (arrived,) = mail_servers.mails_of(KIM)
        answer = read_mail(arrived)
        assert answer.text == "您好，已经发出。"
        assert answer.references == ("k1@example.net",)
        reply = letter(2, subject="nothing in common", to=answer.reply_to[0].address)
        mail_servers.deliver(reply, sender=KIM, to=answer.reply_to[0].address)
        again = when(lambda: Message.objects.filter(message_id="k2@example.net").first())
        assert again.conversation_id == heard.conversation_id
        back = send_message(
            actor=system_actor(),
            conversation_id=heard.conversation_id,
            outgoing=Outgoing(text="To nobody", to=["gone@example.net"]),
            hold_seconds=0,
        )
        delivering.deliver(back.pk)
        failed = when(lambda: Message.objects.filter(pk=back.pk, delivery=DeliveryState.FAILED).first())
        assert (failed.error, "gone@example.net 5.1.1" in failed.error_detail) == ("bounced", True)
        report = Message.objects.get(message_class=MessageClass.BOUNCE)
        assert report.conversation_id == heard.conversation_id
        assert Conversation.objects.count() == 1
    box.refresh_from_db()
    assert box.health.worked_at is not None
    assert box.health.error == ""


def test_the_server_gone_for_a_while(box: Channel, mail_servers: MailServers, client: Client) -> None:
    """It is said on the channel's page and at the desk; mails wait at the server, and all come in when it is back."""
    owner = User.objects.create_user("boss", password="x", role=Role.objects.get(key="owner"))
    client.force_login(owner)
    pages = [f"/settings/channels/mailbox/{box.public_id}", "/settings/channels", "/desk/"]
    words = [mark + str(servers.WORDS[code]) for code in ("unreachable", "broken") for mark in (">", ": ")]

    def is_said(page: str) -> bool:
        """Whether a page says that the server is gone."""
        text = client.get(page).content.decode()
        return any(each in text for each in words)

    with watched():
        when(lambda: MailFolder.objects.filter(channel=box).exists())
        mail_servers.stop_dovecot()
        try:
            mail_servers.lay(US, [letter(number) for number in range(5)])
            assert all(when(lambda page=page: is_said(page)) for page in pages)
            assert "Nothing is lost" in client.get("/desk/").content.decode()
        finally:
            mail_servers.start_dovecot()
        when(lambda: Message.objects.count() == 5)
        assert all(when(lambda page=page: not is_said(page)) for page in pages)


def test_a_large_mailbox_goes_on_where_it_stopped(box: Channel, mail_servers: MailServers) -> None:
    """In batches; stopped in the midst, it reads the rest and nothing twice."""
    mail_servers.put(US, [letter(number) for number in range(130)])
    stop = threading.Event()
    real = watching.take_in_surely
    taken = 0

    def take(*args: Any, **given: Any) -> None:
        """Stop after seventy."""
        nonlocal taken
        real(*args, **given)
        taken += 1
        if taken == 70:
            stop.set()

    with servers.mailbox(box) as client, pytest.MonkeyPatch.context() as patch:
        patch.setattr(watching, "take_in_surely", take)
        folder = watching.select(client, box, "INBOX")
        watching.catch_up(client, Mailbox.of(box), folder, stop=stop)
    assert Message.objects.count() == 70
    assert MailFolder.objects.get().left_count == 80
    assert read_once(box) == 60
    assert Message.objects.count() == 130
    assert MailFolder.objects.get().left_count == 0
    assert read_once(box) == 0


def test_a_server_that_counts_anew_doubles_nothing(box: Channel, mail_servers: MailServers) -> None:
    """Another validity: everything is read again, and what is known stays one."""
    mails = [letter(number) for number in range(8)]
    mail_servers.put(US, mails)
    read_once(box)
    validity = MailFolder.objects.get().uid_validity
    mail_servers.empty(US)
    time.sleep(1.1)  # validities count seconds
    mail_servers.put(US, [*mails, letter(8)])
    assert read_once(box) == 9
    assert MailFolder.objects.get().uid_validity != validity
    assert Message.objects.count() == 9


def test_several_folders_and_only_what_is_new(box: Channel, mail_servers: MailServers) -> None:
    """Each folder by itself; what lies there already stays out where that is wanted; a folder that is missing is said."""
    client = mail_servers.mailbox(US)
    client.create("Orders")
    client.logout()
    mail_servers.put(US, [letter(1)])
    time.sleep(1.1)  # moments of mails count seconds
    update_channel(
        actor=system_actor(), channel_id=box.pk, settings={"folders": ["INBOX", "Orders", "Nowhere"], "existing": "new"}
    )
    with watched():
        mail_servers.put(US, [letter(4)])  # after the mailbox was set up, perhaps before it is first read
        when(lambda: MailFolder.objects.filter(uid_validity__gt=0).count() == 2)
        when(lambda: Channel.objects.filter(pk=box.pk, health__error="no_folder").exists())
        mail_servers.put(US, [letter(2)])
        mail_servers.put(US, [letter(3)], folder="Orders")
        when(lambda: Message.objects.count() == 3)
    assert set(Message.objects.values_list("message_id", flat=True)) == {f"k{n}@example.net" for n in (2, 3, 4)}


def test_wrong_passwords_and_hosts_are_said_in_words(box: Channel) -> None:
    """Each in its own."""
    update_channel(actor=system_actor(), channel_id=box.pk, secrets={"imap_password": "wrong"})
    incoming, outgoing = trying.tried(Channel.objects.get(pk=box.pk))
    assert str(incoming.words) == str(outgoing.words) == "The server refused the user name or the password."
    update_channel(
        actor=system_actor(), channel_id=box.pk, settings={"imap_security": "tls", "smtp_security": "starttls"}
    )
    incoming, outgoing = trying.tried(Channel.objects.get(pk=box.pk))
    assert str(incoming.words) == str(outgoing.words) == str(servers.WORDS["security"])


def test_signing_in_by_tokens_that_the_provider_replaces(box: Channel, mail_servers: MailServers) -> None:
    """Both servers by OAuth 2; each refresh token is good once, and the one that comes with a token is kept."""
    with providing(mail_servers.token_port, US) as provider:
        update_channel(
            actor=system_actor(),
            channel_id=box.pk,
            settings={"sign_in": "oauth2", "token_url": provider.token_url, "client_id": "guanxi"},
            secrets={"imap_password": None, oauth.REFRESH_TOKEN: provider.refresh},
        )
        channel = Channel.objects.get(pk=box.pk)
        wanted = watching._wanted()
        for asked in (1, 2):
            assert [(each.is_fine, each.detail) for each in trying.tried(channel)][1] == (True, "")
            mail_servers.put(US, [letter(asked)])
            read_once(channel)
            assert provider.given == asked
            # As in another process, or an hour later.
            oauth._tokens.clear()
        assert Message.objects.count() == 2
        assert secrets_of(Channel.objects.get(pk=box.pk))[oauth.REFRESH_TOKEN] == provider.refresh
        assert watching._wanted() == wanted, "a token that was replaced begins no folder anew"
        # Tokens are called back: refused once, then there is a new one.
        read_once(channel)
        provider.valid.clear()
        assert not trying.tried(channel)[0].is_fine
        assert all(each.is_fine for each in trying.tried(channel))
        update_channel(actor=system_actor(), channel_id=box.pk, secrets={oauth.REFRESH_TOKEN: "stolen"})
        incoming, outgoing = trying.tried(channel)
        assert str(incoming.words) == str(outgoing.words) == str(servers.WORDS["token"])
        assert incoming.detail == "the refresh token was used before"
        assert watching._wanted() != wanted


def test_a_full_disk_while_reading(box: Channel, mail_servers: MailServers, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said in its own words; no mail is passed over, and each comes in as it is once there is room."""
    files = [letter(number, more=["X-A: b"]) for number in range(3)]
    raw = mail(
        multipart("mixed", text_part("See"), file_part(b"file " * 99, named="; filename=a.txt")),
        sender=KIM, to=US, message_id="f@x",
    )  # fmt: skip
    mail_servers.put(US, [files[0], raw, *files[1:]])

    def full(_descriptor: int) -> None:
        """No room."""
        raise OSError(errno.ENOSPC, "No space left on device")

    with watched():
        with monkeypatch.context() as patch:
            patch.setattr("guanxi.files.services.os.fsync", full)
            when(lambda: Channel.objects.filter(pk=box.pk, health__error="storing").exists())
            assert [one.message_id for one in Message.objects.all()] == ["k0@example.net"]
        when(lambda: Message.objects.count() == 4)
        when(lambda: Channel.objects.filter(pk=box.pk, health__error="").exists())
    assert Message.objects.get(message_id="f@x").text == "See"


def test_the_database_away_while_reading(
    box: Channel, mail_servers: MailServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, within and after the storing of a mail: it waits at the server, and comes in once."""
    mail_servers.put(US, [letter(number) for number in range(12)])
    chance, gone = random.Random(3), 0
    real_note, real_receive = watching.note_read, taking_in.receive

    def away() -> None:
        """Now and then the database does not answer."""
        nonlocal gone
        if gone < 8 and chance.random() < 0.5:
            gone += 1
            raise InterfaceError("the connection is closed")

    def note(folder: MailFolder, uid: int) -> None:
        """Perhaps not."""
        away()
        real_note(folder, uid)

    def receive(*args: Any, **given: Any) -> Any:
        """Perhaps not, perhaps stored and taken back with its transaction."""
        away()
        stored = real_receive(*args, **given)
        away()
        return stored

    monkeypatch.setattr(watching, "note_read", note)
    monkeypatch.setattr(taking_in, "receive", receive)
    with watched():
        when(lambda: Message.objects.count() == 12, seconds=60)
        when(lambda: MailFolder.objects.get().left_count == 0)
    assert gone >= 5
    assert Message.objects.values("message_id").distinct().count() == Message.objects.count() == 12

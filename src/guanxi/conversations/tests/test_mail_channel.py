"""Mails come in by one way, whatever brings them, and answers go out in the thread they belong to."""

import argparse
import json
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guanxi.conversations.adapters import DeliveryError, adapters
from guanxi.conversations.adapters.email import adapter, import_command, oauth, servers, trying
from guanxi.conversations.adapters.email.archives import mails_in
from guanxi.conversations.adapters.email.configuration import own_addresses, own_mark
from guanxi.conversations.adapters.email.handing_over import Handed
from guanxi.conversations.adapters.email.reading.mail import read_mail
from guanxi.conversations.adapters.email.services.mailboxes import mailbox_for
from guanxi.conversations.adapters.email.services.taking_in import Mailbox, TakenIn, take_in, take_in_unread
from guanxi.conversations.choices import ChannelKind, DeliveryState, Direction, MessageClass
from guanxi.conversations.models import Channel, Conversation, Message
from guanxi.conversations.public import Outgoing, send_message
from guanxi.conversations.services import delivering
from guanxi.conversations.services.channels import create_channel, secrets_of, update_channel
from guanxi.conversations.tests.mail_corpus import OURS, every
from guanxi.conversations.tests.mail_corpus.sample import file_part, mail, multipart, text_part
from guanxi.core.actor import system_actor
from guanxi.core.errors import GuanxiError, InvalidInput
from guanxi.core.models import Role, User
from guanxi.customers.models import Customer

pytestmark = pytest.mark.django_db
PERSON = "kim@example.net"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    """Keep files of these tests apart."""
    settings.DATA_DIR = tmp_path


@pytest.fixture
def box(db: None) -> Mailbox:
    """A mailbox that can send, with addresses that carry a token."""
    channel = create_channel(
        actor=system_actor(),
        kind="email",
        name="Support",
        address=OURS,
        settings={"smtp_host": "smtp.example.com", "has_plus_addresses": True},
    )
    return Mailbox.of(channel)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    """What was handed to the server that sends, instead of a real one."""
    mails: list[EmailMessage] = []

    @contextmanager
    def outbox(_channel: Channel, *, timeout: float = 1) -> Iterator[None]:
        """No connection."""
        yield None

    def hand_over(_server: None, mail: EmailMessage, *, sender: str, recipients: list[str]) -> Handed:
        """Keep it as it goes over the wire."""
        assert sender == OURS
        assert recipients
        mails.append(message_from_bytes(mail.as_bytes(), policy=policy.default))  # type: ignore[arg-type]
        return Handed(tuple(recipients), {}, {})

    monkeypatch.setattr(servers, "outbox", outbox)
    monkeypatch.setattr(adapter, "hand_over", hand_over)
    return mails


def written(box: Mailbox, text: str = "Where is it?", **given: Any) -> TakenIn:
    """A person's mail, taken in."""
    given = {"sender": PERSON, "subject": "Order 7 is late", "message_id": "first@example.net", **given}
    return take_in(box, mail(text_part(text), **given))


def answered(conversation: Conversation, text: str = "It is on its way.", **given: Any) -> Message:
    """Our answer, handed over."""
    message = send_message(
        actor=system_actor(), conversation_id=conversation.pk, outgoing=Outgoing(text=text, **given), hold_seconds=0
    )
    delivering.deliver(message.pk)
    message.refresh_from_db()
    return message


def test_the_corpus_comes_in_by_the_command_and_again_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every mail is stored once in its conversation; taken in again everything is known."""
    inbound = [sample for sample in every() if not sample.is_ours]
    folder = tmp_path / "mails"
    folder.mkdir()
    for number, sample in enumerate(inbound):
        (folder / f"{number:03}-{sample.name}.eml").write_bytes(sample.raw)
    args = argparse.Namespace(files=[folder], mailbox=OURS, outgoing=False, json=True)
    import_command.FOLLOWED_AT_ONCE, kept = 0, import_command.FOLLOWED_AT_ONCE
    try:
        import_command.run(args)
        first = json.loads(capsys.readouterr().out)
        count = Message.objects.count(), Conversation.objects.count(), Customer.objects.count()
        import_command.run(args)
    finally:
        import_command.FOLLOWED_AT_ONCE = kept
    assert json.loads(capsys.readouterr().out) == first
    assert (Message.objects.count(), Conversation.objects.count(), Customer.objects.count()) == count
    assert set(first[0]) == {
        "file", "conversation", "class", "subject", "from_name", "from_address", "new_text", "attachments",
    }  # fmt: skip
    for sample, answer in zip(inbound, first, strict=True):
        # The mark of this installation is another one than that of the corpus.
        assert answer["class"] == sample.kind or sample.name.startswith("loop-mark"), sample.name
    by_thread: dict[str, set[str]] = {}
    for sample, answer in zip(inbound, first, strict=True):
        if sample.thread.startswith("thread-") and not sample.name.endswith("reply"):
            by_thread.setdefault(sample.thread, set()).add(answer["conversation"])
    # What names only our own mails, which are not here, finds its thread by subject and person.
    assert all(len(found) == 1 for label, found in by_thread.items() if label != "thread-gmail")


def test_mails_of_ours_and_theirs_are_one_conversation(box: Mailbox) -> None:
    """Outgoing ones come in as sent; the customer is who they went to."""
    ours = mail(
        text_part("Good day, how was it?"),
        sender=f"Us <{OURS}>",
        to=f"Kim Lee <{PERSON}>",
        subject="A question",
        message_id="o1@example.com",
    )
    begun = take_in(box, ours, is_ours=True)
    assert begun.received.message.direction == Direction.OUT
    assert begun.received.message.message_class == MessageClass.OWN_REPLY
    customer = Customer.objects.get(pk=begun.received.conversation.customer_id)
    assert customer.name == "Kim Lee"
    reply = written(
        box, "Very good", subject="Re: A question", in_reply_to="o1@example.com", message_id="r1@example.net"
    )
    assert reply.received.conversation.pk == begun.received.conversation.pk
    assert reply.received.conversation.waiting_since is not None


def test_an_answer_goes_out_in_its_thread_and_comes_back_by_its_address(box: Mailbox, sent: list[EmailMessage]) -> None:
    """With Message-ID, references, our mark and a reply address that leads back even where all else is lost."""
    heard = written(box)
    message = answered(heard.received.conversation)
    assert message.delivery == DeliveryState.SENT
    (out,) = sent
    assert out["To"] == PERSON
    assert out["Subject"] == "Re: Order 7 is late"
    assert out["In-Reply-To"] == "<first@example.net>"
    assert out["References"] == "<first@example.net>"
    assert out["Message-ID"] == f"<{message.message_id}>"
    assert out["Auto-Submitted"] is None
    assert out["X-Guanxi-Mark"].startswith(own_mark())
    address = str(out["Reply-To"])
    assert address.startswith("support+c")
    lost = written(
        box, "Thanks", subject="no relation", sender="lee@example.org", to=address, message_id="lost@example.org"
    )
    assert lost.received.conversation.pk == heard.received.conversation.pk
    forged = address.replace("+c", "+c9")
    other = written(
        box, "Let me in", subject="anything", sender="eve@example.org", to=forged, message_id="eve@example.org"
    )
    assert other.received.conversation.pk != heard.received.conversation.pk
    assert other.received.message.details["mail"]["refused_token"] == forged


def test_our_own_mail_that_comes_back_is_known(box: Mailbox, sent: list[EmailMessage]) -> None:
    """Forwarded to us again it is the mail that we have, not another one."""
    message = answered(written(box).received.conversation)
    count = Message.objects.count()
    back = take_in(box, sent[0].as_bytes())
    assert back.mail.mail_class == MessageClass.LOOP
    assert back.received.message.pk == message.pk
    assert Message.objects.count() == count


def test_files_and_inline_images_go_out_and_come_in(box: Mailbox, sent: list[EmailMessage]) -> None:
    """An image in the words keeps its place."""
    page = text_part('<p>Look: <img src="cid:pic@x"></p>', "html")
    raw = mail(
        multipart("related", page, file_part(PNG, "image/png", "; filename=p.png", "inline", "pic@x")),
        sender=PERSON, subject="Picture", message_id="pic@example.net",
    )  # fmt: skip
    heard = take_in(box, raw).received
    assert 'src="cid:pic@x"' in heard.message.html
    stored = heard.message.details["inline"]["pic@x"]
    message = send_message(
        actor=system_actor(),
        conversation_id=heard.conversation.pk,
        outgoing=Outgoing(text="Seen", html='<p><img src="cid:ours@x"></p>', details={"inline": {"ours@x": 0}}),
        hold_seconds=0,
    )
    from guanxi.files.models import StoredFile
    from guanxi.files.public import attach

    file = StoredFile.objects.get(pk=stored)
    attach(actor=system_actor(), stored=file, kind="message", record_id=message.pk)
    message.details = {**message.details, "inline": {"ours@x": stored}}
    message.save(update_fields=["details"])
    delivering.deliver(message.pk)
    kinds = [part.get_content_type() for part in sent[0].walk()]
    assert kinds == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    assert read_mail(sent[0].as_bytes()).attachments[0].content_id == "ours@x"


def test_a_bounce_is_said_at_the_mail_that_came_back(box: Mailbox, sent: list[EmailMessage]) -> None:
    """The conversation does not open for it, and nobody waits."""
    heard = written(box)
    message = answered(heard.received.conversation)
    report = next(sample for sample in every() if sample.name == "dsn-postfix").raw
    raw = report.replace(b"ours0.b2@example.com", message.message_id.encode())
    bounced = take_in(box, raw).received
    assert bounced.conversation.pk == heard.received.conversation.pk
    assert bounced.message.message_class == MessageClass.BOUNCE
    assert bounced.conversation.waiting_since is None
    message.refresh_from_db()
    assert (message.delivery, message.error) == (DeliveryState.FAILED, "bounced")
    assert "gone@example.net 5.1.1" in message.error_detail
    delayed = next(sample for sample in every() if sample.name == "dsn-delayed").raw
    other = answered(heard.received.conversation, "Once more")
    take_in(box, delayed.replace(b"ours0.b2@example.com", other.message_id.encode()))
    other.refresh_from_db()
    assert other.delivery == DeliveryState.SENT


@pytest.mark.parametrize("name", ["oof-exchange", "auto-ticket", "dsn-postfix", "news-one", "loop-x"])
def test_programs_are_never_answered_by_a_program(box: Mailbox, sent: list[EmailMessage], name: str) -> None:
    """Whatever asks for it: the adapter refuses an automatic answer to what no person wrote."""
    raw = next(sample for sample in every() if sample.name == name).raw
    heard = take_in(box, raw).received
    assert not heard.message.needs_answer
    with pytest.raises(GuanxiError) if not heard.conversation.contact_value else contextlib_nothing():
        message = answered(heard.conversation, "We have your mail", to=["kim@example.net"], is_automatic=True)
        assert (message.delivery, message.error) == (DeliveryState.FAILED, "never_answered")
    assert not sent


@contextmanager
def contextlib_nothing() -> Iterator[None]:
    """Nothing is raised."""
    yield


def test_an_automatic_answer_says_so_and_ends_a_circle(box: Mailbox, sent: list[EmailMessage]) -> None:
    """It carries the marks by which others do not answer it; after some in a row nothing more goes."""
    heard = written(box)
    states = [
        answered(heard.received.conversation, f"We have your mail {number}", is_automatic=True).delivery
        for number in range(8)
    ]
    assert sent[0]["Auto-Submitted"] == "auto-replied"
    assert sent[0]["X-Auto-Response-Suppress"] == "All"
    assert read_mail(sent[0].as_bytes()).hops == 1
    assert states[0] == DeliveryState.SENT
    assert states[-1] == DeliveryState.FAILED
    assert len(sent) <= 6


def test_reply_to_our_own_address_is_not_followed(box: Mailbox, sent: list[EmailMessage]) -> None:
    """The answer goes to who wrote; an address of ours is refused where somebody enters it."""
    heard = written(box, more=[f"Reply-To: {OURS}"])
    answered(heard.received.conversation)
    assert sent[0]["To"] == PERSON
    with pytest.raises(InvalidInput):
        answered(heard.received.conversation, to=[OURS])


def test_reply_to_another_address_is_followed(box: Mailbox, sent: list[EmailMessage]) -> None:
    """As the sender wishes."""
    heard = written(box, more=["Reply-To: Kim at home <home@example.org>"])
    answered(heard.received.conversation)
    assert sent[0]["To"] == "home@example.org"


def test_two_mails_under_one_id_are_both_there(box: Mailbox) -> None:
    """And one to two of our mailboxes is there once."""
    one, two = written(box, "One"), written(box, "Two")
    assert one.received.message.pk != two.received.message.pk
    sales = create_channel(actor=system_actor(), kind="email", name="Sales", address="sales@example.com")
    again = take_in(
        Mailbox.of(sales),
        mail(text_part("One"), sender=PERSON, subject="Order 7 is late", message_id="first@example.net"),
    )
    assert again.received.is_repeated
    assert again.received.message.pk == one.received.message.pk


def test_a_mail_that_cannot_be_read_is_kept(box: Mailbox) -> None:
    """As a file that a person can open, once."""
    first = take_in_unread(box.channel, b"\x00broken", key="k")
    again = take_in_unread(box.channel, b"\x00broken", key="k")
    assert again.message.pk == first.message.pk
    assert first.message.raw_file.size == 7


def test_what_was_cut_lies_whole_beside_the_message(box: Mailbox) -> None:
    """A mail beyond the reader's limits keeps its raw form."""
    raw = mail(
        multipart("mixed", *[file_part(b"x", named=f"; filename={n}") for n in range(400)]),
        sender=PERSON,
        message_id="many@x",
    )
    message = take_in(box, raw).received.message
    assert message.raw_file.size == len(raw)


def test_files_in_order_and_mboxes_are_read(tmp_path: Path) -> None:
    """An mbox gives its mails one after another; what is no mail is passed by, what is missing is said."""
    (tmp_path / "b.eml").write_bytes(b"From: a@example.net\n\nB\n")
    (tmp_path / "a.mbox").write_bytes(
        b"From a@x Mon May  6 10:11:12 2024\nSubject: 1\n\nOne\n>From here\n\nFrom b@x Mon May  6 10:11:13 2024\nSubject: 2\n\nTwo\n"
    )
    (tmp_path / "notes.json").write_text("{}")
    refused: list[str] = []
    found = [(each.path.name, each.raw) for each in mails_in([tmp_path], refuse=lambda path, why: refused.append(why))]
    assert not refused
    assert [name for name, _raw in found] == ["a.mbox", "a.mbox", "b.eml"]
    assert found[0][1] == b"Subject: 1\n\nOne\nFrom here\n"
    with pytest.raises(InvalidInput):
        list(mails_in([tmp_path / "missing"], refuse=lambda path, why: refused.append(why)))
    with pytest.raises(InvalidInput):
        mailbox_for(actor=system_actor(), address="no address")


def test_servers_that_fail_are_said_in_words(box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the channel, and at the message when nothing helps any more."""
    heard = written(box)
    monkeypatch.setattr(
        smtplib, "SMTP_SSL", lambda *_a, **_k: (_ for _ in ()).throw(ConnectionRefusedError(111, "Connection refused"))
    )
    message = send_message(
        actor=system_actor(),
        conversation_id=heard.received.conversation.pk,
        outgoing=Outgoing(text="x"),
        hold_seconds=0,
    )
    with pytest.raises(DeliveryError):
        delivering.deliver(message.pk)
    box.channel.refresh_from_db()
    assert box.channel.health.error == "unreachable"
    assert str(adapters[ChannelKind.EMAIL].errors["unreachable"]) == "The server cannot be reached."
    message.refresh_from_db()
    assert message.delivery == DeliveryState.QUEUED
    (result,) = trying.tried(box.channel)
    assert not result.is_fine
    assert result.detail == "Connection refused"


def test_access_by_a_refresh_token(box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for once an hour; what the provider refuses is said."""
    update_channel(
        actor=system_actor(),
        channel_id=box.channel.pk,
        settings={"sign_in": "oauth2", "token_url": "https://login.example.com/token", "client_id": "c"},
        secrets={"refresh_token": "r1"},
    )
    channel = Channel.objects.get(pk=box.channel.pk)
    asked: list[dict[str, str]] = []

    class Answer:
        """What the provider says."""

        status_code = 200

        class raw:
            """Its bytes."""

            @staticmethod
            def read(_limit: int) -> bytes:
                """A token."""
                return b'{"access_token": "t1", "expires_in": 3600}'

        def __enter__(self) -> "Answer":
            """Opened."""
            return self

        def __exit__(self, *_args: object) -> None:
            """Closed."""

    def post(_address: str, *, data: dict[str, str], **_options: Any) -> Answer:
        """One call."""
        asked.append(data)
        return Answer()

    monkeypatch.setattr(oauth.requests, "post", post)
    assert oauth.access_token(channel) == oauth.access_token(channel) == "t1"
    assert len(asked) == 1
    assert asked[0]["refresh_token"] == "r1"
    update_channel(
        actor=system_actor(),
        channel_id=channel.pk,
        settings={"token_url": "http://evil.example/"},
        secrets={"refresh_token": "r2"},
    )
    with pytest.raises(oauth.TokenError):
        oauth.access_token(Channel.objects.get(pk=channel.pk))


def test_the_settings_page_keeps_secrets_and_says_what_is_wrong(client: Client) -> None:
    """Set up, changed without entering the password again, tested; a password is never shown."""
    admin = User.objects.create(username="boss", role=Role.objects.get(key="owner"))
    client.force_login(admin)
    fields = {
        "name": "Help", "address": "help@example.com", "is_active": "on", "sign_in": "password", "imap_host": "127.0.0.1",
        "imap_port": "1", "imap_security": "none", "folders": "INBOX\nSpam", "existing": "new", "smtp_host": "", "smtp_port": "465",
        "smtp_security": "tls", "imap_password": "geheim",
    }  # fmt: skip
    client.post("/settings/channels/mailbox/new", fields)
    channel = Channel.objects.get(name="Help")
    assert channel.settings["folders"] == ["INBOX", "Spam"]
    assert secrets_of(channel)["imap_password"] == "geheim"
    assert "help@example.com" in own_addresses()
    page = f"/settings/channels/mailbox/{channel.public_id}"
    assert "geheim" not in client.get(page).content.decode()
    client.post(page, {**fields, "imap_password": "", "sender_name": "We"})
    channel.refresh_from_db()
    assert channel.settings["sender_name"] == "We"
    assert secrets_of(channel)["imap_password"] == "geheim"
    assert "The server cannot be reached." in client.post(f"{page}/test").content.decode()
    assert "no e-mail address" in client.post(page, {**fields, "address": "nobody"}).content.decode()
    client.force_login(User.objects.create(username="a", role=Role.objects.get(key="agent")))
    assert client.get(page).status_code in {403, 404}
    assert client.post(f"{page}/test").status_code in {403, 404}

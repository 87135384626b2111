"""What servers that send do to us: nobody gets a mail twice as far as can be known, and everything is said in words."""

from collections.abc import Callable
from typing import Any

import pytest

from guanxi.conversations import jobs
from guanxi.conversations.adapters import DeliveryError
from guanxi.conversations.adapters.email import adapter, handing_over
from guanxi.conversations.adapters.email.reading.mail import read_mail
from guanxi.conversations.adapters.email.services.taking_in import Mailbox, take_in
from guanxi.conversations.choices import DeliveryState
from guanxi.conversations.models import Message
from guanxi.conversations.public import Outgoing, send_message
from guanxi.conversations.services import answering, delivering
from guanxi.conversations.services.channels import create_channel, update_channel
from guanxi.conversations.tests.mail_corpus import OURS
from guanxi.conversations.tests.mail_corpus.sample import mail, text_part
from guanxi.conversations.tests.smtp_server import Answers, SmtpServer, smtp_server
from guanxi.core import clock
from guanxi.core.actor import system_actor
from guanxi.core.models.jobs import Job, JobStatus

pytestmark = pytest.mark.django_db
KIM, LEE, ANN = "kim@example.net", "lee@example.net", "ann@example.net"
Send = Callable[..., tuple[Message, SmtpServer]]


@pytest.fixture
def message(db: None) -> Callable[..., Message]:
    """An answer of ours that is to be sent, to those named."""
    channel = create_channel(actor=system_actor(), kind="email", name="Support", address=OURS)
    heard = take_in(Mailbox.of(channel), mail(text_part("Where is it?"), sender=KIM, message_id="first@example.net"))

    def write(server: SmtpServer, *to: str, text: str = "On its way") -> Message:
        """One by this server."""
        update_channel(actor=system_actor(), channel_id=channel.pk, settings=server.settings)
        return send_message(
            actor=system_actor(),
            conversation_id=heard.received.conversation.pk,
            outgoing=Outgoing(text=text, to=to or (KIM,)),
            hold_seconds=0,
        )

    return write


def tried(message: Message, times: int = 1) -> Message:
    """The message after so many tries, as its job makes them."""
    for _number in range(times):
        try:
            delivering.deliver(message.pk)
        except DeliveryError:
            continue
    message.refresh_from_db()
    return message


def on(command: str, *answers: str) -> Answers:
    """Answer a command so, one after another, then as usual."""
    left = list(answers)
    return lambda said, _server: left.pop(0) if said.lower().startswith(command.lower()) and left else None


def who_got_it(server: SmtpServer) -> list[str]:
    """Everybody who got the mail, as often as they got it."""
    return sorted(person for people, _raw in server.taken for person in people)


def test_a_server_that_takes_leave_badly_gets_the_mail_once(message: Any) -> None:
    """What it says to our leaving is of no account: it has the mail."""
    for answer in ("421 too many", "500 what?", ""):
        with smtp_server(on("QUIT", answer)) as server:
            sent = tried(message(server))
            assert (sent.delivery, len(server.taken)) == (DeliveryState.SENT, 1)


def test_one_of_two_recipients_refused(message: Any) -> None:
    """The other has it, once; who was refused, and why, is said; trying again asks only for who was refused."""
    with smtp_server(on(f"RCPT TO:<{LEE}", "550 no such user", "550 no such user")) as server:
        sent = tried(message(server, KIM, LEE), times=3)
        assert (sent.delivery, sent.error) == (DeliveryState.FAILED, "some_recipients")
        assert sent.error_detail == f"{LEE}: 550 no such user"
        assert who_got_it(server) == [KIM]
        answering.try_again(actor=system_actor(), message_id=sent.pk)
        assert tried(sent).delivery == DeliveryState.FAILED
        answering.try_again(actor=system_actor(), message_id=sent.pk)
        assert tried(sent).delivery == DeliveryState.SENT
        assert who_got_it(server) == [KIM, LEE]


def test_one_put_off_and_one_refused(message: Any) -> None:
    """Put off is not refused: who was put off gets it later, alone; then it is said who did not."""
    answers = {f"rcpt to:<{LEE}>": ["450 grey"], f"rcpt to:<{ANN}>": ["550 gone"]}
    with smtp_server(lambda said, _server: (answers.get(said.lower()) or [None]).pop()) as server:
        sent = tried(message(server, LEE, KIM, ANN))
        assert sent.delivery == DeliveryState.QUEUED
        answers[f"rcpt to:<{LEE}>"] = []
        sent = tried(sent)
        assert (sent.delivery, sent.error_detail) == (DeliveryState.FAILED, f"{ANN}: 550 gone")
        assert who_got_it(server) == [KIM, LEE]
    with smtp_server(on("RCPT", "550 gone", "450 grey", "450 grey")) as server:
        assert tried(message(server, LEE, KIM)).delivery == DeliveryState.QUEUED


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "."])
def test_later_then_never(message: Any, command: str) -> None:
    """A server that asks for patience is asked again; one that refuses for good is not, and nobody gets it."""
    with smtp_server(on(command, "451 not now", "554 not at all")) as server:
        sent = tried(message(server))
        assert (sent.delivery, sent.error) == (DeliveryState.QUEUED, "")
        sent = tried(sent, times=3)
        assert sent.delivery == DeliveryState.FAILED
        assert sent.error_detail.endswith("554 not at all")
        assert (server.connections, server.taken) == (2, [])


def test_a_connection_that_ends_before_the_mail_is_whole_is_tried_again(message: Any) -> None:
    """Nothing was taken: it goes once, when the server stays."""
    with smtp_server(on("RCPT", "", "")) as server:
        sent = tried(message(server), times=3)
        assert (sent.delivery, len(server.taken)) == (DeliveryState.SENT, 1)


def test_a_mail_of_which_nobody_knows_is_sent_once_more_and_then_it_is_said(message: Any) -> None:
    """The connection ends before the server's word, in the midst or at the end: not for ever, and under one Message-ID."""
    for moment in (".", "line"):
        with smtp_server(lambda said, _server, moment=moment: "" if said == moment else None) as server:
            sent = tried(message(server), times=8)
            assert (sent.delivery, sent.error) == (DeliveryState.FAILED, "unsure")
            assert server.connections == delivering.UNSURE_TRIES
    with smtp_server(on(".", "")) as server:
        sent = tried(message(server), times=3)
        assert (sent.delivery, len(server.taken)) == (DeliveryState.SENT, 1)
        assert read_mail(server.taken[0][1]).message_id == sent.message_id


def test_a_slow_server_is_waited_for(message: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks into the mail before it says that it has it; whoever gives up before sends it twice."""
    assert handing_over.ANSWER_SECONDS >= 300
    waits: list[float] = []

    def note(said: str, _server: SmtpServer) -> None:
        """How long we would wait now."""
        if said == ".":
            waits.append(seen[0].gettimeout() or 0.0)

    seen: list[Any] = []
    real = handing_over._send
    monkeypatch.setattr(handing_over, "_send", lambda server, raw: (seen.append(server.sock), real(server, raw))[1])
    with smtp_server(note) as server:
        assert tried(message(server)).delivery == DeliveryState.SENT
    assert waits == [handing_over.ANSWER_SECONDS]


def test_a_failure_of_ours_after_the_hand_over_sends_nothing_twice(
    message: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail is out: noting how the channel stands may fail."""
    from django.db import OperationalError

    def away(_number: int, **_about: object) -> None:
        """The database is away."""
        raise OperationalError("database is locked")

    monkeypatch.setattr(adapter, "note_worked", away)
    with smtp_server() as server:
        assert tried(message(server), times=2).delivery == DeliveryState.SENT
        assert len(server.taken) == 1


def test_addresses_beyond_ascii(message: Any) -> None:
    """A domain in its own letters reaches every server; a name in them only one that can, and that is said."""
    with smtp_server() as server:
        sent = tried(message(server, "kim@例子.中国", "用户@example.net"))
        assert (sent.delivery, sent.error_detail) == (DeliveryState.FAILED, "用户@example.net: SMTPUTF8")
        assert who_got_it(server) == ["kim@xn--fsqu00a.xn--fiqs8s"]
    with smtp_server(on("EHLO", "250-here\r\n250 SMTPUTF8")) as server:
        assert tried(message(server, "用户@example.net")).delivery == DeliveryState.SENT
        assert who_got_it(server) == ["用户@example.net"]


def test_words_that_look_like_the_end_of_a_mail_end_nothing(message: Any) -> None:
    """A lone dot, dots at the beginning, commands as text."""
    text = "one\n.\nRCPT TO:<eve@example.org>\n..two\n.three"
    with smtp_server() as server:
        tried(message(server, text=text))
        assert read_mail(server.taken[0][1]).text == text
        assert who_got_it(server) == [KIM]


def test_what_cannot_be_made_ready_is_said_in_the_end(message: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is gone, a fault of ours: not on its way for ever."""
    monkeypatch.setattr(adapter.composing, "composed", lambda _message: (_ for _ in ()).throw(FileNotFoundError("x")))
    with smtp_server() as server:
        sent = message(server)
        for _number in range(delivering.TRIES - 1):
            with pytest.raises(FileNotFoundError):
                delivering.deliver(sent.pk)
        assert tried(sent).error == delivering.FAULT
        assert str(delivering.WORDS[sent.error])


def test_a_message_that_nobody_has_in_hand_is_found_again(message: Any) -> None:
    """Its worker died once too often, or its job is gone: it is handed over all the same; others are left alone."""
    with smtp_server() as server:
        lost, waiting = message(server), message(server)
        long_ago = clock.now() - 2 * delivering.FORGOTTEN_AFTER
        Message.objects.filter(pk__in=[lost.pk, waiting.pk]).update(held_until=long_ago)
        Job.objects.filter(kwargs={"message_id": lost.pk}).update(status=JobStatus.FAILED)
        jobs.find_forgotten.func()
        ready = Job.objects.filter(status=JobStatus.READY, task=jobs.deliver.module_path)
        assert sorted(job.kwargs["message_id"] for job in ready) == [lost.pk, waiting.pk]
        assert tried(lost).delivery == DeliveryState.SENT

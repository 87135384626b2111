"""The web form: a person's message arrives once, a robot's disturbs nobody, and it stands only where it may."""

import itertools
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.conversations.adapters.form import guarding
from guanxi.conversations.choices import ChannelKind, ConversationState, MessageClass
from guanxi.conversations.models import Conversation, Message
from guanxi.conversations.services.channels import create_channel
from guanxi.core import clock
from guanxi.core.actor import system_actor
from guanxi.customers.models import ContactPoint, Customer
from guanxi.files.public import files_of

pytestmark = pytest.mark.django_db
FILLED = {"name": "Zoe", "email": "zoe@example.org", "text": "My kettle leaks"}


_addresses = (f"198.51.100.{number}" for number in itertools.count(1))


@pytest.fixture
def client() -> Client:
    """A visitor from an address of their own, so that no other test has used up what it may send."""
    return Client(REMOTE_ADDR=next(_addresses))


@pytest.fixture
def shown(db: None) -> Any:
    """A web form that may stand on one page."""
    settings = {"origins": ["https://shop.example"], "topics_en": "Delivery\nRepair", "thanks_zh": "谢谢您"}
    return create_channel(actor=system_actor(), kind=ChannelKind.FORM, name="Contact", settings=settings)


def draw(client: Client, channel: Any, lang: str = "en") -> str:
    """Open the form; the token in it."""
    page = client.get(f"/forms/{channel.public_id}?lang={lang}").content.decode()
    return re.search(r'name="token" value="([^"]+)"', page)[1]


def worked(token: str) -> str:
    """Do what the browser does."""
    return next(str(n) for n in range(10**7) if guarding.is_done(token, str(n)))


def send(
    client: Client, channel: Any, monkeypatch: pytest.MonkeyPatch, after: float = 5, lang: str = "en", **given: Any
) -> Any:
    """Fill the form in and send it some seconds later."""
    token = given.pop("token", None) or draw(client, channel, lang)
    later = clock.now() + timedelta(seconds=after)
    monkeypatch.setattr(guarding.clock, "now", lambda: later)
    work = given.pop("work", None)
    data = {**FILLED, "token": token, "work": worked(token) if work is None else work, **given}
    answer = client.post(f"/forms/{channel.public_id}?lang={lang}", data)
    monkeypatch.undo()
    return answer


def test_a_message_arrives_once_and_is_somebodys(client: Client, shown: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sent twice it is there once; who sent it is a prospect who can be reached; files come along."""
    token = draw(client, shown)
    file = SimpleUploadedFile("leak.txt", b"drip")
    answer = send(client, shown, monkeypatch, token=token, topic="Repair", phone="13800138000", attached=file)
    assert (answer.status_code, "Thank you" in answer.content.decode()) == (200, True)
    assert send(client, shown, monkeypatch, token=token).status_code == 200
    message = Message.objects.get()
    assert (message.text, message.subject, message.needs_answer) == ("My kettle leaks", "Repair", True)
    assert message.details["form"] == {"topic": "Repair", "phone": "13800138000"}
    assert [one.name for one in files_of("message", message.pk)] == ["leak.txt"]
    customer = Customer.objects.get()
    assert set(ContactPoint.objects.filter(customer=customer).values_list("kind", flat=True)) == {"email", "phone"}


@pytest.mark.parametrize(
    ("after", "work", "kept"),
    [(1, None, False), (5, "x", False), (5, None, True), (20, "x", True), (90_000, None, False)],
)
def test_who_is_too_fast_or_too_late_sends_again_and_loses_nothing(
    client: Client, shown: Any, monkeypatch: pytest.MonkeyPatch, after: float, work: str | None, kept: bool
) -> None:
    """With the work done after two seconds, without it after fifteen, for a day; the words stay in the form."""
    answer = send(client, shown, monkeypatch, after=after, work=work)
    assert Message.objects.exists() == kept
    if not kept:
        assert answer.status_code == 422
        assert "My kettle leaks" in answer.content.decode()
        again = re.search(r'name="token" value="([^"]+)"', answer.content.decode())[1]
        assert send(client, shown, monkeypatch, token=again, after=after + 30).status_code == 200


@pytest.mark.parametrize("given", [{"website": "https://spam.example"}, {"text": "http://a " * 9}])
def test_robots_disturb_nobody(client: Client, shown: Any, monkeypatch: pytest.MonkeyPatch, given: Any) -> None:
    """They hear thanks; what they sent is kept aside, opens nothing and makes no customer."""
    assert send(client, shown, monkeypatch, **given).status_code == 200
    assert Message.objects.get().message_class == MessageClass.BULK
    assert Conversation.objects.get().state == ConversationState.DONE
    assert not Customer.objects.exists()


def test_forged_tokens_and_those_of_another_form_are_worth_nothing(
    client: Client, shown: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a token that this form gave out counts."""
    other = create_channel(actor=system_actor(), kind=ChannelKind.FORM, name="Other")
    for token in ("forged", draw(client, other)):
        assert send(client, shown, monkeypatch, token=token, work="1").status_code == 422
    assert not Message.objects.exists()


def test_a_flood_is_stopped(client: Client, shown: Any) -> None:
    """So many from one address in a minute, then no more."""
    answers = [client.post(f"/forms/{shown.public_id}", {}).status_code for _n in range(14)]
    assert answers[0] == 422
    assert answers[-1] == 429


def test_it_stands_where_it_may_in_the_readers_language(
    client: Client, shown: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Framed by its own pages and those named; both languages; hostile words stay words; no cookie."""
    page = client.get(f"/forms/{shown.public_id}?lang=zh")
    assert "frame-ancestors 'self' https://shop.example" in page.headers["Content-Security-Policy"]
    assert "您的姓名" in page.content.decode()
    assert not page.cookies
    script = client.get(f"/forms/{shown.public_id}.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert f"/forms/{shown.public_id}" in script.content.decode()
    answer = send(client, shown, monkeypatch, lang="zh", name="<script>alert(1)</script>", email="no address")
    assert "<script>alert" not in answer.content.decode()
    assert "谢谢您" in send(client, shown, monkeypatch, lang="zh").content.decode()
    shown.is_active = False
    shown.save()
    assert client.get(f"/forms/{shown.public_id}").status_code == 404

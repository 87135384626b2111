"""Strangers at the door: other sites, forged identities, keys of others, floods, markup."""

import gzip
import json
from time import time
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.conversations.adapters.chat import colours, entrance
from guanxi.conversations.adapters.chat.configuration import Configuration, origins_of
from guanxi.conversations.adapters.chat.services.settings import change_key
from guanxi.conversations.adapters.chat.tests.conftest import SITE, Browser
from guanxi.conversations.adapters.chat.views.visitors import BUNDLE
from guanxi.conversations.choices import Match
from guanxi.conversations.models import Channel, ChatKey, ChatVisitor, Conversation, Message
from guanxi.conversations.public import Contact, Inbound, Outgoing, receive, send_message
from guanxi.core.actor import system_actor
from guanxi.core.errors import InvalidInput
from guanxi.customers.models import Customer, ExternalId
from guanxi.customers.public import create_customer

pytestmark = pytest.mark.django_db


def test_only_sites_that_are_named_may_ask(chat: Channel) -> None:
    """Others are told why, and can read it; nothing is stored."""
    for origin in ("https://evil.example", "http://shop.example", "https://shop.example.evil.example", "null", ""):
        status, told = Browser(chat, origin=origin).ask("messages", id="message-1", text="Hi")
        assert (status, "may not show this chat" in told["error"]) == (403, True)
    assert Browser(chat, origin="https://cn.shop.example").ask("session")[0] == 200
    refused = Client().get(f"/chat/{chat.public_id}/setup", headers={"Origin": "https://evil.example"})
    assert refused.status_code == 403
    assert refused.headers["Access-Control-Allow-Origin"] == "https://evil.example"
    assert Browser(Channel(pk=999_999)).ask("session")[0] == 404
    Channel.objects.filter(pk=chat.pk).update(is_active=False)
    assert Browser(chat).ask("session")[0] == 404
    assert not Message.objects.exists()


def test_script_stays_text(visitor: Browser) -> None:
    """Markup in a message, a name or a page is data: kept as it was written, sent as JSON."""
    bad = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    visitor.say(bad, name=bad, email="x@example.org", page="javascript:alert(3)", title=bad)
    assert visitor.texts() == [bad]
    assert Message.objects.get().html == ""
    answer = visitor.client.post(
        f"/chat/{visitor.channel.public_id}/session",
        json.dumps({"key": visitor.key}),
        content_type="text/plain",
        headers={"Origin": SITE},
    )
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_key_opens_one_chat_alone(visitor: Browser) -> None:
    """A key of another channel, a damaged one and none are refused; a stranger's key shows nothing of others."""
    visitor.say("Private")
    other = Channel.objects.create(
        kind="chat", name="Other", settings={"origins": [SITE]}, created_at=visitor.channel.created_at
    )
    assert Browser(other, visitor.key).ask("session")[0] == 403
    assert Browser(other, visitor.key).ask("messages", id="message-1", text="Hi")[0] == 403
    assert Browser(visitor.channel).texts() == []
    assert Browser(visitor.channel).ask("updates")[0] == 403
    for key in ("short", "", None, 7, "x" * 44, "é" * 43):
        status, _told = Browser(visitor.channel).ask("session", key=key)
        assert status == 422
    assert ChatKey.objects.get().digest != visitor.key
    # Nothing that a browser says names a conversation, and what it adds is of no account.
    mine = Browser(visitor.channel)
    mine.say("Mine", conversation_id=Conversation.objects.get().pk, visitor=ChatVisitor.objects.get().public_id)
    assert visitor.texts() == ["Private"]


@pytest.mark.parametrize(
    "claims",
    [
        {"key": "another key"},
        {"exp": -120},
        {"iat": 900, "exp": 1800},
        {"exp": 3 * 86_400},
        {"exp": "tomorrow"},
        {"exp": True},
        {"aud": "chn_00002k"},
        {"sub": ""},
        {"sub": {"a": 1}},
    ],
)
def test_identities_that_prove_nothing_are_refused(visitor: Browser, token: Any, claims: dict[str, Any]) -> None:
    """Forged, late, early, endless, nobody's, another channel's; times stand as seconds from now."""
    now = int(time())
    said = {key: now + value if type(value) is int else value for key, value in claims.items()}
    status, told = visitor.ask("session", identity=token(**said))
    assert (status, "identity token" in told["error"]) == (403, True)
    assert not ChatVisitor.objects.exists()


def test_no_signature_and_no_token_at_all(visitor: Browser, token: Any) -> None:
    """`alg: none`, cut, swapped and made-up tokens."""
    good = token()
    head, claims, signature = good.split(".")
    none = "eyJhbGciOiJub25lIn0"
    for bad in (
        f"{none}.{claims}.",
        f"{head}.{claims}.",
        f"{head}.{claims}",
        f"{none}.{claims}.{signature}",
        "x",
        "..",
        "[]" * 3000,
        7,
    ):
        assert visitor.ask("session", identity=bad)[0] == 403
    other = Channel.objects.create(
        kind="chat", name="O", settings={"origins": [SITE]}, created_at=visitor.channel.created_at
    )
    change_key(actor=system_actor(), channel_id=other.pk)
    assert Browser(other).ask("session", identity=good)[0] == 403


def test_who_is_vouched_for_is_a_customer_on_every_device(visitor: Browser, token: Any) -> None:
    """Known by the id, else by the address; what was said before as nobody stays in the chat; without a token: nothing."""
    known = create_customer(
        actor=system_actor(), values={"name": "Bo"}, contact_points=[{"kind": "email", "value": "bo@example.org"}]
    )
    visitor.say("As nobody")
    nobody = visitor.key
    status, told = visitor.vouched(token(email="bo@example.org"))
    assert (status, told["visitor"]["isVerified"]) == (200, True)
    conversation = Conversation.objects.get()
    assert (conversation.customer_id, conversation.match) == (known.pk, Match.CERTAIN)
    assert ExternalId.objects.get(customer=known).value == "7"
    # Sent once more, as its answer was lost meanwhile.
    visitor.say("As nobody", id="message-1")
    visitor.say("As Bo", name="Not Bo", email="other@example.org")
    phone = Browser(visitor.channel)
    assert [one["text"] for one in phone.ask("session", identity=token())[1]["messages"]] == ["As nobody", "As Bo"]
    phone.say("From the phone", id="from-the-phone")
    assert Conversation.objects.count() == 1
    assert ChatVisitor.objects.get(external_id="7").email == "bo@example.org"
    # The secret of before opens nothing, and can be nobody's any more.
    assert Browser(visitor.channel, nobody).ask("session")[0] == 403
    assert Browser(visitor.channel, nobody).ask("session", identity=token(sub="8"))[0] == 403
    # The same browser, without the site's word for it after its time: nothing is shown.
    ChatKey.objects.update(vouched_until=visitor.channel.created_at)
    status, told = phone.ask("session")
    assert (status, told.get("vouch"), told.get("messages")) == (403, True, None)
    # Somebody else signs in on the same browser: theirs is theirs.
    assert phone.ask("session", identity=token(sub="8", name="Cy"))[0] == 403
    status, told = phone.vouched(token(sub="8", name="Cy"))
    assert (status, told["messages"]) == (200, [])


def test_a_secret_that_somebody_unknown_used_is_never_a_persons(visitor: Browser, token: Any) -> None:
    """Whoever planted or copied it beforehand would read along."""
    visitor.say("Hello")
    assert visitor.ask("session", identity=token())[0] == 403
    assert visitor.texts() == ["Hello"]


def test_who_is_vouched_for_goes_on_in_the_open_conversation(
    visitor: Browser, token: Any, mail_outlet: Channel
) -> None:
    """Whatever its channel: one conversation. Of it the visitor sees the chat alone; the answer goes to the chat."""
    first = receive(Inbound(mail_outlet, Contact("email", "bo@example.org", "Bo"), "By mail"))
    visitor.vouched(token(email="bo@example.org"))
    visitor.say("By chat")
    conversation = Conversation.objects.get()
    assert (conversation.pk, conversation.channel_id) == (first.conversation.pk, visitor.channel.pk)
    assert visitor.texts() == ["By chat"]
    answer = send_message(actor=system_actor(), conversation_id=conversation.pk, outgoing=Outgoing("Hello"))
    assert answer.channel_id == visitor.channel.pk
    assert visitor.texts() == ["By chat", "Hello"]


def test_who_is_vouched_for_and_new_becomes_a_prospect_with_the_id(visitor: Browser, token: Any) -> None:
    """With the first message, not with the visit."""
    visitor.ask("session", identity=token(sub="42", name="Di", email="di@example.org"))
    assert not Customer.objects.exists()
    visitor.say("Hello")
    customer = Customer.objects.get()
    assert (customer.name, customer.external_ids.get().value) == ("Di", "42")
    assert Conversation.objects.get().match == Match.CERTAIN


def test_a_changed_key_holds_beside_the_old_one_for_a_day(visitor: Browser, token: Any, monkeypatch: Any) -> None:
    """The site changes its key at leisure."""
    old = token()
    change_key(actor=system_actor(), channel_id=visitor.channel.pk)
    assert visitor.ask("session", identity=old)[0] == 200
    row = Channel.objects.get(pk=visitor.channel.pk)
    row.settings["key_changed_at"] = "2026-01-01T00:00:00+00:00"
    row.save()
    assert visitor.ask("session", identity=old)[0] == 403


def test_floods_and_giants_are_stopped(visitor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too often, too long, no message at all: in words, and nothing is stored."""
    assert visitor.ask("messages", id="message-1", text="x" * 10_001)[0] == 422
    assert visitor.ask("messages", id="message-1", text=" ")[0] == 422
    assert visitor.ask("messages", id="x", text="Hi")[0] == 422
    assert visitor.ask("messages", id="message-1", text="x" * 80_000)[0] == 422
    for body in ("[]", "{", "null", '"x"', "\x00", "[" * 5000):
        raw = visitor.client.post(
            f"/chat/{visitor.channel.public_id}/messages", body, content_type="text/plain", headers={"Origin": SITE}
        )
        assert raw.status_code == 422
    assert not Message.objects.exists()
    monkeypatch.setattr(entrance, "PER_MINUTE", 3)
    assert [Browser(visitor.channel, "k" * 43).ask("session")[0] for _n in range(5)] == [200, 200, 200, 429, 429]


def test_the_widget_is_small_and_needs_nothing_of_the_host() -> None:
    """All of it, words included, within 40 kB; no eval, no cookie, no markup out of texts."""
    source = BUNDLE.read_bytes()
    for word in (b"innerHTML", b"document.cookie", b"eval(", b"new Function", b"insertAdjacentHTML", b".style."):
        assert word not in source
    assert len(gzip.compress(source)) < 20_000


def test_script_and_setup_fit_into_forty_kilobytes(chat: Channel) -> None:
    """What a visitor's browser loads before anything is said."""
    script = Client().get(f"/chat/{chat.public_id}.js", headers={"Accept-Encoding": "gzip"})
    assert script.headers["Content-Encoding"] == "gzip"
    setups = [
        Client().get(f"/chat/{chat.public_id}/setup?language={language}", headers={"Origin": SITE})
        for language in ("en", "zh-CN")
    ]
    assert setups[1].json()["words"]["send"] == "发送"
    whole = len(script.content) + sum(len(gzip.compress(one.content)) for one in setups)
    assert whole < 40_000
    assert not script.cookies
    again = Client().get(f"/chat/{chat.public_id}.js", headers={"If-None-Match": script.headers["ETag"]})
    assert again.status_code == 304


def test_sites_as_one_writes_them() -> None:
    """One a line, with or without https; nonsense is named."""
    found = origins_of("shop.example\nhttps://*.Example.com/\nhttp://localhost:8001")
    assert found == ["https://shop.example", "https://*.example.com", "http://localhost:8001"]
    held = Configuration(origins=tuple(found))
    assert held.allows("https://a.b.example.com")
    assert not held.allows("https://example.com")
    assert not held.allows("https://evil.com/.example.com")
    for bad in ("*", "https://*.com", "ftp://x.example", "https://u:p@x.example", "javascript:alert(1)"):
        with pytest.raises(InvalidInput):
            origins_of(bad)


@settings(max_examples=25, derandomize=True, deadline=None)
@given(st.integers(0, 0xFFFFFF))
def test_a_colour_that_is_taken_can_be_read(number: int) -> None:
    """White on it, and it on both grounds, have the contrast that WCAG AA asks for."""
    text = f"#{number:06x}"
    try:
        colour = colours.checked(text)
    except InvalidInput:
        assert colours.contrast(text, colours.WHITE) < colours.READABLE
        return
    for ground in (colours.LIGHT_GROUND, colours.DARK_GROUND):
        assert colours.contrast(colours.on_ground(colour, ground), ground) >= colours.READABLE

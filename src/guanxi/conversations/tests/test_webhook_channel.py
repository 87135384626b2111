"""The webhook channel: what is not signed by the connector gets nothing; what is comes in once, and answers go out signed."""

import base64
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.conversations.adapters.webhook import adapter as sending
from guanxi.conversations.adapters.webhook.adapter import WebhookAdapter
from guanxi.conversations.choices import ChannelKind, DeliveryState
from guanxi.conversations.models import Conversation, Message
from guanxi.conversations.public import DeliveryError, Outgoing, send_message
from guanxi.conversations.services import delivering
from guanxi.conversations.services.channels import create_channel, update_channel
from guanxi.core.actor import system_actor
from guanxi.files.public import files_of
from guanxi.integration.public import new_webhook_secret, webhook_headers
from guanxi.integration.webhooks.sending import Outcome

EXAMPLE = Path(__file__).parents[4] / "examples" / "sms_connector" / "connector.py"
ANN = {"kind": "phone", "value": "+8613800138000", "name": "安"}


@pytest.fixture
def joined(db: None) -> Any:
    """A channel and its secret."""
    secret = new_webhook_secret()
    actor = system_actor()
    return create_channel(
        actor=actor,
        kind=ChannelKind.WEBHOOK,
        name="SMS",
        address="https://sms.example/answers",
        secrets={"signing": secret},
    ), secret


def call(
    client: Client, joined: Any, content: Any, *, call_id: str = "call-1", what: str = "in", **changed: Any
) -> Any:
    """Call an entrance as the connector does, or with something changed."""
    channel, secret = joined
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    stamp = changed.pop("timestamp", int(time.time()))
    headers = webhook_headers([changed.pop("secret", secret)], message_id=call_id, timestamp=stamp, body=body)
    headers.update(changed.pop("headers", {}))
    where = reverse(f"webhook_channel_{what}", args=[channel.public_id])
    return client.post(where, changed.pop("sent", body), content_type="application/json", headers=headers)


def test_a_message_comes_in_once_and_goes_on_in_its_conversation(client: Client, joined: Any) -> None:
    """The same id twice is one message; the next one of the same person goes on in the open conversation."""
    first = call(
        client,
        joined,
        {
            "id": "m1",
            "from": ANN,
            "text": "你好",
            "files": [{"name": "a.png", "content": base64.b64encode(b"\x89PNG\r\n\x1a\n0").decode()}],
        },
    )
    assert first.status_code == 201
    again = call(client, joined, {"id": "m1", "from": ANN, "text": "你好"}, call_id="call-2")
    assert (again.status_code, again.json()["repeated"], again.json()["id"]) == (200, True, first.json()["id"])
    second = call(client, joined, {"id": "m2", "from": ANN, "text": "还在吗？"}, call_id="call-3")
    assert second.json()["conversation"] == first.json()["conversation"]
    message = Message.objects.order_by("pk").first()
    assert (message.text, message.author_name) == ("你好", "安")
    assert [(one.name, one.media_type) for one in files_of("message", message.pk)] == [("a.png", "image/png")]


@pytest.mark.parametrize(
    "changed",
    [
        {"secret": "whsec_" + base64.b64encode(b"another").decode()},
        {"timestamp": int(time.time()) - 3600},
        {"headers": {"webhook-signature": ""}},
        {"headers": {"webhook-id": "another"}},
        {"sent": b'{"id": "m1", "from": {"kind": "phone", "value": "1"}, "text": "forged"}'},
    ],
    ids=["other secret", "old", "no signature", "other id", "other body"],
)
def test_what_is_not_signed_by_the_connector_gets_nothing(client: Client, joined: Any, changed: Any) -> None:
    """Refused without a word about what is there, and nothing is stored."""
    answer = call(client, joined, {"id": "m1", "from": ANN, "text": "forged"}, **changed)
    assert answer.status_code == 403
    assert not Message.objects.exists()


def test_an_unknown_channel_looks_like_a_wrong_signature(client: Client, joined: Any) -> None:
    """Nobody learns which channels there are."""
    known = call(client, joined, {}, secret="whsec_" + base64.b64encode(b"x").decode())
    unknown = client.post("/channels/chn_0009z/in", b"{}", content_type="application/json")
    assert (known.status_code, known.json()["error"]) == (unknown.status_code, unknown.json()["error"])


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"\xff not json", None), ([1], None), ({"text": "x"}, "from"), ({"from": ANN}, "text"),
        ({"from": ANN, "text": 7}, "text"), ({"from": ANN, "text": "x" * 200_001}, "text"),
        ({"from": ANN, "text": "x", "files": [{"name": "a", "content": "!!"}]}, "files"),
        ({"from": ANN, "text": "x", "at": "yesterday"}, "at"), ({"from": {"kind": "phone", "value": ""}, "text": "x"}, "from"),
    ],
)  # fmt: skip
def test_bad_messages_get_one_clear_sentence(client: Client, joined: Any, content: Any, field: str | None) -> None:
    """Each names the part that cannot be used; nothing is stored."""
    answer = call(client, joined, content)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert answer.json()["error"]
    assert not Message.objects.exists()


def test_answering_somebody_elses_message_opens_no_way_into_their_conversation(client: Client, joined: Any) -> None:
    """`reply_to` is believed only of the counterpart of that conversation."""
    first = call(client, joined, {"id": "m1", "from": ANN, "text": "secret"}).json()
    other = call(
        client,
        joined,
        {"id": "m2", "from": {"kind": "phone", "value": "+8613900139000"}, "text": "x", "reply_to": first["id"]},
        call_id="c2",
    )
    assert other.json()["conversation"] != first["conversation"]


def test_answers_go_out_signed_and_what_became_of_them_comes_back(
    client: Client, joined: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal is final, a connector that is away is tried again, a delivery is noted."""
    call(client, joined, {"id": "m1", "from": ANN, "text": "你好"})
    conversation = Conversation.objects.get()
    calls: list[tuple[str, bytes]] = []
    outcomes = [Outcome(1, None, "timeout"), Outcome(1, 200)]

    def post(url: str, body: bytes, headers: dict[str, str]) -> Outcome:
        """Keep the call."""
        calls.append((url, body))
        assert headers["webhook-signature"].startswith("v1,")
        return outcomes.pop(0)

    monkeypatch.setattr(sending, "post_webhook", post)
    message = send_message(
        actor=system_actor(), conversation_id=conversation.pk, outgoing=Outgoing("在的"), hold_seconds=0
    )
    with pytest.raises(DeliveryError):
        delivering.deliver(message.pk)
    delivering.deliver(message.pk)
    told = json.loads(calls[-1][1])
    assert (calls[-1][0], told["text"], told["to"]["value"]) == (
        "https://sms.example/answers",
        "在的",
        "+8613800138000",
    )
    assert json.loads(calls[0][1])["id"] == told["id"]
    assert call(client, joined, {"id": told["id"], "state": "read"}, what="state", call_id="c5").status_code == 200
    message.refresh_from_db()
    assert message.delivery == DeliveryState.READ
    assert call(client, joined, {"id": "msg_0009z", "state": "read"}, what="state", call_id="c6").status_code in {
        404,
        422,
    }
    outcomes.append(Outcome(1, 400, "status", "no such number"))
    refused = send_message(
        actor=system_actor(), conversation_id=conversation.pk, outgoing=Outgoing("?"), hold_seconds=0
    )
    delivering.deliver(refused.pk)
    refused.refresh_from_db()
    assert (refused.delivery, refused.error_detail) == (DeliveryState.FAILED, "400 no such number")
    assert str(WebhookAdapter.errors[refused.error])


@pytest.mark.django_db(transaction=True)
def test_the_example_connector_joins_a_channel_both_ways(
    live_server: Any, settings: Any, joined: Any, tmp_path: Path
) -> None:
    """The connector of `examples/` as a process of its own: a text message comes in, the answer goes out through it."""
    settings.CONFIG = replace(settings.CONFIG, webhooks_inside=True)
    channel, secret = joined
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    update_channel(actor=system_actor(), channel_id=channel.pk, address=f"http://127.0.0.1:{port}/answers")
    where = {"GUANXI_CHANNEL": f"{live_server.url}/channels/{channel.public_id}/", "GUANXI_SECRET": secret}
    log = tmp_path / "log"
    with (
        log.open("w") as out,
        subprocess.Popen(
            [sys.executable, str(EXAMPLE), str(port)], env={**os.environ, **where}, stdout=out
        ) as connector,
    ):
        try:
            sent = json.dumps({"from": "+8613800138000", "name": "安", "text": "你好", "id": "sms-1"}).encode()
            answer = json.loads(_post(f"http://127.0.0.1:{port}/sms", sent))
            message = Message.objects.get()
            assert (answer["id"], message.text, message.external_key) == (message.public_id, "你好", "sms-1")
            ours = send_message(
                actor=system_actor(), conversation_id=message.conversation_id, outgoing=Outgoing("在的"), hold_seconds=0
            )
            delivering.deliver(ours.pk)
            for _try in range(100):
                ours.refresh_from_db()
                if ours.delivery == DeliveryState.DELIVERED:
                    break
                time.sleep(0.05)
            assert ours.delivery == DeliveryState.DELIVERED
            assert log.read_text() == "to +8613800138000: 在的\n"
        finally:
            connector.kill()


def _post(url: str, body: bytes) -> bytes:
    """Post once the connector listens."""
    for _try in range(100):
        try:
            with urllib.request.urlopen(url, body, timeout=10) as answer:
                return answer.read()
        except urllib.error.URLError as error:
            if isinstance(error, urllib.error.HTTPError):
                raise
            time.sleep(0.05)
    raise AssertionError("the connector does not listen")


def test_without_an_address_the_composer_says_so_before_anything_is_sent(joined: Any) -> None:
    """A channel that only listens is no surprise."""
    channel, _secret = joined
    assert WebhookAdapter().doubt(channel) == ""
    update_channel(actor=system_actor(), channel_id=channel.pk, address="")
    channel.refresh_from_db()
    assert "no address of a connector" in WebhookAdapter().doubt(channel)


def test_a_call_that_is_played_again(client: Client, joined: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within minutes it is the same message; later it is refused; a new stamp or id needs the secret; nothing goes back."""
    content = {"from": ANN, "text": "Pay me"}
    stamp = int(time.time())
    assert call(client, joined, content, call_id="once", timestamp=stamp).status_code == 201
    assert call(client, joined, content, call_id="once", timestamp=stamp).json()["repeated"]
    body = json.dumps(content).encode()
    signed = webhook_headers([joined[1]], message_id="once", timestamp=stamp, body=body)
    for changed in ({"webhook-id": "twice"}, {"webhook-timestamp": str(stamp + 1)}):
        assert call(client, joined, content, headers={**signed, **changed}).status_code == 403
    for age in (330, -330, 10**9):
        assert call(client, joined, content, call_id="old", timestamp=max(stamp - age, 0)).status_code == 403
    assert Message.objects.count() == 1
    monkeypatch.setattr(sending, "post_webhook", lambda *_given: Outcome(1, 200))
    ours = send_message(
        actor=system_actor(), conversation_id=Conversation.objects.get().pk, outgoing=Outgoing("Done"), hold_seconds=0
    )
    delivering.deliver(ours.pk)
    for number, state in enumerate(("read", "delivered", "failed")):
        told = call(client, joined, {"id": ours.public_id, "state": state}, what="state", call_id=f"s{number}")
        assert told.status_code == 200
    ours.refresh_from_db()
    assert ours.delivery == DeliveryState.READ

"""Webhooks: signed, in order for each record, tried for three days, never led inside, never wider than their user."""

import json
import random
import socket
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.conf import settings as django_settings
from django.test import Client

from guanxi.core import clock, events
from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.changes import operation
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.core.jobs import run_pending
from guanxi.core.models import Change, Role, User
from guanxi.core.outbound import OutboundEvent, Told
from guanxi.core.retention import kinds
from guanxi.core.secret_box import SealedElsewhereError, seal, unseal
from guanxi.integration.tests import receiver as behaviours
from guanxi.integration.tests.receiver import Receiver, is_signed
from guanxi.integration.tests.webhook_fixtures import a_receiver, an_endpoint, an_owner, leads_inside
from guanxi.integration.webhooks import addresses, delivering, jobs, sending, services, signing, spreading
from guanxi.integration.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookMessage

pytestmark = pytest.mark.django_db
FIXTURES = (a_receiver, an_endpoint, an_owner, leads_inside)


class Something(events.Event):
    """Stands for an event of any module."""


ANYTHING = OutboundEvent("thing.changed", "thing", Something, lambda event: (), ("customer", "view"))


def happened(*told: Told) -> None:
    """Spread what was told as an event's delivery does."""
    spreading.spread(replace(ANYTHING, tell=lambda _event: told), Something())


def about(number: int, **data: Any) -> Told:
    """Something told of one customer."""
    return Told({"id": f"cus_{number}", **data}, kind="customer", record_id=number)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever hangs is not waited for long."""
    monkeypatch.setattr(delivering, "post", lambda *args: sending.post(*args, seconds=0.4))


def send() -> None:
    """Do now what the worker's job does; its own clock is the database's, which no test can turn."""
    for number in WebhookEndpoint.objects.values_list("pk", flat=True):
        jobs.send_messages.call(number)


def later(monkeypatch: pytest.MonkeyPatch, pause: timedelta) -> None:
    """Let some time pass."""
    now = clock.now() + pause
    monkeypatch.setattr(clock, "now", lambda: now)


def test_the_published_example_of_the_scheme() -> None:
    """The test vector that the scheme's reference libraries carry."""
    signed = signing.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_both_secrets_hold_for_a_day(
    endpoint: Any, owner: Actor, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The receiver may change at leisure; the journal knows that it changed, not what it is."""
    row, first = endpoint
    second = services.change_secret(actor=owner, endpoint_id=row.pk)
    happened(about(1))
    send()
    assert [is_signed(secret, *receiver.calls[0]) for secret in (first, second)] == [True, True]
    later(monkeypatch, timedelta(days=1, minutes=1))
    happened(about(1))
    send()
    assert [is_signed(secret, *receiver.calls[1]) for secret in (first, second)] == [False, True]
    journal = json.dumps(list(Change.objects.values_list("before", "after")), default=str)
    kept = str(WebhookEndpoint.objects.values_list("secret", "old_secret").get())
    for secret in (first, second):
        assert secret not in journal
        assert secret not in kept
        assert secret.removeprefix("whsec_") not in kept


def test_order_is_kept_for_each_record_and_others_go_on(
    endpoint: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was refused is waited for by what is about the same record, and by nothing else."""
    receiver.answers = [500]
    happened(about(1, step=1), about(2, step=1), about(1, step=2))
    send()
    assert [(t["data"]["id"], t["data"]["step"]) for t in receiver.told] == [("cus_1", 1), ("cus_2", 1)]
    later(monkeypatch, timedelta(seconds=6))
    send()
    steps = [t["data"]["step"] for t in receiver.told if t["data"]["id"] == "cus_1"]
    assert steps == [1, 1, 2]
    first, again = [headers["webhook-id"] for headers, _body in receiver.calls][0::2][:2]
    assert first == again


def test_what_is_about_many_passes_nothing_and_is_passed_by_nothing(endpoint: Any, receiver: Receiver) -> None:
    """A message about many records may be about any of them."""
    receiver.answers = [500]
    happened(about(1), Told({"ids": ["cus_1", "cus_2"]}), about(2))
    send()
    assert len(receiver.calls) == 1


@pytest.mark.parametrize(
    ("answer", "problem", "status"),
    [
        (behaviours.hang, "timeout", None),
        (behaviours.trickle, "timeout", None),
        (behaviours.redirect_inside, "redirect", 302),
        (404, "status", 404),
        (503, "status", 503),
    ],
)
def test_receivers_that_do_not_hear(endpoint: Any, receiver: Receiver, answer: Any, problem: str, status: Any) -> None:
    """Each is one try with its reason; the message waits for the next."""
    receiver.answer = answer
    happened(about(1))
    send()
    attempt = WebhookAttempt.objects.get()
    assert (attempt.problem, attempt.status) == (problem, status)
    assert WebhookMessage.objects.get().state == "waiting"
    assert len(receiver.calls) == 1


def test_an_endless_answer_is_read_no_further_than_needed(endpoint: Any, receiver: Receiver) -> None:
    """Ten megabytes of answer: heard, and a few hundred characters of it kept."""
    receiver.answer = behaviours.ten_megabytes
    happened(about(1))
    send()
    attempt = WebhookAttempt.objects.get()
    assert (attempt.problem, attempt.status, len(attempt.answer)) == ("", 200, sending.SHOWN_CHARACTERS)


def test_an_answer_without_an_end_is_left_after_its_beginning(endpoint: Any, receiver: Receiver) -> None:
    """However much there is, no more is taken than what lies in the buffers of both sides."""
    receiver.answer = behaviours.endless
    happened(about(1))
    send()
    assert WebhookAttempt.objects.get().problem == ""
    until = time.monotonic() + 10
    while not hasattr(receiver.server, "taken"):
        assert time.monotonic() < until
        time.sleep(0.01)
    assert receiver.server.taken < 50_000_000


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_order_is_kept_whatever_fails(
    endpoint: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Four records with six steps each, and a receiver that refuses half of what comes: each step once, in its order."""
    chance = random.Random(seed)
    receiver.answers = [chance.choice([204, 204, 204, 204, 500, 404, 302, 503]) for _number in range(60)]
    steps = [(record, step) for step in range(6) for record in range(4)]
    happened(*(about(record + 1, step=step) for record, step in steps))
    refused = list(receiver.answers)
    for _number in range(200):
        send()
        if not WebhookMessage.objects.filter(state="waiting").exists():
            break
        later(monkeypatch, timedelta(hours=1))
    answers = [*refused, *[204] * len(receiver.calls)]
    heard = [
        (t["data"]["id"], t["data"]["step"]) for t, answer in zip(receiver.told, answers, strict=False) if answer == 204
    ]
    assert sorted(heard) == sorted((f"cus_{record + 1}", step) for record, step in steps)
    for record in range(4):
        assert [step for number, step in heard if number == f"cus_{record + 1}"] == list(range(6))


def test_a_receiver_that_is_away_is_left_in_peace(
    endpoint: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One call tells that it is away; the others wait for as long as it asks."""
    receiver.answers = [behaviours.ask_for_rest]
    happened(*(about(number) for number in range(5)))
    send()
    assert len(receiver.calls) == 1
    later(monkeypatch, timedelta(seconds=890))
    send()
    assert len(receiver.calls) == 1
    later(monkeypatch, timedelta(seconds=20))
    send()
    assert len(receiver.calls) == 6
    assert not WebhookMessage.objects.exclude(state="delivered").exists()


def test_after_three_days_it_is_given_up_said_and_can_be_replayed(
    endpoint: Any, owner: Actor, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many tries further and further apart; then a stop with its reason; then everything once it is back."""
    receiver.answer = 503
    happened(about(1), about(1))
    began = clock.now()
    for _number in range(60):
        send()
        row = WebhookEndpoint.objects.get()
        if not row.is_active:
            break
        later(monkeypatch, max(timedelta(seconds=1), (row.rests_until or clock.now()) - clock.now()))
    assert (row.is_active, row.stopped_because) == (False, "status")
    assert timedelta(days=2, hours=12) < clock.now() - began < timedelta(days=4)
    assert 10 < len(receiver.calls) < 40
    assert sorted(WebhookMessage.objects.values_list("state", flat=True)) == ["failed", "waiting"]
    receiver.answer = 200
    services.update_endpoint(actor=owner, endpoint_id=row.pk, is_active=True)
    assert services.replay(actor=owner, endpoint_id=row.pk, failed_only=True) == 1
    send()
    assert set(WebhookMessage.objects.values_list("state", flat=True)) == {"delivered"}


def test_gone_for_good_is_believed(endpoint: Any, receiver: Receiver) -> None:
    """410 stops a webhook at once."""
    receiver.answer = 410
    happened(about(1))
    send()
    assert WebhookEndpoint.objects.values_list("is_active", "stopped_because").get() == (False, "gone")


INSIDE = [
    "https://127.0.0.1/", "https://localhost/", "https://10.1.2.3/", "https://[::1]/", "https://169.254.169.254/x",
    "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://100.64.0.1/",
    "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://0177.0.0.1/", "https://017700000001/",
    "https://127.1/", "https://0/", "https://127.0.0.1./", "https://localhost./", "https://LOCALHOST/",
    "https://１２７.0.0.1/", "https://①②⑦.⓪.⓪.①/", "https://printer.local./", "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/", "https://[::ffff:0:127.0.0.1]/", "https://[64:ff9b:1::7f00:1]/", "https://[fec0::1]/",
    "https://[3fff::1]/", "https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/", "https://[::]/", "https://[ff02::1]/",
    "https://0.0.0.0/", "https://[fd00::1]/", "https://[fe80::1%25eth0]/", "https://printer.local/", "https://224.0.0.1/",
    "http://example.com/", "https://user:secret@example.com/", "ftp://example.com/", "https:///x", "https://exa mple.com/",
    "https://example.com:0/", "https://example.com:99999/", "javascript:alert(1)", "", "https://" + "a" * 600 + ".com/",
]  # fmt: skip


@pytest.mark.parametrize("url", INSIDE)
def test_addresses_that_are_refused(settings: Any, owner: Actor, url: str) -> None:
    """Inside, without encryption, with a password, or none at all; in whatever form they are written."""
    settings.CONFIG = replace(django_settings.CONFIG, webhooks_inside=False)
    with pytest.raises(InvalidInput) as refused:
        services.create_endpoint(actor=owner, label="x", url=url)
    assert refused.value.column == "url"
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize("leads_to", ["127.0.0.1", "2130706433", "0x7f.1", "10.0.0.8", "::1", "::ffff:127.0.0.1"])
def test_names_that_lead_inside_are_not_called(
    settings: Any, endpoint: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, leads_to: str
) -> None:
    """A public name is looked at again when it is called, and the call goes to the address that was looked at."""
    settings.CONFIG = replace(django_settings.CONFIG, webhooks_inside=False)
    port = receiver.server.server_address[1]
    WebhookEndpoint.objects.update(url=f"https://hooks.example.com:{port}/")
    look_up = addresses.socket.getaddrinfo
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda _host, *args, **kw: look_up(leads_to, *args, **kw))
    happened(about(1))
    send()
    assert WebhookAttempt.objects.get().problem == "inside"
    assert not receiver.calls


OUTSIDE = [
    "https://example.com/x", "https://8.8.8.8/", "https://134744072/", "https://[2606:4700::1111]/", "https://1.example/",
    "https://münchen.example/", "https://10.example.com/", "https://0x7f.example.com/", "https://例え.example:8443/x?y=1",
]  # fmt: skip


@pytest.mark.parametrize("url", OUTSIDE)
def test_addresses_of_the_public_internet_are_taken(settings: Any, owner: Actor, url: str) -> None:
    """So that refusing everything would not pass for safe."""
    settings.CONFIG = replace(django_settings.CONFIG, webhooks_inside=False)
    assert services.create_endpoint(actor=owner, label="x", url=url)[0].url == url


class Wire(socket.socket):
    """A socket that keeps where it was to go, and goes nowhere."""

    went: ClassVar[list[Any]] = []

    def connect(self, where: Any) -> None:
        """Keep it."""
        self.went.append(where)
        raise ConnectionRefusedError


ANSWERS = [
    ([["8.8.8.8"], ["127.0.0.1"], ["127.0.0.1"]], "connection", [("8.8.8.8", 443)]),
    ([["8.8.8.8", "127.0.0.1"]], "inside", []), ([["127.0.0.1", "8.8.8.8"]], "inside", []),
    ([["8.8.8.8", "::ffff:10.0.0.1"]], "inside", []), ([["::127.0.0.1"]], "inside", []), ([["fec0::1"]], "inside", []),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "problem", "went"), ANSWERS)
def test_a_name_that_answers_otherwise_each_time_leads_nowhere_inside(
    settings: Any, endpoint: Any, monkeypatch: pytest.MonkeyPatch, answers: Any, problem: str, went: Any
) -> None:
    """It is looked up once for a call; what was looked at is where the call goes; one address inside spoils all."""
    settings.CONFIG = replace(django_settings.CONFIG, webhooks_inside=False)
    WebhookEndpoint.objects.update(url="https://hooks.example.com/")
    asked = iter(answers)

    def look_up(_host: str, port: int, **_more: Any) -> list[Any]:
        families = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(families[":" in where], socket.SOCK_STREAM, 6, "", (where, port)) for where in next(asked)]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", look_up)
    monkeypatch.setattr(sending.socket, "socket", Wire)
    Wire.went.clear()
    happened(about(1))
    send()
    assert WebhookAttempt.objects.get().problem == problem
    assert Wire.went == went


def test_a_test_message_passes_what_waits(endpoint: Any, owner: Actor, receiver: Receiver) -> None:
    """The button shows whether the receiver hears now."""
    receiver.answers = [500]
    happened(about(1))
    send()
    services.send_test(actor=owner, endpoint_id=endpoint[0].pk)
    send()
    assert receiver.told[-1]["type"] == "guanxi.test"


def test_a_secret_of_another_installation_stops_it(endpoint: Any, receiver: Receiver, settings: Any) -> None:
    """A database moved without its secret key signs nothing wrongly."""
    sealed = seal("x")
    settings.SECRET_KEY = "another-key-" * 5
    with pytest.raises(SealedElsewhereError):
        unseal(sealed)
    happened(about(1))
    send()
    assert not receiver.calls
    assert WebhookEndpoint.objects.get().stopped_because == "secret"


def test_old_messages_go(endpoint: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """A month after they ended, with their tries; what waits stays."""
    receiver.answers = [204, 500]
    happened(about(1), about(2))
    send()
    later(monkeypatch, timedelta(days=31))
    (part,) = kinds["webhook_log"].parts
    rows = part.rows(clock.now() - timedelta(days=kinds["webhook_log"].days or 0))
    with operation(actor=system_actor(), name="test") as op:
        gone = part.finish(op, list(rows.values_list("pk", flat=True)))
    assert gone == {"integration.WebhookMessage": 1, "integration.WebhookAttempt": 1}
    assert WebhookMessage.objects.values_list("state", flat=True).get() == "waiting"


def test_the_pages(client: Client, receiver: Receiver) -> None:
    """Made, its secret shown once, tested, its log read, changed, stopped, removed."""
    owner = User.objects.create(username="boss", role=Role.objects.get(key="owner"))
    client.force_login(owner)
    assert "Nobody is told yet" in client.get("/settings/webhooks").content.decode()
    wrong = client.post("/settings/webhooks/new", {"label": "ERP", "url": "nonsense"})
    assert wrong.status_code in {200, 422}
    assert "This is not an address" in wrong.content.decode()
    page = client.post("/settings/webhooks/new", {"label": "ERP", "url": receiver.url, "types": ["customer.created"]})
    secret = page.content.decode().split("data-webhook-secret>")[1].split("<")[0]
    row = WebhookEndpoint.objects.get()
    address = f"/settings/webhooks/{row.public_id}"
    assert unseal(row.secret) == secret
    assert secret not in client.get(address).content.decode()
    client.post(f"{address}/test")
    run_pending()
    log = client.get(address).content.decode()
    assert "Test" in log
    assert "204" in log
    message = WebhookMessage.objects.get()
    client.post(f"{address}/replay", {"message": message.message_id})
    run_pending()
    assert len(receiver.calls) == 2
    client.post(f"{address}/change", {"label": "仓库", "url": receiver.url})
    assert WebhookEndpoint.objects.values_list("label", "types").get() == ("仓库", [])
    client.post(f"{address}/active", {"active": "no"})
    assert not WebhookEndpoint.objects.get().is_active
    client.post(f"{address}/remove")
    assert not WebhookEndpoint.objects.exists()


def test_where_webhooks_lead_and_their_secrets_ask_who_it_is(client: Client, endpoint: Any) -> None:
    """An open browser is not enough to have data sent elsewhere, or to read a secret; stopping asks nothing."""
    row, secret = endpoint
    client.force_login(row.user)
    session = client.session
    session["guanxi_confirmed"] -= 3600
    session.save()
    address = f"/settings/webhooks/{row.public_id}"
    elsewhere = {"label": "ERP", "url": "https://elsewhere.example/", "types": ["customer.created"]}
    for path in ("/settings/webhooks/new", f"{address}/change", f"{address}/secret"):
        asked = client.post(path, elsewhere)
        assert (asked.status_code, asked["Location"][:18]) == (307, "/accounts/confirm/"), path
        assert "https://elsewhere.example/" in client.post(asked["Location"], elsewhere).content.decode()
    assert [(one.url, unseal(one.secret)) for one in WebhookEndpoint.objects.all()] == [(row.url, secret)]
    assert client.post(f"{address}/active", {"active": "no"})["Location"] == address
    assert not WebhookEndpoint.objects.get().is_active


def test_pages_and_services_refuse_those_who_may_not(client: Client, endpoint: Any) -> None:
    """An agent neither sees nor changes a webhook."""
    user = User.objects.create(username="li", role=Role.objects.get(key="agent"))
    client.force_login(user)
    address = f"/settings/webhooks/{endpoint[0].public_id}"
    before = WebhookEndpoint.objects.values().get()
    for path in ("/settings/webhooks", "/settings/webhooks/new", address, f"{address}/change"):
        assert client.get(path).status_code in {403, 404}
    for act in ("secret", "active", "test", "replay", "remove", "change"):
        assert client.post(f"{address}/{act}").status_code in {403, 404}
    with pytest.raises(NotFound):
        services.change_secret(actor=actor_of(user), endpoint_id=endpoint[0].pk)
    assert WebhookEndpoint.objects.values().get() == before

"""Sessions are seen and ended, by their owner and by those who manage users; the history tells who tried what."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from guanxi.core import changes
from guanxi.core.actor import actor_of, console_actor
from guanxi.core.errors import Conflict, Forbidden, NotFound
from guanxi.core.models import Change, Operation, Role, Session, User
from guanxi.people import services
from guanxi.people.models import SignIn
from guanxi.people.signing_in import queries
from guanxi.people.signing_in.confirming import CONFIRMED
from guanxi.people.signing_in.services import sessions

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; HUAWEI) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 MicroMessenger/8.0"
)


@pytest.fixture
def ann() -> User:
    """An owner."""
    user, _password = services.create_user(actor=console_actor(), name="ann", role="owner", password=PASSWORD)
    return user


@pytest.fixture
def bob() -> User:
    """An agent."""
    user, _password = services.create_user(actor=console_actor(), name="bob", role="agent", password=PASSWORD)
    return user


def signed_in(name: str, agent: str = FIREFOX, address: str = "203.0.113.7") -> Client:
    """A browser that has signed in."""
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    assert client.post("/accounts/login/", {"login": name, "password": PASSWORD}).status_code == 302
    return client


def shown_long_ago(client: Client) -> Client:
    """The same browser, in which they have shown long ago who they are."""
    session = client.session
    session[CONFIRMED] = 0
    session.save()
    return client


def is_inside(client: Client) -> bool:
    """Whether the browser is signed in."""
    return client.get("/").status_code == 200


def test_ones_own_sessions_say_device_address_and_which_is_this(bob: User) -> None:
    here = signed_in("bob")
    signed_in("bob", PHONE, "2001:db8::1")
    text = here.get("/settings/security").content.decode()
    assert "Firefox on Linux" in text
    assert "WeChat on Android" in text
    assert "2001:db8::1" in text
    assert text.count("this browser") == 1
    assert here.session.session_key not in text
    assert not any(key in text for key in Session.objects.values_list("session_key", flat=True))


def test_ending_one_session_and_all_others(bob: User) -> None:
    here, phone, third = signed_in("bob"), signed_in("bob", PHONE), signed_in("bob")
    text = here.get("/settings/security").content.decode()
    numbers = re.findall(r'name="number" value="(\w+)"', text)
    assert len(numbers) == 2
    listed = {entry.number: entry for entry in queries.sessions_of(actor_of(bob), bob.pk)}
    of_phone = next(number for number in numbers if "WeChat" in listed[number].device)
    assert here.post("/settings/security/sessions/end", {"number": of_phone}).status_code == 302
    assert [is_inside(one) for one in (here, phone, third)] == [True, False, True]
    assert here.post("/settings/security/sessions/end", {"number": of_phone}).status_code == 404
    here.post("/settings/security/sessions/end-others")
    assert [is_inside(one) for one in (here, phone, third)] == [True, False, False]
    told = Change.objects.filter(kind="user", record_id=bob.pk, field="sessions")
    assert [(row.before, row.after, row.act) for row in told.order_by("id")] == [(1, 0, "done"), (1, 0, "done")]


def test_sessions_of_others_only_for_those_who_manage_users(ann: User, bob: User) -> None:
    services.create_user(actor=console_actor(), name="eve", role="manager", password=PASSWORD)
    owner, victim, eve = signed_in("ann"), signed_in("bob"), signed_in("eve")
    of_bob = queries.sessions_of(actor_of(bob), bob.pk)[0].number
    for path, data in (
        ("security", None),
        ("sessions/end", {"number": of_bob}),
        ("sessions/end-all", {}),
        ("unlock", {}),
        ("second-factors/reset", {}),
    ):
        address = f"/settings/users/{bob.pk}/{path}"
        answer = eve.get(address) if data is None else eve.post(address, data)
        assert answer.status_code in {403, 404}, path
    assert eve.get("/settings/sign-ins").status_code in {403, 404}
    assert eve.post("/settings/security/sessions/end", {"number": of_bob}).status_code == 404
    with pytest.raises(Forbidden):
        sessions.end_sessions(actor=actor_of(User.objects.get(username="eve")), user_id=bob.pk)
    assert is_inside(victim)
    part = owner.get(f"/settings/users/{bob.pk}/security", headers={"hx-request": "true"})
    assert "Firefox on Linux" in part.content.decode()
    assert owner.post(f"/settings/users/{bob.pk}/sessions/end", {"number": of_bob}).status_code == 302
    assert not is_inside(victim)
    again = signed_in("bob")
    owner.post(f"/settings/users/{bob.pk}/sessions/end-all")
    assert not is_inside(again)
    owner.post(f"/settings/users/{ann.pk}/sessions/end-all")
    assert is_inside(owner)


def test_ended_sessions_cannot_be_given_back(bob: User) -> None:
    signed_in("bob")
    sessions.end_sessions(actor=console_actor(), user_id=bob.pk)
    operation = Operation.objects.get(name="people.end_sessions")
    with pytest.raises(Conflict):
        changes.undo_operation(actor=console_actor(), operation_id=operation.pk)


def test_a_session_of_a_removed_user_and_a_fixed_one_are_worth_nothing(bob: User) -> None:
    client = Client()
    client.get("/accounts/login/")
    store = client.session
    store["planted"] = "by somebody else"
    store.save()
    planted = store.session_key
    client.cookies["guanxi_session"] = planted
    client.post("/accounts/login/", {"login": "bob", "password": PASSWORD})
    assert client.cookies["guanxi_session"].value != planted
    thief = Client()
    thief.cookies["guanxi_session"] = planted
    assert not is_inside(thief)
    assert is_inside(client)
    services.set_active(actor=console_actor(), user_id=bob.pk, is_active=False)
    assert not is_inside(client)
    for key in ("", "x", "a" * 32, "' OR 1=1 --", "\x00"):
        thief.cookies["guanxi_session"] = key
        assert not is_inside(thief)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        "\t//evil.example",
    ],
)
def test_signing_in_and_confirming_lead_nowhere_else(bob: User, target: str) -> None:
    client = Client()
    answer = client.post("/accounts/login/", {"login": "bob", "password": PASSWORD, "next": target})
    assert answer["Location"] == "/"
    page = client.get("/accounts/confirm/", {"next": target}).content.decode()
    assert "evil.example" not in page
    confirmed = client.post("/accounts/confirm/", {"confirm-password": PASSWORD, "confirm-next": target})
    assert confirmed["Location"] == "/settings/security"


def test_confirming_leads_back_and_a_wrong_password_is_counted(bob: User) -> None:
    client = shown_long_ago(signed_in("bob"))
    address = "/accounts/confirm/"
    for _again in range(5):
        assert client.post(address, {"confirm-password": "wrong", "confirm-next": "/customers/"}).status_code == 200
    assert client.post(address, {"confirm-password": PASSWORD, "confirm-next": "/customers/"}).status_code == 429
    other = shown_long_ago(signed_in("bob", address="198.51.100.3"))
    assert (
        other.post(address, {"confirm-password": PASSWORD, "confirm-next": "/customers/?q=1"})["Location"]
        == "/customers/?q=1"
    )
    assert Client().get(address).status_code == 302


def test_the_history_of_the_company_with_filters(ann: User, bob: User) -> None:
    owner = signed_in("ann")
    signed_in("bob", PHONE, "198.51.100.77")
    Client().post("/accounts/login/", {"login": "bob", "password": "nonsense"}, REMOTE_ADDR="192.0.2.8")
    Client().post("/accounts/login/", {"login": "nobody", "password": "nonsense"}, REMOTE_ADDR="192.0.2.9")
    text = owner.get("/settings/sign-ins").content.decode()
    for part in ("Wrong password", "No such user", "198.51.100.77", "WeChat on Android", "bob"):
        assert part in text
    assert "nonsense" not in text
    assert "nobody" not in text
    failures = owner.get("/settings/sign-ins", {"outcome": "wrong_password"}).content.decode()
    assert "192.0.2.8" in failures
    assert "192.0.2.9" not in failures
    assert "198.51.100.77" in owner.get("/settings/sign-ins", {"address": "198.51"}).content.decode()
    own = signed_in("bob").get("/settings/security").content.decode()
    assert "Wrong password" in own
    assert "No such user" not in own


def test_who_was_last_seen_when_is_kept_every_few_minutes(bob: User, django_assert_num_queries: Any) -> None:
    client = signed_in("bob")
    client.get("/live/ticket")
    with django_assert_num_queries(1):
        client.get("/live/ticket")
    Session.objects.update(last_seen_at="2001-01-01T00:00:00Z")
    client.get("/live/ticket", REMOTE_ADDR="198.51.100.1")
    session = Session.objects.get()
    assert session.last_seen_at.year > 2001
    assert session.address == "198.51.100.1"


@pytest.mark.full
def test_the_console_lets_a_locked_out_owner_in_again(guanxi: Any) -> None:
    made = guanxi.json("user", "create", "ann", "--role", "owner")
    recovered = guanxi.json("user", "recover", "ann")
    assert recovered["name"] == "ann"
    assert recovered["password"] != made["password"]
    assert recovered["made_owner"] is False
    assert guanxi.json("user", "sessions", "ann") == {"items": []}
    assert guanxi.json("user", "sign-ins", "ann") == {"items": []}
    assert guanxi.json("user", "end-sessions", "ann")["ended"] == 0
    assert guanxi.json("user", "unlock", "ann")["dropped"] == 0
    assert guanxi.json("user", "mfa-reset", "ann")["dropped"] == 0
    refused = guanxi.run("user", "recover", "eve", expect=1)
    assert refused.err.count("\n") == 1


def test_recovering_makes_active_and_owner_only_where_nobody_is(ann: User, bob: User) -> None:
    from guanxi.people.signing_in.services import accounts

    User.objects.filter(pk=ann.pk).update(is_active=False)
    inside = signed_in("bob")
    done = accounts.recover(actor=console_actor(), user_id=bob.pk)
    assert (done.is_owner_again, done.is_active_again, done.ended_sessions) == (True, False, 1)
    assert not is_inside(inside)
    back = accounts.recover(actor=console_actor(), user_id=ann.pk)
    assert (back.is_owner_again, back.is_active_again) == (False, True)
    client = Client()
    assert client.post("/accounts/login/", {"login": "ann", "password": back.password}).status_code == 302
    names = set(Operation.objects.filter(means="cli").values_list("name", flat=True))
    assert {"people.update_user", "people.set_password", "people.end_sessions"} <= names
    assert Role.objects.get(users=bob).key == "owner"
    with pytest.raises(NotFound):
        accounts.recover(actor=console_actor(), user_id=999)
    assert SignIn.objects.filter(user=ann).count() == 1


def test_a_session_begun_with_a_recovery_code_says_so_in_words() -> None:
    assert queries.means_words("password recovery_codes"[:20]) == "Password + Recovery code"
    with translation.override("zh-hans"):
        assert queries.means_words("password recovery_codes"[:20]) == "密码 + 恢复码"

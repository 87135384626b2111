"""Guessing passwords is slowed down without letting anybody lock somebody else out."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
from django.utils import timezone

from guanxi.core import clock
from guanxi.core.actor import actor_of, console_actor
from guanxi.core.client_address import network_of
from guanxi.core.errors import Forbidden
from guanxi.core.models import Change, User
from guanxi.core.retention import kinds
from guanxi.people import services
from guanxi.people.models import SignIn, Throttle
from guanxi.people.models.signing_in import Outcome
from guanxi.people.signing_in.services import accounts, throttling

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
LOGIN = "/accounts/login/"


@pytest.fixture
def ann() -> User:
    """An owner."""
    user, _password = services.create_user(actor=console_actor(), name="ann", role="owner", password=PASSWORD)
    return user


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Let time pass."""
    real, shift = timezone.now, [timedelta(0)]
    monkeypatch.setattr("guanxi.core.clock.now", lambda: real() + shift[0])

    def later(**span: float) -> None:
        shift[0] += timedelta(**span)

    return later


def tried(client: Client, name: str = "ann", password: str = "wrong", address: str = "203.0.113.7") -> Any:
    """One attempt."""
    return client.post(LOGIN, {"login": name, "password": password}, REMOTE_ADDR=address)


@pytest.mark.parametrize("name", ["ann", "nobody-of-that-name"])
def test_waits_grow_and_say_when_for_known_and_unknown_names_alike(ann: User, later: Any, name: str) -> None:
    client = Client()
    answers = [tried(client, name) for _again in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 5
    first = tried(client, name, PASSWORD)
    assert first.status_code == 429
    assert first["Retry-After"] == "30"
    assert "Please try again in 30 seconds" in first.content.decode()
    later(seconds=31)
    assert tried(client, name).status_code == 200
    second = tried(client, name)
    assert (second.status_code, second["Retry-After"]) == (429, "60")
    texts = {answer.content.decode().replace(name, "") for answer in answers[1:]}
    assert len({text.partition("<form method")[2].partition("csrfmiddlewaretoken")[0] for text in texts}) == 1


def test_known_and_unknown_names_answer_with_the_same_page_and_the_same_statements(
    ann: User, django_assert_num_queries: Any
) -> None:
    pages = []
    for name in ("ann", "abe"):
        with django_assert_num_queries(20, exact=False) as statements:
            answer = tried(Client(), name)
        text = answer.content.decode().replace(name, "")
        pages.append((len(statements), text.count("is not right"), answer.status_code))
    assert pages[0] == pages[1]
    assert SignIn.objects.filter(user=ann, outcome=Outcome.WRONG_PASSWORD).count() == 1
    assert SignIn.objects.filter(user=None, outcome=Outcome.UNKNOWN_NAME).count() == 1


def test_what_was_typed_as_a_name_is_kept_nowhere(ann: User) -> None:
    secret = "my-password-by-mistake-7781"
    tried(Client(), secret)
    kept = [*SignIn.objects.values_list(), *Throttle.objects.values_list()]
    assert secret not in repr(kept)
    assert "7781" not in repr(kept)


def test_a_sender_of_many_names_waits_and_others_do_not(ann: User) -> None:
    client = Client()
    for number in range(50):
        tried(client, f"name-{number}", address="198.51.100.9")
    assert tried(client, "name-51", address="198.51.100.9").status_code == 429
    assert tried(Client(), "ann", PASSWORD, address="198.51.100.10").status_code == 302


def test_an_ipv6_household_is_one_sender() -> None:
    assert network_of("2001:db8:1:2::7") == network_of("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert network_of("2001:db8:1:3::7") != network_of("2001:db8:1:2::7")
    assert network_of("203.0.113.7") == "203.0.113.7"
    assert network_of("fe80::1%eth0") == "fe80::/64"
    assert network_of("") == ""


def test_an_attacker_from_everywhere_cannot_keep_a_known_browser_out(ann: User, later: Any) -> None:
    mine = Client()
    assert tried(mine, "ann", PASSWORD).status_code == 302
    mine.post("/accounts/logout/")
    for number in range(40):
        tried(Client(), "ann", address=f"198.51.100.{number}")
    assert tried(Client(), "ann", PASSWORD, address="192.0.2.200").status_code == 429
    assert tried(mine, "ann", PASSWORD).status_code == 302
    later(minutes=16)
    assert tried(Client(), "ann", PASSWORD, address="192.0.2.200").status_code == 302


def test_a_known_browser_is_counted_too_and_its_sign_helps_nobody_else(ann: User) -> None:
    services.create_user(actor=console_actor(), name="bob", role="agent", password=PASSWORD)
    mine = Client()
    tried(mine, "ann", PASSWORD)
    mine.post("/accounts/logout/")
    assert [tried(mine, "ann").status_code for _again in range(6)] == [200] * 5 + [429]
    for number in range(30):
        tried(Client(), "bob", address=f"198.51.100.{number}")
    assert tried(mine, "bob", PASSWORD, address="192.0.2.9").status_code == 429
    forged = Client()
    forged.cookies["guanxi_device"] = "forged:signature"
    assert tried(forged, "bob", PASSWORD, address="192.0.2.9").status_code == 429


def test_a_success_clears_ones_own_failures_but_not_those_of_the_sender(ann: User) -> None:
    client = Client()
    for _again in range(4):
        tried(client, "ann")
    assert tried(client, "ann", PASSWORD).status_code == 302
    client.post("/accounts/logout/")
    assert not Throttle.objects.filter(key__startswith="pair:").exists()
    assert Throttle.objects.get(key__startswith="sender:").failures == 4


def test_waiting_survives_a_restart_and_an_owner_or_the_console_lifts_it(ann: User) -> None:
    for _again in range(6):
        tried(Client(), "ann")
    assert accounts.is_waiting(ann.pk)
    bob, _password = services.create_user(actor=console_actor(), name="bob", role="manager", password=PASSWORD)
    with pytest.raises(Forbidden):
        accounts.unlock(actor=actor_of(bob), user_id=ann.pk)
    accounts.unlock(actor=console_actor(), user_id=ann.pk)
    assert not accounts.is_waiting(ann.pk)
    assert Change.objects.filter(kind="user", record_id=ann.pk, field="waiting", act="done").exists()
    assert tried(Client(), "ann", PASSWORD).status_code == 302


def test_a_clock_set_back_makes_nobody_wait_for_years(ann: User, later: Any) -> None:
    later(days=4000)
    for _again in range(5):
        tried(Client(), "ann")
    later(days=-4000)
    answer = tried(Client(), "ann", PASSWORD)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) <= 3600
    later(seconds=3601)
    assert tried(Client(), "ann", PASSWORD).status_code == 302, "the wait ends by the new time"


def test_guesses_at_the_same_time_are_all_counted() -> None:
    keys = throttling.password_keys("ann", "203.0.113.7", user_id=None, device="")
    waits = [throttling.begin(keys) for _attempt in range(7)]
    assert [wait > timedelta(0) for wait in waits] == [False] * 5 + [True] * 2


def test_old_counts_are_dropped_and_history_is_past_its_period(ann: User, later: Any) -> None:
    (part,) = kinds["sign_ins"].parts
    kept = timedelta(days=kinds["sign_ins"].days or 0)
    tried(Client(), "ann")
    assert (part.rows(clock.now() - kept).count(), throttling.forget_old()) == (0, 0)
    later(days=401)
    assert part.rows(clock.now() - kept).count() == SignIn.objects.count() == 1
    assert throttling.forget_old() == 3


def test_an_old_hash_is_renewed_when_its_owner_signs_in(ann: User, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    weak = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1000)
    User.objects.filter(pk=ann.pk).update(password=weak)
    client = Client()
    assert tried(client, "ann", PASSWORD).status_code == 302
    ann.refresh_from_db()
    assert ann.password != weak
    assert client.get("/").status_code == 200

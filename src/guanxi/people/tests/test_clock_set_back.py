"""With the clock set back by an hour or a year: sessions, links and proofs that ended stay ended, and nobody is kept out."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.core.actor import actor_of, console_actor
from guanxi.core.live import tickets
from guanxi.core.models import Session, User
from guanxi.people import services
from guanxi.people.models import UsedAssertion
from guanxi.people.signing_in import links, queries
from guanxi.people.signing_in.services import accounts, throttling

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
STEPS = (timedelta(hours=1), timedelta(days=365))


@pytest.fixture
def ann() -> User:
    """Somebody with a session."""
    user, _password = services.create_user(
        actor=console_actor(), name="ann", role="owner", password=PASSWORD, email="ann@example.org"
    )
    return user


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Put the clock ahead, all of it; zero is the time as it is."""
    real, real_time, shift = timezone.now, time.time, [timedelta(0)]
    monkeypatch.setattr("django.utils.timezone.now", lambda: real() + shift[0])
    monkeypatch.setattr("guanxi.core.clock.now", lambda: real() + shift[0])
    monkeypatch.setattr("time.time", lambda: real_time() + shift[0].total_seconds())

    def put(span: timedelta) -> None:
        shift[0] = span

    return put


def signed_in() -> Client:
    """A browser in which they have signed in."""
    client = Client()
    assert client.post("/accounts/login/", {"login": "ann", "password": PASSWORD}).status_code == 302
    assert client.get("/customers/").status_code == 200
    return client


@pytest.mark.parametrize("step", STEPS)
def test_a_session_of_the_old_time_does_not_live_longer_by_it(ann: User, ahead: Any, step: timedelta) -> None:
    ahead(step)
    client = signed_in()
    ahead(timedelta(0))
    is_of_next_year = step > timedelta(days=1)
    assert (client.get("/customers/").status_code == 200) != is_of_next_year
    assert len(queries.sessions_of(actor_of(ann), ann.pk)) == (0 if is_of_next_year else 1)
    assert signed_in().get("/settings/security").status_code == 200


def test_a_session_that_was_ended_stays_ended(ann: User, ahead: Any) -> None:
    ahead(STEPS[1])
    client = signed_in()
    Session.objects.all().delete()
    ahead(timedelta(0))
    assert client.get("/customers/").status_code == 302


@pytest.mark.parametrize("step", STEPS)
def test_proof_of_oneself_of_the_old_time_proves_nothing(ann: User, ahead: Any, step: timedelta) -> None:
    client = signed_in()
    session = client.session
    session["guanxi_confirmed"] += step.total_seconds()
    session.save()
    assert client.get("/settings/sign-in-rules").status_code == 302
    client.post("/accounts/confirm/", {"confirm-password": PASSWORD, "confirm-next": "/"})
    assert client.get("/settings/sign-in-rules").status_code == 200


@pytest.mark.parametrize("step", STEPS)
def test_a_link_of_the_old_time_holds_no_longer_and_a_new_one_does(
    ann: User, ahead: Any, settings: Any, step: timedelta
) -> None:
    ahead(step)
    old = links.link_for(ann).rstrip("/").rpartition("/")[2]
    assert links.user_of(old) == ann
    ahead(timedelta(0))
    assert links.user_of(old) is None
    assert links.user_of(links.link_for(ann).rstrip("/").rpartition("/")[2]) == ann


def test_a_session_that_was_found_over_stays_over(ann: User, ahead: Any) -> None:
    client = signed_in()
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=30))
    ahead(timedelta(hours=1))
    assert client.get("/customers/").status_code == 302
    ahead(timedelta(0))
    assert client.get("/customers/").status_code == 302
    assert not Session.objects.filter(user=ann).exists()


def test_a_link_that_was_found_too_old_stays_so(ann: User, ahead: Any, settings: Any) -> None:
    link = links.link_for(ann).rstrip("/").rpartition("/")[2]
    ahead(timedelta(hours=2))
    assert links.user_of(link) is None
    assert links.user_of(link) is None
    ahead(timedelta(seconds=5))
    assert links.user_of(link) is None
    assert UsedAssertion.objects.count() == 1
    assert links.user_of(links.link_for(ann).rstrip("/").rpartition("/")[2]) == ann


@pytest.mark.parametrize("step", STEPS)
def test_a_wait_ends_by_the_new_time(ann: User, ahead: Any, step: timedelta) -> None:
    keys = throttling.password_keys("ann", "203.0.113.7", user_id=ann.pk, device="")
    ahead(step)
    while not throttling.begin(keys):
        pass
    assert accounts.is_waiting(ann.pk)
    ahead(timedelta(0))
    wait = throttling.begin(keys)
    assert timedelta(0) < wait <= throttling.LONGEST_WAIT
    ahead(wait + timedelta(seconds=1))
    assert throttling.begin(keys) == timedelta(0)


@pytest.mark.parametrize("step", STEPS)
def test_a_ticket_for_live_pages_of_the_old_time_is_worth_nothing(ahead: Any, step: timedelta) -> None:
    ahead(step)
    ticket = tickets.sign(tickets.Ticket(1, ("weather",)))
    assert tickets.read(ticket) is not None
    ahead(timedelta(0))
    assert tickets.read(ticket) is None

"""A forgotten password: a link by mail for those who have an account, and not a word about who has one."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanxi.core import clock
from guanxi.core.actor import actor_of, console_actor
from guanxi.core.config import MailServer
from guanxi.core.jobs import run_pending
from guanxi.core.models import Change, Session, User
from guanxi.core.models.jobs import Job
from guanxi.people import services
from guanxi.people.models import SignIn, Throttle
from guanxi.people.signing_in import links, mailing
from guanxi.people.signing_in.services import resetting
from guanxi.people.signing_in.services.rules import set_rules
from guanxi.people.tests.oidc_provider import set_up

pytestmark = pytest.mark.django_db
PASSWORD, NEW = "correct horse battery", "a lantern over the ferry"
ASK, SET, LOGIN = "/accounts/password/forgotten/", "/accounts/password/new/", "/accounts/login/"
Make = Callable[..., User]


@pytest.fixture(autouse=True)
def mail_is_set(settings: Any) -> None:
    """An installation that can mail and knows its address."""
    server = MailServer("127.0.0.1", 1, "", "", "none")
    settings.CONFIG = replace(settings.CONFIG, mail=server, address="https://crm.example.com")


@pytest.fixture
def bob() -> User:
    """Somebody with a mail address."""
    user, _password = services.create_user(
        actor=console_actor(), name="bob", role="agent", password=PASSWORD, email="Bob@example.org"
    )
    return user


def asked(name: str, client: Client | None = None, **more: Any) -> Any:
    """Ask for a link, and let the worker do what there is to do."""
    answer = (client or Client()).post(ASK, {"name": name}, **more)
    run_pending()
    return answer


def the_link() -> str:
    """The path of the link in the only mail."""
    found = re.search(r"https://crm\.example\.com(/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def test_a_link_sets_a_new_password_once_and_ends_every_session(bob: User) -> None:
    inside = Client()
    inside.post(LOGIN, {"login": "bob", "password": PASSWORD})
    assert inside.get("/settings/profile").status_code == 200
    assert 'href="/accounts/password/forgotten/"' in Client().get(LOGIN).content.decode()
    answer = asked("bob", headers={"host": "localhost"})
    assert "on its way" in Client().get(answer["Location"]).content.decode()
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["Bob@example.org"], "Guanxi: A new password")
    link = the_link()
    client, other = Client(), Client()
    led = client.get(link)
    assert (led.status_code, led["Location"]) == (302, SET)
    assert led["Referrer-Policy"] == "same-origin"
    assert other.get(link, follow=True).status_code == 200
    assert client.get(SET).status_code == 200
    for bad in ({"password": "1234567890", "again": "1234567890"}, {"password": NEW, "again": "other"}):
        assert client.post(SET, bad).status_code == 422
    done = client.post(SET, {"password": NEW, "again": NEW})
    assert "Sign in with it" in client.get(done["Location"]).content.decode()
    assert inside.get("/settings/profile").status_code == 302
    assert not Session.objects.filter(user_id=bob.pk).exists()
    assert other.post(SET, {"password": "another one of mine", "again": "another one of mine"}).status_code == 404
    assert Client().get(link, follow=True).status_code == 404
    assert client.post(LOGIN, {"login": "bob", "password": PASSWORD}).status_code == 200
    assert client.post(LOGIN, {"login": "bob", "password": NEW}).status_code == 302
    outcomes = list(SignIn.objects.filter(user=bob, means="mail").order_by("id").values_list("outcome", flat=True))
    assert outcomes == ["reset_asked", "password_reset"]
    run_pending()
    assert "was set anew" in mail.outbox[-1].body
    kept = str(list(Change.objects.values_list("before", "after"))) + str(
        list(Job.objects.values_list("args", "kwargs"))
    )
    assert NEW not in kept
    assert link.split("/")[-2] not in kept


def test_known_and_unknown_names_get_the_same_page_and_take_the_same_statements(bob: User) -> None:
    pages, statements = [], []
    for name in ("bob", "nobody", "bob@EXAMPLE.org", "x@example.org"):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            answer = Client().post(ASK, {"name": name})
        pages.append((answer.status_code, answer["Location"]))
        statements.append(
            [re.sub(r"'[^']*'|\d+", "?", (query["sql"] or "").split(" WHERE ")[0])[:60] for query in seen]
        )
    assert len(set(pages)) == 1
    assert all(one == statements[0] for one in statements)
    run_pending()
    assert len(mail.outbox) == 2
    rows = SignIn.objects.order_by("id").values_list("outcome", "user_id")
    assert list(rows) == [("reset_asked", bob.pk), ("unknown_name", None)] * 2
    text = (
        str(list(SignIn.objects.values()))
        + str(list(Throttle.objects.values()))
        + str(list(Job.objects.values("args")))
    )
    assert "nobody" not in text
    assert "x@example" not in text


def test_too_many_askings_wait_for_known_and_unknown_alike_and_no_inbox_is_flooded(bob: User) -> None:
    for name in ("bob", "nobody"):
        statuses = [asked(name, REMOTE_ADDR="198.51.100.7").status_code for _again in range(6)]
        assert statuses == [302, 302, 302, 302, 429, 429], name
    assert len(mail.outbox) == 4
    for number in range(8):
        assert asked("bob", REMOTE_ADDR=f"203.0.113.{number}").status_code == 302
    assert len(mail.outbox) <= 4
    from_one = [asked(f"n{number}", REMOTE_ADDR="192.0.2.1").status_code for number in range(24)]
    assert from_one[-1] == 429
    assert services.change_own_password(actor=actor_of(bob), current=PASSWORD, password=NEW)
    assert Client().post(LOGIN, {"login": "bob", "password": NEW}).status_code == 302


def test_a_link_stands_on_the_state_of_the_account_and_on_time(bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def token() -> str:
        return links.link_for(User.objects.get(pk=bob.pk)).split("/")[-2]

    assert resetting.holds(token())
    for change in (
        lambda: services.change_own_password(actor=actor_of(bob), current=PASSWORD, password=NEW),
        lambda: services.update_user(actor=console_actor(), user_id=bob.pk, email="other@example.org"),
        lambda: User.objects.filter(pk=bob.pk).update(last_login=clock.now()),
        lambda: services.set_active(actor=console_actor(), user_id=bob.pk, is_active=False),
    ):
        made = token()
        assert resetting.holds(made)
        change()
        assert not resetting.holds(made)
    services.set_active(actor=console_actor(), user_id=bob.pk, is_active=True)
    made = token()
    for forged in (made[:-1] + ("A" if made[-1] != "A" else "B"), "x", "", "a:b:c", made + "x"):
        assert not resetting.holds(forged)
    now = links.time.time()
    monkeypatch.setattr(links.time, "time", lambda: now + links.SECONDS + 1)
    assert not resetting.holds(made)
    monkeypatch.setattr(links.time, "time", lambda: now - 120)
    assert not resetting.holds(made)


def test_who_must_use_the_provider_is_disabled_or_has_no_address_gets_no_link(bob: User) -> None:
    owner, _password = services.create_user(
        actor=console_actor(), name="ann", role="owner", password=PASSWORD, email="ann@example.org"
    )
    made = links.link_for(bob).split("/")[-2]
    set_up(owner, "https://id.example.org")
    set_rules(actor=actor_of(owner), roles_with_factor=(), only_through_providers=True)
    assert asked("bob").status_code == 302
    assert mail.outbox == []
    assert not resetting.holds(made)
    asked("ann")
    assert [letter.to for letter in mail.outbox] == [["ann@example.org"]]
    set_rules(actor=actor_of(owner), roles_with_factor=(), only_through_providers=False)
    User.objects.filter(pk=bob.pk).update(password="!unusable")
    asked("bob", REMOTE_ADDR="192.0.2.1")
    services.create_user(actor=console_actor(), name="eve", role="agent", password=PASSWORD, email="eve@example.org")
    User.objects.filter(username="eve").update(is_active=False)
    asked("eve")
    for name in ("two", "three"):
        services.create_user(actor=console_actor(), name=name, role="agent", password=PASSWORD, email="one@example.org")
    asked("one@example.org")
    assert len(mail.outbox) == 1
    assert set(SignIn.objects.exclude(user=owner).values_list("outcome", flat=True)) == {"not_allowed", "unknown_name"}
    asked("two")
    assert mail.outbox[-1].to == ["one@example.org"]


def test_a_second_factor_is_still_asked_for(bob: User) -> None:
    from guanxi.people.tests.test_factors import set_up

    client = Client()
    client.post(LOGIN, {"login": "bob", "password": PASSWORD})
    set_up(client)
    bob.refresh_from_db()
    fresh = Client()
    fresh.get(links.link_for(bob).removeprefix("https://crm.example.com"))
    assert fresh.post(SET, {"password": NEW, "again": NEW}).status_code == 302
    assert fresh.post(LOGIN, {"login": "bob", "password": NEW})["Location"] == "/accounts/second-step/"
    assert fresh.get("/customers/").status_code == 302


def test_the_mail_speaks_the_users_language_and_a_failed_one_is_tried_again(
    bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.filter(pk=bob.pk).update(language="zh-hans")
    asked("bob")
    assert mail.outbox[0].subject == "Guanxi: 设置新密码"
    assert "一小时" in mail.outbox[0].body

    def down(_letter: Any) -> None:
        raise ConnectionRefusedError("somebody@example.org")

    monkeypatch.setattr(mailing.EmailMessage, "send", down)
    asked("bob", REMOTE_ADDR="192.0.2.9")
    job = Job.objects.filter(task__contains="mail_link").latest("enqueued_at")
    assert job.status == "READY"
    assert job.run_after > clock.now() - timedelta(seconds=1)
    assert "somebody@" not in str(job.errors)


def test_without_mail_or_address_there_is_nothing_to_see(bob: User, settings: Any) -> None:
    for without in ({"mail": None}, {"address": ""}):
        held, settings.CONFIG = settings.CONFIG, replace(settings.CONFIG, **without)
        assert "forgotten/" not in Client().get(LOGIN).content.decode()
        assert Client().get(ASK).status_code == 404
        assert Client().post(ASK, {"name": "bob"}).status_code == 404
        assert Client().get(SET).status_code == 404
        settings.CONFIG = held
    assert mail.outbox == []


def test_the_address_to_which_links_go_is_changed_only_with_recent_proof(bob: User) -> None:
    client = Client()
    client.force_login(bob)
    session = client.session
    session["guanxi_confirmed"] = 1.0
    session.save()
    form = {"name": "Bob", "language": "en", "theme": "light", "timezone": "", "email": "thief@example.org"}
    assert client.post("/settings/profile", form).status_code == 307
    assert client.post("/settings/profile", {**form, "email": "Bob@example.org"}).status_code == 302
    bob.refresh_from_db()
    assert (bob.email, bob.name) == ("Bob@example.org", "Bob")

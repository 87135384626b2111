"""Users, roles, signing in: who may, who may not, what is told and what is kept secret."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from guanxi.core.actor import actor_of, console_actor
from guanxi.core.errors import Conflict, Forbidden, InvalidInput
from guanxi.core.models import Change, Role, User
from guanxi.people import services

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def owner() -> User:
    """The owner."""
    user, _password = services.create_user(
        actor=console_actor(), name="ann", role="owner", password=PASSWORD, display_name="Ann"
    )
    return user


@pytest.fixture
def agent(owner: User) -> User:
    """An agent."""
    user, _password = services.create_user(actor=actor_of(owner), name="bob", role="agent", password=PASSWORD)
    return user


def sign_in(name: str, password: str = PASSWORD) -> Client:
    """A browser that tried to sign in."""
    client = Client()
    client.post("/accounts/login/", {"login": name, "password": password})
    return client


def is_inside(client: Client) -> bool:
    """Whether the browser is signed in."""
    return client.get("/").status_code == 200


def test_without_users_the_page_names_the_command(client: Client) -> None:
    text = client.get("/accounts/login/").content.decode()
    assert "guanxi user create NAME --role owner" in text
    assert "<input" not in re.sub(r'<form class="language-switch".*?</form>', "", text, flags=re.DOTALL)


def test_signing_in_and_out(owner: User) -> None:
    client = sign_in("ann")
    assert is_inside(client)
    client.post("/accounts/logout/")
    assert not is_inside(client)
    assert not is_inside(sign_in("ann", "wrong"))


def test_nobody_signs_up_or_resets_by_mail(owner: User, client: Client) -> None:
    for path in ("signup/", "password/reset/", "password/change/", "email/", "confirm-email/x/"):
        assert client.get(f"/accounts/{path}").status_code == 404, path
        assert client.post(f"/accounts/{path}", {"username": "eve"}).status_code == 404, path
    assert User.objects.count() == 1


def test_the_language_of_the_person_comes_with_signing_in(owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(language="zh-hans", theme="dark")
    text = sign_in("ann").get("/").content.decode()
    assert '<html lang="zh-Hans"' in text
    assert 'data-theme="dark"' in text


def test_generated_passwords_work_and_are_kept_only_as_hashes(owner: User) -> None:
    user, password = services.create_user(actor=actor_of(owner), name="王芳", role="manager")
    assert len(password.replace("-", "")) == 20
    assert is_inside(sign_in("王芳", password))
    new = services.set_password(actor=actor_of(owner), user_id=user.pk)
    assert new != password
    assert not is_inside(sign_in("王芳", password))
    kept = json.dumps(list(Change.objects.filter(kind="user").values("before", "after")))
    user.refresh_from_db()
    assert user.password not in kept
    assert "password" not in kept


@pytest.mark.parametrize("name", ["", "  ", "a b", "x" * 151, "new\nline", "a\tb", "ANN"])
def test_names_that_cannot_be(owner: User, name: str) -> None:
    with pytest.raises((InvalidInput, Conflict)):
        services.create_user(actor=actor_of(owner), name=name, role="agent")


def test_weak_passwords_and_unknown_roles_are_refused(owner: User) -> None:
    actor = actor_of(owner)
    for password in ("short", "password123", "1234567890"):
        with pytest.raises(InvalidInput):
            services.create_user(actor=actor, name="eve", role="agent", password=password)
    with pytest.raises(InvalidInput, match="owner, manager, agent"):
        services.create_user(actor=actor, name="eve", role="king")
    assert not User.objects.filter(username="eve").exists()


@pytest.mark.parametrize("role", ["manager", "agent", "analyst", "auditor"])
def test_only_an_owner_manages_users(owner: User, role: str) -> None:
    other, _password = services.create_user(actor=actor_of(owner), name="eve", role=role, password=PASSWORD)
    actor = actor_of(other)
    acts = [
        lambda: services.create_user(actor=actor, name="mallory", role="owner"),
        lambda: services.set_password(actor=actor, user_id=owner.pk),
        lambda: services.update_user(actor=actor, user_id=other.pk, role="owner"),
        lambda: services.update_user(actor=actor, user_id=owner.pk, name="Mallory"),
        lambda: services.set_active(actor=actor, user_id=owner.pk, is_active=False),
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            act()
    client = sign_in("eve")
    for path in ("users", "users/new", f"users/{owner.pk}", "roles", f"users/{owner.pk}/history"):
        assert client.get(f"/settings/{path}").status_code == 404, path
    assert client.post(f"/ui/edit/user/{other.pk}/role", {"value": Role.objects.get(key="owner").pk}).status_code == 404
    other.refresh_from_db()
    assert other.role.key == role


def test_the_last_owner_stays(owner: User, agent: User) -> None:
    actor = actor_of(owner)
    with pytest.raises(Conflict):
        services.set_active(actor=actor, user_id=owner.pk, is_active=False)
    with pytest.raises(Conflict):
        services.update_user(actor=actor, user_id=owner.pk, role="agent")
    services.update_user(actor=actor, user_id=agent.pk, role="owner")
    services.update_user(actor=actor, user_id=owner.pk, role="agent")
    owner.refresh_from_db()
    assert owner.role.key == "agent"


def test_a_disabled_user_is_out_at_once(owner: User, agent: User) -> None:
    client = sign_in("bob")
    assert is_inside(client)
    services.set_active(actor=actor_of(owner), user_id=agent.pk, is_active=False)
    assert not is_inside(client)
    assert not is_inside(sign_in("bob"))
    services.set_active(actor=actor_of(owner), user_id=agent.pk, is_active=True)
    assert is_inside(sign_in("bob"))


def test_changing_ones_password_keeps_this_browser_and_ends_the_others(agent: User) -> None:
    here, elsewhere = sign_in("bob"), sign_in("bob")
    form = {"current": "wrong", "password": "another long sentence", "again": "another long sentence"}
    assert here.post("/settings/profile/password", form).status_code == 422
    assert here.post("/settings/profile/password", {**form, "current": PASSWORD}).status_code == 302
    assert is_inside(here)
    assert not is_inside(elsewhere)
    assert is_inside(sign_in("bob", "another long sentence"))


def test_the_profile_is_ones_own(agent: User) -> None:
    client = sign_in("bob")
    form = {
        "name": "Bob Li",
        "email": "bob@example.org",
        "language": "zh-hans",
        "theme": "dark",
        "timezone": "Europe/London",
    }
    answer = client.post("/settings/profile", form, follow=True)
    assert "个人资料已保存" in answer.content.decode()
    agent.refresh_from_db()
    assert (agent.name, agent.language, agent.timezone, agent.role.key) == (
        "Bob Li",
        "zh-hans",
        "Europe/London",
        "agent",
    )
    assert client.post("/settings/profile", {**form, "timezone": "Mars/Base"}).status_code == 200
    agent.refresh_from_db()
    assert agent.timezone == "Europe/London"


def test_the_owner_makes_a_user_on_the_screen_and_sees_the_password_once(owner: User) -> None:
    client = sign_in("ann")
    role = Role.objects.get(key="analyst")
    answer = client.post("/settings/users/new", {"username": "eve", "name": "Eve", "email": "", "role": role.pk})
    password = re.search(r'class="secret-box">([^<]+)<', answer.content.decode())
    assert password
    assert answer["Cache-Control"] == "no-store"
    assert is_inside(sign_in("eve", password[1]))
    again = client.post("/settings/users/new", {"username": "EVE", "name": "", "email": "", "role": role.pk})
    assert "already a user" in again.content.decode()
    listed = client.get("/settings/users").content.decode()
    assert "Eve" in listed
    assert "Analyst" in listed


def test_the_history_of_a_user_tells_what_they_did(owner: User, agent: User) -> None:
    services.update_user(actor=actor_of(owner), user_id=agent.pk, name="Robert")
    text = sign_in("ann").get(f"/settings/users/{owner.pk}/history").content.decode()
    assert "User changed" in text
    assert "<ins>Robert</ins>" in text
    assert f"/settings/users/{agent.pk}" in text


def test_roles_are_shown_with_what_they_may_do(owner: User) -> None:
    text = sign_in("ann").get("/settings/roles").content.decode()
    for name in ("Owner", "Manager", "Agent", "Analyst", "Auditor"):
        assert f"<h2>{name} " in text


@pytest.mark.full
def test_the_command_line_makes_and_lists_users(guanxi: Any) -> None:
    made = guanxi.json("user", "create", "ann", "--role", "owner")
    assert made["name"] == "ann"
    assert len(made["password"]) > 20
    refused = guanxi.run("user", "create", "bob", "--role", "king", expect=1)
    assert refused.err.count("\n") == 1
    assert "Traceback" not in refused.err
    listed = guanxi.json("user", "list")["items"]
    assert [(row["name"], row["role"], row["active"]) for row in listed] == [("ann", "owner", True)]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["analyst", "manager", "auditor"])
def test_the_list_of_users_is_exported_and_read_on_only_by_those_who_manage_users(client, role):
    client.force_login(User.objects.create(username="looker", role=Role.objects.get(key=role)))
    for part in ("export", "rows", "count", "footer", "menu/columns"):
        assert client.get(f"/ui/list/users/{part}").status_code == 404, part

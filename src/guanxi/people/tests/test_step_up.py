"""Acts that ask who it is once the proof is old: the question comes between, and the form that was sent goes on."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.core.actor import console_actor
from guanxi.core.models import Department, Role, Team, User
from guanxi.people import placing, services

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
CONFIRM = "/accounts/confirm/"


@pytest.fixture
def owner() -> User:
    """The owner."""
    user, _password = services.create_user(actor=console_actor(), name="ann", role="owner", password=PASSWORD)
    return user


@pytest.fixture
def client(owner: User) -> Client:
    """Their browser, in which they have shown long ago who they are."""
    client = Client()
    client.force_login(owner)
    grow_old(client)
    return client


def grow_old(client: Client) -> None:
    """Let the proof be an hour old."""
    session = client.session
    session["guanxi_confirmed"] = session["guanxi_confirmed"] - 3600
    session.save()


def fields_of(page: str) -> list[tuple[str, str]]:
    """The hidden fields of the first form of a page."""
    form = page[page.index("<form") : page.index("</form>")]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form)
    return [(unescape(name), unescape(value)) for name, value in found if name != "csrfmiddlewaretoken"]


def as_sent(fields: list[tuple[str, str]], **more: str) -> dict[str, Any]:
    """Fields as a browser sends them."""
    sent: dict[str, Any] = {}
    for name, value in (*fields, *((f"confirm-{name}", value) for name, value in more.items())):
        sent.setdefault(name, []).append(value)
    return sent


def test_what_was_entered_goes_on_after_the_question(client: Client) -> None:
    body = {
        "name_en": 'Night "shift" <b>',
        "name_zh": "夜班",
        "may:customer:view": "own",
        "requires_mfa": "1",
        "password": "a field of the form's own",
        "several": ["one", "two"],
    }
    asked = client.post("/settings/roles/new", body)
    assert asked.status_code == 307
    assert not Role.objects.filter(name_zh="夜班").exists()
    assert parse_qs(urlsplit(asked["Location"]).query)["next"] == ["/settings/roles/new"]
    question = client.post(asked["Location"], body)
    assert question.status_code == 200
    assert question["Cache-Control"].find("no-store") >= 0
    page = question.content.decode()
    assert "is kept" in page
    assert "<b>" not in page
    fields = fields_of(page)
    assert {name for name, _value in fields} >= set(body)
    wrong = client.post(CONFIRM, as_sent(fields, password="wrong")).content.decode()
    assert fields_of(wrong) == fields
    right = as_sent(fields_of(wrong), password=PASSWORD)
    answer = client.post(CONFIRM, right)
    assert (answer.status_code, answer["Location"]) == (307, "/settings/roles/new")
    assert client.post(answer["Location"], right).status_code == 302
    made = Role.objects.get(name_zh="夜班")
    assert (made.name_en, made.requires_mfa) == ('Night "shift" <b>', True)


@pytest.mark.parametrize(
    "address",
    [
        "/settings/roles/new",
        "/settings/roles/{role}",
        "/settings/roles/{role}/copy",
        "/settings/roles/{role}/remove",
        "/settings/users/new",
        "/settings/users/{user}/active",
        "/settings/users/{user}/password",
        "/settings/sign-in-rules",
        "/settings/tokens/create",
        "/settings/backups",
        "/settings/departments/new",
        "/settings/departments/{department}",
        "/settings/departments/{department}/close",
        "/settings/teams/new",
        "/settings/teams/{team}",
        "/settings/teams/{team}/remove",
        "/settings/absences/new",
        "/customers/cus-1/erase",
    ],
)
def test_acts_that_ask(client: Client, owner: User, address: str) -> None:
    role = Role.objects.create(key="spare", name_en="Spare", name_zh="备用")
    actor = console_actor()
    department = placing.save_department(actor=actor, department_id=None, name="North", parent_id=None)
    team = placing.save_team(actor=actor, team_id=None, name="First", member_ids=[owner.pk])
    address = address.format(role=role.pk, user=owner.pk, department=department.pk, team=team.pk)
    answer = client.post(address, {"name_en": "Other"})
    assert (answer.status_code, answer["Location"][: len(CONFIRM)]) == (307, CONFIRM)
    part = client.post(address, {"name_en": "Other"}, headers={"hx-request": "true"})
    assert (part.status_code, part["HX-Redirect"][: len(CONFIRM)]) == (204, CONFIRM)
    role.refresh_from_db()
    owner.refresh_from_db()
    assert (role.name_en, owner.is_active, Role.objects.filter(name_en="Spare 2").exists()) == ("Spare", True, False)
    assert [row.name for row in Department.objects.filter(is_closed=False)] == ["North"]
    assert [row.name for row in Team.objects.all()] == ["First"]


def test_a_team_is_made_after_the_question_with_everybody_who_was_chosen(client: Client, owner: User) -> None:
    bob, _password = services.create_user(actor=console_actor(), name="bob", role="agent")
    address, body = "/settings/teams/new", {"name": "华东 & “East”", "members": [str(owner.pk), str(bob.pk)]}
    asked = client.post(address, body)
    assert not Team.objects.exists()
    right = as_sent(fields_of(client.post(asked["Location"], body).content.decode()), password=PASSWORD)
    answer = client.post(CONFIRM, right)
    assert (answer.status_code, answer["Location"]) == (307, address)
    assert client.post(address, right).status_code == 302
    team = Team.objects.get()
    assert (team.name, set(team.members.all())) == ("华东 & “East”", {owner, bob})


def test_reading_asks_nothing_and_changing_a_role_in_place_asks_before_the_input_shows(
    client: Client, owner: User
) -> None:
    for address in ("/settings/roles", "/settings/users/new", "/settings/backups", f"/settings/users/{owner.pk}"):
        assert client.get(address).status_code == 200, address
    bob, _password = services.create_user(actor=console_actor(), name="bob", role="agent")
    for field in ("role", "is_active", "email", "department"):
        address = f"/ui/edit/user/{bob.pk}/{field}"
        for part in (client.get(address), client.post(address, {"value": "no"})):
            assert part.headers.get("HX-Redirect", part.headers.get("Location", "")).startswith(CONFIRM), field
    assert client.get(f"/ui/edit/user/{bob.pk}/name").status_code == 200
    bob.refresh_from_db()
    assert (bob.role.key, bob.is_active) == ("agent", True)
    client.post(CONFIRM, {"confirm-password": PASSWORD, "confirm-next": "/"})
    assert client.get(f"/ui/edit/user/{bob.pk}/role").status_code == 200


def test_a_file_is_asked_for_again_and_nothing_leads_elsewhere(client: Client) -> None:
    body = {"name_en": "Other", "file": SimpleUploadedFile("a.txt", b"a")}
    page = client.post(f"{CONFIRM}?next=/settings/roles/new&back=/settings/roles", body).content.decode()
    assert "choose it once more" in page
    answer = client.post(CONFIRM, as_sent(fields_of(page), password=PASSWORD))
    assert (answer.status_code, answer["Location"]) == (302, "/settings/roles")
    grow_old(client)
    for evil in ("https://evil.example/x", "//evil.example", "javascript:alert(1)"):
        page = client.post(CONFIRM, {"a": "b", "confirm-next": evil, "confirm-back": evil, "confirm-kept": "1"})
        assert "evil" not in page.content.decode()
        sent = {"a": "b", "confirm-next": evil, "confirm-kept": "1", "confirm-password": PASSWORD}
        assert client.post(CONFIRM, sent)["Location"] == "/settings/security"


def test_nothing_is_sent_on_where_nothing_waits(client: Client) -> None:
    """Reloading the question, or coming to it by a link, must not send an empty form."""
    page = client.get(f"{CONFIRM}?next=/settings/roles/new").content.decode()
    answer = client.post(CONFIRM, as_sent(fields_of(page), password=PASSWORD))
    assert (answer.status_code, answer["Location"]) == (302, "/settings/roles/new")

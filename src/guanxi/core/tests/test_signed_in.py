"""Who a request comes from is read with one statement, and nothing of it is older than the request."""

import pytest
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path

from guanxi.core.models import Department, Role, RolePermission, Session, Team, User


def who(request: HttpRequest) -> JsonResponse:
    """What the middleware makes of the request."""
    if not request.user.is_authenticated:
        return JsonResponse({})
    actor = request.actor
    permissions = {f"{kind}.{action}": scope for (kind, action), scope in actor.permissions.items()}
    teams = sorted(actor.team_ids)
    return JsonResponse(
        {"id": actor.user_id, "may": permissions, "role": actor.role, "teams": teams, "path": actor.department_path}
    )


urlpatterns = [path("who", who)]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def guide() -> User:
    """A user of a narrow role, in a department and two teams."""
    role = Role.objects.create(key="guide", name_en="Guide", name_zh="导游")
    RolePermission.objects.create(role=role, kind="customer", action="view", scope="team")
    RolePermission.objects.create(role=role, kind="*", action="export", scope="department")
    department = Department.objects.create(name="Harbour", path="/7/")
    user = User.objects.create_user("guide", "moon-over-the-harbour", role=role, department=department)
    for name in ("north", "south"):
        Team.objects.create(name=name).members.add(user)
    return user


def test_one_statement_tells_who_it_is_and_what_they_may_do(client: Client, guide: User) -> None:
    client.force_login(guide)
    first = client.get("/who").json()
    with CaptureQueriesContext(connection) as statements:
        again = client.get("/who").json()
    assert first == again
    assert len(statements) == 1
    assert again == {
        "id": guide.pk,
        "may": {"customer.view": "team", "*.export": "department"},
        "role": "guide",
        "teams": sorted(Team.objects.values_list("pk", flat=True)),
        "path": "/7/",
    }


def test_every_change_counts_from_the_next_request_on(client: Client, guide: User) -> None:
    client.force_login(guide)
    client.get("/who")
    RolePermission.objects.filter(kind="customer").update(scope="own")
    RolePermission.objects.filter(kind="*").delete()
    assert client.get("/who").json()["may"] == {"customer.view": "own"}
    RolePermission.objects.create(role=guide.role, kind="customer", action="change", scope="team")
    guide.teams.set([])
    assert client.get("/who").json()["teams"] == []
    User.objects.filter(pk=guide.pk).update(role=Role.objects.create(key="pilot", name_en="Pilot", name_zh="领航"))
    assert client.get("/who").json() == {"id": guide.pk, "may": {}, "role": "pilot", "teams": [], "path": ""}
    User.objects.filter(pk=guide.pk).update(is_active=False)
    assert client.get("/who").json() == {}
    User.objects.filter(pk=guide.pk).update(is_active=True)
    assert client.get("/who").json()["id"] == guide.pk
    guide.set_password("another-moon-altogether")
    guide.save()
    assert client.get("/who").json() == {}
    assert not Session.objects.exists()


def test_a_session_ended_elsewhere_or_taken_over_by_another_user_is_that_at_once(client: Client, guide: User) -> None:
    other = User.objects.create_user("other", "sun-over-the-harbour", role=guide.role)
    client.force_login(guide)
    key = client.session.session_key
    assert client.get("/who").json()["id"] == guide.pk
    elsewhere = Client()
    elsewhere.force_login(other)
    data = Session.objects.get(session_key=elsewhere.session.session_key).session_data
    Session.objects.filter(session_key=key).update(session_data=data)
    for _again in range(2):
        assert client.get("/who").json()["id"] == other.pk
    Session.objects.filter(session_key=key).delete()
    assert client.get("/who").json() == {}


def test_a_user_without_rights_teams_or_department_is_still_known(client: Client) -> None:
    role = Role.objects.create(key="nothing", name_en="Nothing", name_zh="无")
    user = User.objects.create_user("nobody", "stars-over-the-harbour", role=role)
    client.force_login(user)
    for _again in range(2):
        assert client.get("/who").json() == {"id": user.pk, "may": {}, "role": "nothing", "teams": [], "path": ""}


@override_settings(SECRET_KEY_FALLBACKS=["an-older-key-of-this-installation-that-still-counts"])
def test_a_session_made_with_an_older_secret_key_still_holds(client: Client, guide: User, settings) -> None:
    new = settings.SECRET_KEY
    settings.SECRET_KEY = settings.SECRET_KEY_FALLBACKS[0]
    client.force_login(guide)
    settings.SECRET_KEY = new
    assert client.get("/who").json()["id"] == guide.pk


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ended_is_replaced_without_an_error(client: Client) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connections to lose")
    role = Role.objects.create(key="guide", name_en="Guide", name_zh="导游")
    client.force_login(User.objects.create_user("guide", "moon-over-the-harbour", role=role))
    client.get("/who")
    elsewhere = connection.copy()
    with elsewhere.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    elsewhere.close()
    assert client.get("/who").json()["role"] == "guide"

"""While the database is away every answer says so, wherever the error arose and in the reader's language."""

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from guanxi.core.database_away import is_away


class Absence(Exception):
    """What the PostgreSQL driver raises; only its code matters."""

    def __init__(self, sqlstate=None):
        """Keep the code."""
        super().__init__()
        self.sqlstate = sqlstate


def locked():
    """The error of an absent database, as the one in use raises it."""
    error = OperationalError("database is locked")
    error.__cause__ = Absence()
    return error


def fails(request):
    """A view that cannot reach the database."""
    raise locked()


def mistaken(request):
    """A view whose statement is wrong."""
    error = OperationalError("no such column: nmae")
    error.__cause__ = Absence("42703")
    raise error


def fine(request):
    """A view that needs no database."""
    return HttpResponse("fine")


class SessionAway:
    """A middleware that needs the database, as sessions do."""

    def __init__(self, get_response):
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request):
        """Fail where no view is to blame."""
        if request.path == "/session":
            raise locked()
        return self.get_response(request)

    def process_view(self, request, *_view):
        """Fail on the way into the view."""
        if request.path == "/person":
            raise locked()


urlpatterns = [
    path(name, view)
    for name, view in (
        ("view", fails),
        ("api/v1/view", fails),
        ("mistaken", mistaken),
        ("session", fine),
        ("person", fine),
    )
]
handler500 = "guanxi.ui.errors.server_error"


@pytest.fixture
def site(client):
    """A client on the views above."""
    client.raise_request_exception = False
    order = ["ui.middleware.SecurityPolicyMiddleware", "core.middleware.DatabaseAwayMiddleware"]
    middleware = [*(f"guanxi.{name}" for name in order), "guanxi.ui.middleware.LanguageMiddleware"]
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[*middleware, f"{__name__}.SessionAway"]):
        yield client


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["/view", "/session", "/person"])
@pytest.mark.parametrize(
    ("language", "word"), [("zh-CN,zh;q=0.9", "数据库"), ("en-GB", "The database is not reachable")]
)
def test_a_page_says_that_the_database_is_away(site, where, language, word):
    answer = site.get(where, headers={"Accept-Language": language})
    assert answer.status_code == 503
    assert word in answer.content.decode()
    assert answer["Retry-After"] == "5"
    assert "unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_programs_and_parts_of_pages_get_an_answer_of_their_own_form(site):
    problem = site.get("/api/v1/view")
    assert problem["Content-Type"] == "application/problem+json"
    assert problem.json()["status"] == 503
    part = site.get("/view", headers={"HX-Request": "true"})
    assert part.status_code == 503
    assert "<html" not in part.content.decode()


@pytest.mark.django_db
def test_our_own_mistake_is_not_blamed_on_the_database(site):
    assert site.get("/mistaken").status_code == 500


def test_which_errors_mean_away():
    assert is_away(InterfaceError("connection already closed"))
    assert is_away(locked())
    assert not is_away(ValueError("x"))
    deadlock = OperationalError("deadlock detected")
    deadlock.__cause__ = Absence("40P01")
    assert not is_away(deadlock)
    if connection.vendor == "postgresql":
        shutdown = OperationalError("terminating connection due to administrator command")
        shutdown.__cause__ = Absence("57P01")
        assert is_away(shutdown)

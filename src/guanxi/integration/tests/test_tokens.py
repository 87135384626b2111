"""Tokens: shown once, stored hashed, useless once revoked, never wider than their scope or their user."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from guanxi.core import clock
from guanxi.core.actor import actor_of, console_actor
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.core.models import Change, Role, User
from guanxi.integration import scopes, services
from guanxi.integration.models import ApiToken

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    """An agent."""
    return User.objects.create(username="li", role=Role.objects.get(key="agent"))


def bearer(key: str) -> dict[str, str]:
    """The header for a key."""
    return {"HTTP_AUTHORIZATION": f"Bearer {key}"}


def test_a_key_is_shown_once_and_stored_as_a_digest(user: User) -> None:
    """Neither the table nor the journal holds the key or what it could be guessed from."""
    token, key = services.create_token(actor=console_actor(), user=user, scope="read")
    assert len(key) >= 40
    kept = json.dumps([str(value) for value in ApiToken.objects.values().get().values()])
    journal = json.dumps(list(Change.objects.values_list("after", "before")), default=str)
    assert key not in kept
    assert key not in journal
    assert token.digest not in journal
    assert services.token_of(key).pk == token.pk


def test_what_belongs_to_no_area_is_no_scope(user: User) -> None:
    """`:read` is neither offered nor taken."""
    assert not [scope for scope in scopes.known_scopes() if scope.startswith(":")]
    for wrong in (":read", ":write"):
        with pytest.raises(InvalidInput):
            services.create_token(actor=console_actor(), user=user, scope=wrong)


def test_a_revoked_token_or_one_of_a_gone_user_is_nothing(user: User) -> None:
    """From that moment on."""
    token, key = services.create_token(actor=console_actor(), user=user, scope="read")
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert services.token_of(key) is None
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert services.token_of(key) is not None
    services.revoke_token(actor=console_actor(), token_id=token.pk)
    services.revoke_token(actor=console_actor(), token_id=token.pk)
    assert services.token_of(key) is None
    for nonsense in ("", "gxt_", key[:-1], key.upper(), "x" * 5000):
        assert services.token_of(nonsense) is None


def test_own_tokens_only(user: User) -> None:
    """A team mate can neither make, see nor revoke another's."""
    mate = User.objects.create(username="mate", role=user.role)
    token, _key = services.create_token(actor=actor_of(user), user=user, scope="write")
    with pytest.raises(NotFound):
        services.create_token(actor=actor_of(mate), user=user, scope="read")
    with pytest.raises(NotFound):
        services.revoke_token(actor=actor_of(mate), token_id=token.pk)
    with pytest.raises(InvalidInput):
        services.create_token(actor=actor_of(user), user=user, scope="everything")
    assert list(services.tokens_of(actor_of(mate))) == []
    assert list(services.tokens_of(actor_of(user))) == [token]
    assert ApiToken.objects.get().revoked_at is None


def test_a_manager_neither_makes_nor_revokes_tokens_of_an_owner() -> None:
    """With an owner's token one would have an owner's rights; only who manages everything may touch it."""
    owner = User.objects.create(username="boss", role=Role.objects.get(key="owner"))
    other = User.objects.create(username="partner", role=Role.objects.get(key="owner"))
    manager = actor_of(User.objects.create(username="lead", role=Role.objects.get(key="manager")))
    with pytest.raises(NotFound):
        services.create_token(actor=manager, user=owner, scope="write")
    token, _key = services.create_token(actor=actor_of(owner), user=owner, scope="read")
    with pytest.raises(NotFound):
        services.revoke_token(actor=manager, token_id=token.pk)
    assert services.revoke_token(actor=actor_of(other), token_id=token.pk).revoked_at is not None


def test_the_page_shows_a_key_once(client: Client, user: User) -> None:
    """Make, see, come back, revoke."""
    client.force_login(user)
    assert "No tokens yet" in client.get("/settings/tokens").content.decode()
    page = client.post("/settings/tokens/create", {"label": "报表", "scope": "read"}).content.decode()
    (token,) = ApiToken.objects.all()
    key = page.split("data-token-key>")[1].split("<")[0]
    assert services.token_of(key) == token
    again = client.get("/settings/tokens").content.decode()
    assert key not in again
    assert "报表" in again
    client.post(f"/settings/tokens/{token.public_id}/revoke")
    assert services.token_of(key) is None
    assert client.get(f"/settings/tokens/{token.public_id}/revoke").status_code == 405


class TestCalls:
    """What a call without, with a wrong, a narrow or a good token meets."""

    @pytest.fixture(autouse=True)
    def _echo(self, settings) -> None:
        """An address of these tests alone."""
        settings.API_URLCONF = "guanxi.integration.tests.echo"

    def test_without_a_valid_token(self, client: Client) -> None:
        """401 as a problem document, whatever was sent."""
        for headers in ({}, bearer("gxt_nothing"), {"HTTP_AUTHORIZATION": "Basic eDp5"}):
            for method in ("get", "post"):
                response = getattr(client, method)("/api/v1/echo/", **headers)
                assert response.status_code == 401
                assert response["Content-Type"] == "application/problem+json"
                assert response["WWW-Authenticate"].startswith("Bearer")
                assert response.json()["status"] == 401

    def test_a_reading_token_may_not_write(self, client: Client, user: User) -> None:
        """403 before the body is looked at: even nonsense does not become 400 or 422."""
        _token, key = services.create_token(actor=console_actor(), user=user, scope="read")
        assert client.get("/api/v1/echo/", **bearer(key)).json() == {"user": user.pk, "means": "api"}
        for body in ("{nonsense", '{"number": "x"}', '{"number": 1}'):
            response = client.post("/api/v1/echo/", body, content_type="application/json", **bearer(key))
            assert (response.status_code, response.json()["title"]) == (403, "Forbidden")

    def test_a_writing_token(self, client: Client, user: User) -> None:
        """400 for no JSON, 422 with the place for a wrong form, the service's own error, 404, 405, 500 without detail."""
        _token, key = services.create_token(actor=console_actor(), user=user, scope="write")

        def post(body: str):
            return client.post("/api/v1/echo/", body, content_type="application/json", **bearer(key))

        assert post('{"number": 1}').json() == {"number": 1}
        assert post("{nonsense").status_code == 400
        wrong = post('{"number": "secret text"}')
        assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "number")
        assert "secret" not in wrong.content.decode()
        refused = post('{"number": 13}').json()
        assert (refused["status"], refused["field"], refused["detail"]) == (422, "number", "Not thirteen.")
        assert client.get("/api/v1/nothing", **bearer(key)).status_code == 404
        assert client.get("/api/v1/nothing", **bearer(key))["Content-Type"] == "application/problem+json"
        assert client.delete("/api/v1/echo/", **bearer(key)).status_code == 405
        assert post('{"number": 1, "more": "\\u0000"}').status_code == 400
        assert post('{"number": 1, "more": "\\ud800"}').status_code == 400
        assert post('{"more": "' + "x" * 21_000_000 + '"}').status_code == 413
        assert client.get("/api/v1/echo/?x=%00", **bearer(key)).status_code == 400
        assert client.get("/api/v1/echo%00", **bearer(key)).status_code == 400
        broken = post('{"number": 500}')
        assert (broken.status_code, "Traceback" in broken.content.decode()) == (500, False)

    def test_no_session_is_made_or_believed(self, client: Client, user: User) -> None:
        """A signed-in browser is nobody here, and no cookie is set."""
        client.force_login(user)
        response = client.get("/api/v1/echo/")
        assert response.status_code == 401
        assert not response.cookies
        assert "Content-Security-Policy" in response


def test_a_token_says_what_it_may_be_used_for_and_why_it_holds_no_longer(user: User, client: Client) -> None:
    """Every scope may ask; whoever holds a key that is no good any more is told why."""
    later = clock.now() + timedelta(days=1)
    token, key = services.create_token(
        actor=console_actor(), user=user, scope="customers:read tasks:write", label="shop", expires_at=later
    )
    told = client.get("/api/v1/token", **bearer(key)).json()
    assert told["scopes"] == ["customers:read", "tasks:write"]
    assert (told["id"], told["user"], told["label"]) == (token.public_id, "li", "shop")

    def refusal(given: str) -> str:
        answer = client.get("/api/v1/token", **bearer(given))
        assert answer.status_code == 401
        return str(answer.json()["detail"])

    assert "no such token" in refusal(key[:-1])
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert "may not sign in" in refusal(key)
    User.objects.filter(pk=user.pk).update(is_active=True)
    ApiToken.objects.update(expires_at=clock.now() - timedelta(days=2))
    assert "expired on" in refusal(key)
    assert "expired on" in refusal(key)
    other, key = services.create_token(actor=console_actor(), user=user, scope="read")
    services.revoke_token(actor=console_actor(), token_id=other.pk)
    assert "revoked" in refusal(key)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('{"label": "a", "url": "b", "label": "c"}', "twice: label"),
        ('{"label": "a\\u0000", "url": "b"}', "NUL character, which cannot be stored: label"),
        ('{"label": "a", "url": "b", "types": ["x", "y\\u0000"]}', "stored: types.1"),
        ('{"label": ', "not JSON"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_with_the_field(user: User, client: Client, body: str, told: str) -> None:
    """One sentence says which; an escaped backslash before u0000 is no such character."""
    user.role = Role.objects.get(key="owner")
    user.save()
    _token, key = services.create_token(actor=console_actor(), user=user, scope="write")

    def sent(text: str) -> str:
        return client.post("/api/v1/webhooks", text, content_type="application/json", **bearer(key)).content.decode()

    assert told in sent(body)
    assert "NUL" not in sent('{"label": "a\\\\u0000", "url": "b"}')

"""The gate: scopes, expiry, limits and users who left, each decided before the body is read."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guanxi.core import clock
from guanxi.core.actor import actor_of, console_actor
from guanxi.core.errors import InvalidInput
from guanxi.core.models import Role, User
from guanxi.core.retention import kinds
from guanxi.integration import limits, scopes, services
from guanxi.integration.models import ApiToken, KeptAnswer

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]


@pytest.fixture
def user() -> User:
    """A manager."""
    return User.objects.create(username="li", role=Role.objects.get(key="manager"))


def asking(user: User, scope: str, **more: Any) -> Ask:
    """A function that asks with a fresh token."""
    _token, key = services.create_token(actor=console_actor(), user=user, scope=scope, **more)

    def ask(method: str, path: str, body: Any = None, **headers: str) -> Any:
        given = {} if body is None else {"data": body, "content_type": "application/json"}
        headers = {"Authorization": f"Bearer {key}", **{n.replace("_", "-"): v for n, v in headers.items()}}
        return getattr(Client(), method)(f"/api/v1/{path}", headers=headers, **given)

    return ask


def test_a_scope_opens_its_area_and_no_other(user: User) -> None:
    """Reading one area neither opens another nor writes; writing includes reading."""
    reading = asking(user, "customers:read")
    assert reading("get", "customers").status_code == 200
    refused = reading("get", "orders")
    assert (refused.status_code, refused.json()["scope"]) == (403, "orders:read")
    assert refused.json()["type"] == "urn:guanxi:problem:not-allowed"
    assert reading("post", "customers", "{nonsense").status_code == 403
    writing = asking(user, "customers:write")
    assert writing("get", "customers").status_code == 200
    assert writing("post", "customers", '{"name": "王"}').status_code == 201
    assert writing("get", "orders").status_code == 403
    both = asking(user, "orders:read customers:read")
    assert [both("get", path).status_code for path in ("customers", "orders", "imports")] == [200, 200, 403]


def test_scopes_are_those_there_are(user: User) -> None:
    """An unknown one is refused by name, the known ones are kept in one order."""
    for wrong in ("", "everything", "customers:delete", "read write:all", "planets:read"):
        with pytest.raises(InvalidInput):
            scopes.clean(wrong)
    assert scopes.clean("orders:read customers:write read") == "read customers:write orders:read"


def test_an_expired_token_is_nothing(user: User) -> None:
    """From that moment on; and none is made that has expired already."""
    soon = clock.now() + timedelta(hours=1)
    ask = asking(user, "read", expires_at=soon)
    assert ask("get", "customers").status_code == 200
    ApiToken.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert ask("get", "customers").status_code == 401
    with pytest.raises(InvalidInput):
        asking(user, "read", expires_at=clock.now() - timedelta(days=1))


def test_a_token_of_a_removed_user_is_nothing(user: User) -> None:
    """Out at once, and with another role at once no more than that role may do."""
    ask = asking(user, "write")
    assert ask("get", "customers").status_code == 200
    User.objects.update(role=Role.objects.create(key="none", name_en="None", name_zh="无"))
    assert ask("post", "customers", '{"name": "王"}').status_code == 403
    User.objects.update(is_active=False)
    assert ask("get", "customers").status_code == 401


def test_a_token_asks_as_often_as_it_may(user: User) -> None:
    """429 says how long to wait; another token of the same user has a bucket of its own."""
    ask, other = asking(user, "read", per_minute=3), asking(user, "read", per_minute=3)
    answers = [ask("get", "customers") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0]["RateLimit-Policy"] == '"token";q=3;w=60'
    assert answers[0]["RateLimit"].startswith('"token";r=2;')
    assert 1 <= int(answers[3]["Retry-After"]) <= 20
    assert other("get", "customers").status_code == 200
    with pytest.raises(InvalidInput):
        services.create_token(actor=actor_of(User.objects.create(username="a", role=Role.objects.get(key="agent"))),
                              user=User.objects.get(username="a"), scope="read", per_minute=0)  # fmt: skip


def _expired(token: ApiToken) -> None:
    ApiToken.objects.filter(pk=token.pk).update(expires_at=clock.now() - timedelta(seconds=1))


def _without_scope(token: ApiToken) -> None:
    ApiToken.objects.filter(pk=token.pk).update(scope="")


def _of_a_removed_user(token: ApiToken) -> None:
    User.objects.filter(pk=token.user_id).update(is_active=False)


def _used_up(token: ApiToken) -> None:
    limits.take(int(token.digest[:15], 16), token.per_minute)


NAMES = {401: "no-valid-token", 403: "not-allowed", 429: "too-many-requests"}


@pytest.mark.parametrize("method", ["get", "post", "patch", "delete"])
@pytest.mark.parametrize(
    ("spoil", "status"),
    [
        (lambda token: services.revoke_token(actor=console_actor(), token_id=token.pk), 401),
        (_expired, 401),
        (_of_a_removed_user, 401),
        (lambda token: ApiToken.objects.filter(pk=token.pk).delete(), 401),
        (_used_up, 429),
        (_without_scope, 403),
        (lambda token: ApiToken.objects.filter(pk=token.pk).update(scope="orders:write"), 403),
    ],
)
def test_a_token_that_does_not_hold_is_told_so_before_the_body_is_read(
    user: User, spoil: Any, status: int, method: str
) -> None:
    """The status, its name, and the headers that say what to do: as the reference has them, whatever is sent."""
    token, key = services.create_token(actor=console_actor(), user=user, scope="write", per_minute=1)
    spoil(token)
    path = "/api/v1/customers" if method in {"get", "post"} else "/api/v1/customers/cus_0001m"
    answer = getattr(Client(), method)(
        path, "{nonsense", content_type="application/json", headers={"Authorization": f"Bearer {key}"}
    ) if method != "get" else Client().get(path, headers={"Authorization": f"Bearer {key}"})  # fmt: skip
    told = answer.json()
    assert (answer.status_code, told["status"]) == (status, status)
    assert (told["type"], answer["Content-Type"]) == (f"urn:guanxi:problem:{NAMES[status]}", "application/problem+json")
    assert bool(answer.get("WWW-Authenticate", "").startswith('Bearer realm="guanxi"')) == (status == 401)
    assert ("Retry-After" in answer, "RateLimit" in answer) == (status == 429, status != 401)
    if status == 429:
        assert 1 <= int(answer["Retry-After"]) <= 60
        assert (answer["RateLimit-Policy"], answer["RateLimit"][:12]) == ('"token";q=1;w=60', '"token";r=0;')
    assert told.get("scope", "") == ("customers:read" if method == "get" else "customers:write") * (status == 403)


def test_the_limit_of_the_installation_holds_for_tokens_without_one_of_their_own(user: User, settings: Any) -> None:
    """A token's own limit goes before; nought stands for none, and no header tells of it."""
    settings.CONFIG = replace(settings.CONFIG, api_requests_per_minute=2)
    usual, wider, free = (asking(user, "read", per_minute=each) for each in (None, 4, 0))
    for ask, statuses in ((usual, [200, 200, 429]), (wider, [200] * 4 + [429]), (free, [200] * 6)):
        assert [ask("get", "users/me").status_code for _number in statuses] == statuses
    assert "RateLimit" not in free("get", "users/me")
    settings.CONFIG = replace(settings.CONFIG, api_requests_per_minute=0)
    assert [asking(user, "read")("get", "users/me").status_code for _number in range(4)] == [200] * 4


def test_buckets_fill_evenly_and_are_shared(tmp_path: Any) -> None:
    """Two processes with the file see one bucket; a clock set back locks nobody out."""
    one, two = limits.Buckets(tmp_path / "limits"), limits.Buckets(tmp_path / "limits")
    assert [buckets.take(7, 60, 100.0).left for buckets in (one, two, one)] == [59, 58, 57]
    for _number in range(57):
        one.take(7, 60, 100.0)
    assert two.take(7, 60, 100.0).wait == 1
    assert two.take(7, 60, 101.0).wait == 0
    assert two.take(7, 60, 50.0).left == 59
    assert one.take(7 + limits.SLOTS, 60, 50.0).left == 59


class TestSentTwice:
    """A POST with an Idempotency-Key."""

    def test_acts_once(self, user: User) -> None:
        """The same answer comes again, marked; another body under the key is refused; other keys act anew."""
        ask = asking(user, "write")
        first = ask("post", "customers", '{"name": "王"}', Idempotency_Key="k1")
        again = ask("post", "customers", '{"name": "王"}', Idempotency_Key="k1")
        assert (first.status_code, again.status_code) == (201, 201)
        assert (first.content, again["Idempotency-Replayed"]) == (again.content, "true")
        other = ask("post", "customers", '{"name": "李"}', Idempotency_Key="k1")
        assert (other.status_code, other.json()["type"]) == (422, "urn:guanxi:problem:key-reused")
        assert ask("post", "customers", '{"name": "王"}', Idempotency_Key="k2").json()["id"] != first.json()["id"]
        assert asking(user, "write")("post", "customers", '{"name": "王"}', Idempotency_Key="k1").status_code == 201
        assert len(ask("get", "customers").json()["items"]) == 3
        assert ask("post", "customers", '{"name": "王"}', Idempotency_Key="x" * 300).status_code == 422

    def test_an_error_frees_the_key(self, user: User) -> None:
        """What was refused may be mended and sent again under the same key."""
        ask = asking(user, "write")
        assert ask("post", "customers", "{nonsense", Idempotency_Key="k").status_code == 400
        assert ask("post", "customers", '{"nmae": "王"}', Idempotency_Key="k").status_code == 422
        assert ask("post", "customers", '{"name": "王"}', Idempotency_Key="k").status_code == 201

    def test_while_the_first_is_in_hand(self, user: User) -> None:
        """409 until it is done; a request whose process died holds its key for two minutes only."""
        ask = asking(user, "write")
        assert ask("post", "customers", '{"name": "王"}', Idempotency_Key="k").status_code == 201
        KeptAnswer.objects.update(status=None)
        waiting = ask("post", "customers", '{"name": "王"}', Idempotency_Key="k")
        assert (waiting.status_code, waiting["Retry-After"]) == (409, "1")
        KeptAnswer.objects.update(at=clock.now() - timedelta(minutes=3))
        assert ask("post", "customers", '{"name": "王"}', Idempotency_Key="k").status_code == 201

    def test_is_kept_a_day(self, user: User) -> None:
        """Then the key means nothing any more and the answer, which may name somebody, is gone."""
        ask = asking(user, "write")
        first = ask("post", "customers", '{"name": "王"}', Idempotency_Key="k").json()["id"]
        KeptAnswer.objects.update(at=clock.now() - timedelta(hours=25))
        assert ask("post", "customers", '{"name": "王"}', Idempotency_Key="k").json()["id"] != first
        KeptAnswer.objects.update(at=clock.now() - timedelta(hours=25))
        (part,) = kinds["kept_answers"].parts
        assert part.rows(clock.now() - services.answers.KEPT).count() == 1
        assert timedelta(days=kinds["kept_answers"].days or 0) == services.answers.KEPT


def test_methods(user: User) -> None:
    """The head alone, what an address takes, and what it does not."""
    ask = asking(user, "read")
    head = ask("head", "customers")
    assert (head.status_code, head.content) == (200, b"")
    assert Client().options("/api/v1/customers")["Allow"] == "GET, HEAD, OPTIONS, POST"
    refused = ask("put", "customers", "{}")
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    assert Client().get("/api/v1/nothing").status_code == 404
    assert Client().post("/api/v1/customers", "{nonsense", content_type="application/json").status_code == 401

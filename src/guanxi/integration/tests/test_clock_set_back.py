"""With the clock set back by an hour or a year: expired tokens stay expired, keys and places in lists go on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guanxi.core import clock
from guanxi.core.actor import console_actor
from guanxi.core.models import Role, User
from guanxi.integration import jobs, services
from guanxi.integration.models import ApiToken, KeptAnswer

pytestmark = pytest.mark.django_db
STEPS = (timedelta(hours=1), timedelta(days=365))


@pytest.fixture
def user() -> User:
    """A manager."""
    return User.objects.create(username="li", role=Role.objects.get(key="manager"))


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Put the clock ahead; zero is the time as it is."""
    real, shift = clock.now, [timedelta(0)]
    monkeypatch.setattr(clock, "now", lambda: real() + shift[0])

    def put(span: timedelta) -> None:
        shift[0] = span

    return put


def asking(user: User, **more: Any) -> Callable[..., Any]:
    """A function that asks with a fresh token."""
    _token, key = services.create_token(actor=console_actor(), user=user, scope="write", **more)

    def ask(method: str, path: str, body: Any = None, **headers: str) -> Any:
        given = {} if body is None else {"data": body, "content_type": "application/json"}
        headers = {"Authorization": f"Bearer {key}", **{n.replace("_", "-"): v for n, v in headers.items()}}
        return getattr(Client(), method)(f"/api/v1/{path}", headers=headers, **given)

    return ask


@pytest.mark.parametrize("step", STEPS)
def test_a_token_whose_time_was_over_stays_useless(
    user: User, ahead: Callable[[timedelta], None], step: timedelta
) -> None:
    ask = asking(user, expires_at=clock.now() + step / 2)
    unused, lasting = asking(user, expires_at=clock.now() + step / 2), asking(user)
    assert ask("get", "customers").status_code == 200
    ahead(step)
    assert ask("get", "customers").status_code == 401
    assert jobs.end_lapsed_tokens.call() == 1, "the one that was not asked with"
    ahead(timedelta(0))
    assert ask("get", "customers").status_code == 401
    assert unused("get", "customers").status_code == 401
    assert jobs.end_lapsed_tokens.call() == 0
    client = Client()
    client.force_login(user)
    assert "expired" in client.get("/settings/tokens").content.decode()
    assert lasting("get", "customers").status_code == 200


def test_a_token_that_was_found_over_is_so_at_once(user: User, ahead: Callable[[timedelta], None]) -> None:
    ask, other = asking(user, expires_at=clock.now() + timedelta(minutes=5)), asking(user)
    ahead(timedelta(hours=1))
    assert ask("get", "customers").status_code == 401
    ahead(timedelta(0))
    assert ask("get", "customers").status_code == 401
    assert other("get", "customers").status_code == 200


def test_when_a_token_was_last_used_is_told_by_the_new_time(user: User, ahead: Callable[[timedelta], None]) -> None:
    ask = asking(user)
    ahead(STEPS[1])
    ask("get", "customers")
    ahead(timedelta(0))
    ask("get", "customers")
    assert ApiToken.objects.get().last_used_at <= clock.now()


@pytest.mark.parametrize("step", STEPS)
def test_a_key_still_acts_once_and_one_whose_request_died_comes_free(
    user: User, ahead: Callable[[timedelta], None], step: timedelta
) -> None:
    ask = asking(user)
    ahead(step)
    first = ask("post", "customers", '{"name": "王"}', Idempotency_Key="k1")
    KeptAnswer.objects.create(token=ApiToken.objects.get(), key="k2", digest="x", at=clock.now())
    ahead(timedelta(0))
    again = ask("post", "customers", '{"name": "王"}', Idempotency_Key="k1")
    assert (again["Idempotency-Replayed"], again.content) == ("true", first.content)
    assert ask("post", "customers", '{"name": "李"}', Idempotency_Key="k2").status_code == 201


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("path", ["customers?limit=1", "customers?limit=1&sort=-updated_at"])
def test_a_place_in_a_list_leads_on(user: User, ahead: Callable[[timedelta], None], step: timedelta, path: str) -> None:
    ask = asking(user)
    ahead(step)
    for name in ("王", "李", "张"):
        assert ask("post", "customers", f'{{"name": "{name}"}}').status_code == 201
    found, following = [], ask("get", path).json()
    ahead(timedelta(0))
    while True:
        found += [item["name"] for item in following["items"]]
        if not following["next"]:
            break
        following = ask("get", f"{path}&after={following['next']}").json()
    assert sorted(found) == sorted(["王", "李", "张"])

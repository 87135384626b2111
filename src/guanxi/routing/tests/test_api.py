"""Queues, work and presence over the API."""

from typing import Any

import pytest
from django.test import Client

from guanxi.core.actor import system_actor
from guanxi.core.ids import public_id
from guanxi.core.models import User
from guanxi.integration.public import create_token
from guanxi.routing.tests.test_work import enter, person, settle

pytestmark = pytest.mark.django_db


class Caller:
    """A program that acts for somebody."""

    def __init__(self, user: User) -> None:
        """With a token of theirs."""
        _row, key = create_token(actor=system_actor(), user=user, scope="write")
        self.headers = {"Authorization": f"Bearer {key}"}

    def __call__(self, method: str, address: str, data: Any = None, status: int = 200) -> Any:
        """Ask, and give what was answered."""
        sent = {"data": data, "content_type": "application/json"} if data is not None else {}
        answer = getattr(Client(), method)(f"/api/v1/{address}", headers=self.headers, **sent)
        assert answer.status_code == status, answer.content.decode()
        return answer.json() if answer.content else None


def test_work_goes_round_through_the_api() -> None:
    """A queue is made and filled; work is given, explained, handed over, taken, moved; states are set and seen."""
    boss, ann, ben = (
        Caller(person(name, role)) for name, role in (("boss", "owner"), ("ann", "agent"), ("ben", "agent"))
    )
    made = boss("post", "queues", {"name": "Desk", "code": "desk", "strategy": "least_load"}, 201)
    desk = made["id"]
    ann("post", "queues", {"name": "Mine", "code": "mine"}, 403)
    boss("patch", f"queues/{desk}", {"strategy": "dice"}, 422)
    boss("patch", f"queues/{desk}", {"overflow": desk}, 422)
    boss("put", f"queues/{desk}/members", {"items": [{"user": "nobody"}]}, 422)
    members = boss("put", f"queues/{desk}/members", {"items": [{"user": "ann"}, {"user": "ben", "level": 2}]})
    assert [(one["user"], one["level"], one["state"]) for one in members["items"]] == [
        ("ann", 1, "offline"),
        ("ben", 2, "offline"),
    ]
    assert ann("put", "presence/me", {"state": "online"})["state"] == "online"
    ann("post", "presence/me/beat", status=204)
    ann("put", f"presence/{public_id('usr', User.objects.get(username='ben').pk)}", {"state": "online"}, 403)
    enter(1, channel_kind="email")
    settle()
    [item] = ann("get", "work-items?assignee=me")["items"]
    assert (item["state"], item["assignee"], item["channel"], item["queue"]) == ("assigned", "ann", "email", desk)
    [given] = ann("get", f"work-items/{item['id']}/assignments")["items"]
    assert (given["text"], given["strategy"]) == ("The only one who was free. Offline: Ben.", "least_load")
    assert given["why"]["candidates"][0][2:4] == [0, 6]
    ben("post", f"work-items/{item['id']}/take", status=409)
    assert ann("post", f"work-items/{item['id']}/assign", {"user": "ben"})["assignee"] == "ben"
    assert ben("post", f"work-items/{item['id']}/put-back")["state"] == "waiting"
    assert ben("post", f"work-items/{item['id']}/take")["assignee"] == "ben"
    second = boss("post", "queues", {"name": "Second", "code": "second"}, 201)["id"]
    ben("post", f"work-items/{item['id']}/move", {"queue": second}, 404)
    assert boss("post", f"work-items/{item['id']}/move", {"queue": second})["queue"] == second
    ben("get", f"work-items/{item['id']}", status=404)
    counts = {one["code"]: one["counts"]["waiting"] for one in boss("get", "queues")["items"]}
    assert counts == {"desk": 0, "second": 1}
    assert (
        boss("put", f"presence/{public_id('usr', User.objects.get(username='ann').pk)}", {"state": "break"})["state"]
        == "break"
    )
    assert {one["user"]: one["state"] for one in ben("get", "presence")["items"]} == {"ann": "break", "ben": "offline"}
    boss("delete", f"queues/{desk}", status=409)
    assert len(boss("get", f"queues/{desk}/assignments")["items"]) == 3

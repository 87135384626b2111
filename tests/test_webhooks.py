"""Webhooks from end to end: from a customer who is entered, changed, imported to a receiver that checks what it is told."""

import json
from typing import Any

import pytest
from django.test import Client

from guanxi.core import events
from guanxi.core.actor import Actor, actor_of, console_actor, system_actor
from guanxi.core.jobs import run_pending
from guanxi.core.models import Role, RolePermission, User
from guanxi.customers.services.contact_points import add_contact_point
from guanxi.customers.services.customers import create_customer, update_customer
from guanxi.integration.public import create_token
from guanxi.integration.tests.receiver import Receiver, is_signed
from guanxi.integration.tests.webhook_fixtures import a_receiver, an_endpoint, an_owner, leads_inside
from guanxi.integration.webhooks import services, signing
from guanxi.integration.webhooks.models import WebhookEndpoint, WebhookMessage

pytestmark = pytest.mark.django_db
FIXTURES = (a_receiver, an_endpoint, an_owner, leads_inside)


def work() -> None:
    """Do what workers do until nothing is left."""
    while events.deliver_pending() + run_pending():
        pass


def test_what_happens_is_told_signed_and_without_personal_data(owner: Actor, endpoint: Any, receiver: Receiver) -> None:
    """From a customer entered to a body that the receiver can check."""
    create_customer(actor=owner, values={"name": "王秀英"})
    work()
    [(headers, body)] = receiver.calls
    assert is_signed(endpoint[1], headers, body)
    assert not is_signed(signing.new_secret(), headers, body)
    told = json.loads(body)
    assert (told["type"], set(told["data"])) == ("customer.created", {"id"})
    assert "王" not in body.decode()
    assert WebhookMessage.objects.get().state == "delivered"


def test_details_for_those_who_ask_as_far_as_their_user_sees(owner: Actor, endpoint: Any, receiver: Receiver) -> None:
    """As the record is when it is told; nothing of it is kept in the log."""
    services.update_endpoint(actor=owner, endpoint_id=endpoint[0].pk, with_details=True)
    made = create_customer(actor=owner, values={"name": "王秀英"})
    work()
    assert receiver.told[0]["data"]["details"]["name"] == "王秀英"
    assert "王" not in json.dumps([m.data for m in WebhookMessage.objects.all()], ensure_ascii=False)
    assert made.pk


def test_it_hears_no_more_than_its_user(receiver: Receiver) -> None:
    """Records of others, and a user who may not sign in any more."""
    role = Role.objects.create(key="own", name_en="Own", name_zh="本人")
    for kind, action in (("customer", "view"), ("webhook", "create"), ("webhook", "view")):
        RolePermission.objects.create(role=role, kind=kind, action=action, scope="own")
    user = User.objects.create(username="li", role=role)
    services.create_endpoint(actor=actor_of(user), label="mine", url=receiver.url)
    mine = create_customer(actor=system_actor(), values={"name": "A", "owner": user.pk})
    create_customer(actor=system_actor(), values={"name": "B"})
    work()
    assert [told["data"]["id"] for told in receiver.told] == [mine.public_id]
    update_customer(actor=system_actor(), customer_id=mine.pk, values={"city": "上海"})
    events.deliver_pending()
    User.objects.filter(pk=user.pk).update(is_active=False)
    work()
    assert len(receiver.calls) == 1
    assert WebhookEndpoint.objects.values_list("is_active", "stopped_because").get() == (False, "user")


def test_parts_of_a_customer_are_told_in_the_order_they_came(owner: Actor, endpoint: Any, receiver: Receiver) -> None:
    """A contact point is a change of its customer."""
    made = create_customer(actor=owner, values={"name": "李雷"})
    update_customer(actor=owner, customer_id=made.pk, values={"city": "上海"})
    add_contact_point(actor=owner, customer_id=made.pk, kind="phone", value="13800138000")
    work()
    assert [(t["type"], t["data"].get("fields")) for t in receiver.told] == [
        ("customer.created", None),
        ("customer.changed", ["city"]),
        ("customer.changed", ["contact_points"]),
    ]
    assert "13800138000" not in json.dumps(receiver.told)


def test_webhooks_through_the_api(receiver: Receiver) -> None:
    """Made, read, tested, its log read, changed, replayed, removed; refused to a token that may only read."""
    user = User.objects.create(username="boss", role=Role.objects.get(key="owner"))

    def call(method: str, path: str, data: Any = None, *, scope: str = "write") -> Any:
        _token, key = create_token(actor=console_actor(), user=user, scope=scope)
        given = {} if data is None else {"data": json.dumps(data), "content_type": "application/json"}
        return getattr(Client(), method)(f"/api/v1/webhooks{path}", headers={"Authorization": f"Bearer {key}"}, **given)

    assert call("post", "", {"label": "ERP", "url": receiver.url}, scope="read").status_code == 403
    assert call("post", "", {"label": "ERP", "url": "ftp://x"}).json()["field"] == "url"
    assert call("post", "", {"label": "ERP", "url": receiver.url, "types": ["no.such"]}).json()["field"] == "types"
    answer = call("post", "", {"label": "ERP", "url": receiver.url})
    made = answer.json()
    assert answer["Location"] == f"/api/v1/webhooks/{made['id']}"
    address = f"/{made['id']}"
    assert "secret" not in call("get", address).json()
    assert call("post", f"{address}/test").status_code == 202
    work()
    assert is_signed(made["secret"], *receiver.calls[0])
    [message] = call("get", f"{address}/messages").json()["items"]
    assert (message["state"], message["tries"][0]["status"]) == ("delivered", 204)
    assert call("post", f"{address}/replay", {"messages": [message["id"]]}).json() == {"count": 1}
    work()
    assert [headers["webhook-id"] for headers, _body in receiver.calls] == [message["id"]] * 2
    assert call("patch", address, {"active": False}).json()["active"] is False
    assert call("post", f"{address}/test").status_code == 409
    assert "customer.created" in {item["type"] for item in call("get", "/types").json()["items"]}
    assert call("delete", address).status_code == 204
    assert call("get", address).status_code == 404

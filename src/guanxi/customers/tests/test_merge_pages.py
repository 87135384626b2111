"""Merging on screen, through the API and from the command line."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.core.actor import Actor
from guanxi.core.models import User
from guanxi.customers.models import ContactPoint, Customer, Merge
from guanxi.customers.services.merging import merge_customers
from guanxi.integration.services import create_token

pytestmark = pytest.mark.django_db
Enter = Callable[..., Customer]


@pytest.fixture
def signed_in(client: Client, owner: Actor) -> Client:
    """The owner's browser."""
    client.force_login(User.objects.get(pk=owner.user_id))
    return client


@pytest.fixture
def api(owner: Actor) -> Callable[..., Any]:
    """The API with a token that may do everything."""
    _token, key = create_token(actor=owner, user=User.objects.get(pk=owner.user_id), label="t", scope="write")
    client = Client(headers={"Authorization": f"Bearer {key}"})

    def call(method: str, path: str, data: Any = None) -> Any:
        """One call."""
        return getattr(client, method)(f"/api/v1/{path}", data=data, content_type="application/json")

    return call


def test_customers_are_compared_merged_and_parted_on_screen(signed_in: Client, enter: Enter) -> None:
    one = enter("张三", city="上海", contact_points=[{"kind": "phone", "value": "13800138000"}])
    two = enter("张三丰", city="北京", contact_points=[{"kind": "phone", "value": "13800138000"}])
    address = reverse("customers:merge")
    page = signed_in.get(address, {"id": [one.public_id, two.public_id]})
    assert page.status_code == 200
    text = page.content.decode()
    assert "上海" in text
    assert "北京" in text
    assert f'name="choose-city" value="{two.pk}"' in text
    assert "set aside" in text
    data = {"id": [one.public_id, two.public_id], "keep": one.public_id, "choose-city": str(two.pk)}
    assert signed_in.post(address, data)["Location"] == reverse("customers:show", args=[one.public_id])
    assert Customer.objects.get(pk=one.pk).city == "北京"
    old = signed_in.get(reverse("customers:edit", args=[two.public_id]))
    assert old["Location"] == reverse("customers:edit", args=[one.public_id])
    assert signed_in.post(reverse("customers:status", args=[two.public_id])).status_code == 409
    shown = signed_in.get(one.get_absolute_url()).content.decode()
    assert "Merged into this customer" in shown
    assert "张三丰" in shown
    stream = signed_in.get(reverse("customers:activity", args=[one.public_id])).content.decode()
    assert "Customers merged" in stream
    assert two.public_id in stream
    merge = Merge.objects.get()
    signed_in.post(reverse("customers:part", args=[merge.public_id]))
    assert Customer.objects.count() == 2
    assert Customer.objects.get(pk=one.pk).city == "上海"
    assert ContactPoint.objects.filter(customer=two).count() == 1
    assert "Merged into this customer" not in signed_in.get(one.get_absolute_url()).content.decode()


def test_what_cannot_be_merged_is_told_on_the_page(signed_in: Client, enter: Enter) -> None:
    one, firm = enter("张三"), enter("张三有限公司", "organisation")
    address = reverse("customers:merge")
    page = signed_in.get(address, {"id": [one.public_id, firm.public_id]})
    assert "different kinds" in page.content.decode()
    data = {"id": [one.public_id, firm.public_id], "keep": one.public_id}
    assert signed_in.post(address, data).status_code == 422
    assert signed_in.get(address, {"id": ["cus_nonsense"]}).status_code == 404
    itself = {"id": [one.public_id, one.public_id], "keep": one.public_id}
    assert signed_in.post(address, itself).status_code == 422


def test_an_auditor_finds_nothing_to_merge(client: Client, auditor: Actor, enter: Enter) -> None:
    client.force_login(User.objects.get(pk=auditor.user_id))
    one, two = enter("甲"), enter("乙")
    data = {"id": [one.public_id, two.public_id], "keep": one.public_id}
    assert client.get(reverse("customers:merge"), data).status_code in {403, 404}
    assert client.post(reverse("customers:merge"), data).status_code in {403, 404}
    assert not Merge.objects.exists()


def test_merging_through_the_api(api: Callable[..., Any], enter: Enter) -> None:
    one, two, three = enter("李一"), enter("李二", city="广州"), enter("李三")
    absorbed = [two.public_id, three.public_id]
    made = api("post", f"customers/{one.public_id}/merge", {"absorb": absorbed, "choices": {"name": two.public_id}})
    assert made.status_code == 200, made.content
    assert [item["absorbed"] for item in made.json()["items"]] == absorbed
    read = api("get", f"customers/{two.public_id}").json()
    assert (read["id"], read["merged_from"], read["city"], read["name"]) == (
        one.public_id,
        two.public_id,
        "广州",
        "李二",
    )
    assert len(api("get", f"customers/{one.public_id}/merges").json()["items"]) == 2
    undone = api("post", f"merges/{made.json()['items'][0]['id']}/undo")
    assert undone.status_code == 200, undone.content
    assert undone.json()["merge"]["undone_at"]
    assert api("get", f"customers/{two.public_id}").json()["id"] == two.public_id
    assert api("post", f"merges/{made.json()['items'][0]['id']}/undo").status_code == 409
    itself = api("post", f"customers/{one.public_id}/merge", {"absorb": [one.public_id]})
    assert itself.status_code == 422
    assert "itself" in itself.json()["detail"]
    circle = api("post", f"customers/{three.public_id}/merge", {"absorb": [one.public_id]})
    assert circle.status_code == 409
    assert api("post", "merges/mrg_nonsense/undo").status_code == 404


def test_merging_from_the_command_line(guanxi: Any) -> None:
    guanxi.run("seed", "--customers", "8")
    items = [item for item in guanxi.json("customers", "list")["items"] if item["kind"] == "person"]
    one, two = items[0]["id"], items[1]["id"]
    told = guanxi.json("customers", "merge", one, two)["items"][0]
    assert (told["survivor"], told["absorbed"]) == (one, two)
    assert guanxi.json("customers", "unmerge", told["id"])["merge"]["undone_at"]
    assert "itself" in guanxi.run("customers", "merge", one, one, expect=1).err


def test_merges_of_others_are_not_told(owner: Actor, enter: Enter, client: Client, make_seller: Any) -> None:
    one, two = enter("王一"), enter("王二")
    merge_customers(actor=owner, keep_id=one.pk, absorb_ids=[two.pk])
    client.force_login(make_seller("sid"))
    assert client.get(reverse("customers:show", args=[two.public_id])).status_code == 404
    assert client.get(one.get_absolute_url()).status_code == 404

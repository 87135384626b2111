"""The history of what was merged into a customer is told on its page, marked, as long as the merge stands."""

import pytest
from django.test import Client

from guanxi.core.actor import Actor, actor_of
from guanxi.core.models import Role, RolePermission, User
from guanxi.customers.models import Customer
from guanxi.customers.services.customers import create_customer, update_customer
from guanxi.customers.services.merging import merge_customers, undo_merge
from guanxi.integration.services import create_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(owner: Actor) -> User:
    return User.objects.get(pk=owner.user_id)


@pytest.fixture
def pair(owner: Actor) -> tuple[Customer, Customer]:
    """One person on record twice, each record with a history."""
    keep, goes = (
        create_customer(actor=owner, values={"name": name, "kind": "person", "city": city})
        for name, city in (("王小明", "上海"), ("王晓明", "南京"))
    )
    update_customer(actor=owner, customer_id=keep.pk, values={"city": "北京"})
    update_customer(actor=owner, customer_id=goes.pk, values={"city": "苏州"})
    return keep, goes


def history(someone: User, customer: Customer) -> str:
    """The History tab as a reader gets it."""
    client = Client()
    client.force_login(someone)
    answer = client.get(f"/history/of/customer/{customer.pk}", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_changes_of_the_absorbed_stand_with_the_survivor_until_they_are_parted(
    owner: Actor, boss: User, pair: tuple[Customer, Customer]
) -> None:
    keep, goes = pair
    assert "苏州" not in history(boss, keep)
    (merge,) = merge_customers(actor=owner, keep_id=keep.pk, absorb_ids=[goes.pk])
    page = history(boss, keep)
    assert "北京" in page
    assert "苏州" in page
    assert f"merged in, was {goes.public_id}" in page
    assert f"merged in, was {keep.public_id}" not in page
    undo_merge(actor=owner, merge_id=merge.pk)
    page = history(boss, keep)
    assert "北京" in page
    assert "merged in, was" not in page
    assert page.count("苏州") == 0
    assert "苏州" in history(boss, goes)


def test_merges_of_merges_are_told_with_the_last_survivor(
    owner: Actor, boss: User, pair: tuple[Customer, Customer]
) -> None:
    keep, goes = pair
    last = create_customer(actor=owner, values={"name": "王先生", "kind": "person"})
    merge_customers(actor=owner, keep_id=keep.pk, absorb_ids=[goes.pk])
    merge_customers(actor=owner, keep_id=last.pk, absorb_ids=[keep.pk])
    page = history(boss, last)
    for told in ("北京", "苏州", f"was {keep.public_id}", f"was {goes.public_id}"):
        assert told in page


def test_whoever_may_not_see_the_absorbed_record_reads_nothing_of_it(
    owner: Actor, pair: tuple[Customer, Customer]
) -> None:
    keep, goes = pair
    role = Role.objects.create(key="keeper", name_en="Keeper", name_zh="客服")
    for kind, action in (("customer", "view"), ("history", "view")):
        RolePermission.objects.create(role=role, kind=kind, action=action, scope="own")
    keeper = User.objects.create_user("kim", "secret-enough", role=role)
    update_customer(actor=owner, customer_id=keep.pk, values={"owner": keeper.pk})
    (merge,) = merge_customers(actor=owner, keep_id=keep.pk, absorb_ids=[goes.pk])
    page = history(keeper, keep)
    assert "北京" in page
    assert "苏州" not in page
    assert goes.public_id not in page.replace(f"({goes.public_id})", ""), "only that the merge took place is told"
    assert merge.absorbed_id == goes.pk


def test_programs_are_told_whose_change_it_was(boss: User, owner: Actor, pair: tuple[Customer, Customer]) -> None:
    keep, goes = pair
    merge_customers(actor=owner, keep_id=keep.pk, absorb_ids=[goes.pk])
    _row, key = create_token(actor=actor_of(boss), user=boss, scope="read", label="t")
    answer = Client().get(
        f"/api/v1/history?customer={keep.public_id}&operation=customers.update_customer",
        headers={"Authorization": f"Bearer {key}"},
    )
    told = {
        (c["customer"], c["after"]) for act in answer.json()["items"] for c in act["changes"] if c["field"] == "city"
    }
    assert told == {(keep.public_id, "北京"), (goes.public_id, "苏州")}

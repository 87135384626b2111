"""Possible duplicates on the screen: the list, two side by side, decisions, the card, the warning while typing."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from guanxi.core import events, jobs
from guanxi.core.actor import actor_of, system_actor
from guanxi.core.models import Operation, Role, RoleField, User
from guanxi.customers.duplicates import looking_up, side_by_side
from guanxi.customers.models import Customer, DuplicateDecision, DuplicatePair
from guanxi.customers.services import profiles
from guanxi.customers.services.customers import create_customer, update_customer
from tests.cards import card


def enter(name: str, phone: str, *, actor=None, **values: object):
    """A customer with a telephone."""
    return create_customer(
        actor=actor or system_actor("cli"),
        values={"name": name, "kind": "person", **values},
        contact_points=[{"kind": "phone", "value": phone}],
    )


@pytest.fixture
def boss(owner, client):
    """The owner, signed in."""
    user = User.objects.get(pk=owner.user_id)
    client.force_login(user)
    return owner


@pytest.fixture
def pair(boss):
    """Two records of one customer, found."""
    one, other = enter("王小明", "13800138000", tax_id="11010519491231002X"), enter("Wang Xiaoming", "13800138000")
    looking_up.recheck(one.pk)
    return DuplicatePair.objects.get(first=one.pk, second=other.pk)


def test_the_list_shows_the_pair_with_reasons(client, pair):
    page = client.get(reverse("customers:duplicates")).content.decode()
    assert "王小明" in page
    assert "Wang Xiaoming" in page
    assert reverse("customers:duplicate", args=[pair.pk]) in page


def test_two_side_by_side_then_not_the_same_then_again(client, pair):
    address = reverse("customers:duplicate", args=[pair.pk])
    page = client.get(address).content.decode()
    assert page.count("王小明") >= 2
    client.post(reverse("customers:decide_different", args=[pair.pk]), {"reason": "同名"})
    decision = DuplicateDecision.objects.get()
    assert decision.reason == "同名"
    assert "Wang Xiaoming" not in client.get(reverse("customers:duplicates")).content.decode()
    assert "同名" in client.get(reverse("customers:decisions")).content.decode()
    assert "同名" in client.get(address).content.decode()
    client.post(reverse("customers:withdraw_decision", args=[decision.pk]))
    assert not DuplicateDecision.objects.exists()


def test_many_pairs_at_once_are_noted_and_undone(client, boss):
    first = enter("李雷", "13800138000")
    enter("Li Lei", "13800138000")
    enter("李雷经理", "13800138000")
    looking_up.recheck(first.pk)
    numbers = ",".join(map(str, DuplicatePair.objects.values_list("pk", flat=True)))
    answer = client.post("/ui/list/duplicates/bulk/different", {"ids": numbers, "reason": ""})
    assert answer.status_code == 204
    assert DuplicateDecision.objects.count() == DuplicatePair.objects.count() == 2


def test_the_card_names_who_may_be_the_same(client, pair):
    page = card(client, "customer", pair.first_id, "duplicates")
    assert "Wang Xiaoming" in page


def test_typing_warns_and_saving_is_allowed_all_the_same(client, pair):
    form = {"kind": "person", "name": "王小明", "phone": "138 0013 8000"}
    page = client.post(reverse("customers:similar"), form).content.decode()
    assert "Wang Xiaoming" in page
    assert client.post(reverse("customers:similar"), {"kind": "person", "name": "赵四海"}).content.strip() == b""
    assert client.post(reverse("customers:create"), {**form, "status": "active"}).status_code == 302


def test_half_a_number_and_odd_texts_do_no_harm(client, boss):
    for form in (
        {},
        {"name": "\x00"},
        {"name": "王", "phone": "138"},
        {"kind": "?", "email": "a@"},
        {"name": "a" * 5000},
    ):
        assert client.post(reverse("customers:similar"), form).status_code == 200


def test_who_sees_one_side_only_sees_nothing_of_the_pair(client, pair, make_seller):
    seller = make_seller("anna")
    update_customer(actor=system_actor("cli"), customer_id=pair.first_id, values={"owner": seller.pk})
    client.force_login(seller)
    assert "Wang Xiaoming" not in client.get(reverse("customers:duplicates")).content.decode()
    assert client.get(reverse("customers:duplicate", args=[pair.pk])).status_code == 404
    assert client.post(reverse("customers:decide_different", args=[pair.pk])).status_code == 404
    assert not DuplicateDecision.objects.exists()
    found = looking_up.possible_duplicates(
        actor_of(seller), {"name": "王小明"}, [{"kind": "phone", "value": "13800138000"}]
    )
    assert [one.customer.pk for one in found] == [pair.first_id]


def test_two_side_by_side_tell_days_as_the_reader_writes_them_and_no_number_in_full(client, pair):
    number = "11010519491231002X"
    for one in (pair.first_id, pair.second_id):
        profiles.update_profile(actor=system_actor(), customer_id=one, values={"birth_on": "1949-12-31"})
    update_customer(actor=system_actor(), customer_id=pair.second_id, values={"tax_id": number})
    # Late in the evening in London it is the next morning in Shanghai.
    Customer.objects.update(created_at=datetime(2026, 11, 29, 23, 30, tzinfo=UTC))
    with timezone.override("Asia/Shanghai"):
        rows = {row["label"]: row["values"] for row in side_by_side.rows(system_actor(), list(Customer.objects.all()))}
    assert rows["On record since"] == ["30 Nov 2026"] * 2
    assert rows["Date of birth"] == ["31 Dec 1949"] * 2
    ids = "&".join(f"id={one.public_id}" for one in Customer.objects.all())
    for address in (reverse("customers:duplicate", args=[pair.pk]), reverse("customers:merge") + "?" + ids):
        page = client.get(address).content.decode()
        assert "Wang Xiaoming" in page
        assert number not in page
    assert "110***********002X" in client.get(reverse("customers:duplicate", args=[pair.pk])).content.decode()


def test_reasons_tell_no_value_that_the_role_may_not_see(pair):
    role = Role.objects.create(key="desk", name_en="Desk", name_zh="前台")
    for action in ("view", "create"):
        role.permissions.create(kind="customer", action=action, scope="all")
    RoleField.objects.create(role=role, kind="contactpoint", field="value", visibility="masked")
    RoleField.objects.create(role=role, kind="customer", field="tax_id", visibility="hidden")
    desk = actor_of(User.objects.create_user("desk", "secret-enough", role=role))
    told = looking_up.compare_two(pair.first_id, pair.second_id)
    said = " ".join(looking_up.in_words(desk, told))
    assert "13800138000" not in said
    assert "****" in said
    assert not looking_up.possible_duplicates(desk, {"tax_id": "11010519491231002X", "kind": "person", "name": "某"})


@pytest.mark.django_db(transaction=True)
def test_pairs_follow_what_is_entered_and_changed(owner):
    one = enter("王小明", "13800138000", actor=owner)
    other = enter("Wang Xiaoming", "13800138000", actor=owner)
    while events.deliver_pending() or jobs.run_pending("default"):
        pass
    assert DuplicatePair.objects.filter(first=one.pk, second=other.pk).exists()
    update_customer(actor=owner, customer_id=other.pk, values={"name": "赵四海"})
    while events.deliver_pending() or jobs.run_pending("default"):
        pass
    assert not DuplicatePair.objects.exists()


def test_selected_pairs_are_merged_and_parted_together(client, pair):
    """From the ranked list; the undo of the toast parts them again."""
    answer = client.post("/ui/list/duplicates/bulk/merge", {"ids": [pair.pk]})
    assert answer.status_code == 204, answer.content
    assert Customer.objects.count() == 1
    assert (
        not DuplicatePair.objects.exists() or "Wang" not in client.get(reverse("customers:duplicates")).content.decode()
    )
    operation = Operation.objects.filter(name="customers.merge_several").latest("id")
    client.post(reverse("ui:undo", args=[operation.pk]))
    assert Customer.objects.count() == 2


def test_merging_from_the_list_is_for_those_who_may_merge(client, pair):
    """An agent may note that two are different, not merge them."""
    client.force_login(User.objects.create(username="li", role=Role.objects.get(key="agent")))
    assert client.post("/ui/list/duplicates/bulk/merge", {"ids": [pair.pk]}).status_code in {403, 404}
    assert Customer.objects.count() == 2


def test_the_comparison_leads_to_the_preview_of_the_merge(client, pair):
    """The link of the page opens."""
    page = client.get(reverse("customers:duplicate", args=[pair.pk])).content.decode()
    address = page.split('btn-primary" href="')[1].split('"')[0].replace("&amp;", "&")
    preview = client.get(address)
    assert preview.status_code == 200
    assert "Wang Xiaoming" in preview.content.decode()

"""Merging customers and parting them again: everything that hung on either side is back where it was."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from guanxi.core import changes, references
from guanxi.core.actor import Actor, actor_of
from guanxi.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from guanxi.core.models import Change, RolePermission, User
from guanxi.core.references import Treatment
from guanxi.customers.models import (
    ContactPoint,
    CoreCard,
    CoreCardReading,
    Customer,
    CustomerTag,
    ExternalId,
    Merge,
    MergedRow,
    PersonProfile,
    Relation,
)
from guanxi.customers.queries.finding import customers_by_contact
from guanxi.customers.services import core_cards, visits
from guanxi.customers.services.bulk_changes import bulk_update_customers
from guanxi.customers.services.contact_points import add_contact_point, remove_contact_point, update_contact_point
from guanxi.customers.services.customers import add_external_id, remove_external_id, update_customer
from guanxi.customers.services.merging import merge_customers, merge_pairs, undo_merge, undo_merges
from guanxi.customers.services.merging.straying import settle_strays
from guanxi.customers.services.profiles import update_profile
from guanxi.customers.services.relations import relate
from guanxi.search.public import search

pytestmark = pytest.mark.django_db
Enter = Callable[..., Customer]
PHONES = [{"kind": "phone", "value": "13800138000"}, {"kind": "phone", "value": "13900139000"}]


def state() -> dict[str, Any]:
    """Every row that hangs on customers, and every customer, without what follows from them or tells of merges."""
    found: dict[str, Any] = {}
    models = {r.model for r in references.of("customer") if r.treatment in {Treatment.MOVES, Treatment.FIELDS}}
    for model in (Customer, *sorted(models, key=lambda model: model.__name__)):
        left_out = {"updated_at"}
        names = [f.attname for f in model._meta.concrete_fields if f.attname not in left_out]
        found[model.__name__] = list(model._base_manager.order_by("pk").values_list(*names))
    return found


@pytest.fixture
def pair(owner: Actor, enter: Enter) -> tuple[Customer, Customer]:
    """The same person entered twice, each with things of their own and some alike."""
    one = enter("张三", city="上海", contact_points=PHONES[:1], tags=["老客户"], external_ids=[("erp", "100")])
    two = enter(
        "张 三", title="经理", note="怕冷", contact_points=PHONES, tags=["老客户", "重要"], external_ids=[("shop", "7")]
    )
    company = enter("大明有限公司", "organisation")
    visits.add_note(actor=owner, customer_id=two.pk, text="喜欢喝茶")
    visits.record_visit(actor=owner, customer_id=two.pk, values={"purpose": "回访"})
    relate(actor=owner, subject_id=two.pk, object_id=company.pk, kind="works_for")
    relate(actor=owner, subject_id=one.pk, object_id=two.pk, kind="knows")
    update_profile(actor=owner, customer_id=two.pk, values={"hobbies": "钓鱼"})
    return one, two


def test_everything_is_with_the_survivor_and_back_again(owner: Actor, pair: tuple[Customer, Customer]) -> None:
    one, two = pair
    before = state()
    [merge] = merge_customers(actor=owner, keep_id=one.pk, absorb_ids=[two.pk])
    assert set(ContactPoint.objects.filter(customer=one).values_list("normalised", flat=True)) == {
        "+8613800138000", "+8613900139000",
    }  # fmt: skip
    assert sorted(CustomerTag.objects.filter(customer=one).values_list("tag__name", flat=True)) == ["老客户", "重要"]
    assert sorted(ExternalId.objects.filter(customer=one).values_list("value", flat=True)) == ["100", "7"]
    assert one.notes.count() == 1
    assert one.visits.count() == 1
    assert Relation.objects.get().subject_id == one.pk
    fresh = Customer.objects.get(pk=one.pk)
    assert (fresh.city, fresh.title, fresh.note) == ("上海", "经理", "怕冷")
    assert fresh.last_contact_at is not None
    assert PersonProfile.objects.get(pk=one.pk).hobbies == "钓鱼"
    assert not Customer.objects.filter(pk=two.pk).exists()
    assert ContactPoint.objects.filter(customer=one, is_primary=True).count() == 1
    assert merge.counts["customers.contactpoint.customer_id"] == [1, 1]
    assert [hit.record_id for hit in search(actor=owner, text="13900139000")] == [one.pk]
    parted = undo_merge(actor=owner, merge_id=merge.pk)
    assert state() == before
    assert parted.kept_fields == []
    assert not MergedRow.objects.exists()
    assert customers_by_contact("phone", "13900139000") == [two.pk]
    assert [hit.record_id for hit in search(actor=owner, text="13900139000")] == [two.pk]


def test_each_field_is_as_chosen(owner: Actor, enter: Enter) -> None:
    boss = User.objects.get(pk=owner.user_id)
    one = enter("王芳", city="北京", note="先打电话", owner=boss.pk)
    two = enter("王小芳", city="天津", note="只在下午")
    three = enter("王方", city="", title="总监")
    merges = merge_customers(
        actor=owner,
        keep_id=one.pk,
        absorb_ids=[two.pk, three.pk],
        choices={"name": two.pk, "city": three.pk, "note": "all", "owner": two.pk},
    )
    fresh = Customer.objects.get(pk=one.pk)
    assert (fresh.name, fresh.city, fresh.title, fresh.note) == ("王小芳", "", "总监", "先打电话\n\n只在下午")
    assert fresh.owner_id is None
    assert fresh.sort_key == Customer.everything.get(pk=two.pk).sort_key
    assert len({merge.batch for merge in merges}) == 1
    undo_merges(actor=owner, batch=merges[0].batch)
    fresh = Customer.objects.get(pk=one.pk)
    assert (fresh.name, fresh.city, fresh.title, fresh.note, fresh.owner_id) == (
        "王芳", "北京", "", "先打电话", boss.pk,
    )  # fmt: skip
    assert Customer.objects.count() == 3


def test_what_was_added_since_stays_and_what_was_edited_keeps_the_edit(
    owner: Actor, pair: tuple[Customer, Customer]
) -> None:
    one, two = pair
    [merge] = merge_customers(actor=owner, keep_id=one.pk, absorb_ids=[two.pk])
    update_customer(actor=owner, customer_id=one.pk, values={"title": "董事长"})
    added = add_contact_point(actor=owner, customer_id=one.pk, kind="email", value="zhang@example.com")
    moved = ContactPoint.objects.get(normalised="+8613900139000")
    update_contact_point(actor=owner, contact_point_id=moved.pk, values={"label": "家里"})
    note = visits.add_note(actor=owner, customer_id=one.pk, text="合并以后写的")
    remove_external_id(actor=owner, external_id=ExternalId.objects.get(value="7").pk)
    parted = undo_merge(actor=owner, merge_id=merge.pk)
    fresh = Customer.objects.get(pk=one.pk)
    assert parted.kept_fields == ["Title"]
    assert (fresh.title, fresh.note) == ("董事长", "")
    moved.refresh_from_db()
    assert (moved.customer_id, moved.label) == (two.pk, "家里")
    added.refresh_from_db()
    note.refresh_from_db()
    assert (added.customer_id, note.customer_id) == (one.pk, one.pk)
    assert not ExternalId.objects.filter(value="7").exists()


def test_the_first_of_two_merges_can_be_taken_back_first(
    owner: Actor, pair: tuple[Customer, Customer], enter: Enter
) -> None:
    one, two = pair
    three = enter("张三丰", contact_points=PHONES)
    before = state()
    [first] = merge_customers(actor=owner, keep_id=one.pk, absorb_ids=[two.pk])
    middle = state()
    [second] = merge_customers(actor=owner, keep_id=three.pk, absorb_ids=[one.pk])
    assert Customer.everything.get(pk=two.pk).merged_into_id == three.pk
    undo_merge(actor=owner, merge_id=first.pk)
    assert Customer.objects.get(pk=two.pk).notes.count() == 1
    assert Customer.everything.get(pk=one.pk).merged_into_id == three.pk
    undo_merge(actor=owner, merge_id=second.pk)
    assert state() == before
    assert middle != before


def test_a_row_set_aside_counts_again_when_the_one_in_its_way_leaves(owner: Actor, enter: Enter) -> None:
    one, two, three = enter("甲"), enter("乙", contact_points=PHONES[:1]), enter("丙", contact_points=PHONES[:1])
    [first] = merge_customers(actor=owner, keep_id=one.pk, absorb_ids=[two.pk])
    merge_customers(actor=owner, keep_id=one.pk, absorb_ids=[three.pk])
    assert ContactPoint.objects.get(customer=three).pk
    undo_merge(actor=owner, merge_id=first.pk)
    assert ContactPoint.objects.filter(customer=two).count() == 1
    assert ContactPoint.objects.filter(customer=one).count() == 1
    assert customers_by_contact("phone", "13800138000") == [one.pk, two.pk]


def test_what_cannot_be_merged_says_why(owner: Actor, auditor: Actor, enter: Enter, make_seller: Any) -> None:
    one, two, company = enter("赵一"), enter("赵二"), enter("赵氏有限公司", "organisation")

    def refused(error: type[Exception], keep: Customer, *absorb: Customer, actor: Actor = owner) -> str:
        """The reason."""
        with pytest.raises(error) as caught:
            merge_customers(actor=actor, keep_id=keep.pk, absorb_ids=[customer.pk for customer in absorb])
        return str(caught.value)

    assert "itself" in refused(InvalidInput, one, one)
    assert "itself" in refused(InvalidInput, one, two, one)
    assert "at least two" in refused(InvalidInput, one)
    assert "different kinds" in refused(Conflict, one, company)
    refused(Forbidden, one, two, actor=auditor)
    seller = make_seller("sally")
    RolePermission.objects.create(role=seller.role, kind="customer", action="merge", scope="own")
    mine = enter("孙三", actor=actor_of(seller))
    refused(NotFound, mine, one, actor=actor_of(seller))
    refused(NotFound, one, Customer(pk=987_654))
    merge_customers(actor=owner, keep_id=one.pk, absorb_ids=[two.pk])
    assert "circle" in refused(Conflict, two, one)
    assert "already" in refused(Conflict, mine, two)
    with pytest.raises(InvalidInput):
        merge_customers(actor=owner, keep_id=one.pk, absorb_ids=[mine.pk], choices={"nothing": one.pk})
    with pytest.raises(InvalidInput):
        merge_customers(actor=owner, keep_id=one.pk, absorb_ids=[mine.pk], choices={"city": company.pk})
    assert Merge.objects.count() == 1


def test_a_merge_is_taken_back_once_and_only_by_those_who_may(owner: Actor, auditor: Actor, enter: Enter) -> None:
    one, two = enter("钱一"), enter("钱二")
    [merge] = merge_customers(actor=owner, keep_id=one.pk, absorb_ids=[two.pk])
    with pytest.raises(Forbidden):
        undo_merge(actor=auditor, merge_id=merge.pk)
    parted = undo_merge(actor=owner, merge_id=merge.pk)
    with pytest.raises(Conflict):
        undo_merge(actor=owner, merge_id=merge.pk)
    with pytest.raises(Conflict):
        changes.undo_operation(actor=owner, operation_id=parted.operation_id)
    with pytest.raises(NotFound):
        undo_merge(actor=owner, merge_id=merge.pk + 1)


def test_erased_values_keep_a_merge_from_being_taken_back(owner: Actor, enter: Enter) -> None:
    one, two = enter("周一"), enter("周二", city="苏州")
    [merge] = merge_customers(actor=owner, keep_id=one.pk, absorb_ids=[two.pk])
    numbers = Change.objects.filter(operation=merge.operation, kind="customer").values_list("pk", flat=True)
    with changes.operation(actor=owner, name="test.erase") as op:
        changes.erase_values(op=op, change_ids=list(numbers))
    with pytest.raises(Conflict, match="erased"):
        undo_merge(actor=owner, merge_id=merge.pk)


def test_the_toast_and_the_history_undo_a_merge_and_all_of_an_act(owner: Actor, enter: Enter) -> None:
    customers = [enter(f"吴{n}") for n in "一二三四"]
    [merge] = merge_customers(actor=owner, keep_id=customers[0].pk, absorb_ids=[customers[1].pk])
    changes.undo_operation(actor=owner, operation_id=merge.operation_id)
    assert Customer.objects.count() == 4
    merges = merge_customers(actor=owner, keep_id=customers[0].pk, absorb_ids=[c.pk for c in customers[1:]])
    changes.undo_operation(actor=owner, operation_id=merges[1].operation_id)
    assert Customer.objects.count() == 2
    changes.undo_operation(actor=owner, operation_id=merges[0].batch)
    assert Customer.objects.count() == 4


def test_a_row_brought_back_by_an_undo_goes_to_the_survivor_and_home_with_the_merge(owner: Actor, enter: Enter) -> None:
    one, two = enter("郑一"), enter("郑二", contact_points=PHONES[:1])
    point = ContactPoint.objects.get(customer=two)
    removed = remove_contact_point(actor=owner, contact_point_id=point.pk)
    [merge] = merge_customers(actor=owner, keep_id=one.pk, absorb_ids=[two.pk])
    changes.undo_operation(actor=owner, operation_id=removed)
    assert ContactPoint.objects.get(pk=point.pk).customer_id == one.pk
    undo_merge(actor=owner, merge_id=merge.pk)
    assert ContactPoint.objects.get(pk=point.pk).customer_id == two.pk


@pytest.mark.parametrize("is_first_undone", [True, False])
def test_a_row_removed_from_the_survivor_comes_back_to_whose_it_is_once_they_are_parted(
    owner: Actor, enter: Enter, is_first_undone: bool
) -> None:
    one, two, three = enter("郑一"), enter("郑二", contact_points=PHONES[:1]), enter("郑三")
    point = ContactPoint.objects.get(customer=two)
    [first] = merge_customers(actor=owner, keep_id=one.pk, absorb_ids=[two.pk])
    [second] = merge_customers(actor=owner, keep_id=three.pk, absorb_ids=[one.pk])
    removed = remove_contact_point(actor=owner, contact_point_id=point.pk)
    undo_merge(actor=owner, merge_id=(first if is_first_undone else second).pk)
    changes.undo_operation(actor=owner, operation_id=removed)
    assert ContactPoint.objects.get(pk=point.pk).customer_id == (two if is_first_undone else one).pk
    undo_merge(actor=owner, merge_id=(second if is_first_undone else first).pk)
    assert ContactPoint.objects.get(pk=point.pk).customer_id == two.pk


def test_what_was_being_written_on_the_absorbed_customer_is_carried_on(owner: Actor, enter: Enter) -> None:
    one, two, three = enter("冯一"), enter("冯二"), enter("冯三")
    [merge] = merge_customers(actor=owner, keep_id=one.pk, absorb_ids=[two.pk])
    merge_customers(actor=owner, keep_id=three.pk, absorb_ids=[one.pk])
    row = ExternalId.objects.create(customer=two, source="erp", value="55")
    assert settle_strays() == 1
    row.refresh_from_db()
    assert row.customer_id == three.pk
    assert settle_strays() == 0
    undo_merge(actor=owner, merge_id=merge.pk)
    row.refresh_from_db()
    assert row.customer_id == two.pk


def test_cards_are_copied_and_go_again_and_their_readers_are_not_lost(owner: Actor, enter: Enter) -> None:
    one, two = enter("陈一"), enter("陈二")
    core_cards.save_core_card(actor=owner, customer_id=two.pk, values={"needs": "准时"})
    core_cards.read_core_card(actor=owner, customer_id=two.pk)
    [merge] = merge_customers(actor=owner, keep_id=one.pk, absorb_ids=[two.pk])
    assert CoreCard.objects.get(pk=one.pk).needs == "准时"
    core_cards.read_core_card(actor=owner, customer_id=one.pk)
    assert CoreCardReading.objects.filter(card=one.pk).count() == 2
    undo_merge(actor=owner, merge_id=merge.pk)
    assert not CoreCard.objects.filter(pk=one.pk).exists()
    assert CoreCardReading.objects.filter(card=two.pk).count() == 2


def test_a_card_of_somebody_else_stands_in_the_way(owner: Actor, enter: Enter, make_seller: Any) -> None:
    seller = make_seller("sam")
    for action in ("view", "change", "merge"):
        RolePermission.objects.update_or_create(
            role=seller.role, kind="customer", action=action, defaults={"scope": "all"}
        )
    one, two = enter("褚一", owner=seller.pk), enter("褚二", owner=owner.user_id)
    core_cards.save_core_card(actor=owner, customer_id=one.pk, values={})
    core_cards.save_core_card(actor=owner, customer_id=two.pk, values={})
    with pytest.raises(Conflict, match="in the charge of 老板"):
        merge_customers(actor=actor_of(seller), keep_id=one.pk, absorb_ids=[two.pk])
    assert merge_customers(actor=owner, keep_id=one.pk, absorb_ids=[two.pk])


def test_added_fields_fill_gaps_and_go_back_one_by_one(owner: Actor, enter: Enter) -> None:
    one, two = enter("卫一"), enter("卫二")
    Customer.everything.filter(pk=one.pk).update(custom={"size": "L"})
    Customer.everything.filter(pk=two.pk).update(custom={"size": "M", "shoe": "42", "hat": "7"})
    [merge] = merge_customers(actor=owner, keep_id=one.pk, absorb_ids=[two.pk])
    assert Customer.objects.get(pk=one.pk).custom == {"size": "L", "shoe": "42", "hat": "7"}
    Customer.everything.filter(pk=one.pk).update(custom={"size": "XL", "shoe": "43", "hat": "7"})
    parted = undo_merge(actor=owner, merge_id=merge.pk)
    assert Customer.objects.get(pk=one.pk).custom == {"size": "XL", "shoe": "43"}
    assert parted.kept_fields == ["shoe"]


def test_bulk_edits_are_undone_before_and_after_a_merge_of_some_of_them(owner: Actor, enter: Enter) -> None:
    customers = [enter(f"蒋{n}", city="旧城") for n in range(6)]
    everyone = Customer.objects.filter(pk__in=[customer.pk for customer in customers])
    _count, edit = bulk_update_customers(actor=owner, queryset=everyone, values={"city": "新城"})
    [merge] = merge_customers(actor=owner, keep_id=customers[0].pk, absorb_ids=[customers[1].pk])
    changes.undo_operation(actor=owner, operation_id=edit or 0)
    assert set(Customer.everything.values_list("city", flat=True)) == {"旧城"}
    undo_merge(actor=owner, merge_id=merge.pk)
    _count, edit = bulk_update_customers(actor=owner, queryset=everyone, values={"city": "新城"})
    update_customer(actor=owner, customer_id=customers[0].pk, values={"city": ""})
    merges = merge_customers(actor=owner, keep_id=customers[0].pk, absorb_ids=[customers[1].pk])
    # The one that was changed since, by hand and by the merge, stays; the others go back, the absorbed one too.
    undone = changes.undo_operation(actor=owner, operation_id=edit or 0)
    assert undone.kept_by == (owner.name,)
    assert Customer.objects.get(pk=customers[0].pk).city == "新城"
    undo_merge(actor=owner, merge_id=merges[0].pk)
    assert list(Customer.objects.order_by("pk").values_list("city", flat=True)) == ["", *["旧城"] * 5]


def test_ids_taken_elsewhere_since_stay_there(owner: Actor, enter: Enter) -> None:
    one, two, three = enter("沈一"), enter("沈二", external_ids=[("erp", "9")]), enter("沈三")
    [merge] = merge_customers(actor=owner, keep_id=one.pk, absorb_ids=[two.pk])
    remove_external_id(actor=owner, external_id=ExternalId.objects.get(value="9").pk)
    add_external_id(actor=owner, customer_id=three.pk, source="erp", value="9")
    parted = undo_merge(actor=owner, merge_id=merge.pk)
    assert parted.rows["customers.externalid.customer_id"].gone == 1
    assert ExternalId.objects.get(value="9").customer_id == three.pk


def test_the_hierarchy_does_not_run_in_a_circle(owner: Actor, enter: Enter) -> None:
    mother, middle, daughter = (enter(f"{name}公司", "organisation") for name in ("母", "中", "子"))
    relate(actor=owner, subject_id=middle.pk, object_id=mother.pk, kind="parent", values={"since_on": date(2020, 1, 1)})
    relate(actor=owner, subject_id=daughter.pk, object_id=middle.pk, kind="parent")
    before = state()
    [merge] = merge_customers(actor=owner, keep_id=mother.pk, absorb_ids=[daughter.pk])
    assert Relation.objects.filter(kind="parent").count() == 1
    undo_merge(actor=owner, merge_id=merge.pk)
    assert state() == before


def test_pairs_of_a_list_are_merged_by_rule_and_undone_together(owner: Actor, enter: Enter) -> None:
    plain, rich, third, firm = (
        enter("韩一"),
        enter("韩二", city="成都"),
        enter("韩三"),
        enter("韩氏公司", "organisation"),
    )
    done = merge_pairs(
        actor=owner, pairs=[(plain.pk, rich.pk), (plain.pk, third.pk), (rich.pk, third.pk), (firm.pk, plain.pk)]
    )
    assert done.count == 2
    assert [pair[:2] for pair in done.refused] == [(firm.pk, plain.pk)]
    assert set(Customer.objects.all()) == {rich, firm}
    changes.undo_operation(actor=owner, operation_id=done.operation_id or 0)
    assert Customer.objects.count() == 4

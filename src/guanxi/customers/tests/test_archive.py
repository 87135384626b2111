"""Entering, changing, finding and undoing: what a user of the archive notices."""

import pytest

from guanxi.core import changes
from guanxi.core.actor import actor_of
from guanxi.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from guanxi.core.models import Change, CustomField
from guanxi.customers.models import ContactPoint, Customer, CustomerTag, OrganisationProfile, Standing
from guanxi.customers.queries.finding import customers_by_contact, find_customer
from guanxi.customers.services import bulk_changes, contact_points, profiles
from guanxi.customers.services import customers as services
from guanxi.search.public import search
from guanxi.search.services import is_behind


def test_a_customer_is_entered_found_and_changed(owner, enter):
    made = enter(
        "单田芳",
        city="沈阳",
        contact_points=[{"kind": "phone", "value": "138 0013 8000"}, {"kind": "email", "value": "Shan@Example.com"}],
        external_ids=[("shop", "A-17")],
        tags=["老客户"],
    )
    assert made.sort_key.startswith("shan tian fang")
    assert Standing.objects.get(pk=made.pk).net_revenue_minor == 0
    assert customers_by_contact("phone", "+86 13800138000") == [made.pk]
    assert customers_by_contact("email", "shan@example.COM") == [made.pk]
    assert find_customer(owner, made.public_id) == made
    assert find_customer(owner, "A-17") == made
    assert find_customer(owner, "shop:A-17") == made
    for text in ("单", "shan", "stf", "13800138000", "A-17", "老客户"):
        assert [hit.record_id for hit in search(actor=owner, text=text)] == [made.pk], text

    operation = services.update_customer(actor=owner, customer_id=made.pk, values={"name": "仇英", "city": "苏州"})
    made.refresh_from_db()
    assert (made.name, made.city, made.initials) == ("仇英", "苏州", "qy")
    assert [hit.record_id for hit in search(actor=owner, text="qiu")] == [made.pk]
    changes.undo_operation(actor=owner, operation_id=operation)
    made.refresh_from_db()
    assert (made.name, made.city) == ("单田芳", "沈阳")
    assert made.sort_key.startswith("shan")


def test_nothing_changed_leaves_no_trace(owner, enter):
    made = enter("李雷")
    before = Change.objects.count()
    assert services.update_customer(actor=owner, customer_id=made.pk, values={"name": "李雷", "city": ""}) is None
    assert Change.objects.count() == before


def test_two_sources_with_one_id_are_named(owner, enter):
    one = enter("甲", external_ids=[("shop", "77")])
    two = enter("乙", external_ids=[("erp", "77")])
    with pytest.raises(Conflict) as caught:
        find_customer(owner, "77")
    assert one.public_id in str(caught.value)
    assert two.public_id in str(caught.value)
    assert find_customer(owner, "erp:77") == two
    with pytest.raises(Conflict):
        services.add_external_id(actor=owner, customer_id=one.pk, source="erp", value="77")


def test_an_external_id_may_not_look_like_one_of_ours(owner, enter):
    made = enter("甲")
    with pytest.raises(InvalidInput):
        services.add_external_id(actor=owner, customer_id=made.pk, source="erp", value=made.public_id)


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"name": "长" * 201}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"tax_id": "123"}, "tax_id"),
        ({"kind": "robot"}, "kind"),
        ({"owner": 99999}, "owner"),
        ({"colour": "red"}, "colour"),
        ({"custom_nothing": "x"}, "nothing"),
    ],
)
def test_refusals_name_the_field(owner, enter, values, column):
    made = enter("李雷")
    with pytest.raises(InvalidInput) as caught:
        services.update_customer(actor=owner, customer_id=made.pk, values=values)
    assert caught.value.column == column
    assert Customer.objects.get(pk=made.pk).name == "李雷"


def test_own_customers_only(make_seller, enter, auditor):
    anna, ben = actor_of(make_seller("anna")), actor_of(make_seller("ben"))
    made = enter("李雷", actor=anna)
    assert made.owner_id == anna.user_id
    assert list(Customer.objects.visible_to(ben)) == []
    with pytest.raises(NotFound):
        services.update_customer(actor=ben, customer_id=made.pk, values={"name": "x"})
    with pytest.raises(NotFound):
        contact_points.add_contact_point(actor=ben, customer_id=made.pk, kind="phone", value="13800138000")
    with pytest.raises(NotFound):
        find_customer(ben, made.public_id)
    assert search(actor=ben, text="李雷") == []
    assert [hit.record_id for hit in search(actor=anna, text="李雷")] == [made.pk]
    with pytest.raises(NotFound):
        services.update_customer(actor=auditor, customer_id=made.pk, values={"name": "x"})
    with pytest.raises(Forbidden):
        services.create_customer(actor=auditor, values={"name": "x"})
    assert Customer.objects.get(pk=made.pk).name == "李雷"


def test_contact_points_keep_one_primary_of_a_kind(owner, enter):
    made = enter("李雷", contact_points=[{"kind": "phone", "value": "13800138000"}])
    second = contact_points.add_contact_point(actor=owner, customer_id=made.pk, kind="phone", value="010-62781234")
    assert not second.is_primary
    contact_points.update_contact_point(actor=owner, contact_point_id=second.pk, values={"is_primary": True})
    primary = ContactPoint.objects.filter(customer=made, kind="phone", is_primary=True)
    assert [point.pk for point in primary] == [second.pk]
    contact_points.remove_contact_point(actor=owner, contact_point_id=second.pk)
    assert ContactPoint.objects.get(customer=made, is_primary=True).normalised == "+8613800138000"
    with pytest.raises(Conflict):
        contact_points.add_contact_point(actor=owner, customer_id=made.pk, kind="phone", value="+86 138 0013 8000")


def test_archive_sections_are_typed(owner, enter):
    made = enter("上海某某贸易有限公司", "organisation")
    values = {"employee_count": "120", "founded_on": "2009-05-17", "credit_standing": "aa", "market_area": "华东"}
    operation = profiles.update_profile(actor=owner, customer_id=made.pk, values=values)
    profile = OrganisationProfile.objects.get(customer=made)
    assert (profile.employee_count, profile.founded_on.year, profile.credit_standing) == (120, 2009, "aa")
    for name, value in (("employee_count", "many"), ("credit_standing", "zzz"), ("founded_on", "yesterday")):
        with pytest.raises(InvalidInput) as caught:
            profiles.update_profile(actor=owner, customer_id=made.pk, values={name: value})
        assert caught.value.column == name
    changes.undo_operation(actor=owner, operation_id=operation)
    assert not OrganisationProfile.objects.filter(customer=made).exists()


def test_custom_fields_are_merged_and_emptied(owner, enter):
    CustomField.objects.create(kind="customer", key="size", label_en="Size", label_zh="规模", type="number")
    CustomField.objects.create(
        kind="customer",
        key="channel",
        label_en="Channel",
        label_zh="渠道",
        type="multi_choice",
        choices=["线上", "线下"],
    )
    made = enter("李雷", custom_size="1,200")
    assert made.custom == {"size": "1200"}
    services.update_customer(actor=owner, customer_id=made.pk, values={"custom_channel": "线下;线上"})
    made.refresh_from_db()
    assert made.custom == {"size": "1200", "channel": ["线上", "线下"]}
    services.update_customer(actor=owner, customer_id=made.pk, values={"custom_size": ""})
    made.refresh_from_db()
    assert made.custom == {"channel": ["线上", "线下"]}
    with pytest.raises(InvalidInput):
        services.update_customer(actor=owner, customer_id=made.pk, values={"custom_channel": "电话"})


def test_many_at_once_and_back(owner, enter):
    made = [enter(f"客户{n}", city="北京") for n in range(5)]
    rows = Customer.objects.filter(city="北京")
    count, operation = bulk_changes.bulk_update_customers(actor=owner, queryset=rows, values={"city": "天津"})
    assert count == 5
    assert Customer.objects.filter(city="天津").count() == 5
    changes.undo_operation(actor=owner, operation_id=operation)
    assert Customer.objects.filter(city="北京").count() == 5
    count, operation = bulk_changes.bulk_tag_customers(actor=owner, queryset=rows, add=["重点", "华北"], remove=[])
    assert count == 5
    assert CustomerTag.objects.count() == 10
    assert len(search(actor=owner, text="华北")) == 5
    count, _operation = bulk_changes.bulk_tag_customers(actor=owner, queryset=rows, add=[], remove=["重点"])
    assert (count, CustomerTag.objects.count()) == (5, 5)
    with pytest.raises(InvalidInput):
        bulk_changes.bulk_update_customers(actor=owner, queryset=rows, values={"name": "x"})
    assert made[0].name == Customer.objects.get(pk=made[0].pk).name


def test_many_at_once_stops_at_what_the_actor_may_change(make_seller, enter):
    anna = actor_of(make_seller("anna"))
    mine, other = enter("甲", actor=anna), enter("乙")
    count, _operation = bulk_changes.bulk_update_customers(
        actor=anna, queryset=Customer.objects.all(), values={"city": "天津"}
    )
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (count, mine.city, other.city) == (1, "天津", "")


def test_a_new_customer_is_in_the_index_as_if_it_were_read_from_its_records(enter):
    values = {"city": "Köln", "note": "x", "title": "Frau"}
    points = [{"kind": "email", "value": "A@x.example"}, {"kind": "phone", "value": "+49 30 1234567"}]
    made = enter("王小明", **values, contact_points=points, external_ids=[("shop", "S-1")], tags=["b", "a", "b"])
    assert is_behind("customer", [made.pk]) == []
    with pytest.raises(Conflict):
        enter("Double", contact_points=[points[0], {"kind": "email", "value": "a@X.example"}])


def test_of_first_contact_points_one_of_each_kind_is_primary(enter):
    given = ["a@x.example", "b@x.example", "c@x.example"]
    points = [{"kind": "email", "value": value, "is_primary": value[0] == "b"} for value in given]
    customer = enter("Ann", contact_points=[*points, {"kind": "wechat", "value": "ann_88"}])
    found = ContactPoint.objects.filter(customer=customer).values_list("position", "value", "is_primary")
    assert list(found) == [(0, given[0], False), (1, given[1], True), (2, given[2], False), (3, "ann_88", True)]

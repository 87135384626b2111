"""Customers brought in from files, brought up to date, and taken back exactly."""

import csv
from pathlib import Path

import pytest

from guanxi.core.actor import actor_of, system_actor
from guanxi.core.models import Change, CustomField
from guanxi.customers.exporting import EXPORT
from guanxi.customers.models import ContactPoint, Customer, ExternalId, Standing
from guanxi.customers.services.customers import update_customer
from guanxi.importing.engine.undoing import UndoRefused
from guanxi.importing.models import ImportClaim
from guanxi.importing.public import run_import, undo_import
from guanxi.importing.services import ImportRequest
from guanxi.search.public import rebuild

HEAD = "客户编号,客户类型,姓名,手机号,邮箱,税号,地址,城市,微信,创建时间,渠道\n"
FIRST = HEAD + (
    "A1,个人,王小明经理,138 0013 8000,xm@example.com,11010519491231002X,北京市朝阳区1号,北京,wang_xm,2020-05-06,线上\n"
    "A2,企业,上海某某贸易有限公司,021-62781234/13900139000,,91350100M000100Y43,,上海,,,线下\n"
    "A3,个人,坏电话,call me,,,,,,,\n"
    "A4,个人,坏税号,,,123,,,,,\n"
    ",个人,无编号,13700137000,,,,广州,,,\n"
    "A5,,ACME Ltd,,,GB123456789,,London,,,\n"
    "A6,,坏渠道,,,,,,,,电话\n"
)


@pytest.fixture
def bring_in(tmp_path: Path, transactional_db: None):
    """Import a text as a file of customers."""
    CustomField.objects.create(
        kind="customer", key="channel", label_en="Channel", label_zh="渠道", type="choice", choices=["线上", "线下"]
    )

    def run(text: str, name: str = "customers.csv", **rest: object):
        """One import."""
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        request = ImportRequest(target="customers", path=path, source="crm", **rest)
        return run_import(actor=system_actor("cli"), request=request)

    return run


def state() -> list[tuple[object, ...]]:
    """Everything of the archive that an import may touch."""
    rows = Customer.objects.order_by("pk").values_list(
        "pk", "kind", "name", "sort_key", "initials", "title", "tax_id", "city", "created_at", "custom", "note"
    )
    points = ContactPoint.objects.order_by("pk").values_list("customer_id", "kind", "normalised", "is_primary")
    return [*((*row[:9], str(row[9]), row[10]) for row in rows), *points]


def test_rows_become_customers_and_refusals_say_why(bring_in):
    result = bring_in(FIRST)
    answer = result.as_json()
    assert (answer["rows_read"], answer["rows_stored"], answer["rows_refused"]) == (7, 4, 3)
    assert answer["customers_created"] == 4
    assert [(r["row"], r["column"]) for r in answer["refused"]] == [(4, "手机号"), (5, "税号"), (8, "渠道")]
    wang = ExternalId.objects.get(value="A1").customer
    assert (wang.name, wang.title, wang.kind, wang.city, wang.custom) == (
        "王小明",
        "经理",
        "person",
        "北京",
        {"channel": "线上"},
    )
    assert wang.created_at.year == 2020
    assert set(wang.contact_points.values_list("kind", "normalised")) == {
        ("phone", "+8613800138000"),
        ("email", "xm@example.com"),
        ("wechat", "wang_xm"),
        ("address", "北京市朝阳区1号"),
    }
    firm = ExternalId.objects.get(value="A2").customer
    assert (firm.kind, firm.tax_id, firm.contact_points.count()) == ("organisation", "91350100M000100Y43", 2)
    assert ExternalId.objects.get(value="A5").customer.kind == "organisation"
    assert Standing.objects.count() == 4
    rebuild("customer")


def test_the_same_file_twice_changes_nothing(bring_in):
    bring_in(FIRST)
    before = state()
    answer = bring_in(FIRST).as_json()
    assert (answer["rows_stored"], answer["customers_created"]) == (4, 0)
    assert state() == before


def test_a_newer_file_updates_and_undo_gives_everything_back(bring_in):
    bring_in(FIRST)
    before = state()
    newer = HEAD + (
        "A1,,王晓明,13911112222,,,,天津,,,线下\n"
        "A2,,,,,,,,,2019-01-01,\n"
        "A9,个人,新客户,,,,,,,,\n"
        ",个人,无编号,13700137000,,,,深圳,,,线上\n"
    )
    result = bring_in(newer)
    assert result.as_json()["customers_created"] == 1
    wang = ExternalId.objects.get(value="A1").customer
    assert (wang.name, wang.city, wang.initials, wang.custom) == ("王晓明", "天津", "wxm", {"channel": "线下"})
    assert wang.contact_points.filter(kind="phone").count() == 2
    assert Customer.objects.get(name="无编号").city == "深圳"
    assert Change.objects.filter(customer_id=wang.pk, field="city", after="天津").count() == 1
    undo_import(actor=system_actor("cli"), import_id=result.run.pk)
    assert state() == before


@pytest.mark.parametrize("is_first_undone_first", [True, False])
def test_what_two_files_brought_stays_until_both_are_taken_back(bring_in, is_first_undone_first):
    """A customer, an id or a contact point goes with the last file that brought it."""
    first = HEAD + "A1,个人,王小明,13800138000,,,,,,,\nA2,个人,李雷,13900139000,,,,,,,\n"
    second = HEAD + "A2,个人,李雷,13900139000;13900139001,,,,,,,\nA3,个人,韩梅,13700137000,,,,,,,\n"
    runs = [bring_in(first).run, bring_in(second, "second.csv").run]
    phones = {
        True: {"+8613900139000", "+8613900139001", "+8613700137000"},
        False: {"+8613800138000", "+8613900139000"},
    }[is_first_undone_first]
    for run in runs if is_first_undone_first else reversed(runs):
        undo_import(actor=system_actor("cli"), import_id=run.pk)
        assert set(ContactPoint.everything.values_list("normalised", flat=True)) == phones
        phones = set()
    assert not Customer.everything.exists()
    assert not ImportClaim.objects.exists()


def test_undo_stops_at_what_was_changed_since_and_takes_back_the_rest(bring_in, owner):
    bring_in(FIRST)
    result = bring_in(HEAD + "A1,,王晓明,,,,,天津,,,\nA9,个人,新客户,,,,,,,,\nA10,个人,另一个,,,,,,,,\n")
    wang = ExternalId.objects.get(value="A1").customer
    fresh = ExternalId.objects.get(value="A9").customer
    update_customer(actor=owner, customer_id=wang.pk, values={"city": "重庆"})
    update_customer(actor=owner, customer_id=fresh.pk, values={"note": "电话联系过"})
    with pytest.raises(UndoRefused) as caught:
        undo_import(actor=system_actor("cli"), import_id=result.run.pk)
    assert "老板" in str(caught.value)
    wang.refresh_from_db()
    assert wang.name == "王晓明"
    undo_import(actor=system_actor("cli"), import_id=result.run.pk, rest=True)
    wang.refresh_from_db()
    assert (wang.name, wang.city) == ("王小明", "重庆")
    assert Customer.objects.filter(pk=fresh.pk).exists()
    assert not Customer.everything.filter(name="另一个").exists()


def test_a_dry_run_writes_nothing(bring_in):
    answer = bring_in(FIRST, is_dry_run=True).as_json()
    assert answer["customers_created"] == 4
    assert Customer.everything.count() == 0


def test_several_rows_about_one_customer_are_one(bring_in):
    bring_in(HEAD + "B1,个人,甲,13800138000,,,,北京,,,\nB1,个人,甲甲,13800138001,,,,,,,线上\n")
    made = Customer.objects.get()
    assert (made.name, made.city, made.custom) == ("甲甲", "北京", {"channel": "线上"})
    assert made.contact_points.count() == 2
    assert made.contact_points.filter(is_primary=True).count() == 1


def test_what_is_exported_can_be_brought_in_again(bring_in, owner, tmp_path):
    bring_in(FIRST)
    before = state()
    rows = list(EXPORT.rows(owner))
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(EXPORT.columns())
        writer.writerows(rows)
    request = ImportRequest(target="customers", path=path, source="crm")
    answer = run_import(actor=system_actor("cli"), request=request).as_json()
    assert (answer["rows_refused"], answer["customers_created"]) == (0, 0)
    assert [row[:8] for row in state()] == [row[:8] for row in before]


def test_export_holds_only_what_one_may_export(enter, make_seller):
    seller = make_seller("anna")
    enter("甲", actor=actor_of(seller))
    enter("乙")
    assert list(EXPORT.rows(actor_of(seller))) == []

"""What nearly agrees and is two: twins, sisters abroad, shops of a chain; what hardly agrees and is one."""

import pytest

from guanxi.customers.duplicates import organisation_names, person_names
from guanxi.customers.duplicates.records import Record, features
from guanxi.customers.tests.test_duplicate_likeness import score


def test_one_house_is_sought_though_a_district_without_its_sign_stands_before_the_road() -> None:
    one, other = (
        features(Record(1, "person", "王小明", addresses=(text,)))
        for text in ("浙江省杭州市上城区青年路393号", "杭州上城青年路393号")
    )
    assert {key for kind, key in one.keys if kind == "address"} & {key for kind, key in other.keys if kind == "address"}


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("许静文-青岛翔诺万", True),
        ("诚创机械 陈若思", True),
        ("万科-物业", False),
        ("华为-终端", False),
        ("王府井（北京）百货", False),
    ],
)
def test_a_person_beside_a_firm_is_a_person(name: str, is_one: bool) -> None:
    assert bool(person_names.beside_a_firm(name)) is is_one


MOBILE, LINE = ("+8613800138000",), ("+862162345678",)
HOUSE = ("上海市浦东新区张江路88号5栋1203室",)


def test_what_looks_alike_may_be_misread_on_an_own_telephone_and_is_a_sibling_on_a_shared_line() -> None:
    one, other = {"kind": "person", "name": "王海宁"}, {"kind": "person", "name": "王海宇"}
    assert score({**one, "phones": MOBILE}, {**other, "phones": MOBILE}) > 0.5
    shared = {"phones": LINE, "addresses": HOUSE}
    assert score({**one, **shared}, {**other, **shared}) < 0.1
    assert (
        organisation_names.brand_likeness(*map(organisation_names.parse, ("东莞凯宇印刷", "东莞凯宁印刷"))) == "similar"
    )


def test_twins_whose_names_differ_by_a_letter_are_two_at_one_address() -> None:
    shared = {"kind": "person", "phones": ("+17203737505",), "addresses": ("175 Laura Street, Denver",)}
    for name, twin in (("Jon Blackwell", "Joan Blackwell"), ("Daniel White", "Daniela White")):
        assert score({**shared, "name": name}, {**shared, "name": twin}) < 0.1
    assert score({**shared, "name": "Katherin Blackwell"}, {**shared, "name": "Kathrein Blackwell"}) > 0.9


@pytest.mark.parametrize(
    ("one", "phone", "other"),
    [
        ("Bauer Tools GmbH", "", "Bauer Tools France SARL"),
        ("Bauer Tools GmbH", "", "Bauer Tools B.V."),
        ("Bauer Tools", "+4930123456", "Bauer Tools Polska Sp. z o.o."),
        ("Bauer Tools Inc.", "", "Bauer Tools Deutschland"),
        ("Bauer Tools UK", "", "Bauer Tools USA"),
    ],
)
def test_firms_of_one_name_in_two_countries_are_two(one: str, phone: str, other: str) -> None:
    mail = {"kind": "organisation", "emails": ("info@bauer-tools.com",)}
    mine = {**mail, "name": one, "phones": (phone,) if phone else ()}
    assert score(mine, {**mail, "name": other}) < 0.1
    assert score(mine, {**mine, "name": one.upper()}) > 0.9
    assert (
        score({**mail, "name": "Bauer Tools Deutschland GmbH"}, {**mail, "name": "Bauer Tools GmbH Deutschland"}) > 0.9
    )


def test_shops_of_one_chain_on_roads_of_one_name_are_two_in_two_cities() -> None:
    one = {"kind": "organisation", "name": "瑞幸咖啡(解放路店)", "phones": ("+864008070001",), "city": "厦门"}
    assert score(one, {**one, "name": "瑞幸咖啡（解放路店）"}) > 0.9
    assert score(one, {**one, "city": "成都"}) < 0.1
    branch = {**one, "name": "华信科技有限公司北京分公司"}
    assert score(branch, {**branch, "city": "北京"}) > 0.9


def test_a_short_brand_with_a_slip_is_found_by_what_else_agrees() -> None:
    one = {
        "kind": "organisation",
        "name": "Lopes Motors S.A.",
        "phones": ("+33698887928",),
        "emails": ("info@lopes.fr",),
    }
    assert score(one, {**one, "name": "Lops Motors S.A."}) > 0.5
    assert score(one, {**one, "name": "S0pes Motors S.A."}) < 0.5
    assert organisation_names.brand_likeness(*map(organisation_names.parse, ("Soto Corp.", "S0to Corp."))) == "similar"


def test_a_city_is_the_brand_where_nothing_else_is() -> None:
    assert organisation_names.parse("金华化工").brand == "金华"
    assert organisation_names.parse("广州金华化工有限责任公司").brand == "金华"
    one = {"kind": "organisation", "phones": LINE}
    assert score({**one, "name": "金华化工"}, {**one, "name": "广州金华化工有限责任公司"}) > 0.5

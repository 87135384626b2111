"""Pages of the archive over HTTP: what they show, what they change, who is refused, how many queries they take."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from guanxi.core.actor import system_actor
from guanxi.core.changes import undo_operation
from guanxi.core.models import CustomField, Operation, User
from guanxi.customers.models import ContactPoint, CoreCard, Customer, Note, PersonProfile, Relation, VisitRecord
from guanxi.customers.public import record_standings
from guanxi.customers.services import relations as relation_services
from guanxi.customers.services.customers import update_customer


@pytest.fixture
def web(owner) -> Client:
    """The owner's browser."""
    client = Client()
    client.force_login(User.objects.get(pk=owner.user_id))
    return client


@pytest.fixture
def stranger(make_seller) -> Client:
    """The browser of somebody who sees only their own customers."""
    client = Client()
    client.force_login(make_seller("stranger"))
    return client


def address(name: str, customer: Customer) -> str:
    """One of a customer's addresses."""
    return reverse(f"customers:{name}", args=[customer.public_id])


GET_PAGES = ("show", "overview", "archive", "relations", "activity", "more_activity", "card")
FORMS = ("edit", "edit_archive", "add_contact", "add_external_id", "add_relation", "add_note", "add_visit", "edit_card")


@pytest.mark.parametrize("kind", ["person", "organisation", "internal"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_of_a_customer_opens(web, enter, kind, language):
    web.cookies["guanxi_language"] = language
    made = enter("单田芳", kind, city="沈阳", contact_points=[{"kind": "phone", "value": "13800138000"}], tags=["老友"])
    for name in (*GET_PAGES, *FORMS):
        response = web.get(address(name, made))
        assert response.status_code == 200, name
        assert "单田芳" in response.content.decode() or name in {
            "overview",
            "archive",
            "relations",
            "activity",
            "more_activity",
        }
    for url in (
        reverse("customers:list"),
        reverse("customers:create"),
        reverse("customers:fields"),
        reverse("customers:create_field"),
    ):
        assert web.get(url).status_code == 200, url


def test_a_stranger_and_a_visitor_get_nowhere(stranger, enter, client):
    made = enter("秘密客户", contact_points=[{"kind": "phone", "value": "13800138000"}])
    point = ContactPoint.objects.get()
    for name in (*GET_PAGES, *FORMS):
        assert stranger.get(address(name, made)).status_code == 404, name
        assert client.get(address(name, made)).status_code == 302, name
    assert stranger.post(reverse("customers:remove_contact", args=[point.pk])).status_code == 404
    assert stranger.post(address("status", made)).status_code == 404
    assert stranger.post(address("number", made)).status_code == 404
    assert stranger.get(reverse("customers:fields")).status_code == 404
    assert "秘密客户" not in stranger.get(reverse("customers:list")).content.decode()
    assert "秘密客户" not in stranger.get(reverse("customers:pick"), {"q": "秘密"}).content.decode()
    assert ContactPoint.objects.count() == 1
    assert Customer.objects.get().status == "active"


def test_a_customer_is_entered_in_the_browser(web):
    data = {
        "kind": "person", "name": "尉迟 琳", "status": "active", "phone": "138 0013 8000", "email": "lin@example.com",
        "tags": "重点，华东", "city": "上海", "owner": "", "department": "", "language": "", "position": "",
    }  # fmt: skip
    response = web.post(reverse("customers:create"), data)
    made = Customer.objects.get()
    assert response.status_code == 302
    assert response["Location"] == made.get_absolute_url()
    assert made.sort_key.startswith("yu chi lin")
    assert set(ContactPoint.objects.values_list("normalised", flat=True)) == {"+8613800138000", "lin@example.com"}
    page = web.get(made.get_absolute_url()).content.decode()
    assert "尉迟 琳" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "call me"),
        ("email", "nobody"),
        ("name", "长" * 10_000),
        ("name", ""),
        ("tax_id", "123"),
        ("wechat", "1"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(web, field, value):
    data = {"kind": "person", "name": "李雷", "status": "active", field: value}
    response = web.post(reverse("customers:create"), data)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert Customer.objects.count() == 0


def test_details_archive_and_undo(web, enter):
    made = enter("李雷")
    web.post(address("edit", made), {"kind": "person", "name": "李磊", "status": "dormant", "tags": "新"})
    made.refresh_from_db()
    assert (made.name, made.status) == ("李磊", "dormant")
    web.post(
        address("edit_archive", made),
        {"school": "复旦大学", "hobbies": "围棋", "birth_on": "1980-02-29", "degree": "master"},
    )
    profile = PersonProfile.objects.get()
    assert (profile.school, profile.birth_on, profile.degree) == ("复旦大学", date(1980, 2, 29), "master")
    archive = web.get(address("archive", made)).content.decode()
    assert "复旦大学" in archive
    stream = web.get(address("activity", made)).content.decode()
    assert "李雷" in stream
    assert "复旦大学" in stream


def test_one_field_is_changed_in_place(web, enter):
    made = enter("某某公司", "organisation")
    for field, value in (
        ("city", "杭州"),
        ("organisation-credit_limit_minor", "1,200.50"),
        ("organisation-our_share_ratio", "35%"),
    ):
        response = web.post(f"/ui/edit/customer/{made.pk}/{field}", {"value": value})
        assert response.status_code == 200, (field, response.content[:300])
    made.refresh_from_db()
    assert made.city == "杭州"
    assert made.organisation_profile.credit_limit_minor == 120050
    assert str(made.organisation_profile.our_share_ratio) == "0.3500"


def test_notes_and_visits_stand_in_the_stream_and_are_paged_by_key(web, enter):
    made = enter("李雷")
    for number in range(27):
        web.post(address("add_note", made), {"text": f"备注{number:02d}"})
    web.post(
        address("add_visit", made),
        {"kind": "out", "visited_at": "2020-01-02T10:00", "purpose": "首次拜访", "duration_minutes": ""},
    )
    assert VisitRecord.objects.count() == 1
    seen: list[str] = []
    url = address("activity", made)
    while url:
        page = web.get(url).content.decode()
        seen += re.findall(r"备注\d\d|首次拜访", page)
        found = re.search(r'hx-get="([^"]+/activity/more[^"]+)"', page)
        url = found[1].replace("&amp;", "&") if found else ""
    assert [text for text in seen if text.startswith("备注")] == [f"备注{n:02d}" for n in range(26, -1, -1)]
    assert seen[-1] == "首次拜访"
    only = web.get(address("activity", made), {"kind": "visit"}).content.decode()
    assert "首次拜访" in only
    assert "备注26" not in only
    response = web.post(
        reverse("customers:remove_note", args=[Note.objects.order_by("id").last().pk]), headers={"HX-Request": "true"}
    )
    assert response.status_code == 204
    assert "undo" in response["HX-Trigger"]


def test_relations_are_drawn(web, owner, enter):
    firm, boss = enter("某某公司", "organisation"), enter("王小明", title="总经理")
    response = web.post(
        address("add_relation", firm),
        {
            "direction": "in:works_for",
            "other": boss.pk,
            "buying_role": "decision_maker",
            "attitude": "leans",
            "strength": "4",
        },
    )
    assert response.status_code == 302
    relation = Relation.objects.get()
    assert (relation.subject_id, relation.object_id, relation.strength) == (boss.pk, firm.pk, 4)
    page = web.get(address("relations", firm)).content.decode()
    assert "<svg" in page
    assert "attitude-leans strength-4" in page
    assert 'style="' not in page
    part = enter("分公司", "organisation")
    relation_services.relate(actor=owner, subject_id=part.pk, object_id=firm.pk, kind="parent")
    assert 'aria-current="page"' in web.get(address("relations", part)).content.decode()
    assert "王小明" in web.get(reverse("customers:pick"), {"q": "wxm"}).content.decode()
    wrong = web.post(address("add_relation", firm), {"direction": "in:works_for", "other": ""})
    assert wrong.status_code == 422


def test_the_core_card_is_one_page_with_one_person_in_charge(web, owner, enter):
    made = enter("大客户", "organisation")
    web.post(
        address("edit_card", made),
        {"keeper": owner.user_id, "review_days": "30", "needs": "按时交货", "is_restricted": "on"},
    )
    assert CoreCard.objects.get().keeper_id == owner.user_id
    page = web.get(address("card", made)).content.decode()
    assert "按时交货" in page
    assert page.count("老板") >= 2


def test_an_identity_number_is_shown_masked_and_in_full_only_on_demand(web, owner, enter):
    made = enter("李雷", tax_id="11010519491231002X")
    page = web.get(made.get_absolute_url()).content.decode()
    assert "11010519491231002X" not in page
    assert "110***********002X" in page
    assert web.post(address("number", made)).content.decode() == "11010519491231002X"
    assert web.get(address("number", made)).status_code == 405
    stream = web.get(address("activity", made)).content.decode()
    assert "Number shown in full" in stream
    assert "looked at" in stream
    form = web.get(address("edit", made)).content.decode()
    assert "11010519491231002X" not in form
    web.post(
        address("edit", made), {"kind": "person", "name": "李雷", "status": "active", "tax_id": "110***********002X"}
    )
    made.refresh_from_db()
    assert made.tax_id == "11010519491231002X"
    look = Operation.objects.get(name="customers.reveal_tax_id")
    undo_operation(actor=owner, operation_id=look.pk)
    made.refresh_from_db()
    assert made.tax_id == "11010519491231002X"


def test_a_field_of_the_company_appears_everywhere(web, enter):
    data = {
        "label_zh": "渠道",
        "label_en": "Channel",
        "key": "channel",
        "type": "choice",
        "choices": "线上\n线下",
        "position": "1",
        "is_filterable": "on",
    }
    assert web.post(reverse("customers:create_field"), data).status_code == 302
    assert CustomField.objects.get().choices == ["线上", "线下"]
    assert web.post(reverse("customers:create_field"), data | {"key": "name"}).status_code == 422
    made = enter("李雷", custom_channel="线上")
    other = enter("韩梅梅", custom_channel="线下")
    web.cookies["guanxi_language"] = "zh-hans"
    assert "渠道" in web.get(made.get_absolute_url()).content.decode()
    assert "渠道" in web.get(address("edit", made)).content.decode()
    listed = web.get(
        reverse("customers:list"), {"custom_channel": "线下", "cols": "name,custom_channel"}
    ).content.decode()
    assert "韩梅梅" in listed
    assert "李雷" not in listed
    field = CustomField.objects.get()
    web.post(reverse("customers:retire_field", args=[field.pk]))
    web.get(reverse("customers:fields"))
    assert "渠道" not in web.get(other.get_absolute_url()).content.decode()
    assert Customer.objects.get(pk=other.pk).custom == {"channel": "线下"}


def names_in(page: str) -> list[str]:
    """The customers of a list page, in order."""
    return re.findall(r'<a href="/customers/cus_[^"]+/">([^<]+)</a>', page)


def test_the_list_sorts_filters_and_groups(web, enter):
    made = [enter(name, city=city) for name, city in (("甲", "北京"), ("乙", "上海"), ("丙", "北京"))]
    rows = [
        (c.pk, amount, 1, None, date(2011, 1, n), tier, "A", "gold", n, 5, 4, 3, 1, 1, amount, None)
        for n, (c, amount, tier) in enumerate(zip(made, (100, 900, 500), ("small", "vip", "small"), strict=True), 1)
    ]
    record_standings(
        rows, currency="GBP", as_of=date(2011, 12, 9), period_from=None, period_to=None, method="net", run=1
    )
    url = reverse("customers:list")
    assert names_in(web.get(url).content.decode()) == ["乙", "丙", "甲"]
    assert names_in(web.get(url, {"sort": "name"}).content.decode()) == ["丙", "甲", "乙"]
    assert names_in(web.get(url, {"tier": "small", "city": "北京"}).content.decode()) == ["丙", "甲"]
    assert names_in(web.get(url, {"net_revenue": "5..8"}).content.decode()) == ["丙"]
    assert names_in(web.get(url, {"last_order": "2011-01-02..2011-01-02"}).content.decode()) == ["乙"]
    assert names_in(web.get(url, {"q": "yi"}).content.decode()) == ["乙"]
    assert names_in(web.get(url, {"r": "5", "f": "4", "tier": "-"}).content.decode()) == []
    assert web.get(url, {"layout": "board", "group": "tier"}).status_code == 200
    for columns in (
        "name,phone,email,tags,rfm,recency,first_order,department,last_contact,created,id,kind,position,status,level,country",
    ):
        assert len(names_in(web.get(url, {"cols": columns}).content.decode())) == 3
    peek = web.get(f"/ui/list/customers/peek/{made[1].pk}")
    assert peek.status_code == 200


@pytest.mark.parametrize(
    ("name", "most"),
    [("list", 12), ("show", 17), ("overview", 18), ("archive", 9), ("activity", 19), ("relations", 12), ("card", 16)],
)
def test_pages_take_few_queries(web, owner, enter, name, most):
    firm = enter(
        "某某公司", "organisation", tags=["a", "b"], contact_points=[{"kind": "phone", "value": "13800138000"}]
    )
    for number in range(8):
        person = enter(f"员工{number}", tags=["a"])
        relation_services.relate(actor=owner, subject_id=person.pk, object_id=firm.pk, kind="works_for")
    web.post(address("edit_card", firm), {"keeper": owner.user_id, "review_days": "30"})
    url = reverse("customers:list") if name == "list" else address(name, firm)
    web.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert web.get(url).status_code == 200
    assert len(queries) <= most, "\n".join(q["sql"][:160] for q in queries)


OWN_FIELDS = {
    "motto": ("text", "诚信为本", "诚信"),
    "size": ("number", "1200.5", "1000..1300"),
    "until": ("date", "2027-03-31", "2027-01-01..2027-12-31"),
    "channel": ("choice", "线上", "线上"),
    "lines": ("multi_choice", "茶;酒", "酒"),
    "deposit": ("money", "CNY 5000", "4000..6000"),
    "site": ("link", "https://example.com/a", "example"),
}


@pytest.mark.parametrize("key", OWN_FIELDS)
def test_a_field_of_any_type_filters_sorts_and_shows(web, enter, key):
    kind, value, wanted = OWN_FIELDS[key]
    choices = {"choice": ["线上", "线下"], "multi_choice": ["茶", "酒", "米"]}.get(kind, [])
    CustomField.objects.create(
        kind="customer", key=key, label_en="Own", label_zh="自有", type=kind, choices=choices, is_filterable=True
    )
    enter("没有值")
    enter("有值", **{f"custom_{key}": value})
    url = reverse("customers:list")
    columns = {"cols": f"name,custom_{key}"}
    assert names_in(web.get(url, {f"custom_{key}": wanted, **columns}).content.decode()) == ["有值"]
    for sort in (f"custom_{key}", f"-custom_{key}"):
        shown = names_in(web.get(url, {"sort": sort, **columns}).content.decode())
        assert sorted(shown) == ["有值", "没有值"], sort
    made = Customer.objects.get(name="有值")
    response = web.post(f"/ui/edit/customer/{made.pk}/custom_{key}", {"value": ""})
    assert response.status_code == 200
    made.refresh_from_db()
    assert made.custom == {}


def test_the_list_sorts_by_strokes_along_an_index(web, enter):
    for name in ("龙五", "王小明", "丁一", "Ada Lovelace", "李雷"):
        enter(name)
    url = reverse("customers:list")
    web.cookies["guanxi_language"] = "zh-hans"
    assert "笔画" in web.get("/ui/list/customers/menu/sort").content.decode()
    shown = names_in(web.get(url, {"sort": "strokes", "cols": "strokes"}).content.decode())
    assert shown == ["丁一", "王小明", "龙五", "李雷", "Ada Lovelace"]
    update_customer(actor=system_actor(), customer_id=Customer.objects.get(name="李雷").pk, values={"name": "一雷"})
    assert names_in(web.get(url, {"sort": "strokes"}).content.decode())[0] == "一雷"
    with connection.cursor() as cursor:
        rows = Customer.objects.filter(standing__isnull=False).order_by("stroke_key", "id").values_list("pk")[:50]
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
        assert "customer_strokes" in rows.explain()


def test_cards_offer_to_add_only_to_those_who_may_change(web, auditor, enter):
    made = enter("单田芳", "person")
    reader = Client()
    reader.force_login(User.objects.get(pk=auditor.user_id))
    add = reverse("customers:add_relation", args=[made.public_id])
    assert add in web.get(address("show", made)).content.decode()
    assert add not in reader.get(address("show", made)).content.decode()


def test_a_list_as_a_file_speaks_the_language_of_who_asks(web, enter):
    """Its lines are made after the request is over, and its amounts are numbers."""
    mei = enter("王小姐")
    day = date(2024, 1, 1)
    row = (mei.pk, -1250, 1, day, day, "small", "C", "", 1, 5, 1, 1, 1, 1, -1250, None)
    record_standings([row], currency="CNY", as_of=day, period_from=day, period_to=day, method="test", run=1)
    answer = web.get("/ui/list/customers/export?cols=net_revenue", headers={"Accept-Language": "zh-CN"})
    translation.deactivate()
    head, line = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert head.endswith("净收入,净收入币种")
    assert line.endswith("-12.50,CNY")


def test_the_cards_of_a_customer_that_is_gone_are_not_there(web):
    assert web.get("/ui/cards/customer/999999999").status_code == 404

"""The frame of every page: content policy, languages, palette, preferences, errors, records, forms, charts."""

import json
import re
from typing import Any

import pytest
from django import forms as django_forms
from django.test import Client, RequestFactory
from django.utils import translation

from guanxi.core.actor import Actor, actor_of, console_actor
from guanxi.core.errors import InvalidInput
from guanxi.ui import cells, charts, forms, html, menu, palette, panels, records
from guanxi.ui.errors import error_page
from guanxi.ui.middleware import preferred

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_every_answer_carries_the_policy(enter: Any, client: Client) -> None:
    inside = enter("owner")
    for answer in (client.get("/accounts/login/"), client.get("/nothing"), inside.get("/"), inside.get("/ui/palette")):
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "style-src 'self'" in policy


@pytest.mark.parametrize(
    ("header", "language"),
    [("zh-CN,zh;q=0.9", "zh-hans"), ("zh-TW", "zh-hans"), ("en-GB", "en"), ("de, en;q=0.5", "en"), ("fr", "")],
)
def test_the_language_a_browser_asks_for(header: str, language: str) -> None:
    assert preferred(header) == language


def test_the_language_can_be_switched_anywhere_even_before_signing_in(client: Client, db: None) -> None:
    assert '<html lang="en"' in client.get("/accounts/login/").content.decode()
    answer = client.post("/ui/preferences", {"language": "zh-hans", "next": "/accounts/login/"})
    assert answer["Location"] == "/accounts/login/"
    assert '<html lang="zh-Hans"' in client.get("/accounts/login/").content.decode()


def test_preferences_follow_the_person_and_lead_nowhere_else(enter: Any) -> None:
    client = enter("agent")
    answer = client.post("/ui/preferences", {"language": "zh-hans", "theme": "dark", "next": "https://evil.example/"})
    assert answer["Location"] == "/"
    client.user.refresh_from_db()
    assert (client.user.language, client.user.theme) == ("zh-hans", "dark")
    assert 'data-theme="dark"' in client.get("/").content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_errors_are_pages_for_people_and_toasts_for_htmx(enter: Any, language: str) -> None:
    client = enter("owner")
    client.cookies["guanxi_language"] = language
    page = client.get("/nothing")
    assert page.status_code == 404
    assert bool(CHINESE.search(re.sub("关系", "", page.content.decode()))) == (language == "zh-hans")
    fragment = client.get("/ui/list/nothing/rows", headers={"hx-request": "true"})
    assert fragment.status_code == 404
    toast = json.loads(fragment["HX-Trigger"])["gx:toast"]
    assert toast["tone"] == "danger"
    assert bool(CHINESE.search(toast["text"])) == (language == "zh-hans")


def test_each_status_has_words_of_its_own_or_none_of_another() -> None:
    request = RequestFactory().get("/")
    words = {status: error_page(request, status).content.decode() for status in (400, 409, 422, 423)}
    assert "cannot be understood" in words[400]
    assert "Something stands in the way" in words[409]
    for status in (409, 422, 423):
        assert "cannot be understood" not in words[status], status


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_mistake_of_ours_is_a_page_too(enter: Any, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(palette, "find", fail)
    client = enter("owner")
    client.raise_request_exception = False
    client.cookies["guanxi_language"] = language
    answer = client.get("/ui/palette/search?q=x")
    text = answer.content.decode()
    assert answer.status_code == 500
    assert "secret detail" not in text
    assert ("出错了" in text) == (language == "zh-hans")


def test_a_form_sent_from_elsewhere_is_refused_in_words(enter: Any) -> None:
    user = enter("owner").user
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    answer = client.post("/ui/preferences", {"theme": "dark"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "stood open for too long" in page
    assert "Not for your role" not in page
    assert "Reload the page" not in page


def test_a_refused_form_leads_back_to_its_own_page_only(enter: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(enter("owner").user)
    own, foreign = "http://testserver/settings/profile", "https://elsewhere.example/settings/profile"
    assert f'href="{own}"' in client.post("/ui/preferences", headers={"Referer": own}).content.decode()
    assert "elsewhere" not in client.post("/ui/preferences", headers={"Referer": foreign}).content.decode()


def test_the_menu_and_the_palette_offer_what_the_role_may_use(enter: Any) -> None:
    menu.register("test-secret", "Secret page", "home", permission=("secret", "view"))
    try:
        for role, may in (("owner", True), ("auditor", True), ("agent", False)):
            client = enter(role)
            assert ("Secret page" in client.get("/").content.decode()) == may
            labels = [item["label"] for item in client.get("/ui/palette").json()["items"]]
            assert ("Secret page" in labels) == may
    finally:
        menu.entries._items.pop("test-secret")


def test_the_palette_finds_what_modules_find(enter: Any) -> None:
    def search(actor: Actor, text: str, limit: int) -> list[palette.Hit]:
        return [palette.Hit(f"{text} found", "/x", "Thing")] if actor.can("thing", "view") else []

    palette.register_search("test", search)
    try:
        assert enter("owner").get("/ui/palette/search?q=华").json()["hits"][0]["title"] == "华 found"
        assert all(h["title"] != "华 found" for h in enter("agent").get("/ui/palette/search?q=华").json()["hits"])
    finally:
        palette.searches._items.pop("test")


def test_a_record_shows_fields_that_may_be_changed_to_those_who_may(enter: Any, make_rows: Any) -> None:
    (row,) = make_rows([{"name": "Ann & Co", "theme": "red"}])
    facts = [records.Facts("Basics", [records.Fact("Name", edit="name"), records.Fact("Colour", edit="theme")])]
    page = records.RecordPage(kind="testrow", record_id=row.pk, title=row.name, record=row, facts=facts)
    texts = {}
    for role in ("manager", "auditor"):
        request = RequestFactory().get("/")
        request.user = enter(role).user
        request.actor = actor_of(request.user)  # type: ignore[attr-defined]
        texts[role] = records.render_record(request, page).content.decode()
    assert f'data-edit-url="/ui/edit/testrow/{row.pk}/name"' in texts["manager"]
    assert "data-edit-url" not in texts["auditor"]
    assert "Ann &amp; Co" in texts["auditor"]


def test_all_cards_of_a_record_come_by_one_request_and_stand_when_one_fails(enter: Any) -> None:
    body = lambda request, record_id: html.safe(f"<p>card of {record_id}</p>")  # noqa: E731
    panels.register("testrow", panels.Panel("notes", "Notes", body, permission=("note", "view"), count=lambda a, i: 3))
    panels.register("testrow", panels.Panel("broken", "Broken", lambda request, record_id: str(1 / 0)))
    panels.register("testrow", panels.Panel("at_once", "At once", body, is_eager=True))
    try:
        answer = enter("owner").get("/ui/cards/testrow/7").content.decode()
        assert 'id="card-body-notes" hx-swap-oob' in answer
        assert "card of 7" in answer
        assert ">3</span>" in answer
        assert "could not be shown" in answer.partition('id="card-body-broken"')[2]
        assert "card-body-at_once" not in answer
        assert "card of 7" not in enter("agent").get("/ui/cards/testrow/7").content.decode()
        page = records.RecordPage(kind="testrow", record_id=7, title="Seven")
        request = RequestFactory().get("/")
        request.user = enter("manager").user
        request.actor = actor_of(request.user)  # type: ignore[attr-defined]
        drawn = records.render_record(request, page).content.decode()
        assert drawn.count('hx-get="/ui/cards/testrow/7"') == 1
        assert {'id="card-body-broken"', 'id="card-body-at_once"'} <= {*re.findall(r'id="card-body-[a-z_]+"', drawn)}
    finally:
        panels._kinds.pop("testrow")


class _Form(forms.RecordForm):
    """A form in sections."""

    sections = (forms.Section("one", "First", ("name",)),)
    name = django_forms.CharField(label="Name")
    note = django_forms.CharField(label="Note", required=False)


def test_an_error_of_a_service_stands_beside_its_field() -> None:
    form = _Form({"name": "x"})
    assert form.is_valid()
    forms.add_error(form, InvalidInput("taken", column="name"))
    forms.add_error(form, InvalidInput("too late"))
    drawn = str(form)
    assert re.search(r'name="name".*?field-error[^>]*>taken', drawn, re.DOTALL)
    assert re.search(r'role="alert"[^>]*><p>too late', drawn)
    assert [section.label for section, _fields in form.drawn_sections()] == ["First", "More"]


def test_a_chart_says_the_same_in_a_table_and_its_data_cannot_end_the_island() -> None:
    series = [charts.Series("</script><b>", [1500.5, None], ["/customers/?tier=vip", ""])]
    drawn = charts.render(charts.bar("Revenue", ["VIP", "Small"], series, format="money", currency="GBP"))
    island = re.search(r'<script type="application/json">(.*?)</script>', drawn, re.DOTALL)
    assert island
    assert json.loads(island[1])["series"][0]["values"] == [1500.5, None]
    assert "<" not in island[1]
    assert '<a href="/customers/?tier=vip">£1,500.50</a>' in drawn


def test_shares_over_bars_are_told_in_percent_whatever_the_bars_count() -> None:
    series = [charts.Series("Complaints", [1500, 500]), charts.Series("All so far", [0.75, 1.0], is_share=True)]
    drawn = charts.render(charts.bar("Causes", ["Late", "Broken"], series))
    assert re.findall(r"<td[^>]*>([^<]+)</td>", drawn) == ["1,500", "75.0%", "500", "100.0%"]


@pytest.mark.parametrize("minor", [0, 5, -5, 123456789, -99, 100, -123456])
@pytest.mark.parametrize("currency", ["GBP", "CNY", "JPY", "KWD", "USD"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_quick_amounts_read_as_the_exact_ones(minor: int, currency: str, language: str) -> None:
    from guanxi.core.money import format_money

    assert cells.format_amount(minor, currency, language) == format_money(minor, currency, language).replace(
        "\xa0", " "
    )


def test_moments_are_told_in_words() -> None:
    from datetime import timedelta

    context = cells.Context(actor=console_actor())
    assert cells.ago(context.now - timedelta(seconds=20), context) == "just now"
    assert cells.ago(context.now - timedelta(hours=3), context) == "3 hours ago"
    with translation.override("zh-hans"):
        assert cells.ago(context.now - timedelta(days=2), cells.Context(now=context.now)) == "2 天前"


def test_a_link_to_a_script_is_only_text() -> None:
    assert html.link("javascript:alert(1)", "x<y") == "x&lt;y"
    assert html.link("//evil.example", "x") == "x"
    assert 'rel="noopener noreferrer"' in html.link("https://example.org/?a=1&b=2", "x")

"""Lists: what is shown to whom, views, groups, boards, changes in place, bulk acts, export."""

import csv
import io
import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import RequestFactory
from openpyxl import load_workbook

from guanxi.core.actor import actor_of
from guanxi.core.models import Operation, User
from guanxi.ui import lists
from guanxi.ui.lists import counts
from guanxi.ui.lists.state import Scene
from guanxi.ui.models import SavedView

BASE = "/ui/list/testrows/"
NAMES = re.compile(r'href="/rows/\d+">([^<]*)</a>')


@pytest.fixture
def rows(make_rows: Any) -> list[User]:
    """Thirty rows in three colours and one without."""
    colours = ["red", "green", "blue", ""]
    return make_rows([{"name": f"Row {n:02}", "theme": colours[n % 4], "email": f"{n % 3}@x.org"} for n in range(30)])


def names(text: str) -> list[str]:
    """The names in an answer, in order."""
    return NAMES.findall(text)


def page_of(client: Any, address: str = "", **headers: str) -> str:
    """The page of the list as this person sees it."""
    request = RequestFactory().get(f"/{address}", headers=headers)
    request.user = client.user
    request.actor = actor_of(client.user)
    return lists.render_list(request, lists.pages["testrows"]).content.decode()


def test_rows_follow_one_another_without_gap_or_repeat(enter: Any, rows: list[User]) -> None:
    client = enter("owner")
    address, found = f"{BASE}rows?sort=name", []
    while address:
        text = client.get(address).content.decode()
        found += names(text)
        following = re.search(r'hx-get="([^"]+)"', text)
        address = following[1].replace("&amp;", "&") if following else ""
    assert found == [f"Row {n:02}" for n in range(30)]


def test_markup_in_a_value_stays_text(enter: Any, make_rows: Any) -> None:
    make_rows([{"name": "<script>alert(1)</script>", "email": '"><img src=x>'}])
    text = enter("owner").get(f"{BASE}rows").content.decode()
    assert "<script>" not in text
    assert "<img" not in text


def test_filters_search_and_sort_come_from_the_address(enter: Any, rows: list[User]) -> None:
    client = enter("owner")
    text = client.get(f"{BASE}rows?colour=red,blue&q=Row 1&sort=-name&nonsense=1").content.decode()
    assert names(text) == ["Row 18", "Row 16", "Row 14", "Row 12", "Row 10"]
    assert names(client.get(f"{BASE}rows?colour=-&sort=name").content.decode())[:2] == ["Row 03", "Row 07"]


def test_groups_follow_the_order_of_the_choices_and_go_on_over_pages(enter: Any, rows: list[User]) -> None:
    client = enter("owner")
    address, heads, found = f"{BASE}rows?group=colour&sort=name", [], []
    while address:
        text = client.get(address).content.decode()
        heads += re.findall(r'scope="rowgroup">([^<]+)<', text)
        found += names(text)
        following = re.search(r'hx-get="([^"]+)"', text)
        address = following[1].replace("&amp;", "&") if following else ""
    assert heads == ["Red", "Green", "Blue", "(empty)"]
    assert found[:8] == [f"Row {n:02}" for n in range(0, 30, 4)]
    assert sorted(found) == [f"Row {n:02}" for n in range(30)]


def test_a_board_has_a_lane_for_each_choice_with_its_count(enter: Any, rows: list[User]) -> None:
    client = enter("owner")
    text = page_of(client, "?layout=board")
    assert re.findall(r'data-value="(\w*)"', text) == ["red", "green", "blue", ""]
    assert "/ui/list/testrows/lane" in text  # the lane without a value comes after the page
    assert client.get(f"{BASE}count?layout=board&lane=green").content == b"8"


def test_a_lane_says_what_its_cards_add_up_to(enter: Any, rows: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
    client = enter("owner")
    assert "/ui/list/testrows/sum" in page_of(client, "?layout=board")
    assert client.get(f"{BASE}sum?layout=board&lane=green").content == b"8 counted"
    monkeypatch.setattr(counts, "LIMIT", 5)
    assert client.get(f"{BASE}sum?layout=board&lane=green").content == b""


def test_the_footer_counts_and_sums_and_caps(enter: Any, rows: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
    client = enter("owner")
    text = client.get(f"{BASE}footer?colour=red").content.decode()
    assert "<b>8</b>" in text
    assert "8 counted" in text
    monkeypatch.setattr(counts, "LIMIT", 20)
    capped = client.get(f"{BASE}footer").content.decode()
    assert "20+" in capped
    exact = client.get(f"{BASE}footer?exact=1").content.decode()
    assert "<b>30</b>" in exact


def test_who_may_not_see_the_kind_sees_nothing(enter: Any, rows: list[User]) -> None:
    outsider = enter("agent")
    for part in ("rows", "footer", f"peek/{rows[0].pk}", "export", f"cell/{rows[0].pk}/name", "filter/colour"):
        answer = outsider.get(BASE + part)
        assert answer.status_code == 404, part
        assert b"Row 0" not in answer.content


def test_a_column_for_managers_is_for_managers(enter: Any, rows: list[User]) -> None:
    assert "Secret" in page_of(enter("owner"))
    assert "Secret" not in page_of(enter("manager"))


def test_htmx_gets_the_list_alone_and_an_address_that_can_be_kept(enter: Any, rows: list[User]) -> None:
    client = enter("owner")
    assert "<html" in page_of(client, "?colour=red")
    alone = page_of(client, "?colour=red", hx_request="true", hx_target="list")
    assert alone.startswith("<section")


def test_a_view_is_kept_changed_shared_and_thrown_away(enter: Any, rows: list[User]) -> None:
    client, other = enter("manager"), enter("owner")
    client.post(f"{BASE}views/new?colour=red&sort=-name", {"name": "My reds"})
    view = SavedView.objects.get()
    assert view.state == "colour=red&sort=-name"
    address = f"?view={view.pk}"
    text = page_of(client, address)
    assert names(text)[0] == "Row 28"
    assert "Save as new view" not in text
    changed = f"?view={view.pk}&edited=1&colour=blue&sort=-name"
    assert "Save as new view" in page_of(client, changed)
    assert "My reds" not in page_of(other), "a private view is its owner's alone"
    assert other.post(f"{BASE}views/{view.pk}{changed}").status_code == 404
    client.post(f"{BASE}views/{view.pk}{changed}")
    assert names(page_of(client, address))[0] == "Row 26"
    client.post(f"{BASE}views/{view.pk}{address}", {"share": "1"})
    assert "My reds" in page_of(other)
    client.post(f"{BASE}views/{view.pk}/delete")
    assert not SavedView.objects.exists()


def test_a_name_is_used_once_and_sharing_needs_the_right(enter: Any, rows: list[User]) -> None:
    client = enter("manager")
    client.post(f"{BASE}views/new?colour=red", {"name": "Mine"})
    again = client.post(f"{BASE}views/new?colour=blue", {"name": " Mine "})
    assert "already have a view" in again.content.decode()
    auditor = enter("auditor")
    assert auditor.post(f"{BASE}views/new", {"name": "All", "is_shared": "on"}).status_code == 404
    assert SavedView.objects.count() == 1


def test_a_view_that_comes_with_the_list(enter: Any, rows: list[User]) -> None:
    assert names(page_of(enter("owner"), "?view=reds"))[:2] == ["Row 28", "Row 24"]


def test_a_field_is_changed_where_it_stands_and_taken_back(enter: Any, rows: list[User]) -> None:
    client = enter("manager")
    address = f"/ui/edit/testrow/{rows[0].pk}/theme"
    form = client.get(address).content.decode()
    assert re.search(r'<option value="red" selected>Red', form)
    answer = client.post(f"{address}?list=testrows&column=colour", {"value": "green"})
    assert "tone-" in answer.content.decode()
    assert User.objects.get(pk=rows[0].pk).theme == "green"
    undo = re.search(r"/ui/undo/\d+", answer["HX-Trigger"])
    assert undo
    assert client.post(undo[0]).status_code == 204
    assert User.objects.get(pk=rows[0].pk).theme == "red"
    assert client.post(undo[0], headers={"hx-request": "true"}).status_code == 409


def test_a_field_is_not_changed_by_who_may_not_or_to_nothing(enter: Any, rows: list[User]) -> None:
    address = f"/ui/edit/testrow/{rows[0].pk}/name"
    for role in ("agent", "auditor"):
        assert enter(role).post(address, {"value": "Mine"}).status_code == 404
    owner = enter("owner")
    assert owner.post(address, {"value": "  "}).status_code == 422
    assert owner.post(f"/ui/edit/testrow/{rows[0].pk}/username", {"value": "x"}).status_code == 404
    assert User.objects.get(pk=rows[0].pk).name == "Row 00"


def test_another_persons_operation_is_not_taken_back(enter: Any, rows: list[User]) -> None:
    manager, agent = enter("manager"), enter("agent")
    manager.post(f"/ui/edit/testrow/{rows[0].pk}/name", {"value": "Changed"})
    operation = Operation.objects.latest("id")
    assert agent.post(f"/ui/undo/{operation.pk}").status_code == 404
    assert User.objects.get(pk=rows[0].pk).name == "Changed"


def test_bulk_acts_on_what_is_ticked_or_on_all_that_match(enter: Any, rows: list[User]) -> None:
    client = enter("manager")
    ticked = f"{rows[0].pk},{rows[1].pk}"
    answer = client.post(f"{BASE}bulk/paint", {"ids": ticked})
    assert "2 painted" in answer["HX-Trigger"]
    assert User.objects.filter(theme="blue", pk__in=[rows[0].pk, rows[1].pk]).count() == 2
    answer = client.post(f"{BASE}bulk/paint?colour=green&q=Row", {"all": "1"})
    assert "7 painted" in answer["HX-Trigger"]
    assert not User.objects.filter(theme="green").exists()
    assert client.post(f"{BASE}bulk/paint", {"ids": "x; drop"}).status_code == 422
    assert enter("auditor").post(f"{BASE}bulk/paint", {"ids": ticked}).status_code == 404


def test_export_has_the_rows_of_the_screen_and_no_formulas(enter: Any, rows: list[User], make_rows: Any) -> None:
    make_rows([{"name": "=HYPERLINK(1)", "theme": "red", "email": "-1+1"}])
    client = enter("owner")
    answer = client.get(f"{BASE}export?colour=red&sort=name&cols=email")
    table = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert table[0] == ["Name", "E-mail"]
    assert table[1] == ["'=HYPERLINK(1)", "'-1+1"]
    assert [row[0] for row in table[2:]] == [f"Row {n:02}" for n in range(0, 30, 4)]
    sheet = client.get(f"{BASE}export?format=xlsx&q=HYPERLINK")
    book = load_workbook(io.BytesIO(b"".join(sheet.streaming_content)))
    cell = book.active["A2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")
    assert enter("agent").get(f"{BASE}export").status_code == 404


def test_names_of_columns_in_an_export_are_no_formulas_either(enter: Any, rows: list[User], monkeypatch: Any) -> None:
    shown = Scene.shown
    monkeypatch.setattr(Scene, "shown", lambda scene: [replace(column, label="=1+1") for column in shown(scene)])
    client = enter("owner")
    answer = client.get(f"{BASE}export?cols=email")
    assert b"".join(answer.streaming_content).decode("utf-8-sig").startswith("'=1+1,'=1+1\r\n")
    sheet = client.get(f"{BASE}export?format=xlsx")
    book = load_workbook(io.BytesIO(b"".join(sheet.streaming_content)))
    assert book.active["A1"].data_type == "s"


def test_anonymous_is_led_to_sign_in(client: Any, db: None) -> None:
    for part in ("rows", "footer", "export", "bulk/paint", "views/new"):
        answer = client.post(BASE + part) if "bulk" in part or "views" in part else client.get(BASE + part)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


def test_the_address_of_a_list_from_elsewhere() -> None:
    assert lists.url("testrows", colour=["red", "blue"], sort="-name") == "/?colour=red,blue&sort=-name"
    assert lists.url("testrows") == "/"

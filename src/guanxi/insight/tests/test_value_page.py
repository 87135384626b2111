"""The Value page, what it leads to, the card on a customer's page, the command line."""

import argparse
import json
import re
from datetime import date
from html import unescape

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from guanxi.core import jobs, parameters
from guanxi.core.actor import actor_of, system_actor
from guanxi.core.ids import public_id
from guanxi.core.models import Role, User
from guanxi.customers.models import Customer, Standing
from guanxi.insight.commands import add_tiers
from guanxi.insight.filters import MovementFilter
from guanxi.insight.panels import standing_panel
from guanxi.insight.value import movement, services
from guanxi.insight.value.queries import boundary_above, latest_run, room_to_climb, run_of
from guanxi.insight.views import value
from guanxi.ui import lists

pytestmark = pytest.mark.django_db
HREF = re.compile(r'href="([^"]+)"')


def listed(actor, address):
    """Ids of the customers that a list's address asks for."""
    request = RequestFactory().get(unescape(address))
    request.actor = actor
    return set(lists.selection(request, lists.pages["customers"]).values_list("pk", flat=True))


def test_every_link_of_the_page_lists_as_many_customers_as_it_says(measured, boss, client):
    client.force_login(boss)
    page = client.get("/value").content.decode()
    cells = re.findall(r'<td class="num[^"]*"><a href="(/customers[^"]+)">([\d,]+)</a></td>', page)
    assert len(cells) > 20
    for address, shown in cells:
        assert len(listed(actor_of(boss), address)) == int(shown.replace(",", "")), address


def test_tiles_lead_to_the_customers_behind_them(measured, boss, client, sell):
    sell("none", "2024-01-10", 5)
    sell("none", "2024-01-10", -5, kind="return")
    services.bring_standings_up_to_date(reason="test")
    Customer.objects.create(name="stranger", sort_key="s", initials="s", created_at="2024-01-01T00:00Z")
    client.force_login(boss)
    page = client.get("/value").content.decode()
    tiles = {
        label.strip(): listed(actor_of(boss), address)
        for address, label in re.findall(r'<a class="tile" href="([^"]+)".*?</i>(.*?)</span>', page, re.S)
    }
    assert len(tiles["Customers"]) == 21
    assert len(tiles["Best 20% bring"]) == 5
    assert len(tiles["Bring nothing or less"]) == 1


def test_the_page_names_period_method_and_what_is_left_out(measured, boss, client, sell):
    sell(None, "2024-01-02", 1234)
    sell("c1", "2024-01-02", 10, currency="USD")
    services.bring_standings_up_to_date(reason="test")
    client.force_login(boss)
    page = client.get("/value").content.decode()
    for words in ("1 Nov 2023", "20 Jan 2024", "21 Jan 2024", "guanxi.value 1", "CNY", "1,234.00", "USD"):
        assert words in page
    assert "not known" in page


def test_the_page_speaks_chinese(measured, boss, client):
    client.force_login(boss)
    with translation.override("zh-hans"):
        page = client.get("/value", headers={"accept-language": "zh-CN"}).content.decode()
    for words in ("客户金字塔", "鲸鱼曲线", "净收入", "盈利层级", "变动"):
        assert words in page


def test_an_empty_company_is_told_what_to_do(boss, client):
    client.force_login(boss)
    page = client.get("/value").content.decode()
    assert "No orders yet" in page
    assert reverse("importing:start") in page


def test_only_those_who_may_see_the_whole_base_see_the_page(measured, agent, client):
    assert client.get("/value").status_code == 302
    client.force_login(agent)
    assert client.get("/value").status_code == 404
    assert client.post("/value/dates", {"day": "2024-01-05"}).status_code == 404
    assert run_of(date(2024, 1, 5)) is None


def test_tiles_say_what_changed_since_the_last_quarter_end(measured, boss, client):
    client.force_login(boss)
    page = client.get("/value").content.decode()
    assert "21,000.00 since 31 Dec 2023" in page
    assert "+18 since 31 Dec 2023" in page


def test_measuring_again_is_for_those_who_may_change(measured, boss, client, django_capture_on_commit_callbacks):
    run = latest_run()
    analyst = User.objects.create_user("ann", "secret-enough", role=Role.objects.get(key="analyst"))
    client.force_login(analyst)
    assert client.get("/value").status_code == 200
    assert client.post("/value/measure").status_code == 404
    client.force_login(boss)
    parameters.change(actor=system_actor(), key="reporting_currency", value="USD")
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/value/measure").status_code == 302
    jobs.run_pending()
    assert latest_run().pk != run.pk
    assert latest_run().reason == "by hand"


def test_a_large_base_works_an_earlier_day_out_in_a_job(measured, boss, client, monkeypatch):
    monkeypatch.setattr(value, "WAITED_FOR", 5)
    client.force_login(boss)
    assert client.post("/value/dates", {"day": "2030-01-05"}).status_code == 422
    assert client.post("/value/dates", {"day": "2024-01-05"}).status_code == 302
    assert run_of(date(2024, 1, 5)) is None
    jobs.run_pending()
    assert run_of(date(2024, 1, 5)).customer_count == 7


def test_movements_are_counted_and_listed(measured, boss):
    run, past = latest_run(), run_of(date(2023, 12, 31))
    cells = movement.matrix(past, run)
    assert cells.tolist() == [
        [0, 0, 0, 1, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 0, 1, 0],
        [1, 0, 3, 14, 0],
    ]
    assert movement.summed(cells) == {"climbed": 0, "fallen": 1, "stayed": 1, "new": 18}
    actor = actor_of(boss)
    for i, before in enumerate(movement.STATES):
        for j, after in enumerate(movement.TIERS):
            cell = movement.Movement(past.period_to, run.period_to, before, after)
            found = listed(actor, lists.url("customers", movement=str(cell)))
            assert len(found) == cells[i, j], cell
    assert listed(actor, lists.url("customers", movement="2023-12-31_2024-01-20_vip_small")) == {measured["c20"]}


def test_movements_between_two_earlier_days(measured, boss, client):
    client.force_login(boss)
    answer = client.post("/value/dates", {"day": "2024-01-05"})
    assert answer.status_code == 302
    page = client.get("/value?from=2023-12-31&to=2024-01-05").content.decode()
    assert "2023-12-31_2024-01-05_absent_vip" in page
    first, second = run_of(date(2023, 12, 31)), run_of(date(2024, 1, 5))
    cells = movement.matrix(first, second)
    assert cells.sum() == 20
    assert cells[-1, -1] == 13
    assert listed(actor_of(boss), "?movement=2023-12-31_2024-01-05_absent_vip") == {measured["c1"]}


@pytest.mark.parametrize("day", ["2030-01-01", "2024-01-20", "1999-01-01", "soon", ""])
def test_a_day_outside_the_record_is_refused(measured, boss, client, day):
    client.force_login(boss)
    assert client.post("/value/dates", {"day": day}).status_code == 422


@pytest.mark.parametrize(
    "text",
    ["", "x", "2023-12-31_2024-01-20_vip", "2023-12-31_soon_vip_vip", "2023-12-31_2024-01-20_vip_gold", "a_b_c_d"],
)
def test_a_movement_that_names_none_is_no_filter(text):
    assert MovementFilter("movement", "Movement").clean([text]) == ""


def test_a_movement_of_a_day_no_longer_measured_lists_nobody(measured, boss):
    assert listed(actor_of(boss), "?movement=2022-12-31_2024-01-20_vip_vip") == set()


def test_room_to_climb_names_what_is_missing(measured, boss, seller):
    run = latest_run()
    climbers = room_to_climb(Customer.objects.visible_to(actor_of(boss)), run)
    first = climbers[0]
    assert (first.customer.pk, first.tier, first.next_tier, first.missing_minor) == (
        measured["c2"], "ordinary", "vip", 100_00,
    )  # fmt: skip
    assert boundary_above(run, "small") == ("ordinary", 1700_00)
    assert room_to_climb(Customer.objects.visible_to(seller), run) == []


def test_the_card_says_why_and_what_would_change_it(measured, boss, seller):
    request = RequestFactory().get("/")
    request.actor = actor_of(boss)
    card = standing_panel(request, measured["c2"])
    assert "rank 2 of 20" in card
    assert re.search(r"100\.00 more would make it VIP", card)
    assert "19 days before" in card
    top = standing_panel(request, measured["c1"])
    assert "more would make it" not in top
    assert "above the last of its tier" in top
    request.actor = seller
    assert "No orders yet" in standing_panel(request, measured["c1"])


def run_tiers(*words):
    """Run `customers tiers` as the command line does."""
    parser = argparse.ArgumentParser()
    add_tiers(parser.add_subparsers())
    args = parser.parse_args(["tiers", *words])
    return args.run(args)


def test_tiers_for_programs(measured, capsys):
    assert run_tiers("--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["period"] == {"from": "2023-11-01", "to": "2024-01-20"}
    assert found["pyramid"][0] == {"tier": "vip", "customers": 1, "net_revenue": "2000.00"}
    assert [entry["tier"] for entry in found["pyramid"]] == ["vip", "major", "ordinary", "small"]
    assert sum(entry["customers"] for entry in found["abc"]) == 20
    assert run_tiers() == 0
    assert "2000.00" in capsys.readouterr().out


def test_tiers_of_an_empty_company(db, capsys):
    assert run_tiers("--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["period"], found["pyramid"], found["abc"]) == ({"from": None, "to": None}, [], [])


def test_home_shows_what_the_base_is_worth(measured, boss, client):
    client.force_login(boss)
    page = client.get(reverse("home")).content.decode()
    assert "21,110.00" in page


def test_the_card_is_on_the_customer_page(measured, boss, client):
    client.force_login(boss)
    page = client.get(reverse("customers:show", args=[public_id("cus", measured["c1"])])).content.decode()
    assert "card-standing" in page
    assert Standing.objects.get(pk=measured["c1"]).tier == "vip"


@pytest.mark.parametrize(("role", "status"), [("auditor", 404), ("analyst", 422)])
def test_who_may_not_write_figures_is_refused_before_the_day_is_looked_at(client, db, role, status):
    client.force_login(User.objects.create_user("looker", "secret-enough", role=Role.objects.get(key=role)))
    assert client.post("/value/dates", {"day": "nonsense"}).status_code == status

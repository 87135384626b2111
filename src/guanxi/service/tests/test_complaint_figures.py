"""What complaints add up to: every figure leads to just its rows; promises break by themselves; silence is seen."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.core.models import User
from guanxi.customers.models import Customer
from guanxi.customers.public import create_customer
from guanxi.service.choices import CaseState
from guanxi.service.complaint_choices import PromiseState
from guanxi.service.complaints import pareto, periodic
from guanxi.service.complaints.services import handling, promises
from guanxi.service.complaints.silent import silent_customers
from guanxi.service.models import Case, Cause, Promise, RecurrenceCheck, Remedy, ResponsibleUnit
from guanxi.service.public import open_case
from guanxi.service.tests.test_complaints_import import ROWS, bring, write
from guanxi.service.tests.test_complaints_rule import GIFTS, close
from guanxi.tasks.models import Notification, Task

pytestmark = pytest.mark.django_db


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def _counted(page: str) -> int:
    return len(set(re.findall(r'href="/cases/(cas_\w+)/complaint"', page)))


def test_four_fifths_are_counted_over_all_values_and_costs_by_currency(tmp_path: Path, max_: Actor) -> None:
    rows = [(*ROWS[0][:7], f"BANK {n}", *ROWS[0][8:11], str(n)) for n in range(30)]
    bring(write(tmp_path / "c.csv", rows))
    assert pareto.pareto(max_, pareto.Asked(by="unit")).vital_count == 24
    case = open_case(actor=max_, values={"subject": "Ours", "case_type": "complaint", "description": "x"})
    for gift in (*GIFTS.values(), GIFTS["remedy"]):
        gift(max_, case)
    Remedy.objects.filter(pk=Remedy.objects.latest("pk").pk).update(currency="USD")
    asked = pareto.Asked(by="unit")
    assert pareto.totals(max_, asked, "EUR").costs == [(0, "EUR"), (5000, "CNY"), (5000, "USD")]
    assert [row["currency"] for row in pareto.costs_by_unit(max_, asked)] == ["CNY", "USD"]
    page = client_of(max_).get(f"/cases/{case.public_id}/complaint").content.decode()
    assert "¥50.00 + " in page
    assert "file.pdf?language=zh-hans" in page


def test_months_in_which_nobody_complained_stand_between_the_others(tmp_path: Path, max_: Actor) -> None:
    days = ("2018-11-03", "2019-01-31", "2019-02-01", "2019-02-28")
    bring(write(tmp_path / "c.csv", [(day, *ROWS[0][1:11], str(n)) for n, day in enumerate(days)]))
    bars = pareto.bars(max_, pareto.Asked(by="month"))
    assert [(bar.label, bar.count) for bar in bars] == [("2018-11", 1), ("2018-12", 0), ("2019-01", 1), ("2019-02", 2)]
    page = client_of(max_).get("/complaints/pareto?by=month").content.decode()
    heads = re.findall(r'<th scope="row"><a[^>]*>([^<]+)', page)
    assert heads == ["2018-11", "2019-01", "2019-02"], "a table of complaints needs no rows without any"
    # So long a time that single months cannot be told apart has only those with complaints.
    bring(write(tmp_path / "d.csv", [("1970-05-01", *ROWS[0][1:11], "9")]))
    assert [bar.label for bar in pareto.bars(max_, pareto.Asked(by="month"))] == ["1970-05", *heads]


def test_what_four_fifths_do_not_need_is_drawn_faintly(tmp_path: Path, max_: Actor) -> None:
    rows = [(*ROWS[0][:7], f"BANK {n if n < 2 else 0}", *ROWS[0][8:11], str(n)) for n in range(9)]
    bring(write(tmp_path / "c.csv", rows))
    for by, faint in (("unit", [False, True]), ("product", [])):
        page = client_of(max_).get(f"/complaints/pareto?by={by}").content.decode()
        island = re.search(r'<script type="application/json">(.+?)</script>', page)
        assert island
        assert json.loads(island[1])["series"][0]["faint"] == faint


def test_causes_within_a_unit_a_product_and_a_month(tmp_path: Path, max_: Actor) -> None:
    bring(write(tmp_path / "c.csv"))
    client = client_of(max_)
    for by, most in (("unit", 2), ("product", 2), ("month", 3)):
        for bar in pareto.bars(max_, pareto.Asked(by=by)):
            page = client.get(f"/complaints/pareto{bar.causes_url}").content.decode()
            links = re.findall(r'<th scope="row"><a href="([^"]+)"', page)
            assert len(links) == 1
            assert _counted(client.get(links[0].replace("&amp;", "&")).content.decode()) == bar.count <= most
    assert client.get("/complaints/pareto?unit=x&cause=99999999999999999999&product=-").status_code == 200


@pytest.mark.parametrize("by", pareto.DIMENSIONS)
def test_every_bar_leads_to_its_complaints(tmp_path: Path, max_: Actor, by: str) -> None:
    bring(write(tmp_path / "c.csv"))
    case = open_case(actor=max_, values={"subject": "Ours", "case_type": "complaint", "description": "x"})
    for gift in GIFTS.values():
        gift(max_, case)
    asked = pareto.Asked(by=by)
    bars = pareto.bars(max_, asked)
    assert sum(bar.count for bar in bars) == 4
    assert bars[-1].cumulative == pytest.approx(1)
    client = client_of(max_)
    for bar in bars:
        assert _counted(client.get(bar.url).content.decode()) == bar.count, bar
    page = client.get(f"/complaints/pareto?by={by}").content.decode()
    assert "gx-chart" in page
    without = pareto.bars(max_, pareto.Asked(by=by, is_elsewhere_in=False))
    assert sum(bar.count for bar in without) == 2
    for bar in without:
        assert _counted(client.get(bar.url).content.decode()) == bar.count, bar


def test_days_that_are_none_are_refused_and_costs_are_told_by_unit(max_: Actor) -> None:
    client = client_of(max_)
    assert client.get("/complaints/pareto?since=yesterday").status_code == 422
    case = open_case(actor=max_, values={"subject": "Ours", "case_type": "complaint", "description": "x"})
    for gift in GIFTS.values():
        gift(max_, case)
    rows = pareto.costs_by_unit(max_, pareto.Asked(by="unit"))
    assert [(row["unit"], row["cost_minor"], row["count"]) for row in rows] == [("Workshop", 5000, 1)]
    assert "50.00" in client.get("/complaints/pareto?by=unit").content.decode()


def test_a_promise_breaks_by_itself_is_told_and_shown(ann: Actor, max_: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    customer = create_customer(actor=ann, values={"name": "Zoe"})
    with pytest.raises(InvalidInput):
        promises.make_promise(actor=ann, text="x", due_at=clock.now() - timedelta(hours=1), customer_id=customer.pk)
    client = client_of(ann)
    made = client.post(
        f"/promises/new?customer={customer.public_id}",
        {"text": "Call on Friday", "due_at": "2028-05-01T10:00", "owner": ann.user_id},
    )
    assert made.status_code == 302, made.content.decode()[:2000]
    promise = Promise.objects.get()
    assert "1 open" in client.get(customer.get_absolute_url()).content.decode()
    assert periodic.look_at_promises.func() == 0
    Promise.objects.update(due_at=clock.now() - timedelta(minutes=1))
    assert (periodic.look_at_promises.func(), periodic.look_at_promises.func()) == (1, 0)
    promise.refresh_from_db()
    assert promise.state == PromiseState.BROKEN
    assert Notification.objects.filter(sort="promise.broken", user=ann.user_id).count() == 1
    assert Task.objects.filter(assignee=ann.user_id, about_kind="customer", about_id=customer.pk).count() == 1
    page = client.get(customer.get_absolute_url()).content.decode()
    assert "1 broken" in page
    assert "Call on Friday" in client.get("/promises/?state=broken").content.decode()
    assert client.get(f"/promises/{promise.public_id}/").status_code == 200
    assert client.post(f"/promises/{promise.public_id}/act", {"act": "keep", "note": "Called late"}).status_code == 302
    promise.refresh_from_db()
    assert promise.state == PromiseState.KEPT_LATE
    Case.objects.all().delete()
    assert silent_customers(ann) == []


def test_a_silent_customer_is_listed_until_somebody_speaks(ann: Actor) -> None:
    customer = create_customer(actor=ann, values={"name": "Silent Sue"})
    due_at = clock.now() + timedelta(hours=1)
    promise = promises.make_promise(actor=ann, text="x", due_at=due_at, customer_id=customer.pk)
    Customer.objects.update(last_contact_at=clock.now() - timedelta(days=3))
    Promise.objects.update(due_at=clock.now() - timedelta(days=1))
    promises.break_promise(promise_id=promise.pk)
    Task.objects.all().delete()
    client = client_of(ann)
    page = client.get("/complaints/silent").content.decode()
    assert "Silent Sue" in page
    assert client.post("/complaints/silent/call", {"customer": customer.public_id}).status_code == 302
    assert Task.objects.get().about_id == customer.pk
    assert [row.has_task for row in silent_customers(ann)] == [True]
    open_case(actor=ann, values={"subject": "Talked", "customer": customer.pk})
    assert silent_customers(ann) == []


def test_looking_back_finds_the_like_by_itself(ann: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [
        open_case(actor=ann, values={"subject": name, "case_type": "complaint", "description": "x"}) for name in "ab"
    ]
    for gift in GIFTS.values():
        gift(ann, cases[0])
    close(ann, cases[0])
    begun = clock.now() + timedelta(days=1)
    Case.objects.filter(pk=cases[1].pk).update(opened_at=begun)
    handling.settle_unit(actor=ann, case_id=cases[1].pk, unit_id=ResponsibleUnit.objects.get().pk)
    cause = Cause.objects.get(key="product.quality")
    handling.sum_up(actor=ann, case_id=cases[1].pk, cause_id=cause.pk, whys=["again"], prevention="")
    assert periodic.look_back_at_complaints.func() == 0
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert periodic.look_back_at_complaints.func() == 1
    assert periodic.look_back_at_complaints.func() == 0
    check = RecurrenceCheck.objects.get(after_days=30)
    assert (check.found_count, check.found) == (1, [cases[1].pk])
    assert Notification.objects.filter(sort="complaint.recurred").count() == 1
    assert RecurrenceCheck.objects.get(after_days=90).looked_at is None


def test_lists_show_states_and_steps(tmp_path: Path, max_: Actor) -> None:
    bring(write(tmp_path / "c.csv", ROWS[:2]))
    client = client_of(max_)
    assert _counted(client.get("/complaints/").content.decode()) == 2
    assert _counted(client.get(f"/complaints/?state={CaseState.CLOSED_ELSEWHERE}").content.decode()) == 1
    assert client.get("/promises/").status_code == 200
    value: Any = client.get("/complaints/?unit=-&cause=-&grade=ordinary").content.decode()
    assert _counted(value) == 0

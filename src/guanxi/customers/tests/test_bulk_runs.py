"""Acts on very many customers: a job in chunks, a page that follows, undo of all of it."""

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.core import jobs
from guanxi.core.actor import system_actor
from guanxi.core.models import User
from guanxi.customers.lists import PAGE
from guanxi.customers.models import Customer
from guanxi.customers.services.customers import update_customer
from guanxi.ui.lists import bulk_runs
from guanxi.ui.models import BulkRun

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch):
    """Few rows are many here."""
    monkeypatch.setattr(bulk_runs, "CHUNK", 4)
    monkeypatch.setattr(bulk_runs, "SQLITE_CHUNK", 4)
    limits = {action.key: action.limit for action in PAGE.bulk_actions}
    for action in PAGE.bulk_actions:
        object.__setattr__(action, "limit", 5)
    yield
    for action in PAGE.bulk_actions:
        object.__setattr__(action, "limit", limits[action.key])


@pytest.fixture
def web(owner) -> Client:
    """The owner's browser."""
    client = Client()
    client.force_login(User.objects.get(pk=owner.user_id))
    return client


def start(web: Client, **data: str) -> BulkRun:
    """Ask for a change of all customers of Kunming."""
    address = "/ui/list/customers/bulk/set?city=昆明"
    answer = web.post(address, {"all": "1", "count": "11", **data})
    assert answer.status_code == 204
    run = BulkRun.objects.get()
    assert answer["HX-Redirect"] == reverse("ui:bulk_run", args=[run.pk])
    return run


def test_a_job_goes_through_all_rows_and_all_of_it_is_taken_back(web, enter):
    for number in range(11):
        enter(f"客{number}", city="昆明")
    enter("别处", city="上海")
    run = start(web, field="country", value="中国")
    page = reverse("ui:bulk_run", args=[run.pk])
    assert b"<progress" in web.get(page).content
    jobs.run_pending()
    run.refresh_from_db()
    assert (run.state, run.rows_total, run.rows_done, run.rows_changed) == ("done", 11, 11, 11)
    assert Customer.objects.filter(country="中国").count() == 11
    assert web.get(reverse("ui:bulk_progress", args=[run.pk]))["HX-Refresh"] == "true"
    shown = web.get(page).content.decode()
    assert "11 of 11 rows" in shown
    assert web.post(reverse("ui:bulk_undo", args=[run.pk])).status_code == 302
    jobs.run_pending()
    run.refresh_from_db()
    assert (run.state, run.operations) == ("undone", [])
    assert not Customer.objects.filter(country="中国").exists()


def test_rows_that_leave_the_list_by_the_act_are_each_gone_through_once(web, enter):
    for number in range(11):
        enter(f"客{number}", city="昆明")
    run = start(web, field="city", value="大理")
    jobs.run_pending()
    run.refresh_from_db()
    assert (run.state, run.rows_changed) == ("done", 11)
    assert Customer.objects.filter(city="大理").count() == 11


def test_what_was_changed_since_stays_and_is_told(web, enter):
    made = [enter(f"客{number}", city="昆明") for number in range(11)]
    run = start(web, field="country", value="中国")
    jobs.run_pending()
    update_customer(actor=system_actor(), customer_id=made[0].pk, values={"country": "缅甸"})
    web.post(reverse("ui:bulk_undo", args=[run.pk]))
    jobs.run_pending()
    run.refresh_from_db()
    assert (run.state, len(run.operations)) == ("undone", 0)
    assert "Guanxi" in run.error
    assert not Customer.objects.filter(country="中国").exists()
    made[0].refresh_from_db()
    assert made[0].country == "缅甸"


def test_a_refused_value_stops_the_run_with_its_reason_and_others_see_nothing_of_it(web, enter, make_seller):
    for number in range(6):
        enter(f"客{number}", city="昆明")
    run = start(web, field="status", value="nonsense")
    jobs.run_pending()
    run.refresh_from_db()
    assert run.state == "failed"
    assert "nonsense" in run.error
    assert "nonsense" in web.get(reverse("ui:bulk_run", args=[run.pk])).content.decode()
    other = Client()
    other.force_login(make_seller("other"))
    for name in ("bulk_run", "bulk_progress"):
        assert other.get(reverse(f"ui:{name}", args=[run.pk])).status_code == 404
    assert other.post(reverse("ui:bulk_undo", args=[run.pk])).status_code == 404


def test_a_run_cut_short_goes_on_with_the_rights_of_now(web, owner, enter, monkeypatch):
    for number in range(11):
        enter(f"客{number}", city="昆明")
    run = start(web, field="country", value="中国")
    monkeypatch.setattr(bulk_runs, "_breathe", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        bulk_runs.do_run.call(run.pk)
    monkeypatch.undo()
    assert Customer.objects.filter(country="中国").count() in {4, 11}
    User.objects.filter(pk=owner.user_id).update(is_active=False)
    bulk_runs.do_run.call(run.pk)
    run.refresh_from_db()
    assert run.state == "failed"
    User.objects.filter(pk=owner.user_id).update(is_active=True)
    BulkRun.objects.filter(pk=run.pk).update(state="running")
    bulk_runs.do_run.call(run.pk)
    run.refresh_from_db()
    assert (run.state, run.rows_done) == ("done", 11)

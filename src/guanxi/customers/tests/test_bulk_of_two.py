"""A bulk act over what somebody else has just changed: asked before it is written over, left alone where so chosen."""

import json
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.core import changes, clock, jobs
from guanxi.core.actor import Actor, actor_of
from guanxi.core.models import Change, Operation, Role, User
from guanxi.customers.lists import PAGE
from guanxi.customers.models import Customer
from guanxi.customers.services.customers import update_customer
from guanxi.ui.lists import bulk_runs
from guanxi.ui.models import BulkRun
from tests.forms import FormsOf, browser_of

SET, ASSIGN, TAG = "/ui/list/customers/bulk/set", "/ui/list/customers/bulk/assign", "/ui/list/customers/bulk/tag"


@pytest.fixture
def anna(owner: Actor) -> Client:
    """The owner's browser."""
    return browser_of(User.objects.get(pk=owner.user_id))


@pytest.fixture
def ben(db: None) -> Actor:
    """A colleague who may change all customers."""
    role = Role.objects.get(key="manager")
    return actor_of(User.objects.create_user("ben", "secret-enough", role=role, name="Ben Hart"))


@pytest.fixture
def three(enter) -> list[Customer]:
    """Three customers of long ago."""
    made = [enter(name, "organisation", city="Turku") for name in ("Alder Ltd", "Birch Ltd", "Cedar Ltd")]
    Operation.objects.update(at=clock.now() - timedelta(days=1))
    return made


def seen(browser: Client) -> str:
    """The moment that the list carries."""
    page = browser.get("/customers/").content.decode()
    return page.partition('data-seen="')[2].partition('"')[0]


def picked(rows: list[Customer], moment: str, **values: str) -> dict[str, str]:
    """What the page sends for ticked rows."""
    return {"ids": ",".join(str(row.pk) for row in rows), "count": str(len(rows)), "seen": moment, **values}


def cities() -> list[str]:
    """Where the three are."""
    return list(Customer.objects.order_by("name").values_list("city", flat=True))


def asked(response) -> dict[str, list[str]]:
    """What the dialog would send once more."""
    (form,) = [form for form in FormsOf(response.content.decode()).forms if "_asked_meanwhile" in form.values]
    return form.values


def toast(response) -> str:
    """What was said."""
    return json.loads(response["HX-Trigger"])["gx:toast"]["text"]


def test_what_somebody_changed_meanwhile_is_told_and_left_alone(anna: Client, ben: Actor, three) -> None:
    moment = seen(anna)
    update_customer(actor=ben, customer_id=three[1].pk, values={"city": "Vaasa"})
    response = anna.post(SET, picked(three, moment, field="city", value="Oulu"))
    page = unescape(response.content.decode())
    assert response.status_code == 200
    assert response["HX-Retarget"] == "#dialog-body"
    assert all(word in page for word in ("Birch Ltd", "Turku → Vaasa", "Ben Hart"))
    assert "Alder Ltd" not in page
    assert cities() == ["Turku", "Vaasa", "Turku"]
    again = asked(response)
    assert (again["field"], again["value"]) == (["city"], ["Oulu"])
    done = anna.post(SET, again | {"_choice_meanwhile": "theirs"})
    assert done.status_code == 204
    assert toast(done) == "2 customers changed. 1 left as it is."
    assert cities() == ["Oulu", "Vaasa", "Oulu"]


def test_it_is_written_over_where_the_person_says_so_and_a_third_hand_is_asked_again(
    anna: Client, ben: Actor, three
) -> None:
    moment = seen(anna)
    update_customer(actor=ben, customer_id=three[1].pk, values={"city": "Vaasa"})
    again = asked(anna.post(SET, picked(three, moment, field="city", value="Oulu")))
    update_customer(actor=ben, customer_id=three[2].pk, values={"city": "Pori"})
    response = anna.post(SET, again | {"_choice_meanwhile": "mine"})
    assert "Cedar Ltd" in response.content.decode()
    assert cities() == ["Turku", "Vaasa", "Pori"]
    assert anna.post(SET, asked(response) | {"_choice_meanwhile": "mine"}).status_code == 204
    assert cities() == ["Oulu", "Oulu", "Oulu"]


def test_other_fields_ones_own_changes_and_older_ones_ask_nothing(anna: Client, owner, ben: Actor, three) -> None:
    moment = seen(anna)
    update_customer(actor=ben, customer_id=three[0].pk, values={"country": "Finland", "tags": ["north"]})
    update_customer(actor=owner, customer_id=three[1].pk, values={"city": "Vaasa"})
    assert anna.post(SET, picked(three, moment, field="city", value="Oulu")).status_code == 204
    assert cities() == ["Oulu", "Oulu", "Oulu"]
    three[0].refresh_from_db()
    assert (three[0].country, list(three[0].tags.values_list("name", flat=True))) == ("Finland", ["north"])
    # Seen before the act was begun: the row on the page had the new value.
    update_customer(actor=ben, customer_id=three[2].pk, values={"city": "Pori"})
    Operation.objects.filter(actor_id=ben.user_id).update(at=clock.now() - timedelta(minutes=1))
    assert anna.post(SET, picked(three, seen(anna), field="city", value="Lahti")).status_code == 204


def test_tags_owners_and_putting_away_ask_too(anna: Client, ben: Actor, three) -> None:
    moment = seen(anna)
    update_customer(actor=ben, customer_id=three[0].pk, values={"tags": ["north"], "owner": ben.user_id})
    update_customer(actor=ben, customer_id=three[1].pk, values={"status": "dormant"})
    for url, values in (
        (TAG, {"add": "", "remove": "north"}),
        (ASSIGN, {"owner": ""}),
        ("/ui/list/customers/bulk/archive", {}),
    ):
        response = anna.post(url, picked(three, moment, **values))
        assert "Ben Hart" in response.content.decode(), url
        assert anna.post(url, asked(response) | {"_choice_meanwhile": "theirs"}).status_code == 204, url
    three[0].refresh_from_db()
    assert (three[0].owner_id, list(three[0].tags.values_list("name", flat=True))) == (ben.user_id, ["north"])
    three[1].refresh_from_db()
    assert three[1].status == "dormant"
    three[2].refresh_from_db()
    assert three[2].status == "archived"


@pytest.mark.parametrize("moment", ["", "nonsense", "2026-01-01", "9999999999", "2026-01-01T00:00:00", "\x00"])
def test_a_forged_moment_breaks_nothing(anna: Client, ben: Actor, three, moment: str) -> None:
    values = {"field": "city", "value": "Oulu", "_asked_meanwhile": "²", "_choice_meanwhile": moment}
    assert anna.post(SET, picked(three, moment, **values)).status_code == 204


def test_undo_takes_back_what_nobody_changed_since_and_says_what_stays(anna: Client, ben: Actor, three) -> None:
    done = anna.post(SET, picked(three, seen(anna), field="city", value="Oulu"))
    update_customer(actor=ben, customer_id=three[1].pk, values={"city": "Vaasa"})
    back = anna.post(json.loads(done["HX-Trigger"])["gx:toast"]["undo"])
    assert toast(back) == "Taken back; 1 record was changed since by Ben Hart and stays as it is."
    assert cities() == ["Turku", "Vaasa", "Turku"]
    latest = Change.objects.filter(kind="customer", field="city").latest("pk")
    assert (latest.before, latest.after) == ("Oulu", "Turku")


def test_undo_of_tags_leaves_what_somebody_took_off_since(anna: Client, ben: Actor, three) -> None:
    done = anna.post(TAG, picked(three, seen(anna), add="north", remove=""))
    update_customer(actor=ben, customer_id=three[1].pk, values={"tags": []})
    update_customer(actor=ben, customer_id=three[2].pk, values={"city": "Pori"})
    back = anna.post(json.loads(done["HX-Trigger"])["gx:toast"]["undo"])
    assert toast(back) == "Taken back; 1 record was changed since by Ben Hart and stays as it is."
    assert [list(row.tags.values_list("name", flat=True)) for row in three] == [[], [], []]
    assert cities() == ["Turku", "Turku", "Pori"]


def test_undo_is_refused_where_nothing_of_it_stands(anna: Client, owner: Actor, ben: Actor, three) -> None:
    anna.post(SET, picked(three[:1], seen(anna), field="city", value="Oulu"))
    update_customer(actor=ben, customer_id=three[0].pk, values={"city": "Vaasa"})
    number = Operation.objects.filter(name="customers.bulk_update").latest("pk").pk
    with pytest.raises(Exception, match="Ben Hart"):
        changes.undo_operation(actor=owner, operation_id=number)
    assert cities()[0] == "Vaasa"


def test_a_job_over_very_many_leaves_what_is_changed_while_it_waits(
    anna: Client, ben: Actor, three, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = next(one for one in PAGE.bulk_actions if one.key == "set")
    monkeypatch.setitem(action.__dict__, "limit", 2)
    moment = seen(anna)
    update_customer(actor=ben, customer_id=three[0].pk, values={"city": "Vaasa"})
    sent = {"all": "1", "seen": moment, "field": "city", "value": "Oulu"}
    again = asked(anna.post(SET, sent))
    response = anna.post(SET, again | {"_choice_meanwhile": "mine"})
    run = BulkRun.objects.get()
    assert response["HX-Redirect"] == reverse("ui:bulk_run", args=[run.pk])
    # While the job waits for a worker.
    update_customer(actor=ben, customer_id=three[2].pk, values={"city": "Pori"})
    jobs.run_pending()
    run.refresh_from_db()
    assert (run.state, run.rows_done, run.rows_changed, run.rows_left) == ("done", 3, 2, 1)
    assert cities() == ["Oulu", "Oulu", "Pori"]
    assert "1 row was left as it is" in anna.get(reverse("ui:bulk_run", args=[run.pk])).content.decode()
    update_customer(actor=ben, customer_id=three[1].pk, values={"city": "Lahti"})
    bulk_runs.ask_undo(actor=actor_of(User.objects.get(pk=run.user_id)), number=run.pk)
    jobs.run_pending()
    assert cities() == ["Vaasa", "Lahti", "Pori"]


def test_a_choice_is_picked_and_what_cannot_be_set_is_said_in_the_dialog(anna: Client, three) -> None:
    dialog = anna.get(SET).content.decode()
    assert '<option value="archived">' in dialog
    wrong = anna.post(SET, picked(three, seen(anna), field="status", value="sleeping", status="archived"))
    assert wrong.status_code == 422
    assert "is not one of the choices" in unescape(wrong.content.decode())
    Customer.objects.filter(pk=three[0].pk).update(status="archived")
    done = anna.post(SET, picked(three, seen(anna), field="status", status="archived"))
    assert toast(done).startswith("2 customers changed. 1 stays as it is")
    assert set(Customer.objects.values_list("status", flat=True)) == {"archived"}

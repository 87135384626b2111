"""What one finds of service without searching: the home page, views of what is one's own or late, the menu."""

from datetime import timedelta

import pytest
from django.test import Client

from guanxi.conversations.models import Message
from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.core.models import User
from guanxi.customers.public import create_customer
from guanxi.service.complaints.services.promises import make_promise
from guanxi.service.models import Case, ComplaintStep
from guanxi.service.public import open_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(ann: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=ann.user_id))
    return client


def _complaint(ann: Actor, subject: str, **more: object) -> Case:
    return open_case(actor=ann, values={"subject": subject, "case_type": "complaint", **more})


def test_home_tells_what_is_mine_the_soonest_first_and_each_case_once(client: Client, ann: Actor, max_: Actor) -> None:
    assert "home-service" not in client.get("/").content.decode()
    now = clock.now()
    mine, hers = _complaint(ann, "Kettle leaks", owner=ann.user_id), _complaint(max_, "Jug broken", owner=max_.user_id)
    ComplaintStep.objects.filter(complaint=mine.pk).update(due_at=now - timedelta(days=1))
    Case.objects.filter(pk=mine.pk).update(due_at=now + timedelta(days=2))
    promised = make_promise(actor=ann, text="A new lid", due_at=now + timedelta(hours=3), case_id=mine.pk)
    page = client.get("/").content.decode()
    panel = page.partition('id="home-service"')[2].partition("</section>")[0]
    assert panel.index("Kettle leaks") < panel.index("A new lid")
    assert panel.count("Kettle leaks") == 1, "its step and its clock are one case"
    assert f"/promises/{promised.public_id}/" in panel
    assert hers.subject not in panel
    assert "1 is overdue" not in page, "no clock of a case is over"


def test_views_of_what_is_mine_and_what_is_late(client: Client, ann: Actor, max_: Actor) -> None:
    late, ahead = _complaint(ann, "Kettle leaks", owner=ann.user_id), _complaint(ann, "Jug broken", owner=max_.user_id)
    ComplaintStep.objects.filter(complaint=late.pk).update(due_at=clock.now() - timedelta(days=1))
    for address in ("/cases/?view=mine", "/complaints/?view=mine", "/complaints/?view=late"):
        page = client.get(address).content.decode()
        assert late.subject in page, address
        assert ahead.subject not in page, address


def test_the_menu_marks_where_one_is_and_settings_keep_theirs(client: Client, ann: Actor) -> None:
    case = _complaint(ann, "Kettle leaks")
    for address, entry in ((f"/cases/{case.public_id}/complaint", "/complaints/"), ("/contacts/log", "/desk/")):
        menu = client.get(address).content.decode().partition('class="gx-sidebar')[2]
        marked = menu.partition('aria-current="page"')[0].rpartition('href="')[2].partition('"')[0]
        assert marked == entry, address
    assert "settings-menu" in client.get("/settings/macros/new").content.decode()
    assert "1 of 6: Record" in client.get(f"/cases/{case.public_id}/").content.decode()


def test_a_case_and_a_contact_name_the_customer_who_was_picked(client: Client, ann: Actor) -> None:
    zoe = create_customer(actor=ann, values={"name": "Zoe Ward"})
    given = {"subject": "Kettle", "case_type": "enquiry", "impact": "1", "urgency": "2"}
    picked = {**given, "customer": str(zoe.pk)}
    again = client.post("/cases/new", {**picked, "subject": ""}).content.decode()
    assert "Zoe Ward" in again, "who was picked is not lost"
    assert client.post("/cases/new", picked).status_code == 302
    assert Case.objects.get().customer_id == zoe.pk
    assert client.post("/cases/new", {**given, "customer": "999999"}).status_code == 404
    day = (clock.now() - timedelta(days=2)).date().isoformat()
    said = {"kind": "phone", "direction": "in", "text": "Where is it?", "said_on": day, "said_time": "10:00"}
    assert client.post("/contacts/log", {**said, "customer": str(zoe.pk)}).status_code == 302
    assert Message.objects.get().customer_id == zoe.pk
    assert f"/contacts/log?customer={zoe.public_id}" in client.get(f"/customers/{zoe.public_id}/").content.decode()

"""The register of requests: due by the law, answered in time, nothing handed over before it is known who asks."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.core import clock, jobs
from guanxi.core.actor import actor_of, system_actor
from guanxi.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from guanxi.core.models import Change, User
from guanxi.customers.models import Consent, DataRequest, Erasure
from guanxi.customers.privacy import legal
from guanxi.customers.privacy.register import acting, due, keeping, reading, reminding
from guanxi.customers.services.merging import merge_customers, undo_merge
from guanxi.tasks.models import Notification, Task
from tests.cards import card

ASKED = {"kind": "access", "channel": "letter", "asked_by": "韩梅梅"}


def record(actor, customer=None, **values):
    """A request in the register."""
    if customer is not None:
        values["customer"] = customer.public_id
    return keeping.record_request(actor=actor, values={**ASKED, **values})


@pytest.fixture
def web(owner):
    """The owner's browser."""
    client = Client()
    client.force_login(User.objects.get(pk=owner.user_id))
    return client


@pytest.mark.parametrize(
    ("law", "received", "expected"),
    [
        ("CN", date(2026, 1, 10), date(2026, 2, 9)),
        ("EU", date(2026, 1, 10), date(2026, 2, 10)),
        ("EU", date(2026, 1, 31), date(2026, 2, 28)),
        ("EU", date(2024, 1, 31), date(2024, 2, 29)),
        ("EU", date(2025, 12, 31), date(2026, 1, 31)),
    ],
)
@pytest.mark.django_db
def test_the_day_follows_from_the_law(law, received, expected):
    assert due.due_on(law, received) == expected


def test_the_numbers_are_those_of_the_day_it_came(owner):
    legal.set_parameter(
        actor=owner, key="request.due_days", value=15, valid_from=date(2026, 3, 1), source="own rule of the company"
    )
    assert record(owner, received_on=date(2026, 2, 28)).due_on == date(2026, 3, 30)
    assert record(owner, received_on=date(2026, 3, 1)).due_on == date(2026, 3, 16)


def test_it_is_put_off_once_with_a_reason_and_only_where_the_law_lets_it(owner):
    today = clock.today()
    row = record(owner, law="EU", received_on=today)
    with pytest.raises(InvalidInput):
        keeping.extend_request(actor=owner, request_id=row.pk, reason=" ")
    first = row.due_on
    row = keeping.extend_request(actor=owner, request_id=row.pk, reason="many records")
    assert (row.first_due_on, row.due_on) == (first, due.months_after(today, 3))
    with pytest.raises(Conflict):
        keeping.extend_request(actor=owner, request_id=row.pk, reason="more")
    with pytest.raises(Conflict):
        keeping.change_request(actor=owner, request_id=row.pk, values={"law": "CN"})
    with pytest.raises(InvalidInput):
        keeping.extend_request(actor=owner, request_id=record(owner).pk, reason="x")
    late = record(owner, law="EU", received_on=today - timedelta(days=40))
    with pytest.raises(Conflict):
        keeping.extend_request(actor=owner, request_id=late.pk, reason="too late")


def test_a_correction_reckons_the_day_anew(owner):
    row = record(owner, received_on=date(2026, 1, 31))
    row = keeping.change_request(actor=owner, request_id=row.pk, values={"law": "EU"})
    assert row.due_on == date(2026, 2, 28)


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "dance"},
        {"kind": ""},
        {"channel": ""},
        {"law": "MARS"},
        {"identity_check": "guess"},
        {"received_on": date(2999, 1, 1)},
        {"received_on": date(1999, 1, 1)},
        {"received_on": "2026-01-01"},
        {"asked_by": "x" * 201},
        {"asked_by": " "},
        {"note": "x" * 5_001},
        {"state": "done"},
        {"due_on": date(2999, 1, 1)},
    ],
)
def test_what_cannot_be_is_refused(owner, values):
    with pytest.raises(InvalidInput):
        record(owner, **values)
    assert not DataRequest.objects.exists()


def test_who_is_in_charge_must_be_able_to_keep_the_register(owner, make_seller):
    seller = make_seller("li")
    with pytest.raises(NotFound):
        record(owner, owner=seller.pk)
    with pytest.raises(NotFound):
        record(owner, owner="robot")
    assert record(owner, owner=owner.user_id).owner_id == owner.user_id


def test_whoever_may_change_a_customer_records_and_sees_no_more(owner, make_seller, enter):
    user = make_seller("li")
    seller = actor_of(user)
    mine, other = enter("韩梅梅", owner=user.pk), enter("李雷")
    row = keeping.record_request(actor=seller, values=ASKED, customer_id=mine.pk)
    assert row.customer_id == mine.pk
    with pytest.raises(NotFound):
        keeping.record_request(actor=seller, values=ASKED, customer_id=other.pk)
    with pytest.raises(Forbidden):
        keeping.record_request(actor=seller, values={**ASKED, "owner": user.pk}, customer_id=mine.pk)
    with pytest.raises(NotFound):
        reading.request_with(seller, row.public_id)
    with pytest.raises(Forbidden):
        keeping.settle_request(actor=seller, request_id=row.pk, state="refused", answer="x")
    with pytest.raises(Forbidden):
        record(seller)
    assert Notification.objects.filter(user=owner.user_id, sort="data_request").count() == 1


def test_who_is_in_charge_gets_a_task_that_goes_with_the_request(owner, enter):
    row = record(owner, enter("韩梅梅"), owner=owner.user_id, law="EU", received_on=clock.today())
    task = Task.objects.get()
    assert row.task_id == task.pk
    assert task.assignee_id == owner.user_id
    assert task.due_at.astimezone(clock.company_zone()).date() == row.due_on
    assert task.remind_at.astimezone(clock.company_zone()).date() == row.due_on - reminding.AHEAD
    assert "韩梅梅" not in task.title
    row = keeping.extend_request(actor=owner, request_id=row.pk, reason="many records")
    task.refresh_from_db()
    assert task.due_at.astimezone(clock.company_zone()).date() == row.due_on
    keeping.change_request(actor=owner, request_id=row.pk, values={"owner": ""})
    task.refresh_from_db()
    assert task.state == "dropped"
    keeping.change_request(actor=owner, request_id=row.pk, values={"owner": owner.user_id})
    keeping.settle_request(actor=owner, request_id=row.pk, state="refused", answer="not the person")
    task.refresh_from_db()
    assert task.state == "done"
    keeping.reopen_request(actor=owner, request_id=row.pk)
    task.refresh_from_db()
    assert task.state == "open"


def test_what_presses_is_told_once_a_day(owner):
    today = clock.today()
    record(owner, received_on=today)
    record(owner, received_on=today - timedelta(days=28))
    record(owner, received_on=today - timedelta(days=31), owner=owner.user_id)
    Notification.objects.all().delete()
    assert reminding.tell_what_presses(today) == 2
    assert Notification.objects.filter(user=owner.user_id, sort="data_request").count() == 2


def test_nothing_is_done_before_it_is_known_who_asks(owner, enter):
    made = enter("韩梅梅")
    row = record(owner, made)
    with pytest.raises(Conflict):
        acting.start_pack(actor=owner, request_id=row.pk)
    with pytest.raises(Conflict):
        acting.start_erasure(actor=owner, request_id=row.pk, typed=made.public_id, reason="x", requested_by="person")
    with pytest.raises(Conflict):
        keeping.settle_request(actor=owner, request_id=row.pk, state="done", answer="sent")
    unknown = record(owner, identity_check="document")
    with pytest.raises(Conflict):
        acting.start_pack(actor=owner, request_id=unknown.pk)


def test_the_pack_and_the_request_point_at_each_other(owner, enter, web):
    made = enter("韩梅梅")
    row = record(owner, made, identity_check="document")
    pack = acting.start_pack(actor=owner, request_id=row.pk)
    with pytest.raises(Conflict):
        acting.start_pack(actor=owner, request_id=row.pk)
    jobs.run_pending()
    assert reading.of_packs(owner, [pack.pk]) == {pack.pk: [row]}
    assert row.public_id in web.get(reverse("customers:packs", args=[made.public_id])).content.decode()
    row = keeping.settle_request(actor=owner, request_id=row.pk, state="done", answer="sent by post")
    assert row.closed_by_name == owner.name
    with pytest.raises(Conflict):
        keeping.settle_request(actor=owner, request_id=row.pk, state="done", answer="again")


def test_the_erasure_and_the_request_point_at_each_other_and_its_words_go(owner, enter, web):
    made = enter("韩梅梅")
    row = record(owner, made, kind="erase", note="tel 13912345678", identity_check="document")
    page = reverse("customers:erase", args=[made.public_id]) + f"?request={row.public_id}"
    assert row.public_id in web.get(page).content.decode()
    done = web.post(page, {"requested_by": "person", "reason": row.public_id, "typed": made.public_id})
    assert done.status_code == 302
    jobs.run_pending()
    erasure = Erasure.objects.get()
    assert row.public_id in web.get(erasure.get_absolute_url()).content.decode()
    shown = web.get(row.get_absolute_url()).content.decode()
    assert erasure.public_id in shown
    row.refresh_from_db()
    assert (row.asked_by, row.note, row.recorded_by_name) == ("", "", owner.name)
    kept = str(list(Change.objects.filter(kind="data_request").values_list("before", "after")))
    assert "13912345678" not in kept
    with pytest.raises(Conflict):
        keeping.change_request(actor=owner, request_id=row.pk, values={"customer": enter("李雷").public_id})
    assert keeping.settle_request(actor=owner, request_id=row.pk, state="done", answer="done").state == "done"


def test_an_erasure_is_not_begun_from_the_request_of_somebody_else(owner, enter, web):
    row = record(owner, enter("李雷"), kind="erase", identity_check="document")
    other = enter("韩梅梅")
    page = reverse("customers:erase", args=[other.public_id])
    assert web.get(page + f"?request={row.public_id}").status_code == 404
    assert web.get(page + "?request=req_zzz").status_code == 404
    assert not Erasure.objects.exists()


def test_the_word_that_was_said_is_noted(owner, enter, web):
    made = enter("韩梅梅")
    row = record(owner, made, kind="object", identity_check="contact")
    page = reverse("customers:add_consent", args=[made.public_id]) + f"?request={row.public_id}&state=refused"
    said = {"purpose": "marketing", "state": "refused", "channels": "every", "at": clock.today().isoformat()}
    assert web.post(page, said).headers["Location"] == row.get_absolute_url()
    row.refresh_from_db()
    assert row.consent_id == Consent.objects.get().pk


def test_the_list_says_what_is_due_and_the_card_that_something_is_open(owner, enter, web):
    made = enter("韩梅梅")
    late = record(owner, made, received_on=clock.today() - timedelta(days=60))
    near = record(owner, received_on=clock.today() - timedelta(days=25))
    far = record(owner)
    rows = {view: [e.row.pk for e in reading.entries(owner, view)] for view in reading.VIEWS}
    assert rows == {
        "open": [late.pk, near.pk, far.pk],
        "overdue": [late.pk],
        "soon": [near.pk],
        "mine": [],
        "settled": [],
    }
    assert reading.counts(owner) == {"open": 3, "overdue": 1, "soon": 1, "mine": 0}
    shown = web.get(reverse("customers:data_requests")).content.decode()
    assert "overdue" in shown
    assert "韩梅梅" in shown
    assert late.get_absolute_url() in card(web, "customer", made.pk, "consents")
    keeping.settle_request(actor=owner, request_id=late.pk, state="refused", answer="not the person")
    assert late.get_absolute_url() not in card(web, "customer", made.pk, "consents")
    assert "settled" in web.get(reverse("customers:data_requests") + "?view=settled").content.decode().lower()


def test_it_goes_along_with_a_merge_and_back(owner, enter):
    keep, gone = enter("韩梅梅"), enter("韩梅")
    row = record(owner, gone)
    merge = merge_customers(actor=owner, keep_id=keep.pk, absorb_ids=[gone.pk])[0]
    row.refresh_from_db()
    assert row.customer_id == keep.pk
    undo_merge(actor=owner, merge_id=merge.pk)
    row.refresh_from_db()
    assert row.customer_id == gone.pk


def test_it_is_recorded_changed_put_off_and_settled_on_screen(owner, enter, web):
    made = enter("韩梅梅")
    form = {**ASKED, "received_on": clock.today().isoformat(), "law": "EU", "customer": made.public_id}
    assert web.post(reverse("customers:record_request"), {**form, "customer": "cus_zzzz"}).status_code == 422
    done = web.post(reverse("customers:record_request"), {**form, "owner": str(owner.user_id)})
    row = DataRequest.objects.get()
    assert done.headers["Location"] == row.get_absolute_url()
    edit = reverse("customers:change_request", args=[row.public_id])
    assert web.post(edit, {**form, "identity_check": "document", "owner": str(owner.user_id)}).status_code == 302
    extend = reverse("customers:extend_request", args=[row.public_id])
    assert web.post(extend, {"extension_reason": "many"}).status_code == 302
    assert web.post(extend, {"extension_reason": "many"}).status_code == 422
    settle = reverse("customers:settle_request", args=[row.public_id])
    assert web.post(settle, {"state": "open", "answer": "x"}).status_code == 422
    assert web.post(settle, {"state": "done", "answer": "sent"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.identity_check, row.owner_id, row.customer_id) == (
        "done",
        "document",
        owner.user_id,
        made.pk,
    )
    assert "sent" in web.get(row.get_absolute_url()).content.decode()
    assert web.post(reverse("customers:reopen_request", args=[row.public_id])).status_code == 302
    row.refresh_from_db()
    assert row.is_open


def test_every_act_stands_in_the_journal(owner):
    row = record(owner, law="EU")
    keeping.change_request(actor=owner, request_id=row.pk, values={"identity_check": "document"})
    keeping.extend_request(actor=owner, request_id=row.pk, reason="x")
    keeping.settle_request(actor=owner, request_id=row.pk, state="done", answer="y")
    names = Change.objects.filter(kind="data_request").order_by("pk").values_list("operation__name", flat=True)
    assert list(dict.fromkeys(names)) == [f"privacy.{n}_request" for n in ("record", "change", "extend", "settle")]
    with pytest.raises(Conflict):
        keeping.change_request(actor=system_actor(), request_id=row.pk, values={"note": "late"})

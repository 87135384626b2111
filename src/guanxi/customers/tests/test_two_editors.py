"""Two people in one form: both survive in different fields, the same field asks, nothing typed is lost."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.core.actor import actor_of
from guanxi.core.models import CustomField, Role, Team, User
from guanxi.customers.models import ContactPoint, Customer
from guanxi.customers.services import contact_points, merging, profiles, relations, removing, visits
from guanxi.customers.services.customers import update_customer
from guanxi.tasks.services import tasks as task_services
from tests.forms import about_record, browser_of, opened, pressed_together


@pytest.fixture
def anna(owner) -> Client:
    """The owner's browser."""
    return browser_of(User.objects.get(pk=owner.user_id))


@pytest.fixture
def ben(db) -> User:
    """A colleague who may change all customers."""
    role = Role.objects.filter(key="manager").first() or Role.objects.get(key="owner")
    return User.objects.create_user("ben", "secret-enough", role=role, name="Ben Hart")


def edit(customer: Customer) -> str:
    """The address of the main form."""
    return reverse("customers:edit", args=[customer.public_id])


def test_different_fields_of_two_people_both_survive(anna, ben, enter):
    made = enter("Harbour Ltd", "organisation", city="Turku", country="Finland")
    form = opened(anna, edit(made))
    update_customer(actor=actor_of(ben), customer_id=made.pk, values={"country": "Sweden", "tags": ["north"]})
    response = anna.post(edit(made), form | {"city": "Oulu"})
    assert response.status_code == 302
    made.refresh_from_db()
    assert (made.city, made.country) == ("Oulu", "Sweden")
    assert list(made.tags.values_list("name", flat=True)) == ["north"]


def test_the_same_field_is_asked_and_nothing_is_written_meanwhile(anna, ben, enter):
    made = enter("Harbour Ltd", "organisation", city="Turku")
    form = opened(anna, edit(made))
    update_customer(actor=actor_of(ben), customer_id=made.pk, values={"city": "Vaasa"})
    response = anna.post(edit(made), form | {"city": "Oulu", "note": "a long text\nof two lines"})
    page = unescape(response.content.decode())
    assert response.status_code == 409
    assert "Ben Hart" in page
    assert "Vaasa" in page
    assert "a long text" in page
    made.refresh_from_db()
    assert (made.city, made.note) == ("Vaasa", "")
    # Not chosen: asked again. Then chosen, each way.
    again = about_record(response.content.decode())
    assert again["city"] == ["Oulu"]
    assert anna.post(edit(made), again).status_code == 409
    assert anna.post(edit(made), again | {"_choice_city": "theirs"}).status_code == 302
    made.refresh_from_db()
    assert (made.city, made.note.splitlines()) == ("Vaasa", ["a long text", "of two lines"])


def test_my_value_stays_when_chosen_and_a_third_hand_is_asked_again(anna, ben, enter):
    made = enter("Harbour Ltd", "organisation", city="Turku")
    form = opened(anna, edit(made))
    update_customer(actor=actor_of(ben), customer_id=made.pk, values={"city": "Vaasa"})
    again = about_record(anna.post(edit(made), form | {"city": "Oulu"}).content.decode())
    update_customer(actor=actor_of(ben), customer_id=made.pk, values={"city": "Pori"})
    response = anna.post(edit(made), again | {"_choice_city": "mine"})
    assert response.status_code == 409
    assert "Pori" in response.content.decode()
    again = about_record(response.content.decode())
    assert anna.post(edit(made), again | {"_choice_city": "mine"}).status_code == 302
    made.refresh_from_db()
    assert made.city == "Oulu"


def test_equal_values_of_two_people_are_no_question(anna, ben, enter):
    made = enter("Harbour Ltd", "organisation", city="Turku")
    form = opened(anna, edit(made))
    update_customer(actor=actor_of(ben), customer_id=made.pk, values={"city": "Oulu"})
    assert anna.post(edit(made), form | {"city": "Oulu"}).status_code == 302


def test_an_owner_who_left_is_kept_when_another_field_is_saved(anna, ben, enter):
    made = enter("Harbour Ltd", "organisation", owner=ben.pk)
    User.objects.filter(pk=ben.pk).update(is_active=False)
    form = opened(anna, edit(made))
    assert anna.post(edit(made), form | {"city": "Oulu"}).status_code == 302
    made.refresh_from_db()
    assert (made.owner_id, made.city) == (ben.pk, "Oulu")


@pytest.mark.parametrize(
    "opened_text", ["{}", "[]", "null", "{", '{"city": 5}', '{"city": "0"}', "[" * 5000, "x" * 300_000]
)
def test_a_forged_beginning_breaks_nothing(anna, enter, opened_text):
    made = enter("Harbour Ltd", "organisation", city="Turku")
    form = opened(anna, edit(made)) | {"_opened": opened_text, "_named": opened_text, "_asked": opened_text[:99]}
    assert anna.post(edit(made), form | {"city": "Oulu"}).status_code in {302, 409}


def test_added_fields_are_told_apart(anna, ben, enter):
    for key in ("colour", "size"):
        CustomField.objects.create(kind="customer", key=key, label_zh=key, label_en=key, type="text")
    made = enter("Harbour Ltd", "organisation", custom_colour="red", custom_size="1")
    form = opened(anna, edit(made))
    update_customer(actor=actor_of(ben), customer_id=made.pk, values={"custom_colour": "blue"})
    assert anna.post(edit(made), form | {"custom_size": "2"}).status_code == 302
    made.refresh_from_db()
    assert made.custom == {"colour": "blue", "size": "2"}
    response = anna.post(edit(made), form | {"custom_colour": "green"})
    assert response.status_code == 409
    assert "Ben Hart" in response.content.decode()


def test_parts_of_a_customer_ask_too(anna, ben, enter):
    actor = actor_of(ben)
    made = enter("Li Wei", contact_points=[{"kind": "phone", "value": "13800138000"}])
    other = enter("Harbour Ltd", "organisation")
    point = ContactPoint.objects.get(customer=made)
    note = visits.add_note(actor=actor, customer_id=made.pk, text="one")
    relation = relations.relate(actor=actor, subject_id=made.pk, object_id=other.pk, kind="works_for")
    cases = [
        (reverse("customers:contact", args=[point.pk]), "label", "is_primary",
         lambda: contact_points.update_contact_point(actor=actor, contact_point_id=point.pk, values={"label": "office"})),
        (reverse("customers:note", args=[note.pk]), "text", "is_pinned",
         lambda: visits.update_note(actor=actor, note_id=note.pk, values={"text": "two"})),
        (reverse("customers:relation", args=[relation.pk]), "role", "note",
         lambda: relations.update_relation(actor=actor, relation_id=relation.pk, values={"role": "buyer"})),
        (reverse("customers:edit_archive", args=[made.public_id]), "occupation", "hobbies",
         lambda: profiles.update_profile(actor=actor, customer_id=made.pk, values={"occupation": "baker"})),
    ]  # fmt: skip
    for address, same, different, change in cases:
        form = opened(anna, address)
        assert same in form, (address, sorted(form))
        change()
        response = anna.post(address, form | {same: "mine"})
        assert response.status_code == 409, address
        assert "Ben Hart" in response.content.decode()
        assert anna.post(address, form | {different: "on"}).status_code == 302, address
    relation.refresh_from_db()
    note.refresh_from_db()
    point.refresh_from_db()
    assert (relation.role, relation.note, note.text, note.is_pinned, point.label) == (
        "buyer",
        "on",
        "two",
        True,
        "office",
    )


def test_a_task_a_team_and_a_field_of_ones_own_ask_too(anna, owner, ben):
    task = task_services.create_task(actor=owner, values={"title": "call"})
    team = Team.objects.create(name="north")
    own = CustomField.objects.create(kind="customer", key="k", label_zh="一", label_en="one", type="text")
    cases = [
        (reverse("tasks:change", args=[task.public_id]), "title", lambda: _set(task, title="write")),
        (reverse("people:team", args=[team.pk]), "name", lambda: _set(team, name="south")),
        (reverse("customers:field", args=[own.pk]), "label_en", lambda: _set(own, label_en="two")),
    ]
    for address, field, change in cases:
        form = opened(anna, address)
        change()
        assert anna.post(address, form | {field: "mine"}).status_code == 409, address


def _set(record, **values):
    """Another process writes."""
    type(record)._base_manager.filter(pk=record.pk).update(**values)


def test_a_field_changed_in_place_asks(anna, ben, enter):
    made = enter("Harbour Ltd", "organisation", city="Turku")
    address = f"/ui/edit/customer/{made.pk}/city"
    mark = re.search(r'data-opened="(\w+)"', anna.get(address).content.decode())[1]
    update_customer(actor=actor_of(ben), customer_id=made.pk, values={"city": "Vaasa"})
    sent = {"value": "Oulu", "_opened": mark}
    response = anna.post(address, sent)
    page = response.content.decode()
    assert response.status_code == 409
    assert response["GX-Clash"] == "1"
    assert "Ben Hart" in page
    assert "Vaasa" in page
    assert "Oulu" in page
    again = about_record(page)
    assert "Vaasa" in anna.post(address, again | {"_choice_value": "theirs"}).content.decode()
    assert Customer.objects.get(pk=made.pk).city == "Vaasa"
    assert anna.post(address, again | {"_choice_value": "mine"}).status_code == 200
    assert Customer.objects.get(pk=made.pk).city == "Oulu"
    # A card of a board tells from which lane it was taken.
    assert anna.post(address, {"value": "Pori", "_from": "Turku"}).status_code == 409
    assert anna.post(address, {"value": "Pori", "_from": "Oulu"}).status_code == 200


def test_a_record_that_went_away_gives_back_what_was_typed(anna, owner, ben, enter):
    gone, merged, survivor = (
        enter("Gone Ltd", "organisation"),
        enter("Twin", "organisation"),
        enter("Twin Ltd", "organisation"),
    )
    forms = {made: opened(anna, edit(made)) | {"note": "two hours of work"} for made in (gone, merged)}
    removing.remove_customer(actor=actor_of(ben), customer_id=gone.pk)
    merging.merge_customers(actor=owner, keep_id=survivor.pk, absorb_ids=[merged.pk])
    first = anna.post(edit(gone), forms[gone])
    assert first.status_code == 404
    assert "two hours of work" in first.content.decode()
    second = anna.post(edit(merged), forms[merged])
    page = second.content.decode()
    assert second.status_code == 404
    assert "two hours of work" in page
    assert "Twin Ltd" in page
    assert survivor.public_id in page
    alone = anna.post(edit(gone), forms[gone], headers={"HX-Request": "true", "HX-Target": "dialog-body"})
    assert alone.status_code == 404
    assert alone["GX-Kept"] == "1"
    assert "two hours of work" in alone.content.decode()


def test_an_open_form_is_told_what_changed_by_whom(anna, ben, enter):
    made = enter("Harbour Ltd", "organisation", city="Turku")
    update_customer(actor=actor_of(ben), customer_id=made.pk, values={"city": "Vaasa"})
    told = anna.get(edit(made), headers={"GX-Form-News": "1"}).json()["fields"]
    assert told["city"]["values"] == ["Vaasa"]
    assert "Ben Hart" in told["city"]["said"]


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_the_same_moment_lose_nothing(owner, enter):
    """Different fields both stand; of the same field one is written and the other is asked."""
    made = enter("Harbour Ltd", "organisation", city="Turku", country="Finland")
    ben = User.objects.create_user("ben", "secret-enough", role=Role.objects.get(key="owner"), name="Ben Hart")
    clients = [browser_of(User.objects.get(pk=owner.user_id)), browser_of(ben)]
    for values, statuses in (
        (({"city": "Oulu"}, {"country": "Sweden"}), [302, 302]),
        (({"city": "Pori"}, {"city": "Vaasa"}), [302, 409]),
    ):
        assert pressed_together(clients, edit(made), values) == statuses
    made.refresh_from_db()
    assert made.country == "Sweden"
    assert made.city in {"Pori", "Vaasa"}

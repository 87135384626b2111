"""Old values of sensitive fields follow the rule of separate consent as present ones do, wherever history is read."""

import pytest
from django.test import Client

from guanxi.core.actor import actor_of
from guanxi.core.models import Change, RolePermission, User
from guanxi.customers.privacy import consents, separate
from guanxi.customers.privacy.withholding import withheld_from
from guanxi.customers.queries import merging
from guanxi.customers.services import profiles
from guanxi.people.history import exporting
from guanxi.people.history.filters import Asked
from guanxi.ui.history.words import withheld_among

OLD, NEW, PLAIN = "信奉某教", "改信他教", "爱好围棋"


@pytest.fixture
def person(owner, enter):
    """Somebody whose religion was entered and changed, under a consent given separately."""
    made = enter("欧阳澄湖")
    say(owner, made, "given")
    profiles.update_profile(actor=owner, customer_id=made.pk, values={"religion": OLD, "hobbies": PLAIN})
    profiles.update_profile(actor=owner, customer_id=made.pk, values={"religion": NEW})
    separate.set_rule(actor=owner, is_on=True)
    return made


def say(owner, made, state):
    """A word about sensitive data."""
    consents.record_consent(
        actor=owner, customer_id=made.pk, purpose="sensitive", state=state, is_separate=True, evidence="form"
    )


def everywhere(owner, made):
    """What the history says, on every way: pages, the stream, the API, files, the search."""
    web = Client()
    web.force_login(User.objects.get(pk=owner.user_id))
    pages = ("/history/", f"/history/of/customer/{made.pk}", f"/customers/{made.public_id}/activity")
    found = {page: web.get(page).content.decode() for page in pages}
    found["search"] = web.get("/history/", {"q": OLD}).content.decode().replace(f'value="{OLD}"', "")
    found["file"] = str(list(exporting.rows(owner, Asked())))
    found["stream"] = web.get(f"/customers/{made.public_id}/activity/more").content.decode()
    return found


def test_old_values_are_seen_while_the_consent_stands_and_not_after_it_was_withdrawn(owner, person):
    seen = everywhere(owner, person)
    for place in ("/history/", "file", "search"):
        assert OLD in seen[place], place
    say(owner, person, "withdrawn")
    after = everywhere(owner, person)
    for place, text in after.items():
        assert OLD not in text, place
        assert NEW not in text, place
    assert PLAIN in after["/history/"]
    assert PLAIN in after["file"]
    separate.set_rule(actor=owner, is_on=False)
    assert OLD in everywhere(owner, person)["/history/"]


def test_programs_get_no_more_than_people(owner, person, client):
    from guanxi.integration.services import create_token

    _row, key = create_token(actor=owner, user=User.objects.get(pk=owner.user_id), scope="read")
    read = lambda: client.get("/api/v1/history?limit=100", headers={"Authorization": f"Bearer {key}"})  # noqa: E731
    assert OLD in read().content.decode()
    say(owner, person, "withdrawn")
    told = read()
    assert told.status_code == 200
    assert OLD not in told.content.decode()
    assert NEW not in told.content.decode()
    assert PLAIN in told.content.decode()


def test_who_may_not_change_customers_does_not_read_what_the_archive_keeps_from_them(owner, person):
    reader = User.objects.create_user("wang", "secret-enough", role=User.objects.get(pk=owner.user_id).role)
    role = type(reader.role).objects.create(key="reading", name_en="Reading", name_zh="只读")
    for kind in ("customer", "history"):
        RolePermission.objects.create(role=role, kind=kind, action="view", scope="all")
    reader.role = role
    reader.save()
    separate.set_rule(actor=owner, is_on=False)
    told = str(list(exporting.rows(actor_of(reader), Asked())))
    assert OLD not in told
    assert PLAIN in told


def test_all_of_a_minors_archive_waits_for_the_guardian(owner, enter):
    child = enter("小明")
    profiles.update_profile(actor=owner, customer_id=child.pk, values={"birth_on": "2020-01-01", "hobbies": PLAIN})
    separate.set_rule(actor=owner, is_on=True)
    assert {"hobbies", "religion"} <= withheld_from(owner, [child.pk])[child.pk]
    assert "birth_on" not in withheld_from(owner, [child.pk])[child.pk]
    changes = Change.objects.filter(kind="personprofile", record_id=child.pk)
    assert "hobbies" in withheld_among(owner, changes)[("personprofile", child.pk)]
    assert PLAIN not in str(list(exporting.rows(owner, Asked())))


def test_what_is_kept_back_is_not_shown_before_a_merge(owner, person, enter):
    other = enter("欧阳")
    assert NEW in str(merging.preview(owner, person.pk, [other.pk], {}).rows)
    say(owner, person, "withdrawn")
    rows = merging.preview(owner, person.pk, [other.pk], {}).rows
    assert NEW not in str(rows)
    assert PLAIN in str(rows)


def test_a_page_of_many_people_asks_as_often_as_one_of_few(owner, person, enter, django_assert_max_num_queries):
    numbers = [person.pk]
    for number in range(12):
        made = enter(f"张{number}")
        say(owner, made, "given")
        profiles.update_profile(actor=owner, customer_id=made.pk, values={"religion": OLD})
        numbers.append(made.pk)
    with django_assert_max_num_queries(6):
        assert not any(withheld_from(owner, numbers).values())

"""Pages and API of cases: what is shown, what is refused, what many at once do."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.conversations.desk.registries import macro_actions, send_choices
from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.models import CustomField, Role, User
from guanxi.core.records import RecordRef
from guanxi.customers.public import create_customer
from guanxi.service import closing
from guanxi.service.choices import CaseState
from guanxi.service.models import Case
from guanxi.service.public import open_for_message
from guanxi.service.services.bulk_changes import bulk_set_state, bulk_update_cases
from guanxi.service.services.cases import open_case, update_case
from guanxi.service.services.parts import add_step, link_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client, ann: Actor) -> Client:
    """The agent's browser."""
    client.force_login(User.objects.get(username="ann"))
    return client


def test_the_list_and_the_page_of_a_case(signed_in: Client, ann: Actor) -> None:
    """Both show what is there, the customer's words escaped."""
    customer = create_customer(actor=ann, values={"name": "王小明"})
    case = open_case(
        actor=ann, values={"subject": "<b>Kettle</b>", "description": "<script>x</script>", "customer": customer.pk}
    )
    other = open_case(actor=ann, values={"subject": "Second", "parent": case.pk})
    add_step(actor=ann, case_id=case.pk, text="Ring back")
    link_record(actor=ann, case_id=case.pk, about=RecordRef("case", other.pk))
    for address in (reverse("service:cases"), case.get_absolute_url()):
        text = signed_in.get(address).content.decode()
        assert "&lt;b&gt;Kettle&lt;/b&gt;" in text
        assert "王小明" in text
        assert "<script>x</script>" not in text
    page = signed_in.get(case.get_absolute_url()).content.decode()
    assert "Ring back" in page
    assert page.count("Second") >= 2
    assert "Kettle" in signed_in.get(f"{reverse('ui:cards', args=['customer', customer.pk])}").content.decode()


def test_a_case_is_opened_and_moved_on_the_pages(signed_in: Client, ann: Actor) -> None:
    """Form, solve, close, open again; the checklist is ticked."""
    answer = signed_in.post(
        reverse("service:open"),
        {"subject": "Kettle", "case_type": "repair", "impact": 1, "urgency": 2, "tags": "leak，hot"},
    )
    case = Case.objects.get()
    assert answer.status_code in {204, 302}
    assert (case.case_type, case.tag_names(), case.owner_id) == ("repair", ["hot", "leak"], None)
    step = add_step(actor=ann, case_id=case.pk, text="Ring back")
    signed_in.post(reverse("service:step", args=[case.public_id]), {"act": "done", "step": step.pk})
    step.refresh_from_db()
    assert step.done_by_id == ann.user_id
    for state in ("solved", "closed", "open"):
        signed_in.post(f"{reverse('service:move', args=[case.public_id])}?to={state}")
        case.refresh_from_db()
        assert case.state == state


def test_what_cannot_close_says_why_by_page_and_api(
    signed_in: Client, ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence reaches the person, and the case stays."""
    monkeypatch.setattr(closing.demands, "_items", {"t": (1, lambda case: ["Cause is missing."])})
    case = open_case(actor=ann, values={"subject": "Kettle"})
    answer = signed_in.post(f"{reverse('service:move', args=[case.public_id])}?to=closed", HTTP_HX_REQUEST="true")
    assert answer.status_code == 422
    assert "Cause is missing." in answer.content.decode() + str(answer.headers)
    moved = bulk_set_state(actor=ann, queryset=Case.objects.all(), state=CaseState.CLOSED)
    assert (moved.count, len(moved.refused)) == (0, 1)
    case.refresh_from_db()
    assert case.state == CaseState.NEW


def test_many_get_the_same_in_one_operation_and_read_only_ones_are_left(ann: Actor) -> None:
    """Fields and tags; a case closed elsewhere stays as it is."""
    first, second, third = (open_case(actor=ann, values={"subject": name}) for name in "abc")
    Case.objects.filter(pk=third.pk).update(state=CaseState.CLOSED_ELSEWHERE)
    count, operation = bulk_update_cases(
        actor=ann, queryset=Case.objects.all(), values={"priority": 1, "tags": ["hot"]}
    )
    assert (count, operation is not None) == (2, True)
    assert set(Case.objects.values_list("subject", "priority")) == {("a", 1), ("b", 1), ("c", 3)}
    assert [case.tag_names() for case in (first, second, third)] == [["hot"], ["hot"], []]


def test_an_outsider_gets_nothing(client: Client, ann: Actor) -> None:
    """Missing and forbidden look the same."""
    case = open_case(actor=ann, values={"subject": "Secret kettle"})
    client.force_login(
        User.objects.create_user(
            "out", password="x", role=Role.objects.create(key="none", name_en="None", name_zh="无")
        )
    )
    assert client.get(case.get_absolute_url()).status_code == 404
    assert "Secret" not in client.get(reverse("service:cases")).content.decode()
    assert client.post(f"{reverse('service:move', args=[case.public_id])}?to=closed").status_code == 404


def test_the_list_asks_as_many_statements_for_many_as_for_few(
    signed_in: Client, ann: Actor, django_assert_max_num_queries: Any
) -> None:
    """No statement for each row."""
    for number in range(12):
        open_case(actor=ann, values={"subject": f"case {number}"})
    signed_in.get(reverse("service:cases"))
    with django_assert_max_num_queries(14):
        signed_in.get(reverse("service:cases"))
    assert actor_of(User.objects.get(username="ann")).can("case", "view")


def test_the_desk_shows_the_case_beside_its_conversation(signed_in: Client, hear: Any) -> None:
    """Its state and checklist, what macros and answers may do with it; without a case one can be opened."""
    heard = hear("My kettle leaks", subject="Kettle")
    where = reverse("conversations:show", args=[heard.conversation.public_id])
    assert "conversation=" + heard.conversation.public_id in signed_in.get(where).content.decode()
    case = open_for_message(actor=system_actor(), message_id=heard.message.pk)
    add_step(actor=system_actor(), case_id=case.pk, text="Ring back")
    beside = signed_in.get(where).content.decode()
    assert case.public_id in beside
    assert "Ring back" in beside
    send_choices["solved"].apply(system_actor(), heard.conversation.pk)
    macro_actions["case.priority"].apply(system_actor(), heard.conversation.pk, "1")
    case.refresh_from_db()
    assert (case.state, case.priority) == (CaseState.SOLVED, 1)


def test_many_cases_are_changed_in_a_dialog_of_the_house(signed_in: Client, ann: Actor) -> None:
    """Drawn like every other form, and done from it."""
    case = open_case(actor=ann, values={"subject": "Kettle leaks"})
    for action, named, sent in (
        ("move", "state", {"state": "solved"}),
        ("give", "owner", {"priority": "1", "tags": "水壶，urgent"}),
    ):
        where = f"/ui/list/cases/bulk/{action}"
        assert re.search(rf'<select name="{named}"[^>]*class="form-select', signed_in.get(where).content.decode())
        assert signed_in.post(where, {"ids": str(case.pk), **sent}).status_code < 400
    case.refresh_from_db()
    assert (case.state, case.priority, sorted(case.tag_names())) == (CaseState.SOLVED, 1, ["urgent", "水壶"])


def test_a_company_adds_fields_of_its_own_to_cases(signed_in: Client, max_: Actor) -> None:
    """Defined by who sets up which fields there are, shown and filled in at once; customers' fields stay apart."""
    owner = Client()
    owner.force_login(User.objects.create_user("olga", password="x", role=Role.objects.get(key="owner")))
    given = {"label_zh": "故障部位", "label_en": "Part", "key": "part", "type": "text", "position": "0", "choices": ""}
    assert signed_in.post("/settings/fields/new?kind=case", given).status_code in {403, 404}
    assert owner.post("/settings/fields/new?kind=case", {**given, "key": "subject"}).status_code == 422
    answer = owner.post("/settings/fields/new?kind=case", {**given, "is_filterable": "on"})
    assert (answer.status_code, answer["Location"]) == (302, "/settings/fields/?kind=case")
    field = CustomField.objects.get(key="part")
    assert field.kind == "case"
    assert "Part" in owner.get("/settings/fields/?kind=case").content.decode()
    assert f"/settings/fields/{field.pk}" not in owner.get("/settings/fields/").content.decode()
    assert owner.get("/settings/fields/?kind=nothing").status_code == 200
    case = open_case(actor=max_, values={"subject": "Kettle leaks"})
    assert "Part" in owner.get(f"/cases/{case.public_id}/").content.decode()
    update_case(actor=max_, case_id=case.pk, values={"custom_part": "Spout"})
    assert "Spout" in owner.get(f"/cases/{case.public_id}/").content.decode()
    assert owner.post(f"/settings/fields/{field.pk}", {**given, "label_en": "Place"}).status_code == 302
    assert owner.post(f"/settings/fields/{field.pk}/retire?to=off").status_code == 302
    assert "Spout" not in owner.get(f"/cases/{case.public_id}/").content.decode()

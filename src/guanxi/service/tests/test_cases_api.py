"""Cases by the API as far as the pages go: what they are part of, what they concern, where they are settled, by which hours."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guanxi.catalog.models import Product
from guanxi.core import calendars
from guanxi.core.actor import system_actor
from guanxi.core.ids import public_id
from guanxi.core.models import Role, User
from guanxi.customers.services.customers import create_customer
from guanxi.integration.services import create_token
from guanxi.people.placing import save_department
from guanxi.service.choices import CaseState
from guanxi.service.models import Case, CaseLink, OwnHours
from guanxi.service.public import open_case
from guanxi.service.tests.conftest import OFFICE

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]


@pytest.fixture
def call(db: None) -> Call:
    """Calls with the token of somebody with a role: `call("get", "cases", expect=200)`."""
    keys: dict[str, str] = {}

    def send(method: str, path: str, data: Any = None, *, role: str = "manager", expect: int = 200) -> Any:
        if role not in keys:
            user = User.objects.create_user(f"api-{role}", password="x", role=Role.objects.get(key=role))
            keys[role] = create_token(actor=system_actor(), user=user, scope="write", label="x")[1]
        given = {} if data is None else {"data": data, "content_type": "application/json"}
        answer = getattr(Client(), method)(
            f"/api/v1/{path}", headers={"Authorization": f"Bearer {keys[role]}"}, **given
        )
        assert answer.status_code == expect, (answer.status_code, answer.content[:500])
        return answer.json() if answer.content else None

    return send


def test_parts_links_and_the_conversation_of_a_case(call: Call, hear: Any) -> None:
    """Set and taken away, read and listed; what the page refuses is refused, and then nothing at all is changed."""
    heard = hear("The kettle leaks")
    zoe = public_id("cus", heard.conversation.customer_id)
    whole = call("post", "cases", {"subject": "Kitchen flooded", "customer": zoe}, expect=201)
    part = call("post", "cases", {"subject": "Dry the floor", "customer": zoe, "parent": whole["id"]}, expect=201)
    assert part["parent"] == whole["id"]
    assert [one["id"] for one in call("get", f"cases?parent={whole['id']}")["items"]] == [part["id"]]
    refused = {"subject": "Renamed", "parent": part["id"]}
    assert "part of itself" in str(call("patch", f"cases/{whole['id']}", refused, expect=422))
    assert call("patch", f"cases/{part['id']}", {"parent": None})["parent"] is None
    assert call("get", f"cases/{whole['id']}")["subject"] == "Kitchen flooded"
    talk = heard.conversation.public_id
    settled = call("patch", f"cases/{whole['id']}", {"conversation": talk, "urgency": "high"})
    assert (settled["conversation"], settled["urgency"]) == (talk, "high")
    assert settled["waiting_since"] is not None
    taken = {"subject": "Renamed", "conversation": talk}
    assert "open case already" in str(call("patch", f"cases/{part['id']}", taken, expect=422))
    assert Case.objects.filter(subject="Renamed").count() == 0
    assert call("patch", f"cases/{whole['id']}", {"conversation": None})["conversation"] is None
    vase = Product.objects.create(source="shop", code="V-17", name="Blue vase")
    where = f"cases/{whole['id']}/links"
    made = call("post", where, {"about": vase.public_id}, expect=201)
    assert call("post", where, {"about": vase.public_id}, expect=201) == made
    assert call("get", where)["items"] == [{"number": made["number"], "about": vase.public_id}]
    for wrong in (whole["id"], zoe, "prd_999999", "nonsense"):
        call("post", where, {"about": wrong}, expect=422)
    call("delete", f"cases/{part['id']}/links/{made['number']}", expect=404)
    call("delete", f"{where}/{made['number']}", expect=204)
    assert not CaseLink.objects.exists()


def test_links_to_what_the_caller_may_not_see_are_not_listed(call: Call) -> None:
    """Nor does a case that is missing or not theirs have any."""
    secret, mine = (open_case(actor=system_actor(), values={"subject": subject}) for subject in ("Secret", "Mine"))
    CaseLink.objects.create(case=mine, about_kind="case", about_id=secret.pk)
    Role.objects.get(key="agent").permissions.filter(kind="case").update(scope="own")
    call("get", f"cases/{mine.public_id}/links", role="agent", expect=404)
    Case.objects.filter(pk=mine.pk).update(owner=User.objects.get(username="api-agent"))
    assert call("get", f"cases/{mine.public_id}/links", role="agent")["items"] == []
    call("get", f"cases?parent={secret.public_id}", role="agent", expect=404)
    call("patch", f"cases/{mine.public_id}", {"parent": secret.public_id}, role="agent", expect=404)
    call("post", f"cases/{mine.public_id}/links", {"about": secret.public_id}, role="agent", expect=422)
    assert len(call("get", f"cases/{mine.public_id}/links")["items"]) == 1


def test_a_closed_case_opens_and_is_changed_in_one_call(call: Call) -> None:
    """Opened again first, then written, then moved on."""
    case = call("post", "cases", {"subject": "Cup"}, expect=201)
    where = f"cases/{case['id']}"
    assert call("patch", where, {"state": "closed"})["state"] == CaseState.CLOSED
    again = call("patch", where, {"state": "open", "subject": "Cups"})
    assert (again["state"], again["subject"]) == (CaseState.OPEN, "Cups")


def test_calendars_of_ones_own(call: Call) -> None:
    """Of a customer or a department, by those who set service levels."""
    zoe = create_customer(actor=system_actor(), values={"name": "Zoe"})
    unit = save_department(actor=system_actor(), department_id=None, name="Kiln", parent_id=None)
    calendar = calendars.save_calendar(actor=system_actor(), name="办公", zone="UTC", weekly=OFFICE, is_default=True)
    for whose in ({"customer": zoe.public_id}, {"department": unit.pk}):
        call("put", "own-hours", {**whose, "calendar": calendar.pk}, role="owner")
    found = call("get", "own-hours", role="owner")
    assert [(one["customer"], one["department"]) for one in found["items"]] == [(None, unit.pk), (zoe.public_id, None)]
    assert {"number": calendar.pk, "name": "办公", "is_company": True} in found["calendars"]
    assert len(call("get", f"own-hours?customer={zoe.public_id}", role="owner")["items"]) == 1
    for wrong in (
        {"calendar": calendar.pk},
        {"customer": zoe.public_id, "department": unit.pk, "calendar": calendar.pk},
        {"department": 999, "calendar": calendar.pk},
        {"department": unit.pk, "calendar": 999},
        {"department": unit.pk},
    ):
        call("put", "own-hours", wrong, role="owner", expect=422)
    call("put", "own-hours", {"customer": "cus_999999", "calendar": None}, role="owner", expect=404)
    call("put", "own-hours", {"customer": zoe.public_id, "calendar": None}, role="owner")
    assert OwnHours.objects.get().department == unit
    call("put", "own-hours", {"department": unit.pk, "calendar": None}, role="agent", expect=403)

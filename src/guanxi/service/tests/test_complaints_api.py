"""Complaints and promises by the API: the six steps over the same services as the page, the same words when refused."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guanxi.core import clock
from guanxi.core.actor import Actor, system_actor
from guanxi.core.models import Department, User
from guanxi.customers.models import Customer
from guanxi.customers.services.customers import create_customer
from guanxi.integration.public import create_token
from guanxi.service import closing
from guanxi.service.choices import CaseState
from guanxi.service.complaints.services.settings import save_cause
from guanxi.service.models import Case, Cause, Promise, RemedyKind, ResponsibleUnit
from guanxi.service.public import open_case
from guanxi.tasks.models import Task

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]


@pytest.fixture
def call(max_: Actor) -> Call:
    """Calls with a manager's token."""
    user = User.objects.get(pk=max_.user_id)
    _token, key = create_token(actor=system_actor(), user=user, scope="write", per_minute=0)

    def send(method: str, path: str, data: Any = None, *, expect: int = 200) -> Any:
        body = {} if data is None else {"data": json.dumps(data), "content_type": "application/json"}
        response = getattr(Client(), method)(f"/api/v1/{path}", headers={"Authorization": f"Bearer {key}"}, **body)
        assert response.status_code == expect, (path, response.status_code, response.content[:600])
        return response.json()

    return send


@pytest.fixture
def complaint(max_: Actor) -> Case:
    """A complaint of which nothing is known but what was said."""
    return open_case(actor=max_, values={"subject": "Leaks", "description": "It leaks.", "case_type": "complaint"})


def test_a_complaint_goes_through_its_steps_and_closes_when_it_lacks_nothing(call: Call, complaint: Case) -> None:
    """Refused until then with the sentences that the page shows; nobody sets “closed elsewhere”."""
    place = f"complaints/{complaint.public_id}"
    workshop = Department.objects.create(name="Workshop")
    refused = call("post", f"{place}/close", {}, expect=422)
    assert refused["missing"] == closing.missing(complaint)
    assert all(sentence in refused["detail"] for sentence in refused["missing"])
    assert (
        call("patch", f"cases/{complaint.public_id}", {"state": "closed"}, expect=422)["missing"] == refused["missing"]
    )
    call("patch", f"cases/{complaint.public_id}", {"state": "closed_elsewhere"}, expect=422)
    told = call("patch", place, {"grade": "major", "authority": "12345", "authority_number": "A-7",
                                 "entitlements": {"seven_days": "yes"}})  # fmt: skip
    assert (told["grade"], told["entitlements"], told["missing"]) == ("major", {"seven_days": "yes"}, [])
    assert told["authority_due_at"] is not None
    steps = [call("post", f"{place}/end-step", {"step": "record", "owner": "max"})["step"]]
    lacking = call("post", f"{place}/end-step", {"step": "investigate"}, expect=422)
    assert lacking["missing"] == call("get", place)["missing"] != []
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 64).decode()
    call(
        "post",
        f"{place}/evidence",
        {"sort": "photo", "file": {"name": "leak.png", "content": "no base64!"}},
        expect=422,
    )
    call("post", f"{place}/evidence", {"sort": "photo", "file": {"name": "leak.png", "content": picture}})
    shown = call("post", f"{place}/evidence", {"sort": "statement", "text": "The seal is worn.", "said_by": "Li"})
    assert [(row["sort"], row["file"]) for row in shown["evidence"]] == [("photo", "leak.png"), ("statement", None)]
    steps.append(call("post", f"{place}/end-step", {"step": "investigate"})["step"])
    assert next(row for row in call("get", "units")["items"] if row["department"] == workshop.pk)["id"] is None
    assert not ResponsibleUnit.objects.exists(), "a list that is read writes nothing"
    unit = call("post", f"{place}/unit", {"department": workshop.pk})["unit"]
    assert ResponsibleUnit.objects.get(department=workshop).pk == unit
    call("post", f"{place}/object", {"reasons": "The supplier's seal"})
    call("post", f"{place}/decide-objection", {"upheld": False, "answer": "No"}, expect=422)  # by who objected
    supplier = call("post", "units", {"name": "Seal Works"}, expect=201)["id"]
    decide_as_another(place, supplier)
    steps.append(call("post", f"{place}/end-step", {"step": "settle"})["step"])
    kind = RemedyKind.objects.get(key="refund").pk
    call("post", f"{place}/remedies", {"kind": kind, "amount": "8.005", "currency": "CNY"}, expect=422)
    remedy = call("post", f"{place}/remedies", {"kind": kind, "amount": "80.50", "currency": "CNY"})["remedies"][0]
    assert (remedy["state"], remedy["amount"]) == ("approved", "80.50")
    call("post", f"{place}/tell", {"channel": "phone", "words": "We refund it."})
    steps.append(call("post", f"{place}/end-step", {"step": "plan"})["step"])
    done = call("post", f"{place}/remedies/{remedy['id']}/finish", {"cost": "80"})["remedies"][0]
    assert (done["state"], done["cost"], done["unit"]) == ("done", "80.00", supplier)
    call("post", f"{place}/responsibility", {"text": "The works bear it."})
    steps.append(call("post", f"{place}/end-step", {"step": "carry_out"})["step"])
    cause = Cause.objects.get(key="product.quality")
    call("post", f"{place}/sum-up", {"cause": cause.pk, "whys": ["Seal worn"], "prevention": "Better seals"})
    call("post", f"{place}/last-word", {"outcome": "confirmed", "channel": "phone"})
    call("post", f"{place}/answer-authority", {})
    letter = call("get", f"{place}/reply?language=zh-hans")
    assert base64.b64decode(letter["content"]).startswith(b"%PDF")
    steps.append(call("post", f"{place}/end-step", {"step": "sum_up"})["step"])
    assert steps == ["investigate", "settle", "plan", "carry_out", "sum_up", "done"]
    assert call("post", f"{place}/close", {"reason": "settled"})["state"] == "closed"
    call("post", f"{place}/unit", {"unit": unit}, expect=409)
    opened = call("post", f"{place}/reopen", {"reason": "They called again"})
    assert (opened["state"], opened["reopened_count"], len(opened["missing_for_closing"])) == ("open", 1, 1)


def decide_as_another(place: str, unit: int) -> None:
    """Another manager upholds the objection."""
    role = User.objects.get(username="max").role
    eve = User.objects.create_user("eve", "x", role=role)
    _token, key = create_token(actor=system_actor(), user=eve, scope="write", per_minute=0)
    response = Client().post(
        f"/api/v1/{place}/decide-objection", json.dumps({"upheld": True, "answer": "So it is", "unit": unit}),
        "application/json", headers={"Authorization": f"Bearer {key}"},
    )  # fmt: skip
    assert response.status_code == 200, response.content[:400]


def test_one_that_ended_elsewhere_is_read_only_until_it_is_opened_again(call: Call, complaint: Case) -> None:
    Case.everything.filter(pk=complaint.pk).update(state=CaseState.CLOSED_ELSEWHERE)
    place = f"complaints/{complaint.public_id}"
    call("post", f"{place}/tell", {"channel": "phone", "words": "x"}, expect=422)
    call("post", f"{place}/close", {}, expect=409)
    assert call("post", f"{place}/reopen", {})["state"] == "open"
    call("post", f"{place}/close", {}, expect=422)


def test_complaints_are_found_by_what_is_known_of_them(call: Call, max_: Actor, complaint: Case) -> None:
    above = Cause.objects.get(key="product")
    below = save_cause(actor=system_actor(), name="Cracks", parent_id=above.pk)
    place = f"complaints/{complaint.public_id}"
    call("patch", place, {"grade": "public", "authority": "12315"})
    call("post", f"{place}/sum-up", {"cause": below.pk})
    other = open_case(actor=max_, values={"subject": "Late", "description": "Late.", "case_type": "complaint"})
    open_case(actor=max_, values={"subject": "A question"})
    for query, found in (
        ("", [other, complaint]), ("grade=public", [complaint]), ("authority=any", [complaint]),
        (f"cause={above.pk}", [complaint]), ("step=record&state=live&owner=me", [other, complaint]),
        ("state=closed", []), ("unit=99", []), ("grade=ordinary&limit=1", [other]),
    ):  # fmt: skip
        assert [item["id"] for item in call("get", f"complaints?{query}")["items"]] == [one.public_id for one in found]
    page = call("get", "complaints?limit=1")
    assert [item["id"] for item in call("get", f"complaints?limit=1&after={page['next']}")["items"]] == [
        complaint.public_id
    ]
    names = {item["name"]: item for item in call("get", "causes")["items"]}
    assert names["Cracks"]["path"][-1] == "Cracks"
    assert call("patch", f"causes/{below.pk}", {"active": False})["active"] is False
    assert "Cracks" not in {item["name"] for item in call("get", "causes")["items"]}
    assert "Cracks" in {item["name"] for item in call("get", "causes?retired=true")["items"]}
    bouquet = call("post", "remedy-kinds", {"name": "Bouquet", "has_amount": False}, expect=201)
    assert call("patch", f"remedy-kinds/{bouquet['id']}", {"name": "Flowers"})["has_amount"] is False


def test_promises_are_made_moved_kept_and_given_up(call: Call, max_: Actor, complaint: Case) -> None:
    customer: Customer = create_customer(actor=system_actor(), values={"name": "Zoe", "kind": "person"})
    soon = (clock.now() + timedelta(days=2)).isoformat()
    later = (clock.now() + timedelta(days=5)).isoformat()
    call("post", "promises", {"text": "A call", "due_at": soon}, expect=422)
    made = call("post", "promises", {"text": "A call", "due_at": soon, "customer": customer.public_id}, expect=201)
    assert (made["owner"], made["state"], made["case"]) == ("max", "open", None)
    place = f"promises/{made['id']}"
    call("post", f"{place}/move", {"due_at": later, "note": ""}, expect=422)
    moved = call("post", f"{place}/move", {"due_at": later, "note": "They are away till Friday"}, expect=201)
    assert (call("get", place)["state"], moved["state"], moved["customer"]) == ("released", "open", customer.public_id)
    call("post", f"{place}/keep", {}, expect=409)
    assert call("post", f"promises/{moved['id']}/keep", {"note": "Called"})["state"] == "kept"
    kind = RemedyKind.objects.get(key="apology").pk
    remedy = call("post", f"complaints/{complaint.public_id}/remedies", {"kind": kind})["remedies"][0]["id"]
    second = call("post", "promises", {"text": "Sorry", "due_at": soon, "case": complaint.public_id, "remedy": remedy},
                  expect=201)  # fmt: skip
    assert call("get", f"complaints/{complaint.public_id}")["promises"] == [second["id"]]
    before = Task.objects.count()
    assert call("post", f"promises/{second['id']}/break", {"note": "No time"})["state"] == "broken"
    assert Task.objects.count() == before + 1, "whoever answers for it is to talk to the customer"
    found = call("get", f"promises?state=broken&owner=me&case={complaint.public_id}")["items"]
    assert [item["id"] for item in found] == [second["id"]]
    assert call("get", f"promises?customer={customer.public_id}&limit=1")["next"] is not None
    assert Promise.objects.count() == 3

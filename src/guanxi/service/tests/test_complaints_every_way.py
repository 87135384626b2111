"""Every way by which somebody could try to close a complaint: pages, fields in place, bulk, API, rules, undo, the database's view."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from guanxi.core import events
from guanxi.core.actor import Actor, system_actor
from guanxi.core.errors import GuanxiError
from guanxi.core.models import User
from guanxi.core.records import RecordRef
from guanxi.service.choices import CaseState
from guanxi.service.editable import CASE
from guanxi.service.models import Case, Complaint
from guanxi.service.public import open_case, set_state
from guanxi.service.services.bulk_changes import bulk_set_state, bulk_update_cases
from guanxi.service.services.states import SET_BY_HAND
from guanxi.workflow.registries.actions import actions

pytestmark = pytest.mark.django_db


@pytest.fixture
def complaint(max_: Actor) -> Case:
    return open_case(actor=max_, values={"subject": "Leaks", "description": "It leaks.", "case_type": "complaint"})


@pytest.fixture
def client(max_: Actor) -> Client:
    found = Client()
    found.force_login(User.objects.get(pk=max_.user_id))
    return found


@contextmanager
def no_write_of(*states: str) -> Iterator[None]:
    """Fail on any statement that writes one of these states to a case, whatever code sends it."""
    seen: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        verb = sql.lstrip().split(" ", 1)[0].upper()
        if verb in {"UPDATE", "INSERT"} and '"service_case"' in sql.split("WHERE")[0]:
            given = list(params[0] if many and params else params or ())
            if any(state in map(str, given) for state in states) or any(f"'{state}'" in sql for state in states):
                seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield
    assert seen == []


def test_no_way_closes_what_lacks_something(complaint: Case, client: Client, max_: Actor) -> None:
    where = f"/cases/{complaint.public_id}"
    rows = Case.objects.filter(pk=complaint.pk)

    def rule() -> Any:
        record = RecordRef("case", complaint.pk)
        return actions["case.state"].run(
            actor=system_actor(means="rule"), record=record, parameters={"state": "closed"}, key="k"
        )

    ways: dict[str, Callable[[], Any]] = {
        "page": lambda: client.post(f"{where}/move", {"to": "closed"}),
        "page by its address": lambda: client.post(f"{where}/move?to=closed"),
        "field in place": lambda: client.post(
            f"/ui/edit/case/{complaint.pk}/state", {"value": "closed", "state": "closed"}
        ),
        "field saved": lambda: CASE.save(actor=max_, record_id=complaint.pk, field="state", value="closed"),
        "bulk": lambda: bulk_set_state(actor=max_, queryset=rows, state="closed"),
        "bulk of fields": lambda: bulk_update_cases(actor=max_, queryset=rows, values={"state": "closed"}),
        "bulk on the list": lambda: client.post("/ui/list/cases/bulk/move", {"ids": complaint.pk, "state": "closed"}),
        "API": lambda: client.patch(f"/api/v1/cases/{complaint.public_id}", {"state": "closed"}, "application/json"),
        "another type first": lambda: client.post(f"/ui/edit/case/{complaint.pk}/case_type", {"value": "enquiry"}),
        "then the page": lambda: client.post(f"{where}/move", {"to": "closed"}),
        "rule": rule,
        "service": lambda: set_state(actor=max_, case_id=complaint.pk, state="closed"),
        "system": lambda: set_state(actor=system_actor(), case_id=complaint.pk, state="closed"),
        "solved first": lambda: set_state(actor=max_, case_id=complaint.pk, state="solved"),
        "after being solved": lambda: set_state(actor=max_, case_id=complaint.pk, state="closed"),
    }
    with no_write_of("closed", "closed_elsewhere"):
        for name, way in ways.items():
            try:
                way()
            except GuanxiError:
                continue
            finally:
                complaint.refresh_from_db()
                assert complaint.state not in {CaseState.CLOSED, CaseState.CLOSED_ELSEWHERE}, name
        events.deliver_pending()
    complaint.refresh_from_db()
    assert complaint.state == CaseState.SOLVED


def test_the_watch_on_the_database_sees_a_closing(max_: Actor) -> None:
    plain = open_case(actor=max_, values={"subject": "Question"})
    with pytest.raises(AssertionError), no_write_of("closed"):
        set_state(actor=max_, case_id=plain.pk, state="closed")


def test_nobody_sets_closed_elsewhere(complaint: Case, client: Client, max_: Actor) -> None:
    assert CaseState.CLOSED_ELSEWHERE not in SET_BY_HAND
    rows = Case.objects.filter(pk=complaint.pk)
    with no_write_of("closed_elsewhere"):
        client.post(f"/cases/{complaint.public_id}/move", {"to": "closed_elsewhere"})
        client.post(f"/ui/edit/case/{complaint.pk}/state", {"value": "closed_elsewhere"})
        client.patch(f"/api/v1/cases/{complaint.public_id}", {"state": "closed_elsewhere"}, "application/json")
        bulk_set_state(actor=max_, queryset=rows, state="closed_elsewhere")
    complaint.refresh_from_db()
    assert complaint.state == CaseState.NEW


def test_a_change_of_many_into_complaints_begins_their_steps(max_: Actor) -> None:
    case = open_case(actor=max_, values={"subject": "Grumbles"})
    bulk_update_cases(actor=max_, queryset=Case.objects.filter(pk=case.pk), values={"case_type": "complaint"})
    events.deliver_pending()
    assert Complaint.objects.get(pk=case.pk).steps.count() == 1

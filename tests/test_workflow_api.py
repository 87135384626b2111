"""Rules and approvals in the API: written, tried, switched on, their log; an approval decided."""

from collections.abc import Iterator

import pytest
from django.test import Client

from guanxi.core import clock
from guanxi.core.money import Money
from guanxi.core.records import RecordRef
from guanxi.integration.services import create_token
from guanxi.tasks.public import create_task
from guanxi.workflow.models import ApprovalPolicy
from guanxi.workflow.registries.approvals import ApprovalSort, approval_sorts
from guanxi.workflow.services.approvals import ask_for_approval
from guanxi.workflow.tests.people import acting, happen, person, set_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def _gift() -> Iterator[None]:
    """A sort of approval, for as long as a test runs."""
    approval_sorts.add("test.gift", ApprovalSort("test.gift", "A gift", "task"))
    yield
    approval_sorts._items.pop("test.gift")


@pytest.mark.usefixtures("_gift")
def test_rules_and_approvals_over_the_api() -> None:
    """A rule written, tried, switched on; its log; an approval decided."""
    owen = person("owen", "owner")
    _token, key = create_token(actor=acting(owen), user=owen, scope="write", label="x")
    sent = {"content_type": "application/json", "headers": {"Authorization": f"Bearer {key}"}}
    client = Client()
    parts = client.get("/api/v1/rules/parts", headers=sent["headers"]).json()
    assert {"task.created", "customer.created"} <= {one["key"] for one in parts["triggers"]}
    assert next(one for one in parts["facts"] if one["key"] == "task.priority")["questions"][:2] == ["is", "is_not"]
    given = {
        "name": "n", "trigger": "task.created", "actions": [set_task(owen)],
        "conditions": {"all": [{"fact": "task.priority", "is": "is", "value": 3}]},
    }  # fmt: skip
    assert client.post("/api/v1/rules", {**given, "trigger": "x"}, **sent).status_code == 422
    made = client.post("/api/v1/rules", given, **sent).json()
    address = f"/api/v1/rules/{made['id']}"
    assert client.patch(address, {"limit": "once"}, **sent).json()["version"] == 2
    create_task(actor=acting(owen), values={"title": "A", "priority": 3})
    happen()
    tried = client.get(f"{address}/dry-run", headers=sent["headers"]).json()
    assert (tried["fired"], tried["not_met"], len(tried["latest"])) == (1, 0, 1)
    assert client.post(f"{address}/switch", {"active": True}, **sent).json()["active"]
    create_task(actor=acting(owen), values={"title": "B", "priority": 3})
    happen()
    log = client.get(f"{address}/firings?outcome=fired", headers=sent["headers"]).json()
    assert [one["why"]["actions"][0]["done"] for one in log["items"]] == ["A task was set."]
    assert client.delete(address, **sent).status_code == 409
    ApprovalPolicy.objects.create(sort="test.gift", approver="user", user=owen, currency="", created_at=clock.now())
    asked = ask_for_approval(
        actor=acting(person("ann")), sort="test.gift", record=RecordRef("task", 1), amount=Money(5, "CNY")
    )
    decide = f"/api/v1/approvals/{asked.public_id}/decide"
    delegate, fay = f"/api/v1/approvals/{asked.public_id}/delegate", person("fay")
    for to, status in (("nobody", 422), ("owen", 422), ("ann", 422), (None, 200), (fay.username, 200)):
        assert client.post(delegate, {"to": to}, **sent).status_code == status, to
    (step,) = client.get(f"/api/v1/approvals/{asked.public_id}", headers=sent["headers"]).json()["steps"]
    assert (step["delegated_to"], step["delegated_by"]) == ("fay", "owen")
    assert client.post(decide, {"approved": False}, **sent).status_code == 422
    assert client.post(decide, {"approved": True}, **sent).json()["state"] == "approved"
    assert client.post(decide, {"approved": True}, **sent).status_code == 409
    listed = client.get("/api/v1/approvals?show=ended", headers=sent["headers"]).json()
    assert [one["steps"][0]["decided_by"] for one in listed["items"]] == ["owen"]

"""The pages of rules and approvals: written row by row, tried, saved, refused without losing anything."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.core import clock
from guanxi.core.models import Deputy, Role, User
from guanxi.core.money import Money
from guanxi.core.records import RecordRef
from guanxi.tasks.public import create_task
from guanxi.workflow.models import Approval, ApprovalPolicy, Rule
from guanxi.workflow.registries.approvals import ApprovalSort, approval_sorts
from guanxi.workflow.services.approvals import ask_for_approval
from guanxi.workflow.tests.people import acting, happen, person, rule, set_task

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    """A browser of somebody who is signed in."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def owen() -> User:
    """Who may do everything."""
    return person("owen", "owner")


@pytest.fixture
def _gift() -> Any:
    """A sort of approval, for as long as a test runs."""
    approval_sorts.add("test.gift", ApprovalSort("test.gift", "A gift", "task"))
    yield
    approval_sorts._items.pop("test.gift")


def filled(owen: User, **more: str) -> dict[str, Any]:
    """What the editor sends."""
    return {
        "name": "High ones", "trigger": "task.created", "limit": "always", "order": "", "c:sort": "all",
        "c.0:fact": "task.priority", "c.0:is": "in", "c.0:several": "1", "c.0:value": ["3", "2"],
        "c.1:sort": "not", "c.1.0:fact": "task.title", "c.1.0:is": "contains", "c.1.0:value": "test",
        "c.2:fact": "", "s.0:do": "task.set", "s.0:p:title": "Look", "s.0:p:assignee": str(owen.pk), "s.0:p:due_days": "2",
        "s.1:do": "", **more,
    }  # fmt: skip


def test_a_rule_is_written_tried_and_saved(owen: User) -> None:
    """Every edit draws the form anew with all that was filled in; rows left empty do not count."""
    client = signed_in(owen)
    address = reverse("workflow:create_rule")
    assert client.get(address).status_code == 200
    for edit, expected in (
        ("add:c", 'name="c.3:fact"'),
        ("group:c", 'name="c.3:sort"'),
        ("group:c.1", 'name="c.1.1:sort"'),
        ("add-act", 'name="s.2:do"'),
        ("remove:c.1", 'value="task.priority" selected'),
        ("remove:c.9.9", 'name="c.1.0:fact"'),
        ("redraw", 'value="Look"'),
    ):
        page = client.post(address, filled(owen, edit=edit)).content.decode()
        assert expected in page, edit
    create_task(actor=acting(owen), values={"title": "A", "priority": 3})
    create_task(actor=acting(owen), values={"title": "B test", "priority": 3})
    happen()
    tried = client.post(address, filled(owen, edit="try")).content.decode()
    assert "<strong>1</strong>" in tried
    assert Rule.objects.filter(key="").count() == 0
    assert client.post(address, filled(owen)).status_code == 302
    made = Rule.objects.get(key="")
    assert made.conditions == {
        "all": [
            {"fact": "task.priority", "is": "in", "value": [3, 2]},
            {"not": [{"fact": "task.title", "is": "contains", "value": "test"}]},
        ]
    }
    assert (made.is_active, made.actions[0]["parameters"]["due_days"]) == (False, 2)
    page = client.get(reverse("workflow:rule", args=[made.public_id])).content.decode()
    assert (
        "When a task is set, if Priority is one of High, Normal and none of (What is to be done contains “test”), "
        "then set a task (" in page
    )
    client.post(reverse("workflow:switch_rule", args=[made.public_id]), {"active": "yes"})
    create_task(actor=acting(owen), values={"title": "C", "priority": 3})
    happen()
    assert "high" in client.get(reverse("workflow:rules")).content.decode().lower()
    log = client.get(reverse("workflow:firings")).content.decode()
    assert "A task was set." in log
    assert "found: High" in log
    assert client.get(reverse("workflow:try_rule", args=[made.public_id])).status_code == 200


def test_what_is_wrong_is_said_and_nothing_is_lost(owen: User) -> None:
    """One sentence, the status of a refusal, all inputs as they were; two who write at once do not overwrite."""
    client = signed_in(owen)
    made = rule("task.created", [set_task(owen)])
    address = reverse("workflow:change_rule", args=[made.public_id])
    sent = filled(owen, seen=made.updated_at.isoformat(), name="Kept", **{"s.0:p:title": ""})
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "Fill in “What is to be done”." in answer.content.decode()
    assert 'value="Kept"' in answer.content.decode()
    assert client.post(address, filled(owen, seen="2000-01-01")).status_code == 409
    assert client.post(address, filled(owen, seen=made.updated_at.isoformat(), offset="x")).status_code == 422
    assert client.post(address, {f"c.{n}:fact": "x" for n in range(700)}).status_code == 422
    for hostile in ({"c.0:value": "\x00"}, {"order": "9" * 30}, {"from_on": "2026-99-99"}, {"owner": "x"},
                    {"trigger": "nothing"}, {"c:sort": "xor"}, {"s.0:do": "a>b>c"}, {"until_on": "9999-12-31"}):  # fmt: skip
        answer = client.post(address, filled(owen, seen=made.updated_at.isoformat(), **hostile))
        assert answer.status_code in (302, 422, 409), hostile
    assert client.post(address, filled(owen, seen=Rule.objects.get(key="").updated_at.isoformat())).status_code in (
        302,
        409,
    )


def test_rules_are_for_those_whose_role_says_so(owen: User) -> None:
    """An agent sees none of it, the approvals are everybody's."""
    made = rule("task.created", [set_task(owen)])
    agent = signed_in(person("ann"))
    for name, args in (("rules", []), ("firings", []), ("rule", [made.public_id]), ("create_rule", []),
                       ("approval_settings", []), ("create_policy", [])):  # fmt: skip
        assert agent.get(reverse(f"workflow:{name}", args=args)).status_code in (403, 404), name
    assert agent.post(reverse("workflow:switch_rule", args=[made.public_id]), {"active": "no"}).status_code == 404
    made.refresh_from_db()
    assert made.is_active
    assert agent.get(reverse("workflow:approvals")).status_code == 200


@pytest.mark.usefixtures("_gift")
def test_who_approves_what_is_set_and_decided_on_pages(owen: User) -> None:
    """By form; then a deputy decides in the absent one's place and the page says so."""
    client = signed_in(owen)
    manager = Role.objects.get(key="manager")
    form = {"sort": "test.gift", "from_amount": "100.01", "currency": "cny", "approver": "role", "role": manager.pk,
            "is_active": "on", "order": "", "hours": "", "escalates_to": "", "user": ""}  # fmt: skip
    assert client.post(reverse("workflow:create_policy"), {**form, "currency": "XQX"}).status_code == 422
    assert client.post(reverse("workflow:create_policy"), {**form, "role": ""}).status_code == 422
    assert client.post(reverse("workflow:create_policy"), form).status_code == 302
    row = ApprovalPolicy.objects.get()
    assert (row.from_minor, row.to_minor, row.currency) == (10_001, None, "CNY")
    assert client.get(reverse("workflow:change_policy", args=[row.pk])).status_code == 200
    assert client.get(reverse("workflow:change_policy", args=[10**19])).status_code == 404
    limit = {"role": manager.pk, "sort": "", "amount": "5000", "currency": "CNY"}
    assert client.post(reverse("workflow:set_limit"), limit).status_code == 302
    assert "CN¥5,000.00" in client.get(reverse("workflow:approval_settings")).content.decode()

    ann, max_, deputy = person("ann"), person("max", "manager"), person("dee")
    now = clock.now()
    Deputy.objects.create(user=max_, deputy=deputy, from_at=now - timedelta(1), to_at=now + timedelta(1), reason="away")
    task = create_task(actor=acting(ann), values={"title": "the case"})
    asked = ask_for_approval(
        actor=acting(ann), sort="test.gift", record=RecordRef("task", task.pk), amount=Money(20_000, "CNY"),
        reason="<b>late</b>",
    )  # fmt: skip
    browser = signed_in(deputy)
    assert "A gift" in browser.get("/").content.decode()
    page = browser.get(reverse("workflow:approval", args=[asked.public_id])).content.decode()
    assert "You decide in place of Max" in page
    assert "&lt;b&gt;late" in page
    decide = reverse("workflow:decide", args=[asked.public_id])
    assert browser.post(decide, {"word": "refuse", "words": ""}).status_code == 422
    assert signed_in(ann).post(decide, {"word": "approve"}).status_code == 409
    assert browser.post(decide, {"word": "approve", "words": "fine", "next": "//evil"}).status_code == 302
    done = Approval.objects.get()
    assert (done.state, done.decided_by, done.on_behalf_of) == ("approved", deputy, max_)
    assert (
        "in place of Max" in signed_in(ann).get(reverse("workflow:approval", args=[asked.public_id])).content.decode()
    )
    assert browser.post(decide, {"word": "approve"}).status_code == 409
    assert signed_in(person("eve")).get(reverse("workflow:approval", args=[asked.public_id])).status_code == 404

"""Settings of complaints: limits decide who grants what by themselves, more is approved; rules of the steps hold."""

from typing import Any

import pytest
from django.test import Client

from guanxi.core import changes, events
from guanxi.core.actor import Actor, actor_of
from guanxi.core.errors import Conflict, Forbidden, InvalidInput
from guanxi.core.models import Operation, Role, User
from guanxi.service.complaint_choices import RemedyState, Step
from guanxi.service.complaints import steps
from guanxi.service.complaints.services import handling, remedies, settings
from guanxi.service.models import (
    Case,
    Cause,
    Complaint,
    ComplaintStep,
    RemedyKind,
    RemedyLimit,
    ResponsibleUnit,
    StepRule,
)
from guanxi.service.public import open_case
from guanxi.service.tests.test_complaints_rule import give_unit
from guanxi.workflow.choices import Approver
from guanxi.workflow.models import Approval, ApprovalPolicy
from guanxi.workflow.public import decide_approval

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(db: None) -> Actor:
    return actor_of(User.objects.create_user("boss", password="x", role=Role.objects.get(key="owner"), name="Boss"))


@pytest.fixture
def case(ann: Actor) -> Case:
    return open_case(actor=ann, values={"subject": "Leaks", "description": "It leaks.", "case_type": "complaint"})


def plan(actor: Actor, case: Case, minor: int) -> Any:
    kind = RemedyKind.objects.get(key="refund")
    return remedies.plan_remedy(actor=actor, case_id=case.pk, kind_id=kind.pk, amount_minor=minor, currency="CNY")


def test_within_the_limit_by_oneself_above_it_by_approval(ann: Actor, boss: Actor, case: Case) -> None:
    kind, agent, owner = (
        RemedyKind.objects.get(key="refund"),
        Role.objects.get(key="agent"),
        Role.objects.get(key="owner"),
    )
    settings.save_limit(actor=boss, kind_id=kind.pk, role_id=agent.pk, limit_minor=10_000, currency="CNY")
    assert plan(ann, case, 10_000).state == RemedyState.APPROVED
    with pytest.raises(InvalidInput):
        plan(ann, case, 10_001)
    ApprovalPolicy.objects.create(
        sort="remedy", approver=Approver.ROLE, role=owner, created_at=case.opened_at, currency="CNY", from_minor=0
    )
    asked = plan(ann, case, 10_001)
    assert asked.state == RemedyState.ASKED
    with pytest.raises(Conflict):
        remedies.finish_remedy(actor=ann, remedy_id=asked.pk)
    decide_approval(actor=boss, approval_id=Approval.objects.get().pk, is_approved=True, words="Yes")
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by_id, asked.reason) == (RemedyState.APPROVED, boss.user_id, "Yes")
    give_unit(ann, case)
    with pytest.raises(InvalidInput):
        remedies.finish_remedy(actor=ann, remedy_id=asked.pk, cost_minor=10_002)
    remedies.finish_remedy(actor=ann, remedy_id=asked.pk, cost_minor=9_000)
    asked.refresh_from_db()
    assert (asked.cost_minor, str(asked.unit)) == (9_000, "Workshop")
    settings.save_limit(actor=boss, kind_id=kind.pk, role_id=agent.pk, limit_minor=None, currency="CNY")
    assert not RemedyLimit.objects.exists()


def test_an_approval_that_is_undone_gives_nothing_back(ann: Actor, boss: Actor, case: Case) -> None:
    """A refused remedy is not done; nothing is done twice."""
    owner = Role.objects.get(key="owner")
    ApprovalPolicy.objects.create(sort="remedy", approver=Approver.ROLE, role=owner, created_at=case.opened_at)
    remedy = plan(ann, case, 500)
    decide_approval(actor=boss, approval_id=Approval.objects.get().pk, is_approved=False, words="No")
    remedy.refresh_from_db()
    assert remedy.state == RemedyState.REFUSED
    with pytest.raises(Conflict):
        remedies.finish_remedy(actor=ann, remedy_id=remedy.pk)


def test_a_rule_of_a_grade_and_evidence_that_it_needs(ann: Actor, boss: Actor, case: Case) -> None:
    settings.save_step_rule(actor=boss, step="record", working_minutes=60, evidence=["photo"], grade="major")
    complaint = Complaint.objects.select_related("case").get(pk=case.pk)
    assert steps.lacking(complaint, Step.RECORD) == []
    handling.record_complaint(actor=ann, case_id=case.pk, values={"grade": "major"})
    complaint.refresh_from_db()
    assert len(steps.lacking(complaint, Step.RECORD)) == 1
    with pytest.raises(handling.StepRefused):
        handling.end_step(actor=ann, case_id=case.pk, step="record")
    handling.add_evidence(actor=ann, case_id=case.pk, sort="photo", text="See the puddle")
    handling.end_step(actor=ann, case_id=case.pk, step="record", owner_id=boss.user_id)
    assert [row.owner_id for row in complaint.steps.order_by("pk")] == [ann.user_id, boss.user_id]
    with pytest.raises(InvalidInput):
        settings.save_step_rule(actor=boss, step="record", working_minutes=0)


def test_a_rule_of_a_single_grade_is_changed_and_removed_in_the_list(ann: Actor, boss: Actor, case: Case) -> None:
    """What holds for every other grade holds again, for the step under way too; an undo brings the rule back."""
    settings.save_step_rule(actor=boss, step="record", working_minutes=600, grade="")
    rule = settings.save_step_rule(actor=boss, step="record", working_minutes=60, grade="major")
    handling.record_complaint(actor=ann, case_id=case.pk, values={"grade": "major"})
    due = [ComplaintStep.objects.get().due_at]
    client, stranger = Client(), Client()
    client.force_login(User.objects.get(pk=boss.user_id))
    stranger.force_login(User.objects.get(pk=ann.user_id))
    place = f"/settings/complaints/rule/{rule.pk}"
    assert place in client.get("/settings/complaints").content.decode()
    sent = {"hours": "2", "evidence": ["photo"], "step": "settle", "grade": "group"}
    assert stranger.post(place, sent).status_code == stranger.post(f"{place}/remove").status_code == 404
    assert client.post(place, sent).status_code == 302
    rule.refresh_from_db()
    assert (rule.step, rule.grade, rule.working_minutes, rule.evidence) == ("record", "major", 120, ["photo"])
    due.append(ComplaintStep.objects.get().due_at)
    assert client.post(f"{place}/remove").status_code == 302
    assert not StepRule.objects.filter(grade="major").exists()
    due.append(ComplaintStep.objects.get().due_at)
    assert due == sorted(set(due))
    assert client.post(f"{place}/remove").status_code == client.get(place).status_code == 404
    changes.undo_operation(actor=boss, operation_id=Operation.objects.get(name="service.remove_step_rule").pk)
    events.deliver_pending()
    assert ComplaintStep.objects.get().due_at == due[1]


def test_pages_of_settings_save_what_they_show(ann: Actor, boss: Actor) -> None:
    client = Client()
    client.force_login(User.objects.get(pk=boss.user_id))
    assert client.get("/settings/complaints").status_code == 200
    agent = Role.objects.get(key="agent")
    sent = {
        "remedy/new": {"name": "Flowers", "has_amount": "on", "is_active": "on", f"limit_{agent.pk}": "50"},
        "cause/new": {"name": "Lunar phase", "parent": str(Cause.objects.get(key="outside").pk), "is_active": "on"},
        "unit/new": {"name": "Carrier", "is_active": "on"},
        "step/0": {"step": "record", "grade": "", "hours": "1.5", "evidence": ["document"]},
    }
    for path, data in sent.items():
        assert client.get(f"/settings/complaints/{path}").status_code == 200
        assert client.post(f"/settings/complaints/{path}", data).status_code == 302, path
    assert RemedyLimit.objects.get().limit_minor == 5000
    assert ResponsibleUnit.objects.get(name="Carrier").is_outside
    assert str(Cause.objects.get(name="Lunar phase").parent) == "Outside the company"
    assert (StepRule.objects.get().working_minutes, StepRule.objects.get().evidence) == (90, ["document"])
    cause = Cause.objects.get(name="Lunar phase")
    assert client.post(f"/settings/complaints/cause/{cause.pk}", {"name": "Tide"}).status_code == 302
    cause.refresh_from_db()
    assert (cause.name, cause.is_active) == ("Tide", False)
    assert client.post("/settings/complaints/unit/new", {"name": "Carrier"}).status_code == 422
    assert client.get("/settings/complaints/moon/new").status_code == 404
    with pytest.raises(Forbidden):
        settings.save_unit(actor=ann, name="x")
    stranger = Client()
    stranger.force_login(User.objects.get(pk=ann.user_id))
    assert stranger.post("/settings/complaints/unit/new", {"name": "Y"}).status_code in {403, 404}
    assert changes.Operation.objects.filter(name="service.save_unit").count() == 1

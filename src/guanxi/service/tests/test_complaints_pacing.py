"""The steps of complaints follow what they depend on; promises go with their case; what is given up is asked no more."""

from datetime import timedelta

import pytest
from django.test import Client

from guanxi.core import changes, clock, events
from guanxi.core.actor import Actor, actor_of
from guanxi.core.errors import Conflict
from guanxi.core.models import Department, Role, User
from guanxi.customers.models import Customer
from guanxi.customers.privacy import legal
from guanxi.service.choices import CaseState
from guanxi.service.complaint_choices import RemedyState
from guanxi.service.complaints import steps
from guanxi.service.complaints.services import handling, looking_back, pacing, promises, remedies, settings
from guanxi.service.models import Case, ComplaintStep, RecurrenceCheck, RemedyKind, ResponsibleUnit
from guanxi.service.public import open_case, set_state, update_case
from guanxi.service.services.bulk_changes import bulk_update_cases
from guanxi.service.tests.test_complaints_rule import GIFTS, close
from guanxi.tasks.models import Notification
from guanxi.workflow.models import Approval, ApprovalPolicy, DepartmentHead

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(max_: Actor) -> Case:
    """A complaint of nobody, answered for by nobody."""
    return open_case(
        actor=max_, values={"subject": "Leaks", "description": "It leaks.", "case_type": "complaint", "owner": None}
    )


def step() -> ComplaintStep:
    return ComplaintStep.objects.get(ended_at=None)


def test_a_step_goes_with_its_case_unless_somebody_else_has_it(case: Case, max_: Actor, ann: Actor) -> None:
    assert step().owner_id is None
    bulk_update_cases(actor=max_, queryset=Case.objects.all(), values={"owner": ann.user_id})
    events.deliver_pending()
    assert step().owner_id == ann.user_id
    update_case(actor=max_, case_id=case.pk, values={"owner": max_.user_id})
    events.deliver_pending()
    assert step().owner_id == max_.user_id
    assert pacing.hand_over_step(actor=max_, case_id=case.pk, owner_id=ann.user_id)
    assert pacing.hand_over_step(actor=max_, case_id=case.pk, owner_id=ann.user_id) is None
    assert Notification.objects.get(user=ann.user_id, sort="complaint.step").data == {"step": "record"}
    update_case(actor=max_, case_id=case.pk, values={"owner": None})
    events.deliver_pending()
    assert step().owner_id == ann.user_id


def test_time_follows_the_grade_and_the_rules(case: Case, max_: Actor) -> None:
    usual = step().due_at
    settings.save_step_rule(actor=max_, step="record", working_minutes=10, grade="major")
    assert step().due_at == usual
    handling.record_complaint(actor=max_, case_id=case.pk, values={"grade": "major"})
    assert step().due_at < usual
    settings.save_step_rule(actor=max_, step="record", working_minutes=60 * 24 * 30, grade="major")
    assert step().due_at > usual


def test_the_head_of_the_responsible_department_hears_of_it(case: Case, max_: Actor, ann: Actor) -> None:
    shop = Department.objects.create(name="Workshop")
    DepartmentHead.objects.create(department=shop, user_id=ann.user_id)
    unit = ResponsibleUnit.objects.create(department=shop)
    handling.settle_unit(actor=max_, case_id=case.pk, unit_id=unit.pk)
    assert Notification.objects.get(user=ann.user_id, sort="complaint.responsible").data == {"can_object": True}


def test_terms_of_authorities_are_dated_parameters(case: Case, max_: Actor) -> None:
    began = clock.now() - timedelta(days=3)
    usual = steps.authority_due_at("12345", began)
    owner = actor_of(User.objects.create_user("own", password="x", role=Role.objects.get(key="owner")))
    legal.set_parameter(
        actor=owner, key="complaint.12345_days", value=30, valid_from=began.date() - timedelta(days=9), source="Notice"
    )
    assert steps.authority_due_at("12345", began) > usual + timedelta(days=20)
    assert steps.authority_due_at("12345", began - timedelta(days=60)) < usual


def test_promises_go_with_their_case_there_and_back(case: Case, max_: Actor) -> None:
    made = promises.make_promise(
        actor=max_, text="A call", due_at=clock.now() + timedelta(days=1), case_id=case.pk
    )  # fmt: skip
    zoe = Customer.objects.create(kind="person", name="Zoe", created_at=clock.now())
    operation = update_case(actor=max_, case_id=case.pk, values={"customer": zoe.pk})
    made.refresh_from_db()
    assert made.customer_id == zoe.pk
    changes.undo_operation(actor=max_, operation_id=operation or 0)
    made.refresh_from_db()
    assert made.customer_id is None


def test_no_look_back_at_what_was_opened_again_and_all_that_came_again_counts(ann: Actor, case: Case) -> None:
    for gift in GIFTS.values():
        gift(ann, case)
    close(ann, case)
    set_state(actor=ann, case_id=case.pk, state=CaseState.OPEN)
    first = RecurrenceCheck.objects.order_by("pk").first()
    assert first is not None
    assert not looking_back.look_back(check_id=first.pk, today=first.due_on)
    assert not RecurrenceCheck.objects.filter(pk=first.pk).exists()


def test_what_is_given_up_waits_for_no_approval(case: Case, max_: Actor, ann: Actor) -> None:
    ApprovalPolicy.objects.create(
        sort="remedy", created_at=clock.now(), currency="CNY", approver="user", user_id=ann.user_id
    )
    kind = RemedyKind.objects.get(key="refund")
    remedy = remedies.plan_remedy(actor=max_, case_id=case.pk, kind_id=kind.pk, amount_minor=5000, currency="CNY")
    assert (remedy.state, Approval.objects.get().state) == (RemedyState.ASKED, "waiting")
    remedies.drop_remedy(actor=max_, remedy_id=remedy.pk, reason="Not wanted")
    events.deliver_pending()
    remedy.refresh_from_db()
    assert (remedy.state, Approval.objects.get().state) == (RemedyState.DROPPED, "withdrawn")


def test_what_closed_as_something_else_is_no_closed_complaint(max_: Actor) -> None:
    case = open_case(actor=max_, values={"subject": "Question"})
    set_state(actor=max_, case_id=case.pk, state=CaseState.CLOSED)
    with pytest.raises(Conflict):
        update_case(actor=max_, case_id=case.pk, values={"case_type": "complaint"})
    with pytest.raises(Conflict):
        bulk_update_cases(actor=max_, queryset=Case.objects.all(), values={"case_type": "complaint"})
    case.refresh_from_db()
    assert case.case_type == "enquiry"
    opened = set_state(actor=max_, case_id=case.pk, state=CaseState.OPEN)
    update_case(actor=max_, case_id=case.pk, values={"case_type": "complaint"})
    with pytest.raises(Conflict):
        changes.undo_operation(actor=max_, operation_id=opened or 0)


def test_complaints_and_promises_are_found_by_their_words(case: Case, max_: Actor) -> None:
    open_case(actor=max_, values={"subject": "Stale bread", "case_type": "complaint"})
    client = Client()
    client.force_login(User.objects.get(pk=max_.user_id))
    page = client.get("/complaints/?q=Leaks").content.decode()
    assert "Leaks" in page
    assert "Stale bread" not in page
    assert client.get("/promises/?q=call").status_code == 200

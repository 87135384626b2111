"""Complaints and promises as triggers, facts and acts of rules; no rule closes a complaint that lacks something."""

from datetime import timedelta
from typing import Any

import pytest

from guanxi.core import clock, events
from guanxi.core.actor import Actor, system_actor
from guanxi.core.models import User
from guanxi.core.records import RecordRef
from guanxi.core.sentences import told
from guanxi.customers import timeline
from guanxi.customers.services.customers import create_customer
from guanxi.integration.webhooks.models import WebhookMessage
from guanxi.integration.webhooks.services import create_endpoint
from guanxi.service import closing
from guanxi.service.choices import CaseState
from guanxi.service.complaints.services import handling, promises
from guanxi.service.complaints.telling import complaint_details
from guanxi.service.models import Case, Complaint, Promise
from guanxi.service.public import open_case, set_state
from guanxi.service.tests.test_complaints_rule import GIFTS, close
from guanxi.tasks.models import Notification
from guanxi.tasks.services.following import follow
from guanxi.workflow.models import Firing, Rule
from guanxi.workflow.public import ensure_rule

pytestmark = pytest.mark.django_db
CLOSE = {"action": "case.state", "parameters": {"state": "closed"}}


def rule(trigger: str, *actions: dict[str, Any], conditions: dict[str, Any] | None = None) -> Rule:
    """A rule in force."""
    key = f"t{Rule.objects.count()}"
    given = [{"via": "", **one} for one in actions]
    values = {"name": key, "trigger": trigger, "actions": given, "conditions": conditions or {}}
    ensure_rule(actor=system_actor(), key=key, values=values)
    return Rule.objects.get(key=key)


def outcomes(of: Rule) -> list[str]:
    """How it ended each time."""
    return list(Firing.objects.filter(rule=of).order_by("id").values_list("outcome", flat=True))


def test_no_rule_closes_a_complaint_against_the_rule(ann: Actor) -> None:
    """Whatever sets it going and whatever it does before; the log says what was missing; once nothing is, it closes."""
    ways = [
        rule("complaint.opened", CLOSE),
        rule("complaint.graded", {"action": "case.set", "parameters": {"case_type": "enquiry"}}, CLOSE),
        rule("complaint.step_done", {"action": "case.state", "parameters": {"state": "solved"}}, CLOSE),
        rule("promise.broken", {"via": "promise.case", **CLOSE}),
    ]
    case = open_case(actor=ann, values={"subject": "Leaks", "description": "It leaks.", "case_type": "complaint"})
    handling.record_complaint(actor=ann, case_id=case.pk, values={"grade": "major"})
    handling.end_step(actor=ann, case_id=case.pk, step="record")
    soon = clock.now() + timedelta(days=1)
    promise = promises.make_promise(actor=ann, case_id=case.pk, text="A call", due_at=soon)
    promises.give_up_promise(actor=ann, promise_id=promise.pk, note="No time")
    events.deliver_pending()
    assert [outcomes(way) for way in ways] == [["failed"]] * 4
    case.refresh_from_db()
    assert (case.state, case.case_type) == (CaseState.NEW, "complaint")
    missing = closing.missing(case)
    for firing in Firing.objects.all():
        assert all(sentence in told(firing.why["actions"][-1]["failed"]) for sentence in missing)
    for gift in GIFTS.values():
        gift(ann, case)
    handling.record_complaint(actor=ann, case_id=case.pk, values={"grade": "public"})
    events.deliver_pending()
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED


def test_a_message_opens_a_complaint_and_its_customer_is_promised_an_answer(hear: Any) -> None:
    """Acts of rules: the complaint with its grade, a promise when it opens; what is no complaint is left alone."""
    opening = rule(
        "message.received", {"action": "complaint.open", "parameters": {"grade": "major"}},
        conditions={"all": [{"fact": "message.text", "is": "contains", "value": "complain"}]},
    )  # fmt: skip
    promising = rule(
        "complaint.opened", {"action": "promise.make", "parameters": {"text": "An answer", "minutes": 60}},
        conditions={"all": [{"fact": "case.is_complaint", "is": "yes"}]},
    )  # fmt: skip
    graded = rule("case.opened", {"action": "complaint.grade", "parameters": {"grade": "public"}})
    hear("I complain: the kettle leaks", subject="Kettle")
    hear("When do you open?", "bob@example.org")
    events.deliver_pending()
    assert (outcomes(opening), outcomes(promising)) == (["fired", "not_met"], ["fired"])
    complaint = Complaint.objects.get()
    assert complaint.case.subject == "Kettle"
    promise = Promise.objects.get()
    assert (promise.case_id, promise.customer_id) == (complaint.pk, complaint.case.customer_id)
    assert sorted(outcomes(graded)) == ["failed", "fired"], "a case that is no complaint has no grade"


def test_promises_are_heard_and_stand_in_the_stream_of_their_customer(ann: Actor) -> None:
    heard = {what: rule(f"promise.{what}", {"action": "tell.role", "parameters": {"role": "manager"}})
             for what in ("made", "kept", "broken", "released")}  # fmt: skip
    customer = create_customer(actor=system_actor(), values={"name": "Zoe", "kind": "person"})
    soon = clock.now() + timedelta(days=1)
    made = [promises.make_promise(actor=ann, customer_id=customer.pk, text=f"p{n}", due_at=soon) for n in range(3)]
    promises.keep_promise(actor=ann, promise_id=made[0].pk)
    Promise.objects.filter(pk=made[1].pk).update(due_at=clock.now() - timedelta(minutes=1))
    assert promises.break_promise(promise_id=made[1].pk)
    promises.move_promise(actor=ann, promise_id=made[2].pk, due_at=soon + timedelta(days=1), note="They asked for it")
    events.deliver_pending()
    assert {what: len(outcomes(one)) for what, one in heard.items()} == {
        "made": 4, "kept": 1, "broken": 1, "released": 1,
    }  # fmt: skip
    seen = timeline.read(ann, customer.pk).items
    kinds = [item.kind.key for item in seen]
    assert (kinds.count("promise"), kinds.count("promise_ended")) == (4, 3)
    assert {item.entry.tone for item in seen if item.kind.key == "promise_ended"} == {"success", "danger", "neutral"}
    first = timeline.read(ann, customer.pk, limit=5)
    rest = timeline.read(ann, customer.pk, limit=5, after=first.following)
    assert [(one.kind.key, one.entry.id) for one in [*first.items, *rest.items]] == [
        (one.kind.key, one.entry.id) for one in seen[:10]
    ]


def test_closing_and_opening_again_are_heard(ann: Actor) -> None:
    heard = rule("complaint.closed", {"action": "tell.role", "parameters": {"role": "manager"}})
    case: Case = open_case(actor=ann, values={"subject": "Leaks", "description": "x", "case_type": "complaint"})
    for gift in GIFTS.values():
        gift(ann, case)
    close(ann, case)
    set_state(actor=ann, case_id=case.pk, state=CaseState.OPEN)
    plain = open_case(actor=ann, values={"subject": "A question"})
    close(ann, plain)
    events.deliver_pending()
    assert outcomes(heard) == ["fired"]


def test_followers_and_webhooks_hear_of_a_complaint_once(ann: Actor, max_: Actor) -> None:
    """Who follows the case is told once of each act; a webhook hears with the rights of its user, details as these allow."""
    case = open_case(actor=ann, values={"subject": "Leaks", "description": "x", "case_type": "complaint"})
    follow(actor=max_, about=RecordRef("case", case.pk))
    user = User.objects.get(pk=max_.user_id)
    hook, _secret = create_endpoint(actor=max_, url="https://hook.example.org/x", label="hook")
    events.deliver_pending()
    WebhookMessage.objects.all().delete()
    Notification.objects.all().delete()
    handling.record_complaint(actor=ann, case_id=case.pk, values={"grade": "major"})
    events.deliver_pending()
    assert Notification.objects.get(user=user, sort="followed").count == 1
    heard = {row.type: row for row in WebhookMessage.objects.filter(endpoint=hook)}
    assert set(heard) == {"case.changed", "complaint.graded"}
    assert heard["complaint.graded"].data == {"id": case.public_id, "grade": "major"}
    found = complaint_details(max_, case.pk)
    assert found is not None
    assert (found["grade"], "words" in found) == ("major", False)

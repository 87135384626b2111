"""Merging customers with everything of the front desk, and parting them again."""

from datetime import timedelta
from typing import Any

import pytest

from guanxi.conversations.models import ChatVisitor, Conversation, MaybeMatch, Message
from guanxi.core import clock
from guanxi.core.actor import Actor, actor_of
from guanxi.core.models import Role, User
from guanxi.customers.public import create_customer
from guanxi.customers.services.merging import merge_customers, undo_merge
from guanxi.customers.tests.test_merging import state
from guanxi.routing.models import WorkItem
from guanxi.service.complaints.services.promises import make_promise
from guanxi.service.models import Case, Complaint, Promise
from guanxi.service.public import open_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(db: None) -> Actor:
    """The owner of the company, who may do everything."""
    return actor_of(User.objects.create_user("boss", "secret-enough", role=Role.objects.get(key="owner"), name="老板"))


def test_talk_cases_complaints_and_promises_go_over_and_come_back(hear: Any, owner: Actor) -> None:
    one, two = (
        create_customer(actor=owner, values={"name": name, "kind": "person"}, contact_points=[point])
        for name, point in (
            ("Zoe", {"kind": "email", "value": "zoe@example.org"}),
            ("Zoe Miller", {"kind": "email", "value": "z.miller@example.org"}),
        )
    )
    mine, theirs = hear("About cups"), hear("About plates", "z.miller@example.org")
    assert Conversation.objects.get(pk=theirs.conversation.pk).customer_id == two.pk
    case = open_case(
        actor=owner, values={"subject": "Broken", "case_type": "complaint"}, conversation_id=theirs.conversation.pk
    )
    promise = make_promise(actor=owner, case_id=case.pk, text="New plates", due_at=clock.now() + timedelta(days=2))
    # Both may be behind a third conversation: after the merge that is said once.
    third = hear("About both", "somebody@example.org")
    for customer in (one, two):
        MaybeMatch.objects.get_or_create(
            conversation=third.conversation, customer=customer, defaults={"reason": "same_name"}
        )
    now = clock.now()
    visitor = ChatVisitor.objects.create(
        channel=theirs.conversation.channel, customer=two, name="Z", begun_at=now, seen_at=now
    )
    before = state()
    [merge] = merge_customers(actor=owner, keep_id=one.pk, absorb_ids=[two.pk])
    for model in (Conversation, Message, Case, Promise):
        assert not model.objects.filter(customer=two.pk).exists(), model
    assert set(Conversation.objects.filter(customer=one.pk)) >= {mine.conversation, theirs.conversation}
    assert Promise.objects.get(pk=promise.pk).customer_id == one.pk
    assert Complaint.objects.get(case__customer=one.pk).case_id == case.pk
    assert ChatVisitor.objects.get(pk=visitor.pk).customer_id == one.pk
    assert list(MaybeMatch.objects.filter(customer=one.pk).values_list("conversation", flat=True)) == [
        third.conversation.pk
    ]
    assert not WorkItem.objects.filter(customer=two.pk).exists()
    undo_merge(actor=owner, merge_id=merge.pk)
    after = state()
    for name, rows in before.items():
        assert after[name] == rows, name

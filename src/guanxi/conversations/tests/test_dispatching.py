"""A conversation enters its queue when it needs an answer, is given to somebody, and leaves when it is done."""

from typing import Any

import pytest
from django.test import Client

from guanxi.conversations.public import assign_conversation, finish_conversation, reopen_conversation
from guanxi.conversations.services import dispatching
from guanxi.core import changes, events
from guanxi.core.actor import actor_of, system_actor
from guanxi.core.models import Role, User
from guanxi.routing.public import WorkState, assign

pytestmark = pytest.mark.django_db


def test_what_needs_an_answer_waits_and_what_is_done_does_not(hear: Any) -> None:
    """In, answered, done, opened again: the work follows, and whoever had it has it again."""
    ann = User.objects.create_user("ann", password="x", role=Role.objects.get(key="agent"))
    heard = hear("Where is it?", message_id="<a@x>")
    item = dispatching.open_item(heard.conversation)
    assert (item.state, item.needs_answer) == (WorkState.WAITING, True)
    assign(actor=system_actor(), item_id=item.pk, user_id=ann.pk)
    events.deliver_pending()
    heard.conversation.refresh_from_db()
    assert heard.conversation.assignee_id == ann.pk
    assert heard.conversation.queue_id == item.queue_id
    finish_conversation(actor=actor_of(ann), conversation_id=heard.conversation.pk)
    assert dispatching.open_item(heard.conversation) is None
    reopen_conversation(actor=actor_of(ann), conversation_id=heard.conversation.pk)
    assert dispatching.open_item(heard.conversation).assignee_id == ann.pk


def test_assigning_on_the_desk_is_an_assignment_of_the_work(hear: Any) -> None:
    """By hand as well as by strategy there is one truth about who has it; an undo gives it back."""
    ann = User.objects.create_user("ann", password="x", role=Role.objects.get(key="agent"))
    heard = hear("Where is it?")
    assign_conversation(actor=system_actor(), conversation_id=heard.conversation.pk, user_id=ann.pk)
    assert dispatching.open_item(heard.conversation).assignee_id == ann.pk
    assign_conversation(actor=system_actor(), conversation_id=heard.conversation.pk, user_id=None)
    assert dispatching.open_item(heard.conversation).state == WorkState.WAITING


def test_whoever_opens_what_they_were_given_has_accepted_it(hear: Any, client: Client) -> None:
    """It no longer goes on to the next one when the time to accept is over; a colleague's look says nothing."""
    people = [
        User.objects.create_user(name, password="x", role=Role.objects.get(key="agent")) for name in ("ann", "bo")
    ]
    heard = hear("Where is it?")
    item = dispatching.open_item(heard.conversation)
    assign(actor=system_actor(), item_id=item.pk, user_id=people[0].pk)
    seen = f"/desk/{heard.conversation.public_id}/seen"
    for person, is_accepted in ((people[1], False), (people[0], True)):
        client.force_login(person)
        assert client.post(seen).status_code == 204
        item.refresh_from_db()
        assert (item.accepted_at is not None) == is_accepted
    assert item.assignments.get().accepted_at == item.accepted_at


def test_an_undo_of_done_puts_it_back_among_the_work(hear: Any) -> None:
    """What the journal takes back is told to routing too."""
    heard = hear("Where is it?")
    operation = finish_conversation(actor=system_actor(), conversation_id=heard.conversation.pk)
    changes.undo_operation(actor=system_actor(), operation_id=operation)
    events.deliver_pending()
    assert dispatching.open_item(heard.conversation) is not None

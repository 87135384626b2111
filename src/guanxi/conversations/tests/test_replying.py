"""Answers go out once, can be taken back for a moment, and say what became of them."""

from datetime import timedelta
from typing import Any

import pytest

from guanxi.conversations.adapters import DeliveryError
from guanxi.conversations.choices import ConversationState, DeliveryState, DraftKind
from guanxi.conversations.models import Draft, Message
from guanxi.conversations.public import Outgoing, finish_conversation, send_message, take_back, write_note
from guanxi.conversations.services import delivering, dispatching
from guanxi.conversations.services.answering import try_again
from guanxi.conversations.services.replying import save_draft
from guanxi.core import clock
from guanxi.core.actor import actor_of
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.core.models import Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(db: None) -> Any:
    """An agent."""
    user = User.objects.create_user("ann", password="x", role=Role.objects.get(key="agent"), name="Ann")
    return actor_of(user)


def test_an_answer_is_held_then_handed_over_once(hear: Any, outlet: Any, ann: Any) -> None:
    """Before its time it stays, afterwards it goes once."""
    heard = hear("Where is it?")
    message = send_message(actor=ann, conversation_id=heard.conversation.pk, outgoing=Outgoing("On its way."))
    assert message.delivery == DeliveryState.HELD
    assert message.to == ["ann@example.org"]
    assert delivering.deliver(message.pk) == message.held_until
    assert not outlet.delivered
    Message.objects.filter(pk=message.pk).update(held_until=clock.now() - timedelta(seconds=1))
    delivering.deliver(message.pk)
    delivering.deliver(message.pk)
    assert [one.pk for one in outlet.delivered] == [message.pk]
    message.refresh_from_db()
    assert message.delivery == DeliveryState.SENT
    assert message.conversation.waiting_since is None


def test_what_is_taken_back_becomes_a_draft_and_the_customer_waits_again(hear: Any, outlet: Any, ann: Any) -> None:
    """Nothing is sent and nothing that was written is lost."""
    heard = hear("Where is it?")
    message = send_message(actor=ann, conversation_id=heard.conversation.pk, outgoing=Outgoing("On its way."))
    take_back(actor=ann, message_id=message.pk)
    assert delivering.deliver(message.pk) is None
    assert not outlet.delivered
    heard.conversation.refresh_from_db()
    assert heard.conversation.waiting_since == heard.message.at
    assert heard.conversation.message_count == 1
    assert Draft.objects.get().text == "On its way."


def test_what_went_cannot_be_taken_back(hear: Any, outlet: Any, ann: Any) -> None:
    """After the hand-over it is too late, and that is said."""
    heard = hear("Where is it?")
    message = send_message(
        actor=ann, conversation_id=heard.conversation.pk, outgoing=Outgoing("On its way."), hold_seconds=0
    )
    delivering.deliver(message.pk)
    with pytest.raises(Conflict):
        take_back(actor=ann, message_id=message.pk)


def test_a_failure_is_told_with_its_reason(hear: Any, outlet: Any, ann: Any) -> None:
    """One that may pass is tried again, a final one is noted."""
    heard = hear("Where is it?")
    message = send_message(
        actor=ann, conversation_id=heard.conversation.pk, outgoing=Outgoing("On its way."), hold_seconds=0
    )
    outlet.failing = DeliveryError("away", "connection refused")
    with pytest.raises(DeliveryError):
        delivering.deliver(message.pk)
    outlet.failing = DeliveryError("refused", "no such user", is_final=True)
    delivering.deliver(message.pk)
    message.refresh_from_db()
    assert (message.delivery, message.error, message.error_detail) == (DeliveryState.FAILED, "refused", "no such user")


def test_an_answer_that_failed_ended_no_waiting(hear: Any, outlet: Any, ann: Any) -> None:
    """What was done with it is open again, among the work; tried again it answers; what nobody waited for stays done."""
    heard = hear("Where is it?")
    row = heard.conversation
    message = send_message(actor=ann, conversation_id=row.pk, outgoing=Outgoing("On its way."), hold_seconds=0)
    finish_conversation(actor=ann, conversation_id=row.pk)
    delivering.mark_failed(message.pk, "gone")
    row.refresh_from_db()
    assert (row.state, row.waiting_since) == (ConversationState.OPEN, heard.message.at)
    assert dispatching.open_item(row).needs_answer
    try_again(actor=ann, message_id=message.pk)
    row.refresh_from_db()
    assert row.waiting_since is None
    delivering.deliver(message.pk)
    other = send_message(actor=ann, conversation_id=row.pk, outgoing=Outgoing("Was it right?"), hold_seconds=0)
    finish_conversation(actor=ann, conversation_id=row.pk)
    delivering.mark_failed(other.pk, "gone")
    row.refresh_from_db()
    assert (row.state, row.waiting_since) == (ConversationState.DONE, None)


def test_notes_stay_inside_and_drafts_are_kept(hear: Any, outlet: Any, ann: Any) -> None:
    """A note is no answer; an empty answer is refused; a draft lasts until it is emptied."""
    heard = hear("Where is it?")
    write_note(actor=ann, conversation_id=heard.conversation.pk, text="Ask the warehouse")
    heard.conversation.refresh_from_db()
    assert heard.conversation.waiting_since is not None
    with pytest.raises(InvalidInput):
        send_message(actor=ann, conversation_id=heard.conversation.pk, outgoing=Outgoing("  "))
    save_draft(actor=ann, conversation_id=heard.conversation.pk, kind=DraftKind.REPLY, text="Dear")
    save_draft(actor=ann, conversation_id=heard.conversation.pk, kind=DraftKind.REPLY, text="Dear Ann")
    assert Draft.objects.get().text == "Dear Ann"
    save_draft(actor=ann, conversation_id=heard.conversation.pk, kind=DraftKind.REPLY, text=" ")
    assert not Draft.objects.exists()

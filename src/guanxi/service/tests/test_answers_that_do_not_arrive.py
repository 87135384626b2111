"""An answer that did not arrive answered nobody: the customer waits again; tried again, it answers."""

from typing import Any

import pytest

from guanxi.conversations.desk.registries import desk_views
from guanxi.conversations.models import Conversation, Message
from guanxi.conversations.public import Outgoing, send_message
from guanxi.conversations.services import answering, delivering
from guanxi.conversations.services.answering import Further
from guanxi.core import events
from guanxi.core.actor import Actor
from guanxi.service.choices import CaseState
from guanxi.service.clocks.choices import State
from guanxi.service.models import Case
from guanxi.service.public import open_for_message
from guanxi.service.tests.conftest import clocks

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(ann: Actor, hear: Any) -> Case:
    """Of a question."""
    found = open_for_message(actor=ann, message_id=hear("Where is my kettle?").message.pk)
    assert found is not None
    return found


def waits(ann: Actor, case: Case) -> bool:
    """Whether the desk has its customer among those who wait."""
    view = desk_views.get("waiting")
    assert view is not None
    return view.narrow(Conversation.objects.filter(pk=case.conversation_id), ann).exists()


def test_whose_answer_did_not_arrive_waits_again(ann: Actor, case: Case) -> None:
    """On the desk as by the clocks, since when they wrote; and no more once it is tried again."""
    heard = Message.objects.get()
    message = send_message(
        actor=ann, conversation_id=case.conversation_id or 0, outgoing=Outgoing(text="It is here"), hold_seconds=60
    )
    events.deliver_pending()
    assert (clocks(case)["first_answer", 1].state, waits(ann, case)) == (State.MET, False)
    delivering.mark_failed(message.pk, "refused")
    events.deliver_pending()
    assert (clocks(case)["first_answer", 1].state, waits(ann, case)) == (State.RUNNING, True)
    assert Conversation.objects.get().waiting_since == heard.at
    answering.try_again(actor=ann, message_id=message.pk)
    events.deliver_pending()
    assert (clocks(case)["first_answer", 1].state, waits(ann, case)) == (State.MET, False)


def test_what_arrived_after_all_answers(ann: Actor, case: Case) -> None:
    """A connector that took an answer for lost says that it is there."""
    message = send_message(
        actor=ann, conversation_id=case.conversation_id or 0, outgoing=Outgoing(text="It is here"), hold_seconds=60
    )
    delivering.mark_failed(message.pk, "connector")
    events.deliver_pending()
    delivering.mark(message.pk, delivering.DeliveryState.DELIVERED)
    events.deliver_pending()
    assert (clocks(case)["first_answer", 1].state, waits(ann, case)) == (State.MET, False)


def test_what_is_chosen_at_sending_holds_before_the_state_that_a_macro_sets(ann: Actor, case: Case) -> None:
    """The case is not solved for a moment and opened again: that would count among the figures."""
    answering.answer(
        actor=ann,
        conversation_id=case.conversation_id or 0,
        outgoing=Outgoing(text="Which one?"),
        further=Further(actions=[("case.state", "solved"), ("case.priority", "1")], then="waiting"),
    )
    case.refresh_from_db()
    assert (case.state, case.priority, case.reopened_count) == (CaseState.WAITING, 1, 0)

"""Messages come in exactly once, find their conversation and their customer, and say who waits since when."""

from typing import Any

import pytest

from guanxi.conversations.choices import ConversationState, Match, MessageClass
from guanxi.conversations.models import Conversation, MaybeMatch, Message
from guanxi.conversations.public import Direction, finish_conversation, settle_customer
from guanxi.core import changes
from guanxi.core.actor import system_actor
from guanxi.core.models import Change
from guanxi.core.models.events import OutboxEvent
from guanxi.customers.choices import CustomerStatus
from guanxi.customers.models import Customer
from guanxi.customers.public import create_customer

pytestmark = pytest.mark.django_db


def test_a_message_delivered_twice_is_there_once(hear: Any) -> None:
    """A repeated delivery gives the first result and tells nobody again."""
    first = hear("Where is my parcel?", external_key="k1")
    again = hear("Where is my parcel?", external_key="k1")
    assert again.is_repeated
    assert again.message.pk == first.message.pk
    assert Message.objects.count() == 1
    assert OutboxEvent.objects.filter(name="conversations.MessageReceived").count() == 1


def test_who_is_unknown_becomes_a_prospect_and_is_known_the_next_time(hear: Any) -> None:
    """One customer is made of the first message, and the next conversation finds it."""
    first = hear("Hello", subject="Question")
    customer = Customer.objects.get(pk=first.conversation.customer_id)
    assert customer.status == CustomerStatus.PROSPECT
    assert customer.name == "Ann"
    assert first.conversation.match == Match.NEW
    second = hear("Another matter", subject="Other")
    assert second.conversation.pk != first.conversation.pk
    assert second.conversation.customer_id == customer.pk
    assert second.conversation.match == Match.CERTAIN
    customer.refresh_from_db()
    assert customer.last_contact_at == second.message.at


def test_who_may_be_known_is_settled_with_one_act_that_can_be_undone(hear: Any) -> None:
    """A customer of the same name is proposed, not taken."""
    actor = system_actor()
    known = create_customer(actor=actor, values={"name": "王小明"})
    heard = hear("您好", "xm@example.org", name="王小明")
    assert heard.conversation.match == Match.MAYBE
    assert heard.conversation.customer_id != known.pk
    assert list(MaybeMatch.objects.values_list("customer_id", "reason")) == [(known.pk, "same_name")]
    operation = settle_customer(actor=actor, conversation_id=heard.conversation.pk, customer_id=known.pk)
    message = Message.objects.get()
    assert message.customer_id == known.pk == message.conversation.customer_id
    assert not MaybeMatch.objects.exists()
    changes.undo_operation(actor=actor, operation_id=operation)
    assert Message.objects.get().customer_id != known.pk
    assert MaybeMatch.objects.count() == 1


def test_a_reply_goes_to_the_thread_that_it_answers(hear: Any) -> None:
    """By the Message-ID that it answers, else by the newest reference that is known."""
    first = hear("One", message_id="<a@x>")
    second = hear("Two", message_id="<b@x>", in_reply_to="<a@x>")
    third = hear(
        "Three", "bob@example.org", message_id="<c@x>", in_reply_to="<gone@x>", references=["<a@x>", "<nowhere@x>"]
    )
    assert first.conversation.pk == second.conversation.pk == third.conversation.pk
    assert third.conversation.message_count == 3
    places = list(Message.objects.order_by("at").values_list("text", flat=True))
    assert places == ["One", "Two", "Three"]


def test_what_wants_no_answer_opens_nothing(hear: Any) -> None:
    """An out-of-office reply is kept in its thread, makes nobody wait and opens no done conversation."""
    first = hear("Question", message_id="<a@x>")
    finish_conversation(actor=system_actor(), conversation_id=first.conversation.pk)
    away = hear("I am away", in_reply_to="<a@x>", message_class=MessageClass.OUT_OF_OFFICE)
    assert away.conversation.state == ConversationState.DONE
    assert away.conversation.waiting_since is None
    stray = hear("Buy now", "news@shop.example", message_class=MessageClass.BULK)
    assert stray.conversation.state == ConversationState.DONE
    assert stray.conversation.customer_id is None
    back = hear("And now?", in_reply_to="<a@x>")
    assert back.conversation.state == ConversationState.OPEN
    assert back.conversation.waiting_since == back.message.at


def test_another_channel_goes_on_in_the_open_conversation(hear: Any) -> None:
    """A customer known for certain who has an open conversation goes on in it, where the channel says so."""
    first = hear("By mail")
    Conversation.objects.filter(pk=first.conversation.pk).update(match=Match.CERTAIN)
    second = hear("By chat", joins_open=True)
    assert second.conversation.pk == first.conversation.pk
    finish_conversation(actor=system_actor(), conversation_id=first.conversation.pk)
    assert hear("Later", joins_open=True).conversation.pk != first.conversation.pk


def test_waiting_ends_with_our_answer(hear: Any) -> None:
    """Since when somebody waits is the oldest unanswered message."""
    first = hear("One", message_id="<a@x>")
    second = hear("Two", in_reply_to="<a@x>")
    assert second.conversation.waiting_since == first.message.at
    ours = hear("Answer", in_reply_to="<a@x>", direction=Direction.OUT)
    assert ours.conversation.waiting_since is None
    assert ours.conversation.last_outbound_at == ours.message.at


def test_the_journal_does_not_repeat_what_was_said(hear: Any) -> None:
    """That a message came stands in the journal; its words stand in one place alone."""
    hear("the words that nobody else keeps")
    assert Change.objects.filter(kind="message", act="create").exists()
    assert "nobody else keeps" not in str(list(Change.objects.values_list("after", flat=True)))

"""What came by a form goes on in the customer's open conversation once it is settled whose it is; cases go along."""

from collections.abc import Callable
from typing import Any

import pytest

from guanxi.conversations.choices import ChannelKind, ConversationState, Match
from guanxi.conversations.matching import Contact
from guanxi.conversations.models import Channel, Conversation, Message
from guanxi.conversations.public import Inbound, Received, assign_conversation, receive, settle_customer
from guanxi.conversations.services.arranging import merge_conversations
from guanxi.conversations.services.conversations import settle_as_new
from guanxi.core import clock, jobs
from guanxi.core.actor import Actor
from guanxi.core.changes import undo_operation
from guanxi.customers.choices import CustomerStatus
from guanxi.customers.models import ContactPoint, Customer
from guanxi.service.choices import LIVE_STATES, CaseState, CaseType
from guanxi.service.models import Case
from guanxi.service.public import open_for_message, update_case

pytestmark = pytest.mark.django_db
Say = Callable[..., Received]


@pytest.fixture
def say(ann: Actor) -> Say:
    """Somebody speaks by a kind of channel; a case opens, as the rule that ships with Guanxi does it."""
    channels = {
        kind: Channel.objects.create(kind=kind, name=str(kind), created_at=clock.now())
        for kind in (ChannelKind.EMAIL, ChannelKind.FORM)
    }

    def said(kind: ChannelKind, text: str, **given: Any) -> Received:
        contact = Contact("email", "zoe@example.org", "Zoe", is_verified=kind is ChannelKind.EMAIL)
        heard = receive(Inbound(channel=channels[kind], contact=contact, text=text, subject=text, **given))
        open_for_message(actor=ann, message_id=heard.message.pk)
        return heard

    return said


def live(conversation: Conversation) -> list[Case]:
    """The live cases of a conversation."""
    return list(Case.objects.filter(conversation=conversation, state__in=LIVE_STATES))


def test_one_click_makes_one_customer_one_conversation_one_case(ann: Actor, say: Say) -> None:
    """And one undo gives all of it back."""
    mail, form = say(ChannelKind.EMAIL, "It leaks"), say(ChannelKind.FORM, "It still leaks")
    assert (form.conversation.match, form.conversation.customer_id) == (Match.MAYBE, None)
    (first,), (second,) = live(mail.conversation), live(form.conversation)
    operation = settle_customer(
        actor=ann, conversation_id=form.conversation.pk, customer_id=mail.conversation.customer_id
    )
    kept, gone = Conversation.objects.get(pk=mail.conversation.pk), Conversation.objects.get(pk=form.conversation.pk)
    assert (gone.merged_into_id, gone.state, gone.customer_id) == (kept.pk, ConversationState.DONE, kept.customer_id)
    assert (kept.channel_kind, kept.message_count, kept.waiting_since) == (ChannelKind.FORM, 2, mail.message.at)
    assert set(Message.objects.values_list("conversation", "customer")) == {(kept.pk, kept.customer_id)}
    assert live(kept) == [first]
    second.refresh_from_db()
    assert (second.state, second.parent, second.customer_id) == (CaseState.CLOSED, first, kept.customer_id)
    undo_operation(actor=ann, operation_id=operation or 0)
    assert live(kept) == [first]
    (again,) = live(gone)
    assert (again.pk, again.state, again.parent_id, again.customer_id) == (second.pk, CaseState.NEW, None, None)
    assert Conversation.objects.get(pk=kept.pk).channel_kind == ChannelKind.EMAIL


def test_a_complaint_stands_for_both_and_a_second_one_goes_on(ann: Actor, say: Say) -> None:
    """Nothing that closing would refuse is closed by joining."""
    mail, form = say(ChannelKind.EMAIL, "Where is it?"), say(ChannelKind.FORM, "I complain")
    (enquiry,), (complaint,) = live(mail.conversation), live(form.conversation)
    update_case(actor=ann, case_id=complaint.pk, values={"case_type": CaseType.COMPLAINT})
    customer = mail.conversation.customer_id
    settle_customer(actor=ann, conversation_id=form.conversation.pk, customer_id=customer)
    assert live(mail.conversation) == [complaint]
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.parent_id) == (CaseState.CLOSED, complaint.pk)
    other = say(ChannelKind.EMAIL, "Another complaint")
    (second,) = live(other.conversation)
    update_case(actor=ann, case_id=second.pk, values={"case_type": CaseType.COMPLAINT})
    merge_conversations(actor=ann, keep_id=mail.conversation.pk, absorb_id=other.conversation.pk)
    second.refresh_from_db()
    assert live(mail.conversation) == [complaint]
    assert (second.state, second.parent_id) == (CaseState.NEW, complaint.pk)


def test_what_is_somebody_elses_or_done_stays_apart(ann: Actor, say: Say) -> None:
    """A mail begins a conversation of its own, settled or not; a done conversation takes nothing in."""
    first, second = say(ChannelKind.EMAIL, "One"), say(ChannelKind.EMAIL, "Two")
    customer = first.conversation.customer_id
    Conversation.objects.filter(pk=second.conversation.pk).update(match=Match.MAYBE)
    settle_customer(actor=ann, conversation_id=second.conversation.pk, customer_id=customer)
    assert Conversation.objects.get(pk=second.conversation.pk).merged_into_id is None
    Conversation.objects.all().update(state=ConversationState.DONE)
    form = say(ChannelKind.FORM, "Three")
    settle_customer(actor=ann, conversation_id=form.conversation.pk, customer_id=customer)
    assert Conversation.objects.get(pk=form.conversation.pk).merged_into_id is None
    assert live(form.conversation)[0].customer_id == customer


def test_somebody_new_behind_a_known_address(ann: Actor, say: Say) -> None:
    """A prospect without the address; whoever takes the conversation answers for its case."""
    mail, form = say(ChannelKind.EMAIL, "One"), say(ChannelKind.FORM, "I am another Zoe")
    settled = settle_as_new(actor=ann, conversation_id=form.conversation.pk)
    row = Conversation.objects.get(pk=form.conversation.pk)
    assert row.match == Match.CERTAIN
    assert row.customer_id not in {None, mail.conversation.customer_id}
    assert not ContactPoint.objects.filter(customer=row.customer_id).exists()
    made = Customer.objects.get(pk=row.customer_id)
    assert made.status == CustomerStatus.PROSPECT
    assert live(row)[0].owner_id is None
    assign_conversation(actor=ann, conversation_id=row.pk, user_id=ann.user_id)
    jobs.run_pending()
    assert live(row)[0].owner_id == ann.user_id
    assert settled is not None
    undo_operation(actor=ann, operation_id=settled)
    made.refresh_from_db()
    assert made.status == CustomerStatus.ARCHIVED, "nobody is left behind"

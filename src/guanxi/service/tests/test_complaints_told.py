"""The customer of a complaint is told by a message: one act, and taken back it was told to nobody."""

from typing import Any

import pytest
from django.test import Client

from guanxi.conversations.choices import DeliveryState, Direction
from guanxi.conversations.models import Message
from guanxi.conversations.public import take_back
from guanxi.core.actor import Actor
from guanxi.core.models import User
from guanxi.service.complaint_choices import Step
from guanxi.service.complaints import queries, steps
from guanxi.service.models import Case, Complaint, Telling
from guanxi.service.public import open_for_message

pytestmark = pytest.mark.django_db
UNTOLD = "The customer has not been told what we do, when, how and in which words."


@pytest.fixture
def complaint(ann: Actor, hear: Any) -> Complaint:
    """Of a conversation, made with one click."""
    case = open_for_message(actor=ann, message_id=hear("The kettle leaks").message.pk)
    assert case is not None
    client = Client()
    client.force_login(User.objects.get(pk=ann.user_id))
    answer = client.post(f"/cases/{case.public_id}/complaint/begin")
    assert answer["Location"] == f"/cases/{case.public_id}/complaint"
    return Complaint.objects.get(pk=case.pk)


def test_told_by_a_message_that_goes_out(ann: Actor, complaint: Complaint) -> None:
    """It stands in the conversation and among what was told; taken back or failed, it does not count."""
    client = Client()
    client.force_login(User.objects.get(pk=ann.user_id))
    act = f"/cases/{Case.objects.get().public_id}/complaint/tell"
    assert client.post(act, {"channel": "send", "words": "We mend it."}).status_code == 302
    told = Telling.objects.get()
    message = Message.objects.get(direction=Direction.OUT)
    assert (told.message, told.words, told.channel) == (message, message.text, message.channel_kind)
    assert UNTOLD not in steps.lacking(complaint, Step.PLAN)
    Message.objects.filter(pk=message.pk).update(delivery=DeliveryState.FAILED)
    assert UNTOLD in steps.lacking(complaint, Step.PLAN)
    Message.objects.filter(pk=message.pk).update(delivery=DeliveryState.HELD)
    take_back(actor=ann, message_id=message.pk)
    assert not Telling.objects.exists()


def test_the_last_word_begins_with_what_the_customer_said_last(complaint: Complaint, hear: Any) -> None:
    """Until somebody answers it."""
    last = queries.last_said(complaint)
    assert last is not None
    assert last.new_text == "The kettle leaks"
    thanks = hear("All is well", conversation_id=complaint.case.conversation_id)
    assert queries.last_said(complaint) == thanks.message

"""Contacts outside the system are written down: with whom, by which means, what was said, when."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guanxi.conversations.adapters.by_hand.services import Logged, log_contact
from guanxi.conversations.choices import ChannelKind, Direction
from guanxi.conversations.models import Channel, Conversation, Message
from guanxi.core import clock
from guanxi.core.actor import Actor, actor_of
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.core.models import Role, User
from guanxi.customers.models import Customer
from guanxi.customers.public import create_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(db: None) -> Actor:
    """An agent."""
    return actor_of(User.objects.create_user("ann", password="x", role=Role.objects.get(key="agent"), name="Ann"))


def test_a_call_of_a_customer_goes_on_in_the_open_conversation(ann: Actor, hear: Any) -> None:
    """One conversation over mail and telephone; the call waits for an answer only where that was said."""
    heard = hear("By mail")
    customer_id = heard.conversation.customer_id
    said = clock.now() - timedelta(hours=2)
    logged = Logged(ChannelKind.PHONE, Direction.IN, "Rang about the kettle", customer_id=customer_id, said_at=said)
    found = log_contact(actor=ann, logged=logged)
    assert found.conversation.pk == heard.conversation.pk
    message = Message.objects.get(pk=found.message.pk)
    assert (message.channel_kind, message.said_at, message.author_id, message.needs_answer) == (
        "phone",
        said,
        ann.user_id,
        False,
    )
    log_contact(actor=ann, logged=Logged(ChannelKind.PHONE, Direction.OUT, "Rang back", customer_id=customer_id))
    assert Conversation.objects.get().waiting_since is None
    assert Channel.objects.filter(kind=ChannelKind.PHONE).count() == 1


def test_an_unknown_caller_becomes_a_prospect_and_a_known_number_its_customer(ann: Actor) -> None:
    """By the number, in whatever form it was written."""
    known = create_customer(
        actor=ann, values={"name": "王小明"}, contact_points=[{"kind": "phone", "value": "138 0013 8000"}]
    )
    logged = Logged(
        ChannelKind.PHONE, Direction.IN, "Asks for a price", contact_value="+86 13800138000", needs_answer=True
    )
    assert log_contact(actor=ann, logged=logged).conversation.customer_id == known.pk
    logged = Logged(ChannelKind.PHONE, Direction.IN, "Asks too", contact_value="13900139000", contact_name="李")
    assert Customer.objects.get(pk=log_contact(actor=ann, logged=logged).conversation.customer_id).name == "李"


def test_what_cannot_be_is_refused_in_words(ann: Actor) -> None:
    """Nothing said, nobody named, the future, a kind that comes in by itself, a customer who is not there."""
    for logged in (
        Logged(ChannelKind.PHONE, Direction.IN, " ", contact_value="13800138000"),
        Logged(ChannelKind.PHONE, Direction.IN, "x"),
        Logged(ChannelKind.PHONE, Direction.IN, "x", contact_value="1", said_at=clock.now() + timedelta(days=1)),
        Logged(ChannelKind.EMAIL, Direction.IN, "x", contact_value="a@b.example"),
    ):
        with pytest.raises(InvalidInput):
            log_contact(actor=ann, logged=logged)
    with pytest.raises(NotFound):
        log_contact(actor=ann, logged=Logged(ChannelKind.VISIT, Direction.IN, "x", customer_id=99))
    assert not Message.objects.exists()


def test_the_form_writes_a_letter_down_with_its_scan(client: Client, ann: Actor) -> None:
    """From a customer's page; what is wrong is said beside its field."""
    customer = create_customer(actor=ann, values={"name": "Zoe"})
    client.force_login(User.objects.get(username="ann"))
    where = f"/contacts/log?customer={customer.public_id}"
    assert "Zoe" in client.get(where).content.decode()
    given = {
        "customer": customer.public_id,
        "kind": "letter",
        "direction": "in",
        "said_on": "2026-11-02",
        "said_time": "09:30",
    }
    assert client.post("/contacts/log", given).status_code in {200, 422}
    answer = client.post("/contacts/log", {**given, "text": "Dear sirs", "subject": "Kettle"})
    assert answer.status_code in {204, 302}
    assert Message.objects.get().customer_id == customer.pk

"""How long conversations keep their words: those that are done end after the period, a legal hold keeps them."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q

from guanxi.conversations.models import Conversation, Draft, Message
from guanxi.conversations.public import InboundFile, Received, finish_conversation
from guanxi.core import changes, clock
from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.models import Change, Role, User
from guanxi.core.retention import activities
from guanxi.customers.models import Customer
from guanxi.customers.privacy import holds
from guanxi.customers.privacy.retention.customer_kinds import inactive
from guanxi.customers.tests.retaining import ago, end, lone, previewed, set_days
from guanxi.files.models import StoredFile
from guanxi.files.public import receive as keep
from guanxi.search.models import SearchEntry
from guanxi.search.public import refresh

pytestmark = pytest.mark.django_db
YEARS = 365 * 6


@pytest.fixture
def owner(db: None) -> Actor:
    """The owner of the company, who may do everything."""
    return actor_of(User.objects.create_user("boss", "secret-enough", role=Role.objects.get(key="owner"), name="老板"))


def age(received: Received, days: int) -> int:
    """Let a conversation be of some days ago."""
    moment = ago(days)
    Message.objects.filter(conversation=received.conversation).update(at=moment)
    Conversation.objects.filter(pk=received.conversation.pk).update(last_message_at=moment, created_at=moment)
    return int(received.conversation.pk)


def test_words_and_files_of_old_conversations_go_and_the_figures_stay(hear: Any, owner: Actor) -> None:
    file = InboundFile("receipt.txt", keep(io.BytesIO(b"a receipt of old times")))
    old = hear("About the teapot", "zoe@example.org", "Zoe", subject="Teapot", message_id="<a@x>", files=[file])
    held, young, going_on = (
        hear("Also about it", f"{name}@example.org", name, subject="Cups") for name in ("Max", "Eva", "Tim")
    )
    for one in (old, held, young):
        finish_conversation(actor=owner, conversation_id=one.conversation.pk)
    old_id = age(old, YEARS + 100)
    for one, days in ((held, YEARS + 100), (young, 30), (going_on, YEARS + 100)):
        age(one, days)
    Draft.objects.create(
        conversation=old.conversation, user_id=owner.user_id, kind="note", text="teapots", updated_at=clock.now()
    )
    refresh("conversation", [old_id])
    before = Message.objects.count()
    customer = Conversation.objects.get(pk=held.conversation.pk).customer
    assert customer is not None
    holds.set_hold(actor=owner, customer_id=customer.pk, reason="court")
    set_days(owner, "conversations", YEARS)
    run = previewed(owner, "conversations")
    assert (run.expected_count, run.held_count) == (2, 2), "a message and its conversation each"
    assert end(owner, run).counts["conversations.Conversation"] == 1
    row = Conversation.objects.get(pk=old_id)
    assert (row.subject, row.contact_value, row.contact_name, row.message_count > 0) == ("", "", "", True)
    said = Message.objects.get(pk=old.message.pk)
    assert (said.text, said.new_text, said.from_address, said.subject, said.message_id) == ("", "", "", "", "")
    assert said.channel_kind == old.message.channel_kind
    assert Message.objects.count() == before
    assert not StoredFile.objects.filter(record_kind="message", record_id=said.pk).exists()
    assert not Draft.objects.exists()
    assert "teapot" not in str(list(SearchEntry.objects.filter(kind="conversation").values())).lower()
    told = Change.objects.filter(Q(kind="message", record_id=said.pk) | Q(kind="conversation", record_id=old_id))
    assert not told.filter(erased_at__isnull=True).exclude(act=changes.ERASE).exists()
    for one in (held, young, going_on):
        assert Message.objects.get(pk=one.message.pk).text == "Also about it"
    assert previewed(owner, "conversations").expected_count == 0


def test_who_writes_still_deals_with_us(hear: Any, owner: Actor) -> None:
    """A customer with whom nothing else was is not inactive while a conversation is open, or was lately."""
    received = hear("Hello", "zoe@example.org", "Zoe")
    customer = lone(Customer.objects.get(pk=received.conversation.customer_id), days=YEARS)
    Customer.everything.filter(pk=customer.pk).update(last_contact_at=None)
    quiet = inactive("person")
    age(received, YEARS)
    assert customer not in quiet(ago(400))
    finish_conversation(actor=owner, conversation_id=received.conversation.pk)
    age(received, YEARS)
    assert customer in quiet(ago(400))
    age(received, 30)
    assert customer not in quiet(ago(400))
    assert activities["conversations"].latest([customer.pk])[customer.pk] > clock.now() - timedelta(days=31)
    assert system_actor().user_id is None

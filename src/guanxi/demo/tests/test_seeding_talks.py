"""Seeded conversations: as many as asked for, and as the desk itself would leave them."""

import pytest
from django.db.models import Count, F, Max
from django.test import Client

from guanxi.conversations.models import Conversation, Message
from guanxi.core.actor import console_actor
from guanxi.core.errors import InvalidInput
from guanxi.core.models import Role, User
from guanxi.demo.seeding.services import seed_base
from guanxi.demo.seeding.talking import seed_talks
from guanxi.routing.models import WorkItem
from guanxi.service.models import Case, CaseClock

pytestmark = pytest.mark.django_db(transaction=True)


def test_conversations_messages_and_cases_fit_together() -> None:
    """Counts and last moments are those of the messages; what is open waits somewhere; nothing lies in the future."""
    seed_base(actor=console_actor(), customers=30, orders_per_customer=0)
    made = seed_talks(actor=console_actor(), conversations=400, messages_each=3)
    assert (made.conversations, Conversation.objects.count(), Case.objects.count()) == (400, 400, 400)
    assert Message.objects.count() == made.messages
    counted = Message.objects.values("conversation").annotate(n=Count("pk"), last=Max("at"))
    stated = {row["conversation"]: (row["n"], row["last"]) for row in counted}
    assert {row.pk: (row.message_count, row.last_message_at) for row in Conversation.objects.all()} == stated
    assert not Conversation.objects.filter(last_message_at__gt=F("updated_at")).exists()
    assert not Message.objects.exclude(customer=F("conversation__customer")).filter(customer__isnull=False).exists()
    opened = set(Conversation.objects.filter(state="open").values_list("pk", flat=True))
    assert set(WorkItem.objects.values_list("record_id", flat=True)) == opened
    assert len(opened) == made.open_conversations > 3
    waiting = Case.objects.filter(due_at__isnull=False)
    assert CaseClock.objects.count() == waiting.count() == Conversation.objects.filter(due_at__isnull=False).count() > 0
    assert Conversation.objects.values("channel_kind").distinct().count() == 3


def test_what_somebody_has_in_hand_is_opened_and_finished_as_at_the_desk(client: Client) -> None:
    """Its work has its assignment: opening accepts it, taking it again changes nothing, done ends it."""
    ann = User.objects.create_user("ann", password="x", role=Role.objects.get(key="agent"))
    seed_base(actor=console_actor(), customers=30, orders_per_customer=0)
    seed_talks(actor=console_actor(), conversations=400, messages_each=3)
    item = WorkItem.objects.filter(assignee=ann).first()
    assert item is not None
    assert item.assignments.get(until__isnull=True).accepted_at == item.accepted_at
    path = Conversation.objects.get(pk=item.record_id).get_absolute_url()
    client.force_login(ann)
    assert client.post(f"{path}open").status_code == 200
    for act in ("take", "done"):
        assert client.post(f"{path}act", {"act": act}).status_code == 204, act
    item.refresh_from_db()
    assert (item.state, item.assignments.filter(until__isnull=True).exists()) == ("ended", False)


def test_what_is_asked_for_has_limits() -> None:
    """None and too many are refused in words."""
    with pytest.raises(InvalidInput, match="conversations"):
        seed_talks(actor=console_actor(), conversations=0)

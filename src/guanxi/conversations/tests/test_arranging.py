"""Split, merge, forward: nothing is lost, the figures are right, and an undo gives everything back."""

import io
import json
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.conversations.choices import ChannelKind, ConversationState, DeliveryState, Match
from guanxi.conversations.models import Channel, Conversation, Draft, Message
from guanxi.conversations.public import InboundFile, Outgoing, finish_conversation, send_message, settle_customer
from guanxi.conversations.services.arranging import merge_conversations, split_conversation
from guanxi.conversations.services.replying import save_draft
from guanxi.core import changes, clock, events
from guanxi.core.actor import Actor, actor_of
from guanxi.core.errors import Conflict, InvalidInput, NotFound
from guanxi.core.models import Operation, Role, User
from guanxi.customers.choices import CustomerStatus
from guanxi.customers.public import create_customer
from guanxi.files.public import files_of
from guanxi.files.public import receive as keep
from guanxi.routing.models import WorkItem
from guanxi.routing.public import WorkState

pytestmark = pytest.mark.django_db
FIGURES = ("message_count", "last_message_at", "last_inbound_at", "last_outbound_at", "waiting_since", "state")


@pytest.fixture
def ann(db: None) -> User:
    """An agent."""
    return User.objects.create_user("ann", password="x", role=Role.objects.get(key="agent"), name="Ann")


@pytest.fixture
def actor(ann: User) -> Actor:
    """The same, acting."""
    return actor_of(ann)


def figures(*rows: Conversation) -> list[dict[str, Any]]:
    """What follows from the entries of some conversations."""
    return [Conversation.objects.filter(pk=row.pk).values(*FIGURES).get() for row in rows]


def test_a_conversation_is_split_and_joined_again_by_undo(hear: Any, outlet: Any, actor: Actor) -> None:
    """From a message on all goes to a new one; the undo brings entries and figures back and the new one goes."""
    first = hear("About cups", subject="Cups", message_id="<a@x>")
    send_message(actor=actor, conversation_id=first.conversation.pk, outgoing=Outgoing("Answer"), hold_seconds=0)
    second = hear("About plates", subject="Plates", in_reply_to="<a@x>")
    third = hear("And saucers", in_reply_to="<a@x>")
    before = figures(first.conversation)
    new, operation = split_conversation(actor=actor, message_id=second.message.pk)
    assert new.subject == "Plates"
    assert list(new.messages.values_list("pk", flat=True).order_by("at")) == [second.message.pk, third.message.pk]
    old_figures, new_figures = figures(first.conversation, new)
    assert (old_figures["message_count"], old_figures["waiting_since"]) == (2, None)
    assert (new_figures["message_count"], new_figures["waiting_since"]) == (2, second.message.at)
    assert new.customer_id == first.conversation.customer_id
    changes.undo_operation(actor=actor, operation_id=operation)
    assert figures(first.conversation) == before
    assert not Conversation.objects.filter(pk=new.pk).exists()
    with pytest.raises(InvalidInput):
        split_conversation(actor=actor, message_id=first.message.pk)


def test_each_part_goes_on_by_the_channel_of_its_last_word(hear: Any, outlet: Any, actor: Actor) -> None:
    """Split where the talk moved to another channel, each part is answered by its own, and the undo gives that back too."""
    chat = Channel.objects.create(kind=ChannelKind.CHAT, name="Chat", created_at=clock.now())
    first = hear("By chat", channel=chat, from_address="vis_1")
    row = first.conversation
    hear("Still by chat", channel=chat, conversation_id=row.pk, from_address="vis_1")
    mail = hear("Now otherwise", conversation_id=row.pk, from_address="Ann@Example.org")
    hear("And on", conversation_id=row.pk)
    ways = ("channel_kind", "contact_kind", "contact_value")
    before = Conversation.objects.filter(pk=row.pk).values(*ways).get()
    new, operation = split_conversation(actor=actor, message_id=mail.message.pk)
    old_way, new_way = (Conversation.objects.filter(pk=one.pk).values_list(*ways).get() for one in (row, new))
    assert old_way == (ChannelKind.CHAT, "visitor", "vis_1")
    assert new_way == (ChannelKind.WEBHOOK, "email", "ann@example.org")
    changes.undo_operation(actor=actor, operation_id=operation)
    assert Conversation.objects.filter(pk=row.pk).values(*ways).get() == before


def test_what_was_said_since_keeps_a_split(hear: Any, actor: Actor) -> None:
    """Once somebody has written in the new one, an undo would lose that: it is refused."""
    hear("One", message_id="<a@x>")
    second = hear("Two", in_reply_to="<a@x>", message_id="<b@x>")
    new, operation = split_conversation(actor=actor, message_id=second.message.pk)
    late = hear("Three", in_reply_to="<b@x>")
    assert late.conversation.pk == new.pk
    with pytest.raises(Conflict):
        changes.undo_operation(actor=actor, operation_id=operation)
    assert late.message.conversation_id == new.pk


def test_two_conversations_become_one_and_two_again(hear: Any, outlet: Any, actor: Actor) -> None:
    """The entries stand by their times; drafts go along; what comes later by the old address goes to the one that stands."""
    one = hear("By mail", subject="One", message_id="<a@x>")
    two = hear("Another", subject="Two", message_id="<b@x>")
    three = hear("Again", in_reply_to="<a@x>")
    assert one.conversation.customer_id == two.conversation.customer_id
    save_draft(actor=actor, conversation_id=two.conversation.pk, kind="reply", text="begun")
    finish_conversation(actor=actor, conversation_id=one.conversation.pk)
    before = figures(one.conversation, two.conversation)
    operation = merge_conversations(actor=actor, keep_id=one.conversation.pk, absorb_id=two.conversation.pk)
    order = list(one.conversation.messages.order_by("at", "id").values_list("pk", flat=True))
    assert order == [one.message.pk, two.message.pk, three.message.pk]
    keep, absorbed = figures(one.conversation, two.conversation)
    assert (keep["message_count"], keep["state"]) == (3, ConversationState.OPEN)
    assert (absorbed["message_count"], absorbed["state"]) == (0, ConversationState.DONE)
    assert Draft.objects.get().conversation_id == one.conversation.pk
    late = hear("Late", in_reply_to="<b@x>")
    assert late.conversation.pk == one.conversation.pk
    Message.objects.filter(pk=late.message.pk).delete()
    changes.undo_operation(actor=actor, operation_id=operation)
    after = figures(one.conversation, two.conversation)
    assert [row["message_count"] for row in after] == [row["message_count"] for row in before]
    assert [row["state"] for row in after] == [row["state"] for row in before]
    assert after[1]["waiting_since"] == two.message.at


def test_a_merge_is_undone_after_the_work_was_given_out(hear: Any, actor: Actor) -> None:
    """What routing notes on conversations by itself a moment later stands in no undo's way."""
    one, two = hear("By mail", subject="One"), hear("Another", subject="Two")
    before = figures(one.conversation, two.conversation)
    operation = merge_conversations(actor=actor, keep_id=one.conversation.pk, absorb_id=two.conversation.pk)
    events.deliver_pending()
    changes.undo_operation(actor=actor, operation_id=operation)
    events.deliver_pending()
    assert figures(one.conversation, two.conversation) == before
    items = WorkItem.objects.filter(record_kind="conversation", state=WorkState.WAITING, needs_answer=True)
    assert set(items.values_list("record_id", flat=True)) == {one.conversation.pk, two.conversation.pk}


def test_only_ones_of_the_same_customer_are_merged(hear: Any, actor: Actor) -> None:
    """Others are refused, one with itself too, and one that is part of another already."""
    one, two = hear("a"), hear("b", "other@example.org", name="Other")
    with pytest.raises(InvalidInput):
        merge_conversations(actor=actor, keep_id=one.conversation.pk, absorb_id=two.conversation.pk)
    with pytest.raises(InvalidInput):
        merge_conversations(actor=actor, keep_id=one.conversation.pk, absorb_id=one.conversation.pk)
    customer = one.conversation.customer_id
    settle_customer(actor=actor, conversation_id=two.conversation.pk, customer_id=customer)
    merge_conversations(actor=actor, keep_id=one.conversation.pk, absorb_id=two.conversation.pk)
    with pytest.raises(Conflict):
        merge_conversations(actor=actor, keep_id=one.conversation.pk, absorb_id=two.conversation.pk)


def test_the_dialogs_do_it_and_say_what_is_wrong(client: Client, ann: User, hear: Any) -> None:
    """Split and merge over HTTP, each with Undo; a merged one leads to the one that stands."""
    client.force_login(ann)
    first = hear("One", message_id="<a@x>")
    second = hear("Two", in_reply_to="<a@x>")
    row = first.conversation
    wrong = client.post(f"/desk/message/{first.message.public_id}/split", {"subject": "x"})
    assert "Nothing comes before this message" in wrong.content.decode()
    done = client.post(f"/desk/message/{second.message.public_id}/split", {"subject": "Own"})
    told = json.loads(done.headers["HX-Trigger"])
    assert told["gx:toast"]["undo"]
    new = Conversation.objects.get(subject="Own")
    assert told["gx:desk-go"]["url"] == new.get_absolute_url()
    # A page that stands on what an undo takes away is told that it is gone.
    asked = {"parts": "thread", "open": new.public_id}
    assert "desk-gone" not in client.post("/desk/news", asked).content.decode()
    changes.undo_operation(actor=actor_of(ann), operation_id=Operation.objects.get(name="conversations.split").pk)
    assert "desk-gone" in client.post("/desk/news", asked).content.decode()
    client.post(f"/desk/message/{second.message.public_id}/split", {"subject": "Own"})
    new = Conversation.objects.get(subject="Own")
    form = client.get(f"/desk/{row.public_id}/merge").content.decode()
    assert "Own" in form
    merged = client.post(f"/desk/{row.public_id}/merge", {"other": new.public_id, "stands": "this"})
    assert merged.status_code == 204
    assert f'data-id="{row.public_id}"' in client.get(f"/desk/{new.public_id}/").content.decode()
    renamed = client.post(f"/desk/{row.public_id}/subject", {"subject": "Better"})
    assert renamed.status_code == 204
    assert "Better" in client.get(f"/desk/{row.public_id}/").content.decode()


def test_a_message_is_passed_on_with_the_files_that_are_chosen(
    client: Client, ann: User, hear: Any, outlet: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes from a mailbox, keeps the customer waiting, and carries copies of the chosen files."""
    from guanxi.conversations.adapters import adapters

    mailbox = Channel.objects.create(
        kind=ChannelKind.EMAIL, name="Box", address="box@x.example", created_at=clock.now()
    )
    monkeypatch.setitem(adapters._items, ChannelKind.EMAIL, (1, outlet))
    files = [InboundFile(name, keep(io.BytesIO(name.encode()))) for name in ("a.txt", "b.txt")]
    heard = hear("Please help", files=files, subject="Help")
    client.force_login(ann)
    url = f"/desk/message/{heard.message.public_id}/forward"
    shown = client.get(url).content.decode()
    assert "a.txt" in shown
    assert f"{timezone.localtime(heard.message.at):%Y-%m-%d %H:%M %z}" in unescape(shown)
    stored = files_of("message", heard.message.pk)
    given = {"channel": mailbox.public_id, "text": "See below", "attachments": [stored[0].public_id]}
    assert "Say to whom" in client.post(url, {**given, "to": " "}).content.decode()
    assert client.post(url, {**given, "to": "dealer@example.org"}).status_code == 204
    sent = Message.objects.get(direction="out")
    assert (sent.to, sent.subject, sent.delivery) == (["dealer@example.org"], "Fwd: Help", DeliveryState.HELD)
    assert [one.name for one in files_of("message", sent.pk)] == ["a.txt"]
    row = Conversation.objects.get(pk=heard.conversation.pk)
    assert row.waiting_since == heard.message.at
    assert row.channel_id == heard.conversation.channel_id
    client.post(f"/desk/message/{sent.public_id}/take-back")
    assert Draft.objects.get().kind == "forward"


def test_settling_needs_the_right_and_a_customer_that_is_there(client: Client, ann: User, hear: Any) -> None:
    """With one click, taken back with another."""
    client.force_login(ann)
    one, two = hear("a"), hear("b", "other@example.org", name="Other")
    row, wanted = two.conversation, one.conversation.customer
    assert wanted is not None
    done = client.post(f"/desk/{row.public_id}/act", {"act": "settle", "value": wanted.public_id})
    row.refresh_from_db()
    assert (row.customer_id, row.match) == (wanted.pk, Match.CERTAIN)
    undo = json.loads(done.headers["HX-Trigger"])["gx:toast"]["undo"]
    client.post(undo, headers={"HX-Request": "true"})
    row.refresh_from_db()
    assert row.customer_id != wanted.pk
    with pytest.raises(NotFound):
        settle_customer(actor=actor_of(ann), conversation_id=row.pk, customer_id=999_999)


def test_the_next_message_finds_who_was_settled(hear: Any, actor: Actor) -> None:
    """The address is theirs from then on and the prospect is put away; the undo gives both back."""
    known = create_customer(actor=actor, values={"name": "Ann"})
    heard = hear("Hello")
    prospect = heard.conversation.customer
    assert prospect is not None
    assert (heard.conversation.match, prospect.status) == (Match.MAYBE, CustomerStatus.PROSPECT)
    operation = settle_customer(actor=actor, conversation_id=heard.conversation.pk, customer_id=known.pk)
    later = hear("And another matter")
    assert (later.conversation.customer_id, later.conversation.match) == (known.pk, Match.CERTAIN)
    prospect.refresh_from_db()
    assert prospect.status == CustomerStatus.ARCHIVED
    changes.undo_operation(actor=actor, operation_id=operation)
    prospect.refresh_from_db()
    assert prospect.status == CustomerStatus.PROSPECT
    assert hear("Once more").conversation.customer_id == prospect.pk

"""Conversations outside the desk: in search, on the customer's page, in the API, told to other systems, when erased."""

from typing import Any

import pytest
from django.test import Client

from guanxi.conversations import telling  # noqa: F401 - what is told
from guanxi.conversations.models import Conversation
from guanxi.conversations.public import assign_conversation, write_note
from guanxi.core import outbound
from guanxi.core.actor import actor_of, system_actor
from guanxi.core.events import deliver_pending
from guanxi.core.models import Role, User
from guanxi.customers import timeline
from guanxi.integration.services.tokens import create_token
from guanxi.search.public import search

pytestmark = pytest.mark.django_db
API = "/api/v1/conversations"


@pytest.fixture
def ann(db: None) -> User:
    """An agent."""
    return User.objects.create_user("ann", password="x", role=Role.objects.get(key="agent"), name="Ann")


def test_a_conversation_is_found_by_what_was_said_as_long_as_it_stands(hear: Any, ann: User) -> None:
    """By subject, by words, by address; not by what nobody said."""
    row = hear("The gasket leaks badly", subject="Pump P-77").conversation
    write_note(actor=actor_of(ann), conversation_id=row.pk, text="ask warehouse about flange")
    deliver_pending()
    for text in ("gasket", "Pump", "flange", row.public_id, "ann@example.org"):
        found = [hit.record_id for hit in search(actor=system_actor(), text=text, only=("conversation",))]
        assert found == [row.pk], text
    assert not search(actor=system_actor(), text="carburettor", only=("conversation",))


def test_messages_stand_in_the_customers_stream(hear: Any, ann: User, client: Client) -> None:
    """With a way to the place where they were said; the card counts them."""
    heard = hear("Where is <i>it</i>?", subject="Parcel")
    number = heard.conversation.customer_id
    stream = timeline.read(actor_of(ann), number, only=("message",))
    entry = stream.items[0].entry
    assert "&lt;i&gt;" in entry.html
    assert entry.url.endswith(f"#{heard.message.public_id}")
    client.force_login(ann)
    assert "Parcel" in client.get(f"/ui/cards/customer/{number}").content.decode()


def test_other_systems_are_told_ids_alone(hear: Any, ann: User) -> None:
    """Received, changed; details only for those who may see them."""
    row = hear("secret words").conversation
    told = [one for event in outbound.outbound_events if event.key == "message.received" for one in [event]]
    assert told
    from guanxi.conversations.events import ConversationChanged, MessageReceived

    heard = MessageReceived(1, row.pk, "webhook", "normal", needs_answer=True)
    said = next(iter(outbound.outbound_events["message.received"].tell(heard)))
    assert said.data["conversation"] == row.public_id
    changed = ConversationChanged(conversation_id=row.pk, fields=("state",))
    assert next(iter(outbound.outbound_events["conversation.changed"].tell(changed))).data["fields"] == ["state"]
    details = outbound.details["conversation"](actor_of(ann), row.pk)
    assert details is not None
    assert "secret words" not in str(details)
    nobody = User.objects.create_user(
        "nob", password="x", role=Role.objects.create(key="none", name_en="N", name_zh="无")
    )
    assert outbound.details["conversation"](actor_of(nobody), row.pk) is None


def test_the_api_reads_answers_and_changes(hear: Any, outlet: Any, ann: User, client: Client) -> None:
    """List, one, messages, reply once, note, assign, done; refusals say why."""
    heard = hear("Where is it?", subject="Parcel")
    row = heard.conversation
    _row, secret = create_token(actor=system_actor(), user=ann, scope="write")
    call = {"headers": {"Authorization": f"Bearer {secret}"}, "content_type": "application/json"}
    listed = client.get(f"{API}?state=open&assignee=nobody&waiting=true", **call).json()
    assert [one["id"] for one in listed["items"]] == [row.public_id]
    one = client.get(f"{API}/{row.public_id}", **call)
    assert one.json()["subject"] == "Parcel"
    messages = client.get(f"{API}/{row.public_id}/messages?limit=1", **call).json()
    assert messages["items"][0]["text"] == "Where is it?"
    body = {"text": "Here.", "key": "a1"}
    first = client.post(f"{API}/{row.public_id}/reply", body, **call)
    again = client.post(f"{API}/{row.public_id}/reply", body, **call)
    assert first.status_code == again.status_code == 201
    assert first.json()["id"] == again.json()["id"]
    assert client.post(f"{API}/{row.public_id}/notes", {"text": "look"}, **call).json()["kind"] == "note"
    changed = client.patch(f"{API}/{row.public_id}", {"assignee": "ann", "state": "done", "language": "en"}, **call)
    assert (changed.json()["assignee"], changed.json()["state"]) == ("ann", "done")
    assert client.patch(f"{API}/{row.public_id}", {"assignee": "nobody-such"}, **call).status_code == 422
    assert client.post(f"{API}/{row.public_id}/reply", {"text": "{{x}}"}, **call).status_code == 422
    assert client.get(f"{API}/cnv_0009x", **call).status_code in {404, 422}
    assert client.get(f"{API}?colour=red", **call).status_code == 422


def test_whoever_has_it_finds_it(hear: Any, ann: User) -> None:
    """An assignment brings the index in line."""
    row = hear("gasket").conversation
    assign_conversation(actor=actor_of(ann), conversation_id=row.pk, user_id=ann.pk)
    deliver_pending()
    assert Conversation.objects.get(pk=row.pk).assignee_id == ann.pk
    assert [hit.record_id for hit in search(actor=actor_of(ann), text="gasket", only=("conversation",))] == [row.pk]

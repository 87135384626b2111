"""A visitor and a colleague talk: exactly once, in order, and each sees what is theirs to see."""

from typing import Any

import pytest

from guanxi.conversations.adapters.chat.services import mailing
from guanxi.conversations.adapters.chat.tests.conftest import Browser
from guanxi.conversations.choices import DeliveryState, Match
from guanxi.conversations.models import Channel, ChatMessage, ChatVisitor, Conversation, Message
from guanxi.conversations.public import (
    Contact,
    Inbound,
    Outgoing,
    finish_conversation,
    mark_read,
    receive,
    send_message,
    tell_typing,
    write_note,
)
from guanxi.conversations.services.arranging import merge_conversations, split_conversation
from guanxi.conversations.services.channels import create_channel
from guanxi.core.actor import Actor
from guanxi.core.live import tickets
from guanxi.core.models.live import LiveMessage
from guanxi.customers.public import create_customer

pytestmark = pytest.mark.django_db


def test_readers_leave_nothing_and_the_first_message_begins(visitor: Browser) -> None:
    """Opening the chat makes no row; a message makes a visitor, a conversation and a ticket for news."""
    status, told = visitor.ask("session")
    assert (status, told["visitor"], told["messages"], told["online"]) == (200, None, [], True)
    assert not ChatVisitor.objects.exists()
    told = visitor.say("Hello", page="https://shop.example/tea", title="Tea")
    row = ChatVisitor.objects.get()
    ticket = tickets.read(told["ticket"])
    assert ticket is not None
    assert (ticket.user_id, ticket.topics, ticket.origin) == (0, (f"chat:{row.pk}",), visitor.origin)
    message = Message.objects.get()
    assert (message.text, message.details["page"]) == ("Hello", "https://shop.example/tea")
    assert message.conversation.waiting_since == message.at


def test_a_message_sent_again_is_there_once_and_in_its_place(visitor: Browser) -> None:
    """After a lost answer the widget sends under the same key."""
    for key, text in (("first-key", "One"), ("other-key", "Two"), ("first-key", "One"), ("third-key", "Three")):
        assert visitor.ask("messages", id=key, text=text)[0] == 200
    assert visitor.texts() == ["One", "Two", "Three"]
    assert Conversation.objects.count() == 1
    # Of another visitor the same key is another message.
    other = Browser(visitor.channel)
    assert other.ask("messages", id="first-key", text="Mine")[0] == 200
    assert other.texts() == ["Mine"]


def test_answers_reach_the_visitor_and_nothing_internal_does(visitor: Browser, agent: Actor) -> None:
    """Answers of the chat are shown; notes, and what was said by other channels in the conversation, are not."""
    first = visitor.say("Where is it?")
    conversation = Conversation.objects.get()
    answer = send_message(actor=agent, conversation_id=conversation.pk, outgoing=Outgoing("On its way."))
    write_note(actor=agent, conversation_id=conversation.pk, text="a secret of ours")
    Message.objects.create(
        conversation=conversation, direction="in", text="by mail", at=answer.at, channel_kind="email"
    )
    assert answer.delivery == DeliveryState.SENT
    told = visitor.ask("updates", after=first["cursor"], live=True)[1]
    assert [one["text"] for one in told["messages"]][-1] == "On its way."
    assert told["messages"][-1]["name"] == "Ann"
    assert "secret" not in str(told)
    assert "by mail" not in str(told)
    assert "secret" not in str(visitor.ask("session"))
    assert tickets.read(told["ticket"]) is not None


def test_signs_go_both_ways(visitor: Browser, agent: Actor) -> None:
    """Writing and reading are told on the topics of both sides."""
    visitor.say("Hello")
    conversation, row = Conversation.objects.get(), ChatVisitor.objects.get()
    LiveMessage.objects.all().delete()
    tell_typing(actor=agent, conversation_id=conversation.pk)
    tell_typing(actor=agent, conversation_id=conversation.pk, is_note=True)
    mark_read(actor=agent, conversation_id=conversation.pk)
    assert visitor.ask("typing")[0] == 200
    told = visitor.ask("updates", after=0)[1]
    assert told["readUntil"] >= told["messages"][0]["at"]
    answer = send_message(actor=agent, conversation_id=conversation.pk, outgoing=Outgoing("Hi"))
    assert visitor.ask("read", until=answer.pk)[0] == 200
    shown = send_message(actor=agent, conversation_id=conversation.pk, outgoing=Outgoing("And this."))
    told = visitor.ask("updates", after=told["cursor"], seen=True)[1] | {"readUntil": told["readUntil"]}
    assert [(one["id"], one["unseen"]) for one in told["messages"] if one["id"] == shown.pk] == [(shown.pk, False)]
    shown.refresh_from_db()
    assert shown.delivery == DeliveryState.READ
    answer.refresh_from_db()
    assert answer.delivery == DeliveryState.READ
    if rows := list(LiveMessage.objects.values_list("topic", "data")):  # on SQLite they can be looked at
        assert (f"chat:{row.pk}", {"typing": True}) in rows
        assert rows.count((f"chat:{row.pk}", {"typing": True})) == 1
        assert (f"chat:{row.pk}", {"read": told["readUntil"]}) in rows
        topic = f"conversation:{conversation.pk}"
        assert (topic, {"conversation": conversation.pk, "typing": 0}) in rows
        assert (topic, {"conversation": conversation.pk, "read": True}) in rows


def test_who_comes_back_goes_on_until_the_conversation_is_done(visitor: Browser, agent: Actor) -> None:
    """History stays across visits; after the end, by either side, a new conversation begins."""
    visitor.say("One")
    again = Browser(visitor.channel, visitor.key)
    again.say("Two", id="second-visit")
    first = Conversation.objects.get()
    finish_conversation(actor=agent, conversation_id=first.pk)
    again.say("Three", id="third-visit")
    assert Conversation.objects.count() == 2
    assert again.ask("end")[0] == 200
    assert Message.objects.get(kind="event").text == "The visitor has ended the chat."
    assert again.ask("end")[0] == 200
    again.say("Four", id="fourth-visit")
    assert Conversation.objects.count() == 3
    # Answered after all, in a conversation that they have left.
    send_message(actor=agent, conversation_id=first.pk, outgoing=Outgoing("Late"))
    assert again.texts() == ["One", "Two", "Three", "Four", "Late"]


def test_merged_and_split_conversations_keep_their_visitor(visitor: Browser, agent: Actor, token: Any) -> None:
    """Answers reach the visitor whatever colleagues made of the conversation; the next message goes where it stands now."""
    visitor.ask("session", identity=token())
    visitor.say("One")
    one = Conversation.objects.get()
    visitor.ask("end")
    finish_conversation(actor=agent, conversation_id=one.pk)
    visitor.say("Two")
    two = Conversation.objects.latest("pk")
    merge_conversations(actor=agent, keep_id=one.pk, absorb_id=two.pk)
    send_message(actor=agent, conversation_id=one.pk, outgoing=Outgoing("Both"))
    visitor.say("Three")
    assert Message.objects.get(text="Three").conversation_id == one.pk
    new, _operation = split_conversation(actor=agent, message_id=Message.objects.get(text="Three").pk)
    send_message(actor=agent, conversation_id=new.pk, outgoing=Outgoing("Apart"))
    visitor.say("Four")
    assert Message.objects.get(text="Four").conversation_id == new.pk
    assert visitor.texts() == ["One", "Two", "Both", "Three", "Apart", "Four"]


def test_an_address_that_is_only_said_proves_nothing(visitor: Browser) -> None:
    """The customer of the address is proposed, not taken, and no second customer is made; an unknown one is a prospect."""
    known = create_customer(
        actor=mailing.system_actor(),
        values={"name": "Bo"},
        contact_points=[{"kind": "email", "value": "bo@example.org"}],
    )
    visitor.say("It is me", name="Bo", email="BO@example.org")
    conversation = Conversation.objects.get()
    assert (conversation.match, conversation.customer_id) == (Match.MAYBE, None)
    assert list(conversation.maybe_matches.values_list("customer_id", "reason")) == [(known.pk, "unverified_address")]
    other = Browser(visitor.channel)
    other.say("New here", name="Cy", email="cy@example.org")
    assert Conversation.objects.latest("pk").match == Match.NEW


def test_an_address_given_later_is_taken_up(visitor: Browser) -> None:
    """Who began as nobody and then says how to reach them becomes a prospect, with all that was said."""
    visitor.say("Hello")
    assert Conversation.objects.get().customer_id is None
    visitor.say("I am Cy", name="Cy", email="cy@example.org")
    conversation = Conversation.objects.get()
    assert (conversation.contact_value, conversation.match) == ("cy@example.org", Match.NEW)
    assert {message.customer_id for message in Message.objects.all()} == {conversation.customer_id}


def test_unseen_answers_go_on_by_mail_once(
    visitor: Browser, agent: Actor, monkeypatch: pytest.MonkeyPatch, mail_outlet: Channel
) -> None:
    """Who left gets what they have not seen as one mail in the same conversation; who is there gets none."""
    visitor.say("Where is it?", name="Bo", email="bo@example.org")
    conversation = Conversation.objects.get()
    for text in ("On its way.", "It comes tomorrow."):
        send_message(actor=agent, conversation_id=conversation.pk, outgoing=Outgoing(text))
    assert mailing.mail_unseen() == 0
    later = mailing.clock.now() + mailing.timedelta(minutes=6)
    monkeypatch.setattr(mailing.clock, "now", lambda: later)
    assert mailing.mail_unseen() == 1
    assert mailing.mail_unseen() == 0
    mail = Message.objects.get(channel=mail_outlet)
    assert (mail.to, mail.conversation_id) == (["bo@example.org"], conversation.pk)
    assert "On its way.\n\nIt comes tomorrow." in mail.text
    conversation.refresh_from_db()
    assert conversation.channel_id == visitor.channel.pk
    # What went by mail is no part of the chat.
    assert visitor.texts() == ["Where is it?", "On its way.", "It comes tomorrow."]
    assert not ChatMessage.objects.filter(is_unseen=True).exists()


def test_an_answer_to_that_mail_goes_on_in_the_same_conversation(
    visitor: Browser, agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the channel for e-mail as it is: the mail has an id of its own, and what answers it finds the conversation."""
    mailbox = create_channel(actor=mailing.system_actor(), kind="email", name="Mail", address="hello@shop.example")
    visitor.say("Where is it?", name="Bo", email="bo@example.org")
    conversation = Conversation.objects.get()
    send_message(actor=agent, conversation_id=conversation.pk, outgoing=Outgoing("On its way."))
    later = mailing.clock.now() + mailing.timedelta(minutes=6)
    monkeypatch.setattr(mailing.clock, "now", lambda: later)
    assert mailing.mail_unseen() == 1
    mail = Message.objects.get(channel=mailbox)
    assert (mail.to, bool(mail.message_id), mail.delivery) == (["bo@example.org"], True, DeliveryState.HELD)
    bo = Contact("email", "bo@example.org", "Bo")
    answered = receive(Inbound(mailbox, bo, "Thank you", in_reply_to=mail.message_id, message_id="<x@bo>"))
    assert answered.conversation.pk == conversation.pk
    assert answered.conversation.channel_id == mailbox.pk
    # Back in the chat, the conversation goes on there.
    visitor.say("And now here")
    conversation.refresh_from_db()
    assert (Conversation.objects.count(), conversation.channel_id) == (1, visitor.channel.pk)
    assert visitor.texts() == ["Where is it?", "On its way.", "And now here"]


def test_a_transcript_goes_to_the_visitor_once_an_hour(visitor: Browser, agent: Actor, mail_outlet: Channel) -> None:
    """What was said, to the address that is given, once somebody has answered; not to a word that is no address."""
    visitor.say("Where is it?")
    assert visitor.ask("transcript", email="victim@example.org")[0] == 409
    conversation = Conversation.objects.get()
    send_message(actor=agent, conversation_id=conversation.pk, outgoing=Outgoing("On its way."))
    assert visitor.ask("transcript", email="nobody")[0] == 422
    assert visitor.ask("transcript", email="bo@example.org")[0] == 200
    status, told = visitor.ask("transcript", email="bo@example.org")
    assert (status, told["error"]) == (409, "It was sent already; in an hour it can be sent again.")
    assert "Where is it?" in Message.objects.get(channel=mail_outlet).text


def test_files_are_looked_at_by_their_content(visitor: Browser) -> None:
    """A picture is shown and downloaded; a program is refused whatever it is called; a name holds no path or trick."""
    status, told = visitor.send("../../fo\u202etxt.png", b"\x89PNG\r\n\x1a\n" + b"0" * 20)
    assert status == 200
    (file,) = told["messages"][0]["files"]
    assert (file["name"], file["image"]) == ("fotxt.png", True)
    answer = visitor.client.get(file["url"])
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "image/png"
    assert visitor.client.get(file["url"][:-3] + "abc").status_code == 404
    other = Channel.objects.create(kind="chat", name="Other", created_at=mailing.clock.now())
    assert visitor.client.get(file["url"].replace(visitor.channel.public_id, other.public_id)).status_code == 404
    for content in (b"MZ\x90\x00\x03\x00", b"<html><script>alert(1)</script>", b"<svg onload='alert(1)'></svg>"):
        status, told = visitor.send("photo.png", content)
        assert (status, "Only pictures" in told["error"]) == (422, True)
    status, told = visitor.send("notes.html", b"What I <b>wrote</b> down")
    (page,) = told["messages"][-1]["files"]
    assert visitor.client.get(page["url"]).headers["Content-Type"] == "application/octet-stream"
    assert visitor.send("empty.txt", b"")[0] == 422

"""The desk asks the database as often for many conversations as for few; what comes in, and what follows, asks it seldom."""

import json
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from guanxi.conversations.adapters.email.services.mailboxes import mailbox_for
from guanxi.conversations.adapters.email.services.taking_in import take_in
from guanxi.conversations.models import Channel, Conversation, Message
from guanxi.conversations.services.channels import create_channel
from guanxi.conversations.services.replying import Outgoing, send_message
from guanxi.core.actor import actor_of, console_actor
from guanxi.core.jobs import run_pending
from guanxi.core.models import Role, User
from guanxi.demo.seeding.services import seed_base
from guanxi.demo.seeding.talking import seed_talks
from guanxi.project.bench import plans
from guanxi.project.bench.desk.made_mails import MAILBOX, Expected, mails
from guanxi.service.clocks.services.keeping import ensure_stamp

pytestmark = pytest.mark.django_db(transaction=True)
SITE = "https://shop.example"
PART = {"HX-Request": "true", "GX-Part": "list"}
MOST = {"/desk/?view=open": 9, "/desk/?view=done": 9, "/cases/": 6}
# One mail of each ten more may need what a new thread of somebody unknown does. SQLite keeps a row of each live message.
MOST_OF_MAILS = {"postgresql": 26, "sqlite": 38}
# The whole page: the list, and one conversation with its customer open beside it; opening it; what is new of it.
WHOLE, OPENED = 42, 36
ALL_PARTS, THREAD = "thread,side,list", "thread"
MOST_OF_NEWS = {ALL_PARTS: 28, THREAD: 9}
# A visitor's word and our answer, and what a worker does after each.
MOST_OF_TALK = {
    "postgresql": {"word": 20, "heard": 48, "answer": 20, "said": 40},
    "sqlite": {"word": 24, "heard": 53, "answer": 25, "said": 45},
}


def test_lists_and_conversations_need_few_statements() -> None:
    """No row of a list and no message asks anything of its own."""
    user = User.objects.create_user("ann", "secret-password-1", role=Role.objects.get(key="agent"))
    seed_base(actor=console_actor(), customers=40, orders_per_customer=0)
    seed_talks(actor=console_actor(), conversations=500, messages_each=6)
    client = Client(headers=PART)
    client.force_login(user)
    one = Conversation.objects.filter(state="open").order_by("-message_count").first()
    assert one is not None
    channel = Channel.objects.get(pk=one.channel_id).public_id
    one_path = f"/desk/{one.public_id}/"
    most = MOST | {one_path: WHOLE}
    needed: dict[str, int] = {}
    for path in most:
        needed[path] = _needed(lambda path=path: client.get(path))
    most[f"{one_path}open"] = OPENED
    needed[f"{one_path}open"] = _needed(lambda: client.post(f"{one_path}open"))
    asked = {"open": one.public_id, "usual": channel, "after": one.messages.order_by("-at").first().public_id}
    for parts, count in MOST_OF_NEWS.items():
        most[parts] = count
        needed[parts] = _needed(
            lambda parts=parts: client.post("/desk/news", {**asked, "parts": parts, "view": "open"})
        )
    assert {path: count for path, count in needed.items() if count > most[path]} == {}, needed


def _needed(ask: Callable[[], Any]) -> int:
    """How many statements an answer needs, the second time."""
    ask()
    with plans.statements() as reads:
        assert ask().status_code == 200
    return len(reads)


def test_mails_need_few_statements() -> None:
    """Of thirty mails, most of people who are new, each asks so often on average."""
    mailbox = mailbox_for(actor=console_actor(), address=MAILBOX)
    first, *raw = mails(31, Expected())
    take_in(mailbox, first)
    with plans.statements() as sent:
        for one in raw:
            take_in(mailbox, one)
    assert len(sent) / len(raw) <= MOST_OF_MAILS[connection.vendor], sorted(read.sql[:90] for read in sent)


def test_a_word_and_an_answer_need_few_statements() -> None:
    """In a chat that goes on, with its case and clocks; what everybody is asked once is known by then."""
    hand = console_actor()
    ann = actor_of(User.objects.create_user("ann", "secret-password-1", role=Role.objects.get(key="agent")))
    chat = create_channel(actor=hand, kind="chat", name="Shop", settings={"origins": [SITE]})
    ensure_stamp()
    client, counted = Client(headers={"Origin": SITE}), defaultdict[str, list[int]](list)

    def count(name: str, act: Callable[[], Any]) -> None:
        """Do it, and note how many statements that took."""
        with plans.statements() as sent:
            act()
        counted[name].append(len(sent))

    for number in range(4):
        told = {"key": "k" * 43, "id": f"message-{number}", "text": "Where is my parcel?"}
        count("word", partial(client.post, f"/chat/{chat.public_id}/messages", json.dumps(told), "text/plain"))
        count("heard", run_pending)
        talk = Conversation.objects.get().pk
        outgoing = Outgoing(text="It leaves tonight.", key=f"answer-{number}")
        count("answer", partial(send_message, actor=ann, conversation_id=talk, outgoing=outgoing))
        count("said", run_pending)
    assert Message.objects.filter(conversation=Conversation.objects.get()).count() == 8
    # Of two rounds the one in which nothing was due by the clock besides (a health noted each minute, a lease).
    needed = {name: min(counts[2:]) for name, counts in counted.items()}
    most = MOST_OF_TALK[connection.vendor]
    assert {name: had for name, had in needed.items() if had > most[name]} == {}, needed

"""Everything that writes customers, conversations, work, cases and complaints, at once over the same few rows.

All take their locks in the one order of `docs/explanation/house.md`, so that PostgreSQL never has to end one of two that
wait for each other.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, connections

from guanxi.conversations.adapters.chat.services import talking, visitors
from guanxi.conversations.adapters.chat.services.talking import Said
from guanxi.conversations.models import ChatVisitor, Conversation, Message
from guanxi.conversations.public import (
    Outgoing,
    assign_conversation,
    finish_conversation,
    reopen_conversation,
    send_message,
    settle_customer,
    take_back,
)
from guanxi.conversations.services.answering import Further, answer
from guanxi.conversations.services.arranging import merge_conversations, split_conversation
from guanxi.conversations.services.channels import create_channel
from guanxi.conversations.services.desk import open_conversation
from guanxi.core import changes, clock, events, jobs
from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.errors import GuanxiError
from guanxi.core.models import Role, User
from guanxi.customers.models import Customer
from guanxi.customers.public import create_customer
from guanxi.customers.services.bulk_changes import bulk_update_customers
from guanxi.customers.services.merging import merge_customers, undo_merge
from guanxi.routing.services.presence import set_presence
from guanxi.service.clocks.choices import Act, Sort, Unit, Whom
from guanxi.service.clocks.services.acting import act_on_due
from guanxi.service.clocks.services.keeping import recompute_by_id
from guanxi.service.clocks.services.promising import save_policy
from guanxi.service.complaint_choices import PromiseState, RemedyState
from guanxi.service.complaints import periodic
from guanxi.service.complaints.services import handling, pacing, promises, remedies, telling
from guanxi.service.models import Case, CaseClock, Promise, Remedy, RemedyKind, SlaPolicy
from guanxi.service.public import open_case, set_state, update_case
from guanxi.service.services.bulk_changes import bulk_set_state, bulk_update_cases
from guanxi.service.services.talks import settle_in
from guanxi.workflow.choices import ApprovalState, Approver
from guanxi.workflow.models import Approval, ApprovalPolicy
from guanxi.workflow.public import decide_approval

THREADS = 6
SECONDS = 6
# What may come of an act beside others: it is refused in words, or loses a race for a place that only one can have.
REFUSED = (GuanxiError, IntegrityError, Case.DoesNotExist, Conversation.DoesNotExist, Message.DoesNotExist)


class Company:
    """Two customers, four conversations with a case each, two of them complaints; and everything that is done there."""

    def __init__(self, hear: Any) -> None:
        """Everybody may do everything."""
        role = Role.objects.get(key="owner")
        self.people: list[Actor] = [
            actor_of(User.objects.create_user(name, password="x", role=role, name=name.title()))
            for name in ("ann", "ben")
        ]
        self.hear, self.ann = hear, self.people[0]
        address = "zoe@example.org", "z.miller@example.org"
        for one in address:
            create_customer(actor=self.ann, values={"name": one}, contact_points=[{"kind": "email", "value": one}])
        self.customers = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
        policy = SlaPolicy.objects.get()
        targets = [{"sort": sort, "amount": 1, "unit": Unit.MINUTES, "pauses": []} for sort in Sort]
        steps = [
            {"sort": Sort.SOLUTION, "at_percent": 1, "act": Act.RAISE},
            {"sort": Sort.SOLUTION, "at_percent": 2, "act": Act.HAND_OVER, "whom": Whom.USER, "user": self.ann.user_id},
        ]
        save_policy(actor=system_actor(), policy_id=policy.pk, values={"targets": targets, "steps": steps})
        ApprovalPolicy.objects.create(sort="remedy", approver=Approver.ROLE, role=role, created_at=clock.now())
        for number in range(4):
            talk = hear(f"About cups {number}", address[number % 2]).conversation
            values = {"subject": f"Cups {number}", "case_type": "complaint" if number < 2 else "enquiry"}
            open_case(actor=self.ann, values=values, conversation_id=talk.pk)
        self.shop = create_channel(
            actor=self.ann, kind="chat", name="Shop", settings={"origins": ["https://a.example"]}
        )
        self.visitor = visitors.begin(self.shop, "k" * 43, visitors.Told(language="en")).pk
        talking.say(self.shop, self.visits(), Said("message-0", "Is anybody there?"))
        jobs.run_pending()
        events.deliver_pending()

    def talk(self, dice: random.Random) -> int:
        """Any conversation."""
        return dice.choice(Conversation.objects.order_by("pk").values_list("pk", flat=True)[:6])

    def case(self, dice: random.Random) -> int:
        """Any case."""
        return dice.choice(Case.objects.order_by("pk").values_list("pk", flat=True)[:6])

    def two_talks(self, dice: random.Random) -> tuple[int, int]:
        """Two conversations of one customer."""
        rows = Conversation.objects.filter(customer=dice.choice(self.customers)).order_by("pk")
        one, two = dice.sample([*rows.values_list("pk", flat=True)[:6], 0, 0], 2)
        return one, two

    # What people and the program do.

    def listen(self, dice: random.Random) -> None:
        """A message comes."""
        self.hear("More", dice.choice(["zoe@example.org", "z.miller@example.org"]), conversation_id=self.talk(dice))

    def answer(self, dice: random.Random) -> None:
        """An answer goes out, or is taken back."""
        message = send_message(
            actor=self.ann, conversation_id=self.talk(dice), outgoing=Outgoing("Yes"), hold_seconds=60
        )
        if dice.random() < 0.5:
            take_back(actor=self.ann, message_id=message.pk)

    def visits(self) -> ChatVisitor:
        """Who chats, as their browser's request finds them."""
        return ChatVisitor.objects.get(pk=self.visitor)

    def chat(self, dice: random.Random) -> None:
        """A visitor says something or reads; a colleague answers it or looks at it."""
        if dice.random() < 0.5:
            talking.say(self.shop, self.visits(), Said(f"message-{dice.random()}".replace(".", "-"), "Hello?"))
        talk = visitors.open_conversation(self.visits())
        if talk is None:
            return
        if dice.random() < 0.7:
            answer(actor=self.ann, conversation_id=talk.pk, outgoing=Outgoing("Yes"), further=Further(), hold_seconds=0)
        open_conversation(actor=dice.choice(self.people), conversation=talk)
        talking.note_read(self.visits(), 2**40)

    def arrange(self, dice: random.Random) -> None:
        """Two conversations become one, or one two; and it is taken back."""
        if dice.random() < 0.5:
            keep, absorb = self.two_talks(dice)
            done = merge_conversations(actor=self.ann, keep_id=keep, absorb_id=absorb)
        else:
            last = Message.objects.filter(conversation=self.talk(dice)).order_by("at").last()
            done = split_conversation(actor=self.ann, message_id=last.pk if last is not None else 0)[1]
        changes.undo_operation(actor=self.ann, operation_id=done)

    def settle(self, dice: random.Random) -> None:
        """It turns out whose a conversation is."""
        done = settle_customer(actor=self.ann, conversation_id=self.talk(dice), customer_id=dice.choice(self.customers))
        if done is not None:
            changes.undo_operation(actor=self.ann, operation_id=done)

    def hand(self, dice: random.Random) -> None:
        """A conversation changes hands, is done, is open again."""
        talk, who = self.talk(dice), dice.choice(self.people)
        if dice.random() < 0.6:
            assign_conversation(actor=self.ann, conversation_id=talk, user_id=who.user_id)
        else:
            finish_conversation(actor=self.ann, conversation_id=talk)
            reopen_conversation(actor=self.ann, conversation_id=talk)

    def come_and_go(self, dice: random.Random) -> None:
        """Somebody goes, and what they have goes back."""
        who = dice.choice(self.people)
        set_presence(actor=who, state="offline")
        set_presence(actor=who, state="online")

    def change(self, dice: random.Random) -> None:
        """A case gets other fields, another state; or that is taken back."""
        number = self.case(dice)
        if dice.random() < 0.5:
            done = update_case(actor=self.ann, case_id=number, values={"priority": dice.randint(1, 4)})
        else:
            done = set_state(actor=self.ann, case_id=number, state=dice.choice(["open", "waiting", "solved"]))
        if done is not None and dice.random() < 0.3:
            changes.undo_operation(actor=self.ann, operation_id=done)

    def change_many(self, dice: random.Random) -> None:
        """Many cases get the same; or many customers."""
        if dice.random() < 0.4:
            bulk_set_state(actor=self.ann, queryset=Case.objects.all(), state=dice.choice(["open", "held"]))
        elif dice.random() < 0.7:
            done = bulk_update_cases(
                actor=self.ann, queryset=Case.objects.all(), values={"impact": dice.randint(1, 3)}
            )[1]
            if done is not None:
                changes.undo_operation(actor=self.ann, operation_id=done)
        else:
            bulk_update_customers(
                actor=self.ann, queryset=Customer.objects.all(), values={"city": dice.choice(["Wuhan", "Xi’an"])}
            )

    def keep_clocks(self, dice: random.Random) -> None:
        """Clocks are reckoned anew, and what is due is done."""
        if dice.random() < 0.5:
            recompute_by_id(case_ids=list(Case.objects.values_list("pk", flat=True)), because={"event": "rules"})
        else:
            act_on_due()
            for number in CaseClock.objects.filter(ended_at=None).values_list("pk", flat=True):
                CaseClock.objects.filter(pk=number).update(act_at=clock.now() - timedelta(minutes=1))

    def place(self, dice: random.Random) -> None:
        """A case is settled elsewhere."""
        number, talk = self.case(dice), self.talk(dice)
        settle_in(actor=self.ann, case_id=number, conversation_id=None)
        settle_in(actor=self.ann, case_id=number, conversation_id=talk)

    def complain(self, dice: random.Random) -> None:
        """A step of a complaint."""
        number, who = self.case(dice), dice.choice(self.people)
        acts: list[Callable[[], object]] = [
            lambda: handling.record_complaint(
                actor=who, case_id=number, values={"grade": dice.choice(["major", "general"])}
            ),
            lambda: pacing.hand_over_step(actor=self.ann, case_id=number, owner_id=who.user_id),
            lambda: telling.tell_by_message(actor=who, case_id=number, told="We will see to it."),
            periodic.look_at_promises.call,
        ]
        dice.choice(acts)()

    def make_good(self, dice: random.Random) -> None:
        """Remedies are planned, approved, given up; promises are made and moved."""
        number, pick = self.case(dice), dice.random()
        if pick < 0.3:
            kind = RemedyKind.objects.get(key="refund")
            remedies.plan_remedy(actor=self.ann, case_id=number, kind_id=kind.pk, amount_minor=500, currency="CNY")
        elif pick < 0.5:
            remedy = Remedy.objects.filter(state=RemedyState.ASKED).order_by("?").first()
            if remedy is not None:
                remedies.drop_remedy(actor=self.ann, remedy_id=remedy.pk, reason="Not wanted")
        elif pick < 0.7:
            asked = Approval.objects.filter(state=ApprovalState.WAITING).order_by("?").first()
            if asked is not None:
                decide_approval(actor=self.people[1], approval_id=asked.pk, is_approved=dice.random() < 0.5, words="So")
        else:
            at, open_ones = clock.now() + timedelta(days=1), Promise.objects.filter(state=PromiseState.OPEN)
            if pick < 0.85:
                promises.make_promise(actor=self.ann, case_id=number, text="New cups", due_at=at)
            elif (made := open_ones.order_by("?").first()) is not None:
                promises.move_promise(actor=self.ann, promise_id=made.pk, due_at=at, note="Agreed")

    def join_customers(self, dice: random.Random) -> None:
        """Two customers are one, and two again."""
        keep, absorb = dice.sample(self.customers, 2)
        [merge] = merge_customers(actor=self.ann, keep_id=keep, absorb_ids=[absorb])
        undo_merge(actor=self.ann, merge_id=merge.pk)

    def work_off(self, dice: random.Random) -> None:
        """Workers do what follows."""
        events.deliver_pending()
        if dice.random() < 0.3:
            jobs.run_pending()

    def acts(self) -> list[Callable[[random.Random], None]]:
        """All of it; workers work most of the time."""
        often = [self.work_off, self.work_off, self.listen, self.join_customers, self.chat]
        return [
            self.listen, self.answer, self.chat, self.arrange, self.settle, self.hand, self.come_and_go, self.change, self.change_many,
            self.keep_clocks, self.place, self.complain, self.make_good, self.join_customers, *often,
        ]  # fmt: skip


def deadlocks() -> int:
    """How many times the database ended one of those who waited for each other, whoever heard of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_each_other(hear: Any) -> None:
    """Some seconds of everything at once; that each act was done some time shows that it was tried at all."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one lock: nobody can wait in a circle")
    company, faults, tried, done = Company(hear), list[str](), Counter[str](), Counter[str]()
    until, before = clock.now() + timedelta(seconds=SECONDS), deadlocks()

    def run(number: int) -> None:
        """One of those who act."""
        dice, acts = random.Random(number), company.acts()
        dice.shuffle(acts)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '20s'")
            while clock.now() < until:
                act = acts.pop() if acts else dice.choice(company.acts())
                tried[act.__name__] += 1
                try:
                    act(dice)
                    done[act.__name__] += 1
                except REFUSED:
                    continue
                except OperationalError as error:
                    faults.append(f"{act.__name__}: {error}")
        except BaseException as error:
            faults.append(repr(error))
            raise
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
    assert not faults, "\n".join(faults)
    assert deadlocks() == before, "a worker met one and tried again"
    assert set(tried) == {act.__name__ for act in company.acts()}, tried

"""Work is given out: by strategy, within capacity, to whoever is there; what is not accepted or waits too long goes on."""

from datetime import timedelta

import pytest

from guanxi.core import clock
from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.routing import explaining, public, queries
from guanxi.routing import jobs as routing_jobs
from guanxi.routing.models import AgentPresence, Assignment, Capacity, PresenceSpan, Queue, WorkItem
from guanxi.routing.services.capacity import save_rules
from guanxi.routing.services.presence import beat, set_presence
from guanxi.routing.tests.test_work import enter, person, queue, settle

pytestmark = pytest.mark.django_db


def online(name: str, role: str = "agent") -> Actor:
    """Somebody who is there."""
    actor = actor_of(person(name, role))
    set_presence(actor=actor, state="online")
    return actor


def holders(*items: WorkItem) -> list[int | None]:
    """Who has each."""
    found = WorkItem.objects.in_bulk([item.pk for item in items])
    return [found[item.pk].assignee_id for item in items]


def look() -> None:
    """What is due by the clock of the test; the database of the workers has its own."""
    routing_jobs.look.func()


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """The clock goes on."""
    moment = clock.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_work_goes_to_who_is_free_and_the_rest_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """In turn, to nobody over capacity; the rest when somebody ends something or comes."""
    ann, ben = online("ann"), online("ben")
    cai = actor_of(person("cai"))
    desk = queue(ann, ben, cai, strategy="round_robin")
    items = [enter(number, queue_id=desk.pk) for number in range(1, 9)]
    settle()
    a, b = ann.user_id, ben.user_id
    assert holders(*items) == [a, b, a, b, a, b, None, None]
    assert queries.counts_of_queues(clock.now())[desk.pk].waiting == 2
    urgent = enter(99, queue_id=desk.pk, priority=4, channel_kind="email")
    public.end(actor=ben, item_id=items[1].pk)
    settle()
    # The mail presses most and is light; the next chat no longer fits.
    assert holders(urgent, items[6]) == [b, None]
    set_presence(actor=cai, state="online")
    settle()
    assert holders(items[6], items[7]) == [cai.user_id] * 2
    for made in Assignment.objects.filter(how="given"):
        assert explaining.replay(made.why).user_id == made.user_id
        assert made.until is not None or queries.loads_of([made.user_id])[made.user_id].weight <= 6


def test_one_person_in_two_queues_is_not_given_too_much() -> None:
    """And heavier capacity counts from the next moment on."""
    ann = online("ann")
    first, second = queue(ann, strategy="least_load"), queue(ann, code="two", strategy="longest_idle")
    Capacity.objects.create(user_id=ann.user_id, total=3, most={"email": 2})
    items = [enter(n, queue_id=q.pk, channel_kind="email") for n, q in enumerate((first, second, first, second))]
    settle()
    assert sorted(map(str, holders(*items))) == sorted(map(str, [ann.user_id, ann.user_id, None, None]))
    chat = enter(9, queue_id=first.pk, channel_kind="chat")
    settle()
    assert holders(chat) == [None]


def test_what_was_answered_makes_room_where_nobody_waits_on_the_line() -> None:
    """A mail weighs nothing while we wait for the customer, a chat does."""
    ann = online("ann")
    desk = queue(ann, strategy="least_load")
    Capacity.objects.create(user_id=ann.user_id, total=3, most={})
    chat, mail, later_mail = (
        enter(number, queue_id=desk.pk, channel_kind=kind) for number, kind in enumerate(("chat", "email", "email"))
    )
    settle()
    assert holders(chat, mail, later_mail) == [ann.user_id, ann.user_id, None]
    public.change_item(actor=ann, item_id=chat.pk, values={"needs_answer": False})
    settle()
    assert holders(later_mail) == [None]
    public.change_item(actor=ann, item_id=mail.pk, values={"needs_answer": False})
    settle()
    assert holders(later_mail) == [ann.user_id]
    enter(1, queue_id=desk.pk, channel_kind="email")
    assert queries.loads_of([ann.user_id])[ann.user_id].weight == 4


def test_whoever_is_in_two_queues_gets_what_presses_most() -> None:
    """In whichever of them it waits, and whatever does not fit is passed over."""
    ann = online("ann")
    first, second = queue(ann, strategy="round_robin"), queue(ann, code="two", strategy="least_load")
    Capacity.objects.create(user_id=ann.user_id, total=2, most={})
    call = enter(1, queue_id=first.pk, channel_kind="phone", priority=4)
    late, soon, high = (
        enter(2, queue_id=first.pk, channel_kind="email"),
        enter(3, queue_id=second.pk, channel_kind="email", due_at=clock.now() + timedelta(hours=1)),
        enter(4, queue_id=second.pk, channel_kind="email", priority=3),
    )
    settle()
    assert holders(call, late, soon, high) == [None, None, ann.user_id, ann.user_id]
    public.end(actor=ann, item_id=soon.pk)
    settle()
    assert holders(late) == [ann.user_id]


def test_what_is_not_accepted_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """To the next one; after three in a row its holder is away, and comes back by their own word only."""
    ann, ben = online("ann"), online("ben")
    desk = queue(ann, ben, strategy="round_robin", accept_seconds=20)
    item = enter(1, queue_id=desk.pk)
    settle()
    assert holders(item) == [ann.user_id]
    later(monkeypatch, 21)
    look()
    assert holders(item) == [ben.user_id]
    public.accept(actor=ben, item_id=item.pk)
    later(monkeypatch, 60)
    look()
    assert holders(item) == [ben.user_id]
    set_presence(actor=ben, state="busy")
    for number in (2, 3):
        enter(number, queue_id=desk.pk)
        look()
        later(monkeypatch, 25)
        beat(user_id=ann.user_id)
        look()
    row = AgentPresence.objects.get(pk=ann.user_id)
    assert (row.state, row.cause) == ("away", "not_accepted")
    beat(user_id=ann.user_id)
    row.refresh_from_db()
    assert row.state == "away"


def test_whoever_is_gone_keeps_mail_and_lets_chats_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chats that wait for an answer go back, to the same person if they return soon; the rest stays."""
    ann = online("ann")
    desk = queue(ann, strategy="least_load")
    mail, chat, quiet = (enter(n, queue_id=desk.pk, channel_kind=k) for n, k in enumerate(("email", "chat", "chat")))
    settle()
    public.change_item(actor=ann, item_id=quiet.pk, values={"needs_answer": False})
    later(monkeypatch, 6 * 60)
    look()
    row = AgentPresence.objects.get(pk=ann.user_id)
    assert (row.state, row.cause, row.returns_to) == ("away", "unseen", "online")
    assert holders(mail, chat, quiet) == [ann.user_id, None, ann.user_id]
    beat(user_id=ann.user_id)
    look()
    assert holders(chat) == [ann.user_id]
    assert Assignment.objects.filter(item=chat).last().why["decided"] == "preferred"
    later(monkeypatch, 40 * 60)
    look()
    row.refresh_from_db()
    assert (row.state, row.cause) == ("offline", "unseen")
    beat(user_id=ann.user_id)
    row.refresh_from_db()
    assert row.state == "offline"
    spans = list(PresenceSpan.objects.filter(user=ann.user_id).order_by("pk").values_list("state", "cause"))
    assert spans == [("online", "self"), ("away", "unseen"), ("online", "returned"), ("offline", "unseen")]
    starts_ends = list(PresenceSpan.objects.order_by("pk").values_list("from_at", "to_at"))
    assert [end for _start, end in starts_ends[:-1]] == [start for start, _end in starts_ends[1:]]


def test_the_rules_of_the_company_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes back when somebody is gone, and how much fits, are settings."""
    boss, ann = actor_of(person("boss", "owner")), online("ann")
    desk = queue(ann, strategy="least_load")
    save_rules(
        actor=boss, total=4, weights={"email": 4}, most={"email": 1}, when_gone={"email": "return"}, away_minutes=5,
        offline_minutes=10,
    )  # fmt: skip
    first, second = (enter(n, queue_id=desk.pk, channel_kind="email") for n in (1, 2))
    settle()
    assert (first.weight, holders(first, second)) == (4, [ann.user_id, None])
    set_presence(actor=ann, state="offline")
    assert holders(first) == [None]
    later(monkeypatch, 1)
    set_presence(actor=boss, user_id=ann.user_id, state="online")
    assert PresenceSpan.objects.get(to_at=None).by_id == boss.user_id
    look()
    assert holders(first) == [ann.user_id]


def test_what_waits_too_long_flows_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Into the queue that stands in for it, whose members get it."""
    ann = online("ann")
    second = queue(ann, code="second", strategy="round_robin")
    first = queue(code="first", strategy="round_robin", overflow=second, overflow_seconds=30)
    item = enter(1, queue_id=first.pk)
    settle()
    assert holders(item) == [None]
    later(monkeypatch, 31)
    look()
    item.refresh_from_db()
    assert (item.queue_id, item.assignee_id) == (second.pk, ann.user_id)


def test_a_strategy_of_a_higher_floor_needs_nothing_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """It brings its own facts; they are kept and replayed."""
    ann, ben = online("ann"), online("ben")

    class Fit(public.Strategy):
        """Whoever fits best."""

        key = "fit"

        def facts(self, item, user_ids):
            """By user."""
            return {number: {"fit": number == ben.user_id} for number in user_ids}

        def choose(self, item, candidates):
            """The one who fits."""
            return next((public.Choice(one.user_id, "fit") for one in candidates if one.facts["fit"]), None)

    monkeypatch.setitem(public.strategies._items, "fit", (900, Fit()))
    item = enter(1, queue_id=queue(ann, ben, strategy="fit").pk)
    settle()
    assert holders(item) == [ben.user_id]
    why = Assignment.objects.get().why
    assert why["facts"] == {str(ann.user_id): {"fit": False}, str(ben.user_id): {"fit": True}}
    assert explaining.replay(why) == public.Choice(ben.user_id, "fit")


def test_a_queue_taken_by_hand_gives_nothing_out() -> None:
    """Members take."""
    ann = online("ann")
    item = enter(1, queue_id=queue(ann).pk)
    settle()
    assert holders(item) == [None]
    public.take(actor=ann, item_id=item.pk)
    assert Queue.objects.count() == 1
    assert system_actor().user_id is None

"""Work enters, changes hands, waits elsewhere, ends; every hand is kept with its reason."""

import pytest

from guanxi.core import events, jobs
from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.errors import Conflict, Forbidden, NotFound
from guanxi.core.models import Role, User
from guanxi.core.records import RecordRef
from guanxi.routing import public
from guanxi.routing.models import Assignment, Queue, QueueMember, WorkItem

pytestmark = pytest.mark.django_db


def person(name: str, role: str = "agent") -> User:
    """Somebody who works here."""
    return User.objects.create(username=name, name=name.title(), role=Role.objects.get(key=role))


def queue(*members: Actor, code: str = "desk", **values: object) -> Queue:
    """A queue with these members."""
    made = Queue.objects.create(name=code.title(), code=code, **values)
    QueueMember.objects.bulk_create(QueueMember(queue=made, user_id=one.user_id) for one in members)
    return made


def enter(number: int = 1, **values: object) -> WorkItem:
    """A conversation that needs somebody."""
    given = {"channel_kind": "chat", "actor": system_actor(), "record": RecordRef("conversation", number), **values}
    return public.enter(**given)


def settle() -> None:
    """What workers do when something was said: hear of it, then do the jobs."""
    events.deliver_pending()
    jobs.run_pending()


def test_a_record_waits_once_and_again_when_it_has_ended() -> None:
    """In the general queue where nobody made another."""
    first = enter(due_at=None)
    assert (first.queue.code, first.weight, first.state) == ("general", 2, "waiting")
    public.change_item(actor=system_actor(), item_id=first.pk, values={"needs_answer": False})
    again = enter(priority=4)
    assert (again.pk, again.priority, again.needs_answer) == (first.pk, 4, True)
    public.end(actor=system_actor(), item_id=first.pk)
    assert public.open_item_of(first.record) is None
    assert enter().pk != first.pk


def test_what_one_takes_nobody_else_gets() -> None:
    """The second is told who has it."""
    ann, ben, eve = (actor_of(person(name)) for name in ("ann", "ben", "eve"))
    item = enter(queue_id=queue(ann, ben).pk)
    with pytest.raises(NotFound):
        public.take(actor=eve, item_id=item.pk)
    made = public.take(actor=ann, item_id=item.pk)
    assert public.take(actor=ann, item_id=item.pk) == made
    with pytest.raises(Conflict, match="Ann"):
        public.take(actor=ben, item_id=item.pk)
    item.refresh_from_db()
    assert (item.assignee_id, item.accepted_at) == (ann.user_id, made.accepted_at)
    assert made.why == {"decided": "taken", "by": ann.user_id, "load": 2, "capacity": 6}
    with pytest.raises(Forbidden):
        public.take(actor=system_actor(), item_id=item.pk)


def test_hands_change_and_each_is_kept() -> None:
    """Handed over, put back, moved, taken, ended."""
    ann, ben = (actor_of(person(name)) for name in ("ann", "ben"))
    desk, second = queue(ann, ben), queue(ann, ben, code="second")
    item = enter(queue_id=desk.pk)
    public.take(actor=ann, item_id=item.pk)
    public.hand_over(actor=ann, item_id=item.pk, user_id=ben.user_id)
    public.put_back(actor=ben, item_id=item.pk)
    with pytest.raises(Conflict):
        public.put_back(actor=ben, item_id=item.pk)
    public.move_to_queue(actor=ben, item_id=item.pk, queue_id=second.pk)
    public.take(actor=ben, item_id=item.pk)
    public.end(actor=ben, item_id=item.pk)
    kept = Assignment.objects.order_by("pk").values_list("user", "how", "ended_because", "queue")
    assert list(kept) == [
        (ann.user_id, "taken", "handed", desk.pk),
        (ben.user_id, "handed", "put_back", desk.pk),
        (ben.user_id, "taken", "done", second.pk),
    ]
    assert public.last_assignee_of(item.record) == ben.user_id
    assert enter().preferred_id == ben.user_id

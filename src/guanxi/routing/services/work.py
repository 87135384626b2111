"""Work comes in, gets into hands and out of them, waits elsewhere, ends. Every change of hands is an `Assignment`.

Locks are taken in one order: queue, presences by number, work item; so that nobody waits in a circle.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.core.compiled import CompiledRecords
from guanxi.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from guanxi.core.events import publish
from guanxi.core.models import User
from guanxi.core.records import RecordRef
from guanxi.routing import explaining, queries
from guanxi.routing.channel_kinds import LARGEST, weight_of
from guanxi.routing.choices import AssignmentEnd, How, WorkPriority, WorkState
from guanxi.routing.events import LoadChanged, WorkAssigned, WorkEnded, WorkReleased, WorkWaiting
from guanxi.routing.models import AgentPresence, Assignment, Queue, WorkItem
from guanxi.routing.models.work import OPEN
from guanxi.routing.services.first_queue import first_queue
from guanxi.routing.telling import tell_people, tell_queues

_NAMED = CompiledRecords(Queue, lambda number: Queue.objects.filter(pk=number, is_active=True), int)
CHANGEABLE = frozenset({"priority", "due_at", "tier_rank", "language", "customer_id", "needs_answer", "weight"})


def enter(
    *,
    actor: Actor,
    record: RecordRef,
    channel_kind: str,
    queue_id: int | None = None,
    weight: int | None = None,
    priority: int = WorkPriority.NORMAL,
    tier_rank: int = 0,
    language: str = "",
    customer_id: int | None = None,
    due_at: datetime | None = None,
    preferred_id: int | None = None,
    entered_at: datetime | None = None,
    is_new: bool = False,
) -> WorkItem:
    """Have a record wait for somebody, in its queue (by default the first one); its open work item.

    A record that waits or is in hands already keeps its place and needs an answer again. `weight` is that of the kind
    of channel; `preferred_id` is whoever had the record last. `is_new`: it was made in this very transaction, so nobody
    had it yet. For modules: whether the actor may is theirs to ask.
    """
    _refuse_lookers(actor)
    # What is made with the record falls with it: no savepoints of its own.
    with transaction.atomic(savepoint=not is_new):
        standing = None if is_new else _open_of(record)
        if standing is not None:
            return _enter_again(standing, due_at=due_at, priority=priority)
        if preferred_id is None and not is_new:
            preferred_id = queries.last_assignee_of(record)
        queue = _queue_for(queue_id)
        now = clock.now()
        item = WorkItem(
            record_kind=record.kind,
            record_id=record.id,
            queue=queue,
            channel_kind=channel_kind[:20],
            weight=_weight(weight_of(channel_kind) if weight is None else weight),
            priority=_priority(priority),
            tier_rank=tier_rank,
            language=language[:10],
            customer_id=customer_id,
            entered_at=entered_at or now,
            queued_at=now,
            due_at=due_at,
            preferred_id=preferred_id,
        )
        try:
            with transaction.atomic(savepoint=not is_new):
                item.save(force_insert=True)
        except IntegrityError:
            if is_new:
                raise
            # Entered by somebody else in the same moment.
            standing = _open_of(record)
            if standing is None:
                raise
            return _enter_again(standing, due_at=due_at, priority=priority)
        _tell_waiting(item)
    return item


def enter_again(*, actor: Actor, record: RecordRef, due_at: datetime | None = None) -> bool:
    """Note that a record that waits or is in hands needs an answer again; False when it has to enter first."""
    _refuse_lookers(actor)
    with transaction.atomic(savepoint=False):
        standing = _open_of(record)
        if standing is not None:
            _enter_again(standing, due_at=due_at, priority=standing.priority)
        return standing is not None


def note_answered(*, actor: Actor, record: RecordRef) -> None:
    """Nobody waits for us any more: the work of a record stays where it is and weighs no longer as waiting."""
    _refuse_lookers(actor)
    with transaction.atomic(savepoint=False):
        item = _open_of(record)
        if item is not None:
            _update(item, {"needs_answer": False})


def note_due(*, actor: Actor, record: RecordRef, due_at: datetime | None) -> None:
    """By when a record must be answered decides who is next."""
    _refuse_lookers(actor)
    with transaction.atomic(savepoint=False):
        item = _open_of(record)
        if item is not None:
            _update(item, {"due_at": due_at})


def take(*, actor: Actor, item_id: int) -> Assignment:
    """Take what waits into one's own hands; of two who take at once exactly one gets it."""
    user_id = _person(actor)
    with transaction.atomic():
        _lock_people(user_id)
        item = _locked(actor, item_id)
        if item.state == WorkState.ASSIGNED and item.assignee_id == user_id:
            return _accepted(item)
        if item.state != WorkState.WAITING:
            raise _not_waiting(item)
        why = explaining.by_hand("taken", by=user_id, load=_load_beyond(user_id, item))
        return give(item=item, user_id=user_id, by=user_id, how=How.TAKEN, why=why, is_accepted=True)


def assign(*, actor: Actor, item_id: int, user_id: int) -> Assignment:
    """Give an open item to somebody, or hand over what somebody has; nothing changes for whoever has it already."""
    _refuse_lookers(actor)
    with transaction.atomic():
        _lock_people(user_id)
        item = _locked(actor, item_id)
        if not item.is_open:
            raise _not_waiting(item)
        if item.assignee_id == user_id:
            return item.assignments.get(until__isnull=True)
        if not User.objects.filter(pk=user_id, is_active=True).exists():
            raise InvalidInput(_("Choose who is to have it."), column="user")
        if item.state == WorkState.ASSIGNED:
            _release(item, AssignmentEnd.HANDED)
        why = explaining.by_hand("handed", by=actor.user_id, load=_load_beyond(user_id, item))
        return give(
            item=item, user_id=user_id, by=actor.user_id, how=How.HANDED, why=why, is_accepted=user_id == actor.user_id
        )


def hand_over(*, actor: Actor, item_id: int, user_id: int) -> Assignment:
    """Hand over what one has oneself, or what somebody in reach has, to somebody else."""
    return assign(actor=actor, item_id=item_id, user_id=user_id)


def accept(*, actor: Actor, item_id: int) -> None:
    """Say that one has seen what one was given; from then on it does not go on to the next."""
    with transaction.atomic():
        item = WorkItem.objects.select_for_update(no_key=True).filter(pk=item_id, assignee=_person(actor)).first()
        if item is not None and item.state == WorkState.ASSIGNED:
            _accepted(item)


def put_back(*, actor: Actor, item_id: int, because: str = AssignmentEnd.PUT_BACK) -> WorkItem:
    """Give an item back to its queue, where it keeps the place that its age gives it."""
    _refuse_lookers(actor)
    with transaction.atomic():
        item = _locked(actor, item_id)
        if item.state != WorkState.ASSIGNED:
            raise Conflict(_("Nobody has it in hand."))
        return return_to_queue(item=item, because=because)


def move_to_queue(*, actor: Actor, item_id: int, queue_id: int) -> WorkItem:
    """Have an item wait in another queue; whoever has it in hand lets it go."""
    _refuse_lookers(actor)
    with transaction.atomic():
        item = _locked(actor, item_id)
        if not item.is_open:
            raise _not_waiting(item)
        queue = _queue(queue_id)
        if item.queue_id != queue.pk:
            transfer(item=item, queue=queue)
        return item


def end(*, actor: Actor, item_id: int) -> None:
    """Note that a record needs nobody any more; one that has ended stays so."""
    _refuse_lookers(actor)
    with transaction.atomic():
        item = _locked(actor, item_id)
        if not item.is_open:
            return
        if item.state == WorkState.ASSIGNED:
            _release(item, AssignmentEnd.DONE)
        item.state, item.ended_at = WorkState.ENDED, clock.now()
        item.save(update_fields=["state", "ended_at"])
        publish(WorkEnded(item.pk, item.queue_id, item.record_kind, item.record_id))
        tell_queues()


def change_item(*, actor: Actor, item_id: int, values: Mapping[str, Any]) -> list[str]:
    """Change what an item says of its record (`CHANGEABLE`); the names of the fields that differed."""
    _refuse_lookers(actor)
    unknown = sorted(set(values) - CHANGEABLE)
    if unknown:
        raise InvalidInput(_("Work has no field “%(field)s”.") % {"field": unknown[0][:40]}, column=unknown[0])
    with transaction.atomic():
        item = _locked(actor, item_id)
        clean = dict(values)
        if "weight" in clean:
            clean["weight"] = _weight(clean["weight"])
        if "priority" in clean:
            clean["priority"] = _priority(clean["priority"])
        return _update(item, clean)


# Steps that the other services of this module share; each is called with the item locked.


def give(
    *,
    item: WorkItem,
    user_id: int,
    by: int | None,
    how: str,
    why: dict[str, Any],
    strategy: str = "",
    is_accepted: bool = False,
) -> Assignment:
    """Put a waiting item into somebody's hands and keep why."""
    now = clock.now()
    item.state, item.assignee_id, item.assigned_at = WorkState.ASSIGNED, user_id, now
    item.first_assigned_at = item.first_assigned_at or now
    item.accepted_at = now if is_accepted else None
    item.save(update_fields=["state", "assignee", "assigned_at", "first_assigned_at", "accepted_at"])
    made = Assignment(
        item=item, queue_id=item.queue_id, user_id=user_id, by_id=by, how=how, strategy=strategy, at=now,
        accepted_at=item.accepted_at, why=why,
    )  # fmt: skip
    made.save(force_insert=True)
    publish(WorkAssigned(item.pk, item.queue_id, item.record_kind, item.record_id, user_id, made.pk))
    tell_queues()
    tell_people(user_id)
    return made


def return_to_queue(*, item: WorkItem, because: str) -> WorkItem:
    """Take an item out of the hands that have it and let it wait again."""
    _release(item, because)
    item.state, item.queued_at = WorkState.WAITING, clock.now()
    item.save(update_fields=["state", "assignee", "preferred", "accepted_at", "queued_at"])
    _tell_waiting(item)
    return item


def transfer(*, item: WorkItem, queue: Queue) -> None:
    """Let an open item wait in another queue."""
    if item.state == WorkState.ASSIGNED:
        _release(item, AssignmentEnd.MOVED)
    item.queue, item.state, item.queued_at = queue, WorkState.WAITING, clock.now()
    item.save(update_fields=["queue", "state", "assignee", "preferred", "accepted_at", "queued_at"])
    _tell_waiting(item)


def _release(item: WorkItem, because: str) -> None:
    """Close the assignment of now and take the item out of these hands; the caller says what becomes of it and saves."""
    user_id = item.assignee_id
    item.assignments.filter(until__isnull=True).update(until=clock.now(), ended_because=because)
    if because != AssignmentEnd.DONE:
        # What has ended goes on telling who had it last.
        item.assignee_id = item.accepted_at = None
        item.preferred_id = user_id if because == AssignmentEnd.GONE else None
    if user_id is not None:
        publish(WorkReleased(item.pk, item.queue_id, item.record_kind, item.record_id, user_id, str(because)))
        tell_people(user_id)


def _accepted(item: WorkItem) -> Assignment:
    """Note that whoever has an item has seen it."""
    standing = item.assignments.get(until__isnull=True)
    if item.accepted_at is None:
        item.accepted_at = standing.accepted_at = clock.now()
        item.save(update_fields=["accepted_at"])
        standing.save(update_fields=["accepted_at"])
    return standing


def _open_of(record: RecordRef) -> WorkItem | None:
    """The open item of a record, locked."""
    return _OPEN_ITEM.first(record.kind, record.id)


_OPEN_ITEM = CompiledRecords(
    WorkItem,
    lambda kind, number: WorkItem.objects.select_for_update(no_key=True).filter(
        record_kind=kind, record_id=number, state__in=OPEN
    ),
    str,
    int,
)


def _enter_again(item: WorkItem, *, due_at: datetime | None, priority: int) -> WorkItem:
    """A record that waits or is in hands already needs an answer (again)."""
    values: dict[str, Any] = {"needs_answer": True}
    if due_at is not None:
        values["due_at"] = due_at
    if priority > item.priority:
        values["priority"] = _priority(priority)
    _update(item, values)
    return item


def _update(item: WorkItem, values: Mapping[str, Any]) -> list[str]:
    """Write the fields that differ."""
    changed = [name for name, value in values.items() if getattr(item, name) != value]
    for name in changed:
        setattr(item, name, values[name])
    if changed:
        item.save(update_fields=changed)
        tell_queues()
        if item.assignee_id is not None:
            tell_people(item.assignee_id)
            makes_room = "weight" in changed or ("needs_answer" in changed and not item.needs_answer)
            if makes_room and item.state == WorkState.ASSIGNED:
                publish(LoadChanged(item.assignee_id))
    return changed


def _tell_waiting(item: WorkItem) -> None:
    """Say that an item waits."""
    publish(WorkWaiting(item.pk, item.queue_id, item.record_kind, item.record_id))
    tell_queues()


def _locked(actor: Actor, item_id: int) -> WorkItem:
    """The item, locked against other writers; NotFound when it is missing or not for this actor."""
    rows = WorkItem.objects.select_for_update(no_key=True)
    if actor.scope("work_item", "change") == "all":
        whole: WorkItem = rows.get_visible(actor, "change", pk=item_id)
        return whole
    found: WorkItem = WorkItem.objects.get_visible(actor, "change", pk=item_id)
    return rows.get(pk=found.pk)


def _lock_people(*user_ids: int) -> None:
    """Have nobody else give work to these meanwhile."""
    if user_ids:
        list(AgentPresence.objects.select_for_update(no_key=True).filter(pk__in=user_ids).order_by("pk"))


def hold(*, records: Collection[RecordRef] = (), user_ids: Iterable[int] = ()) -> None:
    """Lock presences and then the open work of records, each by number: of several, before any of it is written."""
    _lock_people(*user_ids)
    kinds = {record.kind for record in records}
    for kind in sorted(kinds):
        rows = WorkItem.objects.select_for_update(no_key=True).filter(record_kind=kind, state__in=OPEN)
        numbers = [record.id for record in records if record.kind == kind]
        list(rows.filter(record_id__in=numbers).order_by("pk").values_list("pk", flat=True))


def _queue(queue_id: int) -> Queue:
    """A queue that is in use."""
    found = Queue.objects.filter(pk=queue_id, is_active=True).first()
    if found is None:
        raise NotFound(_("There is no such queue, or it is not in use."))
    return found


def _queue_for(queue_id: int | None) -> Queue:
    """Where new work waits: in the queue that was named while it is in use, else in the first; work is never refused."""
    named = _NAMED.first(queue_id) if queue_id is not None else None
    return named or queries.default_queue() or first_queue()


def _load_beyond(user_id: int, item: WorkItem) -> dict[str, int]:
    """What somebody has in hand and can have, with this item; kept where a person decided."""
    load = queries.loads_of([user_id]).get(user_id) or queries.Load()
    return {"load": load.weight + item.weight, "capacity": queries.limits_of([user_id])[user_id].total}


def _not_waiting(item: WorkItem) -> Conflict:
    """Why an item cannot be taken."""
    if item.state == WorkState.ENDED:
        return Conflict(_("This needs nobody any more."))
    return Conflict(_("%(name)s has it already.") % {"name": item.assignee})


def _person(actor: Actor) -> int:
    """The person who acts."""
    _refuse_lookers(actor)
    if actor.user_id is None:
        raise Forbidden(_("Only people take work."))
    return actor.user_id


def _refuse_lookers(actor: Actor) -> None:
    """Nobody writes while looking with the rights of somebody else."""
    if actor.is_read_only:
        raise Forbidden(_("You are looking with the rights of somebody else: nothing can be changed."))


def _weight(value: Any) -> int:
    """A weight that can be counted with."""
    if not isinstance(value, int) or not 0 <= value <= LARGEST:
        raise InvalidInput(_("Use a whole number from 0 to %(most)s.") % {"most": LARGEST}, column="weight")
    return value


def _priority(value: Any) -> int:
    """One of the priorities."""
    if value not in WorkPriority.values:
        raise InvalidInput(_("“%(value)s” is not one of the choices.") % {"value": str(value)[:40]}, column="priority")
    return int(value)

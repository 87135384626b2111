"""Making and changing queues, their members and their rules."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from guanxi.core import access, changes
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, InvalidInput, NotFound
from guanxi.core.events import publish
from guanxi.core.models import Department, User
from guanxi.routing.choices import WorkState
from guanxi.routing.events import QueueChanged
from guanxi.routing.membership import Membership
from guanxi.routing.models import Queue, QueueMember, WorkItem
from guanxi.routing.strategies import strategies
from guanxi.routing.telling import tell_queues

KIND = "queue"
# A week: what is to happen later than that is meant otherwise.
LONGEST_SECONDS = 7 * 24 * 3600
SECONDS = ("accept_seconds", "preferred_seconds", "level_seconds", "overflow_seconds")
TEXTS = {"name": 80, "description": 300}
FIELDS = frozenset({*TEXTS, "code", "strategy", "department", "is_active", "order", "overflow", *SECONDS})
LEVELS = 9
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def save_queue(*, actor: Actor, queue_id: int | None, values: Mapping[str, Any]) -> Queue:
    """Make a queue, or change one; fields left out stay as they are."""
    access.require(actor, KIND, "create" if queue_id is None else "change")
    with transaction.atomic():
        row = Queue() if queue_id is None else locked_queue(actor, queue_id)
        clean = _cleaned(row, values)
        with changes.operation(actor=actor, name="routing.save_queue") as op:
            if queue_id is None:
                if "name" not in clean or "code" not in clean:
                    raise InvalidInput(_("A queue needs a name and a code."), column="name")
                row = op.create(Queue(**clean))
            elif not op.update(row, **clean):
                op.row.delete()
                return row
        publish(QueueChanged(row.pk))
        tell_queues()
    return row


def set_members(*, actor: Actor, queue_id: int, members: Sequence[Membership]) -> None:
    """Say who is in a queue, all of them at once."""
    with transaction.atomic():
        queue = locked_queue(actor, queue_id)
        wanted = {one.user_id: one for one in members}
        if len(wanted) != len(members):
            raise InvalidInput(_("Everybody is a member once."), column="members")
        if any(not 1 <= one.level <= LEVELS for one in members):
            raise InvalidInput(_("Levels go from 1 to %(most)s.") % {"most": LEVELS}, column="members")
        held = {row.user_id: row for row in QueueMember.objects.filter(queue=queue)}
        known = set(User.objects.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True)) | set(held)
        if wanted.keys() - known:
            raise InvalidInput(_("There is no such user."), column="members")
        with changes.operation(actor=actor, name="routing.set_members") as op:
            for user_id, row in held.items():
                if user_id not in wanted:
                    op.delete(row)
                else:
                    op.update(row, level=wanted[user_id].level, is_active=wanted[user_id].is_active)
            for user_id in sorted(wanted.keys() - held.keys()):
                one = wanted[user_id]
                op.create(QueueMember(queue=queue, user_id=user_id, level=one.level, is_active=one.is_active))
            if not op.pending:
                op.row.delete()
                return
            op.touch(queue)
        publish(QueueChanged(queue.pk))
        tell_queues()


def set_own_membership(*, actor: Actor, queue_id: int, is_active: bool) -> None:
    """Pause or resume one's own membership of a queue: a member may do that for themselves."""
    with transaction.atomic():
        row = QueueMember.objects.select_for_update().filter(queue=queue_id, user=actor.user_id).first()
        if row is None:
            raise NotFound(_("You are no member of this queue."))
        with changes.operation(actor=actor, name="routing.set_own_membership") as op:
            if not op.update(row, is_active=is_active):
                op.row.delete()
                return
        publish(QueueChanged(queue_id))
        tell_queues()


def remove_queue(*, actor: Actor, queue_id: int) -> int:
    """Remove a queue that never had any work; one that had is set out of use instead. The operation's number."""
    with transaction.atomic():
        queue = locked_queue(actor, queue_id, "delete")
        try:
            with transaction.atomic(), changes.operation(actor=actor, name="routing.remove_queue") as op:
                for row in QueueMember.objects.filter(queue=queue):
                    op.delete(row)
                op.delete(queue)
        except ProtectedError:
            raise Conflict(
                _("This queue has had work, or another one overflows into it. Set it out of use instead.")
            ) from None
        tell_queues()
    return op.id


def locked_queue(actor: Actor, queue_id: int, action: str = "change") -> Queue:
    """The queue, locked against other writers; NotFound when it is missing or not for this actor."""
    found: Queue = Queue.objects.get_visible(actor, action, pk=queue_id)
    return Queue.objects.select_for_update(no_key=True).get(pk=found.pk)


def _cleaned(row: Queue, given: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they are stored; InvalidInput names the field that cannot be used."""
    unknown = sorted(set(given) - FIELDS)
    if unknown:
        raise InvalidInput(_("A queue has no field “%(field)s”.") % {"field": unknown[0][:40]}, column=unknown[0])
    clean: dict[str, Any] = {name: _text(given[name], limit, name) for name, limit in TEXTS.items() if name in given}
    if "name" in given:
        _check_free(row, "name", clean["name"])
    if "code" in given:
        clean["code"] = str(given["code"] or "").strip().lower()
        if not _CODE.fullmatch(clean["code"]):
            raise InvalidInput(_("A code has up to 40 small letters, digits, - and _."), column="code")
        _check_free(row, "code", clean["code"])
    if "strategy" in given:
        clean["strategy"] = str(given["strategy"])
        if clean["strategy"] not in strategies:
            raise InvalidInput(_("Choose how work is given out."), column="strategy")
    clean |= {name: _number(given[name], LONGEST_SECONDS, name) for name in SECONDS if name in given}
    if "order" in given:
        clean["order"] = _number(given["order"], 9_999, "order")
    if "department" in given:
        clean["department"] = _department(given["department"])
    if "overflow" in given:
        clean["overflow"] = _overflow(row, given["overflow"])
    if "is_active" in given:
        clean["is_active"] = bool(given["is_active"])
        if row.pk and row.is_active and not clean["is_active"]:
            _check_may_rest(row)
    return clean


def _text(value: Any, limit: int, column: str) -> str:
    """A line of text within its limit."""
    text = " ".join(str(value or "").replace("\x00", "").split())
    if len(text) > limit:
        raise InvalidInput(_("At most %(limit)s characters can be kept here.") % {"limit": limit}, column=column)
    if column == "name" and not text:
        raise InvalidInput(_("A queue needs a name."), column=column)
    return text


def _check_free(row: Queue, column: str, value: str) -> None:
    """Raise when another queue is called so."""
    if Queue.objects.filter(**{column: value}).exclude(pk=row.pk or 0).exists():
        raise Conflict(_("There is already a queue “%(name)s”.") % {"name": value}, column=column)


def _number(value: Any, most: int, column: str) -> int:
    """A whole number from 0 to `most`."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise InvalidInput(_("Use a whole number from 0 to %(most)s.") % {"most": most}, column=column)
    return value


def _department(value: Any) -> Department | None:
    """An open department, or none."""
    if value in (None, ""):
        return None
    found = Department.objects.filter(pk=value, is_closed=False).first() if str(value).isdecimal() else None
    if found is None:
        raise InvalidInput(_("There is no such department."), column="department")
    return found


def _overflow(row: Queue, value: Any) -> Queue | None:
    """Another queue whose own overflow does not lead back here."""
    if value in (None, ""):
        return None
    found = Queue.objects.filter(pk=value).first() if str(value).isdecimal() else None
    if found is None:
        raise InvalidInput(_("There is no such queue."), column="overflow")
    seen: Queue | None = found
    for _step in range(Queue.objects.count() + 1):
        if seen is None:
            return found
        if row.pk is not None and seen.pk == row.pk:
            break
        seen = seen.overflow
    raise InvalidInput(_("Overflowing there would lead in a circle."), column="overflow")


def _check_may_rest(row: Queue) -> None:
    """Raise when a queue cannot be set out of use: it is the last, or something is in it."""
    if not Queue.objects.filter(is_active=True).exclude(pk=row.pk).exists():
        raise Conflict(_("One queue stays in use, so that work has somewhere to wait."), column="is_active")
    if WorkItem.objects.filter(queue=row, state__in=(WorkState.WAITING, WorkState.ASSIGNED)).exists():
        raise Conflict(_("Something waits or is in hand in this queue. Move or end it first."), column="is_active")

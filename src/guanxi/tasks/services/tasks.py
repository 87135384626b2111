"""Setting, changing and doing tasks; every act is an operation that can be undone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core import changes, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.core.events import publish
from guanxi.core.models import User
from guanxi.core.records import RecordRef
from guanxi.tasks.about import subjects
from guanxi.tasks.choices import Priority, Repeat, TaskState
from guanxi.tasks.events import TaskChanged, TaskCreated
from guanxi.tasks.models import Task
from guanxi.tasks.repeating import next_moment, reminder_of_next
from guanxi.tasks.services.mentioning import tell_mentioned
from guanxi.tasks.services.notifications import notify

NOTE_LIMIT = 10_000
FIELDS = frozenset({"title", "note", "assignee", "due_at", "is_all_day", "remind_at", "priority", "repeat", "about"})


def create_task(*, actor: Actor, values: Mapping[str, Any]) -> Task:
    """Set a task for oneself or, with `assignee`, for somebody else."""
    given = dict(values)
    given.setdefault("assignee", actor.user_id)
    clean = _cleaned(actor, given)
    if "title" not in clean:
        raise InvalidInput(_("Say what is to be done."), column="title")
    with changes.operation(actor=actor, name="tasks.create_task") as op:
        task: Task = op.create(Task(author_id=actor.user_id, created_at=clock.now(), **clean))
        publish(TaskCreated(task_id=task.pk))
    _tell_assignee(actor, task)
    _tell_mentioned(actor, task)
    return task


def update_task(*, actor: Actor, task_id: int, values: Mapping[str, Any]) -> int | None:
    """Change a task; the operation's number, None when nothing differs."""
    with transaction.atomic():
        task = locked_task(actor, task_id)
        clean = _cleaned(actor, values)
        if "remind_at" in clean and clean["remind_at"] != task.remind_at:
            clean["reminded_at"] = None
        before, note = task.assignee_id, task.note
        with changes.operation(actor=actor, name="tasks.update_task") as op:
            changed = op.update(task, **clean)
            if not changed:
                op.row.delete()
                return None
            publish(TaskChanged(task_id=task.pk, fields=tuple(changed)))
        if task.assignee_id != before:
            _tell_assignee(actor, task)
        if task.note != note:
            _tell_mentioned(actor, task, note)
        return op.id


def end_task(*, actor: Actor, task_id: int, state: str = TaskState.DONE) -> tuple[int, Task | None]:
    """Note that a task is done (or dropped); the operation's number and, where it comes again, the next one."""
    if state not in {TaskState.DONE, TaskState.DROPPED}:
        raise InvalidInput(_("A task ends by being done or dropped."), column="state")
    with transaction.atomic():
        task = locked_task(actor, task_id)
        if task.state != TaskState.OPEN:
            raise InvalidInput(_("This task has ended already."), column="state")
        following: Task | None = None
        with changes.operation(
            actor=actor, name=f"tasks.{'complete' if state == TaskState.DONE else 'drop'}_task"
        ) as op:
            op.update(task, state=state, ended_at=clock.now())
            if state == TaskState.DONE and task.repeat:
                following = op.create(_next(task))
            publish(TaskChanged(task_id=task.pk, fields=("state",)))
        if task.author_id is not None:
            notify(
                user_ids=[task.author_id], sort="task.ended", by=actor.user_id,
                about=RecordRef("task", task.pk), data={"state": str(state)},
            )  # fmt: skip
        return op.id, following


def reopen_task(*, actor: Actor, task_id: int) -> int:
    """Open a task again that had ended."""
    with transaction.atomic():
        task = locked_task(actor, task_id)
        with changes.operation(actor=actor, name="tasks.reopen_task") as op:
            op.update(task, state=TaskState.OPEN, ended_at=None)
            publish(TaskChanged(task_id=task.pk, fields=("state",)))
        return op.id


def delete_task(*, actor: Actor, task_id: int) -> int:
    """Take back a task that never should have been; the operation's number."""
    with transaction.atomic():
        task = locked_task(actor, task_id, "delete")
        with changes.operation(actor=actor, name="tasks.delete_task") as op:
            op.delete(task)
        return op.id


def locked_task(actor: Actor, task_id: int, action: str = "change") -> Task:
    """The task, locked against other writers; NotFound when it is missing or not for this actor."""
    found: Task = Task.objects.get_visible(actor, action, pk=task_id)
    return Task.objects.select_for_update().get(pk=found.pk)


def _next(task: Task) -> Task:
    """The next of a task that comes again: due one step later, its reminder as long before as it was."""
    due_at = next_moment(task.due_at or clock.now(), task.repeat, after=clock.now())
    remind_at = reminder_of_next(due_at, task.due_at, task.remind_at) if task.due_at and task.remind_at else None
    return Task(
        title=task.title,
        note=task.note,
        assignee_id=task.assignee_id,
        author_id=task.author_id,
        about_kind=task.about_kind,
        about_id=task.about_id,
        due_at=due_at,
        is_all_day=task.is_all_day,
        remind_at=remind_at,
        priority=task.priority,
        repeat=task.repeat,
        created_at=clock.now(),
    )


def _tell_assignee(actor: Actor, task: Task) -> None:
    """Tell whoever was given a task by somebody else."""
    notify(user_ids=[task.assignee_id], sort="task.assigned", by=actor.user_id, about=RecordRef("task", task.pk))


def _tell_mentioned(actor: Actor, task: Task, before: str = "") -> None:
    """Tell those whom the note names: of the task, or of the record it is about where they see only that."""
    about = RecordRef(task.about_kind, task.about_id) if task.about_kind and task.about_id is not None else None
    tell_mentioned(actor=actor, text=task.note, before=before, about=RecordRef("task", task.pk), instead=about)


def _cleaned(actor: Actor, given: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they are stored; InvalidInput names the field that cannot be used."""
    unknown = sorted(set(given) - FIELDS)
    if unknown:
        raise InvalidInput(_("A task has no field “%(field)s”.") % {"field": unknown[0][:40]}, column=unknown[0])
    clean: dict[str, Any] = {}
    if "title" in given:
        clean["title"] = _text(given["title"], 200, "title")
        if not clean["title"]:
            raise InvalidInput(_("Say what is to be done."), column="title")
    if "note" in given:
        clean["note"] = _text(given["note"], NOTE_LIMIT, "note", lines=True)
    if "assignee" in given:
        clean["assignee"] = _person(given["assignee"])
    for name in ("due_at", "remind_at"):
        if name in given:
            clean[name] = _moment(given[name], name)
    if "is_all_day" in given:
        clean["is_all_day"] = bool(given["is_all_day"])
    if "priority" in given:
        clean["priority"] = _choice(Priority, given["priority"], "priority")
    if "repeat" in given:
        clean["repeat"] = _choice(Repeat, given["repeat"] or "", "repeat")
    if "about" in given:
        clean["about_kind"], clean["about_id"] = _about(actor, given["about"])
    return clean


def _text(value: Any, limit: int, column: str, *, lines: bool = False) -> str:
    """A text within its limit."""
    text = str(value or "").replace("\x00", "")
    text = text.strip() if lines else " ".join(text.split())
    if len(text) > limit:
        raise InvalidInput(_("At most %(limit)s characters can be kept here.") % {"limit": limit}, column=column)
    return text


def _person(value: Any) -> User:
    """Who is to do it."""
    key = value.pk if isinstance(value, User) else value
    found = User.objects.filter(pk=key, is_active=True).first() if str(key).isdecimal() else None
    if found is None:
        raise InvalidInput(_("Choose who is to do it."), column="assignee")
    return found


def _moment(value: Any, column: str) -> datetime | None:
    """A moment with its time zone, or none."""
    if value in (None, ""):
        return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise InvalidInput(_("A moment needs a date, a time and a time zone."), column=column)
    return value


def _choice(choices: Any, value: Any, column: str) -> Any:
    """One of the choices."""
    try:
        return choices(int(value) if choices is Priority else str(value))
    except ValueError:
        raise InvalidInput(
            _("“%(value)s” is not one of the choices.") % {"value": str(value)[:40]}, column=column
        ) from None


def _about(actor: Actor, about: RecordRef | None) -> tuple[str, int | None]:
    """The record it is about, if it is open to the actor."""
    if about is None:
        return "", None
    if about not in subjects(actor, [about]):
        raise NotFound(_("There is no such record, or it is not open to you."))
    return about.kind, about.id

"""Notifications and tasks as people read them and as programs do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.core.actor import Actor
from guanxi.core.records import RecordRef
from guanxi.tasks import about
from guanxi.tasks.about import Subject, subjects
from guanxi.tasks.models import Notification, Task
from guanxi.tasks.sorts import sorts


@dataclass(frozen=True)
class Line:
    """One notification in words."""

    row: Notification
    words: str
    url: str
    icon: str


def lines(actor: Actor, rows: Sequence[Notification]) -> list[Line]:
    """Notifications in the reader's words; records that are not open to them any more are not named."""
    open_ = subjects(actor, _references((row.about_kind, row.about_id) for row in rows))
    return [_line(row, open_) for row in rows]


def _references(pairs: Iterable[tuple[str, int | None]]) -> set[RecordRef]:
    """The records that some rows are about."""
    return {RecordRef(kind, number) for kind, number in pairs if kind and number is not None}


def _line(row: Notification, open_: dict[RecordRef, Subject]) -> Line:
    """One notification in words."""
    found = open_.get(RecordRef(row.about_kind, row.about_id or 0))
    sort = sorts.get(row.sort)
    who = row.actor.display_name if row.actor is not None else _("The system")
    words = sort.words(who, found.title if found else "", row.data, row.count) if sort else row.sort
    url = found.url if found else reverse(sort.page) if sort and sort.page else ""
    return Line(row, words, url, sort.icon if sort else "bell")


def task_data(task: Task) -> dict[str, Any]:
    """A task for programs."""
    return {
        "id": task.public_id,
        "title": task.title,
        "note": task.note,
        "assignee": task.assignee.username,
        "author": task.author.username if task.author else None,
        "about": about.public_id(task.about_kind, task.about_id) or None,
        "due_at": task.due_at.isoformat() if task.due_at else None,
        "all_day": task.is_all_day,
        "remind_at": task.remind_at.isoformat() if task.remind_at else None,
        "priority": {1: "low", 2: "normal", 3: "high"}[task.priority],
        "repeat": task.repeat or None,
        "state": task.state,
        "ended_at": task.ended_at.isoformat() if task.ended_at else None,
        "created_at": task.created_at.isoformat(),
    }


def tasks_with_subjects(actor: Actor, rows: Iterable[Task]) -> list[tuple[Task, Subject | None]]:
    """Tasks, each with its record where that is open to the reader."""
    found = list(rows)
    open_ = subjects(actor, _references((task.about_kind, task.about_id) for task in found))
    return [(task, open_.get(RecordRef(task.about_kind, task.about_id or 0))) for task in found]

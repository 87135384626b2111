"""What tasks bring to other pages: the card on a record, what is due on the home page."""

from collections.abc import Callable

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.core import records
from guanxi.core.actor import Actor
from guanxi.core.records import RecordRef
from guanxi.tasks import presenting, queries
from guanxi.tasks.choices import TaskState
from guanxi.tasks.lists import due_tone, due_words
from guanxi.tasks.models import Task
from guanxi.ui import panels

SHOWN = 6


def _rows(actor: Actor, tasks: list[Task]) -> list[dict[str, object]]:
    """Tasks as a card shows them."""
    return [
        {
            "task": task,
            "subject": subject,
            "due": due_words(task.due_at, is_all_day=task.is_all_day),
            "tone": due_tone(task.due_at, task.state),
            "is_open": task.state == TaskState.OPEN,
        }
        for task, subject in presenting.tasks_with_subjects(actor, tasks)
    ]


def card_of(kind: str) -> Callable[[HttpRequest, int], str]:
    """What draws the card of tasks on the page of a kind of record."""

    def draw(request: HttpRequest, record_id: int) -> str:
        """The tasks about one record, and whether one follows it."""
        actor: Actor = request.actor  # type: ignore[attr-defined]
        about = RecordRef(kind, record_id)
        context = {
            "rows": _rows(
                actor, list(queries.tasks_about(actor, about)[:SHOWN]) if queries.is_task_about(about) else []
            ),
            "about": records.kinds[kind].public_id(record_id),
            "is_followed": queries.is_followed(actor, about),
        }
        return render_to_string("tasks/panel.html", context, request=request)

    return draw


def add_to(kind: str, *, order: int = 20) -> None:
    """Show tasks and following on the page of a kind of record."""

    def count(actor: Actor, record_id: int) -> int:
        """How many are still to be done."""
        about = RecordRef(kind, record_id)
        return (
            queries.tasks_about(actor, about).filter(state=TaskState.OPEN).count()
            if queries.is_task_about(about)
            else 0
        )

    panels.register(
        kind,
        panels.Panel(
            "tasks",
            _("Tasks"),
            card_of(kind),
            order=order,
            icon="list-check",
            count=count,
            add_url=lambda record_id: f"{reverse('tasks:create')}?about={records.kinds[kind].public_id(record_id)}",
            add_permission=("task", "create"),
        ),
    )


def home_panel(request: HttpRequest) -> str | None:
    """What the reader has to do next."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = list(queries.open_tasks_of(actor.user_id or 0)[:SHOWN])
    if not rows:
        return None
    return render_to_string("tasks/home.html", {"rows": _rows(actor, rows)}, request=request)

"""The list of tasks."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.core.ids import public_id
from guanxi.tasks import queries
from guanxi.tasks.choices import Priority, TaskState
from guanxi.tasks.models import Task
from guanxi.tasks.services import tasks as acts
from guanxi.ui import cells, editing, filters, lists
from guanxi.ui.html import badge, escape
from guanxi.ui.tables import Column, Table

STATES = tuple(TaskState.choices)


def task_url(task_id: int) -> str:
    """The page of a task."""
    return reverse("tasks:task", args=[public_id("tsk", task_id)])


def due_tone(due_at: datetime | None, state: str) -> str:
    """The colour of a due moment: overdue, today, later."""
    if due_at is None or state != TaskState.OPEN:
        return ""
    if due_at < clock.now():
        return "danger"
    return "warning" if due_at < queries.today_ends() else ""


def due_words(due_at: datetime | None, *, is_all_day: bool) -> str:
    """When a task is due: the day, with the time where one was given."""
    if due_at is None:
        return ""
    local = timezone.localtime(due_at)
    day = cells.format_date(local.date(), cells.Context())
    return day if is_all_day else f"{day} {local:%H:%M}"


def _title_cell(row: cells.Row, context: cells.Context) -> str:
    """What is to be done, leading to the task; done ones struck through."""
    struck = "" if row["state"] == TaskState.OPEN else ' class="is-struck"'
    return f'<a href="{context.url(row["id"])}"{struck}>{escape(row["title"])}</a>'


def _due_cell(row: cells.Row, context: cells.Context) -> str:
    """When it is due, in the colour of its urgency."""
    words = due_words(row["due_at"], is_all_day=row["is_all_day"])
    tone = due_tone(row["due_at"], row["state"])
    return (badge(words, tone) if tone else escape(words)) if words else cells.NOTHING


def _priority_cell(row: cells.Row, context: cells.Context) -> str:
    """High and low stand out, normal does not."""
    tone = {Priority.HIGH: "danger", Priority.LOW: "neutral"}.get(row["priority"])
    label = str(dict(Priority.choices)[row["priority"]])
    return badge(label, tone) if tone else escape(label)


def _person_cell(field: str) -> cells.Cell:
    """A person by name."""

    def draw(row: cells.Row, context: cells.Context) -> str:
        """The name."""
        return escape(row[f"{field}__name"] or row[f"{field}__username"] or "") or cells.NOTHING

    return draw


def _queryset(actor: Actor) -> QuerySet[Any]:
    """The tasks that the actor may see."""
    return Task.objects.visible_to(actor)


def _load(actor: Actor, record_id: int) -> Task:
    """The task, when the actor may change it."""
    found: Task = Task.objects.get_visible(actor, "change", pk=record_id)
    return found


def _save(*, actor: Actor, record_id: int, field: str, value: Any) -> int | None:
    """Change one field in place."""
    if field == "state":
        if value == TaskState.OPEN:
            return acts.reopen_task(actor=actor, task_id=record_id)
        return acts.end_task(actor=actor, task_id=record_id, state=str(value))[0]
    return acts.update_task(actor=actor, task_id=record_id, values={field: value})


TASK = editing.register(
    editing.EditableRecord(
        kind="task",
        load=_load,
        save=_save,
        fields=[
            editing.Field("title", gettext_lazy("What is to be done"), required=True),
            editing.Field(
                "priority", gettext_lazy("Priority"), "choice", choices=tuple(Priority.choices), required=True
            ),
            editing.Field("state", gettext_lazy("State"), "choice", choices=STATES, required=True),
            editing.Field(
                "assignee",
                gettext_lazy("Who does it"),
                "choice",
                options=lambda _actor: queries.people(),
                required=True,
            ),
        ],
    )
)


def _done(*, actor: Actor, queryset: QuerySet[Any], count: int, data: Any) -> lists.Outcome:
    """Note that all selected tasks are done."""
    done = 0
    for number in queryset.filter(state=TaskState.OPEN).values_list("pk", flat=True):
        acts.end_task(actor=actor, task_id=number)
        done += 1
    return lists.Outcome(_("%(count)s tasks are done.") % {"count": done}, count=done)


TABLE = Table(
    columns=[
        Column("title", gettext_lazy("What is to be done"), ("title", "state"), _title_cell, sort="title", fixed=True),
        Column("due", gettext_lazy("Due"), ("due_at", "is_all_day", "state"), _due_cell, sort="due_at", nullable=True,
               value=lambda row: row["due_at"]),
        Column("priority", gettext_lazy("Priority"), ("priority",), _priority_cell, sort="priority", edit="priority",
               group=True, choices=tuple(Priority.choices)),
        Column("state", gettext_lazy("State"), ("state",), cells.badge("state", STATES), edit="state", group=True,
               choices=STATES),
        Column("assignee", gettext_lazy("Who does it"), ("assignee_id", "assignee__name", "assignee__username"),
               _person_cell("assignee"), group=True, edit="assignee", choices=lambda _actor: queries.people(),
               value=lambda row: row["assignee__name"] or row["assignee__username"]),
        Column("author", gettext_lazy("Set by"), ("author__name", "author__username"), _person_cell("author"),
               value=lambda row: row["author__name"] or row["author__username"], hidden=True),
        Column("created", gettext_lazy("Set on"), ("created_at",), cells.moment("created_at"), sort="created_at",
               hidden=True),
        Column("ended", gettext_lazy("Done on"), ("ended_at",), cells.moment("ended_at"), sort="ended_at",
               nullable=True, hidden=True),
    ],
    default_sort="due",
)  # fmt: skip
PAGE = lists.register(
    lists.ListPage(
        key="tasks",
        kind="task",
        title=gettext_lazy("Tasks"),
        icon="list-check",
        queryset=_queryset,
        table=TABLE,
        filters=[
            filters.Choice("state", gettext_lazy("State"), "state", choices=STATES),
            filters.Choice("assignee", gettext_lazy("Who does it"), "assignee_id", choices=queries.people),
            filters.Choice("author", gettext_lazy("Set by"), "author_id", choices=queries.people),
            filters.Choice("priority", gettext_lazy("Priority"), "priority", choices=Priority.choices),
            filters.Date("due", gettext_lazy("Due"), "due_at", is_moment=True),
            filters.Text("title", gettext_lazy("What is to be done"), "title"),
        ],
        views=[
            lists.StandardView("open", pgettext_lazy("task", "Open"), {"state": "open"}, sort="due"),
            lists.StandardView("ended", gettext_lazy("Done"), {"state": "done"}, sort="-ended"),
        ],
        url_name="tasks:list",
        record_url=task_url,
        search=lambda queryset, text, _actor: queryset.filter(title__icontains=text),
        search_hint=gettext_lazy("Find a task"),
        bulk_actions=[lists.BulkAction("done", gettext_lazy("Done"), _done, icon="check", limit=500)],
        create_url_name="tasks:create",
        create_label=gettext_lazy("New task"),
        board_by=("state", "priority", "assignee"),
        empty=lists.Empty(
            gettext_lazy("Nothing to do"),
            gettext_lazy("Tasks say who does what until when, about a customer or anything else, and remind of it."),
            gettext_lazy("New task"),
            "tasks:create",
            icon="list-check",
        ),
    )
)

"""What rules can hear, ask and do about tasks; and telling people, about any record."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from guanxi.core import records
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.core.models import Role, User
from guanxi.core.records import RecordRef
from guanxi.core.sentences import gettext as _
from guanxi.core.sentences import ngettext
from guanxi.tasks import queries as task_queries
from guanxi.tasks.choices import Priority, TaskState
from guanxi.tasks.events import TaskChanged, TaskCreated
from guanxi.tasks.models import Task
from guanxi.tasks.public import create_task, end_task, notify
from guanxi.workflow.registries import (
    Action,
    Done,
    Fact,
    FactType,
    Moment,
    Parameter,
    ParameterType,
    Trigger,
    read_column,
    register_action,
    register_fact,
    register_moment,
    register_trigger,
)


def role_choices() -> list[tuple[str, str]]:
    """The roles to choose from, in the language of now."""
    is_chinese = (get_language() or "en").startswith("zh")
    rows = Role.objects.order_by("pk").values_list("key", "name_en", "name_zh")
    return [(key, (chinese if is_chinese else english) or key) for key, english, chinese in rows]


def _due(after: datetime, until: datetime) -> Iterable[tuple[int, datetime]]:
    """Open tasks that are due in a span of time."""
    rows = Task.objects.filter(state=TaskState.OPEN, due_at__gt=after, due_at__lte=until)
    return rows.order_by("due_at", "id").values_list("pk", "due_at").iterator(500)


def _set_task(*, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
    """Set a task about the record; about a task's own record where it is a task."""
    about: RecordRef | None = record
    if record.kind == "task":
        row = Task.objects.filter(pk=record.id).values_list("about_kind", "about_id").first()
        about = RecordRef(row[0], row[1]) if row and row[0] and row[1] is not None else None
    values: dict[str, Any] = {"title": parameters["title"], "assignee": parameters["assignee"], "about": about}
    if parameters.get("note"):
        values["note"] = parameters["note"]
    if parameters.get("priority") is not None:
        values["priority"] = parameters["priority"]
    if parameters.get("due_days") is not None:
        values["due_at"] = task_queries.today_ends() + timedelta(days=int(parameters["due_days"]), seconds=-1)
        values["is_all_day"] = True
    task = create_task(actor=actor, values=values)
    return Done(_("A task was set."), RecordRef("task", task.pk))


def _end_task(*, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
    """Note that the task is done or dropped, where it is still open."""
    if not Task.objects.filter(pk=record.id, state=TaskState.OPEN).exists():
        return Done(_("The task had ended already."), record, has_changed=False)
    end_task(actor=actor, task_id=record.id, state=parameters["state"])
    return Done(_("The task was ended."), record)


def _tell_user(*, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
    """Tell one person of the record."""
    return _told([parameters["user"]], actor, record)


def _tell_role(*, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
    """Tell everybody with a role of the record."""
    people = User.objects.filter(role__key=parameters["role"], is_active=True)
    return _told(people.values_list("pk", flat=True), actor, record)


def _told(user_ids: Iterable[int], actor: Actor, record: RecordRef) -> Done:
    """Tell people of a record, in the rule's name."""
    count = notify(user_ids=user_ids, sort="rule", by=None, about=record, data={"rule": actor.name}, gathers=True)
    words = ngettext("%(count)s person was told.", "%(count)s people were told.", count) % {"count": count}
    return Done(words, None, has_changed=count > 0)


def _open_state(parameters: Mapping[str, Any]) -> None:
    """A task ends by being done or dropped."""
    if parameters.get("state") not in {TaskState.DONE, TaskState.DROPPED}:
        raise InvalidInput(_("A task ends by being done or dropped."), column="actions")


def _about_choices() -> list[tuple[str, str]]:
    """The kinds of record that a task may be about."""
    return [(kind.kind, str(kind.label)) for kind in records.kinds if kind.kind != "task"]


def _stamp(text: Any) -> Any:
    """A moment out of the journal."""
    return datetime.fromisoformat(text) if isinstance(text, str) else text


_FIELDS = {
    "title": gettext_lazy("What is to be done"),
    "note": pgettext_lazy("task", "Note"),
    "assignee": gettext_lazy("Who does it"),
    "due_at": gettext_lazy("Due"),
    "priority": gettext_lazy("Priority"),
    "repeat": gettext_lazy("Comes again"),
    "state": gettext_lazy("State"),
}
register_trigger(
    Trigger("task.created", gettext_lazy("a task is set"), "task", {TaskCreated: lambda event: (event.task_id,)},
            icon="list-check"),
    order=10,
)  # fmt: skip
register_trigger(
    Trigger(
        "task.changed",
        gettext_lazy("a task is changed or ended"),
        "task",
        {TaskChanged: lambda event: (event.task_id,)},
        fields={TaskChanged: lambda event: event.fields},
        field_labels=_FIELDS,
        icon="list-check",
    ),
    order=11,
)
register_moment(Moment("task.due", gettext_lazy("an open task is due"), "task", _due, icon="list-check"), order=12)

for _order, _fact in enumerate(
    (
        Fact("task.title", "task", _FIELDS["title"], FactType.TEXT, read_column(Task, "title"), column="title"),
        Fact("task.state", "task", _FIELDS["state"], FactType.CHOICE, read_column(Task, "state"),
             choices=tuple(TaskState.choices), column="state"),
        Fact("task.priority", "task", _FIELDS["priority"], FactType.CHOICE, read_column(Task, "priority"),
             choices=tuple(Priority.choices), column="priority"),
        Fact("task.assignee", "task", _FIELDS["assignee"], FactType.USER, read_column(Task, "assignee_id"),
             choices=task_queries.people, column="assignee_id"),
        Fact("task.author", "task", gettext_lazy("Set by"), FactType.USER, read_column(Task, "author_id"),
             choices=task_queries.people, column="author_id"),
        Fact("task.due", "task", _FIELDS["due_at"], FactType.DATE, read_column(Task, "due_at"), column="due_at",
             from_journal=_stamp),
        Fact("task.about", "task", gettext_lazy("About"), FactType.CHOICE, read_column(Task, "about_kind"),
             choices=_about_choices, column="about_kind"),
    )
):  # fmt: skip
    register_fact(_fact, order=10 + _order)


register_action(
    Action(
        "task.set",
        gettext_lazy("set a task"),
        _set_task,
        parameters=(
            Parameter("title", _FIELDS["title"], ParameterType.TEXT, is_required=True),
            Parameter("assignee", _FIELDS["assignee"], ParameterType.USER, is_required=True,
                      choices=task_queries.people),
            Parameter("due_days", gettext_lazy("Due in days"), ParameterType.NUMBER, most=3660,
                      hint=gettext_lazy("0: today; empty: no date")),
            Parameter("priority", _FIELDS["priority"], ParameterType.CHOICE, choices=tuple(Priority.choices)),
            Parameter("note", _FIELDS["note"], ParameterType.LONG_TEXT),
        ),
        needs=("task", "create"),
        icon="list-check",
    ),
    order=10,
)  # fmt: skip
register_action(
    Action(
        "task.end",
        gettext_lazy("end the task"),
        _end_task,
        kind="task",
        parameters=(
            Parameter("state", _FIELDS["state"], ParameterType.CHOICE, is_required=True,
                      choices=((TaskState.DONE, TaskState.DONE.label), (TaskState.DROPPED, TaskState.DROPPED.label))),
        ),
        needs=("task", "change"),
        check=_open_state,
        icon="check",
    ),
    order=11,
)  # fmt: skip
register_action(
    Action(
        "tell.user",
        gettext_lazy("tell a person"),
        _tell_user,
        parameters=(
            Parameter("user", gettext_lazy("Person"), ParameterType.USER, is_required=True,
                      choices=task_queries.people),
        ),
        icon="bell",
    ),
    order=20,
)  # fmt: skip
register_action(
    Action(
        "tell.role",
        gettext_lazy("tell everybody with a role"),
        _tell_role,
        parameters=(
            Parameter("role", gettext_lazy("Role"), ParameterType.ROLE, is_required=True, choices=role_choices),
        ),
        icon="bell",
    ),
    order=21,
)  # fmt: skip

"""Tasks and notifications in the API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.core import access
from guanxi.core.api import Flag, Moment, cursors, id_of
from guanxi.core.api.answers import Strict, actor_in, answer, require_match
from guanxi.core.errors import InvalidInput
from guanxi.core.models import User
from guanxi.core.records import RecordRef
from guanxi.tasks import about, presenting, queries
from guanxi.tasks.choices import TaskState
from guanxi.tasks.models import Task
from guanxi.tasks.services import tasks as acts
from guanxi.ui import keyset
from guanxi.ui.keyset import SortKey

router = Router()
TaskId = Annotated[str, id_of("task")]
RecordId = Annotated[str, id_of()]
NEWEST = [SortKey("at", is_descending=True), SortKey("pk", is_descending=True)]
PRIORITIES = {"low": 1, "normal": 2, "high": 3}
PriorityName = Literal["low", "normal", "high"]
RepeatName = Literal["day", "workday", "week", "month", "year"]
StateName = Literal["open", "done", "dropped"]


class TaskChange(Strict):
    """Fields of a task; those left out stay as they are. `state` ends a task or opens it again."""

    title: str | None = Field(None, max_length=200)
    note: str | None = Field(None, max_length=10_000)
    assignee: str | None = Field(None, max_length=150, description="the name somebody signs in with")
    about: RecordId | None = Field(
        None, min_length=1, max_length=30, description="our id of a record (cus_…, ord_…); null for none"
    )
    due_at: Moment | None = None
    all_day: Flag | None = None
    remind_at: Moment | None = None
    priority: PriorityName | None = None
    repeat: RepeatName | None = None
    state: StateName | None = None


class TaskInput(Strict):
    """A new task; without an assignee it is the caller's own."""

    title: str = Field(max_length=200)
    note: str = Field("", max_length=10_000)
    assignee: str | None = Field(None, max_length=150, description="the name somebody signs in with")
    about: RecordId | None = Field(None, min_length=1, max_length=30, description="our id of a record (cus_…, ord_…)")
    due_at: Moment | None = None
    all_day: Flag = False
    remind_at: Moment | None = None
    priority: PriorityName = "normal"
    repeat: RepeatName | None = None


class TaskData(Schema):
    """One task."""

    id: str
    title: str
    note: str
    assignee: str
    author: str | None
    about: str | None
    due_at: str | None
    all_day: bool
    remind_at: str | None
    priority: PriorityName
    repeat: str | None
    state: StateName
    ended_at: str | None
    created_at: str


class TaskPage(Schema):
    """A page of tasks; `next` goes on after it."""

    items: list[TaskData]
    next: str | None


class TaskQuery(Strict):
    """Which tasks, and where the list begins."""

    state: Literal["open", "done", "dropped", ""] = ""
    assignee: str = Field("", max_length=150, description="the name somebody signs in with; `me` for the caller")
    about: RecordId = Field("", max_length=30, description="our id of a record")
    due_before: Moment | None = None
    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=400, description="`next` of the page before")


class NotificationData(Schema):
    """One thing the caller was told."""

    id: int
    sort: str
    text: str
    about: str | None
    count: int
    at: str
    read: bool


class NotificationPage(Schema):
    """Notifications of the caller, the newest first, and how many are unread; `next` goes on after the page."""

    items: list[NotificationData]
    unread: int
    next: str | None


class NotificationQuery(Strict):
    """Which notifications."""

    unread: bool = False
    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=400, description="`next` of the page before")


@router.get("", response=TaskPage, summary="List tasks, the newest first")
def list_tasks(request: HttpRequest, query: Query[TaskQuery]) -> HttpResponse:
    """Give one page of the tasks the caller may see."""
    actor = actor_in(request)
    access.require(actor, "task", "view")
    rows = Task.objects.visible_to(actor).select_related("assignee", "author")
    if query.state:
        rows = rows.filter(state=query.state)
    if query.assignee:
        rows = (
            rows.filter(assignee=actor.user_id)
            if query.assignee == "me"
            else rows.filter(assignee__username=query.assignee)
        )
    if query.about:
        reference = _reference(query.about)
        rows = rows.filter(about_kind=reference.kind, about_id=reference.id)
    if query.due_before:
        rows = rows.filter(due_at__lt=query.due_before)
    place = f"tasks:{query.state}:{query.assignee}:{query.about}:{query.due_before}"
    items, following = cursors.newest_first(rows, place, query.after, query.limit)
    return answer({"items": [presenting.task_data(task) for task in items], "next": following})


@router.post("", response={201: TaskData}, summary="Set a task", openapi_extra={"x-etag": True})
def create(request: HttpRequest, data: TaskInput) -> HttpResponse:
    """Set a task for the caller or for somebody else."""
    actor = actor_in(request)
    access.require(actor, "task", "create")
    values = _values(data.dict())
    if data.assignee is None:
        values.pop("assignee", None)
    made = acts.create_task(actor=actor, values=values)
    task = queries.task_of(actor, made.public_id)
    return answer(presenting.task_data(task), status=201, request=request, location=f"/api/v1/tasks/{made.public_id}")


@router.get("/notifications", response=NotificationPage, summary="The newest notifications of the caller")
def list_notifications(request: HttpRequest, query: Query[NotificationQuery]) -> HttpResponse:
    """Give what the token's user was told."""
    actor = actor_in(request)
    told = f"notifications {actor.user_id} {query.unread}"
    place = cursors.decode(told, query.after)
    after = [datetime.fromisoformat(place[0]), place[1]] if place else None
    found = queries.notifications(actor, unread_only=query.unread)
    rows = list(keyset.ordered(found, NEWEST, after)[: query.limit + 1])
    last = rows[query.limit - 1] if len(rows) > query.limit else None
    following = cursors.encode(told, [last.at, last.pk]) if last else None
    items = [
        {
            "id": line.row.pk,
            "sort": line.row.sort,
            "text": line.words,
            "about": about.public_id(line.row.about_kind, line.row.about_id) or None,
            "count": line.row.count,
            "at": line.row.at.isoformat(),
            "read": line.row.read_at is not None,
        }
        for line in presenting.lines(actor, rows[: query.limit])
    ]
    return answer({"items": items, "unread": queries.unread_count(actor), "next": following})


@router.get("/{task_id}", response=TaskData, summary="Read one task", openapi_extra={"x-etag": True})
def read(request: HttpRequest, task_id: TaskId) -> HttpResponse:
    """Give one task."""
    return answer(presenting.task_data(queries.task_of(actor_in(request), task_id)), request=request)


@router.patch(
    "/{task_id}",
    response=TaskData,
    summary="Change a task, end it, open it again",
    openapi_extra={"x-etag": True, "x-if-match": True},
)
def change(request: HttpRequest, task_id: TaskId, data: TaskChange) -> HttpResponse:
    """Change the fields sent and leave the others."""
    actor = actor_in(request)
    task = queries.task_of(actor, task_id, "change")
    require_match(request, presenting.task_data(task))
    given = data.dict(exclude_unset=True)
    state = given.pop("state", None)
    values = _values(given)
    if values:
        acts.update_task(actor=actor, task_id=task.pk, values=values)
    if state == TaskState.OPEN and task.state != TaskState.OPEN:
        acts.reopen_task(actor=actor, task_id=task.pk)
    elif state is not None and state != task.state:
        acts.end_task(actor=actor, task_id=task.pk, state=state)
    return answer(presenting.task_data(queries.task_of(actor, task_id)), request=request)


@router.delete("/{task_id}", response={204: None}, summary="Take a task back")
def remove(request: HttpRequest, task_id: TaskId) -> HttpResponse:
    """Take back a task that never should have been."""
    actor = actor_in(request)
    acts.delete_task(actor=actor, task_id=queries.task_of(actor, task_id, "delete").pk)
    return HttpResponse(status=204)


def _values(given: dict[str, Any]) -> dict[str, Any]:
    """What was sent, as the services take it."""
    values = dict(given)
    if "all_day" in values:
        values["is_all_day"] = bool(values.pop("all_day"))
    if values.get("priority") is not None:
        values["priority"] = PRIORITIES[values["priority"]]
    elif "priority" in values:
        del values["priority"]
    if "repeat" in values:
        values["repeat"] = values["repeat"] or ""
    if values.get("assignee") is not None:
        values["assignee"] = _person(values["assignee"])
    if "about" in values:
        values["about"] = _reference(values["about"]) if values["about"] else None
    for name in ("due_at", "remind_at"):
        moment: datetime | None = values.get(name)
        if moment is not None and not 1970 <= moment.year <= 9000:
            raise InvalidInput(_("This date cannot be kept."), column=name)
    return values


def _person(name: str) -> User:
    """Who is to do it, by the name they sign in with."""
    found = queries.person_named(name)
    if found is None:
        raise InvalidInput(_("There is no user “%(name)s”.") % {"name": name[:60]}, column="assignee")
    return found


def _reference(text: str) -> RecordRef:
    """A record by our own id."""
    found = about.parsed(text)
    if found is None:
        raise InvalidInput(_("Use our own id of a record (cus_…)."), column="about")
    return found

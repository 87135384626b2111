"""Work items: what waits, who has what, and why; taking, giving and letting go. They are ended by their records."""

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from guanxi.core import access
from guanxi.core.api import cursors, id_of
from guanxi.core.api.answers import Strict, actor_in, answer
from guanxi.core.errors import InvalidInput
from guanxi.routing import queries
from guanxi.routing.api import data as told
from guanxi.routing.models import WorkItem
from guanxi.routing.services import work as acts

router = Router()
ItemId = Annotated[str, id_of("work_item")]
QueueId = Annotated[str, id_of("queue")]


class WorkQuery(Strict):
    """Which work items, and where the list begins."""

    state: Literal["waiting", "assigned", "ended", "open", ""] = "open"
    queue: QueueId = Field("", max_length=30, description="our id of a queue")
    assignee: str = Field("", max_length=150, description="the name somebody signs in with; `me` for the caller")
    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=400, description="`next` of the page before")


class PersonInput(Strict):
    """Who is to have it."""

    user: str = Field(max_length=150, description="the name somebody signs in with")


class QueueChoice(Strict):
    """Where it is to wait."""

    queue: QueueId = Field(max_length=30, description="our id of a queue")


@router.get(
    "", response=told.WorkItemPage, summary="List work items, the newest first", openapi_extra={"x-statuses": [404]}
)
def list_items(request: HttpRequest, query: Query[WorkQuery]) -> HttpResponse:
    """Give one page of what the caller may see."""
    actor = actor_in(request)
    access.require(actor, "work_item", "view")
    rows = WorkItem.objects.visible_to(actor).select_related("queue", "assignee")
    if query.state:
        rows = rows.filter(state__in=["waiting", "assigned"] if query.state == "open" else [query.state])
    if query.queue:
        rows = rows.filter(queue=queries.queue_of(actor, query.queue))
    if query.assignee:
        person = {"assignee": actor.user_id} if query.assignee == "me" else {"assignee__username": query.assignee}
        rows = rows.filter(**person)
    place = f"work:{query.state}:{query.queue}:{query.assignee}"
    items, following = cursors.newest_first(rows, place, query.after, query.limit)
    return answer({"items": [told.item_data(item) for item in items], "next": following})


@router.get("/{item_id}", response=told.WorkItemData, summary="Read one work item")
def read(request: HttpRequest, item_id: ItemId) -> HttpResponse:
    """Give one work item."""
    return answer(told.item_data(queries.item_of(actor_in(request), item_id)))


@router.get("/{item_id}/assignments", response=told.AssignmentItems, summary="Who had it when, and why")
def list_assignments(request: HttpRequest, item_id: ItemId) -> HttpResponse:
    """Give the latest fifty assignments of one work item."""
    item = queries.item_of(actor_in(request), item_id)
    return answer({"items": told.assignment_data(queries.latest_assignments(item_id=item.pk))})


@router.post("/{item_id}/take", response=told.WorkItemData, summary="Take what waits")
def take(request: HttpRequest, item_id: ItemId) -> HttpResponse:
    """Have it oneself; 409 when somebody else has it already."""
    actor = actor_in(request)
    acts.take(actor=actor, item_id=queries.item_of(actor, item_id, "change").pk)
    return read(request, item_id)


@router.post("/{item_id}/accept", response=told.WorkItemData, summary="Say that one has seen what one was given")
def accept(request: HttpRequest, item_id: ItemId) -> HttpResponse:
    """From then on it does not go on to the next person."""
    actor = actor_in(request)
    acts.accept(actor=actor, item_id=queries.item_of(actor, item_id, "change").pk)
    return read(request, item_id)


@router.post("/{item_id}/assign", response=told.WorkItemData, summary="Give it, or hand it over, to somebody")
def assign(request: HttpRequest, item_id: ItemId, data: PersonInput) -> HttpResponse:
    """Have somebody else have it."""
    actor = actor_in(request)
    item = queries.item_of(actor, item_id, "change")
    person = queries.people_named([data.user]).get(data.user)
    if person is None:
        raise InvalidInput(_("There is no user “%(name)s”.") % {"name": data.user[:60]}, column="user")
    acts.assign(actor=actor, item_id=item.pk, user_id=person.pk)
    return answer(told.item_data(queries.item_by_number(item.pk)))


@router.post("/{item_id}/put-back", response=told.WorkItemData, summary="Give it back to its queue")
def put_back(request: HttpRequest, item_id: ItemId) -> HttpResponse:
    """Let it wait again."""
    actor = actor_in(request)
    item = queries.item_of(actor, item_id, "change")
    acts.put_back(actor=actor, item_id=item.pk)
    return answer(told.item_data(queries.item_by_number(item.pk)))


@router.post("/{item_id}/move", response=told.WorkItemData, summary="Have it wait in another queue")
def move(request: HttpRequest, item_id: ItemId, data: QueueChoice) -> HttpResponse:
    """Move it to a queue that the caller may see."""
    actor = actor_in(request)
    item = queries.item_of(actor, item_id, "change")
    acts.move_to_queue(actor=actor, item_id=item.pk, queue_id=queries.queue_of(actor, data.queue).pk)
    return answer(told.item_data(queries.item_by_number(item.pk)))

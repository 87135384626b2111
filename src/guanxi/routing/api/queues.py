"""Queues and their members."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from guanxi.core import access, clock
from guanxi.core.api import Flag, id_of
from guanxi.core.api.answers import Strict, actor_in, answer, require_match
from guanxi.core.api.fields import Whole
from guanxi.core.errors import InvalidInput
from guanxi.routing import queries, showing
from guanxi.routing.api import data as told
from guanxi.routing.membership import Membership
from guanxi.routing.models import Queue
from guanxi.routing.services import queues as acts

router = Router()
QueueId = Annotated[str, id_of("queue")]
Seconds = Annotated[Whole, Field(ge=0, le=acts.LONGEST_SECONDS)]


class QueueInput(Strict):
    """A new queue."""

    name: str = Field(max_length=80)
    code: str = Field(max_length=40, description="small letters, digits, - and _")
    description: str = Field("", max_length=300)
    strategy: str = Field("manual", max_length=40, description="manual, round_robin, least_load, longest_idle")
    department: str | None = Field(None, max_length=120, description="the name of a department")
    active: Flag = True
    order: Annotated[Whole, Field(ge=0, le=9_999)] = 100
    accept_seconds: Seconds = 0
    preferred_seconds: Seconds = 0
    level_seconds: Seconds = 0
    overflow: QueueId | None = Field(None, max_length=30, description="our id of another queue")
    overflow_seconds: Seconds = 0


class QueueChange(Strict):
    """Fields of a queue; those left out stay as they are."""

    name: str | None = Field(None, max_length=80)
    code: str | None = Field(None, max_length=40)
    description: str | None = Field(None, max_length=300)
    strategy: str | None = Field(None, max_length=40)
    department: str | None = Field(None, max_length=120)
    active: Flag | None = None
    order: Annotated[Whole, Field(ge=0, le=9_999)] | None = None
    accept_seconds: Seconds | None = None
    preferred_seconds: Seconds | None = None
    level_seconds: Seconds | None = None
    overflow: QueueId | None = Field(None, max_length=30)
    overflow_seconds: Seconds | None = None


class MemberInput(Strict):
    """One member of a queue."""

    user: str = Field(max_length=150, description="the name somebody signs in with")
    level: Annotated[Whole, Field(ge=1, le=acts.LEVELS)] = 1
    active: Flag = True


class MembersInput(Strict):
    """All members of a queue; whoever is left out is a member no longer."""

    items: list[MemberInput] = Field(max_length=500)


@router.get("", response=told.QueueItems, summary="List the queues with their counts")
def list_queues(request: HttpRequest) -> HttpResponse:
    """Give the queues that the caller may see, with what waits and who is there."""
    actor = actor_in(request)
    access.require(actor, "queue", "view")
    rows = list(Queue.objects.visible_to(actor).select_related("department", "overflow"))
    counts = queries.counts_of_queues(clock.now(), [row.pk for row in rows])
    people = showing.people_of([row.pk for row in rows])
    items = [
        {
            **told.queue_data(row),
            "counts": told.counts_data(counts.get(row.pk, queries.QueueCounts()), people.get(row.pk, [])),
        }
        for row in rows
    ]
    return answer({"items": items})


@router.post("", response={201: told.QueueData}, summary="Make a queue", openapi_extra={"x-etag": True})
def create(request: HttpRequest, data: QueueInput) -> HttpResponse:
    """Make a queue."""
    actor = actor_in(request)
    access.require(actor, "queue", "create")
    made = acts.save_queue(actor=actor, queue_id=None, values=_values(actor, data.dict()))
    location = f"/api/v1/queues/{made.public_id}"
    return answer(told.queue_data(made), status=201, request=request, location=location)


@router.get("/{queue_id}", response=told.QueueData, summary="Read one queue", openapi_extra={"x-etag": True})
def read(request: HttpRequest, queue_id: QueueId) -> HttpResponse:
    """Give one queue."""
    return answer(told.queue_data(queries.queue_of(actor_in(request), queue_id)), request=request)


@router.patch(
    "/{queue_id}", response=told.QueueData, summary="Change a queue",
    openapi_extra={"x-etag": True, "x-if-match": True},
)  # fmt: skip
def change(request: HttpRequest, queue_id: QueueId, data: QueueChange) -> HttpResponse:
    """Change the fields sent and leave the others."""
    actor = actor_in(request)
    row = queries.queue_of(actor, queue_id, "change")
    require_match(request, told.queue_data(row))
    acts.save_queue(actor=actor, queue_id=row.pk, values=_values(actor, data.dict(exclude_unset=True)))
    return answer(told.queue_data(queries.queue_of(actor, queue_id)), request=request)


@router.delete("/{queue_id}", response={204: None}, summary="Remove a queue that never had any work")
def remove(request: HttpRequest, queue_id: QueueId) -> HttpResponse:
    """Remove a queue."""
    actor = actor_in(request)
    acts.remove_queue(actor=actor, queue_id=queries.queue_of(actor, queue_id, "delete").pk)
    return HttpResponse(status=204)


@router.get("/{queue_id}/members", response=told.MemberItems, summary="The members of a queue, their state and load")
def list_members(request: HttpRequest, queue_id: QueueId) -> HttpResponse:
    """Give the members, those who are there first."""
    row = queries.queue_of(actor_in(request), queue_id)
    people = showing.people_of([row.pk]).get(row.pk, [])
    return answer({"items": [told.member_data(one) for one in people]})


@router.put("/{queue_id}/members", response=told.MemberItems, summary="Say who is in a queue")
def set_members(request: HttpRequest, queue_id: QueueId, data: MembersInput) -> HttpResponse:
    """Take the list as all members there are."""
    actor = actor_in(request)
    row = queries.queue_of(actor, queue_id, "change")
    known = queries.people_named([one.user for one in data.items])
    unknown = [one.user for one in data.items if one.user not in known]
    if unknown:
        raise InvalidInput(_("There is no user “%(name)s”.") % {"name": unknown[0][:60]}, column="items")
    members = [Membership(known[one.user].pk, one.level, one.active) for one in data.items]
    acts.set_members(actor=actor, queue_id=row.pk, members=members)
    people = showing.people_of([row.pk]).get(row.pk, [])
    return answer({"items": [told.member_data(one) for one in people]})


@router.get("/{queue_id}/assignments", response=told.AssignmentItems, summary="Who got what of a queue, and why")
def list_assignments(request: HttpRequest, queue_id: QueueId) -> HttpResponse:
    """Give the latest fifty assignments."""
    row = queries.queue_of(actor_in(request), queue_id)
    return answer({"items": told.assignment_data(queries.latest_assignments(queue_id=row.pk))})


def _values(actor: Any, given: dict[str, Any]) -> dict[str, Any]:
    """What was sent, as the service takes it."""
    values = dict(given)
    if "active" in values:
        values["is_active"] = bool(values.pop("active"))
    if values.get("overflow") is not None:
        values["overflow"] = queries.queue_of(actor, values["overflow"]).pk
    if values.get("department") is not None:
        found = queries.department_named(values["department"])
        if found is None:
            raise InvalidInput(_("There is no such department."), column="department")
        values["department"] = found
    nullable = {"overflow", "department"}
    for name, value in values.items():
        if value is None and name not in nullable:
            raise InvalidInput(_("“%(value)s” is not one of the choices.") % {"value": "null"}, column=name)
    return values

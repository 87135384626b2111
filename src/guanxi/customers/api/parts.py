"""What belongs to a customer in the API: contact points, relations, the timeline."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from guanxi.core import ids
from guanxi.core.api import Strict, actor_in, answer, cursors
from guanxi.core.errors import NotFound
from guanxi.customers import timeline
from guanxi.customers.api.records import matched, own_id, told_operation
from guanxi.customers.api.schemas import (
    ContactPointChange,
    ContactPointData,
    ContactPointId,
    ContactPointInput,
    ContactPointItems,
    CustomerId,
    RelationData,
    RelationFields,
    RelationId,
    RelationInput,
    RelationItems,
    Taken,
    TimelinePage,
)
from guanxi.customers.models import Relation
from guanxi.customers.presenting import details_of
from guanxi.customers.queries.relations import relations_of
from guanxi.customers.services import contact_points, relations

router = Router(by_alias=True)
CONTACT_POINT, RELATION = "ctp", "rel"
MOST = 100


class TimelineQuery(Strict):
    """Where the timeline begins and how much of it."""

    kind: str = Field("", max_length=200, description="only these kinds of entry, separated by commas")
    limit: int = Field(20, ge=1, le=MOST)
    after: str = Field("", max_length=2000, description="`next` of the page before")


def _points(request: HttpRequest, number: int) -> list[dict[str, Any]]:
    """The contact points of a customer that the caller sees, as they may see them."""
    found: list[dict[str, Any]] = details_of(actor_in(request), number)["contact_points"]
    return found


def _point(request: HttpRequest, number: int, point: str) -> tuple[int, dict[str, Any]]:
    """One contact point of that customer; NotFound for any other."""
    told = next((one for one in _points(request, number) if one["id"] == point), None)
    if told is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return ids.parse(CONTACT_POINT, point) or 0, told


@router.get("/{customer_id}/contact-points", response=ContactPointItems, summary="How a customer can be reached")
def list_contact_points(request: HttpRequest, customer_id: CustomerId) -> HttpResponse:
    """Give the phone numbers, addresses and ids of a customer, the first one first."""
    return answer({"items": _points(request, own_id(customer_id))})


def _address(number: int) -> str:
    """Where a customer is."""
    return f"/api/v1/customers/{ids.public_id('cus', number)}"


@router.post(
    "/{customer_id}/contact-points",
    response={201: ContactPointData},
    summary="Add a contact point",
    openapi_extra={"x-if-match": True},
)
def add_contact_point(request: HttpRequest, customer_id: CustomerId, data: ContactPointInput) -> HttpResponse:
    """Add one way to reach a customer."""
    with matched(request, customer_id) as number:
        made = contact_points.add_contact_point(actor=actor_in(request), customer_id=number, **data.dict())
    told = _point(request, number, ids.public_id(CONTACT_POINT, made.pk))[1]
    return answer(told, 201, location=f"{_address(number)}/contact-points/{told['id']}")


@router.patch(
    "/{customer_id}/contact-points/{point_id}",
    response=ContactPointData,
    summary="Change a contact point",
    openapi_extra={"x-if-match": True},
)
def change_contact_point(
    request: HttpRequest, customer_id: CustomerId, point_id: ContactPointId, data: ContactPointChange
) -> HttpResponse:
    """Change the fields sent and leave the others."""
    with matched(request, customer_id) as number:
        point, _told = _point(request, number, point_id)
        values = {name: value for name, value in data.dict(exclude_unset=True).items() if value is not None}
        contact_points.update_contact_point(actor=actor_in(request), contact_point_id=point, values=values)
    return answer(_point(request, number, point_id)[1])


@router.delete(
    "/{customer_id}/contact-points/{point_id}",
    response=Taken,
    summary="Take a contact point away",
    openapi_extra={"x-if-match": True},
)
def remove_contact_point(request: HttpRequest, customer_id: CustomerId, point_id: ContactPointId) -> HttpResponse:
    """Take one way to reach a customer away; the next of its kind becomes the primary one."""
    with matched(request, customer_id) as number:
        point, _told = _point(request, number, point_id)
        operation = contact_points.remove_contact_point(actor=actor_in(request), contact_point_id=point)
    return answer({"done": "removed", "operation": told_operation(operation)})


@router.get("/{customer_id}/relations", response=RelationItems, summary="How a customer stands to others")
def list_relations(request: HttpRequest, customer_id: CustomerId) -> HttpResponse:
    """Give the relations whose other end the caller may see too."""
    return answer({"items": [_told(one) for one in _relations(request, own_id(customer_id))]})


def _relations(request: HttpRequest, number: int) -> list[Relation]:
    """The relations of a customer that the caller sees."""
    details_of(actor_in(request), number)
    return relations_of(actor_in(request), number)


def _relation(request: HttpRequest, number: int, text: str) -> Relation:
    """One relation of that customer; NotFound for any other."""
    wanted = ids.parse(RELATION, text)
    found = next((one for one in _relations(request, number) if one.pk == wanted), None)
    if found is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return found


@router.post("/{customer_id}/relations", response={201: RelationData}, summary="Relate a customer to another one")
def relate(request: HttpRequest, customer_id: CustomerId, data: RelationInput) -> HttpResponse:
    """Note that the customer of the address works for, belongs to, supplies ... another one."""
    values = data.dict(exclude_unset=True, exclude={"kind", "object"})
    number = own_id(customer_id)
    made = relations.relate(
        actor=actor_in(request), subject_id=number, object_id=own_id(data.object), kind=data.kind, values=values
    )
    told = _told(_relation(request, number, ids.public_id(RELATION, made.pk)))
    return answer(told, 201, location=f"{_address(number)}/relations/{told['id']}")


@router.patch("/{customer_id}/relations/{relation_id}", response=RelationData, summary="Change a relation")
def change_relation(
    request: HttpRequest, customer_id: CustomerId, relation_id: RelationId, data: RelationFields
) -> HttpResponse:
    """Change what is said of a relation."""
    number = own_id(customer_id)
    found = _relation(request, number, relation_id)
    relations.update_relation(actor=actor_in(request), relation_id=found.pk, values=data.dict(exclude_unset=True))
    return answer(_told(_relation(request, number, relation_id)))


@router.delete("/{customer_id}/relations/{relation_id}", response=Taken, summary="Take a relation away")
def remove_relation(request: HttpRequest, customer_id: CustomerId, relation_id: RelationId) -> HttpResponse:
    """Take back a relation that never was; one that ended is changed: `until_on`."""
    found = _relation(request, own_id(customer_id), relation_id)
    operation = relations.remove_relation(actor=actor_in(request), relation_id=found.pk)
    return answer({"done": "removed", "operation": told_operation(operation)})


@router.get("/{customer_id}/timeline", response=TimelinePage, summary="What happened with a customer")
def read_timeline(request: HttpRequest, customer_id: CustomerId, query: Query[TimelineQuery]) -> HttpResponse:
    """Give the entries of every kind that the caller may see, the newest first."""
    actor, number = actor_in(request), own_id(customer_id)
    details_of(actor, number)
    about = f"timeline {number} {query.kind}"
    place = cursors.decode(about, query.after)
    only = [part for part in query.kind.split(",") if part]
    stream = timeline.read(actor, number, only=only, after=place[0] if place else "", limit=query.limit)
    items = [
        {
            "at": item.entry.at.isoformat(),
            "kind": item.kind.key,
            "title": str(item.entry.title),
            "text": " ".join(strip_tags(str(item.entry.html)).split()),
            "by": item.entry.by,
        }
        for item in stream.items
    ]
    return answer({"items": items, "next": cursors.encode(about, [stream.following]) if stream.following else None})


def _told(relation: Relation) -> dict[str, Any]:
    """One relation as plain data."""
    return {
        "id": ids.public_id(RELATION, relation.pk),
        "subject": relation.subject.public_id,
        "subject_name": relation.subject.name,
        "object": relation.object.public_id,
        "object_name": relation.object.name,
        **{name: getattr(relation, name) for name in ("kind", "role", "buying_role", "attitude", "strength", "note")},
        "since_on": relation.since_on.isoformat() if relation.since_on else None,
        "until_on": relation.until_on.isoformat() if relation.until_on else None,
        "share_ratio": None if relation.share_ratio is None else f"{relation.share_ratio.normalize():f}",
    }

"""One customer in the API: read, entered, changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from guanxi.core import ids
from guanxi.core.actor import Actor
from guanxi.core.api import Strict, actor_in, answer, require_match
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.customers.api.duplicates import told
from guanxi.customers.api.schemas import (
    CustomerChange,
    CustomerDetails,
    CustomerEntered,
    CustomerId,
    CustomerInput,
    Taken,
    UndoInput,
)
from guanxi.customers.duplicates.looking_up import possible_duplicates, refuse_known
from guanxi.customers.presenting import details_of
from guanxi.customers.queries.finding import find_customer
from guanxi.customers.queries.merging import open_survivor
from guanxi.customers.services.customers import create_customer, locked_customer, update_customer
from guanxi.customers.services.removing import remove_customer
from guanxi.customers.services.undoing import undo_customer_operation

router = Router(by_alias=True)


@router.get(
    "/{customer_id}",
    response=CustomerDetails,
    summary="Read one customer",
    openapi_extra={"x-etag": True, "x-statuses": [409]},
)
def read_customer(request: HttpRequest, customer_id: CustomerId) -> HttpResponse:
    """Give one customer by our id, an external id, or `source:external id`."""
    actor = actor_in(request)
    number = ids.parse("cus", customer_id) or find_customer(actor, customer_id).pk
    return answer(_found(actor, number), request=request)


def _found(actor: Actor, number: int) -> dict[str, Any]:
    """The customer, or the one that it was merged into: that one's answer names the id asked for as `merged_from`."""
    try:
        return details_of(actor, number)
    except NotFound:
        survivor = open_survivor(actor, number)
        if survivor is None:
            raise
        return details_of(actor, survivor.pk) | {"merged_from": ids.public_id("cus", number)}


class Entering(Strict):
    """How a customer is entered."""

    refuse_duplicates: bool = Field(False, description="Answer 409 where somebody on record may be the same.")


@router.post(
    "",
    response={201: CustomerEntered},
    summary="Enter a customer",
    openapi_extra={"x-etag": True, "x-statuses": [409]},
)
def create(request: HttpRequest, data: CustomerInput, how: Query[Entering]) -> HttpResponse:
    """Enter a customer; the caller's user owns it."""
    actor = actor_in(request)
    values, points = data.values(), [point.dict() for point in data.contact_points]
    if how.refuse_duplicates:
        refuse_known(actor, values, points)
    alike = possible_duplicates(actor, values, points)
    tags = values.pop("tags", None) or ()
    made = create_customer(
        actor=actor,
        values=values,
        contact_points=points,
        external_ids=[(known.source, known.value) for known in data.external_ids],
        tags=tags,
    )
    beside = {"possible_duplicates": [told(one) for one in alike]}
    location = f"/api/v1/customers/{made.public_id}"
    return answer(details_of(actor, made.pk), 201, request=request, location=location, beside=beside)


@router.patch(
    "/{customer_id}",
    response=CustomerDetails,
    summary="Change a customer",
    openapi_extra={"x-etag": True, "x-if-match": True},
)
def change(request: HttpRequest, customer_id: CustomerId, data: CustomerChange) -> HttpResponse:
    """Change the fields sent and leave the others."""
    actor = actor_in(request)
    with matched(request, customer_id) as number:
        update_customer(actor=actor, customer_id=number, values=data.values())
    return answer(details_of(actor, number), request=request)


@router.delete(
    "/{customer_id}", response=Taken, summary="Delete a customer, or put it away", openapi_extra={"x-if-match": True}
)
def delete(request: HttpRequest, customer_id: CustomerId) -> HttpResponse:
    """Delete a customer on whom nothing hangs but contact points, ids and tags; put any other away (`archived`).

    Whatever was done can be taken back by its `operation`.
    """
    with matched(request, customer_id, "delete") as number:
        removed = remove_customer(actor=actor_in(request), customer_id=number)
    done = "deleted" if removed.is_deleted else "archived"
    return answer({"done": done, "operation": told_operation(removed.operation_id)})


@router.post("/undo", response=Taken, summary="Take an operation on customers back")
def undo(request: HttpRequest, data: UndoInput) -> HttpResponse:
    """Take back everything that one operation wrote, unless it was changed since (409)."""
    number = ids.parse("opr", data.operation) or 0
    made = undo_customer_operation(actor=actor_in(request), operation_id=number)
    return answer({"done": "undone", "operation": told_operation(made)})


@contextmanager
def matched(request: HttpRequest, customer_id: str, action: str = "change") -> Iterator[int]:
    """The customer's number, locked; its version is the one the caller saw (If-Match) as long as the block lasts."""
    number = own_id(customer_id)
    with transaction.atomic():
        locked_customer(actor_in(request), number, action)
        require_match(request, lambda: details_of(actor_in(request), number))
        yield number


def told_operation(number: int | None) -> str | None:
    """An operation as programs name it."""
    return ids.public_id("opr", number) if number else None


def own_id(text: str) -> int:
    """Return the number of a customer; only our own id will do where something is changed."""
    number = ids.parse("cus", text)
    if number is None:
        raise InvalidInput(_("Use our own id (cus_…) to change a customer."), column="customer_id")
    return number

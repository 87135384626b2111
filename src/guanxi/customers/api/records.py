"""One customer in the API: read, entered, changed."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from guanxi.core import ids
from guanxi.core.api import actor_in, answer
from guanxi.core.errors import InvalidInput
from guanxi.customers.api.schemas import CustomerChange, CustomerDetails, CustomerInput
from guanxi.customers.presenting import details_of
from guanxi.customers.queries.finding import find_customer
from guanxi.customers.services.customers import create_customer, update_customer

router = Router()


@router.get(
    "/{customer_id}",
    response=CustomerDetails,
    summary="Read one customer",
    openapi_extra={"x-etag": True, "x-statuses": [409]},
)
def read_customer(request: HttpRequest, customer_id: str) -> HttpResponse:
    """Give one customer by our id, an external id, or `source:external id`."""
    actor = actor_in(request)
    number = ids.parse("cus", customer_id) or find_customer(actor, customer_id).pk
    return answer(details_of(actor, number), request=request)


@router.post("", response={201: CustomerDetails}, summary="Enter a customer", openapi_extra={"x-etag": True})
def create(request: HttpRequest, data: CustomerInput) -> HttpResponse:
    """Enter a customer; the caller's user owns it."""
    actor = actor_in(request)
    values = data.values()
    tags = values.pop("tags", None) or ()
    made = create_customer(
        actor=actor,
        values=values,
        contact_points=[point.dict() for point in data.contact_points],
        external_ids=[(known.source, known.value) for known in data.external_ids],
        tags=tags,
    )
    return answer(details_of(actor, made.pk), 201, request=request, location=f"/api/v1/customers/{made.public_id}")


@router.patch("/{customer_id}", response=CustomerDetails, summary="Change a customer", openapi_extra={"x-etag": True})
def change(request: HttpRequest, customer_id: str, data: CustomerChange) -> HttpResponse:
    """Change the fields sent and leave the others."""
    actor = actor_in(request)
    number = own_id(customer_id)
    update_customer(actor=actor, customer_id=number, values=data.values())
    return answer(details_of(actor, number), request=request)


def own_id(text: str) -> int:
    """Return the number of a customer; only our own id will do where something is changed."""
    number = ids.parse("cus", text)
    if number is None:
        raise InvalidInput(_("Use our own id (cus_…) to change a customer."), column="customer_id")
    return number

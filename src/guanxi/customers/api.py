"""Customers in the API: handlers over the same queries and services as the screens and the command line."""

from typing import Annotated, Any, Literal

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from guanxi.core import ids
from guanxi.core.errors import InvalidInput
from guanxi.customers.models import Customer
from guanxi.customers.presenting import customer_page, details, summaries
from guanxi.customers.queries.finding import customers_by_contact, find_customer
from guanxi.customers.services.customers import create_customer, update_customer

router = Router()
MOST = 200

Kind = Literal["person", "organisation", "internal"]
Status = Literal["active", "dormant", "archived"]


class Strict(Schema):
    """What is sent to us: a misspelt field is an error, not silence."""

    model_config = ConfigDict(extra="forbid")


class ExternalIdData(Strict):
    """The id under which a source knows a customer."""

    source: str = Field(max_length=60)
    value: str = Field(max_length=200)


class ContactPointInput(Strict):
    """One way to reach a customer."""

    kind: Literal["phone", "email", "wechat", "address"]
    value: str = Field(max_length=500)
    label: str = Field("", max_length=60)
    is_primary: bool = False


class CustomerChange(Strict):
    """Fields of a customer; those left out stay as they are."""

    kind: Kind | None = None
    name: str | None = Field(None, max_length=10_000)
    position: Literal["final", "intermediate", ""] | None = None
    title: str | None = None
    language: str | None = None
    tax_id: str | None = None
    city: str | None = None
    country: str | None = None
    status: Status | None = None
    note: str | None = None
    tags: list[str] | None = None
    custom: dict[str, Any] | None = Field(None, description="Values of added fields by their keys.")

    def values(self) -> dict[str, Any]:
        """What was really sent, as the services take it."""
        given = self.model_dump(exclude_unset=True, include=set(CustomerChange.model_fields))
        added = given.pop("custom", None) or {}
        return {**given, **{f"custom_{key}": value for key, value in added.items()}}


class CustomerInput(CustomerChange):
    """A new customer."""

    name: str = Field(max_length=10_000)
    contact_points: list[ContactPointInput] = Field(default_factory=list, max_length=50)
    external_ids: list[ExternalIdData] = Field(default_factory=list, max_length=20)


class Rfm(Schema):
    """Recency, frequency and monetary scores and what they come from."""

    r: int
    f: int
    m: int
    recency_days: int
    frequency: int
    monetary: str | None


class Period(Schema):
    """From the first to the last day, both included."""

    from_: Annotated[str | None, Field(alias="from")]
    to: str | None


class CustomerSummary(Schema):
    """What a list says of a customer; amounts are decimal strings."""

    id: str
    external_id: str | None
    external_ids: list[ExternalIdData]
    kind: Kind
    name: str
    title: str
    city: str
    country: str
    status: Status
    owner: str | None
    net_revenue: str | None
    currency: str | None
    orders: int
    first_order_on: str | None
    last_order_on: str | None
    tier: Literal["vip", "major", "ordinary", "small"] | None
    abc: Literal["A", "B", "C"] | None
    level: str | None
    rank: int | None
    rfm: Rfm | None
    as_of: str | None
    period: Period
    method: str | None


class ContactPointData(Schema):
    """One way to reach a customer, as written and as compared."""

    kind: str
    value: str
    normalised: str
    label: str
    primary: bool


class CustomerDetails(CustomerSummary):
    """Everything of a customer that one look-up gives."""

    position: str | None
    tax_id: str | None
    language: str | None
    contact_points: list[ContactPointData]
    tags: list[str]
    custom: dict[str, Any]
    note: str
    created_at: str
    last_contact_at: str | None


class CustomerPage(Schema):
    """A page of customers; `next` goes on after it."""

    items: list[CustomerSummary]
    next: str | None


class CustomerItems(Schema):
    """Customers found."""

    items: list[CustomerSummary]


class Paging(Strict):
    """Where a list begins and how long it is."""

    limit: int = Field(50, ge=1, le=MOST)
    after: str = Field("", description="`next` of the page before")
    tier: Literal["vip", "major", "ordinary", "small", ""] = ""


class ContactQuery(Strict):
    """A way to reach somebody."""

    kind: Literal["phone", "email", "wechat", "address"]
    value: str = Field(min_length=1, max_length=500)


def answer(data: Any, status: int = 200) -> HttpResponse:
    """Write data that has the promised form already; checking it once more would double the time."""
    return HttpResponse(orjson.dumps(data), status=status, content_type="application/json")


@router.get("", response=CustomerPage, summary="List customers, the best first")
def list_customers(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """Give one page of the customers the caller may see."""
    return answer(customer_page(request.actor, **paging.dict()))  # type: ignore[attr-defined]


@router.get("/lookup", response=CustomerItems, summary="Find customers by a way to reach them")
def look_up(request: HttpRequest, contact: Query[ContactQuery]) -> HttpResponse:
    """Give the customers with exactly this phone number, address or id."""
    found = customers_by_contact(contact.kind, contact.value)
    return answer({"items": summaries(Customer.objects.visible_to(request.actor).filter(pk__in=found[:MOST]))})  # type: ignore[attr-defined]


@router.get("/{customer_id}", response=CustomerDetails, summary="Read one customer")
def read_customer(request: HttpRequest, customer_id: str) -> HttpResponse:
    """Give one customer by our id, an external id, or `source:external id`."""
    return answer(details(find_customer(request.actor, customer_id)))  # type: ignore[attr-defined]


@router.post("", response={201: CustomerDetails}, summary="Enter a customer")
def create(request: HttpRequest, data: CustomerInput) -> HttpResponse:
    """Enter a customer; the caller's user owns it."""
    values = data.values()
    tags = values.pop("tags", None) or ()
    made = create_customer(
        actor=request.actor,  # type: ignore[attr-defined]
        values=values,
        contact_points=[point.dict() for point in data.contact_points],
        external_ids=[(known.source, known.value) for known in data.external_ids],
        tags=tags,
    )
    return answer(details(made), status=201)


@router.patch("/{customer_id}", response=CustomerDetails, summary="Change a customer")
def change(request: HttpRequest, customer_id: str, data: CustomerChange) -> HttpResponse:
    """Change the fields sent and leave the others."""
    number = _number(request, customer_id)
    update_customer(actor=request.actor, customer_id=number, values=data.values())  # type: ignore[attr-defined]
    return answer(details(Customer.objects.get_visible(request.actor, pk=number)))  # type: ignore[attr-defined]


def _number(request: HttpRequest, text: str) -> int:
    """Return the number of a customer the caller sees; only our own id will do where something is changed."""
    number = ids.parse("cus", text)
    if number is None:
        raise InvalidInput(_("Use our own id (cus_…) to change a customer."), column="customer_id")
    return number

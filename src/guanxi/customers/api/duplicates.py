"""Possible duplicates in the API: the ranked list, those of one customer, and a look before entering one."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.core.access import require
from guanxi.core.api import Strict, actor_in, answer, cursors
from guanxi.core.ids import public_id
from guanxi.customers.api.schemas import CustomerId, CustomerInput, PossibleDuplicateData
from guanxi.customers.duplicates import looking_up, queries, reasons, services
from guanxi.customers.queries.finding import find_customer
from guanxi.ui import keyset
from guanxi.ui.keyset import SortKey

router = Router(by_alias=True)
LIKELIEST = [SortKey("bits", is_descending=True), SortKey("pk", is_descending=True)]


class PairQuery(Strict):
    """How likely pairs must be, and how many are given."""

    min_score: float = Field(services.DEFAULT_SCORE, ge=0, le=1)
    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=400, description="`next` of the page before")


class DuplicatePairData(Schema):
    """Two customers that may be one: how likely, and why, in words without values."""

    a: str
    a_name: str
    b: str
    b_name: str
    score: float
    reasons: list[str]
    against: list[str]


class DuplicatePairs(Schema):
    """A page of pairs, the most likely first; `next` goes on after it."""

    items: list[DuplicatePairData]
    next: str | None


class PossibleDuplicates(Schema):
    """Customers on record, the most likely first."""

    items: list[PossibleDuplicateData]


def _page(pairs: QuerySet[Any], asked: PairQuery, customer: int = 0) -> HttpResponse:
    """One page of pairs; of one customer, or of all."""
    about = f"duplicates {customer} {asked.min_score}"
    columns = ["first_id", "first__name", "second_id", "second__name", "score", "findings"]
    rows = keyset.fetch(pairs.order_by(), LIKELIEST, columns, cursors.decode(about, asked.after), asked.limit + 1)
    more = keyset.place(rows[asked.limit - 1], LIKELIEST) if len(rows) > asked.limit else None
    items = []
    for row in rows[: asked.limit]:
        first, first_name, second, second_name, score, findings = (row[name] for name in columns)
        speaks, against = reasons.for_and_against(findings)
        items.append(
            {
                "a": public_id("cus", first), "a_name": first_name, "b": public_id("cus", second), "b_name": second_name,
                "score": score, "reasons": speaks, "against": against,
            }
        )  # fmt: skip
    return answer({"items": items, "next": cursors.encode(about, more) if more else None})


@router.get("/duplicates", response=DuplicatePairs, summary="List possible duplicates, the most likely first")
def list_duplicates(request: HttpRequest, asked: Query[PairQuery]) -> HttpResponse:
    """Give the pairs of which the caller may see both sides, without those decided not to be the same."""
    actor = actor_in(request)
    require(actor, "customer", "view")
    return _page(queries.ranked(actor, min_score=asked.min_score), asked)


@router.post(
    "/duplicates/look", response=PossibleDuplicates, summary="Look who on record may be the same, entering nobody"
)
def look(request: HttpRequest, data: CustomerInput) -> HttpResponse:
    """Give the customers on record who may be the one described; nothing is written."""
    actor = actor_in(request)
    require(actor, "customer", "view")
    found = looking_up.possible_duplicates(actor, data.values(), [point.dict() for point in data.contact_points])
    return answer({"items": [told(one) for one in found]})


def told(one: looking_up.PossibleDuplicate) -> dict[str, Any]:
    """A customer on record who may be the one described."""
    return {"id": one.customer.public_id, "name": one.customer.name, "score": one.score, "reasons": one.reasons}


@router.get(
    "/{customer_id}/duplicates",
    response=DuplicatePairs,
    summary="List who may be the same as one customer",
    openapi_extra={"x-statuses": [409]},
)
def list_duplicates_of(request: HttpRequest, customer_id: CustomerId, asked: Query[PairQuery]) -> HttpResponse:
    """Give the pairs of one customer, by our id, an external id, or `source:external id`."""
    actor = actor_in(request)
    customer = find_customer(actor, customer_id)
    return _page(queries.pairs_of(actor, customer.pk, min_score=asked.min_score), asked, customer.pk)

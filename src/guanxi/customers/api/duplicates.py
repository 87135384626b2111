"""Possible duplicates in the API: the ranked list, those of one customer, and a look before entering one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.core.access import require
from guanxi.core.api import Strict, actor_in, answer
from guanxi.core.ids import public_id
from guanxi.customers.api.schemas import CustomerInput
from guanxi.customers.duplicates import looking_up, queries, reasons, services
from guanxi.customers.queries.finding import find_customer

router = Router()


class PairQuery(Strict):
    """How likely pairs must be, and how many are given."""

    min_score: float = Field(services.DEFAULT_SCORE, ge=0, le=1)
    limit: int = Field(50, ge=1, le=200)


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
    """Pairs, the most likely first."""

    items: list[DuplicatePairData]


class PossibleDuplicateData(Schema):
    """A customer on record who may be the one described."""

    id: str
    name: str
    score: float
    reasons: list[str]


class PossibleDuplicates(Schema):
    """Customers on record, the most likely first."""

    items: list[PossibleDuplicateData]


def _items(pairs: Any, limit: int) -> list[dict[str, Any]]:
    """Pairs as they are given."""
    columns = ("first_id", "first__name", "second_id", "second__name", "score", "findings")
    items = []
    for first, first_name, second, second_name, score, findings in pairs.values_list(*columns)[:limit]:
        speaks, against = reasons.for_and_against(findings)
        items.append(
            {
                "a": public_id("cus", first), "a_name": first_name, "b": public_id("cus", second), "b_name": second_name,
                "score": score, "reasons": speaks, "against": against,
            }
        )  # fmt: skip
    return items


@router.get("/duplicates", response=DuplicatePairs, summary="List possible duplicates, the most likely first")
def list_duplicates(request: HttpRequest, asked: Query[PairQuery]) -> HttpResponse:
    """Give the pairs of which the caller may see both sides, without those decided not to be the same."""
    actor = actor_in(request)
    require(actor, "customer", "view")
    pairs = queries.ranked(actor, min_score=asked.min_score)
    return answer({"items": _items(pairs, asked.limit)})


@router.post(
    "/duplicates/look", response=PossibleDuplicates, summary="Look who on record may be the same, entering nobody"
)
def look(request: HttpRequest, data: CustomerInput) -> HttpResponse:
    """Give the customers on record who may be the one described; nothing is written."""
    actor = actor_in(request)
    require(actor, "customer", "view")
    found = looking_up.possible_duplicates(actor, data.values(), [point.dict() for point in data.contact_points])
    items = [
        {"id": one.customer.public_id, "name": one.customer.name, "score": one.score, "reasons": one.reasons}
        for one in found
    ]
    return answer({"items": items})


@router.get(
    "/{customer_id}/duplicates",
    response=DuplicatePairs,
    summary="List who may be the same as one customer",
    openapi_extra={"x-statuses": [409]},
)
def list_duplicates_of(request: HttpRequest, customer_id: str, asked: Query[PairQuery]) -> HttpResponse:
    """Give the pairs of one customer, by our id, an external id, or `source:external id`."""
    actor = actor_in(request)
    customer = find_customer(actor, customer_id)
    return answer({"items": _items(queries.pairs_of(actor, customer.pk, min_score=asked.min_score), asked.limit)})

"""Merging customers and parting them through the API."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from guanxi.core import ids
from guanxi.core.api.answers import Strict, actor_in, answer
from guanxi.core.errors import InvalidInput
from guanxi.customers.api.schemas import CustomerId, MergeId
from guanxi.customers.models import Customer
from guanxi.customers.queries import merging, parts
from guanxi.customers.services.merging import merge_customers, undo_merge

router = Router(by_alias=True)
merges_router = Router()


class MergeInput(Strict):
    """Which customers this one absorbs, and whose value counts in which field."""

    absorb: list[CustomerId] = Field(min_length=1, max_length=20, description="Our ids (`cus_…`).")
    choices: dict[str, CustomerId | Literal["all"]] = Field(
        default_factory=dict,
        description="Field -> the id of the customer whose value counts, or `all` for texts; else the survivor's, "
        "or the first that has one.",
    )


class MergeData(Schema):
    """One customer absorbed by another."""

    id: str
    survivor: str
    absorbed: str
    at: str
    by: str
    moved: int
    set_aside: int
    undone_at: str | None


class MergeItems(Schema):
    """Merges."""

    items: list[MergeData]


class PartedData(Schema):
    """What taking a merge back did."""

    merge: MergeData
    survivor: str
    rows_back: int
    rows_stayed: int
    rows_gone: int
    kept_fields: list[str]


def _number(text: str, prefix: Literal["cus", "mrg"] = "cus") -> int:
    """Our number behind a public id."""
    number = ids.parse(prefix, text)
    if number is None:
        raise InvalidInput(_("Use our own ids (cus_…) to merge customers."), column="absorb")
    return number


@router.post("/{customer_id}/merge", response=MergeItems, summary="Merge customers into this one")
def merge(request: HttpRequest, customer_id: CustomerId, data: MergeInput) -> HttpResponse:
    """Let this customer absorb others; each merge can be undone at any later time."""
    keep = ids.parse("cus", customer_id)
    if keep is None:
        raise parts.not_there()
    choices = {key: value if value == "all" else _number(value) for key, value in data.choices.items()}
    absorbed = [_number(text) for text in data.absorb]
    made = merge_customers(actor=actor_in(request), keep_id=keep, absorb_ids=absorbed, choices=choices)
    return answer({"items": [merging.told(one) for one in made]})


@router.get("/{customer_id}/merges", response=MergeItems, summary="List what was merged into this customer")
def list_merges(request: HttpRequest, customer_id: CustomerId) -> HttpResponse:
    """Give the merges that stand, the newest first."""
    number = ids.parse("cus", customer_id)
    actor = actor_in(request)
    if number is None or not Customer.objects.visible_to(actor).filter(pk=number).exists():
        raise parts.not_there()
    return answer({"items": [merging.told(one) for one in merging.merges_into(actor, number)]})


@merges_router.post("/{merge_id}/undo", response=PartedData, summary="Undo a merge")
def undo(request: HttpRequest, merge_id: MergeId) -> HttpResponse:
    """Part two customers; rows go back where they were, what was added since stays with the survivor."""
    number = ids.parse("mrg", merge_id)
    if number is None:
        raise parts.not_there()
    return answer(merging.told_parted(undo_merge(actor=actor_in(request), merge_id=number)))

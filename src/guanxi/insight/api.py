"""What customers are worth, in the API."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from guanxi.core import access
from guanxi.core.api import actor_in, answer
from guanxi.insight.commands import tiers
from guanxi.insight.value.queries import latest_run

router = Router()


class TierFigures(Schema):
    """The pyramid, the ABC classes and the levels of the whole base, as last measured; amounts are decimal strings."""

    period: dict[str, str | None]
    as_of: str | None
    currency: str
    method: str | None
    pyramid: list[dict[str, Any]]
    abc: list[dict[str, Any]]
    levels: list[dict[str, Any]]
    levels_by: str | None
    left_out: list[dict[str, Any]]


@router.get("", response=TierFigures, summary="The customer pyramid and the classes")
def read_tiers(request: HttpRequest) -> HttpResponse:
    """Give the figures of the last measurement, which is of all customers: for those who may view `value`."""
    access.require(actor_in(request), "value", "view")
    return answer(tiers(latest_run()))

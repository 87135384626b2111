"""What the API says of itself: its description, and whether the installation serves."""

from functools import cache
from typing import Any, Literal

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from guanxi.core import health
from guanxi.core.api import answer

router = Router(tags=["about"])


class Health(Schema):
    """Whether the installation serves."""

    status: Literal["ok", "unavailable"]
    version: str
    reason: str | None = None


@router.get("/health", response={200: Health, 503: Health}, summary="Whether the installation serves")
def read_health(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database does; needs no token."""
    status, report = health.report(health.problem())
    return answer(report, status)


@cache
def document() -> bytes:
    """The OpenAPI document, which stays the same as long as the process lives."""
    from guanxi.integration.api import build_api  # the API holds this router

    return orjson.dumps(build_api().get_openapi_schema(), option=orjson.OPT_NON_STR_KEYS)


@router.get("/openapi.json", response=dict[str, Any], summary="This description", include_in_schema=False)
def read_description(request: HttpRequest) -> HttpResponse:
    """Give the OpenAPI 3.1 document; needs no token."""
    return HttpResponse(document(), content_type="application/json")

"""Addresses for the tests of calls."""

from django.http import HttpRequest
from django.urls import path
from ninja import Router, Schema

from guanxi.core.api import ApiRouter
from guanxi.core.errors import InvalidInput
from guanxi.integration.api import Api

router = Router()


class Number(Schema):
    """A number."""

    number: int


@router.get("/")
def read(request: HttpRequest) -> dict:
    """Who calls."""
    return {"user": request.actor.user_id, "means": request.actor.means}


@router.post("/")
def write(request: HttpRequest, data: Number) -> dict:
    """The number, unless it is thirteen."""
    if data.number == 13:
        raise InvalidInput("Not thirteen.", column="number")
    if data.number == 500:
        raise RuntimeError("a mistake of ours")
    return {"number": data.number}


urlpatterns = [path("api/v1/", Api([ApiRouter("echo", router, "echo")]).urls)]

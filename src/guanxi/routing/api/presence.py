"""Who is there for work: one's own state and, as far as the role reaches, that of others."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from guanxi.core import access, ids
from guanxi.core.api import id_of
from guanxi.core.api.answers import Strict, actor_in, answer
from guanxi.core.api.fields import Whole
from guanxi.core.errors import NotFound
from guanxi.core.models import User
from guanxi.core.sentences import gettext as _
from guanxi.routing import queries
from guanxi.routing.api import data as told
from guanxi.routing.services.presence import beat, set_presence

router = Router()


class PresenceInput(Strict):
    """The state to be in; `reason` is the number of one of the company's reasons for it."""

    state: told.PresenceName
    reason: Whole | None = Field(None, ge=1, le=2**31 - 1)


@router.get("", response=told.PresenceItems, summary="Who is there, and with what load")
def list_presence(request: HttpRequest) -> HttpResponse:
    """Give the states of the members of queues that the caller may see."""
    actor = actor_in(request)
    access.require(actor, "presence", "view")
    return answer({"items": [told.presence_data(*row) for row in queries.presence_rows(actor)]})


@router.get("/me", response=told.PresenceData, summary="One's own state")
def own(request: HttpRequest) -> HttpResponse:
    """Give the state and load of the caller."""
    return answer(_of(_caller(request)))


@router.put("/me", response=told.PresenceData, summary="Be in another state")
def choose(request: HttpRequest, data: PresenceInput) -> HttpResponse:
    """Set the caller's own state; it counts as a sign of life."""
    user = _caller(request)
    set_presence(actor=actor_in(request), state=data.state, reason_id=data.reason)
    return answer(_of(user))


@router.post("/me/beat", response={204: None}, summary="Say that one is still there")
def still_here(request: HttpRequest) -> HttpResponse:
    """Programs in which people work say so once a minute; without it one is away after some minutes."""
    user = _caller(request)
    if not actor_in(request).is_read_only:
        beat(user_id=user.pk)
    return HttpResponse(status=204)


@router.put("/{user_id}", response=told.PresenceData, summary="Put somebody else into a state")
def choose_for(request: HttpRequest, user_id: Annotated[str, id_of("user")], data: PresenceInput) -> HttpResponse:
    """Set the state of somebody whom the caller's role reaches."""
    actor = actor_in(request)
    access.require(actor, "presence", "change")
    user = queries.person(ids.parse("usr", user_id) or 0)
    if user is None:
        raise NotFound(_("There is no such user."))
    set_presence(actor=actor, user_id=user.pk, state=data.state, reason_id=data.reason)
    return answer(_of(user))


def _caller(request: HttpRequest) -> User:
    """The person who calls."""
    user = queries.person(actor_in(request).user_id or 0)
    if user is None:
        raise NotFound(_("There is no such user."))
    return user


def _of(user: User) -> dict[str, object]:
    """A person's state and load."""
    return told.presence_data(*queries.presence_row(user))

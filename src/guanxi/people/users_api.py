"""Colleagues in the API: who they are, so that records can be given to them."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.core import ids
from guanxi.core.access import policy_of
from guanxi.core.api import Strict, actor_in, answer, cursors, id_of
from guanxi.core.errors import NotFound
from guanxi.core.models import User
from guanxi.people import may_do, queries

router = Router()
MOST = 200
Reach = Literal["own", "team", "department", "all"]
COLUMNS = ("pk", "username", "name", "is_active", "role__key", "department__name")


class UserData(Schema):
    """One colleague."""

    id: str
    username: str
    name: str
    is_active: bool
    role: str
    department: str | None


class UserPage(Schema):
    """A page of users; `next` goes on after it."""

    items: list[UserData]
    next: str | None


class DeputyData(Schema):
    """An absent person whose place adds records to a right, as far as theirs reaches."""

    absent: str
    reach: Reach
    until: str
    through: str | None


class RightData(Schema):
    """One act on one kind of record; `rule` is that of the role (`*` for every kind or act)."""

    kind: str
    act: str
    reach: Reach
    holds_any: bool = Field(description="false where the records have no owner and the reach is not `all`")
    rule: str
    standing_in: list[DeputyData]


class UnseenData(Schema):
    """A field that is not seen in full."""

    kind: str
    field: str
    seen: Literal["masked", "hidden"]


class OwnedData(Schema):
    """What is open because it is one's own, whatever the role says."""

    kind: str
    what: str


class RightsData(Schema):
    """What a person may do at this moment."""

    user: str
    name: str
    role: str
    is_active: bool
    needs_second_factor: bool
    department: str | None
    departments_below: int
    teams: list[str]
    rights: list[RightData]
    fields: list[UnseenData]
    owned: list[OwnedData]


class UserQuery(Strict):
    """Where the list begins and how long it is."""

    limit: int = Field(50, ge=1, le=MOST)
    after: str = Field("", max_length=2000, description="`next` of the page before")


@router.get("", response=UserPage, summary="List users")
def list_users(request: HttpRequest, query: Query[UserQuery]) -> HttpResponse:
    """Give one page of the users the caller may see: all for those who manage users, nobody for others."""
    rows = _visible(request)
    if place := cursors.decode("users", query.after):
        rows = rows.filter(pk__gt=place[0])
    found = list(rows.order_by("pk").values(*COLUMNS)[: query.limit + 1])
    items = found[: query.limit]
    more = cursors.encode("users", [items[-1]["pk"]]) if len(found) > query.limit else None
    return answer({"items": [_told(row) for row in items], "next": more})


@router.get("/me", response=UserData, summary="For whom the token acts")
def read_me(request: HttpRequest) -> HttpResponse:
    """Give the user of the token."""
    rows = User.objects.filter(pk=actor_in(request).user_id or 0)  # house: reads: the caller themselves
    return answer(_told(rows.values(*COLUMNS).get()))


@router.get("/me/rights", response=RightsData, summary="What the user of the token may do")
def read_my_rights(request: HttpRequest) -> HttpResponse:
    """Give what the role of the token's user allows at this moment, and whose places add to it.

    The scopes of a token may allow less.
    """
    actor = actor_in(request)
    found = User.objects.filter(pk=actor.user_id or 0)  # house: reads: the caller themselves
    return answer(may_do.as_json(may_do.of_user(found.select_related("department").get())))


@router.get("/{user_id}", response=UserData, summary="Read one user", openapi_extra={"x-etag": True})
def read_user(request: HttpRequest, user_id: Annotated[str, id_of("user")]) -> HttpResponse:
    """Give one user by our id."""
    row = _visible(request).filter(pk=ids.parse("usr", user_id) or 0).values(*COLUMNS).first()
    if row is None:
        raise NotFound("There is no such user, or they are not open to you.")
    return answer(_told(row), request=request)


@router.get("/{user_id}/rights", response=RightsData, summary="What a user may do")
def read_rights(request: HttpRequest, user_id: Annotated[str, id_of("user")]) -> HttpResponse:
    """Give kind, act and reach of every right, the rule of the role that gives it, and until when a deputy has more."""
    found = queries.user(actor_in(request), ids.parse("usr", user_id) or 0)
    return answer(may_do.as_json(may_do.of_user(found)))


def _visible(request: HttpRequest) -> Any:
    """The users that the caller may see."""
    return policy_of(User).filter(User.objects.all(), actor_in(request), "view")  # house: reads: narrowed by the policy


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """One user as plain data."""
    return {
        "id": ids.public_id("usr", row["pk"]),
        **{name: row[name] for name in ("username", "name", "is_active")},
        "role": row["role__key"],
        "department": row["department__name"],
    }

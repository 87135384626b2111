"""The history in the API."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from guanxi.core import access, ids
from guanxi.core.api import actor_in, answer, cursors, id_of
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.people.history import filters, presenting, reading
from guanxi.ui.history import seeing

router = Router()
MOST = 200
CHANGES_OF_ONE = 100


class HistoryActor(Schema):
    """Who did it: a user, or nobody's user for the console and Guanxi itself."""

    id: str | None
    name: str


class HistoryChange(Schema):
    """One field before and after, as far as the caller may see; `field` is '' for a record that came or went."""

    kind: str
    record: str
    customer: str | None
    act: str
    field: str
    before: Any
    after: Any
    erased_at: str | None


class HistoryAct(Schema):
    """One operation: everything in it was written together."""

    id: str
    name: str
    at: str
    actor: HistoryActor
    deputising_for: str | None
    means: str
    address: str
    reason: str
    undone_at: str | None
    undoes: str | None
    changes: list[HistoryChange]
    has_more_changes: bool


class HistoryPage(Schema):
    """A page of the history, newest first; `next` goes on after it, and may do so although `items` is empty."""

    items: list[HistoryAct]
    next: str | None


class HistoryQuery(Schema):
    """What is asked of the history."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field("", max_length=200, description="text in names, reasons and values that the caller may see")
    kind: str = Field("", max_length=40, description="kind of record: customer, contactpoint, product, user …")
    record: Annotated[str, id_of()] = Field(
        "", max_length=40, description="id of a record of that kind, as `changes.record` gives it"
    )
    customer: Annotated[str, id_of("customer")] = Field(
        "",
        max_length=40,
        description="id of a customer (cus_…): everything of its record and parts, and of the customers merged into it (`changes.customer` tells them apart); not beside `kind` or `record`",
    )
    actor: Annotated[str, id_of("user")] = Field("", max_length=40, description="id of a user (usr_…)")
    means: str = Field("", max_length=12, description="web, api, cli, import or system")
    operation: str = Field("", max_length=80, description="name of an operation: customers.update_customer …")
    since: str = Field("", max_length=10, description="first day, YYYY-MM-DD")
    until: str = Field("", max_length=10, description="last day, YYYY-MM-DD")
    limit: int = Field(50, ge=1, le=MOST)
    after: str = Field("", max_length=400, description="`next` of the page before")


@router.get("", response=HistoryPage, summary="Read the history of changes, newest first")
def read_history(request: HttpRequest, query: Query[HistoryQuery]) -> HttpResponse:
    """Give one page of what the caller may see."""
    actor = actor_in(request)
    access.require(actor, seeing.KIND, "view")
    asked = _asked(query)
    place = cursors.decode(asked.about, query.after)
    below = int(place[0]) if place else reading.END
    page = reading.read(actor, asked, below=below, limit=query.limit, most=CHANGES_OF_ONE)
    following = cursors.encode(asked.about, [page.after]) if page.after is not None else None
    return answer({"items": [presenting.plain(actor, act) for act in page.acts], "next": following})


def _asked(query: HistoryQuery) -> filters.Asked:
    """The filters that were given, under the names that they have here."""
    given = query.dict(exclude={"limit", "after", "customer", "actor"}) | {"person": query.actor}
    called = {"person": "actor"}
    if query.customer:
        if query.kind or query.record:
            raise InvalidInput(_("Give “customer”, or “kind” and “record”, not both."), column="customer")
        given |= {"kind": "customer", "record": query.customer}
        called["record"] = "customer"
    return filters.parse(given, called=called, is_outside=True)


@router.get(
    "/{operation_id}",
    response=HistoryAct,
    summary="Read one operation with its changes",
    openapi_extra={"x-etag": True},
)
def read_operation(request: HttpRequest, operation_id: Annotated[str, id_of("operation")]) -> HttpResponse:
    """Give one operation with the first hundred of its changes."""
    actor = actor_in(request)
    access.require(actor, seeing.KIND, "view")
    row = reading.find(actor, ids.parse("opr", operation_id) or 0)
    if row is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    found, following = reading.changes_of(actor, row, limit=CHANGES_OF_ONE)
    act = reading.Act(row, found[:CHANGES_OF_ONE], has_more=following is not None)
    return answer(presenting.plain(actor, act), request=request)

"""Clocks of cases in the API."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.core import access, ids
from guanxi.core.api import cursors, id_of
from guanxi.core.api.answers import Strict, actor_in, answer
from guanxi.service import queries as case_queries
from guanxi.service.clocks import queries
from guanxi.service.clocks.presenting import state_of
from guanxi.service.models import CaseClock, ClockEvent

router = Router()
CaseId = Annotated[str, id_of("case")]
ClockId = Annotated[str, id_of("case_clock")]
SortName = Literal["first_answer", "next_answer", "solution"]
StateName = Literal["running", "paused", "met", "met_late", "broken", "stopped"]
UnitName = Literal["working_minutes", "minutes", "working_days", "days", "days_rolled"]


class ClockData(Schema):
    """One clock of a case. `due_at` is null while a paused clock could still be kept."""

    id: str
    case: str
    sort: SortName
    number: int = Field(description="tells clocks of one sort apart, from 1")
    state: StateName
    started_at: str
    ended_at: str | None
    due_at: str | None
    warn_at: str | None
    paused_since: str | None
    paused_by: str | None = Field(description="the state of the case in which the clock stands")
    amount: int
    unit: UnitName
    service_level: str


class ClockPage(Schema):
    """A page of clocks; `next` goes on after it."""

    items: list[ClockData]
    next: str | None


class ClockHappened(Schema):
    """One thing that happened to a clock, with what brought it about in codes."""

    at: str
    what: str
    because: dict[str, Any]
    due_before: str | None
    due_after: str | None


class ClockWithHistory(ClockData):
    """One clock with its history, the latest first."""

    history: list[ClockHappened]


class ClockQuery(Strict):
    """Which clocks, and where the list begins."""

    case: CaseId = Field("", max_length=30, description="our id of a case")
    sort: Literal["first_answer", "next_answer", "solution", ""] = ""
    open: bool | None = Field(None, description="true: those that have not ended; false: those that have")
    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=400, description="`next` of the page before")


@router.get(
    "", response=ClockPage, summary="List clocks of cases, the newest first", openapi_extra={"x-statuses": [404]}
)
def list_clocks(request: HttpRequest, query: Query[ClockQuery]) -> HttpResponse:
    """Give one page of the clocks of cases that the caller may see."""
    actor = actor_in(request)
    access.require(actor, "case", "view")
    rows = queries.clock_rows(actor)
    if query.case:
        rows = rows.filter(case=case_queries.case_of(actor, query.case).pk)
    if query.sort:
        rows = rows.filter(sort=query.sort)
    if query.open is not None:
        rows = rows.filter(ended_at__isnull=query.open)
    place = f"clocks:{query.case}:{query.sort}:{query.open}"
    items, following = cursors.newest_first(rows, place, query.after, query.limit)
    return answer({"items": [shown(row) for row in items], "next": following})


@router.get("/{clock_id}", response=ClockWithHistory, summary="Read one clock with its history")
def get_clock(request: HttpRequest, clock_id: ClockId) -> HttpResponse:
    """Give one clock and what happened to it."""
    row = queries.clock_of(actor_in(request), clock_id)
    return answer({**shown(row), "history": [_happened(event) for event in queries.events_of_clock(row)]})


def shown(row: CaseClock) -> dict[str, Any]:
    """A clock as the API gives it."""
    return {
        "id": row.public_id,
        "case": ids.public_id("cas", row.case_id),
        "sort": row.sort,
        "number": row.number,
        "state": state_of(row).value,
        "started_at": row.started_at.isoformat(),
        "ended_at": _at(row.ended_at),
        "due_at": _at(row.due_at),
        "warn_at": _at(row.warn_at),
        "paused_since": _at(row.paused_since),
        "paused_by": row.paused_by or None,
        "amount": row.amount,
        "unit": row.unit,
        "service_level": row.policy.name,
    }


def _at(moment: Any) -> str | None:
    """A moment, if there is one."""
    return None if moment is None else str(moment.isoformat())


def _happened(event: ClockEvent) -> dict[str, Any]:
    """A line of the history; people are not named in it."""
    because = {key: value for key, value in event.because.items() if key != "users"}
    return {
        "at": event.at.isoformat(),
        "what": event.what,
        "because": because,
        "due_before": _at(event.due_before),
        "due_after": _at(event.due_after),
    }

"""Working calendars of customers and departments of their own in the API."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.core import access, ids
from guanxi.core.api import cursors, id_of
from guanxi.core.api.answers import Strict, actor_in, answer
from guanxi.core.models.calendars import WorkingCalendar
from guanxi.service.clocks import queries
from guanxi.service.clocks.services.hours import save_hours
from guanxi.service.models import OwnHours

router = Router()
CustomerId = Annotated[str, id_of("customer")]
Number = Annotated[int, Field(ge=1, le=2**53)]


class CalendarData(Schema):
    """One working calendar to choose from."""

    number: int
    name: str
    is_company: bool = Field(description="it counts where nobody has one of their own")


class OwnHoursData(Schema):
    """Whose clocks run by which calendar: a customer's, or those of a department and all below it."""

    customer: str | None
    department: int | None = Field(description="the number of a department")
    calendar: int | None = Field(description="the number of a calendar; null: none of its own any more")


class OwnHoursPage(Schema):
    """A page of those with a calendar of their own, and all calendars; `next` goes on after it."""

    items: list[OwnHoursData]
    calendars: list[CalendarData]
    next: str | None


class OwnHoursQuery(Strict):
    """Whose, and where the list begins."""

    customer: CustomerId = Field("", max_length=30, description="our id of a customer")
    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=400, description="`next` of the page before")


class OwnHoursInput(Strict):
    """Whose clocks are to run by which calendar: a customer's or a department's, one of the two."""

    customer: CustomerId | None = Field(None, max_length=30, description="our id of a customer")
    department: Number | None = Field(None, description="the number of a department")
    calendar: Number | None = Field(description="the number of a calendar; null for none of its own")


@router.get(
    "",
    response=OwnHoursPage,
    summary="List who has a working calendar of their own",
    openapi_extra={"x-statuses": [404]},
)
def list_hours(request: HttpRequest, query: Query[OwnHoursQuery]) -> HttpResponse:
    """Give departments and those customers that are open to the caller, the newest first."""
    actor = actor_in(request)
    access.require(actor, "service_setting", "view")
    rows = queries.own_hours_rows(actor)
    if query.customer:
        rows = rows.filter(customer=queries.customer_named(actor, query.customer))
    items, following = cursors.newest_first(rows, f"own-hours:{query.customer}", query.after, query.limit)
    calendars = [_calendar(row) for row in queries.calendars()]
    return answer({"items": [_shown(row) for row in items], "calendars": calendars, "next": following})


@router.put("", response=OwnHoursData, summary="Give a customer or a department a working calendar of its own")
def set_hours(request: HttpRequest, data: OwnHoursInput) -> HttpResponse:
    """Let clocks run by a calendar of their own, or by the next one again; open cases are reckoned anew."""
    actor = actor_in(request)
    customer = queries.customer_named(actor, data.customer) if data.customer is not None else None
    save_hours(
        actor=actor,
        calendar_id=data.calendar,
        customer_id=customer.pk if customer is not None else None,
        department_id=data.department,
    )
    return answer({"customer": data.customer, "department": data.department, "calendar": data.calendar})


def _shown(row: OwnHours) -> dict[str, Any]:
    """Whose, and which."""
    return {
        "customer": ids.public_id("cus", row.customer_id) if row.customer_id is not None else None,
        "department": row.department_id,
        "calendar": row.calendar_id,
    }


def _calendar(row: WorkingCalendar) -> dict[str, Any]:
    """A calendar to choose."""
    return {"number": row.pk, "name": row.name, "is_company": row.is_default}

"""What is sent and given: own_hours. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class CalendarData(TypedDict):
    """One working calendar to choose from."""

    is_company: bool
    name: str
    number: int


class OwnHoursData(TypedDict):
    """Whose clocks run by which calendar: a customer's, or those of a department and all below it."""

    calendar: int | None
    customer: str | None
    department: int | None


class OwnHoursInput(TypedDict):
    """Whose clocks are to run by which calendar: a customer's or a department's, one of the two."""

    calendar: int | None
    customer: NotRequired[str | None]
    department: NotRequired[int | None]


class OwnHoursPage(TypedDict):
    """A page of those with a calendar of their own, and all calendars; `next` goes on after it."""

    calendars: list[CalendarData]
    items: list[OwnHoursData]
    next: str | None

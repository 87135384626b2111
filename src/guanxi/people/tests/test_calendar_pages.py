"""Working calendars on screen: made, changed, holidays put in, seen and changed only by those who may."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.core import calendars
from guanxi.core.actor import actor_of
from guanxi.core.errors import Forbidden
from guanxi.core.models import Operation, Role, User
from guanxi.core.models.calendars import CalendarDay, WorkingCalendar

pytestmark = pytest.mark.django_db
WEEK = {f"day_{number}": "09:00-12:00，13:00–18:00" for number in range(5)} | {"day_5": "", "day_6": ""}
OFFICE = {"name": "办公时间", "zone": "Asia/Shanghai", "is_default": "on", **WEEK}


def browser(role: str) -> Client:
    """The browser of somebody with a role."""
    client = Client()
    client.force_login(User.objects.create(username=role, role=Role.objects.get(key=role), language="en"))
    return client


def test_a_calendar_is_made_changed_and_counts() -> None:
    web = browser("manager")
    assert "all time counts" in web.get(reverse("people:calendars")).content.decode()
    assert web.post(reverse("people:calendar_create"), OFFICE).status_code == 302
    row = WorkingCalendar.objects.get()
    assert calendars.load().weekly[0] == ((540, 720), (780, 1080))
    assert 5 not in calendars.load().weekly
    page = reverse("people:calendar", args=[row.pk])
    assert "09:00-12:00, 13:00-18:00" in web.get(page).content.decode()
    assert web.post(page, OFFICE | {"day_5": "10:00-16:00"}).status_code == 302
    assert calendars.load().weekly[5] == ((600, 960),)
    refused = web.post(page, OFFICE | {"day_5": "16:00-10:00", "day_6": "from nine to five"})
    assert refused.status_code == 422
    assert "must begin before they end" in refused.content.decode()
    assert "Write hours as" in refused.content.decode()
    idle = web.post(page, OFFICE | {f"day_{number}": "" for number in range(7)})
    assert idle.status_code == 422
    assert "no working time at all" in idle.content.decode()
    again = web.post(reverse("people:calendar_create"), OFFICE)
    assert (again.status_code, WorkingCalendar.objects.count()) == (422, 1)


def test_holidays_and_make_up_days() -> None:
    web = browser("owner")
    web.post(reverse("people:calendar_create"), OFFICE)
    row = WorkingCalendar.objects.get()
    page = reverse("people:calendar", args=[row.pk])
    days = reverse("people:add_calendar_days", args=[row.pk])
    assert (
        web.post(days, {"first": "2027-10-01", "last": "2027-10-07", "works_as": "", "title": "国庆节"}).status_code
        == 302
    )
    assert web.post(days, {"first": "2027-10-09", "works_as": "4", "title": "调休"}).status_code == 302
    assert Operation.objects.filter(name="core.set_calendar_day").count() == 2
    loaded = calendars.load()
    assert loaded.windows_on(date(2027, 10, 1)) == ()
    assert loaded.windows_on(date(2027, 10, 9)) == loaded.weekly[4]
    shown = web.get(page).content.decode()
    assert shown.count("国庆节") == 7
    assert "Friday" in shown
    assert web.post(days, {"first": "2027-10-05", "last": "2027-10-01"}).status_code == 422
    assert web.post(days, {"first": "nonsense"}).status_code == 422
    web.post(reverse("people:clear_calendar_day", args=[row.pk]), {"on": "2027-10-09"})
    assert CalendarDay.objects.count() == 7
    assert web.post(reverse("people:clear_calendar_day", args=[row.pk]), {"on": "x"}).status_code == 422


def test_who_may_look_looks_and_others_do_not() -> None:
    browser("owner").post(reverse("people:calendar_create"), OFFICE)
    row = WorkingCalendar.objects.get()
    page = reverse("people:calendar", args=[row.pk])
    auditor, agent = browser("auditor"), browser("agent")
    shown = auditor.get(page).content.decode()
    assert "09:00-12:00" in shown
    assert '<form class="settings-card' not in shown
    assert 'name="day_0"' not in shown
    assert reverse("people:add_calendar_days", args=[row.pk]) not in shown
    for web, looks in ((auditor, 200), (agent, 404)):
        assert web.get(reverse("people:calendars")).status_code == looks
        assert web.get(reverse("people:calendar_create")).status_code == 404
        assert web.post(page, OFFICE | {"name": "x"}).status_code == 404
        assert web.post(reverse("people:add_calendar_days", args=[row.pk]), {"first": "nonsense"}).status_code == 404
        assert web.post(reverse("people:clear_calendar_day", args=[row.pk]), {"on": "2027-10-01"}).status_code == 404
    assert agent.get(page).status_code == 404
    row.refresh_from_db()
    assert row.name == "办公时间"
    with pytest.raises(Forbidden):
        calendars.clear_day(
            actor=actor_of(User.objects.get(username="auditor")), calendar_id=row.pk, on=date(2027, 1, 1)
        )

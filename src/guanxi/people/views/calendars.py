"""Working calendars: hours of the week, holidays, make-up days."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core import calendars, clock
from guanxi.core.access import require
from guanxi.core.errors import GuanxiError, InvalidInput
from guanxi.core.models.calendars import WorkingCalendar
from guanxi.people.calendar_forms import CalendarForm, DaysForm, HolidayListForm, shown_hours
from guanxi.ui import forms, toasts
from guanxi.ui.together import held, in_turn


def _actor(request: HttpRequest) -> Any:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined]


def _calendar(request: HttpRequest, number: int) -> WorkingCalendar:
    """One calendar that the actor may see."""
    rows = WorkingCalendar.objects.visible_to(_actor(request)).prefetch_related("windows", "days")
    found: WorkingCalendar = rows.get_visible(_actor(request), pk=number)
    return found


def _weekly(row: WorkingCalendar) -> dict[int, list[calendars.Window]]:
    """The windows of each weekday."""
    found: dict[int, list[calendars.Window]] = {}
    for window in row.windows.all():
        found.setdefault(window.weekday, []).append((window.start_minute, window.end_minute))
    return found


def _described(row: WorkingCalendar) -> dict[str, Any]:
    """A calendar as its pages show it."""
    hours = _weekly(row)
    today = clock.today()
    days = [
        {"day": day, "works_as": None if day.works_as is None else WEEKDAYS[day.works_as]} for day in row.days.all()
    ]
    return {
        "row": row,
        "hours": [{"name": name, "hours": shown_hours(hours.get(number, ()))} for number, name in WEEKDAYS.items()],
        "days": days,
        "ahead": [entry for entry in days if entry["day"].on >= today][:6],  # type: ignore[union-attr]
        "may_change": False,
    }


@login_required
@require_GET
def calendar_list(request: HttpRequest) -> HttpResponse:
    """All working calendars, the company's own first."""
    actor = _actor(request)
    require(actor, "calendar", "view")
    rows = WorkingCalendar.objects.visible_to(actor).prefetch_related("windows", "days").order_by("-is_default", "name")
    context = {"calendars": [_described(row) for row in rows], "may_change": actor.can("calendar", "change")}
    return render(request, "people/calendars.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def calendar_create(request: HttpRequest) -> HttpResponse:
    """A new calendar."""
    require(_actor(request), "calendar", "change")
    office = ((9 * 60, 12 * 60), (13 * 60, 18 * 60))
    initial = {"zone": settings.TIME_ZONE, **{f"day_{number}": office for number in range(5)}}
    form = CalendarForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _save(request, form, None):
        return forms.done(request, reverse("people:calendars"))
    return forms.page(
        request, form, title=_("New calendar"), back_url=reverse("people:calendars"), back_label=_("Working calendars")
    )


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def calendar(request: HttpRequest, number: int) -> HttpResponse:
    """The hours of a calendar and the dates that differ; those who may, change them here."""
    actor = _actor(request)
    row = _calendar(request, number)
    may_change = actor.can("calendar", "change")
    if request.method == "POST":
        require(actor, "calendar", "change")
    if may_change:
        held(request, row)
    weekly = _weekly(row)
    initial = {"name": row.name, "zone": row.zone, "is_default": row.is_default}
    initial |= {f"day_{day}": weekly.get(day, ()) for day in range(7)}
    form = CalendarForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _save(request, form, row.pk):
        return forms.done(request, reverse("people:calendar", args=[row.pk]))
    news = forms.meet(request, form)
    if news is not None:
        return news
    context = {
        **_described(row),
        "form": form,
        "days_form": DaysForm(),
        "list_form": _list_form(),
        "may_change": may_change,
    }
    status = forms.status_of(form) if form.is_bound else 200
    return render(request, "people/calendar.html", context, status=status)


def _save(request: HttpRequest, form: CalendarForm, number: int | None) -> bool:
    """Write the calendar; whether it could be."""
    data = form.cleaned_data
    try:
        calendars.save_calendar(
            actor=_actor(request),
            name=data["name"],
            zone=data["zone"],
            weekly=form.weekly(),
            is_default=data["is_default"],
            calendar_id=number,
        )
    except GuanxiError as error:
        forms.add_error(form, error)
        return False
    toasts.message(request, _("Saved."))
    return True


@login_required
@require_POST
def add_days(request: HttpRequest, number: int) -> HttpResponse:
    """Make dates holidays or make-up days."""
    actor = _actor(request)
    require(actor, "calendar", "change")
    row = _calendar(request, number)
    form = DaysForm(request.POST)
    if not form.is_valid():
        return _page_again(request, row, days_form=form)
    calendars.set_days(actor=actor, calendar_id=row.pk, **form.cleaned_data)
    toasts.message(request, _("Saved."))
    return redirect("people:calendar", row.pk)


@login_required
@require_POST
def take_list(request: HttpRequest, number: int) -> HttpResponse:
    """Take in a list of holidays and make-up days."""
    actor = _actor(request)
    require(actor, "calendar", "change")
    row = _calendar(request, number)
    form = HolidayListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page_again(request, row, list_form=form)
    days = {day.on: (day.works_as, day.title) for day in form.cleaned_data["days"]}
    calendars.take_days(actor=actor, calendar_id=row.pk, days=days)
    said = ngettext("%(count)s date taken in.", "%(count)s dates taken in.", len(days)) % {"count": len(days)}
    toasts.message(request, said)
    return redirect("people:calendar", row.pk)


def _page_again(request: HttpRequest, row: WorkingCalendar, **context: Any) -> HttpResponse:
    """The page of a calendar with a form that could not be saved."""
    initial = {"name": row.name, "zone": row.zone, "is_default": row.is_default}
    initial |= {f"day_{day}": windows for day, windows in _weekly(row).items()}
    forms_there = {"form": CalendarForm(initial=initial), "days_form": DaysForm(), "list_form": _list_form()}
    return render(
        request, "people/calendar.html", {**_described(row), **forms_there, "may_change": True, **context}, status=422
    )


def _list_form() -> HolidayListForm:
    """The form for a list, for this year."""
    return HolidayListForm(initial={"year": clock.today().year})


@login_required
@require_POST
def clear_day(request: HttpRequest, number: int) -> HttpResponse:
    """Let a date be an ordinary one again."""
    actor = _actor(request)
    require(actor, "calendar", "change")
    row = _calendar(request, number)
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        raise InvalidInput(_("This is not a date."), column="on") from None
    calendars.clear_day(actor=actor, calendar_id=row.pk, on=on)
    return redirect("people:calendar", row.pk)

"""Departments, teams and absences."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core import clock
from guanxi.core.access import require
from guanxi.core.actor import Actor
from guanxi.core.errors import GuanxiError
from guanxi.people import placing, queries
from guanxi.people.placing_forms import AbsenceForm, CloseForm, DepartmentForm, TeamForm
from guanxi.people.signing_in.confirming import confirmed_recently, confirmed_to_write
from guanxi.ui import forms, toasts
from guanxi.ui.together import held, in_turn


def _actor(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined]


def _number(text: str) -> int | None:
    """A chosen id, None for nothing."""
    return int(text) if text else None


@login_required
@require_GET
def departments(request: HttpRequest) -> HttpResponse:
    """The departments as a tree, and the teams."""
    require(_actor(request), "user", "manage")
    context = {"departments": queries.department_rows(), "teams": queries.teams_with_members()}
    return render(request, "people/departments.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
@in_turn
def department_edit(request: HttpRequest, department_id: int | None = None) -> HttpResponse:
    """Make, rename or move a department."""
    actor = _actor(request)
    require(actor, "user", "manage")
    row = queries.department(department_id) if department_id is not None else None
    if row is not None:
        held(request, row)
    initial = {"name": row.name, "parent": row.parent_id or ""} if row else {}
    form = DepartmentForm(request.POST or None, initial=initial, without=department_id)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            placing.save_department(
                actor=actor, department_id=department_id, name=data["name"], parent_id=_number(data["parent"])
            )
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, gettext("Saved."))
            return forms.done(request, reverse("people:departments"))
    return _form(request, form, row.name if row else gettext("New department"))


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
def department_close(request: HttpRequest, department_id: int) -> HttpResponse:
    """Close a department, or let another one take it in."""
    actor = _actor(request)
    require(actor, "user", "manage")
    row = queries.department(department_id)
    form = CloseForm(request.POST if request.method == "POST" else None, without=department_id)
    if request.method == "POST" and form.is_valid():
        try:
            number = placing.close_department(
                actor=actor, department_id=department_id, into_id=_number(form.cleaned_data["into"])
            )
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, gettext("The department %(name)s is closed.") % {"name": row.name}, number)
            return forms.done(request, reverse("people:departments"))
    return _form(request, form, gettext("Close %(name)s") % {"name": row.name}, gettext("Close the department"))


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
@in_turn
def team_edit(request: HttpRequest, team_id: int | None = None) -> HttpResponse:
    """Make a team, or change its name and members."""
    actor = _actor(request)
    require(actor, "user", "manage")
    row = queries.team(team_id) if team_id is not None else None
    if row is not None:
        held(request, row)
    initial = {"name": row.name, "members": [user.pk for user in row.members.all()]} if row else {}
    form = TeamForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            placing.save_team(
                actor=actor, team_id=team_id, name=data["name"], member_ids=[int(text) for text in data["members"]]
            )
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, gettext("Saved."))
            return forms.done(request, reverse("people:departments"))
    return _form(request, form, row.name if row else gettext("New team"))


@login_required
@require_POST
@confirmed_recently
def team_remove(request: HttpRequest, team_id: int) -> HttpResponse:
    """Remove a team."""
    number = placing.remove_team(actor=_actor(request), team_id=team_id)
    toasts.message(request, gettext("The team is removed."), number)
    return forms.done(request, reverse("people:departments"))


@login_required
@require_GET
def absences(request: HttpRequest) -> HttpResponse:
    """Absences now and to come."""
    actor = _actor(request)
    now = clock.now()
    rows = [
        {
            "row": row,
            "is_now": row.from_at <= now,
            "may_end": row.user_id == actor.user_id or actor.can("user", "manage"),
        }
        for row in queries.absences_of(actor)
    ]
    return render(request, "people/absences.html", {"rows": rows, "standing_in": actor.standing_in})


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
def absence_create(request: HttpRequest) -> HttpResponse:
    """Say that one will be away, or that somebody is."""
    actor = _actor(request)
    is_own = not actor.can("user", "manage")
    form = AbsenceForm(request.POST or None, is_own=is_own, initial={"user": actor.user_id})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            placing.name_deputy(
                actor=actor,
                user_id=(actor.user_id or 0) if is_own else int(data["user"]),
                deputy_id=int(data["deputy"]),
                from_at=data["from_at"],
                to_at=data["to_at"],
                reason=data["reason"],
            )
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, gettext("Saved."))
            return forms.done(request, reverse("people:absences"))
    intro = gettext(
        "The deputy reaches the records of the person who is away, with the acts of their own role, until the time is "
        "over. Both see it; the history names both."
    )
    return forms.page(
        request,
        form,
        title=gettext("New absence"),
        back_url=reverse("people:absences"),
        back_label=gettext("Absence and deputies"),
        intro=intro,
    )


@login_required
@require_POST
def absence_end(request: HttpRequest, row_id: int) -> HttpResponse:
    """End an absence before its time."""
    number = placing.end_deputy(actor=_actor(request), row_id=row_id)
    toasts.message(request, gettext("The absence is over."), number)
    return forms.done(request, reverse("people:absences"))


def _form(request: HttpRequest, form: forms.RecordForm, title: str, submit: str = "") -> HttpResponse:
    """A page with one form."""
    return forms.page(
        request,
        form,
        title=title,
        submit=submit or forms.SAVE,
        back_url=reverse("people:departments"),
        back_label=gettext("Departments and teams"),
    )

"""Users and roles, for those who manage them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core.access import require
from guanxi.core.actor import Actor
from guanxi.core.errors import GuanxiError
from guanxi.core.models import User
from guanxi.core.seeing_as import may_look_as_people
from guanxi.people import queries, services
from guanxi.people.forms import UserForm
from guanxi.people.signing_in.confirming import confirmed_recently, confirmed_to_write
from guanxi.people.tables import USERS
from guanxi.ui import forms, lists, toasts
from guanxi.ui.records import Action, Fact, Facts, RecordPage, Tab, render_record


@login_required
@require_GET
def users(request: HttpRequest) -> HttpResponse:
    """The list of users."""
    require(request.actor, "user", "manage")  # type: ignore[attr-defined]
    return lists.render_list(request, USERS)


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
def user_create(request: HttpRequest) -> HttpResponse:
    """Make a user; the password is shown once."""
    actor = request.actor  # type: ignore[attr-defined]
    require(actor, "user", "manage")
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            user, password = services.create_user(
                actor=actor,
                name=data["username"],
                role=queries.role_key(data["role"]),
                display_name=data["name"],
                email=data["email"],
                department=data["department"],
            )
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return _show_password(request, user.pk, user.username, password, gettext("The user is made"))
    return forms.page(
        request,
        form,
        title=gettext("New user"),
        submit=gettext("Make the user"),
        back_url=reverse("people:users"),
        back_label=gettext("Users"),
        intro=gettext("A password is made and shown once; the person can change it afterwards."),
    )


def _show_password(request: HttpRequest, user_id: int, name: str, password: str, title: str) -> HttpResponse:
    """Show a password this once."""
    context = {"title": title, "name": name, "password": password, "user_id": user_id}
    response = render(request, "people/password_once.html", context)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_GET
def user(request: HttpRequest, user_id: int) -> HttpResponse:
    """One user."""
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.user(actor, user_id)
    word = gettext("Disable") if found.is_active else gettext("Let sign in again")
    page = RecordPage(
        kind="user",
        record_id=found.pk,
        record=found,
        title=found.display_name,
        subtitle=f"{found.username} · {queries.role_name(found.role)}",
        back_url=reverse("people:users"),
        back_label=gettext("Users"),
        actions=[
            *_see_as(actor, found),
            Action(
                gettext("New password"),
                icon="key",
                url=reverse("people:user_password", args=[found.pk]),
                method="post",
                confirm=gettext("Give %(name)s a new password? The old one stops working at once.")
                % {"name": found.display_name},
            ),
            Action(
                word,
                icon="user-off" if found.is_active else "user-check",
                url=f"{reverse('people:user_active', args=[found.pk])}?to={'off' if found.is_active else 'on'}",
                method="post",
                is_dangerous=found.is_active,
                confirm=gettext("%(name)s will be signed out at once.") % {"name": found.display_name}
                if found.is_active
                else "",
            ),
        ],
        facts=[
            Facts(
                gettext("Account"),
                [
                    Fact(pgettext("person", "Name"), edit="name"),
                    Fact(gettext("E-mail"), edit="email"),
                    Fact(gettext("Role"), edit="role"),
                    Fact(gettext("Department"), edit="department"),
                    Fact(gettext("Teams"), html=_teams(found)),
                    Fact(gettext("May sign in"), edit="is_active"),
                ],
            )
        ],
        tabs=[
            Tab("deeds", gettext("What they did"), url=reverse("people:user_history", args=[found.pk])),
            Tab("rights", gettext("What they may do"), url=reverse("people:user_rights", args=[found.pk])),
            Tab("security", gettext("Signing in"), url=reverse("people:user_security", args=[found.pk])),
        ],
    )
    return render_record(request, page)


def _teams(found: User) -> SafeString:
    """The teams of a user, which are put together on a page of their own."""
    links = [
        format_html('<a href="{}">{}</a>', reverse("people:team", args=[team.pk]), team.name)
        for team in queries.teams_of(found)
    ]
    return (
        format_html_join(", ", "{}", ((link,) for link in links))
        if links
        else mark_safe('<span class="nothing">–</span>')
    )


def _see_as(actor: Actor, found: User) -> list[Action]:
    """To look as this person, for those who may."""
    if not may_look_as_people(actor) or not found.is_active or found.pk == actor.user_id:
        return []
    url = reverse("people:see_as_user", args=[found.pk])
    return [Action(gettext("See as this person"), icon="eye", url=url, method="post")]


@login_required
@require_POST
@confirmed_recently
def user_password(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give a user another password and show it this once."""
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.user(actor, user_id)
    password = services.set_password(actor=actor, user_id=user_id)
    return _show_password(request, user_id, found.username, password, gettext("The password is new"))


@login_required
@require_POST
@confirmed_recently
def user_active(request: HttpRequest, user_id: int) -> HttpResponse:
    """Let a user sign in, or no longer: what the button said, whatever somebody else did meanwhile."""
    actor = request.actor  # type: ignore[attr-defined]
    found, is_active = queries.user(actor, user_id), request.GET.get("to") == "on"
    number = services.set_active(actor=actor, user_id=user_id, is_active=is_active)
    words = gettext("%(name)s may sign in again.") if is_active else gettext("%(name)s may no longer sign in.")
    toasts.message(request, words % {"name": found.display_name}, number)
    return forms.done(request, reverse("people:user", args=[user_id]))

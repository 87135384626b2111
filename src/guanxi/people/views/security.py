"""One's own security: password, sessions, the history of signing in."""

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from guanxi.core.errors import GuanxiError
from guanxi.people import services
from guanxi.people.forms import PasswordForm
from guanxi.people.signing_in import confirming, due, queries
from guanxi.people.signing_in.services import sessions
from guanxi.people.views import factors
from guanxi.ui import forms, toasts


def security_page(request: HttpRequest, status: int = 200, **context: Any) -> HttpResponse:
    """The page with everything about one's own signing in."""
    actor = request.actor  # type: ignore[attr-defined]
    user: Any = request.user
    values = {
        "layout": due.layout(request),
        "password_form": PasswordForm() if user.has_usable_password() else None,
        "sessions": queries.sessions_of(actor, user.pk, request.session.session_key or ""),
        "sign_ins": queries.latest_of(user.pk),
        "is_needed": due.is_due(request),
        **factors.overview(user.pk),
        **context,
    }
    return render(request, "people/security.html", values, status=status)


@login_required
@require_GET
@never_cache
def security(request: HttpRequest) -> HttpResponse:
    """Password, second factors, sessions, history."""
    return security_page(request)


@login_required
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other browsers are signed out, this one stays."""
    form = PasswordForm(request.POST)
    if form.is_valid():
        try:
            user = services.change_own_password(
                actor=request.actor,  # type: ignore[attr-defined]
                current=form.cleaned_data["current"],
                password=form.cleaned_data["password"],
            )
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            update_session_auth_hash(request, user)
            confirming.note_confirmed(request)
            sessions.end_sessions(
                actor=request.actor,  # type: ignore[attr-defined]
                user_id=user.pk,
                keep=request.session.session_key or "",
            )
            toasts.message(request, gettext("Your password is changed. Other browsers were signed out."))
            return redirect("people:security")
    return security_page(request, status=422, password_form=form)


@login_required
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one session of one's own."""
    actor = request.actor  # type: ignore[attr-defined]
    sessions.end_session(actor=actor, user_id=actor.user_id, number=request.POST.get("number", ""))
    toasts.message(request, gettext("The session is ended."))
    return redirect("people:security")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all sessions of one's own but this one."""
    actor = request.actor  # type: ignore[attr-defined]
    count = sessions.end_sessions(actor=actor, user_id=actor.user_id, keep=request.session.session_key or "")
    words = ngettext("%(n)d other session is ended.", "%(n)d other sessions are ended.", count)
    toasts.message(request, words % {"n": count})
    return redirect("people:security")

"""How others sign in, for those who manage users: their sessions, their history, and letting them in again."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from guanxi.core.access import require
from guanxi.people import queries as people
from guanxi.people.signing_in import queries
from guanxi.people.signing_in.confirming import confirmed_recently
from guanxi.people.signing_in.services import accounts, factors, sessions
from guanxi.people.signing_in.tables import SIGN_INS
from guanxi.ui import lists, toasts

# What the page on one's own security calls them.
NAMES: dict[str, Promise] = {
    factors.TOTP: gettext_lazy("Authenticator application"),
    factors.PASSKEY: gettext_lazy("Passkey or security key"),
    factors.CODES: pgettext_lazy("sign-in", "Recovery codes"),
}


@login_required
@require_GET
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Every attempt to sign in."""
    require(request.actor, "user", "manage")  # type: ignore[attr-defined]
    return lists.render_list(request, SIGN_INS)


@login_required
@require_GET
@never_cache
def user_security(request: HttpRequest, user_id: int) -> HttpResponse:
    """A user's sessions and history, as a tab of their page."""
    actor = request.actor  # type: ignore[attr-defined]
    found = people.user(actor, user_id)
    if not request.headers.get("HX-Request"):  # opened by itself, it is no whole page
        return _back(user_id)
    context = {
        "found": found,
        "sessions": queries.sessions_of(actor, user_id, request.session.session_key or ""),
        "sign_ins": queries.latest_of(user_id),
        "factors": [NAMES[row.type] for row in factors.factors_of(user_id)],
        "is_waiting": accounts.is_waiting(user_id),
    }
    return render(request, "people/user_security.html", context)


def _back(user_id: int) -> HttpResponse:
    """Back to the tab."""
    return redirect(f"{reverse('people:user', args=[user_id])}?tab=security")


@login_required
@require_POST
def end_session(request: HttpRequest, user_id: int) -> HttpResponse:
    """End one session of a user."""
    actor = request.actor  # type: ignore[attr-defined]
    people.user(actor, user_id)
    sessions.end_session(actor=actor, user_id=user_id, number=request.POST.get("number", ""))
    toasts.message(request, gettext("The session is ended."))
    return _back(user_id)


@login_required
@require_POST
def end_sessions(request: HttpRequest, user_id: int) -> HttpResponse:
    """End every session of a user; of one's own all but this one."""
    actor = request.actor  # type: ignore[attr-defined]
    people.user(actor, user_id)
    keep = request.session.session_key or "" if actor.user_id == user_id else ""
    count = sessions.end_sessions(actor=actor, user_id=user_id, keep=keep)
    toasts.message(request, ngettext("%(n)d session is ended.", "%(n)d sessions are ended.", count) % {"n": count})
    return _back(user_id)


@login_required
@require_POST
def unlock(request: HttpRequest, user_id: int) -> HttpResponse:
    """Free a user from waiting after failed attempts."""
    actor = request.actor  # type: ignore[attr-defined]
    found = people.user(actor, user_id)
    accounts.unlock(actor=actor, user_id=user_id)
    toasts.message(request, gettext("%(name)s can try again at once.") % {"name": found.display_name})
    return _back(user_id)


@login_required
@require_POST
@confirmed_recently
def reset_factors(request: HttpRequest, user_id: int) -> HttpResponse:
    """Take a user's second factors away and sign them out."""
    actor = request.actor  # type: ignore[attr-defined]
    found = people.user(actor, user_id)
    accounts.reset_factors(actor=actor, user_id=user_id)
    toasts.message(request, gettext("The second factors of %(name)s are gone.") % {"name": found.display_name})
    return _back(user_id) if actor.user_id != user_id else redirect("account_login")

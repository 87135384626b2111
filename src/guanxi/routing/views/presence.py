"""One's own state at the top of every page: the sign with the load, the menu, choosing another state."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.routing import queries, showing
from guanxi.routing.choices import PresenceState
from guanxi.routing.services.presence import BEAT_SECONDS, beat, set_presence
from guanxi.ui import forms, toasts


def _actor(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_GET
def sign(request: HttpRequest) -> HttpResponse:
    """The sign of one's state; every page fetches it once it stands and every minute, which says that it is open."""
    actor = _actor(request)
    if actor.private_id is None or not actor.can("work_item", "change"):
        return _unkept(HttpResponse())
    beat(user_id=actor.private_id)
    own = showing.own_state(actor.private_id)
    if own is None:
        return _unkept(HttpResponse())
    context = {"own": own, "topic": f"presence:{actor.private_id}", "seconds": BEAT_SECONDS}
    return _unkept(render(request, "routing/sign.html", context))


@login_required
@require_GET
def menu(request: HttpRequest) -> HttpResponse:
    """The states to choose from, with the company's reasons."""
    actor = _actor(request)
    own = showing.own_state(actor.private_id) if actor.private_id is not None else None
    if own is None:
        return _unkept(HttpResponse())
    reasons: dict[str, list[object]] = {}
    for reason in queries.reasons().filter(is_active=True):
        reasons.setdefault(reason.state, []).append(reason)
    states = [
        {
            "key": state.value,
            "label": state.label,
            "tone": showing.TONES[state],
            "reasons": reasons.get(state.value, []),
        }
        for state in PresenceState
    ]
    return _unkept(render(request, "routing/menu.html", {"own": own, "states": states}))


@login_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Be in another state; `choice` is a state, or a state and the number of a reason (`break.3`)."""
    state, _dot, reason = request.POST.get("choice", "").partition(".")
    if reason and not reason.isdecimal():
        raise InvalidInput(_("There is no such reason for this state."), column="reason")
    row = set_presence(actor=_actor(request), state=state, reason_id=int(reason[:18]) if reason else None)
    words = _("You are now: %(state)s.") % {"state": row.reason or row.get_state_display()}
    if request.headers.get("HX-Request"):
        return toasts.add(HttpResponse(status=204), words, events={"gx:presence": {}})
    toasts.message(request, words)
    return forms.done(request, "/")


def _unkept(response: HttpResponse) -> HttpResponse:
    """What is true for a moment is not kept."""
    response["Cache-Control"] = "no-store"
    return response

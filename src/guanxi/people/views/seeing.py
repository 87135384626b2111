"""Looking with the rights of another role or person, and stopping."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from guanxi.core import live
from guanxi.core.actor import Actor
from guanxi.core.middleware import own_actor_of
from guanxi.core.seeing_as import SEE_AS, Chosen
from guanxi.people import seeing
from guanxi.ui import forms, toasts


def _actor(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_POST
def see_as_role(request: HttpRequest, role_id: int) -> HttpResponse:
    """Look as somebody of this role would."""
    return _begin(request, seeing.look_as_role(actor=_actor(request), role_id=role_id))


@login_required
@require_POST
def see_as_user(request: HttpRequest, user_id: int) -> HttpResponse:
    """Look as this person does."""
    return _begin(request, seeing.look_as_user(actor=_actor(request), user_id=user_id))


def _begin(request: HttpRequest, chosen: Chosen) -> HttpResponse:
    """Keep it in the session, have the open streams ask anew what they may hear, and show the first page."""
    request.session[SEE_AS] = chosen.as_held()
    live.tell_rights_changed({_actor(request).user_id or 0})
    return forms.done(request, reverse("home"))


@login_required
@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """Back to one's own rights."""
    end_in(request)
    toasts.message(request, gettext("You look with your own rights again."))
    return forms.done(request, reverse("home"))


def end_in(request: HttpRequest) -> None:
    """End the look of a session, if there is one, and write it down."""
    chosen = Chosen.within(request.session)
    if request.session.pop(SEE_AS, None) is None or chosen is None:
        return
    own = own_actor_of(request)
    seeing.note_end(actor=own, chosen=chosen)
    live.tell_rights_changed({own.user_id or 0})

"""One's own profile."""

from copy import copy
from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from guanxi.core.errors import GuanxiError
from guanxi.core.models import User
from guanxi.people import services
from guanxi.people.forms import ProfileForm
from guanxi.people.signing_in import confirming
from guanxi.ui import forms, toasts
from guanxi.ui.services import set_preferences
from guanxi.ui.together import held, in_turn
from guanxi.ui.views.shell import remember


def _initial(request: HttpRequest, user: User) -> dict[str, str]:
    """What holds now."""
    return {
        "name": user.name,
        "email": user.email,
        "language": user.language or translation.get_language() or settings.LANGUAGE_CODE,
        "theme": user.theme or request.COOKIES.get("guanxi_theme", "system"),
        "timezone": user.timezone,
    }


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def profile(request: HttpRequest) -> HttpResponse:
    """Who one is, and how one likes the screens."""
    # The user came with the session; a copy is a plain record.
    user = held(request, cast("User", copy(request.user)))
    form = ProfileForm(request.POST or None, initial=_initial(request, user))
    if (news := forms.meet(request, form)) is not None:
        return news
    if request.method == "POST" and form.is_valid():
        has_new_address = form.cleaned_data["email"] != user.email
        if has_new_address and not confirming.is_confirmed(request):
            return confirming.ask(request)  # a new password can be had at that address
        try:
            return _save_profile(request, form)
        except GuanxiError as error:
            forms.add_error(form, error)
    status = 409 if form.meeting.asked else 200
    return render(request, "people/profile.html", {"form": form}, status=status)


def _save_profile(request: HttpRequest, form: ProfileForm) -> HttpResponse:
    """Keep the profile; the next page is already in the new language."""
    actor = request.actor  # type: ignore[attr-defined]
    data = form.cleaned_data
    person = form.touched({name: data[name] for name in ("name", "email")})
    services.update_user(actor=actor, user_id=actor.user_id, **person)
    set_preferences(actor=actor, **form.touched({name: data[name] for name in ("language", "theme", "timezone")}))
    response = HttpResponseRedirect(request.path)
    remember(response, request, language=data["language"], theme=data["theme"])
    with translation.override(data["language"]):
        toasts.message(request, gettext("Your profile is saved."))
    return response

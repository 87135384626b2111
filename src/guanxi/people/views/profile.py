"""One's own profile."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from guanxi.core.errors import GuanxiError
from guanxi.people import services
from guanxi.people.forms import ProfileForm
from guanxi.people.signing_in import confirming
from guanxi.ui import forms, toasts
from guanxi.ui.services import set_preferences
from guanxi.ui.views.shell import remember


def _initial(request: HttpRequest) -> dict[str, str]:
    """What holds now."""
    user = request.user
    return {
        "name": user.name,  # type: ignore[union-attr]
        "email": user.email,  # type: ignore[union-attr]
        "language": user.language or translation.get_language() or settings.LANGUAGE_CODE,  # type: ignore[union-attr]
        "theme": user.theme or request.COOKIES.get("guanxi_theme", "system"),  # type: ignore[union-attr]
        "timezone": user.timezone,  # type: ignore[union-attr]
    }


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Who one is, and how one likes the screens."""
    form = ProfileForm(request.POST or None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        has_new_address = form.cleaned_data["email"] != request.user.email  # type: ignore[union-attr]
        if has_new_address and not confirming.is_confirmed(request):
            return confirming.ask(request)  # a new password can be had at that address
        try:
            return _save_profile(request, form)
        except GuanxiError as error:
            forms.add_error(form, error)
    return render(request, "people/profile.html", {"form": form})


def _save_profile(request: HttpRequest, form: ProfileForm) -> HttpResponse:
    """Keep the profile; the next page is already in the new language."""
    actor = request.actor  # type: ignore[attr-defined]
    data = form.cleaned_data
    services.update_user(actor=actor, user_id=actor.user_id, name=data["name"], email=data["email"])
    set_preferences(actor=actor, language=data["language"], theme=data["theme"], timezone=data["timezone"])
    response = HttpResponseRedirect(request.path)
    remember(response, request, language=data["language"], theme=data["theme"])
    with translation.override(data["language"]):
        toasts.message(request, gettext("Your profile is saved."))
    return response

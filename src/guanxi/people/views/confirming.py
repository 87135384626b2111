"""The question whether it is still the same person."""

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.people.signing_in import attempts, confirming, rules
from guanxi.people.signing_in.forms import ConfirmCodeForm, ConfirmCredentialForm
from guanxi.people.signing_in.passwords import LONGEST
from guanxi.people.signing_in.services import factors, providers
from guanxi.people.views.admitting import came_through
from guanxi.ui.forms import RecordForm

# Before the names of the question's own fields, so that they are never mistaken for those of the form that waits.
PREFIX = "confirm"
NEXT, BACK, KEPT = f"{PREFIX}-next", f"{PREFIX}-back", f"{PREFIX}-kept"
CODED = frozenset({factors.TOTP, factors.CODES})


class ConfirmForm(RecordForm):
    """One's password once more."""

    password = forms.CharField(
        label=_("Password"),
        max_length=8 * LONGEST,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        """Keep whose it must be."""
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """It is the password; waiting times hold here too."""
        given = str(self.cleaned_data["password"])
        if not get_adapter().reauthenticate(self.user, given):
            raise forms.ValidationError(_("This is not your password."))
        return given

    def save(self) -> None:
        """Note in the session what was shown."""
        record_authentication(context.request, self.user, method="password", reauthenticated=True)


@dataclass(frozen=True)
class Asked:
    """What the person was doing: where it goes on, where it is left, and the form that waits to be sent."""

    target: str
    back: str
    kept: tuple[tuple[str, str], ...]
    has_kept: bool
    has_lost_files: bool


def _asked(request: HttpRequest) -> Asked:
    """Read it from the address, or from the question's own form once it was answered."""
    own, default = request.POST, reverse("people:security")
    is_answer = NEXT in own
    target = confirming.safe_next(request, own.get(NEXT) or request.GET.get("next", ""), default)
    back = confirming.safe_next(request, own.get(BACK) or request.GET.get("back", ""), reverse("home"))
    if request.method == "GET" or (is_answer and KEPT not in own):
        return Asked(target, back, (), False, False)
    if request.FILES:  # they cannot be carried along
        return Asked(back, back, (), False, True)
    kept = [
        (name, str(value))
        for name, values in own.lists()
        if not name.startswith(f"{PREFIX}-") and name != "csrfmiddlewaretoken"
        for value in values
    ]
    return Asked(target, back, tuple(kept), True, False)


def _lead_on(asked: Asked) -> HttpResponse:
    """On to where the person wanted to go, with the form that waits."""
    return confirming.repeated_at(asked.target) if asked.has_kept else HttpResponseRedirect(asked.target)


@login_required
@never_cache
@require_GET
def confirmed(request: HttpRequest) -> HttpResponse:
    """The end of a proof in a tab of its own: the form that waits in the other one goes on."""
    return render(request, "people/confirmed.html", {"is_confirmed": confirming.is_confirmed(request)})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for proof, then lead on to where the person wanted to go, with the form that they had sent."""
    user: Any = request.user
    asked = _asked(request)
    may_password = user.has_usable_password() and rules.may_use_password(user)
    tried = next((key for key in ("password", "code", "credential") if f"{PREFIX}-{key}" in request.POST), "")
    gives_nothing = not request.POST.get(f"{PREFIX}-{tried}")
    if NEXT in request.POST and gives_nothing and confirming.is_confirmed(request):  # in another tab
        return _lead_on(asked)
    held = {row.type for row in factors.factors_of(user.pk)}
    password = (
        ConfirmForm(request.POST if tried == "password" else None, user=user, prefix=PREFIX) if may_password else None
    )
    code = (
        ConfirmCodeForm(request.POST if tried == "code" else None, user=user, prefix=PREFIX) if held & CODED else None
    )
    passkey = ConfirmCredentialForm(request.POST, user=user, prefix=PREFIX) if tried == "credential" else None
    given_form: Any = {"password": password, "code": code, "credential": passkey}.get(tried)
    if given_form is not None and given_form.is_valid():
        given_form.save()
        confirming.note_confirmed(request)
        return _lead_on(asked)
    values = {
        "form": password,
        "code_form": code,
        "options": webauthn.begin_authentication(user) if factors.PASSKEY in held else None,
        "failed": passkey.errors.get("credential") if passkey is not None else None,
        "asked": asked,
        "provider": providers.provider_for_proof(came_through(request)),
        "is_provider_away": request.GET.get("provider") == "away",
        "has_provider_refused": request.GET.get("provider") in {"refused", "unknown"},
        "was_unasked": "unasked" in request.GET,
        "was_undated": "undated" in request.GET,
    }
    response = render(request, "people/confirm.html", values)
    return attempts.answer_status(response, given_form) if given_form is not None else response

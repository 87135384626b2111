"""The question whether it is still the same person."""

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
from django.views.decorators.http import require_http_methods

from guanxi.people.signing_in import attempts, confirming, rules
from guanxi.people.signing_in.forms import ConfirmCodeForm, ConfirmCredentialForm
from guanxi.people.signing_in.passwords import LONGEST
from guanxi.people.signing_in.services import factors
from guanxi.ui.forms import RecordForm

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


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for proof, then lead on to where the person wanted to go."""
    user: Any = request.user
    target = confirming.safe_next(
        request, request.POST.get("next") or request.GET.get("next", ""), reverse("people:security")
    )
    may_password = user.has_usable_password() and rules.may_use_password(user)
    tried = next((key for key in ("password", "code", "credential") if key in request.POST), "")
    held = {row.type for row in factors.factors_of(user.pk)}
    password = ConfirmForm(request.POST if tried == "password" else None, user=user) if may_password else None
    code = ConfirmCodeForm(request.POST if tried == "code" else None, user=user) if held & CODED else None
    passkey = ConfirmCredentialForm(request.POST, user=user) if tried == "credential" else None
    given_form: Any = {"password": password, "code": code, "credential": passkey}.get(tried)
    if given_form is not None and given_form.is_valid():
        given_form.save()
        confirming.note_confirmed(request)
        return HttpResponseRedirect(target)
    values = {
        "form": password,
        "code_form": code,
        "options": webauthn.begin_authentication(user) if factors.PASSKEY in held else None,
        "failed": passkey.errors.get("credential") if passkey is not None else None,
        "next": target,
    }
    response = render(request, "people/confirm.html", values)
    return attempts.answer_status(response, given_form) if given_form is not None else response

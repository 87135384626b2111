"""The question whether it is still the same person."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guanxi.people.signing_in import attempts, confirming, rules
from guanxi.people.signing_in.passwords import LONGEST
from guanxi.ui.forms import RecordForm


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
    form = ConfirmForm(request.POST if "password" in request.POST else None, user=user) if may_password else None
    if form is not None and form.is_bound and form.is_valid():
        record_authentication(request, user, method="password", reauthenticated=True)
        confirming.note_confirmed(request)
        return HttpResponseRedirect(target)
    response = render(request, "people/confirm.html", {"form": form, "next": target})
    return attempts.answer_status(response, form) if form is not None else response

"""Setting second factors up and taking them away."""

import base64
import json
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import clear_totp_secret, get_totp_secret
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core.errors import Conflict, GuanxiError, InvalidInput
from guanxi.people.models.signing_in import Outcome
from guanxi.people.signing_in import attempts, due
from guanxi.people.signing_in.confirming import confirmed_recently
from guanxi.people.signing_in.factors_adapter import seal, unseal
from guanxi.people.signing_in.forms import AppForm, NewPasskeyForm
from guanxi.people.signing_in.services import factors
from guanxi.ui import forms, toasts

# Recovery codes on their way to the page that shows them once, sealed.
CODES = "guanxi_codes"


def _show_codes(request: HttpRequest, codes: list[str], title: str) -> HttpResponse:
    """Lead to the page that shows recovery codes, this once: loading that again makes none anew."""
    on = reverse("home" if due.is_due(request) else "people:security")
    request.session[CODES] = seal(json.dumps({"codes": codes, "title": title, "on": on}))
    return redirect("people:codes")


@login_required
@never_cache
@require_GET
def codes_once(request: HttpRequest) -> HttpResponse:
    """Recovery codes that were made just now; afterwards, that they were shown."""
    try:
        shown = json.loads(unseal(request.session.pop(CODES, "")))
    except Conflict:  # none, or sealed with another signing key
        shown = {"title": pgettext("sign-in", "Recovery codes")}
    return render(request, "people/recovery_codes.html", shown)


def _done(request: HttpRequest, codes: list[str], title: str) -> HttpResponse:
    """After a factor was set up: its recovery codes, or the page it was begun on."""
    if codes:
        return _show_codes(request, codes, title)
    toasts.message(request, title)
    return redirect("people:security")


@login_required
@never_cache
@confirmed_recently
@require_http_methods(["GET", "POST"])
def new_app(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator application: the secret as a picture and as text, proved by its first code."""
    actor = request.actor  # type: ignore[attr-defined]
    form = AppForm(request.POST or None)
    secret = get_totp_secret(regenerate=request.method == "GET")
    if request.method == "POST" and form.is_valid():
        attempt = attempts.by_code(request, actor.user_id, factors.TOTP)
        try:
            attempt.begin()
            codes = factors.add_totp(actor=actor, secret=secret, code=form.cleaned_data["code"])
        except InvalidInput as error:
            attempt.note(Outcome.WRONG_CODE)
            forms.add_error(form, error)
        except attempts.TooManyAttempts as error:
            form.add_error("code", error)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            attempt.succeeded()
            clear_totp_secret(request)
            return _done(request, codes, gettext("The authenticator application is set up"))
    adapter = get_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    context = {
        "layout": due.layout(request),
        "form": form,
        "picture": f"data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode()}",
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
    }
    status = 422 if form.is_bound and form.errors else 200
    return attempts.answer_status(render(request, "people/new_app.html", context, status=status), form)


def _removed(request: HttpRequest, factor_id: int, kind: str, words: str) -> HttpResponse:
    """Take a factor away, or say why it stays; back to where one was."""
    try:
        factors.remove_factor(actor=request.actor, factor_id=factor_id, kind=kind)  # type: ignore[attr-defined]
    except Conflict as error:
        toasts.message(request, str(error), tone="danger")
    else:
        toasts.message(request, words)
    return redirect("people:security")


@login_required
@require_POST
@confirmed_recently
def remove_app(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Take the authenticator application away."""
    return _removed(request, factor_id, factors.TOTP, gettext("The authenticator application is removed."))


@login_required
@never_cache
@require_GET
@confirmed_recently
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser needs to make a passkey, or a key that counts only besides a password."""
    is_alone = request.GET.get("alone") == "1"
    return JsonResponse(webauthn.begin_registration(request.user, is_alone))


@login_required
@never_cache
@confirmed_recently
@require_http_methods(["GET", "POST"])
def new_passkey(request: HttpRequest) -> HttpResponse:
    """Set up a passkey or a security key."""
    form = NewPasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = factors.add_passkey(
                actor=request.actor,  # type: ignore[attr-defined]
                name=form.cleaned_data["name"],
                credential=form.cleaned_data["credential"],
            )
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return _done(request, codes, gettext("The passkey is set up"))
    for message in form.errors.pop("credential", []):
        form.add_error(None, message)
    status = 422 if form.is_bound and form.errors else 200
    values = {"layout": due.layout(request), "form": form}
    return render(request, "people/new_passkey.html", values, status=status)


@login_required
@require_POST
@confirmed_recently
def remove_passkey(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Take a passkey away."""
    return _removed(request, factor_id, factors.PASSKEY, gettext("The passkey is removed."))


@login_required
@require_POST
def rename_passkey(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Call a passkey something else."""
    name = request.POST.get("name", "")
    factors.rename_passkey(actor=request.actor, factor_id=factor_id, name=name)  # type: ignore[attr-defined]
    return redirect("people:security")


@login_required
@require_POST
@confirmed_recently
def new_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes and show them once."""
    codes = factors.make_recovery_codes(actor=request.actor)  # type: ignore[attr-defined]
    return _show_codes(request, codes, gettext("Your new recovery codes"))


def overview(user_id: int) -> dict[str, Any]:
    """What the security page says of second factors."""
    found = factors.factors_of(user_id)
    return {
        "app": next((row for row in found if row.type == factors.TOTP), None),
        "passkeys": [row for row in found if row.type == factors.PASSKEY],
        "codes_left": factors.codes_left(user_id),
    }

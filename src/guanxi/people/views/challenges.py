"""The second step of signing in, and signing in with a passkey alone."""

from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.people.models.signing_in import Outcome
from guanxi.people.signing_in import attempts, confirming, rules
from guanxi.people.signing_in.forms import CodeForm, CredentialForm, PasskeySignInForm
from guanxi.people.signing_in.services import factors


class ChallengeView(AuthenticateView):  # type: ignore[misc]  # allauth comes without types
    """allauth's second step on our page."""

    template_name = "people/challenge.html"
    form_class = CodeForm
    webauthn_form_class = CredentialForm

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what is wrong; 429 with Retry-After where somebody has to wait."""
        return attempts.answer_status(super().form_invalid(form), form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which factors there are to ask for."""
        held = {row.type for row in factors.factors_of(self.stage.login.user.pk)}
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {
            **context,
            "has_app": factors.TOTP in held,
            "has_passkey": factors.PASSKEY in held,
            "has_codes": factors.CODES in held,
            "who": self.stage.login.user,
        }


@require_POST
@never_cache
@login_not_required
def leave_challenge(request: HttpRequest) -> HttpResponse:
    """Begin again with another name."""
    clear_login(request)
    return redirect("account_login")


@require_GET
@never_cache
@login_not_required
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser needs to sign in with a passkey; the same for everybody."""
    return JsonResponse(webauthn.begin_authentication(user=None))


@require_http_methods(["POST"])
@never_cache
@login_not_required
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey alone."""
    form = PasskeySignInForm(request.POST)
    if not form.is_valid():
        response = redirect(f"{reverse('account_login')}?passkey=refused")
        seconds = attempts.seconds_to_wait(form)
        if seconds:
            response["Location"] = f"{reverse('account_login')}?wait={seconds}"
        return response
    authenticator: Authenticator = form.cleaned_data["credential"]
    user: Any = authenticator.user
    if not user.is_active or not rules.may_use_password(user):
        attempt = attempts.by_passkey(request)
        outcome = Outcome.NOT_ALLOWED if user.is_active else Outcome.DISABLED
        attempts.Attempt(request, user.pk, attempt.means, "", ()).note(outcome)
        return redirect(f"{reverse('account_login')}?passkey=refused")
    form.save()
    target = confirming.safe_next(request, request.POST.get("next", ""), reverse("home"))
    response = perform_login(request, Login(user=user, redirect_url=target))
    return response

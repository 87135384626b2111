"""Signing in through an OpenID Connect provider, and the providers of either protocol for those who manage roles."""

import logging
from typing import Any

from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core.errors import Conflict, GuanxiError
from guanxi.people.models import IdentityProvider
from guanxi.people.models.providers import Protocol
from guanxi.people.models.signing_in import Means
from guanxi.people.provider_forms import FORMS
from guanxi.people.signing_in import oidc, saml
from guanxi.people.signing_in.confirming import confirmed_recently
from guanxi.people.signing_in.persons import ProviderError
from guanxi.people.signing_in.services import providers
from guanxi.people.views.admitting import admit, refused, send_off
from guanxi.ui import forms, toasts
from guanxi.ui.together import held, in_turn

log = logging.getLogger(__name__)
PLACEHOLDER = "SHORT-NAME"


@require_GET
@never_cache
@login_not_required
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Send somebody to the provider."""
    return send_off(request, slug, Protocol.OIDC, oidc.begin)


@require_GET
@never_cache
@login_not_required
def callback(request: HttpRequest, slug: str) -> HttpResponse:
    """Take in who comes back from the provider."""
    provider = providers.provider_named(slug, Protocol.OIDC)
    try:
        came = oidc.finish(request, provider)
    except ProviderError as error:
        log.warning("sign-in through %s: %s", provider.slug, error)
        return refused(request, error.outcome, Means.OIDC, begun=error.begun)
    return admit(request, provider, came)


@require_GET
@never_cache
@login_not_required
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Sign out at the provider too."""
    provider = providers.provider_named(slug, Protocol.OIDC)
    return HttpResponseRedirect(oidc.leaving_address(request, provider) or reverse("account_login"))


def _initial(provider: IdentityProvider | None) -> dict[str, Any] | None:
    """What holds now; never the secret."""
    if provider is None:
        return None
    rules = "\n".join(f"{claim} = {value} -> {role}" for claim, value, role in provider.role_rules)
    plain = ("label", "slug", "is_active", "matches_email", "provisions", "has_second_factor")
    return {
        **{name: getattr(provider, name) for name in plain},
        **provider.settings,
        "default_role": provider.default_role_id,
        "role_rules": rules,
    }


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_recently
@in_turn
def edit(request: HttpRequest, provider_id: int = 0) -> HttpResponse:
    """Set a provider up, or change it."""
    actor = request.actor  # type: ignore[attr-defined]
    providers.all_providers(actor)
    provider = held(request, providers.provider_of(actor, provider_id)) if provider_id else None
    asked = provider.protocol if provider else request.GET.get("protocol", "")
    protocol = asked if asked in FORMS else Protocol.OIDC.value
    form = FORMS[protocol](request.POST or None, initial=_initial(provider), provider=provider)
    if request.method == "POST" and form.is_valid():
        try:
            providers.save_provider(actor=actor, provider=provider, **form.values())
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, gettext("The provider is saved."))
            return forms.done(request, reverse("people:sign_in_rules"))
    return forms.page(
        request,
        form,
        title=provider.label
        if provider
        else gettext("New SAML provider")
        if protocol == Protocol.SAML
        else gettext("New OpenID Connect provider"),
        back_url=reverse("people:sign_in_rules"),
        back_label=gettext("Sign-in rules"),
        intro=_intro(request, provider, protocol),
    )


def _intro(request: HttpRequest, provider: IdentityProvider | None, protocol: str) -> str:
    """What the provider is to know of us, and what we know of it."""
    slug = provider.slug if provider else PLACEHOLDER
    stands = gettext("%(placeholder)s stands for the short name that you give it below.") % {"placeholder": slug}
    if protocol == Protocol.OIDC:
        address = request.build_absolute_uri(reverse("oidc_callback", args=[slug]))
        words = gettext("The provider must send people back to %(address)s") % {"address": address}
        return words if provider else f"{words} {stands}"
    words = gettext(
        "Give the provider our entity id and metadata, %(id)s, and the address for answers, %(answers)s"
    ) % {
        "id": saml.entity_id(request, slug),
        "answers": saml.answer_address(request, slug),
    }
    if provider is None:
        return f"{words} {stands}"
    known = gettext("We know it as %(id)s.") % {"id": provider.settings.get("entity_id", "")}
    return f"{words} {known}"


@login_required
@require_POST
@confirmed_recently
def remove(request: HttpRequest, provider_id: int) -> HttpResponse:
    """Take a provider away."""
    actor = request.actor  # type: ignore[attr-defined]
    provider = providers.provider_of(actor, provider_id)
    try:
        providers.remove_provider(actor=actor, provider_id=provider.pk)
    except Conflict as error:
        toasts.message(request, str(error), tone="danger")
    else:
        toasts.message(request, gettext("The provider is removed."))
    return redirect("people:sign_in_rules")

"""Signing out."""

from typing import Any

from allauth.account.internal.flows.logout import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guanxi.core.errors import GuanxiError
from guanxi.people.models.providers import Protocol
from guanxi.people.signing_in import saml_leaving
from guanxi.people.signing_in.services import providers
from guanxi.people.views.admitting import came_through


@never_cache
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session, and the one at a SAML provider that it began through; a link alone (GET) ends nothing."""
    if request.method == "GET":
        return redirect("home")
    slug = came_through(request)
    begun = _begun_there(request, slug) if slug else None
    logout(request, show_message=False)
    if begun is not None:
        request.session[saml_leaving.LEAVING] = begun
        return redirect("saml_leave", slug)
    return redirect(f"{reverse('account_login')}?left={slug}" if slug else "account_login")


def _begun_there(request: HttpRequest, slug: str) -> dict[str, Any] | None:
    """The message to a SAML provider that ends its session too, where it takes one."""
    try:
        provider = providers.provider_named(slug, Protocol.SAML)
        return saml_leaving.begin(request, provider, request.session.get(saml_leaving.ENTRY) or {})
    except GuanxiError:
        return None

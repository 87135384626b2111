"""Signing in through a SAML provider."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from guanxi.people.models.providers import Protocol
from guanxi.people.models.signing_in import Means
from guanxi.people.signing_in import saml, saml_leaving, saml_metadata
from guanxi.people.signing_in.persons import ProviderError
from guanxi.people.signing_in.saml_keys import own_key
from guanxi.people.signing_in.saml_redirects import REQUEST, RESPONSE
from guanxi.people.signing_in.services import providers
from guanxi.people.views.admitting import admit, refused, send_off
from guanxi.ui import errors

log = logging.getLogger(__name__)
LONGEST_ANSWER = 1_000_000


@require_GET
@never_cache
@login_not_required
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Send somebody to the provider."""
    return send_off(request, slug, Protocol.SAML, saml.begin)


@csrf_exempt
@require_POST
@never_cache
@login_not_required
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the provider's answer and have the browser send it once more from a page of ours.

    A form from another site comes without the cookie of the session, which holds what was asked; from our page it comes
    with it. Nothing is believed here.
    """
    provider = providers.provider_named(slug, Protocol.SAML)
    values = {
        "provider": provider,
        "answer": request.POST.get("SAMLResponse", "")[:LONGEST_ANSWER],
        "state": request.POST.get("RelayState", "")[:200],
    }
    return render(request, "people/saml_answer.html", values)


@csrf_exempt
@require_POST
@never_cache
@login_not_required
def finish(request: HttpRequest, slug: str) -> HttpResponse:
    """Take in who comes back: the answer must be to what this very browser has asked, which is what stops forgeries."""
    provider = providers.provider_named(slug, Protocol.SAML)
    try:
        came = saml.finish(request, provider)
    except ProviderError as error:
        log.warning("sign-in through %s: %s", provider.slug, error)
        return refused(request, error.outcome, Means.SAML, begun=error.begun)
    return admit(request, provider, came)


@require_GET
@login_not_required
def metadata(request: HttpRequest, slug: str) -> HttpResponse:
    """What the provider has to know of us."""
    provider = providers.provider_named(slug, Protocol.SAML)
    text = saml_metadata.our_metadata(
        saml.entity_id(request, slug),
        saml.answer_address(request, slug),
        saml_leaving.here(request, provider),
        own_key(provider).certificate,
    )
    return HttpResponse(text, content_type="application/samlmetadata+xml")


@require_GET
@never_cache
@login_not_required
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead somebody who has just signed out here to the provider, from a page: a form may not lead elsewhere."""
    begun = request.session.get(saml_leaving.LEAVING)
    if not isinstance(begun, dict) or begun["provider"] != slug:
        return redirect("account_login")
    provider = providers.provider_named(slug, Protocol.SAML)
    return render(request, "people/saml_leave.html", {"provider": provider, "address": begun["address"]})


@require_GET
@never_cache
@login_not_required
def sign_out(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the provider's answer to a sign-out that began here, or end the sessions that it wants to end."""
    provider = providers.provider_named(slug, Protocol.SAML)
    login = f"{reverse('account_login')}?left={provider.slug}"
    is_answer = RESPONSE in request.GET and REQUEST not in request.GET
    try:
        if is_answer:
            return redirect(f"{login}&there={'yes' if saml_leaving.finish(request, provider) else 'no'}")
        return redirect(saml_leaving.take(request, provider) or login)
    except ProviderError as error:
        log.warning("sign-out through %s: %s", provider.slug, error)
    if is_answer:
        return redirect(f"{login}&there=no")
    text = gettext("This message about signing out cannot be believed. Nobody was signed out by it.")
    return errors.error_page(request, 400, text, heading=gettext("Not signed out"))

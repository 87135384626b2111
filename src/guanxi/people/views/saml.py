"""Signing in through a SAML provider."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from guanxi.people.models.providers import Protocol
from guanxi.people.models.signing_in import Means, Outcome
from guanxi.people.signing_in import confirming, saml, saml_metadata
from guanxi.people.signing_in.persons import ProviderError
from guanxi.people.signing_in.services import providers
from guanxi.people.views.admitting import admit, refused

log = logging.getLogger(__name__)
LONGEST_ANSWER = 1_000_000


@require_GET
@never_cache
@login_not_required
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Send somebody to the provider."""
    provider = providers.provider_named(slug, Protocol.SAML)
    target = confirming.safe_next(request, request.GET.get("next", ""), reverse("home"))
    try:
        return HttpResponseRedirect(saml.begin(request, provider, target))
    except ProviderError as error:
        log.warning("sign-in through %s: %s", provider.slug, error)
        return refused(request, Outcome.BAD_ANSWER, Means.SAML)


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
        person, target = saml.finish(request, provider)
    except ProviderError as error:
        log.warning("sign-in through %s: %s", provider.slug, error)
        return refused(request, Outcome.BAD_ANSWER, Means.SAML)
    return admit(request, provider, person, target, Means.SAML)


@require_GET
@login_not_required
def metadata(request: HttpRequest, slug: str) -> HttpResponse:
    """What the provider has to know of us."""
    providers.provider_named(slug, Protocol.SAML)
    text = saml_metadata.our_metadata(saml.entity_id(request, slug), saml.answer_address(request, slug))
    return HttpResponse(text, content_type="application/samlmetadata+xml")

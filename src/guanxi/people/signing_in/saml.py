"""SAML 2.0: to the provider by redirect, back by POST; every answer is to a question that this browser asked."""

import secrets
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from guanxi.core import clock
from guanxi.people.models import IdentityProvider
from guanxi.people.signing_in import pending, saml_redirects
from guanxi.people.signing_in.oidc import is_allowed
from guanxi.people.signing_in.persons import ProviderError, Returned
from guanxi.people.signing_in.saml_xml import POST, SAML, SAMLP
from guanxi.people.signing_in.services.assertions import use_once

PENDING = "guanxi_saml"


def address_of(request: HttpRequest, name: str, slug: str) -> str:
    """A whole address of ours that the provider knows."""
    path = reverse(name, args=[slug])
    return f"{settings.CONFIG.address}{path}" if settings.CONFIG.address else request.build_absolute_uri(path)


def entity_id(request: HttpRequest, slug: str) -> str:
    """What we are called: the address of our description."""
    return address_of(request, "saml_metadata", slug)


def answer_address(request: HttpRequest, slug: str) -> str:
    """Where the provider sends its answer."""
    return address_of(request, "saml_answer", slug)


def begin(request: HttpRequest, provider: IdentityProvider, next_address: str, is_proof: bool = False) -> str:
    """The address at the provider to send somebody to; what must come back is kept in their session.

    `is_proof`: it must ask them anew, whether or not they are signed in there.
    """
    target = str(provider.settings.get("sso_url", ""))
    if not is_allowed(target):
        raise ProviderError("the provider has no secure address")
    state, request_id = secrets.token_urlsafe(24), f"_{secrets.token_hex(20)}"
    pending.keep(request, PENDING, state, provider, next_address, is_proof, id=request_id)
    anew = 'ForceAuthn="true" ' if is_proof else ""
    question = (
        f'<samlp:AuthnRequest xmlns:samlp="{SAMLP[1:-1]}" xmlns:saml="{SAML[1:-1]}" ID="{request_id}" Version="2.0" '
        f'IssueInstant="{clock.now():%Y-%m-%dT%H:%M:%SZ}" Destination={quoteattr(target)} ProtocolBinding="{POST}" '
        f"{anew}AssertionConsumerServiceURL={quoteattr(answer_address(request, provider.slug))}>"
        f"<saml:Issuer>{escape(entity_id(request, provider.slug))}</saml:Issuer>"
        '<samlp:NameIDPolicy AllowCreate="true"/></samlp:AuthnRequest>'
    )
    query = urlencode({saml_redirects.REQUEST: saml_redirects.packed(question), "RelayState": state})
    return saml_redirects.with_query(target, query)


def finish(request: HttpRequest, provider: IdentityProvider) -> Returned:
    """Who came back, in which session there, and where they wanted to go; each beginning is finished once.

    RelayState only names what this session has begun: where to go on stands there, not in what comes back.
    """
    with pending.finishing(request, PENDING, request.POST.get("RelayState", ""), provider) as begun:
        return _finished(request, provider, begun)


def _finished(request: HttpRequest, provider: IdentityProvider, begun: dict[str, Any]) -> Returned:
    """Who came back from what was begun here."""
    from guanxi.people.signing_in import saml_answers  # lxml and signxml, see saml_xml.parsed

    expected = saml_answers.Expected(
        entity_id=str(provider.settings.get("entity_id", "")),
        certificates=tuple(provider.settings.get("certificates", ())),
        audience=entity_id(request, provider.slug),
        recipient=answer_address(request, provider.slug),
        request_id=str(begun["id"]),
    )
    answer = saml_answers.read(request.POST.get("SAMLResponse", ""), expected)
    use_once(provider_id=provider.pk, assertion_id=answer.assertion_id, until=answer.until)
    return Returned(answer.person, str(begun["next"]), answer.at, bool(begun.get("is_proof")), answer.entry)

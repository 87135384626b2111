"""Single logout of SAML: signing out here ends the session at the provider, and the other way round.

Every message is signed, comes by redirect, is meant for us, now, and counts once.
"""

import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.http import HttpRequest

from guanxi.core import clock
from guanxi.people.models import IdentityProvider
from guanxi.people.signing_in import saml_redirects
from guanxi.people.signing_in.persons import ProviderError
from guanxi.people.signing_in.saml import address_of, entity_id
from guanxi.people.signing_in.saml_keys import own_key
from guanxi.people.signing_in.saml_xml import SAML, SAMLP, moment, only, text_of
from guanxi.people.signing_in.services import sessions
from guanxi.people.signing_in.services.assertions import use_once

LEAVING = "guanxi_saml_leaving"
ENTRY = "guanxi_saml_entry"
SECONDS = 300
LEEWAY = timedelta(seconds=60)
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
NAME_PARTS = {"format": "Format", "qualifier": "NameQualifier", "sp_qualifier": "SPNameQualifier"}


@dataclass(frozen=True)
class Wish:
    """Whose sessions the provider wants to end."""

    message_id: str
    name: dict[str, str]
    indexes: frozenset[str]


def here(request: HttpRequest, provider: IdentityProvider) -> str:
    """Where the provider sends its messages about signing out."""
    return address_of(request, "saml_logout", provider.slug)


def begin(request: HttpRequest, provider: IdentityProvider, entry: dict[str, str]) -> dict[str, Any] | None:
    """What to send somebody to the provider with who signs out here; None where it takes no such message.

    The session ends before the browser goes there: what must come back is kept in the one that follows.
    """
    target = str(provider.settings.get("slo_url", ""))
    if not target or not entry.get("name"):
        return None
    key, message_id, now = own_key(provider), f"_{secrets.token_hex(20)}", clock.now()
    parts = "".join(f" {there}={quoteattr(entry[own])}" for own, there in NAME_PARTS.items() if entry.get(own))
    index = f"<samlp:SessionIndex>{escape(entry['index'])}</samlp:SessionIndex>" if entry.get("index") else ""
    xml = (
        f"{_head('LogoutRequest', message_id, target, now)} NotOnOrAfter={quoteattr(_written(now, SECONDS))}>"
        f"<saml:Issuer>{escape(entity_id(request, provider.slug))}</saml:Issuer>"
        f"<saml:NameID{parts}>{escape(entry['name'])}</saml:NameID>{index}</samlp:LogoutRequest>"
    )
    address = saml_redirects.signed_address(target, saml_redirects.REQUEST, xml, "", key)
    return {"provider": provider.slug, "id": message_id, "at": time.time(), "address": address}


def finish(request: HttpRequest, provider: IdentityProvider) -> bool:
    """Whether the provider has ended its session too, as it answers what this browser has asked."""
    begun = request.session.pop(LEAVING, None)
    query = request.META.get("QUERY_STRING", "")
    root, _state = saml_redirects.opened(query, saml_redirects.RESPONSE, provider.settings.get("certificates", []))
    _check(request, provider, root, "LogoutResponse")
    is_fresh = isinstance(begun, dict) and begun["provider"] == provider.slug and 0 <= time.time() - begun["at"] < 600
    if not is_fresh or root.get("InResponseTo") != begun["id"]:
        raise ProviderError("nothing was begun here that this answers")
    return bool(only(only(root, f"{SAMLP}Status"), f"{SAMLP}StatusCode").get("Value") == SUCCESS)


def take(request: HttpRequest, provider: IdentityProvider) -> str:
    """End the sessions that the provider wants to end; the address to answer at, '' where it names none."""
    query = request.META.get("QUERY_STRING", "")
    root, state = saml_redirects.opened(query, saml_redirects.REQUEST, provider.settings.get("certificates", []))
    wish = _wish(request, provider, root)
    use_once(provider_id=provider.pk, assertion_id=f"logout {wish.message_id}", until=clock.now() + 2 * LEEWAY * 5)
    sessions.end_by_provider(provider=provider, subject=wish.name["name"], is_meant=lambda data: _fits(wish, data))
    target = str(provider.settings.get("slo_answer_url", ""))
    if not target:
        return ""
    head = _head("LogoutResponse", f"_{secrets.token_hex(20)}", target, clock.now())
    xml = (
        f"{head} InResponseTo={quoteattr(wish.message_id)}>"
        f"<saml:Issuer>{escape(entity_id(request, provider.slug))}</saml:Issuer>"
        f'<samlp:Status><samlp:StatusCode Value="{SUCCESS}"/></samlp:Status></samlp:LogoutResponse>'
    )
    return saml_redirects.signed_address(target, saml_redirects.RESPONSE, xml, state[:1000], own_key(provider))


def _head(kind: str, message_id: str, target: str, now: datetime) -> str:
    """How a message of ours begins."""
    return (
        f'<samlp:{kind} xmlns:samlp="{SAMLP[1:-1]}" xmlns:saml="{SAML[1:-1]}" ID="{message_id}" Version="2.0" '
        f"IssueInstant={quoteattr(_written(now))} Destination={quoteattr(target)}"
    )


def _written(now: datetime, seconds: int = 0) -> str:
    """A moment as SAML writes it."""
    return f"{now + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"


def _check(request: HttpRequest, provider: IdentityProvider, root: Any, kind: str) -> None:
    """From the provider, for us, made just now."""
    if root.tag != f"{SAMLP}{kind}" or root.get("Version") != "2.0" or not root.get("ID"):
        raise ProviderError(f"the message is no {kind} of SAML 2.0")
    if text_of(only(root, f"{SAML}Issuer")) != provider.settings.get("entity_id"):
        raise ProviderError("the message comes from somebody else")
    if root.get("Destination") != here(request, provider):
        raise ProviderError("the message was meant for another place")
    now, made = clock.now(), moment(root.get("IssueInstant"))
    if made > now + LEEWAY or made < now - timedelta(seconds=SECONDS):
        raise ProviderError("the message is too old, or of a time to come")


def _wish(request: HttpRequest, provider: IdentityProvider, root: Any) -> Wish:
    """What a request asks for."""
    _check(request, provider, root, "LogoutRequest")
    ends = root.get("NotOnOrAfter")
    if ends and clock.now() >= moment(ends) + LEEWAY:
        raise ProviderError("the message has run out")
    name_id = only(root, f"{SAML}NameID")
    name = {"name": text_of(name_id), **{own: name_id.get(there, "") for own, there in NAME_PARTS.items()}}
    if not name["name"]:
        raise ProviderError("the message names nobody")
    indexes = frozenset(text_of(one) for one in root.findall(f"{SAMLP}SessionIndex"))
    return Wish(str(root.get("ID")), name, indexes)


def _fits(wish: Wish, data: dict[str, Any]) -> bool:
    """Whether a session is among those meant: that name, and one of the sessions there, if any are named.

    A part of the name that either side leaves out says nothing; a session of which the provider told no index is ended
    with the others of that name.
    """
    entry = data.get(ENTRY) or {}
    same = all(not entry.get(own) or not wish.name[own] or entry[own] == wish.name[own] for own in NAME_PARTS)
    is_named = not wish.indexes or not entry.get("index") or entry["index"] in wish.indexes
    return bool(entry.get("name") == wish.name["name"] and same and is_named)

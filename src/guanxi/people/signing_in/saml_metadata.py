"""Descriptions of both sides: the provider's metadata read, ours written."""

import base64
from typing import Any
from xml.sax.saxutils import quoteattr

from cryptography import x509

from guanxi.people.signing_in.oidc import is_allowed
from guanxi.people.signing_in.persons import ProviderError
from guanxi.people.signing_in.saml_xml import DS, MD, POST, REDIRECT, parsed, text_of

MOST_CERTIFICATES = 8


def provider_settings(text: str) -> dict[str, Any]:
    """What a provider's metadata says: its entity id, where people sign in, the certificates it signs with."""
    root = parsed(text.strip().encode())
    found = [root] if root.tag == f"{MD}EntityDescriptor" else root.findall(f"{MD}EntityDescriptor")
    found = [entity for entity in found if entity.find(f"{MD}IDPSSODescriptor") is not None]
    if len(found) != 1:
        raise ProviderError("the metadata describe no provider, or several")
    entity = found[0]
    descriptor = entity.find(f"{MD}IDPSSODescriptor")
    services = descriptor.findall(f"{MD}SingleSignOnService")
    address = next((one.get("Location", "") for one in services if one.get("Binding") == REDIRECT), "")
    if not is_allowed(address):
        raise ProviderError("the metadata name no secure address for signing in by redirect")
    keys = [key for key in descriptor.findall(f"{MD}KeyDescriptor") if key.get("use", "signing") == "signing"]
    texts = [text_of(one) for key in keys for one in key.iter(f"{DS}X509Certificate")]
    certificates = list(dict.fromkeys(_certificate(one) for one in texts))[:MOST_CERTIFICATES]
    if not (entity.get("entityID") and certificates):
        raise ProviderError("the metadata have no entity id or no certificate")
    settings = {"entity_id": entity.get("entityID"), "sso_url": address, "certificates": certificates}
    return settings | _leaving(descriptor)


def _leaving(descriptor: Any) -> dict[str, str]:
    """Where the provider takes messages about signing out, by redirect, and where answers to its own; nothing for neither."""
    for one in descriptor.findall(f"{MD}SingleLogoutService"):
        asked = one.get("Location", "")
        answered = one.get("ResponseLocation") or asked
        if one.get("Binding") == REDIRECT and is_allowed(asked) and is_allowed(answered):
            return {"slo_url": asked, "slo_answer_url": answered}
    return {}


def _certificate(text: str) -> str:
    """One certificate of metadata as base64 of DER."""
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
        x509.load_der_x509_certificate(raw).public_key()
    except ValueError as error:
        raise ProviderError("a certificate of the metadata cannot be read") from error
    return base64.b64encode(raw).decode()


def our_metadata(entity_id: str, answer_address: str, leaving_address: str, certificate: str) -> str:
    """What a provider has to know of us."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<md:EntityDescriptor xmlns:md="{MD[1:-1]}" entityID={quoteattr(entity_id)}>'
        '<md:SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true" '
        'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        f'<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{DS[1:-1]}"><ds:X509Data><ds:X509Certificate>'
        f"{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        f'<md:SingleLogoutService Binding="{REDIRECT}" Location={quoteattr(leaving_address)}/>'
        "<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>"
        f'<md:AssertionConsumerService Binding="{POST}" Location={quoteattr(answer_address)} index="0" '
        'isDefault="true"/></md:SPSSODescriptor></md:EntityDescriptor>\n'
    )

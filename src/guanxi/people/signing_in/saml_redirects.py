"""Messages of SAML in addresses (the redirect binding): signed by us, or verified as the provider has signed them."""

import base64
import binascii
import zlib
from typing import Any
from urllib.parse import quote_plus, unquote_plus, urlencode

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from guanxi.people.signing_in.persons import ProviderError
from guanxi.people.signing_in.saml_keys import OwnKey
from guanxi.people.signing_in.saml_xml import MOST_BYTES, parsed

REQUEST, RESPONSE = "SAMLRequest", "SAMLResponse"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#rsa-"
ALGORITHMS: dict[str, hashes.HashAlgorithm] = {
    f"{_MORE}sha256": hashes.SHA256(),
    f"{_MORE}sha384": hashes.SHA384(),
    f"{_MORE}sha512": hashes.SHA512(),
}
LONGEST = 60_000


def packed(xml: str) -> str:
    """A message as it stands in an address."""
    return base64.b64encode(zlib.compress(xml.encode(), 9)[2:-4]).decode()


def with_query(target: str, query: str) -> str:
    """An address with more to say."""
    return f"{target}{'&' if '?' in target else '?'}{query}"


def signed_address(target: str, kind: str, xml: str, relay_state: str, key: OwnKey) -> str:
    """The address at the provider that carries a message signed by us."""
    given = {kind: packed(xml), **({"RelayState": relay_state} if relay_state else {}), "SigAlg": f"{_MORE}sha256"}
    text = urlencode(given)
    signature = base64.b64encode(key.signature(text.encode())).decode()
    return with_query(target, f"{text}&Signature={quote_plus(signature)}")


def opened(query: str, kind: str, certificates: list[str]) -> tuple[Any, str]:
    """The message in an address that the provider has signed, and the RelayState with it; ProviderError otherwise.

    What was signed is the text of the address as it came, not what is read out of it.
    """
    if len(query) > LONGEST:
        raise ProviderError("the message is too large")
    parts: dict[str, str] = {}
    for pair in filter(None, query.split("&")):
        name, _equals, raw = pair.partition("=")
        if name in {REQUEST, RESPONSE, "RelayState", "SigAlg", "Signature", "SAMLEncoding"}:
            if name in parts:
                raise ProviderError(f"{name} stands twice")
            parts[name] = raw
    if kind not in parts or {REQUEST, RESPONSE} <= set(parts) or "SAMLEncoding" in parts:
        raise ProviderError("there is no message of this kind, or more than one")
    _verify(parts, kind, certificates)
    return parsed(_inflated(unquote_plus(parts[kind]))), unquote_plus(parts.get("RelayState", ""))


def _verify(parts: dict[str, str], kind: str, certificates: list[str]) -> None:
    """Refuse what no certificate of the provider has signed."""
    if "SigAlg" not in parts or "Signature" not in parts:
        raise ProviderError("the message is not signed")
    algorithm = ALGORITHMS.get(unquote_plus(parts["SigAlg"]))
    if algorithm is None:
        raise ProviderError("the message is not signed in a way that counts")
    text = "&".join(f"{name}={parts[name]}" for name in (kind, "RelayState", "SigAlg") if name in parts).encode()
    signature = _decoded(unquote_plus(parts["Signature"]))
    for certificate in certificates:
        key = x509.load_der_x509_certificate(base64.b64decode(certificate)).public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            continue
        try:
            key.verify(signature, text, padding.PKCS1v15(), algorithm)
        except InvalidSignature:
            continue
        return
    raise ProviderError("the signature is not the provider's")


def _decoded(text: str) -> bytes:
    """Bytes out of base64."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise ProviderError("the message is no base64") from None


def _inflated(text: str) -> bytes:
    """A message unpacked, if it is not huge."""
    unpacker = zlib.decompressobj(-15)
    try:
        raw = unpacker.decompress(_decoded(text), MOST_BYTES)
    except zlib.error:
        raise ProviderError("the message cannot be unpacked") from None
    if not unpacker.eof:
        raise ProviderError("the message is too large, or cut short")
    return raw

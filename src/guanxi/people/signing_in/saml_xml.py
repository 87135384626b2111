"""XML from outside, read without trust: no document types, no entities, nothing fetched, nothing huge."""

from datetime import datetime
from typing import Any

from guanxi.people.signing_in.persons import ProviderError

SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
SAMLP = "{urn:oasis:names:tc:SAML:2.0:protocol}"
MD = "{urn:oasis:names:tc:SAML:2.0:metadata}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
MOST_BYTES = 500_000


def parsed(raw: bytes) -> Any:
    """The root of a document; ProviderError for what is no plain XML."""
    if len(raw) > MOST_BYTES:
        raise ProviderError("the XML is too large")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise ProviderError("the XML is not in UTF-8") from None
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ProviderError("the XML has a document type")
    from lxml import etree  # with signxml 20 MB of memory, which only those who use SAML pay

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ProviderError("the XML cannot be read") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ProviderError("the XML has a document type")
    return root


def text_of(element: Any) -> str:
    """All the text of an element; a comment in it cuts nothing short."""
    return str(element.xpath("string()")).strip()


def only(parent: Any, tag: str) -> Any:
    """The one child of a name; ProviderError when there is none or there are several."""
    found = parent.findall(tag)
    if len(found) != 1:
        raise ProviderError(f"there are {len(found)} {tag.rpartition('}')[2]} elements instead of one")
    return found[0]


def moment(text: str | None) -> datetime:
    """A moment as SAML writes it."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        raise ProviderError("a moment cannot be read") from None
    if found.tzinfo is None:
        raise ProviderError("a moment has no zone")
    return found

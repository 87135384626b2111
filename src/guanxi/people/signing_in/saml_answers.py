"""What a SAML provider answers, believed only where all of it is right.

Exactly one assertion, signed itself with a certificate of the provider. What is read is what the verifier gives back as
signed, never the document it came in: another assertion wrapped around it is seen by nobody.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from guanxi.core import clock
from guanxi.people.models.signing_in import Outcome
from guanxi.people.signing_in.persons import Person, ProviderError
from guanxi.people.signing_in.saml_xml import DS, MOST_BYTES, SAML, SAMLP, moment, only, parsed, text_of

LEEWAY = timedelta(seconds=60)
LONGEST_SPAN = timedelta(hours=24)
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:"
MAIL_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
SIGNATURES = frozenset(
    method
    for method in SignatureMethod
    if method.name.startswith(("RSA_", "SHA256_RSA_MGF1", "SHA384_RSA_MGF1", "SHA512_RSA_MGF1", "ECDSA_"))
    and "SHA1" not in method.name
)
DIGESTS = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})
_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
MAIL = ("email", "mail", "emailaddress", "urn:oid:0.9.2342.19200300.100.1.3", f"{_CLAIMS}emailaddress")
NAME = ("displayname", "cn", "name", "urn:oid:2.16.840.1.113730.3.1.241", "urn:oid:2.5.4.3", f"{_CLAIMS}name")
USERNAME = ("uid", "username", "samaccountname", "urn:oid:0.9.2342.19200300.100.1.1", f"{_CLAIMS}upn")


@dataclass(frozen=True)
class Expected:
    """What an answer must fit."""

    entity_id: str
    certificates: tuple[str, ...]
    audience: str
    recipient: str
    request_id: str


@dataclass(frozen=True)
class Answer:
    """Who it is, by what name and in which session there, and the assertion that says so, which counts once."""

    person: Person
    entry: dict[str, str]
    at: datetime
    assertion_id: str
    until: datetime


def read(text: str, expected: Expected) -> Answer:
    """What an answer says; ProviderError when any of it cannot be believed."""
    if len(text) > 2 * MOST_BYTES:
        raise ProviderError("the answer is too large")
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise ProviderError("the answer is no base64") from None
    response = parsed(raw)
    _check_response(response, expected)
    return _answer(_signed_assertion(response, expected), expected)


def _check_response(response: Any, expected: Expected) -> None:
    """What stands around the assertion: not signed, so that it can only refuse."""
    if response.tag != f"{SAMLP}Response" or response.get("Version") != "2.0":
        raise ProviderError("the answer is no SAML 2.0 response")
    if only(only(response, f"{SAMLP}Status"), f"{SAMLP}StatusCode").get("Value") != SUCCESS:
        raise ProviderError("the provider says that it did not succeed", Outcome.DECLINED)
    if response.get("InResponseTo") != expected.request_id:
        raise ProviderError("the answer is to another question", Outcome.NOT_ASKED)
    if response.get("Destination") not in {None, expected.recipient}:
        raise ProviderError("the answer was meant for another place", Outcome.WRONG_AUDIENCE)
    issuer = response.find(f"{SAML}Issuer")
    if issuer is not None and text_of(issuer) != expected.entity_id:
        raise ProviderError("the answer comes from somebody else")


def _signed_assertion(response: Any, expected: Expected) -> Any:
    """The assertion as it was signed."""
    assertion = only(response, f"{SAML}Assertion")
    everywhere = [*response.iter(f"{SAML}Assertion"), *response.iter(f"{SAML}EncryptedAssertion")]
    ids = [element.get("ID") for element in response.iter(etree.Element) if element.get("ID") is not None]
    if everywhere != [assertion] or len(ids) != len(set(ids)) or not assertion.get("ID"):
        raise ProviderError("there are several assertions, or one id stands twice")
    if assertion.find(f"{DS}Signature") is None:
        raise ProviderError("the assertion is not signed", Outcome.WRONG_SIGNATURE)
    signature = only(assertion, f"{DS}Signature")
    reference = only(only(signature, f"{DS}SignedInfo"), f"{DS}Reference")
    if reference.get("URI") != f"#{assertion.get('ID')}":
        raise ProviderError("the signature is about something else", Outcome.WRONG_SIGNATURE)
    for certificate in expected.certificates:
        signed = _verified(response, certificate)
        if signed is not None:
            if signed.tag != f"{SAML}Assertion" or signed.get("ID") != assertion.get("ID"):
                raise ProviderError("something else was signed", Outcome.WRONG_SIGNATURE)
            return signed
    raise ProviderError("the signature is not the provider's", Outcome.WRONG_SIGNATURE)


def _verified(response: Any, certificate: str) -> Any:
    """What was signed with the key of a certificate, None for nothing."""
    settings = SignatureConfiguration(
        location=f"./{SAML}Assertion/", signature_methods=SIGNATURES, digest_algorithms=DIGESTS
    )
    pem = f"-----BEGIN CERTIFICATE-----\n{certificate}\n-----END CERTIFICATE-----\n"
    try:
        found = XMLVerifier().verify(response, x509_cert=pem, expect_config=settings, id_attribute="ID")
    except (SignXMLException, InvalidSignature, etree.LxmlError, ValueError, TypeError, LookupError):
        return None
    return None if isinstance(found, list) else found.signed_xml


def _answer(assertion: Any, expected: Expected) -> Answer:
    """Read a signed assertion."""
    now = clock.now()
    if assertion.get("Version") != "2.0" or text_of(only(assertion, f"{SAML}Issuer")) != expected.entity_id:
        raise ProviderError("the assertion was made by somebody else")
    until = min(_check_conditions(assertion, expected, now), _check_subject(assertion, expected, now))
    at = _check_sign_in(assertion, now)
    return Answer(_person(assertion), _entry(assertion), at, str(assertion.get("ID")), until)


def _check_conditions(assertion: Any, expected: Expected, now: datetime) -> datetime:
    """For us, and now; until when."""
    conditions = only(assertion, f"{SAML}Conditions")
    until = _check_span(conditions, now)
    restrictions = conditions.findall(f"{SAML}AudienceRestriction")
    audiences = [{text_of(one) for one in restriction.findall(f"{SAML}Audience")} for restriction in restrictions]
    if not audiences or any(expected.audience not in named for named in audiences):
        raise ProviderError("the assertion was made for another program", Outcome.WRONG_AUDIENCE)
    return until


def _check_subject(assertion: Any, expected: Expected, now: datetime) -> datetime:
    """Handed over by whoever brings it, here, in answer to what was asked; until when."""
    found = only(assertion, f"{SAML}Subject").findall(f"{SAML}SubjectConfirmation")
    reasons = []
    for confirmation in (one for one in found if one.get("Method") == BEARER):
        data = only(confirmation, f"{SAML}SubjectConfirmationData")
        if data.get("Recipient") != expected.recipient:
            reasons.append("it was meant for another place")
        elif data.get("InResponseTo") != expected.request_id:
            reasons.append("it answers another question")
        else:
            return _check_span(data, now)
    text = f"the assertion does not count here: {'; '.join(reasons) or 'it is not for the bearer'}"
    raise ProviderError(text, Outcome.NOT_ASKED)


def _check_span(element: Any, now: datetime) -> datetime:
    """Begun and not over; when it ends."""
    until = moment(element.get("NotOnOrAfter"))
    begins = moment(element.get("NotBefore")) if element.get("NotBefore") else now
    if now >= until + LEEWAY or begins > now + LEEWAY or until > now + LONGEST_SPAN:
        raise ProviderError("the assertion is too old, not yet good, or good for too long", Outcome.NOT_NOW)
    return until


def _check_sign_in(assertion: Any, now: datetime) -> datetime:
    """Somebody has signed in there, and that still counts; when."""
    statement = only(assertion, f"{SAML}AuthnStatement")
    ends = statement.get("SessionNotOnOrAfter")
    at = moment(statement.get("AuthnInstant"))
    if at > now + LEEWAY or (ends and now >= moment(ends) + LEEWAY):
        raise ProviderError("the sign-in at the provider does not count now", Outcome.NOT_NOW)
    return at


def _attributes(assertion: Any) -> Iterator[tuple[str, list[str]]]:
    """Attributes by name and by friendly name."""
    for statement in assertion.findall(f"{SAML}AttributeStatement"):
        for attribute in statement.findall(f"{SAML}Attribute"):
            values = [text_of(value) for value in attribute.findall(f"{SAML}AttributeValue")]
            for name in {attribute.get("Name", ""), attribute.get("FriendlyName", "")} - {""}:
                yield name, values


def _entry(assertion: Any) -> dict[str, str]:
    """What a later message about signing out will call this person and their session there."""
    name_id = only(only(assertion, f"{SAML}Subject"), f"{SAML}NameID")
    index = only(assertion, f"{SAML}AuthnStatement").get("SessionIndex", "")
    names = {"format": "Format", "qualifier": "NameQualifier", "sp_qualifier": "SPNameQualifier"}
    return {"name": text_of(name_id), "index": index, **{own: name_id.get(there, "") for own, there in names.items()}}


def _person(assertion: Any) -> Person:
    """Somebody out of a signed assertion; an address that the provider has signed counts as verified by it."""
    name_id = only(only(assertion, f"{SAML}Subject"), f"{SAML}NameID")
    form, subject = name_id.get("Format", ""), text_of(name_id)
    if form == f"{FORMAT}transient":
        raise ProviderError("the name is another one each time; nobody can be known by it")
    claims: dict[str, list[str]] = {}
    for name, values in _attributes(assertion):
        claims.setdefault(name, []).extend(values)
    lower = {name.casefold(): values for name, values in claims.items()}

    def first(names: tuple[str, ...]) -> str:
        """The first value of the first attribute that is there."""
        return next((lower[name][0] for name in names if lower.get(name)), "")

    email = first(MAIL) or (subject if form == MAIL_FORMAT else "")
    return Person(
        subject=subject,
        email=email,
        is_email_verified=bool(email),
        name=first(NAME),
        username=first(USERNAME),
        claims=dict(claims),
    )

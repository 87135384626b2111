"""A SAML provider for tests: answers signed with libxmlsec1, each part of which a test may spoil."""

import base64
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from lxml import etree

from guanxi.people.signing_in import saml_xml

IDP = "https://idp.example.org/metadata"
SSO = "https://idp.example.org/sso"
SLO = "https://idp.example.org/slo"
SLO_HERE = "http://testserver/accounts/saml/works/slo/"
SP = "http://testserver/accounts/saml/works/metadata/"
ACS = "http://testserver/accounts/saml/works/acs/"
DSIG = "http://www.w3.org/2000/09/xmldsig#"


def made_key() -> tuple[bytes, bytes, str]:
    """A key and its certificate as PEM, and the certificate as metadata hold it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(days=1))
    certificate = builder.not_valid_after(now + timedelta(days=30)).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    der = certificate.public_bytes(serialization.Encoding.DER)
    return private, certificate.public_bytes(serialization.Encoding.PEM), base64.b64encode(der).decode()


KEY, PEM, CERTIFICATE = made_key()
OTHER_KEY, OTHER_PEM, OTHER_CERTIFICATE = made_key()
METADATA = (
    f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{IDP}"><md:IDPSSODescriptor '
    f'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo '
    f'xmlns:ds="{DSIG}"><ds:X509Data><ds:X509Certificate>{CERTIFICATE}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>'
    '</md:KeyDescriptor><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" '
    f'Location="{SSO}"/></md:IDPSSODescriptor></md:EntityDescriptor>'
)
LEAVING_METADATA = METADATA.replace(
    "<md:SingleSignOnService",
    '<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" '
    f'Location="{SLO}"/><md:SingleSignOnService',
)
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


def signed(xml: str, node_id: str, key: bytes = KEY, *, method: str = "RsaSha256", digest: str = "Sha256") -> str:
    """XML with the element of an id signed by libxmlsec1, the signature after its issuer."""
    import xmlsec

    root = etree.fromstring(xml.encode())
    node = root.xpath(f'//*[@ID="{node_id}"]')[0]
    names = xmlsec.constants
    signature = xmlsec.template.create(node, names.TransformExclC14N, getattr(names, f"Transform{method}"), ns="ds")
    node.insert(1, signature)
    reference = xmlsec.template.add_reference(signature, getattr(names, f"Transform{digest}"), uri=f"#{node_id}")
    xmlsec.template.add_transform(reference, names.TransformEnveloped)
    xmlsec.template.add_transform(reference, names.TransformExclC14N)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(key, xmlsec.KeyFormat.PEM)
    xmlsec.tree.add_ids(root, ["ID"])
    context.sign(signature)
    return etree.tostring(root).decode()


def stamp(seconds: int) -> str:
    """A moment from now."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Provider:
    """What a provider answers, each part of which a test may spoil."""

    def __init__(self) -> None:
        self.key = KEY
        self.method, self.digest = "RsaSha256", "Sha256"
        self.request_id = ""
        self.values: dict[str, str] = {
            "issuer": IDP, "audience": SP, "recipient": ACS, "destination": ACS, "subject": "s-1", "version": "2.0",
            "format": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", "id": "_a1", "mail": "bob@example.org",
            "status": "urn:oasis:names:tc:SAML:2.0:status:Success", "method": "urn:oasis:names:tc:SAML:2.0:cm:bearer",
            "before": stamp(-30), "until": stamp(300), "confirmed_until": stamp(300), "at": stamp(-5), "groups": "staff",
            "index": "there-1",
        }  # fmt: skip
        self.answers: str | None = None
        self.before_signing: Callable[[str], str] = lambda xml: xml
        self.after_signing: Callable[[str], str] = lambda xml: xml
        self.is_signed = True

    def assertion(self) -> str:
        """One assertion, not signed."""
        v, to = self.values, self.request_id if self.answers is None else self.answers
        return (
            f'<saml:Assertion xmlns:saml="{saml_xml.SAML[1:-1]}" ID="{v["id"]}" Version="{v["version"]}" '
            f'IssueInstant="{v["at"]}"><saml:Issuer>{v["issuer"]}</saml:Issuer><saml:Subject><saml:NameID '
            f'Format="{v["format"]}">{v["subject"]}</saml:NameID><saml:SubjectConfirmation Method="{v["method"]}">'
            f'<saml:SubjectConfirmationData NotOnOrAfter="{v["confirmed_until"]}" Recipient="{v["recipient"]}" '
            f'InResponseTo="{to}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{v["before"]}" '
            f'NotOnOrAfter="{v["until"]}"><saml:AudienceRestriction><saml:Audience>{v["audience"]}</saml:Audience>'
            f'</saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{v["at"]}" '
            f'SessionIndex="{v["index"]}">'
            "<saml:AuthnContext><saml:AuthnContextClassRef>urn:x</saml:AuthnContextClassRef></saml:AuthnContext>"
            '</saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="urn:oid:0.9.2342.19200300.100.1.3" '
            f'FriendlyName="mail"><saml:AttributeValue>{v["mail"]}</saml:AttributeValue></saml:Attribute>'
            '<saml:Attribute Name="groups"><saml:AttributeValue>all</saml:AttributeValue><saml:AttributeValue>'
            f"{v['groups']}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>"
        )

    def response(self, assertion: str) -> str:
        """The response around an assertion."""
        v = self.values
        return (
            f'<samlp:Response xmlns:samlp="{saml_xml.SAMLP[1:-1]}" ID="_r1" Version="2.0" IssueInstant="{v["at"]}" '
            f'Destination="{v["destination"]}" InResponseTo="{self.request_id}"><saml:Issuer '
            f'xmlns:saml="{saml_xml.SAML[1:-1]}">{IDP}</saml:Issuer><samlp:Status><samlp:StatusCode '
            f'Value="{v["status"]}"/></samlp:Status>{assertion}</samlp:Response>'
        )

    def answer(self) -> str:
        """As it is sent."""
        xml = self.before_signing(self.response(self.assertion()))
        if self.is_signed:
            xml = signed(xml, self.values["id"], self.key, method=self.method, digest=self.digest)
        return base64.b64encode(self.after_signing(xml).encode()).decode()


class Leaver:
    """What a provider sends about signing out, each part of which a test may spoil."""

    def __init__(self, kind: str = "LogoutRequest", **values: str) -> None:
        self.kind, self.key, self.algorithm, self.relay_state = kind, KEY, RSA_SHA256, "where-it-was"
        self.hash: hashes.HashAlgorithm = hashes.SHA256()
        self.values: dict[str, str] = {
            "issuer": IDP, "destination": SLO_HERE, "id": "_l1", "version": "2.0", "at": stamp(-5), "until": stamp(300),
            "subject": "s-1", "format": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", "index": "",
            "answers": "", "status": "urn:oasis:names:tc:SAML:2.0:status:Success",
        }  # fmt: skip
        self.values |= values
        self.before_signing: Callable[[str], str] = lambda xml: xml
        self.after_signing: Callable[[str], str] = lambda address: address

    def xml(self) -> str:
        """The message."""
        v = self.values
        more = f'InResponseTo="{v["answers"]}"' if self.kind == "LogoutResponse" else f'NotOnOrAfter="{v["until"]}"'
        index = f"<samlp:SessionIndex>{v['index']}</samlp:SessionIndex>" if v["index"] else ""
        said = (
            f'<samlp:Status><samlp:StatusCode Value="{v["status"]}"/></samlp:Status>'
            if self.kind == "LogoutResponse"
            else f'<saml:NameID Format="{v["format"]}">{v["subject"]}</saml:NameID>{index}'
        )
        return (
            f'<samlp:{self.kind} xmlns:samlp="{saml_xml.SAMLP[1:-1]}" xmlns:saml="{saml_xml.SAML[1:-1]}" '
            f'ID="{v["id"]}" Version="{v["version"]}" IssueInstant="{v["at"]}" Destination="{v["destination"]}" {more}>'
            f"<saml:Issuer>{v['issuer']}</saml:Issuer>{said}</samlp:{self.kind}>"
        )

    def query(self) -> str:
        """As it stands in the address."""
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(self.before_signing(self.xml()).encode()) + packer.flush()
        name = "SAMLRequest" if self.kind == "LogoutRequest" else "SAMLResponse"
        given = {name: base64.b64encode(packed).decode(), "RelayState": self.relay_state, "SigAlg": self.algorithm}
        text = urlencode(given)
        private: Any = serialization.load_pem_private_key(self.key, None)
        signature = base64.b64encode(private.sign(text.encode(), padding.PKCS1v15(), self.hash)).decode()
        return self.after_signing(f"{text}&{urlencode({'Signature': signature})}")

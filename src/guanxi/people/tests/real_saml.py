"""A real SAML provider for tests (pysaml2), whose signatures are made with libxmlsec1 as a library."""

import base64
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from guanxi.people.tests.saml_provider import DSIG, IDP, KEY, PEM, SLO, SP, SSO


def made_provider(folder: Path, ours: str, *, sso: str = SSO, slo: str = SLO) -> Any:
    """A provider that knows us by our metadata."""
    from saml2 import BINDING_HTTP_REDIRECT, sigver
    from saml2.config import IdPConfig
    from saml2.server import Server

    class ByLibrary(sigver.CryptoBackend):
        """Signs with libxmlsec1 as a library."""

        version_nums = (1, 3, 0)

        def sign_statement(self, statement: Any, node_name: str, key_file: str, node_id: str) -> str:
            import xmlsec

            root = etree.fromstring(statement if isinstance(statement, bytes) else str(statement).encode())
            xmlsec.tree.add_ids(root, ["ID"])
            node = root.xpath(f'//*[@ID="{node_id}"]')[0]
            context = xmlsec.SignatureContext()
            context.key = xmlsec.Key.from_memory(KEY, xmlsec.KeyFormat.PEM)
            context.sign(node.find(f"{{{DSIG}}}Signature"))
            return etree.tostring(root).decode()

    (folder / "key.pem").write_bytes(KEY)
    (folder / "cert.pem").write_bytes(PEM)
    endpoints = {
        "single_sign_on_service": [(sso, BINDING_HTTP_REDIRECT)],
        "single_logout_service": [(slo, BINDING_HTTP_REDIRECT)],
    }
    config = IdPConfig().load(
        {
            "entityid": IDP,
            "crypto_backend": "XMLSecurity",
            "service": {
                "idp": {
                    "endpoints": endpoints,
                    "sign_assertion": True,
                    "policy": {"default": {"lifetime": {"minutes": 5}, "name_form": None}},
                }
            },
            "metadata": {"inline": [ours]},
            "key_file": str(folder / "key.pem"),
            "cert_file": str(folder / "cert.pem"),
        }
    )
    server = Server(config=config)
    server.sec.crypto = ByLibrary()
    server.sec.sec_backend = sigver.RSACrypto(sigver.import_rsa_key_from_file(str(folder / "key.pem")))
    return server


def has_signed(server: Any, query: dict[str, str], sp: str = SP) -> bool:
    """Whether the provider finds that we have signed what stands in an address, by the key in our metadata."""
    from saml2 import sigver

    certificates = server.metadata.certs(sp, "any", "signing")
    return any(
        sigver.verify_redirect_signature(dict(query), server.sec.sec_backend, one) for _name, one in certificates
    )


def answered(server: Any, address: str) -> dict[str, str]:
    """What the provider has the browser send back to us, once it knows who sits there."""
    from saml2 import BINDING_HTTP_REDIRECT, saml, xmldsig

    query = parse_qs(urlsplit(address).query)
    question = server.parse_authn_request(query["SAMLRequest"][0], BINDING_HTTP_REDIRECT)
    answer = server.create_authn_response(
        {"mail": ["bob@example.org"], "displayName": ["Bob"]},
        name_id=saml.NameID(format=saml.NAMEID_FORMAT_PERSISTENT, text="bob-at-works"),
        authn={"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password", "authn_auth": IDP},
        sign_assertion=True,
        sign_response=False,
        sign_alg=xmldsig.SIG_RSA_SHA256,
        digest_alg=xmldsig.DIGEST_SHA256,
        **server.response_args(question.message),
    )
    text = base64.b64encode(str(answer).encode()).decode()
    return {"SAMLResponse": text, "RelayState": query["RelayState"][0]}


def index_of(sent: dict[str, str]) -> str:
    """The name that the provider gives its session in an answer."""
    answer = etree.fromstring(base64.b64decode(sent["SAMLResponse"]))
    return str(answer.find(".//{urn:oasis:names:tc:SAML:2.0:assertion}AuthnStatement").get("SessionIndex"))

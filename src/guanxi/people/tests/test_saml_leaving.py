"""Single logout of SAML: begun here, begun at the provider, and by one that lies in every way."""

import base64
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes
from django.test import Client
from lxml import etree

from guanxi.core.actor import console_actor
from guanxi.core.models import Change, Role, Session, User
from guanxi.people import services
from guanxi.people.models import IdentityProvider
from guanxi.people.signing_in import saml_xml
from guanxi.people.tests import real_saml
from guanxi.people.tests.saml_provider import (
    IDP,
    LEAVING_METADATA,
    METADATA,
    OTHER_KEY,
    SLO,
    SLO_HERE,
    SP,
    Leaver,
    Provider,
    stamp,
)  # fmt: skip

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
ADDRESS = "/accounts/saml/works/slo/"


@pytest.fixture
def works() -> IdentityProvider:
    """A provider that takes and sends messages about signing out, set up on screen."""
    return set_up(LEAVING_METADATA)


def set_up(metadata: str) -> IdentityProvider:
    """A provider by its metadata, and two users whom it knows."""
    for name, role in (("ann", "owner"), ("bob", "agent")):
        services.create_user(
            actor=console_actor(), name=name, role=role, password=PASSWORD, email=f"{name}@example.org"
        )
    client = Client()
    client.force_login(User.objects.get(username="ann"))
    form = {"label": "Works", "slug": "works", "metadata": metadata, "is_active": "on", "matches_email": "on"}
    assert client.post("/settings/sign-in-rules/providers/new?protocol=saml", form).status_code == 302
    Session.objects.all().delete()
    return IdentityProvider.objects.get()


def came(**values: str) -> Client:
    """A browser in which somebody has come in through the provider."""
    client, provider = Client(), Provider()
    query = parse_qs(urlsplit(client.get("/accounts/saml/works/")["Location"]).query)
    provider.request_id = etree.fromstring(inflated(query["SAMLRequest"][0])).get("ID")
    provider.values |= {"id": f"_{provider.request_id}", **values}
    sent = {"SAMLResponse": provider.answer(), "RelayState": query["RelayState"][0]}
    assert client.post("/accounts/saml/works/finish/", sent)["Location"] == "/"
    assert is_in(client)
    return client


def inflated(text: str) -> bytes:
    """A message out of an address."""
    return zlib.decompress(base64.b64decode(text), -15)


def is_in(client: Client) -> bool:
    """Whether a browser is still signed in."""
    return client.get("/customers/").status_code == 200


def left(client: Client) -> str:
    """Sign out; the address at the provider that the browser is led to."""
    answer = client.post("/accounts/logout/")
    assert answer["Location"] == "/accounts/saml/works/leave/"
    assert not is_in(client), "whatever the provider does, the session here is over"
    page = etree.HTML(client.get(answer["Location"]).content.decode())
    return str(page.xpath("//a[@data-go-on]/@href")[0])


def test_signing_out_here_ends_the_session_at_a_real_provider(works: IdentityProvider, tmp_path: Path) -> None:
    """pysaml2 reads the key in our metadata, verifies what we ask, and answers."""
    from saml2 import BINDING_HTTP_REDIRECT, xmldsig

    server = real_saml.made_provider(tmp_path, Client().get("/accounts/saml/works/metadata/").content.decode())
    client = Client()
    sent = real_saml.answered(server, client.get("/accounts/saml/works/")["Location"])
    assert client.post("/accounts/saml/works/finish/", sent)["Location"] == "/"
    address = left(client)
    assert address.startswith(f"{SLO}?")
    query = dict(parse_qsl(urlsplit(address).query))
    assert real_saml.has_signed(server, query)
    assert not real_saml.has_signed(server, query | {"SAMLRequest": query["SAMLRequest"][::-1]})
    request = server.parse_logout_request(query["SAMLRequest"], BINDING_HTTP_REDIRECT)
    assert request.message.name_id.text == "bob-at-works"
    assert [one.text for one in request.message.session_index] == [real_saml.index_of(sent)]
    answer = server.create_logout_response(request.message, [BINDING_HTTP_REDIRECT], sign=False)
    http = server.apply_binding(
        BINDING_HTTP_REDIRECT, str(answer), SLO_HERE, response=True, sign=True, sigalg=xmldsig.SIG_RSA_SHA256
    )
    back = urlsplit(dict(http["headers"])["Location"])
    page = client.get(client.get(f"{back.path}?{back.query}")["Location"]).content.decode()
    assert "You are signed out here and at Works." in page


def test_signing_out_at_a_real_provider_ends_the_session_here(works: IdentityProvider, tmp_path: Path) -> None:
    from saml2 import BINDING_HTTP_REDIRECT, saml, xmldsig

    server = real_saml.made_provider(tmp_path, Client().get("/accounts/saml/works/metadata/").content.decode())
    browsers, indexes = (Client(), Client()), []
    for browser in browsers:
        sent = real_saml.answered(server, browser.get("/accounts/saml/works/")["Location"])
        browser.post("/accounts/saml/works/finish/", sent)
        indexes.append(real_saml.index_of(sent))
        assert is_in(browser)
    _id, request = server.create_logout_request(
        SLO_HERE,
        SP,
        name_id=saml.NameID(format=saml.NAMEID_FORMAT_PERSISTENT, text="bob-at-works"),
        session_indexes=indexes[:1],
        sign=False,
    )
    http = server.apply_binding(
        BINDING_HTTP_REDIRECT, str(request), SLO_HERE, relay_state="r 1/+", sign=True, sigalg=xmldsig.SIG_RSA_SHA256
    )
    sent_to = urlsplit(dict(http["headers"])["Location"])
    answer = browsers[0].get(f"{sent_to.path}?{sent_to.query}")["Location"]
    assert (is_in(browsers[0]), is_in(browsers[1])) == (False, True)
    query = dict(parse_qsl(urlsplit(answer).query))
    assert query["RelayState"] == "r 1/+"
    response = etree.fromstring(inflated(query["SAMLResponse"]))
    assert (response.get("InResponseTo"), response.get("Destination")) == (request.id, SLO)
    assert real_saml.has_signed(server, query)


@pytest.mark.parametrize(("index", "ended"), [("", {"first", "second"}), ("there-1", {"first"}), ("there-9", set())])
def test_all_sessions_of_that_name_and_session_end_and_no_others(
    works: IdentityProvider, index: str, ended: set[str]
) -> None:
    browsers = {
        "first": came(index="there-1"),
        "second": came(index="there-2"),
        "somebody else": came(subject="s-2", mail="ann@example.org"),
        "by password": Client(),
    }
    browsers["by password"].post("/accounts/login/", {"login": "bob", "password": PASSWORD})
    answer = Client().get(f"{ADDRESS}?{Leaver(index=index).query()}")
    assert answer["Location"].startswith(f"{SLO}?SAMLResponse=")
    assert {name for name, browser in browsers.items() if not is_in(browser)} == ended
    noted = Change.objects.filter(operation__name="people.end_sessions")
    assert [change.before for change in noted] == ([len(ended)] if ended else [])


def spoiled(**values: str) -> Callable[[Leaver], None]:
    """Another value in the message, signed like the rest."""
    return lambda leaver: leaver.values.update(values)


def after(change: Callable[[str], str]) -> Callable[[Leaver], None]:
    """The address changed once it was signed."""
    return lambda leaver: setattr(leaver, "after_signing", change)


def before(change: Callable[[str], str]) -> Callable[[Leaver], None]:
    """The message changed before it was signed."""
    return lambda leaver: setattr(leaver, "before_signing", change)


def without(*names: str) -> Callable[[str], str]:
    """An address without some of what it says."""
    return lambda query: urlencode([pair for pair in parse_qsl(query) if pair[0] not in names])


def with_another_message(query: str) -> str:
    """The signature of one message on another."""
    mine = dict(parse_qsl(Leaver(subject="s-2").query()))
    return urlencode(dict(parse_qsl(query)) | {"SAMLRequest": mine["SAMLRequest"]})


def weak(leaver: Leaver) -> None:
    """A signature by a hash that counts no longer."""
    leaver.algorithm, leaver.hash = "http://www.w3.org/2000/09/xmldsig#rsa-sha1", hashes.SHA1()


LIES: dict[str, Callable[[Leaver], Any]] = {
    "no signature": after(without("SigAlg", "Signature")),
    "no algorithm": after(without("SigAlg")),
    "no signature but an algorithm": after(without("Signature")),
    "another key": lambda leaver: setattr(leaver, "key", OTHER_KEY),
    "SHA-1": weak,
    "the signature of another message": after(with_another_message),
    "another RelayState": after(lambda query: query.replace("where-it-was", "elsewhere")),
    "a RelayState that was not signed": after(lambda query: f"{query}&RelayState=x"),
    "two messages": after(lambda query: f"{query}&{query}"),
    "a request and an answer": after(lambda query: f"{query}&SAMLResponse=x"),
    "another encoding": after(lambda query: f"{query}&SAMLEncoding=urn%3Ax"),
    "another issuer": spoiled(issuer="https://evil.example"),
    "another destination": spoiled(destination="https://elsewhere.example/slo"),
    "no destination": before(lambda xml: xml.replace(f'Destination="{SLO_HERE}"', "")),
    "expired": spoiled(until=stamp(-120)),
    "made an hour ago": spoiled(at=stamp(-3600)),
    "made tomorrow": spoiled(at=stamp(80000)),
    "no moment": spoiled(at="soon"),
    "SAML 1": spoiled(version="1.1"),
    "nobody": spoiled(subject=""),
    "two names": before(lambda xml: xml.replace("</saml:NameID>", "</saml:NameID><saml:NameID>s-1</saml:NameID>")),
    "another message": before(lambda xml: xml.replace("LogoutRequest", "AuthnRequest")),
    "an external entity": before(lambda xml: f'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>{xml}'),
    "no XML": before(lambda xml: xml[:-20]),
    "cut short": after(lambda query: query[:200]),
    "huge": before(lambda xml: xml + " " * 600_000),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_cannot_be_believed_ends_nothing(works: IdentityProvider, lie: str) -> None:
    client = came()
    leaver = Leaver()
    LIES[lie](leaver)
    answer = client.get(f"{ADDRESS}?{leaver.query()}")
    assert answer.status_code == 400
    assert "cannot be believed" in answer.content.decode()
    assert is_in(client)


def test_a_message_counts_once(works: IdentityProvider) -> None:
    leaver = Leaver()
    query = leaver.query()
    first = came()
    assert Client().get(f"{ADDRESS}?{query}").status_code == 302
    assert not is_in(first)
    second = came()
    assert Client().get(f"{ADDRESS}?{query}").status_code == 400
    assert is_in(second)


def test_another_name_of_the_same_text_is_somebody_else(works: IdentityProvider) -> None:
    client = came()
    leaver = Leaver(format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress")
    assert Client().get(f"{ADDRESS}?{leaver.query()}").status_code == 302
    assert is_in(client)


ANSWERS: dict[str, Callable[[Leaver], Any]] = {
    "it did not succeed": spoiled(status="urn:oasis:names:tc:SAML:2.0:status:Responder"),
    "no signature": after(without("SigAlg", "Signature")),
    "another key": lambda leaver: setattr(leaver, "key", OTHER_KEY),
    "to another question": spoiled(answers="_other"),
    "another issuer": spoiled(issuer="https://evil.example"),
    "another destination": spoiled(destination="https://elsewhere.example/slo"),
}


@pytest.mark.parametrize("lie", ["", *ANSWERS])
def test_an_answer_is_believed_only_where_all_of_it_is_right(works: IdentityProvider, lie: str) -> None:
    client = came()
    query = dict(parse_qsl(urlsplit(left(client)).query))
    request = etree.fromstring(inflated(query["SAMLRequest"]))
    assert (request.findtext(f"{saml_xml.SAML}Issuer"), request.get("Destination")) == (SP, SLO)
    assert request.findtext(f"{saml_xml.SAMLP}SessionIndex") == "there-1"
    leaver = Leaver("LogoutResponse", answers=request.get("ID"))
    ANSWERS.get(lie, lambda _leaver: None)(leaver)
    answer = client.get(f"{ADDRESS}?{leaver.query()}")
    page = client.get(answer["Location"]).content.decode()
    assert ("You are signed out here and at Works." in page) == (not lie)
    assert ("has not said that you are signed out there too" in page) == bool(lie)


def test_a_provider_that_takes_no_such_messages_is_not_asked(works: IdentityProvider) -> None:
    IdentityProvider.objects.update(settings={**works.settings, "slo_url": ""})
    client = came()
    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/?left=works"
    other = Client()
    other.post("/accounts/login/", {"login": "bob", "password": PASSWORD})
    assert other.post("/accounts/logout/")["Location"] == "/accounts/login/"
    assert other.get("/accounts/saml/works/leave/")["Location"] == "/accounts/login/"


def test_metadata_without_a_secure_address_for_signing_out_name_none() -> None:
    row = set_up(LEAVING_METADATA.replace(f'"{SLO}"', '"http://idp.example.org/slo"'))
    assert "slo_url" not in row.settings
    assert row.settings["entity_id"] == IDP


def test_a_second_step_between_changes_nothing_and_a_factor_to_be_set_up_keeps_nobody_in(
    works: IdentityProvider,
) -> None:
    """The browser in which the message comes may be led to the page of second factors everywhere else."""
    Role.objects.filter(key="agent").update(requires_mfa=True)
    client, provider = Client(), Provider()
    query = parse_qs(urlsplit(client.get("/accounts/saml/works/")["Location"]).query)
    provider.request_id = etree.fromstring(inflated(query["SAMLRequest"][0])).get("ID")
    sent = {"SAMLResponse": provider.answer(), "RelayState": query["RelayState"][0]}
    client.post("/accounts/saml/works/finish/", sent)
    assert client.get("/customers/")["Location"].startswith("/settings/security")
    assert client.get(f"{ADDRESS}?{Leaver().query()}")["Location"].startswith(SLO)
    assert client.get("/customers/")["Location"].startswith("/accounts/login/")


def test_our_key_is_made_once_and_stays_sealed(works: IdentityProvider) -> None:
    def certificate() -> str:
        found = etree.fromstring(Client().get("/accounts/saml/works/metadata/").content)
        assert found.find(f".//{saml_xml.MD}SingleLogoutService").get("Location") == SLO_HERE
        return str(found.findtext(f".//{saml_xml.DS}X509Certificate"))

    first = certificate()
    assert certificate() == first
    sealed = IdentityProvider.objects.get().secret_sealed
    assert "PRIVATE KEY" not in sealed
    assert sealed not in str(list(Change.objects.values_list("before", "after")))
    client = Client()
    client.force_login(User.objects.get(username="ann"))
    form = {"label": "Works", "slug": "works", "metadata": METADATA, "is_active": "on", "matches_email": "on"}
    client.post(f"/settings/sign-in-rules/providers/{works.pk}", form)
    assert certificate() == first, "other metadata of the provider leave our key as it is"
    IdentityProvider.objects.update(secret_sealed="sealed with another key")
    assert certificate() != first

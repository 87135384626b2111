"""Signing in through a SAML provider: a real one (pysaml2), and one that lies in every way.

Both sign with libxmlsec1; what is tested verifies with another implementation.
"""

import base64
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from lxml import etree

from guanxi.core.actor import console_actor
from guanxi.core.models import Change, Role, User
from guanxi.people import services
from guanxi.people.models import Identity, IdentityProvider, SignIn, UsedAssertion
from guanxi.people.signing_in import saml_xml
from guanxi.people.signing_in.persons import ProviderError
from guanxi.people.signing_in.services import assertions
from guanxi.people.tests import real_saml
from guanxi.people.tests.saml_provider import (
    ACS,
    CERTIFICATE,
    DSIG,
    IDP,
    METADATA,
    OTHER_KEY,
    SP,
    SSO,
    Provider,
    signed,
    stamp,
)  # fmt: skip

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def works(owner: User) -> IdentityProvider:
    """A provider set up on screen."""
    client = Client()
    client.force_login(owner)
    form = {"label": "Works", "slug": "works", "metadata": METADATA, "is_active": "on", "matches_email": "on"}
    assert client.post("/settings/sign-in-rules/providers/new?protocol=saml", form).status_code == 302
    return IdentityProvider.objects.get()


def begun(client: Client, provider: Provider, target: str = "/customers/") -> str:
    """Go to the provider; the RelayState to bring back."""
    address = client.get("/accounts/saml/works/", {"next": target})["Location"]
    assert address.startswith(f"{SSO}?")
    query = parse_qs(urlsplit(address).query)
    question = etree.fromstring(zlib.decompress(base64.b64decode(query["SAMLRequest"][0]), -15))
    assert question.get("AssertionConsumerServiceURL") == ACS
    assert question.findtext(f"{saml_xml.SAML}Issuer") == SP
    provider.request_id = question.get("ID")
    return query["RelayState"][0]


def back(client: Client, answer: str, state: str) -> Any:
    """Bring an answer: from the other site without cookies first, then from our page."""
    stranger = Client(enforce_csrf_checks=True)
    page = stranger.post("/accounts/saml/works/acs/", {"SAMLResponse": answer, "RelayState": state})
    assert page.status_code == 200
    assert "data-go-on" in page.content.decode()
    return client.post("/accounts/saml/works/finish/", {"SAMLResponse": answer, "RelayState": state})


def test_a_user_is_known_by_mail_then_by_subject(works: IdentityProvider, bob: User) -> None:
    assert (
        'href="/accounts/saml/works/?next=/customers/"'
        in Client().get("/accounts/login/?next=/customers/").content.decode()
    )
    client, provider = Client(), Provider()
    state = begun(client, provider)
    assert back(client, provider.answer(), state)["Location"] == "/customers/"
    assert client.get("/customers/").status_code == 200
    assert Identity.objects.get().user == bob
    row = SignIn.objects.get(user=bob)
    assert (row.outcome, row.means) == ("signed_in", "saml")
    provider.values |= {"mail": "else@example.org", "id": "_a2"}
    other = Client()
    state = begun(other, provider)
    assert back(other, provider.answer(), state)["Location"] == "/customers/"
    assert Identity.objects.count() == 1


def twice(xml: str) -> str:
    """The signed assertion wrapped into a forged response: a second one in front, under another id."""
    root = etree.fromstring(xml.encode())
    real = root.find(f"{saml_xml.SAML}Assertion")
    forged = etree.fromstring(etree.tostring(real))
    forged.set("ID", "_evil")
    forged.remove(forged.find(f"{{{DSIG}}}Signature"))
    forged.find(f".//{saml_xml.SAML}NameID").text = "s-boss"
    root.insert(root.index(real), forged)
    return etree.tostring(root).decode()


def inside(xml: str, *, own_id: bool = False) -> str:
    """The real assertion hidden in the signature of a forged one."""
    root = etree.fromstring(xml.encode())
    real = root.find(f"{saml_xml.SAML}Assertion")
    forged = etree.fromstring(etree.tostring(real))
    if not own_id:
        forged.set("ID", "_evil")
    forged.find(f".//{saml_xml.SAML}NameID").text = "s-boss"
    holder = etree.SubElement(forged.find(f"{{{DSIG}}}Signature"), f"{{{DSIG}}}Object")
    root.replace(real, forged)
    holder.append(real)
    return etree.tostring(root).decode()


def without_signature(xml: str) -> str:
    """Unsigned, as if nobody looked."""
    root = etree.fromstring(xml.encode())
    for signature in root.iter(f"{{{DSIG}}}Signature"):
        signature.getparent().remove(signature)
        break
    return etree.tostring(root).decode()


def only_response_signed(provider: Provider) -> None:
    """The response is signed, the assertion is not."""
    provider.is_signed = False
    provider.after_signing = lambda xml: signed(xml, "_r1")


def entity(xml: str) -> str:
    """A file of this machine as the name."""
    return f'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>{xml}'


def bomb(xml: str) -> str:
    """Entities of entities."""
    rows = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE r [<!ENTITY e0 "ha">{rows}]>{xml.replace("s-1", "&e9;")}'


def put(**values: str | Callable[[], str]) -> Callable[[Provider], None]:
    """Another value in the assertion, signed like the rest; moments are reckoned when the assertion is made."""
    return lambda provider: provider.values.update(
        {name: value if isinstance(value, str) else value() for name, value in values.items()}
    )


def after(change: Callable[[str], str]) -> Callable[[Provider], None]:
    """The XML changed once it was signed."""
    return lambda provider: setattr(provider, "after_signing", change)


LIES: dict[str, Callable[[Provider], Any]] = {
    "another key": lambda p: setattr(p, "key", OTHER_KEY),
    "no signature": lambda p: setattr(p, "is_signed", False),
    "the signature taken off": after(without_signature),
    "only the response signed": only_response_signed,
    "SHA-1": lambda p: (setattr(p, "method", "RsaSha1"), setattr(p, "digest", "Sha1")),
    "changed after signing": after(lambda xml: xml.replace("bob@example.org", "ann@example.org")),
    "another subject after signing": after(lambda xml: xml.replace("s-1<", "s-2<")),
    "wrapped: a forged one in front": after(twice),
    "wrapped: the real one within": after(inside),
    "wrapped: within, the same id": after(lambda xml: inside(xml, own_id=True)),
    "another issuer": put(issuer="https://evil.example"),
    "another audience": put(audience="https://elsewhere.example"),
    "another recipient": put(recipient="https://elsewhere.example/acs"),
    "another destination": put(destination="https://elsewhere.example/acs"),
    "another question": lambda p: setattr(p, "answers", "_other"),
    "no question": lambda p: setattr(p, "answers", ""),
    "expired": put(until=partial(stamp, -120)),
    "its confirmation expired": put(confirmed_until=partial(stamp, -120)),
    "not yet good": put(before=partial(stamp, 200)),
    "good for years": put(until=partial(stamp, 10**8), confirmed_until=partial(stamp, 10**8)),
    "signed in tomorrow": put(at=partial(stamp, 80000)),
    "no moment": put(until="soon"),
    "a moment without a zone": put(until="2099-01-01T00:00:00"),
    "not for the bearer": put(method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"),
    "failed": put(status="urn:oasis:names:tc:SAML:2.0:status:Responder"),
    "a name for this time alone": put(format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient"),
    "no subject": put(subject=""),
    "SAML 1": put(version="1.1"),
    "an external entity": after(entity),
    "a bomb of entities": after(bomb),
    "an external document type": after(lambda xml: f'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">{xml}'),
    "no XML": after(lambda xml: xml[:-20]),
    "another document": after(lambda xml: "<x/>"),
}


SIGNATURE = ("another key", "no signature", "the signature taken off", "only the response signed", "SHA-1")
REASONS = {
    **dict.fromkeys((*SIGNATURE, "changed after signing", "another subject after signing"), "wrong_signature"),
    **dict.fromkeys(("another audience", "another destination"), "wrong_audience"),
    **dict.fromkeys(("another recipient", "another question", "no question", "not for the bearer"), "not_asked"),
    **dict.fromkeys(
        ("expired", "its confirmation expired", "not yet good", "good for years", "signed in tomorrow"), "not_now"
    ),
    "failed": "declined",
}


@pytest.mark.parametrize("lie", LIES)
def test_what_cannot_be_believed_is_refused_and_written_down(works: IdentityProvider, bob: User, lie: str) -> None:
    client, provider = Client(), Provider()
    state = begun(client, provider)
    LIES[lie](provider)
    answer = back(client, provider.answer(), state)
    assert answer["Location"] == "/accounts/login/?next=%2Fcustomers%2F&provider=refused"
    assert client.get("/customers/").status_code == 302
    row = SignIn.objects.get(means="saml")
    assert (row.outcome, row.user) == (REASONS.get(lie, "bad_answer"), None)
    assert not Identity.objects.exists()


def test_an_answer_counts_once_here_and_only_where_it_was_asked_for(works: IdentityProvider, bob: User) -> None:
    client, provider = Client(), Provider()
    state = begun(client, provider)
    answer = provider.answer()
    thief = Client()
    assert back(thief, answer, state)["Location"].endswith("refused")
    begun(thief, Provider())
    assert back(thief, answer, state)["Location"].endswith("refused")
    session = client.session["guanxi_saml"]
    assert back(client, answer, state)["Location"] == "/customers/"
    client.post("/accounts/logout/")
    assert back(client, answer, state)["Location"].endswith("refused")
    again = Client()
    again.get("/accounts/saml/works/")
    held = again.session
    held["guanxi_saml"] = session
    held.save()
    assert back(again, answer, state)["Location"].endswith("refused")
    assert UsedAssertion.objects.count() == 1
    assert assertions.forget_old() == 0
    UsedAssertion.objects.update(until=datetime(2001, 1, 1, tzinfo=UTC))
    assert assertions.forget_old() == 1


def test_relay_state_and_next_lead_nowhere_else(works: IdentityProvider, bob: User) -> None:
    for target in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        client, provider = Client(), Provider()
        provider.values["id"] = f"_{abs(hash(target))}"
        state = begun(client, provider, target)
        answer = provider.answer()
        assert "evil" not in back(client, answer, target)["Location"]
        assert back(client, answer, state)["Location"] == "/"
    page = Client().post("/accounts/saml/works/acs/", {"SAMLResponse": '"><script>', "RelayState": '"><b>'})
    assert "<script>" not in page.content.decode().replace("<script src", "")
    assert Client().post("/accounts/saml/works/finish/", {}).status_code == 302
    for address in ("acs/", "finish/"):
        assert Client().get(f"/accounts/saml/works/{address}").status_code == 405


def test_people_are_made_and_get_roles_as_through_openid_connect(works: IdentityProvider, owner: User) -> None:
    client, provider = Client(), Provider()
    state = begun(client, provider)
    assert back(client, provider.answer(), state)["Location"].endswith("unknown")
    IdentityProvider.objects.update(
        provisions=True, role_rules=[["groups", "bosses", "manager"]], default_role=Role.objects.get(key="agent")
    )
    for number, (group, role) in enumerate((("staff", "agent"), ("bosses", "manager"), ("staff", "agent"))):
        provider.values |= {"id": f"_b{number}", "groups": group}
        state = begun(client, provider)
        assert back(client, provider.answer(), state)["Location"] == "/customers/"
        made = Identity.objects.get().user
        assert (made.username, made.role.key, made.has_usable_password()) == ("bob", role, False)
        client.post("/accounts/logout/")
    services.set_active(actor=console_actor(), user_id=made.pk, is_active=False)
    provider.values["id"] = "_b9"
    state = begun(client, provider)
    assert back(client, provider.answer(), state)["Location"].endswith("refused")
    assert SignIn.objects.latest("id").outcome == "disabled"


def grow_old(client: Client) -> None:
    """Let the proof be an hour old."""
    session = client.session
    session["guanxi_confirmed"] -= 3600
    session.save()


def asked_anew(client: Client, provider: Provider, target: str) -> str:
    """Go to the provider for proof; the RelayState to bring back."""
    query = parse_qs(urlsplit(client.get("/accounts/saml/works/", {"confirm": "1", "next": target})["Location"]).query)
    question = etree.fromstring(zlib.decompress(base64.b64decode(query["SAMLRequest"][0]), -15))
    assert question.get("ForceAuthn") == "true"
    provider.request_id = question.get("ID")
    return query["RelayState"][0]


def test_proof_is_given_to_the_provider_anew_and_an_old_sign_in_there_is_none(
    works: IdentityProvider, owner: User, bob: User
) -> None:
    client, provider = Client(), Provider()
    provider.values |= {"mail": "ann@example.org", "subject": "s-ann", "at": stamp(-3600)}
    state = begun(client, provider)
    back(client, provider.answer(), state)
    assert client.get("/settings/roles").status_code == 200
    signed_in = SignIn.objects.filter(user=owner, outcome="signed_in")
    times = signed_in.count()
    page = client.get(client.get("/settings/sign-in-rules")["Location"]).content.decode()
    assert "Confirm through Works" in page, "signed in there an hour ago: no proof that it is still them"
    for number, (values, leads) in enumerate(
        (
            ({"at": stamp(-3600)}, "/accounts/confirm/?next="),
            (
                {"at": stamp(-5), "subject": "s-1", "mail": "bob@example.org"},
                "/accounts/confirm/?next=%2Fsettings%2Fsign-in-rules&provider=refused",
            ),
            ({"at": stamp(-5)}, "/settings/sign-in-rules"),
        )
    ):
        assert client.get("/settings/sign-in-rules").status_code == 302
        kept = dict(provider.values)
        provider.values |= {"id": f"_proof{number}", **values}
        state = asked_anew(client, provider, "/settings/sign-in-rules")
        assert back(client, provider.answer(), state)["Location"].startswith(leads), values
        provider.values = kept
    assert client.get("/settings/sign-in-rules").status_code == 200
    assert signed_in.count() == times, "proof is no new sign-in"


def test_a_form_that_waits_goes_on_once_proof_was_given_in_another_tab(works: IdentityProvider, owner: User) -> None:
    client, provider = Client(), Provider()
    provider.values |= {"mail": "ann@example.org"}
    state = begun(client, provider)
    back(client, provider.answer(), state)
    grow_old(client)
    asked = client.post("/settings/teams/new", {"name": "East"})
    page = client.post(asked["Location"], {"name": "East"}).content.decode()
    assert "/accounts/saml/works/?confirm=1&amp;next=/accounts/confirm/done/" in page
    waiting = {"confirm-next": "/settings/teams/new", "confirm-kept": "1", "name": "East"}
    assert client.post("/accounts/confirm/", waiting).status_code == 200, "not yet"
    assert "has not asked you anew" in client.get("/accounts/confirm/done/").content.decode()
    provider.values["id"] = "_proof"
    state = asked_anew(client, provider, "/accounts/confirm/done/")
    done = back(client, provider.answer(), state)["Location"]
    assert "data-confirmed" in client.get(done).content.decode()
    answer = client.post("/accounts/confirm/", waiting)
    assert (answer.status_code, answer["Location"]) == (307, "/settings/teams/new")


def test_a_name_with_a_comment_in_it_is_read_whole(works: IdentityProvider, owner: User) -> None:
    """Signatures do not see comments; a reader that stops at one takes ann.evil for ann."""
    client, provider = Client(), Provider()
    provider.values["mail"] = "ann@example.org<!-- -->.evil.example"
    state = begun(client, provider)
    assert back(client, provider.answer(), state)["Location"].endswith("unknown")


def test_metadata_are_read_and_ours_are_published(works: IdentityProvider, owner: User) -> None:
    assert works.settings == {"entity_id": IDP, "sso_url": SSO, "certificates": [CERTIFICATE]}
    answer = Client().get("/accounts/saml/works/metadata/")
    ours = etree.fromstring(answer.content)
    assert ours.get("entityID") == SP
    assert ours.find(f".//{saml_xml.MD}AssertionConsumerService").get("Location") == ACS
    client = Client()
    client.force_login(owner)
    page = client.get(f"/settings/sign-in-rules/providers/{works.pk}").content.decode()
    assert IDP in page
    assert SP in page
    form = {"label": "Works 2", "slug": "works", "is_active": "on"}
    address = f"/settings/sign-in-rules/providers/{works.pk}"
    assert client.post(address, {**form, "metadata": ""}).status_code == 302
    works.refresh_from_db()
    assert (works.label, works.settings["sso_url"], works.protocol) == ("Works 2", SSO, "saml")
    for bad in (
        "nonsense", METADATA.replace("https://idp", "http://idp"), METADATA.replace(CERTIFICATE, "QUJD"),
        f"<!DOCTYPE x>{METADATA}", METADATA.replace("IDPSSODescriptor", "SPSSODescriptor"),
    ):  # fmt: skip
        assert client.post(address, {**form, "metadata": bad}).status_code == 422, bad[:40]
    assert client.post("/settings/sign-in-rules/providers/new?protocol=saml", {**form, "slug": "b"}).status_code == 422
    assert Client().get("/accounts/oidc/works/").status_code == 404
    assert CERTIFICATE not in str(list(Change.objects.filter(kind="user").values_list("before", "after")))
    with pytest.raises(ProviderError):
        saml_xml.parsed("<x/>".encode("utf-16"))


def test_a_real_provider(works: IdentityProvider, bob: User, owner: User, tmp_path: Path) -> None:
    """pysaml2 reads our metadata and our question, and answers."""
    server = real_saml.made_provider(tmp_path, Client().get("/accounts/saml/works/metadata/").content.decode())
    client = Client()
    begun_at = client.get("/accounts/saml/works/", {"next": "/customers/"})["Location"]
    sent = real_saml.answered(server, begun_at)
    assert back(client, sent["SAMLResponse"], sent["RelayState"])["Location"] == "/customers/"
    assert Identity.objects.get().user == bob
    assert client.get("/customers/").status_code == 200

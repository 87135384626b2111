"""Signing in through an OpenID Connect provider: a real one over HTTP, and one that lies in every way."""

import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from guanxi.core.actor import actor_of, console_actor
from guanxi.core.errors import Forbidden
from guanxi.core.models import Change, Role, User
from guanxi.people import services
from guanxi.people.models import Identity, IdentityProvider, SignIn
from guanxi.people.signing_in.services import providers
from guanxi.people.signing_in.services.rules import set_rules
from guanxi.people.tests.oidc_provider import SECRET, Liar, set_up, went

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def test_a_user_is_known_by_verified_mail_then_by_subject(owner: User, liar: Liar) -> None:
    bob, _password = services.create_user(actor=console_actor(), name="bob", role="agent", email="Bob@example.org")
    set_up(owner, liar.url)
    page = Client().get("/accounts/login/?next=/customers/").content.decode()
    assert "Sign in through Works" in page
    client = Client()
    answer = went(client, liar)
    assert answer["Location"] == "/customers/"
    assert client.get("/customers/").status_code == 200
    assert liar.asked["code_challenge_method"] == "S256"
    assert liar.tokens_given["code_verifier"]
    assert liar.tokens_given["authorization"].startswith("Basic ")
    liar.nonce = None
    liar.claims |= {"email": "somebody@else.example", "email_verified": False}
    other = Client()
    assert went(other, liar)["Location"] == "/customers/"
    assert Identity.objects.get().user == bob
    assert SignIn.objects.filter(user=bob, outcome="signed_in", means="oidc").count() == 2
    out = other.post("/accounts/logout/")
    assert out["Location"] == "/accounts/login/?left=works"
    assert "Sign out at Works too" in other.get(out["Location"]).content.decode()
    assert other.get("/accounts/oidc/works/leave/")["Location"].startswith(f"{liar.url}/leave?")
    assert other.get("/customers/").status_code == 302


LIES: dict[str, Any] = {
    "another key": lambda liar: setattr(liar, "key", OTHER_KEY),
    "an unknown key": lambda liar: setattr(liar, "kid", "k2"),
    "no signature": lambda liar: setattr(liar, "algorithm", "none"),
    "another issuer": lambda liar: liar.claims.update(iss="https://evil.example"),
    "another audience": lambda liar: liar.claims.update(aud="somebody-else"),
    "several audiences": lambda liar: liar.claims.update(aud=["guanxi", "other"]),
    "expired": lambda liar: liar.claims.update(exp=int(time.time()) - 120),
    "no end": lambda liar: liar.claims.update(exp=None),
    "made in the future": lambda liar: liar.claims.update(iat=int(time.time()) + 4000),
    "another nonce": lambda liar: setattr(liar, "nonce", "guessed"),
    "no nonce": lambda liar: liar.claims.update(nonce=None),
    "no subject": lambda liar: liar.claims.update(sub=""),
    "more about somebody else": lambda liar: liar.more.update(sub="s-2"),
    "published by another": lambda liar: liar.published.update(issuer="https://evil.example"),
    "a plain token endpoint elsewhere": lambda liar: liar.published.update(token_endpoint="http://evil.example/t"),
}


REASONS = {
    **dict.fromkeys(("another key", "an unknown key", "no signature"), "wrong_signature"),
    **dict.fromkeys(("another audience", "several audiences"), "wrong_audience"),
    **dict.fromkeys(("expired", "made in the future"), "not_now"),
    **dict.fromkeys(("another nonce", "no nonce"), "not_asked"),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_cannot_be_believed_is_refused_and_written_down(owner: User, liar: Liar, lie: str) -> None:
    services.create_user(actor=console_actor(), name="bob", role="agent", email="bob@example.org")
    set_up(owner, liar.url)
    client = Client()
    begun = client.get("/accounts/oidc/works/")
    asked = parse_qs(urlsplit(begun["Location"]).query)
    liar.nonce = asked["nonce"][0]
    LIES[lie](liar)
    answer = client.get("/accounts/oidc/works/callback/", {"code": "c", "state": asked["state"][0]})
    assert answer["Location"] == "/accounts/login/?provider=refused"
    assert "did not work" in client.get(answer["Location"]).content.decode()
    assert client.get("/customers/").status_code == 302
    assert SignIn.objects.get().outcome == REASONS.get(lie, "bad_answer")
    assert not Identity.objects.exists()


def test_what_was_not_begun_here_or_was_finished_before_is_refused(owner: User, liar: Liar) -> None:
    services.create_user(actor=console_actor(), name="bob", role="agent", email="bob@example.org")
    set_up(owner, liar.url)
    client = Client()
    went(client, liar)
    client.post("/accounts/logout/")
    address = "/accounts/oidc/works/callback/"
    for query in ({"code": "c", "state": liar.asked["state"]}, {"code": "c", "state": "forged"}, {"code": "c"}, {}):
        assert client.get(address, query)["Location"].endswith("provider=refused")
    denied = client.get("/accounts/oidc/works/")
    state = parse_qs(urlsplit(denied["Location"]).query)["state"][0]
    assert client.get(address, {"error": "access_denied", "state": state})["Location"].endswith("provider=refused")
    assert Client().get("/accounts/oidc/nowhere/").status_code == 404
    for target in ("https://evil.example/", "//evil.example"):
        begun = client.get("/accounts/oidc/works/", {"next": target})
        assert "evil" not in json.dumps(dict(client.session.items())), begun


def test_unknown_disabled_and_doubtful_people_stay_out(owner: User, liar: Liar) -> None:
    provider = set_up(owner, liar.url)
    answer = went(Client(), liar)
    assert answer["Location"] == "/accounts/login/?next=%2Fcustomers%2F&provider=unknown"
    bob, _password = services.create_user(actor=console_actor(), name="bob", role="agent", email="bob@example.org")
    for claims in ({"email_verified": False}, {"email_verified": "true"}, {"email_verified": None}):
        liar.claims |= claims
        liar.nonce = None
        assert went(Client(), liar)["Location"].endswith("unknown"), claims
    liar.claims["email_verified"] = True
    services.create_user(actor=console_actor(), name="bob2", role="agent", email="BOB@example.org")
    liar.nonce = None
    assert went(Client(), liar)["Location"].endswith("unknown")
    User.objects.filter(username="bob2").update(email="")
    services.set_active(actor=console_actor(), user_id=bob.pk, is_active=False)
    liar.nonce = None
    assert went(Client(), liar)["Location"].endswith("refused")
    providers.save_provider(
        actor=actor_of(owner), provider=provider, secret="", slug="works", label="Works", is_active=False
    )
    assert Client().get("/accounts/oidc/works/").status_code == 404


def test_users_are_made_with_roles_by_claim(owner: User, liar: Liar) -> None:
    agent = Role.objects.get(key="agent")
    rules = [["groups", "bosses", "manager"], ["department", "Audit", "auditor"]]
    set_up(owner, liar.url, provisions=True, default_role_id=agent.pk, role_rules=rules)
    liar.claims |= {"preferred_username": "ann", "groups": ["staff"]}
    client = Client()
    assert went(client, liar)["Location"] == "/customers/"
    made = Identity.objects.get().user
    assert (made.username, made.role.key, made.has_usable_password()) == ("ann-2", "agent", False)
    assert "Confirm through Works" in client.get("/accounts/confirm/").content.decode()
    liar.claims["groups"] = ["staff", "bosses"]
    liar.nonce = None
    went(Client(), liar)
    made.refresh_from_db()
    assert made.role.key == "manager"
    names = set(Change.objects.filter(record_id=made.pk, kind="user").values_list("operation__actor_name", flat=True))
    assert names == {"Works"}
    liar.claims["groups"] = ["staff"]
    liar.nonce = None
    went(Client(), liar)
    made.refresh_from_db()
    assert made.role.key == "agent", "what a rule gave goes when no rule gives it any more"
    liar.claims |= {"sub": "s-ann", "email": "ann@example.org", "groups": []}
    liar.nonce = None
    went(Client(), liar)
    owner.refresh_from_db()
    assert owner.role.key == "owner"


def test_only_through_providers_leaves_owners_their_password(owner: User, liar: Liar) -> None:
    services.create_user(actor=console_actor(), name="bob", role="agent", email="bob@example.org", password=PASSWORD)
    set_up(owner, liar.url)
    set_rules(actor=actor_of(owner), roles_with_factor=(), only_through_providers=True)
    refused = Client()
    text = refused.post("/accounts/login/", {"login": "bob", "password": PASSWORD}).content.decode()
    assert "is not right" in text
    assert "This company signs in through a provider" in text
    assert SignIn.objects.get().outcome == "not_allowed"
    assert Client().post("/accounts/login/", {"login": "ann", "password": PASSWORD}).status_code == 302
    client = Client()
    went(client, liar)
    assert client.get("/customers/").status_code == 200


def test_a_role_that_needs_a_second_factor_believes_a_provider_that_asks_for_one(owner: User, liar: Liar) -> None:
    services.create_user(actor=console_actor(), name="bob", role="agent", email="bob@example.org")
    provider = set_up(owner, liar.url)
    Role.objects.filter(key="agent").update(requires_mfa=True)
    client = Client()
    went(client, liar)
    assert client.get("/customers/").status_code == 302
    IdentityProvider.objects.filter(pk=provider.pk).update(has_second_factor=True)
    liar.nonce = None
    trusted = Client()
    went(trusted, liar)
    assert trusted.get("/customers/").status_code == 200


def test_providers_are_set_up_on_screen_and_their_secret_is_told_nowhere(owner: User) -> None:
    client, other = Client(), Client()
    client.force_login(owner)
    bob, _password = services.create_user(actor=console_actor(), name="bob", role="manager")
    other.force_login(bob)
    address = "/settings/sign-in-rules/providers/new"
    form = {
        "label": "Works",
        "slug": "works",
        "issuer": "https://id.example.org/",
        "client_id": "guanxi",
        "secret": SECRET,
        "scopes": "openid email",
        "is_active": "on",
        "role_rules": "groups = sales -> agent",
    }
    assert other.post(address, form).status_code in {403, 404}
    assert not IdentityProvider.objects.exists()
    new = client.get(address).content.decode()
    assert "/accounts/oidc/SHORT-NAME/callback/" in new
    assert "SHORT-NAME stands for the short name" in new
    for language, words in (("en", "A short name has letters"), ("zh-hans", "短名称只能包含字母")):
        client.cookies["guanxi_language"] = language
        assert words in client.post(address, {**form, "slug": "our works"}).content.decode()
    client.cookies["guanxi_language"] = "en"
    for field, bad in (("issuer", "http://id.example.org"), ("role_rules", "nonsense"), ("role_rules", "a=b->king")):
        assert client.post(address, {**form, field: bad}).status_code == 422, bad
    assert client.post(address, form).status_code == 302
    row = IdentityProvider.objects.get()
    assert row.role_rules == [["groups", "sales", "agent"]]
    page = client.get(f"/settings/sign-in-rules/providers/{row.pk}").content.decode()
    assert "groups = sales -&gt; agent" in page
    kept = json.dumps([*Change.objects.values_list("before", "after")]) + row.secret_sealed + page
    assert SECRET not in kept
    assert row.secret_sealed not in json.dumps([*Change.objects.values_list("before", "after")])
    sealed = row.secret_sealed
    assert client.post(f"/settings/sign-in-rules/providers/{row.pk}", {**form, "secret": ""}).status_code == 302
    row.refresh_from_db()
    assert row.secret_sealed == sealed
    with pytest.raises(Forbidden):
        providers.remove_provider(actor=actor_of(bob), provider_id=row.pk)
    assert client.post(f"/settings/sign-in-rules/providers/{row.pk}/remove").status_code == 302
    assert not IdentityProvider.objects.exists()


def test_proof_is_given_to_the_provider_anew(owner: User, liar: Liar) -> None:
    liar.claims |= {"email": "ann@example.org", "auth_time": int(time.time()) - 3600}
    set_up(owner, liar.url)
    client = Client()
    went(client, liar)
    assert client.get("/settings/sign-in-rules").status_code == 302, "signed in there an hour ago"
    for ago, leads in (
        (3600, "/accounts/confirm/"),
        (-3600, "/accounts/confirm/?next=%2Fsettings%2Fsign-in-rules&provider=refused"),
        (5, "/settings/sign-in-rules"),
    ):
        begun = client.get("/accounts/oidc/works/", {"confirm": "1", "next": "/settings/sign-in-rules"})
        asked = {key: values[0] for key, values in parse_qs(urlsplit(begun["Location"]).query).items()}
        assert (asked["prompt"], asked["max_age"]) == ("login", "0")
        liar.nonce = asked["nonce"]
        liar.claims["auth_time"] = int(time.time()) - ago
        back = client.get("/accounts/oidc/works/callback/", {"code": "c", "state": asked["state"]})
        assert back["Location"].startswith(leads), ago
    assert client.get("/settings/sign-in-rules").status_code == 200


@pytest.mark.parametrize("auth_time", [None, "soon", True, 0], ids=str)
@pytest.mark.parametrize(("language", "words"), [("en", "does not say when"), ("zh-hans", "没有说明")])
def test_a_provider_that_does_not_say_when_proves_nothing(
    owner: User, liar: Liar, auth_time: Any, language: str, words: str
) -> None:
    """It was asked for max_age, and then has to say when (OpenID Connect Core 1.0, 2 and 3.1.2.1)."""
    liar.claims |= {"email": "ann@example.org", "auth_time": int(time.time()) - 3600}
    set_up(owner, liar.url)
    client = Client()
    went(client, liar)
    begun = client.get("/accounts/oidc/works/", {"confirm": "1", "next": "/settings/sign-in-rules"})
    asked = {key: values[0] for key, values in parse_qs(urlsplit(begun["Location"]).query).items()}
    liar.nonce, liar.claims["auth_time"] = asked["nonce"], auth_time
    back = client.get("/accounts/oidc/works/callback/", {"code": "c", "state": asked["state"]})
    assert back["Location"].startswith("/accounts/confirm/")
    client.cookies["guanxi_language"] = language
    assert words in client.get(back["Location"]).content.decode()
    assert client.get("/settings/sign-in-rules").status_code == 302


def test_coming_in_through_a_provider_that_does_not_say_when_is_no_proof(owner: User, liar: Liar) -> None:
    liar.claims |= {"email": "ann@example.org"}
    set_up(owner, liar.url)
    client = Client()
    went(client, liar)
    assert int(liar.asked["max_age"]) > 24 * 3600, "asked for a greatest age, it has to say when"
    assert client.get("/customers/").status_code == 200
    asked = client.get("/settings/sign-in-rules")
    assert asked["Location"].startswith("/accounts/confirm/")
    given = {"confirm-password": PASSWORD, "confirm-next": "/settings/sign-in-rules"}
    assert client.post("/accounts/confirm/", given)["Location"] == "/settings/sign-in-rules"
    assert client.get("/settings/sign-in-rules").status_code == 200


def test_whoever_has_nothing_else_to_show_is_not_asked_in_vain(owner: User, liar: Liar) -> None:
    """They could not even set up a passkey; once they have one, they are asked."""
    liar.claims |= {"email": "ann@example.org"}
    set_up(owner, liar.url)
    owner.set_unusable_password()
    owner.save()
    client = Client()
    went(client, liar)
    assert client.get("/settings/sign-in-rules").status_code == 200
    Authenticator.objects.create(user=owner, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "", "used_mask": 0})
    liar.nonce, later = None, Client()
    went(later, liar)
    assert later.get("/settings/sign-in-rules").status_code == 302


def test_a_real_provider_over_http(owner: User) -> None:
    import oidc_provider_mock

    with oidc_provider_mock.run_server_in_thread() as server:
        issuer = f"http://localhost:{server.server_port}"
        requests.put(f"{issuer}/users/bob", json={"email": "bob@example.org", "email_verified": True}, timeout=5)
        services.create_user(actor=console_actor(), name="bob", role="agent", email="bob@example.org")
        set_up(owner, issuer)
        client = Client()
        begun = client.get("/accounts/oidc/works/", {"next": "/customers/"})
        back = requests.post(begun["Location"], data={"sub": "bob"}, allow_redirects=False, timeout=5)
        target = urlsplit(back.headers["Location"])
        answer = client.get(f"{target.path}?{target.query}")
        assert answer["Location"] == "/customers/"
        assert client.get("/customers/").status_code == 200

"""Rules that lean on a provider: signing in through one alone, roles by claim, and what people see when it fails them."""

import base64
from typing import Any
from urllib.parse import unquote_plus

import pytest
from django.test import Client

from guanxi.core.actor import actor_of, console_actor
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.core.models import Role, User
from guanxi.people import services
from guanxi.people.models import Identity, IdentityProvider, SignIn
from guanxi.people.signing_in import rules
from guanxi.people.signing_in.services import providers
from guanxi.people.signing_in.services.rules import set_rules
from guanxi.people.tests.oidc_provider import Liar, set_up, went

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
RULES, LOGIN = "/settings/sign-in-rules", "/accounts/login/"


def only_providers(owner: User, *, wanted: bool = True) -> None:
    """Switch the rule."""
    set_rules(actor=actor_of(owner), roles_with_factor=(), only_through_providers=wanted)


def lets_in(name: str) -> bool:
    """Whether name and password sign in."""
    return Client().post(LOGIN, {"login": name, "password": PASSWORD}).status_code == 302


def came_again(liar: Liar, **claims: Any) -> Any:
    """A sign-in in a browser of its own."""
    liar.claims |= claims
    liar.nonce = None
    return went(Client(), liar)


def test_signing_in_through_a_provider_alone_holds_only_while_there_is_one(owner: User) -> None:
    services.create_user(actor=console_actor(), name="bob", role="agent", password=PASSWORD)
    client = Client()
    client.post(LOGIN, {"login": "ann", "password": PASSWORD})
    with pytest.raises(InvalidInput):
        only_providers(owner)
    refused = client.post(RULES, {"only_providers": "on"})
    assert refused.status_code == 422
    assert "No provider is in use yet" in refused.content.decode()
    row = set_up(owner, "https://id.example.org")
    assert client.post(RULES, {"only_providers": "on"}).status_code == 302
    assert not lets_in("bob")
    assert "This company signs in through a provider" in Client().get(LOGIN).content.decode()
    IdentityProvider.objects.update(is_active=False)
    assert (rules.is_set(), rules.only_providers()) == (True, False)
    assert lets_in("bob"), "with no provider in use the rule would keep everybody out"
    assert "This company signs in" not in Client().get(LOGIN).content.decode()
    IdentityProvider.objects.update(is_active=True)
    removed = client.post(f"{RULES}/providers/{row.pk}/remove")
    assert removed["Location"] == RULES
    assert "this is the last one in use" in client.get(RULES).content.decode()
    form = {"label": "Works", "slug": "works", "issuer": "https://id.example.org", "client_id": "g", "scopes": "openid"}
    disabled = client.post(f"{RULES}/providers/{row.pk}", form)
    assert disabled.status_code == 422
    assert "this is the last one in use" in disabled.content.decode()
    other = set_up(owner, "https://b.example.org", slug="other", label="Other")
    providers.remove_provider(actor=actor_of(owner), provider_id=row.pk)
    with pytest.raises(Conflict):
        providers.remove_provider(actor=actor_of(owner), provider_id=other.pk)
    only_providers(owner, wanted=False)
    providers.remove_provider(actor=actor_of(owner), provider_id=other.pk)


def test_a_role_set_by_hand_stays_where_no_rule_fits_and_comes_back_after_one(owner: User, liar: Liar) -> None:
    bob, _password = services.create_user(actor=console_actor(), name="bob", role="analyst", email="bob@example.org")
    auditor = Role.objects.get(key="auditor")
    provider = set_up(owner, liar.url, role_rules=[["groups", "bosses", "manager"]], default_role_id=auditor.pk)

    def role_after(groups: list[str]) -> str:
        came_again(liar, groups=groups)
        bob.refresh_from_db()
        return str(bob.role.key)

    assert role_after([]) == "analyst"
    assert role_after(["bosses"]) == "manager"
    assert role_after([]) == "auditor"
    services.update_user(actor=actor_of(owner), user_id=bob.pk, role="agent")
    assert role_after([]) == "agent", "set by hand since"
    assert role_after(["bosses"]) == "manager"
    IdentityProvider.objects.filter(pk=provider.pk).update(default_role=None)
    assert role_after([]) == "agent", "without a default role, what it was before"


def test_whoever_a_rule_made_is_not_let_in_once_none_gives_a_role(owner: User, liar: Liar) -> None:
    set_up(owner, liar.url, role_rules=[["groups", "bosses", "manager"]], provisions=True)
    assert came_again(liar, groups=["bosses"])["Location"] == "/customers/"
    assert came_again(liar, groups=[])["Location"].endswith("provider=unknown")
    assert SignIn.objects.latest("id").outcome == "no_user"
    assert Identity.objects.get().user.role.key == "manager"


def test_a_provider_that_fails_is_told_from_one_that_refuses(owner: User, liar: Liar) -> None:
    services.create_user(actor=console_actor(), name="bob", role="agent", email="bob@example.org")
    set_up(owner, liar.url)
    client = Client()
    begun = client.get("/accounts/oidc/works/", {"next": "/customers/"})
    state = begun["Location"].partition("state=")[2].partition("&")[0]
    address = "/accounts/oidc/works/callback/"
    refused = client.get(address, {"error": "access_denied", "state": state})
    assert refused["Location"] == f"{LOGIN}?next=%2Fcustomers%2F&provider=refused"
    assert SignIn.objects.latest("id").outcome == "declined"
    liar.token_status = 401
    assert came_again(liar)["Location"].endswith("provider=refused")
    assert SignIn.objects.latest("id").outcome == "refused_us"
    liar.token_status = 502
    away = came_again(liar)
    assert away["Location"] == f"{LOGIN}?next=%2Fcustomers%2F&provider=away"
    assert SignIn.objects.latest("id").outcome == "provider_away"
    page = Client().get(away["Location"]).content.decode()
    assert "The provider does not answer now" in page
    assert 'value="/customers/"' in page


@pytest.mark.parametrize(("language", "words"), [("en", "does not answer now"), ("zh-hans", "暂时没有应答")])
def test_confirming_through_a_provider_that_is_away_leads_back_to_the_question(
    owner: User, liar: Liar, language: str, words: str
) -> None:
    services.create_user(actor=console_actor(), name="bob", role="agent", email="bob@example.org")
    set_up(owner, liar.url)
    client = Client()
    went(client, liar)
    liar.server.shutdown()
    liar.server.server_close()
    begun = client.get("/accounts/oidc/works/", {"confirm": "1", "next": "/settings/security"})
    assert begun["Location"] == "/accounts/confirm/?next=%2Fsettings%2Fsecurity&provider=away"
    client.cookies["guanxi_language"] = language
    page = client.get(begun["Location"]).content.decode()
    assert words in page
    assert "next=/settings/security" in page


def test_client_id_and_secret_are_encoded_before_they_are_joined(owner: User, liar: Liar) -> None:
    services.create_user(actor=console_actor(), name="bob", role="agent", email="bob@example.org")
    row = set_up(owner, liar.url)
    strange = {"issuer": liar.url, "client_id": "a:b c", "scopes": "openid"}
    providers.save_provider(actor=actor_of(owner), provider=row, secret="100%+ä:&", slug="works", settings=strange)
    liar.claims["aud"] = "a:b c"
    assert went(Client(), liar)["Location"] == "/customers/"
    name, _colon, secret = (
        base64.b64decode(liar.tokens_given["authorization"].removeprefix("Basic ")).decode().partition(":")
    )
    assert (unquote_plus(name), unquote_plus(secret)) == ("a:b c", "100%+ä:&")


def test_a_provider_that_the_environment_set_up_once_is_not_listed_with_nothing_behind_it(owner: User) -> None:
    IdentityProvider.objects.create(slug="gone", label="Gone works", is_active=False)
    assert "Gone works" not in [row.label for row in providers.all_providers(actor_of(owner))]

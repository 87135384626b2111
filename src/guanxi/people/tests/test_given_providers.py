"""Providers that the environment sets up: people sign in through them, screens show them, mistakes are named."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client

from guanxi.core.checkup import Level
from guanxi.core.models import Change, Role, User
from guanxi.people import checkup
from guanxi.people.models import Identity, IdentityProvider
from guanxi.people.signing_in import environment
from guanxi.people.tests import real_saml
from guanxi.people.tests.saml_provider import METADATA

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
SECRET = "the-secret-between-us-41"
OIDC = {
    "GUANXI_PROVIDERS": "works",
    "GUANXI_PROVIDER_WORKS_PROTOCOL": "oidc",
    "GUANXI_PROVIDER_WORKS_LABEL": "The works",
    "GUANXI_PROVIDER_WORKS_ISSUER": "https://id.example.org",
    "GUANXI_PROVIDER_WORKS_CLIENT_ID": "guanxi",
    "GUANXI_PROVIDER_WORKS_CLIENT_SECRET": SECRET,
}
SAML = {
    "GUANXI_PROVIDERS": "works",
    "GUANXI_PROVIDER_WORKS_PROTOCOL": "saml",
    "GUANXI_PROVIDER_WORKS_LABEL": "The works",
    "GUANXI_PROVIDER_WORKS_METADATA": METADATA,
}


def put(monkeypatch: pytest.MonkeyPatch, values: dict[str, str], **more: str) -> None:
    """Set the variables, and more of the provider works."""
    for name, value in (values | {f"GUANXI_PROVIDER_WORKS_{key}": text for key, text in more.items()}).items():
        monkeypatch.setenv(name, value)


def told() -> list[tuple[Level, str]]:
    """What `guanxi check` says of it."""
    return [(one.level, one.text) for one in checkup.tell_of_providers(checkup.look_at_providers())]


def test_people_sign_in_through_openid_connect(monkeypatch: pytest.MonkeyPatch, bob: User, tmp_path: Path) -> None:
    import oidc_provider_mock

    (tmp_path / "secret").write_text(f"{SECRET}\n")
    with oidc_provider_mock.run_server_in_thread() as server:
        issuer = f"http://localhost:{server.server_port}"
        requests.put(f"{issuer}/users/bob", json={"email": "bob@example.org", "email_verified": True}, timeout=5)
        put(monkeypatch, OIDC, ISSUER=issuer, CLIENT_SECRET="", CLIENT_SECRET_FILE=str(tmp_path / "secret"))
        client = Client()
        assert "Sign in through The works" in client.get("/accounts/login/").content.decode()
        assert not IdentityProvider.objects.exists(), "looking at the page writes nothing"
        begun = client.get("/accounts/oidc/works/", {"next": "/customers/"})
        back = requests.post(begun["Location"], data={"sub": "bob"}, allow_redirects=False, timeout=5)
        target = urlsplit(back.headers["Location"])
        assert client.get(f"{target.path}?{target.query}")["Location"] == "/customers/"
    assert client.get("/customers/").status_code == 200
    assert Identity.objects.get().user == bob
    row = IdentityProvider.objects.values().get()
    assert (row["is_active"], row["settings"], row["secret_sealed"]) == (False, {}, ""), "nothing of it is kept"
    assert SECRET not in str(list(Change.objects.values_list("before", "after")))
    for name in OIDC:
        monkeypatch.delenv(name)
    monkeypatch.delenv("GUANXI_PROVIDER_WORKS_CLIENT_SECRET_FILE")
    assert "The works" not in Client().get("/accounts/login/").content.decode()
    assert Client().get("/accounts/oidc/works/").status_code == 404


@pytest.mark.parametrize("in_file", [True, False])
def test_people_sign_in_through_saml(monkeypatch: pytest.MonkeyPatch, bob: User, tmp_path: Path, in_file: bool) -> None:
    (tmp_path / "metadata.xml").write_text(METADATA)
    path = str(tmp_path / "metadata.xml")
    put(monkeypatch, SAML, **({"METADATA": "", "METADATA_FILE": path} if in_file else {}))
    server = real_saml.made_provider(tmp_path, Client().get("/accounts/saml/works/metadata/").content.decode())
    client = Client()
    sent = real_saml.answered(server, client.get("/accounts/saml/works/", {"next": "/customers/"})["Location"])
    assert client.post("/accounts/saml/works/finish/", sent)["Location"] == "/customers/"
    assert client.get("/customers/").status_code == 200
    assert Identity.objects.get().user == bob


def test_users_are_made_with_the_roles_that_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rules = "mail = nobody@example.org -> owner; mail = bob@example.org -> manager"
    put(monkeypatch, SAML, MAKES_USERS="yes", DEFAULT_ROLE="agent", ROLE_RULES=rules)
    server = real_saml.made_provider(tmp_path, Client().get("/accounts/saml/works/metadata/").content.decode())
    for role in ("manager", "agent"):
        client = Client()
        sent = real_saml.answered(server, client.get("/accounts/saml/works/")["Location"])
        assert client.post("/accounts/saml/works/finish/", sent)["Location"] == "/"
        assert User.objects.get().role.key == role
        User.objects.all().delete()
        monkeypatch.delenv("GUANXI_PROVIDER_WORKS_ROLE_RULES", raising=False)


def test_several_stand_beside_those_set_up_on_screen_and_are_not_changed_there(
    monkeypatch: pytest.MonkeyPatch, owner: User
) -> None:
    put(monkeypatch, SAML | {"GUANXI_PROVIDERS": "works, far-east"})
    east = {key.replace("WORKS", "FAR_EAST"): value for key, value in OIDC.items() if key != "GUANXI_PROVIDERS"}
    put(monkeypatch, east | {"GUANXI_PROVIDER_FAR_EAST_LABEL": "Far East"})
    client = Client()
    client.force_login(owner)
    form = {"label": "Here", "slug": "here", "issuer": "https://a.example", "client_id": "x", "scopes": "openid"}
    assert client.post("/settings/sign-in-rules/providers/new", {**form, "is_active": "on"}).status_code == 302
    page = client.get("/settings/sign-in-rules").content.decode()
    assert page.count("set by the environment") == 2
    assert page.count("/remove") == 1
    assert "https://id.example.org" in page
    login = Client().get("/accounts/login/").content.decode()
    assert login.index("Far East") < login.index("through Here") < login.index("The works")
    assert "/accounts/oidc/far-east/" in login
    taken = client.post("/settings/sign-in-rules/providers/new", {**form, "slug": "works"})
    assert taken.status_code == 422
    Client().get("/accounts/saml/works/")
    row = IdentityProvider.objects.get(slug="works")
    address = f"/settings/sign-in-rules/providers/{row.pk}"
    for answer in (client.get(address), client.post(address, form), client.post(f"{address}/remove")):
        assert answer.status_code == 409
        assert "set by the environment" in answer.content.decode()
    assert IdentityProvider.objects.filter(slug="works").exists()
    assert told() == [(Level.OK, "Providers of sign-in that the environment sets up: far-east, works.")]


def test_who_is_who_stays_when_a_provider_moves_into_the_environment(
    monkeypatch: pytest.MonkeyPatch, owner: User, bob: User, tmp_path: Path
) -> None:
    client = Client()
    client.force_login(owner)
    form = {"label": "Works", "slug": "works", "metadata": METADATA, "is_active": "on", "matches_email": "on"}
    assert client.post("/settings/sign-in-rules/providers/new?protocol=saml", form).status_code == 302
    server = real_saml.made_provider(tmp_path, Client().get("/accounts/saml/works/metadata/").content.decode())
    for number in range(2):
        visitor = Client()
        sent = real_saml.answered(server, visitor.get("/accounts/saml/works/")["Location"])
        assert visitor.post("/accounts/saml/works/finish/", sent)["Location"] == "/", number
        put(monkeypatch, SAML, MATCHES_EMAIL="no")
    assert Identity.objects.count() == 1
    assert told()[0] == (Level.WARNING, "The provider works is set up on screen and by the environment.")


MISTAKES: dict[str, tuple[dict[str, str], str, str]] = {
    "no protocol": ({"PROTOCOL": ""}, "PROTOCOL", "is missing"),
    "another protocol": ({"PROTOCOL": "ldap"}, "PROTOCOL", "must be oidc or saml"),
    "no label": ({"LABEL": ""}, "LABEL", "is missing"),
    "no issuer": ({"ISSUER": ""}, "ISSUER", "is missing"),
    "plain http": ({"ISSUER": "http://id.example.org"}, "ISSUER", "https://"),
    "no client": ({"CLIENT_ID": ""}, "CLIENT_ID", "is missing"),
    "no file": ({"CLIENT_SECRET": "", "CLIENT_SECRET_FILE": "/nowhere"}, "CLIENT_SECRET_FILE", "cannot be read"),
    "a secret twice": ({"CLIENT_SECRET_FILE": "/etc/hostname"}, "CLIENT_SECRET", "both set"),
    "a secret without end": ({"CLIENT_SECRET": "x" * 501}, "CLIENT_SECRET", "more than it can"),
    "no yes or no": ({"MAKES_USERS": "maybe"}, "MAKES_USERS", "yes or no"),
    "rules": ({"ROLE_RULES": "groups: sales"}, "ROLE_RULES", "groups = sales -> agent"),
    "no metadata": ({"PROTOCOL": "saml", "METADATA": ""}, "METADATA_FILE", "is missing"),
    "metadata": ({"PROTOCOL": "saml", "METADATA": "<x/>"}, "METADATA", "does not hold the metadata"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_and_costs_only_its_provider(
    monkeypatch: pytest.MonkeyPatch, owner: User, name: str
) -> None:
    values, variable, words = MISTAKES[name]
    put(monkeypatch, OIDC, **values)
    found = told()
    assert found[0][0] == Level.PROBLEM
    assert found[0][1].startswith(f"GUANXI_PROVIDER_WORKS_{variable} ")
    assert words in found[0][1]
    assert SECRET not in str(found)
    assert "The works" not in Client().get("/accounts/login/").content.decode()
    assert Client().get("/accounts/oidc/works/").status_code == 404
    client = Client()
    sent = {"login": "ann", "password": PASSWORD}
    assert client.post("/accounts/login/", sent).status_code == 302, "others sign in as before"


def test_roles_that_are_not_there_and_variables_of_nobody_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told() == [(Level.OK, "The environment sets up no providers of sign-in.")]
    more: dict[str, Any] = {"DEFAULT_ROLE": "king", "ROLE_RULES": "a = b -> queen", "MAKES_USERS": "no"}
    put(monkeypatch, OIDC | {"GUANXI_PROVIDER_WORK_LABEL": "x", "GUANXI_PROVIDER_WORKS_ISUER": "x"}, **more)
    text = "\n".join(words for _level, words in told())
    for variable in ("WORKS_DEFAULT_ROLE names a role", "WORKS_ROLE_RULES names a role", "WORK_LABEL belongs to no",
                     "WORKS_ISUER belongs to no"):  # fmt: skip
        assert f"GUANXI_PROVIDER_{variable}" in text
    Role.objects.create(key="king", name_en="King", name_zh="国王")
    assert "DEFAULT_ROLE" not in "\n".join(words for _level, words in told())
    put(monkeypatch, {"GUANXI_PROVIDERS": "The Works"})
    assert "GUANXI_PROVIDERS: short names" in told()[0][1]


def test_a_file_that_changes_is_read_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("the first one")
    put(monkeypatch, OIDC, CLIENT_SECRET="", CLIENT_SECRET_FILE=str(path))
    assert environment.providers()["works"].secret == "the first one"
    path.write_text("another one, longer")
    assert environment.providers()["works"].secret == "another one, longer"

"""Second factors: set up, asked for, used once, forced by role, taken away; nothing of them is ever told again."""

import json
import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from guanxi.core.actor import actor_of, console_actor
from guanxi.core.errors import Conflict, Forbidden, NotFound
from guanxi.core.models import Change, Role, Session, User
from guanxi.people import services
from guanxi.people.models import SignIn
from guanxi.people.signing_in.services import accounts, factors
from guanxi.people.views.factors import CODES

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
LOGIN, STEP = "/accounts/login/", "/accounts/second-step/"
APP = "/settings/security/app"


@pytest.fixture
def bob() -> User:
    """An agent."""
    services.create_user(actor=console_actor(), name="ann", role="owner", password=PASSWORD)
    user, _password = services.create_user(actor=console_actor(), name="bob", role="agent", password=PASSWORD)
    return user


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The seconds that codes are counted by."""
    shift = [0.0]
    real = time.time
    monkeypatch.setattr("guanxi.people.signing_in.services.factors.time.time", lambda: real() + shift[0])

    def move(seconds: float) -> None:
        shift[0] += seconds

    return move


def code_of(secret: str) -> str:
    """What the telephone shows."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def signed_in(name: str = "bob", code: str = "") -> Client:
    """A browser after the password, and after the code where one is given."""
    client = Client()
    client.post(LOGIN, {"login": name, "password": PASSWORD})
    if code:
        client.post(STEP, {"code": code})
    return client


def is_inside(client: Client) -> bool:
    """Whether the browser is signed in."""
    return client.get("/").status_code == 200


def set_up(client: Client) -> tuple[str, list[str]]:
    """Set an application up in the browser: its secret, and the recovery codes that were shown."""
    page = client.get(APP).content.decode()
    secret = "".join(re.search(r'secret-small">([A-Z2-7 ]+)<', page)[1].split())  # type: ignore[index]
    return secret, codes_shown(client, client.post(APP, {"code": code_of(secret)}))


def codes_shown(client: Client, answer: Any) -> list[str]:
    """The recovery codes on the page that an answer leads to."""
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer["Location"])
    assert "no-store" in page["Cache-Control"]
    return re.findall(r"<li>([\d-]{14})</li>", page.content.decode())


def test_an_application_is_set_up_and_asked_for(bob: User, clock: Any) -> None:
    client = signed_in()
    page = client.get(APP).content.decode()
    assert "data:image/svg+xml;base64," in page
    refused = client.post(APP, {"code": "000000"})
    assert refused.status_code == 422
    assert "This code is not right" in refused.content.decode()
    secret, codes = set_up(client)
    assert len(codes) == 10
    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not any(code.replace("-", "") in kept for code in codes)
    told = json.dumps(list(Change.objects.filter(field="second_factors").values("before", "after")))
    assert '"totp"' in told
    assert secret not in told
    assert codes[0] not in client.get("/settings/security").content.decode()
    clock(60)
    monkey = signed_in()
    assert not is_inside(monkey)
    step = monkey.get(STEP).content.decode()
    assert "Second step" in step
    assert 'inputmode="numeric"' in step
    assert monkey.post(STEP, {"code": "123"}).status_code == 200
    assert not is_inside(monkey)
    answer = monkey.post(STEP, {"code": code_of(secret)})
    assert answer.status_code == 302
    assert is_inside(monkey)
    assert Session.objects.filter(means="password totp").count() == 1
    assert SignIn.objects.filter(user=bob, outcome="wrong_code", second="totp").exists()


def test_no_code_counts_twice_and_a_clock_set_back_revives_none(bob: User, clock: Any) -> None:
    secret, _codes = set_up(signed_in())
    at_set_up = code_of(secret)
    assert not is_inside(signed_in(code=at_set_up))
    clock(30)
    used = code_of(secret)
    assert is_inside(signed_in(code=used))
    assert not is_inside(signed_in(code=used))
    clock(-30)
    assert factors.use_code(bob.pk, at_set_up) is None
    assert factors.use_code(bob.pk, used) is None
    clock(3600)
    assert factors.use_code(bob.pk, used) is None
    assert factors.use_code(bob.pk, code_of(secret)) is not None


@pytest.mark.parametrize("seconds", [3600, 365 * 86400])
def test_a_clock_set_back_keeps_nobody_out_and_revives_no_code_that_was_used(
    bob: User, clock: Any, seconds: int
) -> None:
    clock(seconds)
    secret, _codes = set_up(signed_in())
    used = []
    for _again in range(3):
        clock(30)
        used.append(code_of(secret))
        assert factors.use_code(bob.pk, used[-1]) is not None
    clock(-seconds - 90)
    assert factors.use_code(bob.pk, code_of(secret)) is not None, "they get in by the new time"
    assert factors.use_code(bob.pk, code_of(secret)) is None
    clock(30)
    assert factors.use_code(bob.pk, code_of(secret)) is not None
    clock(seconds + 60)
    for code in used:
        assert factors.use_code(bob.pk, code) is None, "the old time comes again, its codes do not"


def test_recovery_codes_count_once_and_new_ones_end_the_old(bob: User) -> None:
    client = signed_in()
    _secret, codes = set_up(client)
    assert is_inside(signed_in(code=codes[3]))
    assert not is_inside(signed_in(code=codes[3]))
    assert is_inside(signed_in(code=codes[4].replace("-", " ")))
    assert factors.codes_left(bob.pk) == 8
    answer = client.post("/settings/security/recovery-codes")
    kept = json.dumps(client.session.get(CODES))
    fresh = codes_shown(client, answer)
    assert not any(code in kept for code in fresh), "they wait sealed"
    again = client.get(answer["Location"]).content.decode()
    assert not re.search(r"<li>[\d-]{14}</li>", again)
    assert "They were shown once" in again
    assert len(set(fresh) | set(codes)) == 20
    assert factors.use_code(bob.pk, codes[5]) is None
    assert factors.use_code(bob.pk, fresh[0]) is not None


def test_codes_may_be_typed_in_full_width_digits(bob: User, clock: Any) -> None:
    wide = str.maketrans("0123456789-", "０１２３４５６７８９－")
    client = signed_in()
    page = client.get(APP).content.decode()
    secret = "".join(re.search(r'secret-small">([A-Z2-7 ]+)<', page)[1].split())  # type: ignore[index]
    codes = codes_shown(client, client.post(APP, {"code": code_of(secret).translate(wide)}))
    assert is_inside(signed_in(code=codes[0].translate(wide)))
    clock(60)
    assert factors.use_code(bob.pk, code_of(secret).translate(wide)) is not None


@pytest.mark.parametrize(
    "code", ["", "0" * 12, "1234", "١٢٣٤٥٦", "-1", "9" * 4000, "\x00", "000000000000 OR 1=1", "１２３４５６"]
)
def test_forged_codes_let_nobody_in(bob: User, code: str) -> None:
    set_up(signed_in())
    client = signed_in()
    assert client.post(STEP, {"code": code}).status_code in {200, 429}
    assert not is_inside(client)
    assert factors.codes_left(bob.pk) == 10


def test_guessing_codes_is_slowed_down_and_survives_a_new_session(bob: User, clock: Any) -> None:
    secret, _codes = set_up(signed_in())
    clock(60)
    for _again in range(5):
        assert signed_in().post(STEP, {"code": "111111"}).status_code == 200
    blocked = signed_in().post(STEP, {"code": code_of(secret)})
    assert (blocked.status_code, blocked["Retry-After"]) == (429, "30")
    assert "try again in 30 seconds" in blocked.content.decode()


def test_the_second_step_alone_is_worth_nothing(bob: User) -> None:
    set_up(signed_in())
    assert Client().get(STEP).status_code == 302
    assert Client().post(STEP, {"code": "123456"}).status_code == 302
    client = signed_in()
    for address in ("/settings/security", "/customers/", "/live/ticket", APP):
        assert client.get(address).status_code in {302, 401}, address
    assert client.post("/accounts/second-step/leave/").status_code == 302
    assert client.get(STEP)["Location"] == LOGIN


def test_setting_up_and_removing_asks_who_it_is_after_a_while(bob: User) -> None:
    client = signed_in()
    set_up(client)
    session = client.session
    session["guanxi_confirmed"] = time.time() - 3600
    session.save()
    row = Authenticator.objects.get(type="totp")
    for method, address in (
        ("get", "/settings/security/passkeys/new"),
        ("get", "/settings/security/passkeys/options"),
        ("post", f"/settings/security/app/{row.pk}/remove"),
        ("post", "/settings/security/recovery-codes"),
    ):
        answer = getattr(client, method)(address)
        assert answer.status_code == (302 if method == "get" else 307), address
        assert answer["Location"].startswith("/accounts/confirm/?next="), address
    part = client.post("/settings/security/recovery-codes", headers={"hx-request": "true"})
    assert (part.status_code, part["HX-Redirect"][:18]) == (204, "/accounts/confirm/")
    assert Authenticator.objects.count() == 2
    session["guanxi_confirmed"] = time.time() + 3600
    session.save()
    assert client.get(APP).status_code == 302
    page = client.get("/accounts/confirm/").content.decode()
    assert 'name="confirm-password"' in page
    assert 'name="confirm-code"' in page
    assert client.post("/accounts/confirm/", {"confirm-password": PASSWORD, "confirm-next": APP})["Location"] == APP
    assert client.post(f"/settings/security/app/{row.pk}/remove").status_code == 302
    assert not Authenticator.objects.exists()
    assert is_inside(signed_in())


def test_factors_of_others_are_out_of_reach(bob: User) -> None:
    set_up(signed_in())
    row = Authenticator.objects.get(type="totp")
    eve = signed_in("ann")
    assert eve.post(f"/settings/security/app/{row.pk}/remove").status_code == 404
    assert eve.post(f"/settings/security/passkeys/{row.pk}/remove").status_code == 404
    assert eve.post(f"/settings/security/passkeys/{row.pk}/name", {"name": "mine"}).status_code == 404
    with pytest.raises(NotFound):
        factors.remove_factor(actor=actor_of(User.objects.get(username="ann")), factor_id=row.pk, kind="totp")
    with pytest.raises(Forbidden):
        accounts.reset_factors(actor=actor_of(bob), user_id=User.objects.get(username="ann").pk)
    assert Authenticator.objects.count() == 2


def test_an_owner_resets_lost_factors_and_it_is_written_down(bob: User) -> None:
    inside = signed_in()
    set_up(inside)
    owner = signed_in("ann")
    address = f"/settings/users/{bob.pk}/security"
    assert owner.get(address)["Location"] == f"/settings/users/{bob.pk}?tab=security", "a part is no page of its own"
    tab = owner.get(address, headers={"hx-request": "true"}).content.decode()
    assert "Reset second factors" in tab
    assert "Authenticator application" in tab
    assert "TOTP Authenticator" not in tab
    assert owner.post(f"/settings/users/{bob.pk}/second-factors/reset").status_code == 302
    assert not is_inside(inside)
    assert is_inside(signed_in())
    told = Change.objects.filter(
        field="second_factors", record_id=bob.pk, operation__name="people.reset_second_factors"
    )
    assert [(row.before, row.after, row.operation.actor_name) for row in told] == [(2, 0, "ann")]


def test_secrets_sealed_with_another_key_prove_nothing_and_break_nothing(bob: User, settings: Any) -> None:
    secret, codes = set_up(signed_in())
    settings.SECRET_KEY = "another-signing-key-of-at-least-32-characters"
    assert factors.use_code(bob.pk, codes[0]) is None
    assert factors.use_code(bob.pk, code_of(secret)) is None


def test_a_role_that_asks_for_a_second_factor_leads_to_it_first(bob: User, clock: Any) -> None:
    client = signed_in()
    assert is_inside(client)
    Role.objects.filter(key="agent").update(requires_mfa=True)
    answer = client.get("/customers/")
    assert (answer.status_code, answer["Location"]) == (302, "/settings/security?needed=1")
    quiet = client.get("/notifications/bell", headers={"hx-request": "true"})
    assert (quiet.status_code, quiet.content, "HX-Redirect" in quiet) == (204, b"", False)
    asked = client.get("/customers/", headers={"hx-request": "true", "gx-asked": "1"})
    assert (asked.status_code, asked["HX-Redirect"]) == (403, "/settings/security?needed=1")
    assert client.post("/settings/profile", {"name": "x"}).status_code == 403
    assert client.get("/live/ticket", headers={"accept": "*/*"}).status_code == 403
    page = client.get("/settings/security").content.decode()
    assert "Your role asks for a second factor" in page
    for part in (
        page,
        client.get(APP).content.decode(),
        client.get("/settings/security/passkeys/new").content.decode(),
    ):
        offered = set(re.findall(r'(?:href|action|hx-get)="(/[^"?#]*)', part))
        offered = {address for address in offered if not address.startswith("/static/")}
        allowed = {"/settings/security", APP, "/settings/security/passkeys/new", "/accounts/logout/", "/ui/preferences"}
        assert offered <= allowed, "nothing but what is needed"
    assert not is_inside(signed_in())
    set_up(client)
    assert is_inside(client)
    row = Authenticator.objects.get(type="totp")
    refused = client.post(f"/settings/security/app/{row.pk}/remove")
    assert (refused.status_code, refused["Location"]) == (302, "/settings/security")
    assert (
        "Your role asks for a second factor; set up another one first."
        in client.get("/settings/security").content.decode()
    )
    assert Authenticator.objects.filter(pk=row.pk).exists()
    with pytest.raises(Conflict):
        factors.remove_factor(actor=actor_of(bob), factor_id=row.pk, kind="totp")
    assert is_inside(signed_in("ann"))


@pytest.mark.parametrize(
    "credential",
    ["", "x", "[]", "{}", "null", '{"id": 1}', "[" * 9000, '{"response": []}', '{"id":"AA","rawId":"AA","type":"public-key","response":{}}',
     '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AA","signature":"AA","userHandle":"MQ"}}'],
)  # fmt: skip
def test_malformed_and_forged_passkeys_are_refused_in_words(bob: User, credential: str) -> None:
    client = Client()
    assert client.get("/accounts/passkey/options/").json()["publicKey"]["userVerification"] == "required"
    answer = client.post("/accounts/passkey/", {"credential": credential})
    assert answer["Location"] == "/accounts/login/?passkey=refused"
    assert "The passkey was not accepted" in client.get(answer["Location"]).content.decode()
    assert not is_inside(client)
    inside = signed_in()
    inside.get("/settings/security/passkeys/options?alone=1")
    refused = inside.post("/settings/security/passkeys/new", {"name": "x", "credential": credential})
    assert refused.status_code == 422
    assert not Authenticator.objects.exists()


def test_the_sign_in_page_says_only_words_of_ours() -> None:
    services.create_user(actor=console_actor(), name="ann", role="owner", password=PASSWORD)
    text = Client().get(f"{LOGIN}?wait=90&passkey=<b>").content.decode()
    assert "try again in 2 minutes" in text
    for odd in ("wait=-1", "wait=%F0%9D%9F%99", "wait=99999999999", "wait=x"):
        assert Client().get(f"{LOGIN}?{odd}").status_code == 200


def test_an_owner_says_on_screen_which_roles_need_a_second_factor(bob: User) -> None:
    agent = Role.objects.get(key="agent")
    owner, other = signed_in("ann"), signed_in()
    address = "/settings/sign-in-rules"
    assert other.get(address).status_code in {403, 404}
    assert other.post(address, {"roles": [agent.pk]}).status_code in {403, 404}
    assert owner.post(address, {"roles": ["nonsense"]}).status_code == 422
    assert owner.post(address, {"roles": [agent.pk]}).status_code == 302
    agent.refresh_from_db()
    assert agent.requires_mfa
    told = Change.objects.get(kind="role", field="requires_mfa")
    assert (told.record_id, told.before, told.after) == (agent.pk, False, True)
    assert f'value="{agent.pk}" class="form-check-input" id' in owner.get(address).content.decode()
    assert other.get("/customers/").status_code == 302
    owner.post(address, {})
    assert other.get("/customers/").status_code == 200

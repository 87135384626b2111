"""Programs act for nobody whose role asks for a second factor that is not set up."""

import pytest
from allauth.mfa.models import Authenticator

from guanxi.core.actor import actor_of
from guanxi.core.models import Role, User
from guanxi.integration.authentication import caller_of
from guanxi.integration.models import ApiToken
from guanxi.integration.services.tokens import create_token

pytestmark = pytest.mark.django_db


def test_a_token_works_only_while_its_user_has_the_factor_that_the_role_asks_for() -> None:
    user = User.objects.create_user("till", "moon-over-the-harbour", role=Role.objects.get(key="agent"))
    _token, key = create_token(actor=actor_of(user), user=user, scope="read", label="till")
    assert caller_of(key) is not None
    Role.objects.filter(key="agent").update(requires_mfa=True)
    assert caller_of(key) is None
    codes = Authenticator.objects.create(user=user, type="recovery_codes", data={})
    assert caller_of(key) is None
    codes.delete()
    Authenticator.objects.create(user=user, type="webauthn", data={})
    assert caller_of(key) is not None


def test_making_a_token_asks_who_it_is_when_the_sign_in_is_long_ago(client) -> None:
    user = User.objects.create_user("till", "moon-over-the-harbour", role=Role.objects.get(key="owner"))
    client.force_login(user)
    form = {"label": "till", "areas": "read", "scope": "read"}
    assert client.get("/settings/tokens/create").status_code == 200
    session = client.session
    session["guanxi_confirmed"] = 1.0
    session.save()
    for answer, status in (
        (client.get("/settings/tokens/create"), 302),
        (client.post("/settings/tokens/create", form), 307),
    ):
        assert (answer.status_code, answer["Location"][:18]) == (status, "/accounts/confirm/")
    assert not ApiToken.objects.exists()
    part = client.get(
        "/settings/tokens/create", headers={"hx-request": "true", "hx-current-url": "http://testserver/settings/tokens"}
    )
    assert part["HX-Redirect"] == "/accounts/confirm/?next=%2Fsettings%2Ftokens"

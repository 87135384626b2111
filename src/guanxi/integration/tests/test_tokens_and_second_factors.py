"""Programs act for nobody whose role asks for a second factor that is not set up."""

import pytest
from allauth.mfa.models import Authenticator

from guanxi.core.actor import actor_of
from guanxi.core.models import Role, User
from guanxi.integration.authentication import caller_of
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

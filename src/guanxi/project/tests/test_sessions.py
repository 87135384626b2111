"""Sessions across processes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from guanxi.core import housekeeping
from guanxi.core.models import Role, Session, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    """A client whose user has signed in."""
    user = User.objects.create_user("somebody", "a long password", role=Role.objects.get(key="agent"))
    client.force_login(user)
    assert client.get("/live/ticket").status_code == 200
    return client


def test_a_sign_out_in_one_process_counts_in_all(signed_in):
    # What another process does on signing out: the row is gone, our memory of it must not matter.
    Session.objects.all().delete()
    assert signed_in.get("/live/ticket").status_code == 401


def test_sessions_that_have_ended_are_forgotten_and_others_are_not(signed_in):
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(days=1))
    housekeeping.forget_old_sessions.call()
    assert Session.objects.count() == 1

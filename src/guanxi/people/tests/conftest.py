"""People whom providers of sign-in know."""

from collections.abc import Iterator

import pytest

from guanxi.core.actor import console_actor
from guanxi.core.models import User
from guanxi.people import services
from guanxi.people.tests.oidc_provider import Liar

PASSWORD = "correct horse battery"


@pytest.fixture
def owner() -> User:
    """The owner."""
    user, _password = services.create_user(
        actor=console_actor(), name="ann", role="owner", password=PASSWORD, email="ann@example.org"
    )
    return user


@pytest.fixture
def bob() -> User:
    """Somebody whose address the provider knows."""
    user, _password = services.create_user(actor=console_actor(), name="bob", role="agent", email="bob@example.org")
    return user


@pytest.fixture
def liar() -> Iterator[Liar]:
    """A provider to be spoiled."""
    found = Liar()
    yield found
    found.server.shutdown()
    found.server.server_close()

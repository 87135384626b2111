"""What tests of webhooks stand on, those here and those of the whole project: a receiver, and a webhook that leads to it.

A test module imports these functions; a fixture goes by the name that is given to it.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as django_settings

from guanxi.core.actor import Actor, actor_of
from guanxi.core.models import Role, User
from guanxi.integration.tests.receiver import Receiver, receiving
from guanxi.integration.webhooks import services
from guanxi.integration.webhooks.models import WebhookEndpoint


@pytest.fixture(name="receiver")
def a_receiver() -> Iterator[Receiver]:
    """A receiver on this machine."""
    with receiving() as found:
        yield found


@pytest.fixture(autouse=True)
def leads_inside(settings: Any) -> None:
    """These receivers are on this machine."""
    settings.CONFIG = replace(django_settings.CONFIG, webhooks_inside=True)


@pytest.fixture(name="owner")
def an_owner() -> Actor:
    """An owner."""
    return actor_of(User.objects.create(username="boss", role=Role.objects.get(key="owner")))


@pytest.fixture(name="endpoint")
def an_endpoint(owner: Actor, receiver: Receiver) -> tuple[WebhookEndpoint, str]:
    """A webhook to the receiver, and its secret."""
    return services.create_endpoint(actor=owner, label="ERP", url=receiver.url)

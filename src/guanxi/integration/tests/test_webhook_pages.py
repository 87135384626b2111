"""The page of a webhook follows what happens, whichever way it was reached; one removed meanwhile breaks nothing."""

import re
from typing import Any

import pytest
from django.test import Client

from guanxi.core.actor import Actor
from guanxi.integration.tests.receiver import Receiver
from guanxi.integration.tests.webhook_fixtures import a_receiver, an_endpoint, an_owner, leads_inside
from guanxi.integration.webhooks import delivering, jobs, services
from guanxi.integration.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookMessage

pytestmark = pytest.mark.django_db
FIXTURES = (a_receiver, an_endpoint, an_owner, leads_inside)


def test_a_page_that_a_form_drew_asks_for_what_is_new_where_there_is_a_page(client: Client, endpoint: Any) -> None:
    """After making one and after changing its secret: the links and the live log lead to the webhook itself."""
    row = endpoint[0]
    client.force_login(row.user)
    made = client.post("/settings/webhooks/new", {"label": "shop", "url": row.url}).content.decode()
    changed = client.post(f"/settings/webhooks/{row.public_id}/secret").content.decode()
    for drawn in (made, changed, client.get(f"/settings/webhooks/{row.public_id}?state=failed").content.decode()):
        [log] = re.findall(r'<section[^>]*id="log"[^>]*>', drawn)
        [asked] = re.findall(r'hx-get="([^"]*)"', log)
        fresh = client.get(asked.replace("&amp;", "&"))
        assert fresh.status_code == 200
        [parts] = re.findall(r'hx-select-oob="([^"]*)"', log)
        assert all(f'id="{part.strip("# ")}"' in fresh.content.decode() for part in parts.split(","))
        assert 'href="?' not in drawn


def test_a_stopped_webhook_promises_no_further_try(client: Client, endpoint: Any, receiver: Receiver) -> None:
    """The receiver said that it is gone for good."""
    receiver.answers = [410]
    row = endpoint[0]
    services.send_test(actor=delivering.hearer(row), endpoint_id=row.pk)
    jobs.send_messages.call(row.pk)
    assert WebhookMessage.objects.get().state == "waiting"
    client.force_login(row.user)
    told = client.get(f"/settings/webhooks/{row.public_id}").content.decode()
    assert "410" in told
    assert "· again" not in told


def test_a_webhook_removed_or_stopped_while_it_is_called(
    owner: Actor, endpoint: Any, receiver: Receiver, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came of the call has no place any more: nothing fails, nothing is brought back, others are told."""
    other = services.create_endpoint(actor=owner, label="shop", url=receiver.url)[0]
    row, post = endpoint[0], delivering.post
    for one in (row, row, other):
        services.send_test(actor=owner, endpoint_id=one.pk)

    def removed(*args: Any) -> Any:
        WebhookEndpoint.objects.filter(pk=row.pk).delete()
        return post(*args)

    def stopped(*args: Any) -> Any:
        services.update_endpoint(actor=owner, endpoint_id=other.pk, is_active=False)
        return post(*args)

    monkeypatch.setattr(delivering, "post", removed)
    jobs.send_messages.call(row.pk)
    monkeypatch.setattr(delivering, "post", stopped)
    jobs.send_messages.call(other.pk)
    assert len(receiver.calls) == 2
    assert WebhookAttempt.objects.values_list("message__endpoint_id", flat=True).get() == other.pk
    assert WebhookEndpoint.objects.values_list("pk", "is_active").get() == (other.pk, False)
    assert not [line for line in caplog.records if line.levelname == "ERROR"]

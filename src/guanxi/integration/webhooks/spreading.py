"""From an event to the messages of each endpoint that wants it and may hear it."""

import secrets

from guanxi.core import clock
from guanxi.core.compiled import Compiled
from guanxi.core.events import Event
from guanxi.core.outbound import OutboundEvent
from guanxi.integration.webhooks.hearing import about, hearer, may_hear, wants
from guanxi.integration.webhooks.jobs import wake
from guanxi.integration.webhooks.models import WebhookEndpoint, WebhookMessage

BATCH = 500
_IN_USE = Compiled(lambda: WebhookEndpoint.objects.filter(is_active=True).values_list("pk")[:1])


def new_message_id() -> str:
    """An id by which the receiver can tell a repetition."""
    return "msg_" + secrets.token_urlsafe(20)


def spread(outbound: OutboundEvent, event: Event) -> None:
    """Write the messages of an event, in the transaction of its delivery, and have them sent."""
    if not _IN_USE.rows():
        return
    endpoints = [
        e for e in WebhookEndpoint.objects.filter(is_active=True).select_related("user") if wants(e, outbound.key)
    ]
    hearers = [(e, actor) for e in endpoints if (actor := hearer(e)) is not None and actor.can(*outbound.permission)]
    if not hearers:
        return
    now = clock.now()
    for told in outbound.tell(event):
        rows = [
            WebhookMessage(
                endpoint=endpoint,
                message_id=new_message_id(),
                type=outbound.key,
                about=about(told),
                data=dict(told.data),
                happened_at=now,
                due_at=now,
            )
            for endpoint, actor in hearers
            if may_hear(actor, told, outbound.permission)
        ]
        WebhookMessage.objects.bulk_create(rows, batch_size=BATCH)  # house: writes: a log of its own
    for endpoint, _actor in hearers:
        wake(endpoint.pk)

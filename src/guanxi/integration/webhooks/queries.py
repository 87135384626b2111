"""Webhooks and their log, as far as they are open to the actor."""

from django.db.models import QuerySet

from guanxi.core import ids
from guanxi.core.actor import Actor
from guanxi.integration.webhooks.models import MessageState, WebhookEndpoint, WebhookMessage


def endpoints_of(actor: Actor, action: str = "view") -> QuerySet[WebhookEndpoint]:
    """The webhooks that are open to the actor."""
    return WebhookEndpoint.objects.visible_to(actor, action).select_related("user")


def endpoint_of(actor: Actor, public_id: str, action: str = "view") -> WebhookEndpoint:
    """One webhook; NotFound when it is missing or not for this actor."""
    rows = WebhookEndpoint.objects.select_related("user")
    found: WebhookEndpoint = rows.get_visible(actor, action, pk=ids.parse("whk", public_id) or 0)
    return found


def log_of(actor: Actor, endpoint: WebhookEndpoint, *, state: str = "") -> QuerySet[WebhookMessage]:
    """What an endpoint was told, the newest first with every try."""
    found = WebhookMessage.objects.visible_to(actor).filter(endpoint=endpoint).order_by("-pk")
    if state in MessageState.values:
        found = found.filter(state=state)
    return found.prefetch_related("attempts")


def has_failed(endpoint: WebhookEndpoint) -> bool:
    """Whether some message was given up."""
    return WebhookMessage.objects.filter(endpoint=endpoint, state=MessageState.FAILED).exists()

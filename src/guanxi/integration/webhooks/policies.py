"""Who may see webhooks: their own, or all, as the role says."""

from guanxi.core import access
from guanxi.integration.webhooks.models import WebhookEndpoint, WebhookMessage


class EndpointPolicy(access.Policy):
    """Webhooks by the user they belong to."""

    kind = "webhook"
    owner = "user"


class MessagePolicy(access.Policy):
    """Messages are open as their webhook is."""

    kind = "webhook"
    owner = "endpoint__user"


access.register(WebhookEndpoint, EndpointPolicy())
access.register(WebhookMessage, MessagePolicy())

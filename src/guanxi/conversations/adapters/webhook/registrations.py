"""The webhook channel among the others."""

from guanxi.conversations.adapters import register
from guanxi.conversations.adapters.webhook.adapter import WebhookAdapter

register(WebhookAdapter(), order=80)

"""The jobs of webhooks, found here by the workers."""

from guanxi.integration.webhooks.jobs import forget_old_secrets, send_messages, send_waiting_messages

__all__ = ["forget_old_secrets", "send_messages", "send_waiting_messages"]

"""The jobs of tokens, and those of webhooks, found here by the workers."""

from guanxi.core.jobs import cron, task
from guanxi.integration import services
from guanxi.integration.webhooks.jobs import forget_old_secrets, send_messages, send_waiting_messages

__all__ = ["end_lapsed_tokens", "forget_old_secrets", "send_messages", "send_waiting_messages"]


@cron("integration.end_lapsed_tokens", "*/10 * * * *")
@task(queue_name="default")
def end_lapsed_tokens() -> int:
    """End for good the tokens whose time is over; how many."""
    return services.end_lapsed()

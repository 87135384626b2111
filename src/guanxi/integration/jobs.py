"""Housekeeping of the API; the jobs of webhooks, found here by the workers."""

from guanxi.core import clock
from guanxi.core.jobs import cron, task
from guanxi.integration.services import answers
from guanxi.integration.webhooks.jobs import forget_old_messages, send_messages, send_waiting_messages

__all__ = ["forget_answers", "forget_old_messages", "send_messages", "send_waiting_messages"]


@cron("integration.forget_answers", "7 * * * *")
@task(queue_name="default")
def forget_answers() -> int:
    """Drop answers that were kept a day for requests sent twice."""
    return answers.forget(clock.now() - answers.KEPT)

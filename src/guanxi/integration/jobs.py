"""Housekeeping of the API."""

from guanxi.core import clock
from guanxi.core.jobs import cron, task
from guanxi.integration.services import answers


@cron("integration.forget_answers", "7 * * * *")
@task(queue_name="default")
def forget_answers() -> int:
    """Drop answers that were kept a day for requests sent twice."""
    return answers.forget(clock.now() - answers.KEPT)

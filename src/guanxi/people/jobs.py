"""Jobs that keep the tables of signing in small."""

from guanxi.core.jobs import cron, task
from guanxi.people.signing_in.services import throttling


@cron("people.forget_old_throttles", "47 3 * * *")
@task(queue_name="default")
def forget_old_throttles() -> int:
    """Drop throttles that no longer count; the history of signing in has a period of retention."""
    return throttling.forget_old()

"""Jobs that keep the tables of signing in small."""

from guanxi.core.jobs import cron, task
from guanxi.people.signing_in.services import history, throttling


@cron("people.forget_old_sign_ins", "47 3 * * *")
@task(queue_name="default")
def forget_old_sign_ins() -> int:
    """Drop attempts to sign in after 400 days, and throttles that no longer count."""
    return history.forget_old() + throttling.forget_old()

"""Jobs that send webhooks; `integration/jobs.py` brings them to the workers."""

from datetime import datetime, timedelta

from guanxi.core import clock, locks
from guanxi.core.errors import Busy
from guanxi.core.jobs import cron, policy, task
from guanxi.integration.webhooks import delivering
from guanxi.integration.webhooks.models import MessageState, WebhookEndpoint, WebhookMessage


@task(queue_name="outside")
@policy(max_tries=20)
def send_messages(endpoint_id: int) -> int:
    """Send what is due to one endpoint; how many were heard. Comes again by itself while something waits."""
    try:
        with locks.hold(f"webhook:{endpoint_id}"):
            done = delivering.deliver(endpoint_id)
    except Busy:
        # Another worker is at it and will see what came meanwhile; look again in a moment.
        wake(endpoint_id, clock.now() + timedelta(seconds=2))
        return 0
    if done.next_at is not None:
        wake(endpoint_id, done.next_at)
    return done.heard


def wake(endpoint_id: int, at: datetime | None = None) -> None:
    """Have an endpoint sent what waits for it, now or at a later moment; asked twice it is done once."""
    job = send_messages.using(unique_key=f"webhook:{endpoint_id}", run_after=at)  # type: ignore[call-arg]
    job.enqueue(endpoint_id)


@cron("integration.send_waiting_messages", "*/5 * * * *")
@task(queue_name="outside")
def send_waiting_messages() -> None:
    """See to it that nothing waits unseen, whatever became of a job."""
    waiting = WebhookMessage.objects.filter(state=MessageState.WAITING, endpoint__is_active=True)
    now = clock.now()
    # Due later than anything is put off: the clock was set back since.
    late = waiting.filter(due_at__gt=now + delivering.KEPT_TRYING)
    WebhookMessage.objects.filter(pk__in=late.values("pk")).update(due_at=now)  # house: writes: when it is tried next
    for endpoint_id in waiting.values_list("endpoint_id", flat=True).distinct():
        wake(endpoint_id)


@cron("integration.forget_old_secrets", "47 3 * * *")
@task(queue_name="default")
def forget_old_secrets() -> int:
    """Drop secrets that no longer hold; the log of messages has a period of retention."""
    return WebhookEndpoint.objects.filter(old_secret_until__lt=clock.now()).update(  # house: writes: what has lapsed
        old_secret="", old_secret_until=None
    )

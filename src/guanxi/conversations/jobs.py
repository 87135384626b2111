"""Work of conversations outside the request: handing messages over."""

from guanxi.conversations.services import delivering
from guanxi.core.jobs import policy, task


@task(queue_name="outside")
@policy(max_tries=12, first_pause_seconds=5)
def deliver(message_id: int) -> None:
    """Hand one message over to its channel; tried again with longer and longer pauses."""
    later = delivering.deliver(message_id)
    if later is not None:
        deliver.using(run_after=later).enqueue(message_id=message_id)

"""Work of conversations outside the request: handing messages over."""

from guanxi.conversations.services import delivering
from guanxi.core.jobs import cron, policy, task


@task(queue_name="outside")
@policy(max_tries=12, first_pause_seconds=5)
def deliver(message_id: int) -> None:
    """Hand one message over to its channel; tried again with longer and longer pauses."""
    later = delivering.deliver(message_id)
    if later is not None:
        deliver.using(run_after=later).enqueue(message_id=message_id)


@cron("conversations.find_forgotten", "*/10 * * * *")
@task(queue_name="default")
@policy(max_tries=2)
def find_forgotten() -> None:
    """Hand messages over that are on their way and that no job has in hand any more."""
    for number in delivering.forgotten(task=deliver.module_path):
        deliver.enqueue(message_id=number)

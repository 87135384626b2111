"""What is done about files outside the request."""

from guanxi.core.jobs import cron, policy, task
from guanxi.files import services


@cron("files.sweep", "40 3 * * *")
@task(queue_name="default")
@policy(max_tries=3)
def sweep() -> None:
    """Remove content that no row names: what was refused, or left by a process that died."""
    services.sweep()

"""Looking the installation over by itself: the quick parts every ten minutes, the others when their time has come."""

from guanxi.core import access, clock
from guanxi.core.actor import Actor
from guanxi.core.checkup import standing
from guanxi.core.checkup.examining import KIND, SEE
from guanxi.core.checkup.registry import checks
from guanxi.core.jobs import cron, policy, task


@cron("core.checkup.watch", "*/10 * * * *")
@task(queue_name="default")
@policy(max_tries=1)
def watch() -> int:
    """Look at what is quick, and have a job look at what is not and is due; the number of these."""
    for check in checks:
        if not check.queue:
            standing.look(check)
    late = standing.due(clock.now())
    for check in late:
        _enqueue(check.key)
    return len(late)


@task(queue_name="long")
@policy(max_tries=2, first_pause_seconds=60)
def look_at(key: str) -> str:
    """Look at one thing that takes long; how it is."""
    check = checks.get(key)
    if check is None:
        return ""
    standing.look(check)
    return str(standing.kept()[key].level)


def look_again(*, actor: Actor) -> None:
    """Have everything looked at now."""
    access.require(actor, KIND, SEE)
    watch.using(unique_key="checkup:watch").enqueue()  # type: ignore[call-arg]
    for check in checks:
        if check.queue:
            _enqueue(check.key)


def _enqueue(key: str) -> None:
    """Have one thing looked at, in the queue it belongs to."""
    queue = checks[key].queue
    look_at.using(queue_name=queue, unique_key=f"checkup:{key}").enqueue(key)  # type: ignore[call-arg]

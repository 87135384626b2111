"""Giving out work beside the request, and looking every minute, and when something is due, whether anything was missed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from guanxi.core import clock
from guanxi.core.jobs import cron, policy, task
from guanxi.routing import queries
from guanxi.routing.models import Queue
from guanxi.routing.services import distributing, watching

LOOK = "routing.look"
GIVE_OUT = "routing.give_out"


@task(queue_name="now", priority=10)
@policy(max_tries=5, first_pause_seconds=1)
def give_out() -> int:
    """Give out what waits; how many."""
    return len(distributing.distribute_queues(queries.queues_with_waiting()))


@cron("routing.look", "* * * * *")
@task(queue_name="now")
@policy(max_tries=1)
def look() -> int:
    """Do what the clock brings about, give out what waits, and look again when the next thing is due; how many."""
    changed = watching.look_after()
    changed += len(distributing.distribute_queues(queries.queues_with_waiting()))
    now = clock.now()
    following = watching.next_look(now)
    if following is not None and following < now + timedelta(minutes=2):
        _look_at(max(following, now + timedelta(seconds=1)))
    return changed


def give_out_soon() -> None:
    """Have a worker give out what waits, once for however many ask."""
    give_out.using(unique_key=GIVE_OUT).enqueue()  # type: ignore[call-arg]


def look_later(queue_id: int) -> None:
    """Look again when what waits in a queue may go to more people, or flows over."""
    queue = Queue.objects.filter(pk=queue_id).first()
    if queue is not None:
        overflow = queue.overflow_seconds if queue.overflow_id else 0
        _look_after_seconds([queue.level_seconds, queue.preferred_seconds, overflow])


def look_again(queue_id: int) -> None:
    """Look when the time to accept what was just given out is over."""
    _look_after_seconds(Queue.objects.filter(pk=queue_id).values_list("accept_seconds", flat=True))


def _look_after_seconds(steps: Iterable[int]) -> None:
    """Look when the shortest of these is over; what takes longer than a minute is looked for every minute anyway."""
    soon = min((step for step in steps if 0 < step < 60), default=None)
    if soon is not None:
        _look_at(clock.now() + timedelta(seconds=soon))


def _look_at(moment: datetime) -> None:
    """Look at a moment, once for however many ask; the earliest counts."""
    look.using(unique_key=LOOK, run_after=moment).enqueue()  # type: ignore[call-arg]

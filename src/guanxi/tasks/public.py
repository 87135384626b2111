"""What modules above may use of tasks."""

from guanxi.core.actor import Actor
from guanxi.core.records import RecordRef
from guanxi.tasks.choices import TaskState
from guanxi.tasks.mentions import mentioned
from guanxi.tasks.services.following import follow, may_see, unfollow
from guanxi.tasks.services.notifications import notify
from guanxi.tasks.services.tasks import create_task, end_task, reopen_task, update_task
from guanxi.tasks.sorts import Sort
from guanxi.tasks.sorts import register as register_sort

__all__ = [
    "Sort",
    "TaskState",
    "create_task",
    "end_task",
    "follow",
    "notify",
    "register_sort",
    "reopen_task",
    "tell_mentioned",
    "unfollow",
    "update_task",
]


def tell_mentioned(*, actor: Actor, text: str, about: RecordRef, before: str = "") -> list[str]:
    """Tell those whom a text names with @ and a text before it did not; the names of those who may not see the record."""
    known = {user.pk for user in mentioned(before)} if before else set()
    people = [user for user in mentioned(text) if user.pk not in known]
    seeing = [user.pk for user in people if may_see(user, about)]
    notify(user_ids=seeing, sort="mention", by=actor.user_id, about=about)
    return [user.display_name for user in people if user.pk not in seeing]

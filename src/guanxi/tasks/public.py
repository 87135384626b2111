"""What modules above may use of tasks."""

from guanxi.tasks.about import Subject, subjects
from guanxi.tasks.choices import TaskState
from guanxi.tasks.services.following import follow, unfollow
from guanxi.tasks.services.mentioning import tell_mentioned
from guanxi.tasks.services.notifications import mark_read_about, notify
from guanxi.tasks.services.tasks import create_task, end_task, reopen_task, update_task
from guanxi.tasks.sorts import Sort
from guanxi.tasks.sorts import register as register_sort

__all__ = [
    "Sort",
    "Subject",
    "TaskState",
    "create_task",
    "end_task",
    "follow",
    "mark_read_about",
    "notify",
    "register_sort",
    "reopen_task",
    "subjects",
    "tell_mentioned",
    "unfollow",
    "update_task",
]

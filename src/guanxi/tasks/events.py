"""What happens to tasks."""

from dataclasses import dataclass

from guanxi.core.events import Event


@dataclass(frozen=True)
class TaskCreated(Event):
    """Something is to be done by somebody."""

    task_id: int


@dataclass(frozen=True)
class TaskChanged(Event):
    """A task was changed, handed to somebody else, done, dropped or opened again."""

    task_id: int
    fields: tuple[str, ...]

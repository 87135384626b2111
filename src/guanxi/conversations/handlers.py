"""What conversations do when work is given out."""

from guanxi.conversations.events import ConversationChanged
from guanxi.conversations.services import dispatching
from guanxi.core.changes import OperationUndone
from guanxi.core.events import publish, subscribe
from guanxi.core.models import Change
from guanxi.routing.public import WorkAssigned, WorkReleased, WorkWaiting


@subscribe(WorkAssigned)
def note_assigned(event: WorkAssigned) -> None:
    """Somebody has the conversation now."""
    _mirror(event.record_kind, event.record_id)


@subscribe(WorkReleased)
def note_released(event: WorkReleased) -> None:
    """Somebody let it go."""
    _mirror(event.record_kind, event.record_id)


@subscribe(WorkWaiting)
def note_waiting(event: WorkWaiting) -> None:
    """It waits in a queue."""
    _mirror(event.record_kind, event.record_id)


def _mirror(kind: str, number: int) -> None:
    """Bring the conversation in line with its work."""
    if kind == dispatching.KIND and dispatching.mirror(number):
        publish(ConversationChanged(conversation_id=number, fields=("assignee",)))


@subscribe(OperationUndone)
def follow_what_was_undone(event: OperationUndone) -> None:
    """Conversations that an undo has written again stand among the work accordingly."""
    written = Change.objects.filter(operation=event.operation_id, kind=dispatching.KIND, act="update")
    for number in sorted(set(written.values_list("record_id", flat=True))):
        dispatching.follow(number)

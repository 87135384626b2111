"""What conversations do when work is given out."""

from guanxi.conversations.events import (
    ConversationChanged,
    ConversationsMerged,
    ConversationSplit,
    MessageReceived,
    MessageSent,
    MessageTakenBack,
    MessageTriedAgain,
    NoteWritten,
)
from guanxi.conversations.services import delivering, dispatching
from guanxi.core.changes import OperationUndone
from guanxi.core.events import publish, subscribe
from guanxi.core.models import Change
from guanxi.routing.public import WorkAssigned, WorkReleased, WorkWaiting
from guanxi.search.public import refresh


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
    """Conversations that an undo has written again, or taken away, stand among the work accordingly."""
    dispatching.follow_all(_written_by(event))


@subscribe(OperationUndone, is_last=True)
def find_what_was_undone(event: OperationUndone) -> None:
    """They are found by what they are now."""
    refresh("conversation", _written_by(event))


def _written_by(event: OperationUndone) -> list[int]:
    """The conversations that an operation which was undone had made or written."""
    written = Change.objects.filter(operation=event.operation_id, kind=dispatching.KIND, act__in=("create", "update"))
    return sorted(set(written.values_list("record_id", flat=True)))


@subscribe(MessageTriedAgain)
def wait_no_more(event: MessageTriedAgain) -> None:
    """Whoever waited for it has an answer."""
    delivering.count_as_answered(event.conversation_id)


@subscribe(MessageReceived, is_last=True)
def find_received(event: MessageReceived) -> None:
    """The conversation is found by what came in."""
    refresh("conversation", [event.conversation_id])


@subscribe(MessageSent, is_last=True)
def find_sent(event: MessageSent) -> None:
    """The conversation is found by what was sent."""
    refresh("conversation", [event.conversation_id])


@subscribe(MessageTakenBack, is_last=True)
def forget_taken_back(event: MessageTakenBack) -> None:
    """It is no longer found by what was taken back."""
    refresh("conversation", [event.conversation_id])


@subscribe(NoteWritten, is_last=True)
def find_noted(event: NoteWritten) -> None:
    """The conversation is found by what was noted."""
    refresh("conversation", [event.conversation_id])


@subscribe(ConversationChanged, is_last=True)
def find_changed(event: ConversationChanged) -> None:
    """Who has it decides who finds it."""
    refresh("conversation", [event.conversation_id])


@subscribe(ConversationsMerged, is_last=True)
def find_merged(event: ConversationsMerged) -> None:
    """Only the one that stands is found."""
    refresh("conversation", [event.keep_id, event.absorbed_id])


@subscribe(ConversationSplit, is_last=True)
def find_split(event: ConversationSplit) -> None:
    """Both are found by what stands in each."""
    refresh("conversation", [event.conversation_id, event.new_id])

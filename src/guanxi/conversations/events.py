"""What happens in conversations."""

from dataclasses import dataclass

from guanxi.core.events import Event


@dataclass(frozen=True)
class ConversationStarted(Event):
    """A thread began."""

    conversation_id: int


@dataclass(frozen=True)
class MessageReceived(Event):
    """Somebody outside said something; `channel` and `message_class` are codes."""

    message_id: int
    conversation_id: int
    channel: str
    message_class: str
    needs_answer: bool


@dataclass(frozen=True)
class MessageSent(Event):
    """We said something to the other side (it may still be taken back for a moment); `by_id` is none for a program."""

    message_id: int
    conversation_id: int
    channel: str
    by_id: int | None


@dataclass(frozen=True)
class MessageTakenBack(Event):
    """What was about to be sent was taken back; nobody got it."""

    message_id: int
    conversation_id: int


@dataclass(frozen=True)
class MessageFailed(Event):
    """A message did not reach the other side."""

    message_id: int
    conversation_id: int


@dataclass(frozen=True)
class MessageTriedAgain(Event):
    """A message that did not reach the other side is on its way once more, or there after all."""

    message_id: int
    conversation_id: int


@dataclass(frozen=True)
class NoteWritten(Event):
    """A colleague noted something that only colleagues see."""

    message_id: int
    conversation_id: int


@dataclass(frozen=True)
class ConversationChanged(Event):
    """A conversation was assigned, done, opened again, or belongs to another customer."""

    conversation_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class ConversationsMerged(Event):
    """One conversation became part of another."""

    keep_id: int
    absorbed_id: int


@dataclass(frozen=True)
class ConversationSplit(Event):
    """The later part of a conversation became one of its own."""

    conversation_id: int
    new_id: int

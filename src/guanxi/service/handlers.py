"""What service does when somebody speaks in a conversation."""

import guanxi.service.complaints.handlers  # noqa: F401 - complaints hear of cases too
from guanxi.conversations.events import MessageReceived, MessageSent
from guanxi.core.events import subscribe
from guanxi.service.clocks import handlers as clock_handlers
from guanxi.service.services import following_talk

__all__ = ["clock_handlers"]


@subscribe(MessageReceived)
def follow_what_was_heard(event: MessageReceived) -> None:
    """The case of the conversation goes on."""
    if event.needs_answer:
        following_talk.note_heard(event.message_id)


@subscribe(MessageSent)
def follow_what_was_said(event: MessageSent) -> None:
    """The first answer is noted, and nobody waits any more."""
    following_talk.note_answered(event.message_id)

"""What modules above may use of conversations."""

from guanxi.conversations.adapters import Adapter, DeliveryError, Prepared, adapters
from guanxi.conversations.choices import ChannelKind, ConversationState, Direction, Match, MessageClass, MessageKind
from guanxi.conversations.events import (
    ConversationChanged,
    ConversationsMerged,
    ConversationSplit,
    ConversationStarted,
    MessageFailed,
    MessageReceived,
    MessageSent,
    MessageTakenBack,
    MessageTriedAgain,
    NoteWritten,
)
from guanxi.conversations.matching import Contact
from guanxi.conversations.services.conversations import (
    assign_conversation,
    finish_conversation,
    move_to_queue,
    reopen_conversation,
    set_due,
    set_dues,
    settle_customer,
)
from guanxi.conversations.services.dispatching import hold_work
from guanxi.conversations.services.intake import Inbound, InboundFile, Received, receive, standing_id
from guanxi.conversations.services.replying import Outgoing, send_message, take_back, write_note
from guanxi.conversations.services.signs import mark_read, tell_typing

__all__ = [
    "Adapter",
    "ChannelKind",
    "Contact",
    "ConversationChanged",
    "ConversationSplit",
    "ConversationStarted",
    "ConversationState",
    "ConversationsMerged",
    "DeliveryError",
    "Direction",
    "Inbound",
    "InboundFile",
    "Match",
    "MessageClass",
    "MessageFailed",
    "MessageKind",
    "MessageReceived",
    "MessageSent",
    "MessageTakenBack",
    "MessageTriedAgain",
    "NoteWritten",
    "Outgoing",
    "Prepared",
    "Received",
    "adapters",
    "assign_conversation",
    "finish_conversation",
    "hold_work",
    "mark_read",
    "move_to_queue",
    "receive",
    "reopen_conversation",
    "send_message",
    "set_due",
    "set_dues",
    "settle_customer",
    "standing_id",
    "take_back",
    "tell_typing",
    "write_note",
]

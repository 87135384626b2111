"""What conversations keep."""

from guanxi.conversations.adapters.chat.models import ChatKey, ChatMessage, ChatVisitor
from guanxi.conversations.adapters.email.models import MailFolder
from guanxi.conversations.models.channel import Channel, ChannelHealth
from guanxi.conversations.models.conversation import Conversation, MaybeMatch, Seen
from guanxi.conversations.models.desk import DeskTab, DeskView, Macro, TrustedSender
from guanxi.conversations.models.message import Draft, Message

__all__ = [
    "Channel",
    "ChannelHealth",
    "ChatKey",
    "ChatMessage",
    "ChatVisitor",
    "Conversation",
    "DeskTab",
    "DeskView",
    "Draft",
    "Macro",
    "MailFolder",
    "MaybeMatch",
    "Message",
    "Seen",
    "TrustedSender",
]

"""What conversations keep."""

from guanxi.conversations.models.channel import Channel, ChannelHealth
from guanxi.conversations.models.conversation import Conversation, MaybeMatch, Seen
from guanxi.conversations.models.message import Draft, Message

__all__ = ["Channel", "ChannelHealth", "Conversation", "Draft", "MaybeMatch", "Message", "Seen"]

"""Where higher floors add to acts on conversations: what they write goes into the same operation, so an undo takes both back.

joined.add("cases", join_cases)
parted.add("cases", part_cases)
settled.add("cases", follow_customer)
"""

from collections.abc import Callable

from guanxi.conversations.models import Conversation
from guanxi.core.changes import OperationInHand
from guanxi.core.registry import Registry

# Two conversations become one: `joined(operation in hand, the one that stands, the one that became part of it)`.
joined: Registry[Callable[[OperationInHand, Conversation, Conversation], None]] = Registry("what follows a merge")
# The later part of one becomes another: `parted(operation in hand, the one it was part of, the new one)`.
parted: Registry[Callable[[OperationInHand, Conversation, Conversation], None]] = Registry("what follows a split")
# Whose a conversation is was settled: `settled(operation in hand, conversation, number of the customer before)`.
settled: Registry[Callable[[OperationInHand, Conversation, int | None], None]] = Registry("what follows a customer")

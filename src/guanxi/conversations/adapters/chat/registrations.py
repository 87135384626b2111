"""What the chat registers."""

from guanxi.conversations.adapters import register
from guanxi.conversations.adapters.chat.adapter import ChatAdapter
from guanxi.core import holding, live
from guanxi.core.references import Reference
from guanxi.core.references import register as register_reference

register(ChatAdapter(), order=20)
holding.kinds.add("chatvisitor", holding.HeldKind("conversations.ChatVisitor"), order=10)
register_reference(Reference("customer", "conversations.ChatVisitor", "customer_id"))
# Visitors are no users: their tickets are signed for them alone (`presenting.ticket`).
live.register("chat", may_listen=lambda _actor, _key: False)

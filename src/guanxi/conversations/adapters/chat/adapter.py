"""The chat as a channel: an answer is with the visitor the moment it is written."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.conversations.adapters import Adapter, Prepared
from guanxi.conversations.adapters.chat.services import telling
from guanxi.conversations.adapters.chat.services.visitors import visitor_in
from guanxi.conversations.choices import ChannelKind, DeliveryState
from guanxi.conversations.models import Channel, Conversation, Message
from guanxi.core.errors import InvalidInput


class ChatAdapter(Adapter):
    """Talks with visitors of sites."""

    kind = ChannelKind.CHAT
    label = gettext_lazy("Web chat")
    icon = "message-circle"
    can_send = True
    is_instant = True
    joins_open = True
    create_url_name = "conversations:create_chat"

    def prepare(self, channel: Channel, conversation: Conversation, given: Prepared) -> Prepared:
        """To the visitor of the conversation."""
        visitor = visitor_in(conversation)
        if visitor is None:
            raise InvalidInput(_("Nobody chats in this conversation; choose another channel."), column="channel")
        return Prepared(to=(visitor.public_id,))

    def deliver(self, message: Message) -> DeliveryState:
        """Put it into the visitor's chat and tell their pages."""
        return telling.deliver(message)

    def on_typing(self, conversation: Conversation) -> None:
        """Show the visitor that somebody writes."""
        telling.tell_typing(conversation)

    def on_read(self, conversation: Conversation, at: datetime) -> None:
        """Show the visitor that somebody has read."""
        telling.tell_read(conversation, at)

    def settings_url(self, channel: Channel) -> str:
        """Its own page."""
        return reverse("conversations:chat", args=[channel.public_id])

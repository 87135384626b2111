"""What personal data chats hold."""

from django.utils.translation import gettext_lazy as _

from guanxi.conversations.adapters.chat import retention  # noqa: F401 - registers what ends after a period
from guanxi.core.personal_data import Category, Erasing, Form, Whose, held, nothing, state

state(
    "conversations.ChatVisitor",
    _("Who chats on our sites"),
    held("name", Whose.CUSTOMER, Category.IDENTITY, Form.NAME),
    held("email", Whose.CUSTOMER, Category.CONTACT, Form.EMAIL),
    held("external_id", Whose.CUSTOMER, Category.IDENTITY, Form.EMPTY),
    plain="language",
    customer="customer conversation__customer",
    erasing=Erasing.DELETE,
    retention="chat_visitors",
)
nothing(
    "conversations.ChatKey",
    _("Digests of the secrets by which browsers of visitors are known"),
    "digest",
    in_copies=False,
)
nothing("conversations.ChatMessage", _("Which message was said in whose chat"))

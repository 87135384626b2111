"""What personal data conversations hold."""

from django.utils.translation import gettext_lazy as _

from guanxi.core.personal_data import Category, Erasing, Form, Whose, held, nothing, state, user_names

state(
    "conversations.Channel",
    _("Where messages come from and go to"),
    held("secret_sealed", Whose.USER, Category.IDENTITY, Form.EMPTY),
    plain="name address language settings",
    in_copies=False,
)
nothing("conversations.ChannelHealth", _("How it stands with a channel"), "error detail about", in_copies=False)
state(
    "conversations.Conversation",
    _("A thread of messages with a customer"),
    held("subject", Whose.CUSTOMER, Category.CONTENT, Form.TEXT),
    held("contact_value", Whose.CUSTOMER, Category.CONTACT, Form.TEXT),
    held("contact_name", Whose.CUSTOMER, Category.IDENTITY, Form.NAME),
    held("secret", Whose.CUSTOMER, Category.IDENTITY, Form.EMPTY),
    plain="contact_kind language",
    customer="customer",
    erasing=Erasing.BLANK,
    kept_because=_("That there was a conversation, and how long it took, stays as a figure; it no longer names the person."),
    retention="conversations",
)  # fmt: skip
nothing("conversations.MaybeMatch", _("Who the counterpart of a conversation may be"), "reason")
nothing("conversations.Seen", _("Up to where colleagues have read"))
state(
    "conversations.Message",
    _("What was said and noted in a conversation"),
    held("text new_text html subject error_detail", Whose.CUSTOMER, Category.CONTENT, Form.TEXT),
    held("details", Whose.CUSTOMER, Category.CONTENT, Form.JSON),
    held("from_address to cc", Whose.CUSTOMER, Category.CONTACT, Form.EMPTY),
    held("message_id in_reply_to external_key", Whose.CUSTOMER, Category.IDENTITY, Form.EMPTY),
    user_names("author_name"),
    plain="error",
    customer="customer",
    erasing=Erasing.BLANK,
    kept_because=_("When something was said by which channel stays as a figure; the words go."),
    retention="conversations",
)
state(
    "conversations.Draft",
    _("What colleagues are writing"),
    held("text", Whose.CUSTOMER, Category.CONTENT, Form.TEXT),
    held("details", Whose.CUSTOMER, Category.CONTENT, Form.EMPTY),
    customer="conversation__customer",
    erasing=Erasing.DELETE,
)
nothing("conversations.DeskTab", _("Conversations that colleagues have open"))
nothing(
    "conversations.DeskView", _("Narrowed lists that colleagues keep at the desk"), "name view text", in_copies=False
)
nothing("conversations.Macro", _("Prepared answers and notes"), "name texts actions")
nothing(
    "conversations.TrustedSender", _("Senders whose images colleagues always want to see"), "digest", in_copies=False
)

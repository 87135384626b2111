"""The journal in words: what acts in conversations are called."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.ui import history
from guanxi.ui.history import Words

history.operations(
    {
        "conversations.receive_message": _("Message received"),
        "conversations.send_message": _("Message sent"),
        "conversations.take_back": _("Message taken back"),
        "conversations.try_again": _("Message tried again"),
        "conversations.write_note": _("Note written"),
        "conversations.finish": _("Conversation finished"),
        "conversations.reopen": _("Conversation opened again"),
        "conversations.assign": _("Conversation assigned"),
        "conversations.dispatch": _("Conversation given out"),
        "conversations.move_to_queue": _("Conversation moved to a queue"),
        "conversations.settle_customer": _("Settled whose conversation it is"),
        "conversations.set_language": _("Language of a conversation set"),
        "conversations.rename": _("Subject of a conversation changed"),
        "conversations.split": _("Conversation split"),
        "conversations.merge": _("Conversations merged"),
        "conversations.create_macro": _("Prepared answer written"),
        "conversations.update_macro": _("Prepared answer changed"),
        "conversations.delete_macro": _("Prepared answer removed"),
        "conversations.create_channel": _("Channel set up"),
        "conversations.update_channel": _("Channel changed"),
        "conversations.remove_channel": _("Channel removed"),
        "conversations.end_chat": _("Chat ended by the visitor"),
        "conversations.recognise": _("Counterpart recognised"),
    }
)
history.register(
    Words(
        "conversation",
        _("Conversation"),
        {
            "contact_value": _("Address of the counterpart"),
            "contact_name": _("Name of the counterpart"),
            "secret": _("Secret of the reply address"),
        },
        # Addresses stand where rights to see them are asked.
        left_out=frozenset({"contact_kind", "contact_value", "channel_kind"}),
    )
)
history.register(
    Words("channel", _("Channel"), {"settings": pgettext_lazy("channel", "Settings"), "secret_sealed": _("Secret")})
)
history.register(
    Words(
        "message",
        _("Message"),
        {
            "channel_kind": _("Kind of channel"),
            "kind": pgettext_lazy("message", "Sort of entry"),
            "direction": _("Direction"),
            "message_class": _("Sort of message"),
            "needs_answer": _("Needs an answer"),
            "subject": _("Subject"),
            "text": _("Text"),
            "new_text": _("Text without what it quotes"),
            "html": _("Text with its looks"),
            "details": _("Further particulars"),
            "said_at": _("Sent by the sender on"),
            "from_address": _("Sender"),
            "to": pgettext_lazy("recipients", "To"),
            "cc": _("Copy to"),
            "external_key": _("Number at the channel"),
            "raw_file": _("The mail as it came"),
            "message_id": _("Message-ID of the mail"),
            "in_reply_to": _("Mail that it answers"),
            "delivery": _("State of delivery"),
            "held_until": _("Held until"),
            "delivered_at": _("Delivered on"),
            "read_at": _("Read on"),
            "error_detail": _("What the other side said"),
            "tries": _("Tries"),
        },
        left_out=frozenset({"external_key", "at", "from_address", "to", "cc"}),
    )
)
history.register(Words("maybematch", _("Possible match"), {"reason": _("What speaks for it")}))
history.register(
    Words(
        "macro",
        pgettext_lazy("history", "Prepared answer"),
        {"texts": _("Texts by language"), "actions": _("What it sets")},
    )
)
# Not in the journal; packs about people tell of them.
history.register(
    Words(
        "draft",
        _("Draft"),
        {"text": _("Text"), "details": _("Further particulars"), "kind": pgettext_lazy("message", "Sort of entry")},
    )
)
history.register(
    Words(
        "chatvisitor",
        _("Visitor"),
        {
            "name": _("Name"),
            "email": _("E-mail address"),
            "language": _("Language"),
            "external_id": _("Number at the site"),
        },
    )
)

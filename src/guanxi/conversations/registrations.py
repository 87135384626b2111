"""What conversations register on the floors below them."""

from django.utils.translation import gettext_lazy as _

from guanxi.conversations import (
    queries,
    rule_parts,  # noqa: F401 - what rules can hear, ask and do
)
from guanxi.core import live, records
from guanxi.core.references import Reference, register
from guanxi.files.public import file_holders
from guanxi.ui import settings_area

records.register(
    records.RecordKind(
        kind="conversation",
        model_label="conversations.Conversation",
        prefix="cnv",
        label=_("conversation"),
        label_plural=_("conversations"),
        title=str,
        icon="messages",
    )
)
records.register(
    records.RecordKind(
        kind="message",
        model_label="conversations.Message",
        prefix="msg",
        label=_("message"),
        label_plural=_("messages"),
        title=str,
        icon="message",
    )
)
records.register(
    records.RecordKind(
        kind="channel",
        model_label="conversations.Channel",
        prefix="chn",
        label=_("channel"),
        label_plural=_("channels"),
        title=str,
        icon="plug",
    )
)
for _model in ("Conversation", "Message", "MaybeMatch"):
    register(Reference("customer", f"conversations.{_model}", "customer_id"))
file_holders.add("message", "message")
live.register("conversation", may_listen=queries.may_listen_to_conversation)
live.register("desk", may_listen=lambda actor, key: not key and actor.can("conversation", "view"))
live.register("channel", may_listen=lambda actor, _key: actor.can("channel", "view"), is_whole=True)
settings_area.register(
    "channels",
    _("Channels"),
    "conversations:channels",
    icon="plug",
    group="channels",
    order=10,
    permission=("channel", "view"),
)

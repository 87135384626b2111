"""What conversations register on the floors below them."""

from collections.abc import Collection, Iterable, Mapping

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from guanxi.conversations import api, erasing, history, queries, rule_parts, telling
from guanxi.conversations.desk import listing, offered
from guanxi.conversations.first_steps import channel_step
from guanxi.conversations.models import Message
from guanxi.conversations.panels import conversations_panel, message_entries
from guanxi.conversations.search_entries import ids_after, search_entries
from guanxi.conversations.services import arranging, dispatching
from guanxi.core import holding, live, masking, records
from guanxi.core.api import add_router
from guanxi.core.ids import public_id
from guanxi.core.references import Reference, register
from guanxi.customers import timeline
from guanxi.files.public import file_holders
from guanxi.search.public import SearchKind, kinds
from guanxi.ui import home, menu, palette, panels, settings_area

__all__ = ["arranging", "erasing", "history", "offered", "rule_parts", "telling"]


def waiting_badge(request: HttpRequest) -> str:
    """How many of one's own conversations wait for an answer, '' for none."""
    count = listing.count_waiting_of(request.actor)  # type: ignore[attr-defined]
    return "" if not count else f"{listing.MOST_COUNTED}+" if count > listing.MOST_COUNTED else str(count)


def conversation_url(number: int) -> str:
    """The place of a conversation on the desk."""
    return reverse("conversations:show", args=[public_id("cnv", number)])


TITLE_AT_MOST = 60


def message_title(message: Message) -> str:
    """A message by its subject, else by how it begins."""
    begins = " ".join((message.subject or message.new_text or message.text).split())
    return Truncator(begins).chars(TITLE_AT_MOST) or message.public_id


def log_url(customer_id: int) -> str:
    """Where a contact with a customer is written down."""
    return f"{reverse('conversations:log')}?customer={public_id('cus', customer_id)}"


def _talks_of(numbers: Collection[int]) -> Mapping[str, Iterable[int]]:
    """The conversations in which entries stand."""
    return {"conversation": Message.objects.filter(pk__in=numbers).values_list("conversation", flat=True)}


# Where messages come from and go to are contact points: a role sees them as it sees those.
ADDRESS = ("contactpoint", "value")
masking.follow("conversation", "contact_value", leader=ADDRESS)
masking.follow("message", "from_address", "to", "cc", "error_detail", leader=ADDRESS)
SEE = ("conversation", "view")
records.register(
    records.RecordKind(
        kind="conversation",
        model_label="conversations.Conversation",
        prefix="cnv",
        label=_("conversation"),
        label_plural=_("conversations"),
        title=str,
        url=conversation_url,
        icon="messages",
    )
)
holding.kinds.add(
    "conversation", holding.HeldKind("conversations.Conversation", acted_on=dispatching.in_reach), order=20
)
# Entries are written under the lock of their conversation.
holding.kinds.add("message", holding.HeldKind("conversations.Message", along=_talks_of, is_row=False), order=25)
records.register(
    records.RecordKind(
        kind="message",
        model_label="conversations.Message",
        prefix="msg",
        label=_("message"),
        label_plural=_("messages"),
        title=message_title,
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
records.register(
    records.RecordKind(
        kind="macro",
        model_label="conversations.Macro",
        prefix="mac",
        label=_("macro"),
        label_plural=_("macros"),
        title=str,
        icon="template",
    )
)
for _model in ("Conversation", "Message", "MaybeMatch"):
    register(Reference("customer", f"conversations.{_model}", "customer_id"))
file_holders.add("message", "message")
live.register("conversation", may_listen=queries.may_listen_to_conversation)
live.register("desk", may_listen=lambda actor, key: not key and actor.can("conversation", "view"), pause=0.5)
live.register("macro", may_listen=lambda actor, _key: actor.can("macro", "view"), is_whole=True)
live.register("desk_channels", may_listen=lambda actor, key: not key and actor.can("conversation", "view"))
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
menu.register(
    "desk",
    _("Desk"),
    "conversations:desk",
    icon="headset",
    section="work",
    order=1,
    permission=("conversation", "view"),
    shortcut="G D",
    badge=waiting_badge,
    pages=("conversations:log",),
)
settings_area.register(
    "macros",
    _("Prepared answers"),
    "conversations:macros",
    icon="template",
    group="channels",
    order=20,
    permission=("macro", "view"),
)
palette.register_action(
    "macros.create",
    _("New prepared answer"),
    url_name="conversations:create_macro",
    icon="template",
    permission=("macro", "create"),
)
palette.register_action(
    "conversations.log",
    _("Write down a contact"),
    url_name="conversations:log",
    icon="phone",
    permission=("conversation", "create"),
)
home.register_step("channel", channel_step, order=20, permission=("channel", "create"))
add_router("conversations", api.router, order=30)
kinds.add(
    "conversation",
    SearchKind(
        key="conversation",
        label=_("Conversations"),
        icon="messages",
        entries=search_entries,
        ids=ids_after,
        url=conversation_url,
        seen_entries=search_entries,
        guarded_kinds=frozenset({"contactpoint"}),
    ),
    order=12,
)
for _name in ("receive_message", "send_message", "write_note"):
    timeline.shown_elsewhere.add(f"conversations.{_name}", f"conversations.{_name}")
timeline.register(
    timeline.TimelineKind(
        "message",
        _("Messages"),
        "messages",
        message_entries,
        permission=SEE,
        rows=lambda customer: Message.objects.filter(customer=customer),
    ),
    order=15,
)
panels.register(
    "customer",
    panels.Panel(
        "conversations",
        _("Conversations"),
        conversations_panel,
        order=15,
        icon="messages",
        count=queries.count_of_customer,
        permission=SEE,
        add_url=log_url,
        add_permission=("conversation", "create"),
    ),
)

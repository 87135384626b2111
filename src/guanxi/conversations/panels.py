"""What conversations bring to a customer's page: the card of the newest, entries of the stream."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.conversations import queries
from guanxi.conversations.choices import ChannelKind, Direction, MessageKind
from guanxi.conversations.desk import addresses
from guanxi.conversations.desk.icons import icon_of
from guanxi.conversations.models import Message
from guanxi.core.actor import Actor
from guanxi.core.ids import public_id
from guanxi.customers.timeline import Entry, Place, before_q

SHOWN = 6
LETTERS = 700


def conversations_panel(request: HttpRequest, customer_id: int) -> str:
    """The newest conversations with a customer."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = [
        {"row": row, "icon": icon_of(row.channel_kind)} for row in queries.latest_of_customer(actor, customer_id, SHOWN)
    ]
    return render_to_string("conversations/panel_conversations.html", {"rows": rows}, request=request)


def message_entries(actor: Actor, customer_id: int, before: Place | None, limit: int) -> Iterator[Entry]:
    """What was said and noted, in a customer's stream."""
    rows = Message.objects.visible_to(actor).filter(before_q(before, time="at"), customer=customer_id)
    found = rows.exclude(kind=MessageKind.EVENT).select_related("conversation").order_by("-at", "-id")
    for message in found[:limit]:
        yield _entry(actor, message)


def _entry(actor: Actor, message: Message) -> Entry:
    """One message in the stream."""
    if message.kind == MessageKind.NOTE:
        sort, tone, sign = _("Internal note"), "warning", "sticky-note"
    else:
        is_in = message.direction == Direction.IN
        sort = _("Received") if is_in else pgettext("direction", "Sent")
        tone, sign = ("info" if is_in else "success"), icon_of(message.channel_kind)
    kind = ChannelKind(message.channel_kind).label if message.channel_kind in ChannelKind.values else ""
    subject = message.subject or message.conversation.subject
    text = message.new_text or message.text
    cut = f"{text[:LETTERS]}…" if len(text) > LETTERS else text
    address = reverse("conversations:show", args=[public_id("cnv", message.conversation_id)])
    return Entry(
        message.at,
        message.pk,
        " · ".join(str(part) for part in (sort, kind, subject) if part),
        linebreaks(cut, autoescape=True),
        addresses.author(actor, message),
        url=f"{address}#{message.public_id}",
        icon=sign,
        tone=tone,
    )

"""What goes on by e-mail: answers that a visitor who left has not seen, and the transcript a visitor asks for.

Both go through the channel for e-mail like any answer, so that a reply comes back into the same conversation.
"""

from datetime import timedelta

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from guanxi.conversations.adapters import adapters
from guanxi.conversations.adapters.chat.configuration import Configuration
from guanxi.conversations.choices import ChannelKind, Direction
from guanxi.conversations.models import Channel, ChatMessage, ChatVisitor, Conversation
from guanxi.conversations.services.replying import Outgoing, send_message
from guanxi.core import clock
from guanxi.core.actor import system_actor
from guanxi.core.errors import Conflict

AT_ONCE = 200
MOST_LINES = 500
# What was not seen for so long and could not be mailed is no longer looked at.
GIVEN_UP = timedelta(days=3)


def mail_channel(channel: Channel) -> Channel | None:
    """The channel by which a chat goes on: one for e-mail that is in use, of the same department if there is one."""
    adapter = adapters.get(ChannelKind.EMAIL)
    if adapter is None or not adapter.can_send:
        return None
    rows = list(Channel.objects.filter(kind=ChannelKind.EMAIL, is_active=True).order_by("pk"))
    own = [row for row in rows if row.department_id == channel.department_id]
    return next(iter(own or rows), None)


def mail_unseen() -> int:
    """Send by e-mail what visitors who left have not seen; how many mails went."""
    count = 0
    waiting = ChatMessage.objects.filter(is_unseen=True).select_related("visitor__channel", "message").order_by("pk")
    by_visitor: dict[int, list[ChatMessage]] = {}
    for row in waiting[: AT_ONCE * 5]:
        by_visitor.setdefault(row.visitor_id, []).append(row)
    for rows in by_visitor.values():
        count += _mail_to(rows[0].visitor, rows)
    return count


def _mail_to(visitor: ChatVisitor, rows: list[ChatMessage]) -> bool:
    """One mail with all that one visitor has not seen, once the first of it is old enough and they are gone."""
    now = clock.now()
    pause = Configuration.of(visitor.channel).mail_after
    aged = now - timedelta(minutes=max(pause, 1))
    if visitor.seen_at > aged or rows[0].message.at > aged:
        return False
    outlet = mail_channel(visitor.channel) if pause and visitor.email else None
    if outlet is None:
        if rows[0].message.at < now - GIVEN_UP:
            _let_be(rows)
        return False
    by_conversation: dict[int, list[ChatMessage]] = {}
    for row in rows:
        by_conversation.setdefault(row.message.conversation_id, []).append(row)
    for conversation_id, unseen in by_conversation.items():
        _send(visitor, outlet, conversation_id, unseen)
    _let_be(rows)
    return True


def _send(visitor: ChatVisitor, outlet: Channel, conversation_id: int, rows: list[ChatMessage]) -> None:
    """The mail itself: what was said, and that an answer to the mail reaches us."""
    with translation.override(visitor.language or outlet.language or None):
        begins = _("You left our chat before you could see this answer:")
        ends = _("Just answer this mail to go on.")
        said = "\n\n".join(row.message.text or _("(a file; it is in the chat)") for row in rows)
        outgoing = Outgoing(
            text=f"{begins}\n\n{said}\n\n{ends}",
            to=(visitor.email,),
            subject=_("Your chat with us"),
            channel_id=outlet.pk,
            # The answers that it carries were given by people: it ends no waiting a second time.
            is_automatic=True,
            details={"carries": [row.message_id for row in rows]},
        )
    send_message(actor=system_actor(means="chat"), conversation_id=conversation_id, outgoing=outgoing, hold_seconds=0)


def _let_be(rows: list[ChatMessage]) -> None:
    """These need no mail any more."""
    ChatMessage.objects.filter(pk__in=[row.pk for row in rows]).update(is_unseen=False)


def send_transcript(channel: Channel, visitor: ChatVisitor, conversation: Conversation, address: str) -> None:
    """What was said in this chat, as a mail."""
    outlet = mail_channel(channel)
    if outlet is None:
        raise Conflict(_("A transcript cannot be sent from here."))
    rows = ChatMessage.objects.filter(visitor=visitor, message__conversation=conversation).select_related("message")
    with translation.override(visitor.language or channel.language or None):
        lines = [_line(row, visitor) for row in rows.order_by("message__at", "message_id")[:MOST_LINES]]
        outgoing = Outgoing(
            text="\n\n".join([_("What was said in your chat with us:"), *lines]),
            to=(address,),
            subject=_("Your chat with us"),
            channel_id=outlet.pk,
            is_automatic=True,
            details={"transcript": True},
        )
    send_message(actor=system_actor(means="chat"), conversation_id=conversation.pk, outgoing=outgoing, hold_seconds=0)


def _line(row: ChatMessage, visitor: ChatVisitor) -> str:
    """One message of a transcript."""
    message = row.message
    who = (visitor.name or _("You")) if message.direction == Direction.IN else (message.author_name or _("We"))
    at = timezone.localtime(message.at).strftime("%Y-%m-%d %H:%M")
    return f"[{at}] {who}: {message.text or _('(a file)')}"

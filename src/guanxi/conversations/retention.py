"""How long conversations keep their words, and that a conversation shows that a customer still deals with us."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.conversations.choices import ConversationState, MessageKind
from guanxi.conversations.models import Conversation, Draft, Message
from guanxi.core.actor import system_actor
from guanxi.core.changes import OperationInHand
from guanxi.core.retention import (
    Activity,
    Counts,
    Ending,
    Group,
    Kind,
    Part,
    activities,
    forget_values,
    kinds,
    wordless,
)
from guanxi.files.public import StoredFile, discard
from guanxi.search.public import refresh


def _ended(before: datetime) -> QuerySet[Conversation]:
    """Conversations that are done and in which nothing was said since a moment."""
    return Conversation.objects.filter(state=ConversationState.DONE, last_message_at__lt=before)


def _conversations(before: datetime) -> QuerySet[Conversation]:
    """Those of them that still say something of the counterpart."""
    return _ended(before).exclude(**wordless(Conversation))


def _messages(before: datetime) -> QuerySet[Message]:
    """What was said and noted in them, while the words or files still stand."""
    files = StoredFile.objects.filter(record_kind="message", record_id=OuterRef("pk"))
    rows = Message.objects.filter(conversation__in=_ended(before).values("pk")).exclude(kind=MessageKind.EVENT)
    return rows.filter(~Q(**wordless(Message)) | Exists(files))


def _strip_messages(op: OperationInHand, numbers: list[int]) -> Counts:
    """The words and files go; when something was said, by which channel, stays as a figure."""
    forgotten = forget_values(op, Message, numbers)
    rows = Message.objects.filter(pk__in=numbers)
    raw = list(rows.filter(raw_file__isnull=False).values_list("raw_file", flat=True))
    rows.update(raw_file=None, **wordless(Message))  # house: writes: the end of a period
    files = 0
    for stored in StoredFile.objects.filter(Q(record_kind="message", record_id__in=numbers) | Q(pk__in=raw)):
        discard(actor=system_actor("job"), stored=stored)
        files += 1
    counts = {"conversations.Message": len(numbers), "files.StoredFile": files, "core.Change": forgotten}
    return {label: count for label, count in counts.items() if count}


def _strip_conversations(op: OperationInHand, numbers: list[int]) -> Counts:
    """Subject and counterpart go, and what somebody began to write there."""
    forgotten = forget_values(op, Conversation, numbers)
    Draft.objects.filter(conversation__in=numbers).delete()  # house: writes: the end of a period
    rows = Conversation.objects.filter(pk__in=numbers)
    rows.update(**wordless(Conversation))  # house: writes: the end of a period
    refresh("conversation", numbers)
    counts = {"conversations.Conversation": len(numbers), "core.Change": forgotten}
    return {label: count for label, count in counts.items() if count}


kinds.add(
    "conversations",
    Kind(
        label=_("Conversations with their messages"),
        counted=_("the last message of a conversation that is done"),
        ending=Ending.STRIP,
        what_happens=_(
            "Words, addresses and files go, the mails as they came among them; that something was said, when and by "
            "which channel stays as a figure."
        ),
        group=Group.CUSTOMERS,
        minimums=("trade.keep_years",),
        parts=(
            Part(
                "conversations.Message",
                rows=_messages,
                at="conversation__last_message_at",
                end=_strip_messages,
                customer="customer conversation__customer",
            ),
            Part(
                "conversations.Conversation",
                rows=_conversations,
                at="last_message_at",
                end=_strip_conversations,
                customer="customer",
            ),
        ),
    ),
    order=145,
)
activities.add(
    "conversations",
    Activity(
        _("conversations and their messages; an open one always"),
        rows=lambda: Conversation.objects.filter(customer__isnull=False),
        customer="customer_id",
        at=("created_at", "last_message_at"),
        always=Q(state=ConversationState.OPEN),
    ),
    order=80,
)

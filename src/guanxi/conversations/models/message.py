"""What was said, what colleagues noted, what is about to be said."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.conversations.choices import (
    ChannelKind,
    DeliveryState,
    Direction,
    DraftKind,
    MessageClass,
    MessageKind,
)
from guanxi.conversations.models.conversation import Conversation
from guanxi.core.access import VisibleManager
from guanxi.core.ids import public_id

ON_ITS_WAY = (DeliveryState.HELD, DeliveryState.QUEUED)


class Message(models.Model):
    """One entry of a conversation; what it says never changes. Entries stand in the order of (at, id)."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="messages", db_index=False)
    # The customer of the conversation, so that a customer's timeline is one index read.
    customer = models.ForeignKey(
        "customers.Customer", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    channel = models.ForeignKey(
        "conversations.Channel", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    channel_kind = models.CharField(max_length=10, choices=ChannelKind.choices, blank=True)
    kind = models.CharField(max_length=8, choices=MessageKind.choices, default=MessageKind.MESSAGE)
    direction = models.CharField(max_length=8, choices=Direction.choices)
    message_class = models.CharField(max_length=14, choices=MessageClass.choices, default=MessageClass.NORMAL)
    needs_answer = models.BooleanField(default=False)
    author = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    author_name = models.CharField(max_length=200, blank=True)
    # Where it came from or, going out, where it is sent: addresses as the channel writes them.
    from_address = models.CharField(max_length=254, blank=True)
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    subject = models.CharField(max_length=255, blank=True)
    # All it says as plain text; `new_text` without what it quotes; `html` cleaned, '' where it came as text.
    text = models.TextField(blank=True)
    new_text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    # What further belongs to it and no search asks for: inline images, held back images, fields of a form.
    details = models.JSONField(default=dict)
    # Its place in the conversation: when we got it or wrote it down, never before the entry that precedes it.
    at = models.DateTimeField()
    # When the sender says that it was sent.
    said_at = models.DateTimeField(null=True)
    # Under which the channel delivers it once: delivered again it is known.
    external_key = models.CharField(max_length=200, null=True)  # noqa: DJ001 - null for none, so that none is no double
    # The Message-ID of a mail (a digest of a longer one), ours or theirs, and of the one it answers.
    message_id = models.CharField(max_length=255, blank=True)
    in_reply_to = models.CharField(max_length=255, blank=True)
    raw_file = models.ForeignKey(
        "files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    delivery = models.CharField(max_length=9, choices=DeliveryState.choices, default=DeliveryState.RECEIVED)
    # Held until then, so that it can be taken back.
    held_until = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    # Why it was not delivered: a code of the adapter and what the other side said.
    error = models.CharField(max_length=40, blank=True)
    error_detail = models.CharField(max_length=500, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = VisibleManager()

    # The journal tells that a message came or went; what it says stands here alone.
    journal_leaves_out: ClassVar[frozenset[str]] = frozenset({"text", "new_text", "html", "details"})

    class Meta:
        """Each channel delivers a message once; threads, timelines and what is to be sent are one index read."""

        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "external_key"],
                name="message_delivered_once",
                condition=Q(external_key__isnull=False),
            )
        ]
        indexes = [
            models.Index(fields=["conversation", "at", "id"], name="message_of_conversation"),
            models.Index(fields=["customer", "at", "id"], name="message_of_customer", condition=Q(customer__isnull=False)),
            models.Index(fields=["message_id"], name="message_message_id", condition=~Q(message_id="")),
            models.Index(fields=["in_reply_to"], name="message_in_reply_to", condition=~Q(in_reply_to="")),
            models.Index(fields=["held_until"], name="message_to_send", condition=Q(delivery__in=ON_ITS_WAY)),
            models.Index(fields=["at"], name="message_at"),
            models.Index(fields=["raw_file"], name="message_raw_file", condition=Q(raw_file__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        """Which entry."""
        return f"{self.public_id} of {self.conversation_id}"

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("msg", self.pk)


class Draft(models.Model):
    """What one person is writing in one conversation; saved while they write, so it has no journal."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=DraftKind.choices)
    text = models.TextField(blank=True)
    # Recipients, subject, the channel chosen, files: whatever the composer keeps besides the text.
    details = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    class Meta:
        """One draft of a kind for each person and conversation."""

        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["conversation", "user", "kind"], name="draft_once")]
        indexes = [models.Index(fields=["user", "-updated_at"], name="draft_of_person")]

    def __str__(self) -> str:
        """Whose draft."""
        return f"{self.kind} of {self.user_id} in {self.conversation_id}"

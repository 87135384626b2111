"""Threads of messages with one customer, whatever the channel."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.conversations.choices import ChannelKind, ConversationState, Match
from guanxi.conversations.counterparts import name_alone
from guanxi.core.access import VisibleManager
from guanxi.core.ids import public_id

OPEN = Q(state=ConversationState.OPEN)


class Conversation(models.Model):
    """One thread with one counterpart; it may move from channel to channel and stays one."""

    subject = models.CharField(_("subject"), max_length=255, blank=True)
    state = models.CharField(
        _("state"), max_length=5, choices=ConversationState.choices, default=ConversationState.OPEN
    )
    customer = models.ForeignKey(
        "customers.Customer", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("customer"), db_index=False,
    )  # fmt: skip
    match = models.CharField(_("whose it is"), max_length=8, choices=Match.choices, default=Match.NONE)
    # The counterpart as the channel names it: a kind of contact point (or a visitor of a chat), its normalised form.
    contact_kind = models.CharField(max_length=10, blank=True)
    contact_value = models.CharField(max_length=254, blank=True)
    contact_name = models.CharField(_("name"), max_length=200, blank=True)
    # The channel it goes on by; the one of the last message of the counterpart unless somebody chose another.
    channel = models.ForeignKey(
        "conversations.Channel", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("channel"),
        db_index=False,
    )  # fmt: skip
    channel_kind = models.CharField(_("channel"), max_length=10, choices=ChannelKind.choices, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    assignee = models.ForeignKey(
        "core.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("who answers"), db_index=False,
    )  # fmt: skip
    # Where it waits or was taken from; who has it and this follow its work (`routing`).
    queue = models.ForeignKey(
        "routing.Queue", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("queue"),
        db_index=False,
    )  # fmt: skip
    department = models.ForeignKey(
        "core.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("department"), db_index=False,
    )  # fmt: skip
    message_count = models.PositiveIntegerField(_("messages"), default=0)
    last_message_at = models.DateTimeField(_("last message"))
    last_inbound_at = models.DateTimeField(_("last heard of"), null=True)
    last_outbound_at = models.DateTimeField(_("last answered"), null=True)
    # Since when the counterpart waits for an answer; null when nobody waits.
    waiting_since = models.DateTimeField(_("waiting since"), null=True)
    # By when it must be answered, as said by whoever keeps the clock; null without a clock.
    due_at = models.DateTimeField(_("to be answered by"), null=True)
    # The secret of the reply address and of links to this conversation; never shown by itself.
    secret = models.CharField(max_length=32, editable=False)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    done_at = models.DateTimeField(_("done on"), null=True)
    created_at = models.DateTimeField(_("begun"))
    updated_at = models.DateTimeField(auto_now=True)

    objects = VisibleManager()

    class Meta:
        """What the desk lists, what belongs to a customer, what a counterpart said before: one index read each."""

        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        indexes = [
            models.Index(fields=["-last_message_at", "-id"], name="conversation_newest"),
            models.Index(fields=["last_message_at", "id"], name="conversation_open", condition=OPEN),
            models.Index(fields=["assignee", "last_message_at", "id"], name="conversation_of_agent", condition=OPEN),
            models.Index(fields=["queue", "last_message_at", "id"], name="conversation_of_queue", condition=OPEN),
            models.Index(fields=["due_at", "id"], name="conversation_due", condition=OPEN & Q(due_at__isnull=False)),
            models.Index(
                fields=["waiting_since", "id"],
                name="conversation_waiting",
                condition=OPEN & Q(waiting_since__isnull=False),
            ),
            models.Index(
                fields=["assignee", "waiting_since", "id"],
                name="conversation_agent_waiting",
                condition=OPEN & Q(waiting_since__isnull=False),
            ),
            models.Index(
                fields=["assignee", "due_at", "id"],
                name="conversation_agent_due",
                condition=OPEN & Q(due_at__isnull=False),
            ),
            models.Index(
                fields=["customer", "-last_message_at"],
                name="conversation_of_customer",
                condition=Q(customer__isnull=False),
            ),
            models.Index(fields=["contact_kind", "contact_value", "-last_message_at"], name="conversation_contact"),
            models.Index(fields=["channel", "-last_message_at"], name="conversation_of_channel"),
            models.Index(fields=["department", "-last_message_at"], name="conversation_department"),
            models.Index(fields=["channel", "last_message_at", "id"], name="conversation_channel_open", condition=OPEN),
            models.Index(
                fields=["merged_into"], name="conversation_merged_into", condition=Q(merged_into__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        """The subject, else who it is with by name: an address is not for everybody who sees the conversation."""
        return self.subject or name_alone(self.contact_name) or self.public_id

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("cnv", self.pk)

    def get_absolute_url(self) -> str:
        """Its place on the desk."""
        return reverse("conversations:show", args=[self.public_id])


class MaybeMatch(models.Model):
    """One customer who may be the counterpart of a conversation, and by what; settled with one click."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="maybe_matches")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    # Codes of what speaks for it: same_name, same_domain, same_address ...
    reason = models.CharField(max_length=40)

    class Meta:
        """A customer is proposed once."""

        verbose_name = _("possible match")
        verbose_name_plural = _("possible matches")
        constraints = [models.UniqueConstraint(fields=["conversation", "customer"], name="maybe_match_once")]

    def __str__(self) -> str:
        """Who it may be."""
        return f"{self.conversation_id} maybe {self.customer_id}"


class Seen(models.Model):
    """Up to where one person has read a conversation; kept by the program itself, so it has no journal."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """One place each."""

        verbose_name = _("read mark")
        verbose_name_plural = _("read marks")
        constraints = [models.UniqueConstraint(fields=["conversation", "user"], name="seen_once")]

    def __str__(self) -> str:
        """Who read what."""
        return f"{self.user_id} read {self.conversation_id}"

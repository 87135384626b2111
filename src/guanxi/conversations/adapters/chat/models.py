"""Who chats, with which secret, and what was said in whose chat."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.core.ids import public_id

PREFIX = "vis"


class ChatVisitor(models.Model):
    """One person who chats on one channel, by what their browser or the site says; kept by the program itself."""

    channel = models.ForeignKey("conversations.Channel", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=10, blank=True)
    # The id that the site's server vouches for; '' for somebody who only says who they are.
    external_id = models.CharField(max_length=200, blank=True)
    customer = models.ForeignKey(
        "customers.Customer", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # The conversation that their next message goes on in, while it is open.
    conversation = models.ForeignKey(
        "conversations.Conversation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Whoever they turned out to be: from then on their chat is read there.
    became = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+")
    begun_at = models.DateTimeField()
    # When the browser was last heard of, up to where the visitor has read, up to where a colleague has.
    seen_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    answerer_read_at = models.DateTimeField(null=True)
    transcript_at = models.DateTimeField(null=True)

    class Meta:
        """A site vouches for a person once."""

        verbose_name = _("visitor")
        verbose_name_plural = _("visitors")
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "external_id"], name="chat_visitor_once", condition=~Q(external_id="")
            )
        ]
        indexes = [
            models.Index(fields=["channel", "seen_at"], name="chat_visitor_seen"),
            models.Index(fields=["customer"], name="chat_visitor_customer", condition=Q(customer__isnull=False)),
        ]

    def __str__(self) -> str:
        """The name, else which visitor."""
        return self.name or self.public_id

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id(PREFIX, self.pk)


class ChatKey(models.Model):
    """One browser's secret, of which only the digest is kept."""

    visitor = models.ForeignKey(ChatVisitor, on_delete=models.CASCADE, related_name="keys")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    # For somebody the site vouches for: until when without a new token; null for a visitor nobody vouches for.
    vouched_until = models.DateTimeField(null=True)

    class Meta:
        """A secret belongs to one visitor."""

        verbose_name = _("key of a visitor")
        verbose_name_plural = _("keys of visitors")

    def __str__(self) -> str:
        """Whose it is."""
        return f"key of {self.visitor_id}"


class ChatMessage(models.Model):
    """One message that was said in one visitor's chat: that, and nothing else of its conversation, the visitor sees."""

    visitor = models.ForeignKey(ChatVisitor, on_delete=models.CASCADE, related_name="+", db_index=False)
    message = models.OneToOneField("conversations.Message", on_delete=models.CASCADE, related_name="chat")
    # Our answer, not seen so far: it goes by e-mail when the visitor has left.
    is_unseen = models.BooleanField(default=False)

    class Meta:
        """A visitor's chat in its order is one index read; so is what nobody has seen."""

        verbose_name = _("message of a chat")
        verbose_name_plural = _("messages of chats")
        indexes = [
            models.Index(fields=["visitor", "id"], name="chat_message_of_visitor"),
            models.Index(fields=["id"], name="chat_message_unseen", condition=Q(is_unseen=True)),
        ]

    def __str__(self) -> str:
        """Which message in whose chat."""
        return f"{self.message_id} of {self.visitor_id}"

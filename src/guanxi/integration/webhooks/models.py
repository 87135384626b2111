"""Who is told, what they are to be told, and each try to tell them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.core.access import VisibleManager
from guanxi.core.ids import public_id


class WebhookEndpoint(models.Model):
    """One address of another system that is told what happens, with the rights of the user it belongs to."""

    user = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("acts for"))
    label = models.CharField(_("used by"), max_length=80)
    url = models.CharField(_("address"), max_length=500)
    # Types of events; empty stands for all.
    types = models.JSONField(_("events"), default=list)
    with_details = models.BooleanField(_("with details"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    # Why it was stopped by itself; empty while it is active or was stopped by hand.
    stopped_because = models.CharField(max_length=300, blank=True)
    secret = models.CharField(max_length=400)
    # The secret before, valid beside the new one until the moment below.
    old_secret = models.CharField(max_length=400, blank=True)
    old_secret_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    # While the receiver is away nothing is tried before this moment.
    rests_until = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failures_in_row = models.PositiveIntegerField(default=0)
    last_delivered_at = models.DateTimeField(null=True)

    objects = VisibleManager()

    class Meta:
        """The newest last."""

        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["id"]

    def __str__(self) -> str:
        """What it is called."""
        return self.label

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("whk", self.pk)


class MessageState(models.TextChoices):
    """Where a message stands."""

    WAITING = "waiting", pgettext_lazy("message", "waiting")
    DELIVERED = "delivered", pgettext_lazy("message", "delivered")
    FAILED = "failed", pgettext_lazy("message", "failed")


class WebhookMessage(models.Model):
    """One thing that one endpoint is told; it holds ids only."""

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="messages")
    # What the receiver knows it by; the same in every try and replay.
    message_id = models.CharField(max_length=40, unique=True)
    type = models.CharField(max_length=60)
    # `kind:number` of the record it is about; `*` where it is about many.
    about = models.CharField(max_length=60)
    data = models.JSONField()
    happened_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.WAITING)
    due_at = models.DateTimeField(null=True)
    first_tried_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = VisibleManager()

    class Meta:
        """What waits is one short index; the log of an endpoint is one read."""

        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["endpoint", "id"], name="webhook_waiting", condition=Q(state=MessageState.WAITING)),
            models.Index(fields=["endpoint", "-id"], name="webhook_log"),
            models.Index(fields=["ended_at"], name="webhook_ended", condition=Q(ended_at__isnull=False)),
        ]

    def __str__(self) -> str:
        """Its type and id."""
        return f"{self.type} {self.message_id}"


class WebhookAttempt(models.Model):
    """One try to deliver a message: what came back, or why nothing did."""

    message = models.ForeignKey(WebhookMessage, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True)
    # A short code (`timeout`, `inside`, `status` ...); the words for it are chosen for the reader.
    problem = models.CharField(max_length=20, blank=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        """In the order they were made."""

        verbose_name = _("try")
        verbose_name_plural = _("tries")
        ordering = ["id"]

    def __str__(self) -> str:
        """What came of it."""
        return f"{self.message_id}: {self.status or self.problem}"

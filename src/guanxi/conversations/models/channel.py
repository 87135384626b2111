"""Where messages come from and go to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.conversations.choices import ChannelKind
from guanxi.core.access import VisibleManager
from guanxi.core.ids import public_id


class Channel(models.Model):
    """One mailbox, one chat, one form, one telephone log ... with its settings and how it stands with it."""

    kind = models.CharField(_("kind"), max_length=10, choices=ChannelKind.choices)
    name = models.CharField(_("name"), max_length=80, unique=True)
    # What it is reached by: the address of a mailbox, the number of a line; '' where there is none.
    address = models.CharField(_("address"), max_length=254, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    department = models.ForeignKey(
        "core.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("department"),
    )  # fmt: skip
    # Where its conversations wait; the first queue where none is chosen.
    queue = models.ForeignKey(
        "routing.Queue", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("queue")
    )
    # What the adapter of its kind needs to know; its secrets lie apart, sealed.
    settings = models.JSONField(default=dict, blank=True)
    secret_sealed = models.TextField(blank=True)
    created_at = models.DateTimeField(_("set up on"))
    updated_at = models.DateTimeField(auto_now=True)

    objects = VisibleManager()

    class Meta:
        """Channels are found by their address."""

        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["name"]
        indexes = [models.Index(fields=["kind", "address"], name="channel_address", condition=~Q(address=""))]

    def __str__(self) -> str:
        """The name."""
        return self.name

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("chn", self.pk)


class ChannelHealth(models.Model):
    """How it stands with a channel; kept by the program itself, so it has no journal."""

    channel = models.OneToOneField(Channel, primary_key=True, on_delete=models.CASCADE, related_name="health")
    worked_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    # A code that the adapter knows how to say in words, and what the other side said; '' while all is well.
    error = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    failures = models.PositiveIntegerField(default=0)
    # Which part of it fails (a folder, the way out), so that another part that works does not hide it; and since when.
    about = models.CharField(max_length=100, blank=True)
    broken_at = models.DateTimeField(null=True)

    class Meta:
        """One row a channel."""

        verbose_name = _("health of a channel")
        verbose_name_plural = _("health of channels")

    def __str__(self) -> str:
        """The error, or that there is none."""
        return f"{self.channel_id}: {self.error or 'ok'}"

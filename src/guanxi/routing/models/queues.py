"""Queues: where work waits, by which rule it is given out, and to whom."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.core.ids import public_id


class Queue(models.Model):
    """One line of waiting work, the strategy that gives it out, and where it goes when nobody takes it."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    # A key of the registry of strategies; one that is gone counts as taking by hand.
    strategy = models.CharField(_("strategy"), max_length=40, default="manual")
    department = models.ForeignKey(
        "core.Department",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("department"),
    )
    is_active = models.BooleanField(_("in use"), default=True)
    order = models.PositiveSmallIntegerField(_("place"), default=100)
    # How long, in seconds; 0 stands for never or not at all.
    accept_seconds = models.PositiveIntegerField(_("time to accept"), default=0)
    preferred_seconds = models.PositiveIntegerField(_("waits for whoever had it before"), default=0)
    level_seconds = models.PositiveIntegerField(_("time until the next level is asked"), default=0)
    overflow = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("overflow queue")
    )
    overflow_seconds = models.PositiveIntegerField(_("time until overflow"), default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = VisibleManager()

    class Meta:
        """Pages show queues in their order."""

        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        """The queue's name."""
        return self.name

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("que", self.pk)


class QueueMember(models.Model):
    """One user gets work from one queue; level 1 is asked first, higher levels when nobody below is free."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="+")
    is_active = models.BooleanField(_("gets work"), default=True)
    level = models.PositiveSmallIntegerField(_("level"), default=1)

    class Meta:
        """Each is a member once; the queues of a person are one index read."""

        verbose_name = _("member of a queue")
        verbose_name_plural = _("members of queues")
        constraints = [
            models.UniqueConstraint(fields=["queue", "user"], name="queue_member_once"),
            models.CheckConstraint(condition=Q(level__gte=1), name="queue_member_level_from_one"),
        ]
        indexes = [models.Index(fields=["user", "queue"], name="queues_of_person")]

    def __str__(self) -> str:
        """Who is in which queue."""
        return f"{self.user_id} in {self.queue_id}"


class Turn(models.Model):
    """When one user was last given work of one queue, counted in turns, so that round robin goes on where it stopped."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveBigIntegerField()

    class Meta:
        """One row for each member who was ever given work; the latest turn of a queue is one index read."""

        constraints = [models.UniqueConstraint(fields=["queue", "user"], name="turn_once")]
        indexes = [models.Index(fields=["queue", "-number"], name="turn_latest")]

    def __str__(self) -> str:
        """Which turn it was."""
        return f"turn {self.number} of {self.queue_id}"

"""Who is there for work, since when and why not, and how much each can have in hand."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.routing.choices import PresenceCause, PresenceState


class PresenceReason(models.Model):
    """A reason of the company's own for being in a state: training, team meeting, lunch."""

    state = models.CharField(_("state"), max_length=8, choices=PresenceState.choices)
    name_en = models.CharField(_("English name"), max_length=60)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    is_active = models.BooleanField(_("in use"), default=True)
    order = models.PositiveSmallIntegerField(_("place"), default=100)

    class Meta:
        """Menus show reasons in their order."""

        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        """The reason in the language of now."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


class AgentPresence(models.Model):
    """Whether one user is there for work at this moment, and what strategies need to know of them."""

    user = models.OneToOneField("core.User", primary_key=True, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=PresenceState.choices, default=PresenceState.OFFLINE)
    reason = models.ForeignKey(PresenceReason, null=True, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=12, choices=PresenceCause.choices, default=PresenceCause.SELF)
    since = models.DateTimeField(_("since"))
    # When an open page of theirs last said so.
    seen_at = models.DateTimeField(null=True)
    # The state they come back to when they were away only because no page was open.
    returns_to = models.CharField(max_length=8, choices=PresenceState.choices, blank=True)

    objects = VisibleManager()

    class Meta:
        """Who is there, and who was not seen for too long: one index read each."""

        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        indexes = [
            models.Index(fields=["seen_at"], name="presence_seen", condition=~Q(state="offline")),
        ]

    def __str__(self) -> str:
        """Who is in which state."""
        return f"{self.user_id} {self.state}"


class PresenceSpan(models.Model):
    """One stretch of time that one user spent in one state; the one without an end is that of now."""

    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=PresenceState.choices)
    reason = models.ForeignKey(PresenceReason, null=True, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=12, choices=PresenceCause.choices)
    # Who set it, where it was somebody else.
    by = models.ForeignKey("core.User", null=True, on_delete=models.SET_NULL, related_name="+")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        """Nobody is in two states at once; the spans of a person by time are one index read."""

        verbose_name = _("span of presence")
        verbose_name_plural = _("spans of presence")
        constraints = [
            models.UniqueConstraint(fields=["user"], name="presence_span_open", condition=Q(to_at__isnull=True))
        ]
        indexes = [
            models.Index(fields=["user", "from_at"], name="presence_span_of_person"),
            models.Index(fields=["from_at"], name="presence_span_old"),
        ]

    def __str__(self) -> str:
        """Whose state it was."""
        return f"{self.user_id} {self.state} from {self.from_at:%Y-%m-%d %H:%M}"


class Capacity(models.Model):
    """How much one user can have in hand where it differs from the company's usual."""

    user = models.OneToOneField("core.User", primary_key=True, on_delete=models.CASCADE, related_name="+")
    # None: as usual.
    total = models.PositiveSmallIntegerField(_("in all"), null=True, blank=True)
    # Most items at once by kind of channel; kinds left out are as usual.
    most = models.JSONField(_("at most"), default=dict, blank=True)

    class Meta:
        """One row for whoever differs."""

        verbose_name = _("capacity")
        verbose_name_plural = _("capacities")

    def __str__(self) -> str:
        """Whose capacity it is."""
        return f"capacity of {self.user_id}"

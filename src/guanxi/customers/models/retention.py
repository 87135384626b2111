"""How long each kind of data is kept, and the runs that ended what was past its period."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.core.ids import public_id
from guanxi.customers.choices import RetentionState


class RetentionRule(models.Model):
    """How long one kind of data is kept, as the company has set it; a kind without a row keeps its usual period."""

    kind = models.CharField(_("kind"), max_length=40, primary_key=True)
    days = models.PositiveIntegerField(_("kept for (days)"), null=True, blank=True)
    # Why so long: the law, a contract, what the data is needed for.
    basis = models.CharField(_("why so long"), max_length=300, blank=True)
    is_automatic = models.BooleanField(_("ends by itself"), default=False)
    # Days between the notice and the run; without meaning for technical logs.
    notice_days = models.PositiveSmallIntegerField(_("days of notice"), default=7)
    set_at = models.DateTimeField(null=True, blank=True)
    set_by_name = models.CharField(max_length=150, blank=True)

    objects = VisibleManager()

    class Meta:
        """One rule for each kind."""

        verbose_name = _("period of retention")
        verbose_name_plural = _("periods of retention")

    def __str__(self) -> str:
        """Which kind."""
        return self.kind


class RetentionRun(models.Model):
    """One ending of data past its period, from its preview on: what was found, who confirmed it, what was done.

    `parts` holds for each model what the preview found (rows past their period, held ones, all, the last number, the
    oldest and the newest day), `counts` what went, `sample` numbers of records for the reader's eyes. No value of any
    record stands here.
    """

    kind = models.CharField(_("kind"), max_length=40)
    # The period when it was previewed; `before` is the moment that it gave, the law's own one where that is earlier.
    days = models.PositiveIntegerField(_("kept for (days)"), default=0)
    before = models.DateTimeField(_("older than"))
    state = models.CharField(_("state"), max_length=10, choices=RetentionState.choices, default=RetentionState.COUNTING)
    parts = models.JSONField(default=dict)
    sample = models.JSONField(default=list)
    # The parameters of the law that stood then: key, value, day.
    legal = models.JSONField(default=list)
    expected_count = models.PositiveBigIntegerField(_("rows past their period"), default=0)
    held_count = models.PositiveBigIntegerField(_("left because of holds"), default=0)
    previewed_at = models.DateTimeField(_("previewed"), null=True, blank=True)
    # An automatic run begins then, unless somebody stops it.
    due_at = models.DateTimeField(_("begins"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_by_name = models.CharField(_("confirmed by"), max_length=150, blank=True)
    started_at = models.DateTimeField(_("begun"), null=True, blank=True)
    # Which part is in hand and the last number of it that was looked at.
    part = models.PositiveSmallIntegerField(default=0)
    last_id = models.BigIntegerField(default=0)
    count = models.PositiveBigIntegerField(_("rows"), default=0)
    counts = models.JSONField(default=dict)
    # Records that could not be ended, with the reason; the first hundred.
    left = models.JSONField(default=list)
    left_count = models.PositiveBigIntegerField(_("could not be ended"), default=0)
    by = models.ForeignKey("core.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(_("by"), max_length=150)
    error = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    operation = models.ForeignKey("core.Operation", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = VisibleManager()

    class Meta:
        """The latest runs first."""

        verbose_name = _("run of retention")
        verbose_name_plural = _("runs of retention")
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "-id"], name="retention_of_kind")]

    def __str__(self) -> str:
        """Which kind."""
        return self.kind

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("rtn", self.pk)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("customers:retention_run", args=[self.pk])

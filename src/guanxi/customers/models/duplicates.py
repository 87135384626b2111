"""Customers that may be on record twice: the pairs found, the scans that found them, what people decided."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.core.access import VisibleManager


class ScanState(models.TextChoices):
    """Where a scan of the whole base stands."""

    WAITING = "waiting", pgettext_lazy("scan", "Waiting")
    RUNNING = "running", pgettext_lazy("scan", "Running")
    DONE = "done", pgettext_lazy("scan", "Done")
    STOPPED = "stopped", pgettext_lazy("scan", "Stopped")
    FAILED = "failed", pgettext_lazy("scan", "Failed")


class DuplicateScan(models.Model):
    """One look over the whole base for customers that are on record twice."""

    state = models.CharField(_("state"), max_length=8, choices=ScanState.choices, default=ScanState.WAITING)
    phase = models.CharField(max_length=12, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    customers = models.BigIntegerField(default=0)
    candidates = models.BigIntegerField(default=0)
    pairs = models.BigIntegerField(default=0)
    by_name = models.CharField(max_length=150, blank=True)
    error = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        """The last scan is the one with the highest number."""

        verbose_name = _("search for duplicates")
        verbose_name_plural = _("searches for duplicates")

    def __str__(self) -> str:
        """Where it stands."""
        return f"scan {self.pk}: {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in {ScanState.WAITING, ScanState.RUNNING}

    @property
    def percent(self) -> int:
        """How much of the phase in hand is done."""
        return min(100, 100 * self.done // self.total) if self.total else 0


class DuplicatePair(models.Model):
    """Two customers that may be one; derived, made anew by each scan, and without any value of the two."""

    first = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, db_constraint=False, related_name="+")
    second = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, db_constraint=False, related_name="+")
    score = models.FloatField(_("likelihood"))
    bits = models.FloatField()
    # [[field, what was found, bits], ...], the strongest first.
    findings = models.JSONField(default=list)
    scan_number = models.BigIntegerField(default=0)
    found_at = models.DateTimeField(_("found"))

    objects = VisibleManager()

    class Meta:
        """The most likely pairs, and those of one customer, are an index read each."""

        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_pair_in_order"),
        ]
        indexes = [models.Index(fields=["-bits", "-id"], name="duplicate_pair_rank")]

    def __str__(self) -> str:
        """Which two."""
        return f"{self.first_id} = {self.second_id} ({self.score:.2f})"


class DuplicateDecision(models.Model):
    """Somebody found that two customers are not the same; a merge takes it along."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("why they are not the same"), max_length=300, blank=True)
    by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    objects = VisibleManager()

    class Meta:
        """A pair is decided once; nobody differs from themselves."""

        verbose_name = _("decision “not the same”")
        verbose_name_plural = _("decisions “not the same”")
        constraints = [
            models.UniqueConstraint(fields=["customer", "other"], name="duplicate_decision_once"),
            models.CheckConstraint(condition=~Q(customer=F("other")), name="duplicate_decision_of_two"),
        ]

    def __str__(self) -> str:
        """Which two."""
        return f"{self.customer_id} ≠ {self.other_id}"

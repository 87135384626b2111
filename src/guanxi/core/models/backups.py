"""What became of each backup, drill and restore."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RunKind(models.TextChoices):
    """What was done."""

    BACKUP = "backup", _("backup")
    DRILL = "drill", _("restore drill")
    RESTORE = "restore", _("restore")


class RunReason(models.TextChoices):
    """Why it was done."""

    BY_HAND = "by_hand", _("by hand")
    SCHEDULE = "schedule", _("by schedule")
    UPGRADE = "upgrade", _("before an upgrade")


class RunState(models.TextChoices):
    """How it ended."""

    RUNNING = "running", pgettext_lazy("backup", "running")
    DONE = "done", pgettext_lazy("backup", "done")
    FAILED = "failed", pgettext_lazy("backup", "failed")


class BackupRun(models.Model):
    """One backup, drill or restore and how it went; kept by the program itself, so it has no journal."""

    kind = models.CharField(_("what"), max_length=8, choices=RunKind.choices)
    reason = models.CharField(_("why"), max_length=8, choices=RunReason.choices)
    state = models.CharField(_("result"), max_length=8, choices=RunState.choices, default=RunState.RUNNING)
    path = models.CharField(_("file"), max_length=1000)
    by_name = models.CharField(_("by"), max_length=150, blank=True)
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    # The moment whose data the file holds.
    made_at = models.DateTimeField(null=True)
    size = models.BigIntegerField(_("size"), default=0)
    row_count = models.BigIntegerField(_("rows"), default=0)
    is_encrypted = models.BooleanField(_("encrypted"), default=False)
    is_masked = models.BooleanField(_("masked"), default=False)
    # When a drill last restored this file and found every row.
    verified_at = models.DateTimeField(_("verified"), null=True)
    # When rotation took the file away.
    removed_at = models.DateTimeField(null=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        """The latest of each kind is one index read."""

        verbose_name = _("backup run")
        verbose_name_plural = _("backup runs")
        indexes = [
            models.Index(fields=["kind", "-started_at"], name="backup_run_latest"),
            models.Index(fields=["state"], name="backup_run_running", condition=Q(state=RunState.RUNNING)),
        ]

    def __str__(self) -> str:
        """What was done, when."""
        return f"{self.kind} {self.started_at:%Y-%m-%d %H:%M}"

"""Acts on so many rows that a job does them."""

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy


class BulkState(models.TextChoices):
    """Where such an act stands."""

    WAITING = "waiting", pgettext_lazy("bulk run", "Waiting")
    RUNNING = "running", pgettext_lazy("bulk run", "Running")
    DONE = "done", pgettext_lazy("bulk run", "Done")
    FAILED = "failed", pgettext_lazy("bulk run", "Stopped")
    UNDOING = "undoing", pgettext_lazy("bulk run", "Being taken back")
    UNDONE = "undone", pgettext_lazy("bulk run", "Taken back")


class BulkRun(models.Model):
    """One act on all rows of a list, chunk by chunk, each an operation of the journal; how far it has come."""

    list_key = models.CharField(max_length=60)
    action = models.CharField(max_length=60)
    query = models.TextField(blank=True)
    given = models.TextField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=BulkState.choices, default=BulkState.WAITING)
    rows_total = models.PositiveIntegerField()
    rows_done = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    # Changed by somebody else since the list was drawn, and so left as they are.
    rows_left = models.PositiveIntegerField(default=0, db_default=0)
    first_id = models.BigIntegerField(default=0)
    last_id = models.BigIntegerField(null=True)
    # The operations made, oldest first; those taken back leave the list.
    operations = models.JSONField(default=list)
    error = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Which act on which list."""
        return f"{self.list_key}.{self.action} {self.state}"

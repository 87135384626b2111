"""Jobs waiting, running and done; the schedules that make them; the workers that do them."""

from django.db import models
from django.db.models import Q
from django.utils.crypto import get_random_string
from django.utils.translation import pgettext_lazy


def new_job_id() -> str:
    """A job's id: 32 random letters and digits."""
    return get_random_string(32)


class JobStatus(models.TextChoices):
    """Where a job stands; the values are those of django-tasks."""

    READY = "READY", pgettext_lazy("job", "Waiting")
    RUNNING = "RUNNING", pgettext_lazy("job", "Running")
    FAILED = "FAILED", pgettext_lazy("job", "Failed")
    SUCCESSFUL = "SUCCESSFUL", pgettext_lazy("job", "Done")


class Job(models.Model):
    """One piece of work; a running one belongs to its worker only until the lease ends."""

    id = models.CharField(primary_key=True, max_length=32, default=new_job_id, editable=False)
    task = models.CharField(max_length=200)
    queue = models.CharField(max_length=20)
    priority = models.SmallIntegerField(default=0)
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=JobStatus.choices, default=JobStatus.READY)
    # What goes along with it from whoever caused it (`events.passing`); empty for nothing.
    passed = models.JSONField(null=True)
    unique_key = models.CharField(max_length=200, null=True)  # noqa: DJ001  one empty value only would be unique
    run_after = models.DateTimeField()
    enqueued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    last_attempted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True, db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    max_tries = models.PositiveSmallIntegerField(default=5)
    worker_ids = models.JSONField(default=list)
    errors = models.JSONField(default=list)
    return_value = models.JSONField(null=True)
    lease_by = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        """What to do next and which lease has lapsed are one index read each; a unique key waits once."""

        indexes = [
            models.Index(
                fields=["queue", "-priority", "run_after"], name="job_ready", condition=Q(status=JobStatus.READY)
            ),
            models.Index(fields=["lease_until"], name="job_leased", condition=Q(status=JobStatus.RUNNING)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unique_key"], name="job_waits_once", condition=Q(status=JobStatus.READY))
        ]

    def __str__(self) -> str:
        """What is to be done."""
        return f"{self.task} ({self.id})"


class Schedule(models.Model):
    """When a cron entry of the code is due next."""

    name = models.CharField(max_length=100, primary_key=True)
    expression = models.CharField(max_length=100)
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """The schedule's name."""
        return self.name


class Worker(models.Model):
    """One worker process and when it was last heard of."""

    id = models.CharField(primary_key=True, max_length=64)
    queues = models.CharField(max_length=100)
    host = models.CharField(max_length=200)
    pid = models.IntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        """Where it runs."""
        return f"{self.host}:{self.pid}"

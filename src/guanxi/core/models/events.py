"""The outbox: what happened, and who is still to hear of it."""

from django.db import models
from django.db.models import Q


class OutboxEvent(models.Model):
    """One thing that happened, written with it in one transaction; holds ids only."""

    name = models.CharField(max_length=120)
    payload = models.JSONField()
    # What goes along with it to those who hear it (`events.passing`); empty for nothing.
    passed = models.JSONField(null=True)
    at = models.DateTimeField(db_index=True)
    # Set once every handler has heard it, or a delivery row stands for each.
    spread_at = models.DateTimeField(null=True)

    class Meta:
        """Events still to be spread are one short index."""

        indexes = [models.Index(fields=["id"], name="outbox_waiting", condition=Q(spread_at__isnull=True))]

    def __str__(self) -> str:
        """The event's name and number."""
        return f"{self.name} {self.pk}"


class EventDelivery(models.Model):
    """One event for one handler, of an event that not all could hear at once: delivered, waiting for its next try, given up."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="deliveries")
    handler = models.CharField(max_length=200)
    tries = models.PositiveSmallIntegerField(default=0)
    # When to try (again); empty once delivered or given up.
    due_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        """A handler sees an event once; what is due is one short index."""

        constraints = [models.UniqueConstraint(fields=["event", "handler"], name="delivery_once")]
        indexes = [models.Index(fields=["due_at", "event"], name="delivery_due", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        """Which event, for whom."""
        return f"{self.event_id} for {self.handler}"

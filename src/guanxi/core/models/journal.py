"""The journal of every write: one operation, its changes."""

from django.db import models


class Operation(models.Model):
    """One act of one actor: everything written in it was written together."""

    name = models.CharField(max_length=80)
    actor = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    actor_name = models.CharField(max_length=150)
    means = models.CharField(max_length=12)
    at = models.DateTimeField(db_index=True)
    undone_at = models.DateTimeField(null=True)
    undoes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    # From where: the client's address, user and host at the console, the name of a job.
    address = models.CharField(max_length=120, blank=True, db_default="", default="")
    reason = models.CharField(max_length=500, blank=True, db_default="", default="")
    # Whose work it was, where the actor did it as their deputy.
    deputising_for = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # When name, address and reason were taken away.
    erased_at = models.DateTimeField(null=True)

    # Of an undo in hand: of each record that it left, who had changed it since. Told, not stored.
    kept_by: tuple[str, ...] = ()

    class Meta:
        """What one person did is read newest first."""

        indexes = [models.Index(fields=["actor", "id"], name="operation_actor")]

    def __str__(self) -> str:
        """What was done, by whom."""
        return f"{self.name} by {self.actor_name}"


class Change(models.Model):
    """One field of one record before and after; `field` is '' for a creation or a deletion, which hold the whole row."""

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="changes", db_index=False)
    kind = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    act = models.CharField(max_length=6)  # create, update, delete, secret, view, erase, done, parts
    field = models.CharField(max_length=80, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    # The customer whose history this belongs to, where the record is a part of one.
    customer_id = models.BigIntegerField(null=True)
    # When before and after were taken away; an `erase` row on this one says in which operation.
    erased_at = models.DateTimeField(null=True)

    class Meta:
        """The changes of an operation, a record, a customer and a kind are one index read each."""

        indexes = [
            models.Index(fields=["operation", "id"], name="change_operation"),
            models.Index(fields=["kind", "operation"], name="change_kind"),
            models.Index(fields=["kind", "record_id", "-id"], name="change_record"),
            models.Index(
                fields=["customer_id", "-id"], name="change_customer", condition=models.Q(customer_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        """Which record, which field."""
        return f"{self.act} {self.kind} {self.record_id} {self.field}"

"""Seals on the journal: digests that show when a row of it was touched by another hand."""

from django.db import models


class Seal(models.Model):
    """One batch of the journal, its digest made over that of the batch before it.

    The batch holds every operation and every change with a number above those of the batch before it, up to
    `operations_to` and `changes_to`; a row that stands there without a digest came later.
    """

    number = models.BigIntegerField(primary_key=True)
    operations_to = models.BigIntegerField()
    changes_to = models.BigIntegerField()
    operation_count = models.IntegerField()
    change_count = models.IntegerField()
    sealed_at = models.DateTimeField()
    # Operations whose time lies well before that of one written earlier: the clock was set back.
    jump_count = models.IntegerField(default=0)
    # The latest time that any operation up to here bears.
    latest_at = models.DateTimeField(null=True)
    digest = models.BinaryField(max_length=32)

    class Meta:
        """The few batches in which the clock jumped are found at once."""

        indexes = [models.Index(fields=["number"], name="seal_jumps", condition=models.Q(jump_count__gt=0))]

    def __str__(self) -> str:
        """The number of the batch."""
        return f"seal {self.number}"


class SealedRow(models.Model):
    """The digest of one row: over what names it and over a salted digest of the values, which lie in the journal.

    An erasure takes values and salt away and leaves the digests, so that the row is still proved to have been there.
    """

    row_id = models.BigIntegerField(primary_key=True)
    salt = models.BinaryField(max_length=16, null=True)
    values_digest = models.BinaryField(max_length=32, null=True)
    digest = models.BinaryField(max_length=32)

    class Meta:
        """Operations and changes have a table each."""

        abstract = True


class SealedOperation(SealedRow):
    """The digest of one operation."""

    # How many changes it had, which its digest covers: None where more may follow, and for what was sealed before.
    change_count = models.IntegerField(null=True)

    def __str__(self) -> str:
        """Which operation."""
        return f"sealed operation {self.row_id}"


class SealedChange(SealedRow):
    """The digest of one change."""

    def __str__(self) -> str:
        """Which change."""
        return f"sealed change {self.row_id}"

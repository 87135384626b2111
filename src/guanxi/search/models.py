"""The index: one row for each record that can be found."""

from django.db import models


class SearchEntry(models.Model):
    """How one record is found and shown among hits; derived from the record, so it has no journal of its own.

    Personal data: holds names and what is found by them (numbers, addresses); goes with its record.
    """

    kind = models.CharField(max_length=32)
    record_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    subtitle = models.CharField(max_length=200, blank=True)
    tokens = models.TextField()
    rank = models.PositiveSmallIntegerField(default=4)
    updated_at = models.DateTimeField()

    class Meta:
        """A record has one entry."""

        constraints = [models.UniqueConstraint(fields=["kind", "record_id"], name="search_entry_once")]

    def __str__(self) -> str:
        """Which record."""
        return f"{self.kind} {self.record_id}"


class OutdatedWords(models.Model):
    """Words that stand in the index and are found no more; until they are out of it each hit is held against its record.

    `about` says which ones, for whoever takes them out. Kept by the program itself, so it has no journal.
    """

    kind = models.CharField(max_length=32)
    about = models.CharField(max_length=80)
    since = models.DateTimeField()

    class Meta:
        """The same words once."""

        constraints = [models.UniqueConstraint(fields=["kind", "about"], name="search_outdated_once")]

    def __str__(self) -> str:
        """Which words."""
        return f"{self.kind} {self.about}"

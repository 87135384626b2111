"""Named locks that outlive a transaction but not their holder."""

from django.db import models


class Lock(models.Model):
    """Who holds a name until when; a lapsed lock may be taken over."""

    name = models.CharField(max_length=200, primary_key=True)
    holder = models.CharField(max_length=64)
    about = models.CharField(max_length=200, blank=True)
    taken_at = models.DateTimeField()
    lease_until = models.DateTimeField()

    def __str__(self) -> str:
        """The lock's name."""
        return self.name

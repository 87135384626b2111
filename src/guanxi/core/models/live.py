"""Live messages for the databases that cannot notify by themselves."""

from django.db import models


class LiveMessage(models.Model):
    """One message to open pages, read by the web processes on SQLite and dropped a minute later."""

    topic = models.CharField(max_length=100)
    data = models.JSONField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        """The topic."""
        return self.topic

"""Company-wide parameters kept in rows."""

from django.db import models


class Parameter(models.Model):
    """One company-wide setting that is data, not environment."""

    key = models.CharField(max_length=80, primary_key=True)
    value = models.JSONField(null=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        """The key."""
        return self.key

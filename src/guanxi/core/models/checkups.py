"""What was found when the installation was looked over."""

from django.db import models


class CheckResult(models.Model):
    """The latest look at one thing: the facts, whether it has been a problem since when, and when people were told."""

    check_key = models.CharField(primary_key=True, max_length=60)
    facts = models.JSONField(default=dict)
    level = models.CharField(max_length=8, default="ok")
    looked_at = models.DateTimeField()
    took_ms = models.PositiveIntegerField(default=0)
    problem_since = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """What was looked at and how it was."""
        return f"{self.check_key}: {self.level}"

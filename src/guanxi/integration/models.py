"""Tokens by which programs act for a user, and answers kept so that a request sent twice acts once."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.core.ids import public_id
from guanxi.integration.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookMessage

__all__ = ["ApiToken", "KeptAnswer", "WebhookAttempt", "WebhookEndpoint", "WebhookMessage"]


class ApiToken(models.Model):
    """One key of one user for programs; the key itself is shown once and kept only as its SHA-256 digest."""

    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="+", verbose_name=_("user"))
    label = models.CharField(_("used by"), max_length=80, blank=True)
    scope = models.CharField(_("scope"), max_length=600, default="read")
    digest = models.CharField(max_length=64, unique=True)
    beginning = models.CharField(_("begins with"), max_length=12)
    per_minute = models.PositiveIntegerField(_("requests a minute"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        """A user's tokens, newest first."""

        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-id"]

    def __str__(self) -> str:
        """How it begins."""
        return self.beginning

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("tok", self.pk)

    @property
    def scopes(self) -> frozenset[str]:
        """What it may be used for, within what its user may do."""
        return frozenset(self.scope.split())

    def is_valid(self, now: datetime) -> bool:
        """Whether it may still be used, as far as the token itself says."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


class KeptAnswer(models.Model):
    """The answer to one request that carried an Idempotency-Key, kept a day; without a status it is still being made."""

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    at = models.DateTimeField(db_index=True)

    class Meta:
        """A key means one request of one token."""

        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="kept_answer_once")]

    def __str__(self) -> str:
        """The key."""
        return self.key

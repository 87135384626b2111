"""Tokens by which programs act for a user."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.core.ids import public_id


class TokenScope(models.TextChoices):
    """What a token may be used for, within what its user may do."""

    READ = "read", _("read")
    WRITE = "write", _("read and write")


class ApiToken(models.Model):
    """One key of one user for programs; the key itself is shown once and kept only as its SHA-256 digest."""

    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="+", verbose_name=_("user"))
    label = models.CharField(_("used by"), max_length=80, blank=True)
    scope = models.CharField(_("scope"), max_length=5, choices=TokenScope.choices, default=TokenScope.READ)
    digest = models.CharField(max_length=64, unique=True)
    beginning = models.CharField(_("begins with"), max_length=12)
    created_at = models.DateTimeField(_("made"))
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

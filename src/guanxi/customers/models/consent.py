"""For what and by which way a customer lets us use personal data: purposes, the texts shown, and every word given."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.customers.choices import ConsentChannel, ConsentState, LegalBasis
from guanxi.importing.managers import EveryRowManager, InForceManager


class Purpose(models.Model):
    """One thing that personal data is used for, and what allows it."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name_en = models.CharField(_("English name"), max_length=120)
    name_zh = models.CharField(_("Chinese name"), max_length=120)
    basis = models.CharField(_("legal basis"), max_length=20, choices=LegalBasis.choices, default=LegalBasis.CONSENT)
    needs_separate = models.BooleanField(_("needs separate consent"), default=False)
    valid_days = models.PositiveIntegerField(_("a consent lasts (days)"), null=True, blank=True)
    valid_from = models.DateField(_("used from"), null=True, blank=True)
    valid_until = models.DateField(_("used until"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=100)
    is_builtin = models.BooleanField(default=False, editable=False)

    objects = VisibleManager()

    class Meta:
        """Purposes are listed in the company's order."""

        verbose_name = _("purpose")
        verbose_name_plural = _("purposes")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        """The name in the reader's language."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


class Notice(models.Model):
    """One version of the text that people are shown before they consent to a purpose; a text once used never changes."""

    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="notices")
    version = models.PositiveIntegerField(_("version"))
    text_en = models.TextField(_("English text"), blank=True)
    text_zh = models.TextField(_("Chinese text"), blank=True)
    valid_from = models.DateField(_("shown from"))
    created_at = models.DateTimeField()

    objects = VisibleManager()

    class Meta:
        """A version is given once."""

        verbose_name = _("notice text")
        verbose_name_plural = _("notice texts")
        constraints = [models.UniqueConstraint(fields=["purpose", "version"], name="notice_version_once")]

    def __str__(self) -> str:
        """The version."""
        return f"v{self.version}"


class Consent(models.Model):
    """One word of a customer about one purpose and one channel, never overwritten: the latest counts."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="consents")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+", verbose_name=_("purpose"))
    channel = models.CharField(_("channel"), max_length=10, choices=ConsentChannel.choices, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ConsentState.choices)
    at = models.DateTimeField(_("said on"))
    expires_on = models.DateField(_("lasts until"), null=True, blank=True)
    is_separate = models.BooleanField(_("given separately"), default=False)
    notice = models.ForeignKey(
        Notice, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("text shown")
    )
    evidence = models.TextField(_("evidence"), blank=True)
    source = models.CharField(_("where it was said"), max_length=120, blank=True)
    by = models.ForeignKey("core.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(_("recorded by"), max_length=150)
    means = models.CharField(max_length=12)
    created_at = models.DateTimeField()
    # The record on which it was recorded; a merge leaves it, so that of two people's words the stricter one counts.
    first_customer_id = models.BigIntegerField(editable=False)
    import_run = models.ForeignKey(
        "importing.Import", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects = InForceManager()
    everything = EveryRowManager()

    class Meta:
        """What counts for a customer, and who said what about a purpose, are one index read each."""

        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        base_manager_name = "everything"
        indexes = [
            models.Index(fields=["customer", "purpose", "-at"], name="consent_of_customer"),
            models.Index(fields=["purpose", "state", "customer"], name="consent_by_purpose"),
            models.Index(fields=["import_run"], name="consent_of_import", condition=Q(import_run__isnull=False)),
        ]

    def __str__(self) -> str:
        """What was said."""
        return f"{self.get_state_display()}"

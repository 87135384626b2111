"""Dated parameters of the law, holds, packs and erasures."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.core.ids import public_id
from guanxi.customers.choices import WorkState


class LegalParameter(models.Model):
    """One number or word that the law sets, from a day on, with its source; never a constant of the program."""

    key = models.CharField(_("parameter"), max_length=60)
    value = models.JSONField(_("value"), null=True)
    valid_from = models.DateField(_("in force from"))
    jurisdiction = models.CharField(_("law of"), max_length=20, blank=True)
    source = models.CharField(_("source"), max_length=300)
    note = models.CharField(_("remark"), max_length=500, blank=True)
    checked_on = models.DateField(_("checked against the text on"), null=True, blank=True)
    created_at = models.DateTimeField()

    objects = VisibleManager()

    class Meta:
        """A parameter has one value from a day on."""

        verbose_name = _("legal parameter")
        verbose_name_plural = _("legal parameters")
        ordering = ["key", "-valid_from"]
        constraints = [models.UniqueConstraint(fields=["key", "valid_from"], name="legal_parameter_once")]

    def __str__(self) -> str:
        """Which parameter."""
        return self.key


class Hold(models.Model):
    """While it stands, nothing of a customer is erased or ended: a dispute, an order of a court, an audit."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="holds")
    reason = models.CharField(_("reason"), max_length=300)
    set_at = models.DateTimeField(_("set"))
    set_by_name = models.CharField(_("set by"), max_length=150)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    released_by_name = models.CharField(max_length=150, blank=True)

    objects = VisibleManager()

    class Meta:
        """The holds that stand are one index read."""

        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        indexes = [models.Index(fields=["customer"], name="hold_standing", condition=Q(released_at__isnull=True))]

    def __str__(self) -> str:
        """Why."""
        return self.reason


class Pack(models.Model):
    """Everything held about one person, put together at somebody's request; the file goes when it expires."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="packs")
    state = models.CharField(_("state"), max_length=10, choices=WorkState.choices, default=WorkState.WAITING)
    by = models.ForeignKey("core.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(_("made by"), max_length=150)
    asked_at = models.DateTimeField(_("asked"))
    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    expires_at = models.DateTimeField(_("goes on"))
    file = models.ForeignKey("files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    download_count = models.PositiveIntegerField(_("downloads"), default=0)
    error = models.CharField(max_length=500, blank=True)

    objects = VisibleManager()

    class Meta:
        """The packs of a customer, the latest first."""

        verbose_name = _("pack about a person")
        verbose_name_plural = _("packs about people")
        ordering = ["-id"]

    def __str__(self) -> str:
        """Whose pack."""
        return f"pack {self.customer_id}"


class Erasure(models.Model):
    """One person erased: who asked, why, what went and what stayed. Holds no plain identifier, only keyed digests."""

    customer_id = models.BigIntegerField(_("customer"), db_index=True)
    customer_created_at = models.DateTimeField()
    digest_key = models.CharField(max_length=16)
    requested_by = models.CharField(_("asked by"), max_length=20, default="person")
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey("core.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(_("done by"), max_length=150)
    means = models.CharField(max_length=12)
    state = models.CharField(_("state"), max_length=10, choices=WorkState.choices, default=WorkState.WAITING)
    asked_at = models.DateTimeField(_("asked"))
    ended_at = models.DateTimeField(_("done"), null=True, blank=True)
    counts = models.JSONField(default=dict)
    kept = models.JSONField(default=list)
    mentions = models.JSONField(default=list)
    operation = models.ForeignKey("core.Operation", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    error = models.CharField(max_length=500, blank=True)
    is_replay = models.BooleanField(default=False)
    # The run that found the person's period to be over.
    retention_run = models.ForeignKey(
        "customers.RetentionRun", null=True, blank=True, on_delete=models.PROTECT, related_name="erasures"
    )

    objects = VisibleManager()

    class Meta:
        """The latest first."""

        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-id"]

    def __str__(self) -> str:
        """Its number."""
        return self.public_id

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("era", self.pk)

    def get_absolute_url(self) -> str:
        """The certificate."""
        return reverse("customers:erasure", args=[self.pk])


class ErasedIdentifier(models.Model):
    """A keyed digest of a number or address of an erased person, so that their return is noticed."""

    erasure = models.ForeignKey(Erasure, on_delete=models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, db_index=True)

    class Meta:
        """A digest stands once in an erasure."""

        verbose_name = _("erased identifier")
        verbose_name_plural = _("erased identifiers")
        constraints = [models.UniqueConstraint(fields=["erasure", "digest"], name="erased_identifier_once")]

    def __str__(self) -> str:
        """Its kind."""
        return self.kind

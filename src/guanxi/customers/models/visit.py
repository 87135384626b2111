"""Records that people keep of their contacts with a customer."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.customers.choices import VisitKind


class VisitRecord(models.Model):
    """One visit to a customer or by one: why, who, what was said, what was seen, what follows."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="visits")
    kind = models.CharField(_("kind"), max_length=8, choices=VisitKind.choices, default=VisitKind.OUT)
    visited_at = models.DateTimeField(_("when"))
    duration_minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    visitor = models.ForeignKey(
        "core.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("our person")
    )
    companions = models.CharField(_("with them from our side"), max_length=200, blank=True)
    met = models.CharField(_("whom they met"), max_length=300, blank=True)
    purpose = models.CharField(_("purpose"), max_length=300)
    content = models.TextField(_("what was said"), blank=True)
    signs = models.CharField(_("non-verbal signs"), max_length=300, blank=True)
    competitors_seen = models.CharField(_("competitors seen"), max_length=300, blank=True)
    outcome = models.CharField(_("outcome"), max_length=400, blank=True)
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    next_on = models.DateField(_("next step on"), null=True, blank=True)
    created_at = models.DateTimeField()

    objects = VisibleManager()

    class Meta:
        """The visits of a customer, newest first, are one index read."""

        verbose_name = _("visit record")
        verbose_name_plural = _("visit records")
        indexes = [models.Index(fields=["customer", "-visited_at", "-id"], name="visit_customer")]

    def __str__(self) -> str:
        """The purpose."""
        return self.purpose


class Note(models.Model):
    """One remark on a customer."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    text = models.TextField(_("note text"))
    is_pinned = models.BooleanField(_("pinned"), default=False)

    objects = VisibleManager()

    class Meta:
        """The notes of a customer, newest first, are one index read."""

        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes = [models.Index(fields=["customer", "-at", "-id"], name="note_customer")]

    def __str__(self) -> str:
        """The beginning of the text."""
        return self.text[:60]

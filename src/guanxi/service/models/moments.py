"""Moments of truth: what is asked of how a case was handled, and what people said of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.service.choices import CaseType
from guanxi.service.moments.choices import Step


class MomentCriterion(models.Model):
    """One thing that the company asks at one step besides those that Guanxi asks, for one type of case or for all.

    One with a key stands for what Guanxi asks under that key: the company asks it no more while it is not in use.
    """

    step = models.CharField(_("step"), max_length=12, choices=Step.choices)
    case_type = models.CharField(_("type"), max_length=10, choices=CaseType.choices, blank=True)
    text = models.CharField(_("what is asked"), max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    key = models.CharField(max_length=40, blank=True, editable=False)

    objects = VisibleManager()

    class Meta:
        """In their order."""

        verbose_name = _("criterion of a moment of truth")
        verbose_name_plural = _("criteria of moments of truth")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="moment_criterion_key", condition=~models.Q(key=""))
        ]

    def __str__(self) -> str:
        """What is asked."""
        return self.text or self.key


class MomentMark(models.Model):
    """What one person said of one criterion in one case; it stands before what was found by itself."""

    case = models.ForeignKey("service.Case", on_delete=models.CASCADE, related_name="moment_marks")
    # A key of `moments.criteria`, or `own-<id>` for a criterion of the company's.
    criterion = models.CharField(max_length=40)
    is_met = models.BooleanField()
    by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """One word for each criterion."""

        verbose_name = _("mark of a moment of truth")
        verbose_name_plural = _("marks of moments of truth")
        constraints = [models.UniqueConstraint(fields=["case", "criterion"], name="moment_mark_once")]

    def __str__(self) -> str:
        """What was said."""
        return f"{self.case_id} {self.criterion}: {self.is_met}"

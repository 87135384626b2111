"""What a company arranges its cases by."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.service.choices import CaseType


class CaseCategory(models.Model):
    """One node of the tree of categories; `path` lists the ids from the root down, `/3/17/`."""

    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("part of")
    )
    name = models.CharField(_("name"), max_length=200)
    path = models.CharField(max_length=200, editable=False, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveIntegerField(default=0)

    objects = VisibleManager()

    class Meta:
        """A name stands once under its parent."""

        verbose_name = _("category of cases")
        verbose_name_plural = _("categories of cases")
        ordering = ["position", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="case_category_once"),
            models.UniqueConstraint(
                fields=["name"], name="case_category_root_once", condition=models.Q(parent__isnull=True)
            ),
        ]
        indexes = [models.Index(fields=["path"], name="case_category_path")]

    def __str__(self) -> str:
        """The name."""
        return self.name


class Checklist(models.Model):
    """What is to be done in every case of a type (and category); its items are copied to the case that opens with it or gets it."""

    case_type = models.CharField(_("type"), max_length=10, choices=CaseType.choices)
    category = models.ForeignKey(
        CaseCategory, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("category")
    )
    name = models.CharField(_("name"), max_length=120)
    items = models.JSONField(_("items"), default=list)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = VisibleManager()

    class Meta:
        """Found by type."""

        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["case_type", "name"]

    def __str__(self) -> str:
        """The name."""
        return self.name

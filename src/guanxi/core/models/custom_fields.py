"""Definitions of the fields that a company adds to a kind of record."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class FieldType(models.TextChoices):
    """What a custom field may hold."""

    TEXT = "text", _("text")
    NUMBER = "number", _("number")
    DATE = "date", _("date")
    CHOICE = "choice", _("choice")
    MULTI_CHOICE = "multi_choice", _("several choices")
    MONEY = "money", _("money")
    LINK = "link", _("link")


class IndexState(models.TextChoices):
    """How the index of a filterable field stands."""

    WAITING = "waiting", _("waiting")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")


class CustomField(models.Model):
    """One added field of one kind of record; values lie in the record's `custom` JSON under `key`."""

    kind = models.CharField(max_length=40)
    key = models.SlugField(max_length=40)
    label_en = models.CharField(_("English label"), max_length=80)
    label_zh = models.CharField(_("Chinese label"), max_length=80)
    type = models.CharField(_("type"), max_length=14, choices=FieldType.choices)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    is_filterable = models.BooleanField(_("filterable"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        """A key is used once for each kind."""

        ordering = ["kind", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="custom_field_once")]

    def __str__(self) -> str:
        """The kind and key."""
        return f"{self.kind}.{self.key}"

    @property
    def label(self) -> str:
        """The label in the reader's language."""
        is_chinese = (get_language() or "").startswith("zh")
        return (self.label_zh or self.label_en) if is_chinese else (self.label_en or self.label_zh)


class CustomFieldIndex(models.Model):
    """How the index of one filterable field stands; kept by the job that builds it, so it has no journal."""

    field = models.OneToOneField(CustomField, on_delete=models.CASCADE, primary_key=True, related_name="index")
    state = models.CharField(max_length=8, choices=IndexState.choices, default=IndexState.WAITING)
    error = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        """The field and the state."""
        return f"{self.field_id} {self.state}"

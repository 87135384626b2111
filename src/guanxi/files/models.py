"""What was uploaded."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.core.ids import public_id

PREFIX = "fil"


class StoredFile(models.Model):
    """One upload; equal content lies on the disk once. Personal data: as much as the file holds."""

    name = models.CharField(_("name"), max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField(_("size"))
    media_type = models.CharField(_("kind of content"), max_length=100)
    record_kind = models.CharField(max_length=40, blank=True)
    record_id = models.BigIntegerField(null=True, blank=True)
    by = models.ForeignKey("core.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(_("by"), max_length=150)
    created_at = models.DateTimeField(_("stored"))

    objects = VisibleManager()

    class Meta:
        """The files of a record are one index read."""

        verbose_name = _("file")
        verbose_name_plural = _("files")
        indexes = [
            models.Index(
                fields=["record_kind", "record_id"], name="file_of_record", condition=Q(record_id__isnull=False)
            )
        ]

    def __str__(self) -> str:
        """The name it was given."""
        return self.name

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id(PREFIX, self.pk)

    def get_absolute_url(self) -> str:
        """Where it is downloaded."""
        return reverse("files:download", args=[self.public_id])

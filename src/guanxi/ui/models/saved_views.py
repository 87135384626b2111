"""Views of lists that people keep."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """One kept view of one list: its filters, order, columns, grouping and layout as the text of an address."""

    list_key = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=80)
    state = models.TextField(blank=True)
    is_shared = models.BooleanField(_("shared with everyone"), default=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        """A person's views of a list have different names."""

        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["list_key", "owner", "name"], name="saved_view_name_once")]
        indexes = [
            models.Index(fields=["list_key", "owner"], name="saved_view_mine"),
            models.Index(fields=["list_key"], name="saved_view_shared", condition=Q(is_shared=True)),
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name

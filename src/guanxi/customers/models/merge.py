"""Which customers turned out to be one, and which rows changed hands with that."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.core.ids import public_id


class Merge(models.Model):
    """One customer absorbed by another, until it is undone; what was merged in one act has one `batch`."""

    keep = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False)
    absorbed = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False)
    operation = models.OneToOneField("core.Operation", on_delete=models.PROTECT, related_name="+")
    batch = models.BigIntegerField(db_index=True)
    by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(_("merged"))
    # How many rows of each kind changed hands, and how many were set aside: `{"commerce.order.customer_id": [12, 0]}`.
    counts = models.JSONField(default=dict)
    undone_at = models.DateTimeField(_("taken back"), null=True)
    undone_by_name = models.CharField(max_length=150, blank=True)
    undo_operation = models.ForeignKey("core.Operation", null=True, on_delete=models.PROTECT, related_name="+")

    objects = VisibleManager()

    class Meta:
        """What a customer absorbed, and by whom it was absorbed, are one index read each; it is absorbed once at a time."""

        verbose_name = _("merge of customers")
        verbose_name_plural = _("merges of customers")
        indexes = [
            models.Index(fields=["keep", "-id"], name="merge_keep"),
            models.Index(fields=["absorbed", "-id"], name="merge_absorbed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed"], name="merge_absorbed_once", condition=models.Q(undone_at__isnull=True)
            ),
            models.CheckConstraint(condition=~models.Q(keep=models.F("absorbed")), name="merge_is_of_two"),
        ]

    def __str__(self) -> str:
        """Which of the two remains."""
        return f"{self.absorbed_id} > {self.keep_id}"

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("mrg", self.pk)


class MergedRow(models.Model):
    """One row that went over to the survivor of a merge, or that was set aside because the survivor has its like.

    The rows of a merge that was undone are gone; the rows of later merges never say otherwise than where a row is: a
    row that an earlier merge gave back is taken off the later ones.
    """

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="rows", db_index=False)
    reference = models.CharField(max_length=80)
    record_id = models.BigIntegerField()
    is_aside = models.BooleanField(default=False)

    class Meta:
        """The rows of a merge, and the merges of a row, are one index read each."""

        verbose_name = _("row of a merge")
        verbose_name_plural = _("rows of merges")
        constraints = [
            models.UniqueConstraint(fields=["merge", "reference", "record_id"], name="merged_row_once"),
        ]
        indexes = [models.Index(fields=["reference", "record_id"], name="merged_row_record")]

    def __str__(self) -> str:
        """Which row."""
        return f"{self.reference} {self.record_id}"

"""What was promised to customers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.core.ids import public_id
from guanxi.service.complaint_choices import PromiseState


class Promise(models.Model):
    """One thing promised to one customer by a moment; it breaks by itself when the moment passes."""

    case = models.ForeignKey(
        "service.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="promises", verbose_name=_("case")
    )
    customer = models.ForeignKey(
        "customers.Customer", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("customer"), db_index=False,
    )  # fmt: skip
    text = models.CharField(_("what was promised"), max_length=500)
    due_at = models.DateTimeField(_("by"))
    owner = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("who keeps it"),
        db_index=False,
    )  # fmt: skip
    department = models.ForeignKey("core.Department", null=True, on_delete=models.PROTECT, related_name="+")
    # A remedy that keeps it: done in time, the promise is kept by itself.
    remedy = models.ForeignKey(
        "service.Remedy", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("remedy")
    )
    state = models.CharField(_("state"), max_length=10, choices=PromiseState.choices, default=PromiseState.OPEN)
    ended_at = models.DateTimeField(_("kept or broken"), null=True)
    note = models.CharField(_("what came of it"), max_length=500, blank=True)
    author = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(_("promised"))
    updated_at = models.DateTimeField(auto_now=True)

    objects = VisibleManager()

    class Meta:
        """What is due next, and the promises of a customer, are one index read each."""

        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        indexes = [
            models.Index(fields=["due_at", "id"], name="promise_due", condition=Q(state="open")),
            models.Index(
                fields=["customer", "-due_at", "-id"], name="promise_customer", condition=Q(customer__isnull=False)
            ),
            models.Index(
                fields=["customer", "-created_at", "-id"], name="promise_made", condition=Q(customer__isnull=False)
            ),
            models.Index(
                fields=["customer", "-ended_at", "-id"],
                name="promise_ended",
                condition=Q(customer__isnull=False, ended_at__isnull=False),
            ),
            models.Index(fields=["-due_at", "-id"], name="promise_newest"),
            models.Index(fields=["owner", "-due_at", "-id"], name="promise_owner"),
        ]

    def __str__(self) -> str:
        """What was promised."""
        return self.text

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("prm", self.pk)

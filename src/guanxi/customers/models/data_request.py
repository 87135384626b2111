"""What people ask about their data."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.core.ids import public_id
from guanxi.customers.choices import IdentityCheck, RequestChannel, RequestKind, RequestLaw, RequestState


class DataRequest(models.Model):
    """What a person asked about their data, by when it must be answered, what was done about it."""

    customer = models.ForeignKey(
        "customers.Customer", null=True, blank=True, on_delete=models.SET_NULL, related_name="data_requests"
    )
    kind = models.CharField(_("what is asked"), max_length=14, choices=RequestKind.choices)
    state = models.CharField(_("state"), max_length=10, choices=RequestState.choices, default=RequestState.OPEN)
    law = models.CharField(_("by the law"), max_length=8, choices=RequestLaw.choices, default=RequestLaw.CN)
    asked_by = models.CharField(_("asked by"), max_length=200, blank=True)
    channel = models.CharField(_("how it came"), max_length=12, choices=RequestChannel.choices, blank=True)
    received_on = models.DateField(_("received"))
    due_on = models.DateField(_("due"), db_index=True)
    # The day it was due before it was put off; empty while it was not.
    first_due_on = models.DateField(_("first due"), null=True, blank=True)
    extension_reason = models.CharField(_("why it was put off"), max_length=300, blank=True)
    identity_check = models.CharField(
        _("how the person was recognised"), max_length=16, choices=IdentityCheck.choices, blank=True
    )
    note = models.TextField(_("what was asked and how the person was recognised"), blank=True)
    answer = models.TextField(_("what was answered"), blank=True)
    owner = models.ForeignKey(
        "core.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("in charge")
    )
    recorded_by_name = models.CharField(_("recorded by"), max_length=150, blank=True)
    closed_by_name = models.CharField(_("closed by"), max_length=150, blank=True)
    # What was done about it: the pack that was made, the erasure, the word that was recorded; the task of who is in charge.
    pack = models.ForeignKey(
        "customers.Pack", null=True, blank=True, on_delete=models.SET_NULL, related_name="data_requests"
    )
    erasure = models.ForeignKey(
        "customers.Erasure", null=True, blank=True, on_delete=models.PROTECT, related_name="data_requests"
    )
    consent = models.ForeignKey("customers.Consent", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    task = models.ForeignKey("tasks.Task", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        """The most urgent first; the open ones of a customer are one index read."""

        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["customer"], name="data_request_open", condition=Q(state="open"))]

    def __str__(self) -> str:
        """Which kind."""
        return str(RequestKind(self.kind).label)

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("req", self.pk)

    @property
    def is_open(self) -> bool:
        """Whether it waits for its answer."""
        return self.state == RequestState.OPEN

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("customers:data_request", args=[self.public_id])

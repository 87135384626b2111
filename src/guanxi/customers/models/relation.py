"""How customers stand to one another."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.core.ids import public_id
from guanxi.customers.choices import Attitude, BuyingRole, RelationKind
from guanxi.customers.managers import EveryRelationManager, RelationManager


class Relation(models.Model):
    """`subject` works for / belongs to / supplies ... `object`, with a role, for a time."""

    subject = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="relations_out")
    object = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="relations_in")
    kind = models.CharField(_("relation"), max_length=12, choices=RelationKind.choices)
    role = models.CharField(_("role"), max_length=80, blank=True)
    since_on = models.DateField(_("since"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)
    buying_role = models.CharField(_("buying-centre role"), max_length=14, choices=BuyingRole.choices, blank=True)
    attitude = models.CharField(_("attitude to us"), max_length=10, choices=Attitude.choices, blank=True)
    strength = models.PositiveSmallIntegerField(_("strength (1 to 5)"), null=True, blank=True)
    share_ratio = models.DecimalField(_("share held"), max_digits=5, decimal_places=4, null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_at = models.DateTimeField()

    objects = RelationManager()
    everything = EveryRelationManager()

    class Meta:
        """Both sides are an index read; nobody is related to themselves."""

        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        base_manager_name = "everything"
        indexes = [
            models.Index(fields=["object", "kind"], name="relation_object"),
            models.Index(fields=["subject", "kind"], name="relation_subject"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(subject=F("object")), name="relation_is_to_another"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(since_on__isnull=True) | Q(until_on__gte=F("since_on")),
                name="relation_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(strength__isnull=True) | Q(strength__range=(1, 5)), name="relation_strength_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        """Who is what to whom."""
        return f"{self.subject_id} {self.kind} {self.object_id}"

    @property
    def customer_id(self) -> int:
        """The customer in whose history a change of this relation stands."""
        return self.subject_id

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("rel", self.pk)

    @property
    def share_percent(self) -> str:
        """The share held, in percent."""
        return "" if self.share_ratio is None else f"{(self.share_ratio * 100).normalize():f}"

"""What a customer is worth now, and how that moved."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.customers.choices import AbcClass, Level, Tier


class Standing(models.Model):
    """The measured standing of one customer as of a date; every customer has one, empty before the first order."""

    customer = models.OneToOneField(
        "customers.Customer", primary_key=True, on_delete=models.CASCADE, related_name="standing"
    )
    net_revenue_minor = models.BigIntegerField(_("net revenue"), default=0)
    margin_minor = models.BigIntegerField(_("margin"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    order_count = models.IntegerField(_("orders"), default=0)
    first_on = models.DateField(_("first order"), null=True, blank=True)
    last_on = models.DateField(_("last order"), null=True, blank=True)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier.choices, blank=True)
    abc = models.CharField(_("ABC class"), max_length=1, choices=AbcClass.choices, blank=True)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices, blank=True)
    rank = models.IntegerField(_("rank"), null=True, blank=True)
    r = models.PositiveSmallIntegerField(_("recency score"), null=True, blank=True)
    f = models.PositiveSmallIntegerField(_("frequency score"), null=True, blank=True)
    m = models.PositiveSmallIntegerField(_("monetary score"), null=True, blank=True)
    recency_days = models.IntegerField(_("days since the last order"), null=True, blank=True)
    frequency = models.IntegerField(_("frequency"), null=True, blank=True)
    monetary_minor = models.BigIntegerField(_("monetary value"), null=True, blank=True)
    as_of = models.DateField(_("as of"), null=True, blank=True)
    period_from = models.DateField(_("period from"), null=True, blank=True)
    period_to = models.DateField(_("period to"), null=True, blank=True)
    method = models.CharField(_("method"), max_length=80, blank=True)
    run = models.BigIntegerField(null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        """Lists sort by value and by last order, and filter by tier, class and RFM cell."""

        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        indexes = [
            models.Index(fields=["-net_revenue_minor", "-customer"], name="standing_value"),
            models.Index(fields=["last_on", "customer"], name="standing_last_on"),
            models.Index(fields=["-order_count", "-customer"], name="standing_orders"),
            models.Index(fields=["tier", "-net_revenue_minor", "-customer"], name="standing_tier"),
            models.Index(fields=["abc", "-net_revenue_minor", "-customer"], name="standing_abc"),
            models.Index(fields=["r", "f", "m"], name="standing_rfm"),
        ]

    def __str__(self) -> str:
        """The tier of the customer."""
        return f"{self.customer_id} {self.tier}"


class StandingChange(models.Model):
    """One movement of a customer between tiers, classes or levels."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="standing_changes")
    at = models.DateTimeField(_("recorded"))
    as_of = models.DateField(_("as of"))
    from_tier = models.CharField(max_length=10, choices=Tier.choices, blank=True)
    to_tier = models.CharField(max_length=10, choices=Tier.choices, blank=True)
    from_abc = models.CharField(max_length=1, choices=AbcClass.choices, blank=True)
    to_abc = models.CharField(max_length=1, choices=AbcClass.choices, blank=True)
    from_level = models.CharField(max_length=10, choices=Level.choices, blank=True)
    to_level = models.CharField(max_length=10, choices=Level.choices, blank=True)
    from_net_minor = models.BigIntegerField(default=0)
    to_net_minor = models.BigIntegerField(default=0)
    run = models.BigIntegerField(null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        """A customer's history is one index read, and so are the movements in a span of time."""

        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        indexes = [
            models.Index(fields=["customer", "-at", "-id"], name="standing_change_customer"),
            models.Index(fields=["at", "customer"], name="standing_change_at"),
        ]

    def __str__(self) -> str:
        """From where to where."""
        return f"{self.customer_id}: {self.from_tier} > {self.to_tier}"

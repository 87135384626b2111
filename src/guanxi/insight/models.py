"""Measurements: when standings were computed, from what, and what came out."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.customers.choices import Tier


class StandingRun(models.Model):
    """One measurement of the value of all customers as of a date, with its parameters and figures."""

    class Kind(models.TextChoices):
        """Whether a run measured the whole record or only what stood at an earlier date."""

        UNFINISHED = "unfinished", _("Being measured")
        CURRENT = "current", _("Whole record")
        PAST = "past", _("Up to an earlier date")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    as_of = models.DateField(_("as of"))
    period_from = models.DateField(_("period from"))
    period_to = models.DateField(_("period to"))
    currency = models.CharField(_("currency"), max_length=3)
    method = models.CharField(_("method"), max_length=80)
    parameters = models.JSONField(_("parameters"), default=dict)
    level_basis = models.CharField(_("levels by"), max_length=12, default="net_revenue")
    customer_count = models.IntegerField(_("customers"), default=0)
    order_count = models.IntegerField(_("orders"), default=0)
    net_revenue_minor = models.BigIntegerField(_("net revenue"), default=0)
    unidentified_count = models.IntegerField(_("orders of unidentified buyers"), default=0)
    unidentified_minor = models.BigIntegerField(_("net revenue of unidentified buyers"), default=0)
    left_out = models.JSONField(_("orders in other currencies"), default=list)
    figures = models.JSONField(_("figures"), default=dict)
    movement_count = models.IntegerField(_("movements"), default=0)
    digest = models.CharField(max_length=64)
    reason = models.CharField(_("reason"), max_length=60)
    computed_at = models.DateTimeField(_("computed"))
    seconds = models.FloatField(_("seconds"))

    class Meta:
        """The latest run and the run of a date are one index read."""

        verbose_name = _("measurement of value")
        verbose_name_plural = _("measurements of value")
        indexes = [
            models.Index(fields=["kind", "-id"], name="standing_run_latest"),
            models.Index(fields=["kind", "period_to"], name="standing_run_date"),
        ]

    def __str__(self) -> str:
        """Kind and date."""
        return f"{self.kind} {self.period_to}"


class PastTier(models.Model):
    """The tier of one customer at an earlier date; only tiers above small are kept, all others then were small.

    Without database constraints on purpose: the rows are derived, removed and made anew as wholes, and must not hold
    up taking back an import.
    """

    run = models.ForeignKey(
        StandingRun, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    tier = models.CharField(_("tier"), max_length=10, choices=Tier.choices)

    class Meta:
        """One tier of a customer in a run."""

        verbose_name = _("earlier tier")
        verbose_name_plural = _("earlier tiers")
        constraints = [models.UniqueConstraint(fields=["run", "customer"], name="past_tier_once")]
        indexes = [models.Index(fields=["customer"], name="past_tier_customer")]

    def __str__(self) -> str:
        """Customer and tier."""
        return f"{self.customer_id} {self.tier}"

"""The core-customer card and who has read it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.customers.choices import Grade


class CoreCard(models.Model):
    """The one page on a core customer that one person keeps current."""

    customer = models.OneToOneField(
        "customers.Customer", primary_key=True, on_delete=models.CASCADE, related_name="core_card"
    )
    keeper = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("person in charge")
    )
    importance = models.TextField(_("what makes this customer important"), blank=True)
    decision_process = models.TextField(_("who decides and how"), blank=True)
    needs = models.TextField(_("needs and expectations"), blank=True)
    our_position = models.TextField(_("our position and the competitors'"), blank=True)
    agreements = models.TextField(_("agreements, prices, promises"), blank=True)
    risks = models.TextField(_("risks and warnings"), blank=True)
    next_steps = models.TextField(_("next steps"), blank=True)
    relationship = models.CharField(_("quality of the relationship"), max_length=10, choices=Grade.choices, blank=True)
    is_restricted = models.BooleanField(_("only for the person in charge and those who see all"), default=True)
    review_days = models.PositiveSmallIntegerField(_("review every (days)"), default=30)
    reviewed_on = models.DateField(_("last reviewed"))
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(auto_now=True)

    objects = VisibleManager()

    class Meta:
        """One card per customer."""

        verbose_name = _("core-customer card")
        verbose_name_plural = _("core-customer cards")

    def __str__(self) -> str:
        """Whose card it is."""
        return f"core card {self.customer_id}"


class CoreCardReading(models.Model):
    """Somebody opened or printed a core-customer card."""

    card = models.ForeignKey(CoreCard, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    user_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    means = models.CharField(max_length=12)

    class Meta:
        """The readings of a card, newest first, are one index read."""

        verbose_name = _("reading of a card")
        verbose_name_plural = _("readings of a card")
        indexes = [models.Index(fields=["card", "-at"], name="card_reading")]

    def __str__(self) -> str:
        """Who read which card."""
        return f"{self.user_name} read {self.card_id}"

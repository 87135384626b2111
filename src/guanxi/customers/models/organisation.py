"""The organisation archive in its five sections."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.customers.choices import CreditStanding, Grade, Ownership, Scale, Settlement


class OrganisationProfile(models.Model):
    """What we know of one organisation: the company, its data file, traits, business state, state of trading."""

    customer = models.OneToOneField(
        "customers.Customer", primary_key=True, on_delete=models.CASCADE, related_name="organisation_profile"
    )
    # The company itself
    short_name = models.CharField(_("short name"), max_length=80, blank=True)
    english_name = models.CharField(_("English name"), max_length=200, blank=True)
    former_name = models.CharField(_("former name"), max_length=200, blank=True)
    legal_representative = models.CharField(_("legal representative"), max_length=100, blank=True)
    industry = models.CharField(_("industry"), max_length=120, blank=True)
    business_scope = models.TextField(_("scope of business"), blank=True)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    registered_capital_minor = models.BigIntegerField(_("registered capital"), null=True, blank=True)
    registered_address = models.CharField(_("registered address"), max_length=300, blank=True)
    website = models.URLField(_("website"), max_length=200, blank=True)
    stock_code = models.CharField(_("stock code"), max_length=30, blank=True)
    bank_name = models.CharField(_("bank"), max_length=120, blank=True)
    bank_account = models.CharField(_("bank account"), max_length=40, blank=True)
    invoice_title = models.CharField(_("invoice title"), max_length=200, blank=True)
    started_trading_on = models.DateField(_("trading with us since"), null=True, blank=True)
    # Data file
    ownership = models.CharField(_("ownership"), max_length=12, choices=Ownership.choices, blank=True)
    owners = models.CharField(_("owners"), max_length=300, blank=True)
    owner_traits = models.CharField(_("the owner: age, education, character, interests"), max_length=400, blank=True)
    managers = models.TextField(_("managers and their parts"), blank=True)
    manager_traits = models.CharField(_("managers: ability, education, character"), max_length=400, blank=True)
    employee_count = models.PositiveIntegerField(_("staff"), null=True, blank=True)
    sales_staff_count = models.PositiveIntegerField(_("sales staff"), null=True, blank=True)
    scale = models.CharField(_("scale"), max_length=8, choices=Scale.choices, blank=True)
    annual_revenue_minor = models.BigIntegerField(_("annual revenue"), null=True, blank=True)
    sites = models.CharField(_("sites, shops, plants"), max_length=300, blank=True)
    facilities = models.CharField(_("premises and equipment"), max_length=300, blank=True)
    # Traits
    market_area = models.CharField(_("market area"), max_length=300, blank=True)
    customer_base = models.CharField(_("their own customers"), max_length=300, blank=True)
    sales_capability = models.CharField(_("sales capability"), max_length=10, choices=Grade.choices, blank=True)
    sales_capability_note = models.CharField(_("on sales capability"), max_length=300, blank=True)
    growth_potential = models.CharField(_("growth potential"), max_length=10, choices=Grade.choices, blank=True)
    growth_potential_note = models.CharField(_("on growth potential"), max_length=300, blank=True)
    philosophy = models.CharField(_("business philosophy"), max_length=300, blank=True)
    direction = models.CharField(_("direction of business"), max_length=300, blank=True)
    policy = models.CharField(_("business policy"), max_length=300, blank=True)
    buying_habits = models.CharField(_("how they buy"), max_length=300, blank=True)
    # Business state
    performance = models.TextField(_("sales performance"), blank=True)
    performance_trend = models.CharField(_("performance"), max_length=10, choices=Grade.choices, blank=True)
    people_quality = models.CharField(_("quality of managers and sales people"), max_length=300, blank=True)
    competitor_dealings = models.TextField(_("dealings with our competitors"), blank=True)
    our_share_ratio = models.DecimalField(
        _("our share of their purchases"), max_digits=5, decimal_places=4, null=True, blank=True
    )
    relation_to_us = models.CharField(_("relation to our company"), max_length=300, blank=True)
    attitude = models.CharField(_("attitude to working together"), max_length=10, choices=Grade.choices, blank=True)
    attitude_note = models.CharField(_("on the attitude"), max_length=300, blank=True)
    # State of trading
    trading_activity = models.TextField(_("current activity"), blank=True)
    problems = models.TextField(_("open problems"), blank=True)
    advantages = models.TextField(_("advantages kept"), blank=True)
    measures = models.TextField(_("measures to come"), blank=True)
    reputation = models.CharField(_("reputation"), max_length=10, choices=Grade.choices, blank=True)
    reputation_note = models.CharField(_("on the reputation"), max_length=300, blank=True)
    credit_standing = models.CharField(_("credit standing"), max_length=4, choices=CreditStanding.choices, blank=True)
    credit_reviewed_on = models.DateField(_("credit reviewed on"), null=True, blank=True)
    credit_limit_minor = models.BigIntegerField(_("credit limit"), null=True, blank=True)
    payment_days = models.PositiveSmallIntegerField(_("payment term in days"), null=True, blank=True)
    settlement = models.CharField(_("way of payment"), max_length=20, choices=Settlement.choices, blank=True)
    terms = models.CharField(_("terms of trade"), max_length=400, blank=True)

    objects = VisibleManager()

    class Meta:
        """One row per organisation."""

        verbose_name = _("organisation archive")
        verbose_name_plural = _("organisation archives")

    def __str__(self) -> str:
        """Whose archive it is."""
        return f"organisation {self.customer_id}"

"""Who a customer is, by which ids others know it and how it can be reached."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.core.expressions import DomainOf
from guanxi.core.ids import public_id
from guanxi.customers.choices import ContactKind, CustomerKind, CustomerStatus, Position
from guanxi.customers.managers import CustomerManager, EveryCustomerManager
from guanxi.importing.managers import EveryRowManager, InForceManager

NAME_LENGTH = 200


class Customer(models.Model):
    """One person, organisation or colleague that we serve; the same one exists once, whatever its roles."""

    kind = models.CharField(_("kind"), max_length=12, choices=CustomerKind.choices, default=CustomerKind.PERSON)
    position = models.CharField(_("place in the chain"), max_length=12, choices=Position.choices, blank=True)
    name = models.CharField(_("customer name"), max_length=NAME_LENGTH)
    sort_key = models.CharField(max_length=255, editable=False)
    initials = models.CharField(max_length=40, editable=False)
    stroke_key = models.CharField(max_length=36, editable=False)
    title = models.CharField(_("title"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    tax_id = models.CharField(_("identity or tax number"), max_length=30, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=CustomerStatus.choices, default=CustomerStatus.ACTIVE)
    owner = models.ForeignKey(
        "core.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    department = models.ForeignKey(
        "core.Department",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("department"),
    )
    note = models.TextField(_("note"), blank=True)
    custom = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(_("entered on"))
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    last_contact_at = models.DateTimeField(_("last contact"), null=True, blank=True)
    # An empty record of somebody who was erased.
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    import_run = models.ForeignKey(
        "importing.Import", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    # Another row of the same customer that stands for both: always the last of a chain of merges.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    tags = models.ManyToManyField(
        "customers.Tag", through="customers.CustomerTag", related_name="+", blank=True, verbose_name=_("tags")
    )

    objects = CustomerManager()
    everything = EveryCustomerManager()

    class Meta:
        """Every order that a list offers is one index."""

        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        base_manager_name = "everything"
        indexes = [
            models.Index(fields=["sort_key", "id"], name="customer_name"),
            models.Index(fields=["stroke_key", "id"], name="customer_strokes"),
            models.Index(fields=["created_at", "id"], name="customer_created"),
            models.Index(fields=["updated_at", "id"], name="customer_updated"),
            models.Index(fields=["city", "id"], name="customer_city"),
            models.Index(
                fields=["last_contact_at", "id"],
                name="customer_last_contact",
                condition=models.Q(last_contact_at__isnull=False),
            ),
            models.Index(
                fields=["status", "id"],
                name="customer_not_active",
                condition=~models.Q(status=CustomerStatus.ACTIVE),
            ),
            models.Index(fields=["tax_id"], name="customer_tax_id", condition=~models.Q(tax_id="")),
            models.Index(
                fields=["merged_into"], name="customer_merged_into", condition=models.Q(merged_into__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name

    def get_absolute_url(self) -> str:
        """The record page."""
        return reverse("customers:show", args=[self.public_id])

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("cus", self.pk)


class ExternalId(models.Model):
    """The id under which one source knows a customer, exactly as written there."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="external_ids")
    source = models.CharField(_("source"), max_length=60)
    value = models.CharField(_("external id"), max_length=200)
    import_run = models.ForeignKey(
        "importing.Import", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects = InForceManager()
    everything = EveryRowManager()

    class Meta:
        """An id is given once per source; a look-up without a source is one index read as well."""

        verbose_name = _("external id")
        verbose_name_plural = _("external ids")
        base_manager_name = "everything"
        constraints = [models.UniqueConstraint(fields=["source", "value"], name="external_id_once")]
        indexes = [models.Index(fields=["value"], name="external_id_value")]

    def __str__(self) -> str:
        """Source and value."""
        return f"{self.source}:{self.value}"


class ContactPoint(models.Model):
    """One way to reach a customer; `normalised` is the form that is compared and looked up."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(_("kind"), max_length=10, choices=ContactKind.choices)
    value = models.CharField(_("value"), max_length=500)
    normalised = models.CharField(max_length=254, editable=False)
    label = models.CharField(_("label"), max_length=60, blank=True)
    is_primary = models.BooleanField(_("first of its kind"), default=False)
    position = models.PositiveSmallIntegerField(default=0)
    import_run = models.ForeignKey(
        "importing.Import", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects = InForceManager()
    everything = EveryRowManager()

    class Meta:
        """Look-up by any contact point is one index read."""

        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        base_manager_name = "everything"
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["customer", "kind", "normalised"], name="contact_point_once")]
        indexes = [
            models.Index(fields=["kind", "normalised"], name="contact_point_lookup"),
            # Who else is written to at the same organisation, asked for each mail of somebody unknown.
            models.Index(DomainOf("normalised"), name="contact_point_domain", condition=models.Q(kind="email")),
            # Few have one; whether it names somebody who is to be erased is asked of all of them.
            models.Index(fields=["label"], name="contact_point_labelled", condition=models.Q(label__gt="")),
        ]

    def __str__(self) -> str:
        """The value as written."""
        return self.value

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("ctp", self.pk)


class Tag(models.Model):
    """A word that users put on customers."""

    name = models.CharField(_("tag name"), max_length=40, unique=True)
    colour = models.CharField(_("colour"), max_length=10, blank=True)

    objects = VisibleManager()

    class Meta:
        """Tags are listed by name."""

        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def __str__(self) -> str:
        """The word."""
        return self.name


class CustomerTag(models.Model):
    """One tag on one customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="customer_tags")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="customer_tags")

    class Meta:
        """A tag is on a customer once."""

        verbose_name = _("tag on a customer")
        verbose_name_plural = _("tags on customers")
        constraints = [models.UniqueConstraint(fields=["customer", "tag"], name="customer_tag_once")]

    def __str__(self) -> str:
        """Which tag on which customer."""
        return f"{self.customer_id}:{self.tag_id}"

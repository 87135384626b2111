"""Orders and their lines."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.commerce.choices import LineKind, OrderKind
from guanxi.core.ids import public_id
from guanxi.importing.managers import EveryRowManager, InForceManager


class Order(models.Model):
    """One invoice, cancellation or correction, under the number that its source gives it.

    `customer_ref` is the buyer's id as the source writes it, empty for an unidentified buyer; where a source uses one
    number for two buyers these are two orders.
    """

    source = models.CharField(_("source"), max_length=60)
    number = models.CharField(_("order number"), max_length=200)
    customer = models.ForeignKey(
        "customers.Customer", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    customer_ref = models.CharField(max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=OrderKind.choices, default=OrderKind.SALE)
    ordered_at = models.DateTimeField(_("ordered"))
    ordered_on = models.DateField(_("order date"))
    country = models.CharField(_("country"), max_length=80, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"), default=0)
    line_count = models.IntegerField(_("lines"), default=0)
    import_run = models.ForeignKey(
        "importing.Import", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects = InForceManager()
    everything = EveryRowManager()

    class Meta:
        """Orders by number, by customer and by time are one index read each."""

        verbose_name = _("order")
        verbose_name_plural = _("orders")
        base_manager_name = "everything"
        constraints = [models.UniqueConstraint(fields=["source", "number", "customer_ref"], name="order_number_once")]
        indexes = [
            models.Index(fields=["number"], name="order_number"),
            models.Index(fields=["customer", "-ordered_at", "-id"], name="order_customer"),
            models.Index(fields=["ordered_at", "id"], name="order_ordered"),
        ]

    def __str__(self) -> str:
        """The number."""
        return self.number

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("ord", self.pk)


class OrderLine(models.Model):
    """One line of an order.

    `line_key` is a digest of what the line says (product, date, quantity, unit price, amount) and `ordinal` its place
    among equal lines, so that a line that comes again in a later file is known.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines", db_index=False)
    product = models.ForeignKey("catalog.Product", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind.choices, default=LineKind.GOODS)
    description = models.CharField(_("description"), max_length=500, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=21, decimal_places=6)
    unit_price = models.DecimalField(_("unit price"), max_digits=21, decimal_places=6, null=True, blank=True)
    amount_minor = models.BigIntegerField(_("amount"))
    line_key = models.BigIntegerField(editable=False)
    ordinal = models.IntegerField(default=0, editable=False)
    import_run = models.ForeignKey(
        "importing.Import", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects = InForceManager()
    everything = EveryRowManager()

    class Meta:
        """A line stands once in its order."""

        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        base_manager_name = "everything"
        constraints = [models.UniqueConstraint(fields=["order", "line_key", "ordinal"], name="order_line_once")]

    def __str__(self) -> str:
        """What was ordered."""
        return self.description


class OrderAddition(models.Model):
    """What an import adds to an order that stood before: put into the order's totals when the import comes in force."""

    import_run = models.ForeignKey("importing.Import", on_delete=models.CASCADE, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+", db_index=False)
    amount_minor = models.BigIntegerField()
    line_count = models.IntegerField()

    class Meta:
        """One row for an order in each import."""

        verbose_name = _("addition to an order")
        verbose_name_plural = _("additions to orders")
        constraints = [models.UniqueConstraint(fields=["order", "import_run"], name="order_addition_once")]

    def __str__(self) -> str:
        """Which order."""
        return str(self.order_id)

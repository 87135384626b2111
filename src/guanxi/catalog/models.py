"""What is sold."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.catalog.choices import ProductKind
from guanxi.core.ids import public_id
from guanxi.importing.managers import EveryRowManager, InForceManager


class Product(models.Model):
    """One thing sold, under the code that its source gives it, exactly as written there."""

    source = models.CharField(_("source"), max_length=60)
    code = models.CharField(_("code"), max_length=200)
    name = models.CharField(_("name"), max_length=500, blank=True)
    category = models.CharField(_("category"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=ProductKind.choices, default=ProductKind.GOODS)
    unit_cost_minor = models.BigIntegerField(_("unit cost"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    import_run = models.ForeignKey(
        "importing.Import", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects = InForceManager()
    everything = EveryRowManager()

    class Meta:
        """A code is given once per source; lists sort by code or name."""

        verbose_name = _("product")
        verbose_name_plural = _("products")
        base_manager_name = "everything"
        constraints = [models.UniqueConstraint(fields=["source", "code"], name="product_code_once")]
        indexes = [
            models.Index(fields=["code", "id"], name="product_code"),
            models.Index(fields=["name", "id"], name="product_name"),
        ]

    def __str__(self) -> str:
        """The name, else the code."""
        return self.name or self.code

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("prd", self.pk)

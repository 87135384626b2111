"""What the catalogue registers on the floors below it."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import records

records.register(
    records.RecordKind(
        kind="product",
        model_label="catalog.Product",
        prefix="prd",
        label=_("product"),
        label_plural=_("products"),
        icon="package",
    )
)

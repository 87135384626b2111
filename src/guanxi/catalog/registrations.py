"""What the catalogue registers on the floors below it."""

from django.utils.translation import gettext_lazy as _

from guanxi.catalog import (
    api,
    editable,  # noqa: F401 - registers itself
)
from guanxi.catalog.lists import product_url
from guanxi.catalog.search_entries import ids_after, search_entries
from guanxi.core import records
from guanxi.core.api import add_router
from guanxi.search.public import SearchKind, kinds
from guanxi.ui import menu

records.register(
    records.RecordKind(
        kind="product",
        model_label="catalog.Product",
        prefix="prd",
        label=_("product"),
        label_plural=_("products"),
        title=str,
        url=product_url,
        icon="package",
    )
)
kinds.add(
    "product",
    SearchKind(
        key="product", label=_("Products"), icon="package", entries=search_entries, ids=ids_after, url=product_url
    ),
    order=30,
)
menu.register(
    "products",
    _("Products"),
    "catalog:products",
    icon="package",
    section="trade",
    order=30,
    permission=("product", "view"),
    shortcut="G P",
)
add_router("products", api.router, order=25)

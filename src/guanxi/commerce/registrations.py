"""What commerce registers on the floors below it."""

from django.utils.translation import gettext_lazy as _

from guanxi.commerce import api
from guanxi.commerce.exporting import EXPORT
from guanxi.commerce.orders_import import OrdersTarget
from guanxi.core import records
from guanxi.core.api import add_router
from guanxi.importing.exporting import exports
from guanxi.importing.targets import targets

records.register(
    records.RecordKind(
        kind="order",
        model_label="commerce.Order",
        prefix="ord",
        label=_("order"),
        label_plural=_("orders"),
        icon="shopping-cart",
    )
)
targets.add("orders", OrdersTarget(), order=10)
exports.add("orders", EXPORT, order=20)
add_router("orders", api.router, order=20)

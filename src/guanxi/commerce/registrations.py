"""What commerce registers on the floors below it."""

from django.utils.translation import gettext_lazy as _

from guanxi.commerce import api, queries
from guanxi.commerce.exporting import EXPORT
from guanxi.commerce.lists import order_url
from guanxi.commerce.orders_import import OrdersTarget
from guanxi.commerce.panels import buyers_panel, lines_panel, order_entries, orders_panel, sales_panel
from guanxi.core import records
from guanxi.core.api import add_router
from guanxi.core.references import Reference, register
from guanxi.customers import signs, timeline
from guanxi.importing.exporting import exports
from guanxi.importing.targets import targets
from guanxi.search.public import SearchKind, kinds
from guanxi.ui import menu, panels

records.register(
    records.RecordKind(
        kind="order",
        model_label="commerce.Order",
        prefix="ord",
        label=_("order"),
        label_plural=_("orders"),
        title=str,
        url=order_url,
        icon="shopping-cart",
    )
)
register(Reference("customer", "commerce.Order", "customer_id"))
signs.trouble.add(
    "returns", signs.Trouble(_("Took something back"), queries.buyers_who_returned, permission=("order", "view"))
)
targets.add("orders", OrdersTarget(), order=10)
exports.add("orders", EXPORT, order=20)
kinds.add(
    "order",
    SearchKind(key="order", label=_("Orders"), icon="shopping-cart", url=order_url, find=queries.orders_of_number),
    order=20,
)
menu.register(
    "orders",
    _("Orders"),
    "commerce:orders",
    icon="shopping-cart",
    section="trade",
    order=20,
    permission=("order", "view"),
    shortcut="G O",
)
timeline.register(
    timeline.TimelineKind("order", _("Orders"), "shopping-cart", order_entries, permission=("order", "view")), order=20
)
panels.register(
    "customer",
    panels.Panel(
        "orders",
        _("Orders"),
        orders_panel,
        order=20,
        icon="shopping-cart",
        count=queries.order_count,
        permission=("order", "view"),
    ),
)
add_router("orders", api.router, order=20)
panels.register(
    "product",
    panels.Panel(
        "sales", _("Sales"), sales_panel, order=10, icon="chart-column", permission=("order", "view"), is_wide=True
    ),
)
panels.register(
    "product",
    panels.Panel(
        "lines", _("Latest lines"), lines_panel, order=20, icon="receipt", permission=("order", "view"), is_wide=True
    ),
)
panels.register(
    "product",
    panels.Panel("buyers", _("Buyers"), buyers_panel, order=30, icon="users", permission=("order", "view")),
)

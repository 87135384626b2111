"""What insight registers on the floors below it."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import acts
from guanxi.core.api import add_router
from guanxi.core.references import Reference, Treatment, register
from guanxi.customers.commands import subcommands
from guanxi.customers.lists import add_filter
from guanxi.insight import (
    api,
    jobs,  # noqa: F401 - puts the nightly measurement on the schedule
)
from guanxi.insight.commands import add_tiers
from guanxi.insight.filters import MovementFilter
from guanxi.insight.home import attention_panel, movements_panel, value_tile, vip_tile
from guanxi.insight.panels import standing_panel
from guanxi.ui import filters, home, menu, panels

VIEW_VALUE = ("value", "view")

register(Reference("customer", "insight.PastTier", "customer_id", Treatment.DERIVED))
menu.register(
    "value", _("Customer value"), "insight:value", icon="gem", section="insight", order=10, permission=VIEW_VALUE,
    shortcut="G V",
)  # fmt: skip
menu.register(
    "desk_figures", _("Service in figures"), "insight:desk_figures", icon="chart-column", section="insight", order=20,
    permission=("case", "view"), shortcut="G F",
)  # fmt: skip
home.register("value.net_revenue", value_tile, order=20, permission=VIEW_VALUE)
home.register("value.vip", vip_tile, order=30, permission=VIEW_VALUE)
home.register_panel("value.attention", attention_panel, order=10, permission=("customer", "view"))
home.register_panel("value.movements", movements_panel, order=50, permission=VIEW_VALUE)
panels.register(
    "customer",
    panels.Panel("standing", _("Value"), render=standing_panel, order=5, icon="gem", permission=("customer", "view")),
)
subcommands.add("tiers", add_tiers)
add_filter(filters.Number("rank", _("Rank by net revenue"), "standing__rank"))
add_filter(MovementFilter("movement", _("Movement"), permission=VIEW_VALUE))
add_router("tiers", api.router, order=27)

acts.register("value", "compare", _("compare two periods"))

"""What the screens themselves bring to the menu."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import live, records
from guanxi.ui import checkup, home, menu
from guanxi.ui.home_panels import recent_panel, views_panel
from guanxi.ui.lists import bulk_runs, spec

__all__ = ["checkup"]

live.register("bulk_run", may_listen=bulk_runs.may_listen)
live.register("list", may_listen=spec.may_listen)
menu.register("home", _("Home"), "home", icon="home", section="work", order=0, shortcut="G H")
menu.register("settings", _("Settings"), "ui:settings", icon="settings", section="settings", order=900, shortcut="G S")
home.register_panel("recent", recent_panel, order=20)
home.register_panel("views", views_panel, order=30)
records.register(
    records.RecordKind(
        kind="saved_view",
        model_label="ui.SavedView",
        prefix="viw",
        label=_("Saved view"),
        label_plural=_("Saved views"),
        icon="bookmark",
    )
)

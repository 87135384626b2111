"""What the screens themselves bring to the menu."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import records
from guanxi.ui import menu

menu.register("home", _("Home"), "home", icon="home", section="work", order=0, shortcut="G H")
menu.register("settings", _("Settings"), "ui:settings", icon="settings", section="settings", order=900, shortcut="G S")
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

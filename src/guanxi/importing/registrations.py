"""What importing registers on the floors below it."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import live, records
from guanxi.core.actor import Actor
from guanxi.core.api import add_router
from guanxi.core.references import ANY, Reference, Treatment, register
from guanxi.files.public import file_holders
from guanxi.importing import api, jobs, telling  # noqa: F401 - they register themselves
from guanxi.importing.home import import_step, imports_panel
from guanxi.importing.lists import import_url
from guanxi.importing.models import Import, Mapping
from guanxi.ui import home, menu, palette, settings_area


def _may_listen(actor: Actor, key: str) -> bool:
    """Whoever sees an import hears of it."""
    return key.isdigit() and Import.objects.visible_to(actor).filter(pk=int(key)).exists()


def _may_change_mapping(actor: Actor, key: str) -> bool:
    """Whoever may change a mapping hears that somebody else did."""
    return key.isdigit() and Mapping.objects.visible_to(actor, "change").filter(pk=int(key)).exists()


records.register(
    records.RecordKind(
        kind="import",
        model_label="importing.Import",
        prefix="imp",
        label=_("import"),
        label_plural=_("imports"),
        url=import_url,
        icon="upload",
    )
)
file_holders.add("import", "import")
live.register("import", may_listen=_may_listen)
live.register("mapping", may_listen=_may_change_mapping)
# The journal of imports speaks of the records themselves.
for _model in ("ImportUpdate", "ImportClaim"):
    register(Reference(ANY, f"importing.{_model}", "record_id", Treatment.ABOUT, kind_column="kind"))
menu.register(
    "imports",
    _("Imports"),
    "importing:list",
    icon="upload",
    section="settings",
    order=700,
    permission=("order", "import"),
    shortcut="G I",
)
settings_area.register(
    "mappings",
    _("Import mappings"),
    "importing:mappings",
    icon="table-import",
    group="data_model",
    order=40,
    permission=("order", "import"),
)
palette.register_action(
    "importing.start",
    _("Import a file"),
    url_name="importing:start",
    icon="upload",
    permission=("order", "import"),
)
home.register_step("import", import_step, order=10, permission=("order", "import"))
home.register_panel("imports", imports_panel, order=40, permission=("order", "import"))
add_router("imports", api.router, order=30)

"""What importing registers on the floors below it."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import records
from guanxi.core.api import add_router
from guanxi.importing import api

records.register(
    records.RecordKind(
        kind="import",
        model_label="importing.Import",
        prefix="imp",
        label=_("import"),
        label_plural=_("imports"),
        icon="upload",
    )
)
add_router("imports", api.router, order=30)

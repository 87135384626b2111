"""What other systems may be told of imports."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from guanxi.core import outbound
from guanxi.core.ids import public_id
from guanxi.core.outbound import OutboundEvent, Told
from guanxi.importing.events import ImportCommitted, ImportUndone


def _import(event: ImportCommitted | ImportUndone) -> Iterator[Told]:
    """The import; what it brought is asked of the API."""
    yield Told(
        {"id": public_id("imp", event.import_id), "target": event.target}, kind="import", record_id=event.import_id
    )


outbound.register(
    OutboundEvent("import.committed", _("An import came in force"), ImportCommitted, _import, ("import", "view"))
)
outbound.register(
    OutboundEvent("import.undone", _("An import was taken back"), ImportUndone, _import, ("import", "view"))
)

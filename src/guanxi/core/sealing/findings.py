"""What can be wrong with a sealed history, in words."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _


class Fault(StrEnum):
    """What another hand did."""

    VALUE = "value_changed"
    NAMES = "entry_changed"
    REMOVED = "entry_removed"
    INSERTED = "entry_inserted"
    ADDED = "entry_added_to_operation"
    ERASED = "erased_without_record"
    UNDONE = "undone_without_record"
    BATCH = "seal_changed"
    BATCH_REMOVED = "seal_removed"
    CUT = "end_cut_off"
    REWRITTEN = "rewritten"


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was sealed; `table` and `id` name the row."""

    fault: Fault
    table: str
    id: int
    about: str = ""

    def __str__(self) -> str:
        """The sentence for people."""
        row = {
            "operation": _("operation %(id)d"),
            "change": _("change %(id)d"),
        }.get(self.table, _("seal %(id)d")) % {"id": self.id}
        about = f" ({self.about})" if self.about else ""
        return _sentences()[self.fault] % {"row": row + about, "id": self.id}


def _sentences() -> dict[Fault, str]:
    """A sentence for each fault."""
    return {
        Fault.VALUE: _("%(row)s: what it says was changed after it was sealed."),
        Fault.NAMES: _("%(row)s: who, when, by what means, or which record or field was changed after it was sealed."),
        Fault.REMOVED: _("%(row)s was removed."),
        Fault.INSERTED: _("%(row)s was put in among rows that were sealed before."),
        Fault.ADDED: _("%(row)s has more changes than when it was sealed: some were put into it."),
        Fault.ERASED: _("%(row)s: its values are gone, but no erasure is recorded."),
        Fault.UNDONE: _("%(row)s is marked as taken back, but nothing in the history took it back."),
        Fault.BATCH: _("%(row)s does not fit its rows: a row was removed with its digest, or digests were changed."),
        Fault.BATCH_REMOVED: _("%(row)s was removed."),
        Fault.CUT: _("The end of the history was cut off: %(row)s was its end once and is gone."),
        Fault.REWRITTEN: _("The history was written anew: %(row)s is not the one that was kept elsewhere."),
    }

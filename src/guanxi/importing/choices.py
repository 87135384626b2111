"""The words of importing: where an import stands and what kinds of value a column may hold."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ImportState(TextChoices):
    """Where an import stands; only the rows of one IN_FORCE are seen by lists and figures."""

    DRAFT = "draft", _("Waiting for the columns")
    CHECKING = "checking", _("Checking the rows")
    CHECKED = "checked", _("Ready to import")
    WRITING = "writing", _("Importing")
    IN_FORCE = "in_force", _("In force")
    FAILED = "failed", _("Failed")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


class ErasedRows(TextChoices):
    """What becomes of rows that name people who were erased; UNSEEN where whoever confirmed may not know of them."""

    UNSEEN = "", _("not asked")
    LEFT_OUT = "left_out", _("left out")
    TAKEN = "taken", _("taken in")


class ValueKind(TextChoices):
    """What a field of a target holds, and so how its cells are read."""

    IDENTIFIER = "identifier", _("identifier, exactly as written")
    TEXT = "text", _("text")
    MOMENT = "moment", _("date and time")
    DATE = "date", _("date")
    DECIMAL = "decimal", _("number")
    CHOICE = "choice", _("choice")

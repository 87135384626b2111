"""What personal data imports hold."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.core.personal_data import Category, Erasing, Form, Whose, held, masked_value, nothing, state, user_names
from guanxi.core.pseudonyms import Pseudonyms
from guanxi.importing import erasing, retention  # noqa: F401 - they register themselves


def _mask_update(row: dict[str, Any], writer: Pseudonyms) -> dict[str, Any]:
    """What an import changed: its values as the columns they come from are masked."""
    source = row["_row"]
    for name in ("before", "after"):
        if name in source:
            row[name] = masked_value(source["kind"], source["field"], source[name], writer)
    return row


state(
    "importing.Import",
    _("Which files were brought in, by whom, with what result"),
    user_names("by_name undone_by_name"),
    held("file_name", Whose.CUSTOMER, Category.CONTENT, Form.TEXT),
    held("table corrections error fault", Whose.CUSTOMER, Category.CONTENT, Form.JSON),
    plain="target source digest mapping mapping_name currency timezone counts asked means erased_rows erased_choice erased_reason",
    kept_because=_("That a file was brought in stays as proof; the file and its refused rows go."),
    retention="import_files",
)
state(
    "importing.ImportUpdate",
    _("What an import changed in records that stood before, so that it can be taken back"),
    held("before after", Whose.CUSTOMER, Category.CONTENT, Form.SAME),
    plain="kind field",
    erasing=Erasing.DELETE,
    retention="import_values",
    in_pack=False,
    mask=_mask_update,
)
nothing("importing.ImportClaim", _("Which records several imports brought"), "kind")
nothing("importing.Mapping", _("Which column of a file is which field"), "name target definition")

"""Acts on imports: whole files at once (`files`), step by step in the browser (`uploads`), mappings that are kept."""

from guanxi.importing.mapping.definition import DEFAULT_SOURCE
from guanxi.importing.services.files import (
    ImportRequest,
    ImportResult,
    NothingImported,
    is_counted,
    notes_of,
    parse_import_id,
    run_import,
    target_of,
    undo_import,
)

__all__ = [
    "DEFAULT_SOURCE",
    "ImportRequest",
    "ImportResult",
    "NothingImported",
    "is_counted",
    "notes_of",
    "parse_import_id",
    "run_import",
    "target_of",
    "undo_import",
]

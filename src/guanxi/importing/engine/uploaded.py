"""The stored file that an import in the browser reads from; it goes when it is needed no longer."""

from pathlib import Path

from guanxi.core.actor import system_actor
from guanxi.files.public import discard, files_of, path_of
from guanxi.importing.engine.folders import folder_of
from guanxi.importing.models import Import

KIND = "import"


def upload_of(run: Import) -> Path | None:
    """Where the uploaded file lies, as long as it is kept."""
    path = next((path_of(stored) for stored in files_of(KIND, run.pk)), None)
    return path if path and path.is_file() else None


def forget_rows(run: Import) -> None:
    """Drop what only a run in hand needs; the refused rows stay."""
    folder_of(run.pk).forget_rows()
    _discard(run)


def forget(run: Import) -> None:
    """Drop everything."""
    folder_of(run.pk).remove()
    _discard(run)


def _discard(run: Import) -> None:
    """Remove the uploaded file."""
    for stored in files_of(KIND, run.pk):
        discard(actor=system_actor("import"), stored=stored)

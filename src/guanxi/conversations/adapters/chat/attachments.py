"""Files that visitors send: of kinds we know by their content, of a size that anybody can open."""

from typing import Any

from django.utils.translation import gettext as _

from guanxi.conversations.services.intake import InboundFile
from guanxi.core.errors import InvalidInput
from guanxi.files.content import SPREADSHEET
from guanxi.files.public import receive

MOST_BYTES = 10 * 1024 * 1024
KINDS = frozenset(
    {
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "application/pdf",
        "text/plain",
        "application/zip",
        "application/vnd.ms-excel",
        SPREADSHEET,
    }
)


def checked(upload: Any) -> InboundFile:
    """An upload as it goes with a message; InvalidInput for what is too large, empty, or of no known kind."""
    size = upload.size or 0
    if size > MOST_BYTES:
        raise InvalidInput(_("A file may be 10 MB at most."), column="file")
    if not size:
        raise InvalidInput(_("The file is empty."), column="file")
    content = receive(upload)
    if content.media_type not in KINDS:
        raise InvalidInput(_("Only pictures, PDF, text, office files and archives can be sent here."), column="file")
    return InboundFile(name=upload.name or "file", content=content)

"""Files that visitors send: of kinds we know by their content, of a size that anybody can open."""

from typing import Any

from django.utils.translation import gettext as _

from guanxi.conversations.services.intake import InboundFile
from guanxi.core.errors import InvalidInput
from guanxi.files.content import OFFICE
from guanxi.files.public import receive

MOST_BYTES = 10 * 1024 * 1024
KINDS = frozenset(
    {
        "application/pdf",
        "application/rtf",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/zip",
        "text/plain",
        "text/csv",
    }
)
FAMILIES = ("image/", "audio/", "video/", OFFICE, "application/vnd.oasis.opendocument.")


def checked(upload: Any) -> InboundFile:
    """An upload as it goes with a message; InvalidInput for what is too large, empty, or of no known kind."""
    size = upload.size or 0
    if size > MOST_BYTES:
        raise InvalidInput(_("A file may be 10 MB at most."), column="file")
    if not size:
        raise InvalidInput(_("The file is empty."), column="file")
    content = receive(upload)
    is_known = content.media_type in KINDS or content.media_type.startswith(FAMILIES)
    if not is_known or content.media_type.startswith("image/svg"):
        raise InvalidInput(_("Only pictures, PDF, text, office files and archives can be sent here."), column="file")
    return InboundFile(name=upload.name or "file", content=content)

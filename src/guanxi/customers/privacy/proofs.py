"""Files that prove consents."""

from collections.abc import Sequence

from guanxi.files.public import StoredFile

KIND = "consent"


def files_of(consent_ids: Sequence[int]) -> dict[int, list[StoredFile]]:
    """The files of each consent."""
    found: dict[int, list[StoredFile]] = {}
    for stored in StoredFile.objects.filter(record_kind=KIND, record_id__in=consent_ids).order_by("pk"):
        found.setdefault(stored.record_id or 0, []).append(stored)
    return found

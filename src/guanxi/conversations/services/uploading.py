"""Files that are to go with an answer: kept with whoever uploaded them until it goes."""

from django.utils.translation import gettext as _

from guanxi.core import access
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.files.models import StoredFile
from guanxi.files.public import discard, store
from guanxi.files.services import Chunked

BYTES_AT_MOST = 25 * 1024 * 1024
MOST_LOOSE = 200


def keep(*, actor: Actor, name: str, size: int, source: Chunked) -> StoredFile:
    """Store a file that belongs to no message yet."""
    access.require(actor, "conversation", "change")
    if not size:
        raise InvalidInput(_("“%(name)s” is empty.") % {"name": name[:100]}, column="file")
    if size > BYTES_AT_MOST:
        most = BYTES_AT_MOST // (1024 * 1024)
        raise InvalidInput(
            _("“%(name)s” is too large: at most %(most)d MB go with a message.") % {"name": name[:100], "most": most},
            column="file",
        )
    if StoredFile.objects.filter(by=actor.user_id, record_kind="").count() >= MOST_LOOSE:
        raise InvalidInput(_("Too many files lie in your drafts; remove some first."), column="file")
    return store(actor=actor, name=name, source=source)


def drop(*, actor: Actor, file_id: int) -> None:
    """Remove a file again that was to go with a message and belongs to none."""
    stored = StoredFile.objects.filter(pk=file_id, by=actor.user_id, record_kind="").first()
    if stored is None:
        raise NotFound(_("A file is no longer there; add it again."))
    discard(actor=actor, stored=stored)

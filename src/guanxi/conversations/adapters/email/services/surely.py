"""Taking a mail in whatever it is: one that our program fails on is kept as a file, and the others do not wait for it."""

import hashlib
import logging
import time

from guanxi.conversations.adapters.email.servers import NO_ROOM
from guanxi.conversations.adapters.email.services.taking_in import Mailbox, TakenIn, take_in, take_in_unread
from guanxi.core.database_away import is_away
from guanxi.core.errors import Unavailable

logger = logging.getLogger("guanxi.mail")

TRIES = 3


def take_in_surely(mailbox: Mailbox, raw: bytes, *, is_ours: bool = False, is_whole: bool = True) -> TakenIn:
    """Take a raw mail in, or keep it as a file; raises only when nothing can be stored at the moment."""
    for attempt in range(TRIES):
        try:
            return take_in(mailbox, raw, is_ours=is_ours, is_whole=is_whole)
        except Exception as error:
            if is_passing(error):
                raise
            logger.exception("a mail of %s could not be taken in", mailbox.channel.name)
            if attempt + 1 < TRIES:
                time.sleep(0.2 * (attempt + 1))
    key = hashlib.sha256(raw).hexdigest()
    return TakenIn(None, take_in_unread(mailbox.channel, raw, key=key))


def is_passing(error: BaseException) -> bool:
    """Whether the fault is not the mail's: the database is away, the disk is full. The mail waits where it is."""
    return is_away(error) or isinstance(error, Unavailable) or (isinstance(error, OSError) and error.errno in NO_ROOM)

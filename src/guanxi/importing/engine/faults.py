"""A full disk is told in one sentence, wherever it is met."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError

from guanxi.core.errors import Unavailable
from guanxi.core.sentences import gettext as _

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_POSTGRES_FULL = "53100"
_SQLITE_FULL = ("disk is full", "disk i/o error")


class DiskFull(Unavailable):
    """There is no room left to write to."""

    def __init__(self) -> None:
        """Always the same sentence."""
        super().__init__(
            _("The disk is full: the import stopped and nothing of it counts. Make room and run it again.")
        )


def is_disk_full(error: BaseException) -> bool:
    """Whether an error means that the disk (or the quota, or the largest size of a file) is used up."""
    if isinstance(error, OSError):
        return error.errno in _FULL or "no space left" in str(error).lower()
    if isinstance(error, DatabaseError):
        state = getattr(error.__cause__, "sqlstate", None)
        if state is not None:
            return state == _POSTGRES_FULL
        text = str(error).lower()
        return any(words in text for words in _SQLITE_FULL) or "no space left on device" in text
    return False


@contextmanager
def told() -> Iterator[None]:
    """Turn the errors of a full disk into DiskFull."""
    try:
        yield
    except (OSError, DatabaseError) as error:
        if is_disk_full(error):
            raise DiskFull from error
        raise

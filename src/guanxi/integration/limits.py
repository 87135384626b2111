"""How often a token may ask: a bucket for each token in one small file that the web processes of a machine share.

A bucket holds as many requests as a minute allows and fills evenly. Taking from it locks a few bytes of the file for a
few microseconds; nothing of it is worth keeping, so it does not go through the database.
"""

import fcntl
import mmap
import os
import struct
import threading
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

SLOTS = 4096
_SLOT = struct.Struct("=qdd")  # token, level, moment
FILE_NAME = "api-limits"


@dataclass(frozen=True)
class Allowance:
    """What a token may still do: requests left, seconds until the bucket is full, seconds to wait (0: go on)."""

    limit: int
    left: int
    full_in: int
    wait: int

    @property
    def headers(self) -> dict[str, str]:
        """As answers tell it (RateLimit header fields)."""
        return {
            "RateLimit-Policy": f'"token";q={self.limit};w=60',
            "RateLimit": f'"token";r={self.left};t={self.full_in}',
        }


class Buckets:
    """The file of buckets, mapped into this process."""

    def __init__(self, path: Path) -> None:
        """Open or make the file."""
        self.file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.ftruncate(self.file, SLOTS * _SLOT.size)
        self.memory = mmap.mmap(self.file, SLOTS * _SLOT.size)
        self.threads = threading.Lock()

    def take(self, token: int, limit: int, now: float) -> Allowance:
        """Take one request out of a token's bucket, if there is one."""
        place = token % SLOTS * _SLOT.size
        with self.threads:  # file locks are the process's, not the thread's
            fcntl.lockf(self.file, fcntl.LOCK_EX, _SLOT.size, place)
            try:
                owner, level, moment = _SLOT.unpack_from(self.memory, place)
                per_second = limit / 60
                # Another token's bucket, or a clock that was set back: begin with a full one.
                level = min(limit, level + (now - moment) * per_second) if owner == token and moment <= now else limit
                is_allowed = level >= 1
                level -= is_allowed
                _SLOT.pack_into(self.memory, place, token, level, now)
            finally:
                fcntl.lockf(self.file, fcntl.LOCK_UN, _SLOT.size, place)
        wait = 0 if is_allowed else max(1, int((1 - level) / per_second + 0.999))
        return Allowance(limit, int(level), int((limit - level) / per_second + 0.999), wait)


@cache
def _buckets(pid: int) -> Buckets:
    """The file as this process has it."""
    return Buckets(Path(settings.DATA_DIR) / FILE_NAME)


def take(token: int, per_minute: int | None) -> Allowance | None:
    """Count one request of a token, named by a number out of its digest; None when it may ask as often as it likes."""
    limit = settings.CONFIG.api_requests_per_minute if per_minute is None else per_minute
    return _buckets(os.getpid()).take(token, limit, time.time()) if limit else None


def take_turn(who: int, per_minute: int) -> int:
    """Count one request of anybody else who is named by a number; the seconds to wait, 0 to go on."""
    return _buckets(os.getpid()).take(who, per_minute, time.time()).wait

"""Named locks that outlive a transaction but not their holder.

    with locks.hold("import:orders") as lock:
        for chunk in chunks:
            with transaction.atomic():
                lock.check()    # LostLock when another process has taken over
                write(chunk)

The lock is a row with a lease of ten seconds; a thread with its own connection renews it. A holder that dies loses
the lock when the lease ends.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import IntegrityError, connection, transaction

from guanxi.core.database_away import drop_connection, is_away
from guanxi.core.errors import Busy, Conflict
from guanxi.core.leases import database_now, holder_name
from guanxi.core.models.locks import Lock
from guanxi.core.sentences import gettext as _

logger = logging.getLogger("guanxi.locks")

LEASE_SECONDS = 10.0
# A lease that ends later was given before the clock was set back; a living holder renews it by the new time.
SET_BACK = timedelta(minutes=1)


class LostLock(Conflict):
    """The lease ended before it was renewed, and another process took the lock."""


class HeldLock:
    """A lock in hand."""

    def __init__(self, name: str, holder: str, lease_seconds: float) -> None:
        """The lease begins now."""
        self.name = name
        self.holder = holder
        self.lease_seconds = lease_seconds
        self.renewed = time.monotonic()
        self.is_lost = False
        self.over = threading.Event()

    def check(self) -> None:
        """Raise LostLock when the lock is no longer ours.

        Inside a transaction the row is read and kept from being taken over until the transaction ends; outside, a
        lease renewed a moment ago is believed.
        """
        if not self.is_lost and not connection.in_atomic_block:
            if time.monotonic() - self.renewed < self.lease_seconds / 2:
                return
            self.renew()
        elif not self.is_lost:
            row = Lock.objects.filter(name=self.name, holder=self.holder).select_for_update().first()
            self.is_lost = row is None
        if self.is_lost:
            raise LostLock(_("Another process has taken this work over; it goes on there."))

    def renew(self) -> None:
        """Start the lease anew, unless the lock was taken over."""
        started = time.monotonic()
        until = database_now() + timedelta(seconds=self.lease_seconds)
        if Lock.objects.filter(name=self.name, holder=self.holder).update(lease_until=until):
            self.renewed = started
        else:
            self.is_lost = True

    def keep(self) -> None:
        """Renew until over; runs in a thread with its own connection."""
        while not self.is_lost and not self.over.wait(self.lease_seconds / 4):
            try:
                self.renew()
            except Exception as error:
                if not is_away(error):
                    logger.exception("lock %s: the lease could not be renewed", self.name)
                drop_connection()
        drop_connection()

    def release(self) -> None:
        """Let go; when the database is away, the lease ends by itself."""
        self.over.set()
        try:
            Lock.objects.filter(name=self.name, holder=self.holder).delete()
        except Exception as error:
            if not is_away(error):
                raise
            logger.warning("lock %s: not released, its lease will end by itself: %s", self.name, error)


@contextmanager
def hold(name: str, *, lease_seconds: float = LEASE_SECONDS, about: str = "") -> Iterator[HeldLock]:
    """Hold a named lock for the block; Busy when a living process has it. Not to be called in a transaction."""
    lock = _take(name, lease_seconds, about)
    # Inside a test's transaction no other connection can see the lock.
    if not connection.in_atomic_block:
        threading.Thread(target=lock.keep, name=f"lock {name}", daemon=True).start()
    try:
        yield lock
    finally:
        lock.release()


def _take(name: str, lease_seconds: float, about: str) -> HeldLock:
    """Insert the row, or take over a lapsed one."""
    holder = holder_name()
    with transaction.atomic(durable=True):
        now = database_now()
        fields = {
            "holder": holder,
            "about": about[:200],
            "taken_at": now,
            "lease_until": now + timedelta(seconds=lease_seconds),
        }
        standing = Lock.objects.select_for_update().filter(name=name).first()
        if standing is None:
            try:
                with transaction.atomic():
                    Lock.objects.create(name=name, **fields)
            except IntegrityError:
                raise _busy(name) from None
        elif now < standing.lease_until < now + timedelta(seconds=4 * lease_seconds) + SET_BACK:
            raise _busy(name)
        else:
            logger.warning("lock %s: taken over from %s, which is gone", name, standing.holder)
            Lock.objects.filter(name=name).update(**fields)
    return HeldLock(name, holder, lease_seconds)


def _busy(name: str) -> Busy:
    """The error for a lock that a living process holds, naming what it does where known."""
    about = Lock.objects.filter(name=name).values_list("about", flat=True).first()
    if about:
        return Busy(_("This is being done already (%(about)s). Try again when it is finished.") % {"about": about})
    return Busy(_("This is being done already. Try again when it is finished."))

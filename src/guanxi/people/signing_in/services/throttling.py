"""Who has to wait before the next attempt: counted in rows, so that it holds across processes and restarts.

Each attempt is counted before it is checked and forgotten again when it succeeds: a hundred guesses sent at once are
counted like a hundred guesses one after the other. Failures count for the pair of account and sender, for the sender
alone and, with more patience and shorter waits, for the account from everywhere. A browser that has signed in before
carries a device sign and is counted by that alone: nobody else's failures keep its owner out.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from guanxi.core import clock
from guanxi.core.client_address import network_of
from guanxi.people.models import Throttle

FORGOTTEN_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Limit:
    """So many failures are free; then each doubles the wait, up to the longest."""

    free: int
    first_seconds: int
    longest_seconds: int

    def wait(self, failures: int) -> timedelta:
        """How long to wait after so many failures."""
        if failures < self.free:
            return timedelta(0)
        doublings = min(failures - self.free, 20)
        return timedelta(seconds=min(self.first_seconds * 2**doublings, self.longest_seconds))


LIMITS = {
    "pair": Limit(5, 30, 3600),
    "device": Limit(5, 30, 3600),
    "sender": Limit(50, 30, 3600),
    "account": Limit(25, 30, 900),
    "code": Limit(5, 30, 3600),
    "code-all": Limit(15, 30, 900),
    "code-device": Limit(5, 30, 3600),
    # Asking for a link to a new password: each asking counts.
    "reset": Limit(4, 120, 3600),
    "reset-sender": Limit(20, 60, 3600),
    "reset-user": Limit(4, 300, 3600),
}
LONGEST_WAIT = timedelta(seconds=max(limit.longest_seconds for limit in LIMITS.values()))
# Their failures were nobody else's: a success clears them.
OWN = frozenset({"pair", "device", "code", "code-device"})


@dataclass(frozen=True)
class Key:
    """One thing that is counted."""

    kind: str
    what: str
    user_id: int | None = None

    @property
    def text(self) -> str:
        """As the row holds it: a keyed digest, so that what was typed as a name cannot be read back."""
        secret = f"guanxi.throttle:{settings.SECRET_KEY}".encode()
        return f"{self.kind}:{hmac.new(secret, self.what.encode(), hashlib.sha256).hexdigest()[:48]}"


def same_name(name: str) -> str:
    """A name as it is counted: spelling variants are one."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def password_keys(name: str, address: str, *, user_id: int | None, device: str) -> list[Key]:
    """What a password attempt counts for; the device sign where the browser has signed in as this user before."""
    if device and user_id is not None:
        return [Key("device", f"{device} {user_id}", user_id)]
    who, sender = same_name(name), network_of(address)
    return [Key("pair", f"{who} {sender}", user_id), Key("account", who, user_id), Key("sender", sender)]


def code_keys(user_id: int, address: str, *, device: str) -> list[Key]:
    """What an attempt with a code or a security key counts for."""
    if device:
        return [Key("code-device", f"{device} {user_id}", user_id)]
    return [
        Key("code", f"{user_id} {network_of(address)}", user_id),
        Key("code-all", str(user_id), user_id),
    ]


def passkey_keys(address: str) -> list[Key]:
    """What an attempt with a passkey alone counts for: there is no secret of an account to guess."""
    return [Key("sender", network_of(address))]


@transaction.atomic
def begin(keys: Sequence[Key]) -> timedelta:
    """Count an attempt as failed until it proves otherwise; zero, or how long to wait instead of trying."""
    now = clock.now()
    by_text = {key.text: key for key in keys}
    fresh = [Throttle(key=text, last_at=now, user_id=key.user_id) for text, key in by_text.items()]
    Throttle.objects.bulk_create(fresh, ignore_conflicts=True)
    rows = list(Throttle.objects.select_for_update().filter(key__in=by_text).order_by("key"))
    for row in rows:
        _bring_back(row, LIMITS[by_text[row.key].kind], now)
    wait = max((_remaining(row, now) for row in rows), default=timedelta(0))
    if wait > timedelta(0):
        return wait
    for row in rows:
        is_old = not timedelta(0) <= now - row.last_at < FORGOTTEN_AFTER
        row.failures = 1 if is_old else row.failures + 1
        row.last_at = now
        pause = LIMITS[by_text[row.key].kind].wait(row.failures)
        row.until = now + pause if pause else None
        row.user_id = by_text[row.key].user_id or row.user_id
        row.save(update_fields=["failures", "last_at", "until", "user_id"])
    return timedelta(0)


def _bring_back(row: Throttle, limit: Limit, now: datetime) -> None:
    """End a wait by the clock as it is now, where it was set back: the longest wait at most, and only once."""
    longest = timedelta(seconds=limit.longest_seconds)
    if row.until is not None and row.until - now > longest:
        row.until = now + longest
        row.save(update_fields=["until"])


def _remaining(row: Throttle, now: datetime) -> timedelta:
    """How long is left."""
    return timedelta(0) if row.until is None else max(timedelta(0), row.until - now)


@transaction.atomic
def succeeded(keys: Sequence[Key]) -> None:
    """The attempt was good: it no longer counts, and what was the account's own failures is forgotten."""
    own = [key.text for key in keys if key.kind in OWN]
    if own:
        Throttle.objects.filter(key__in=own).delete()
    for key in sorted((key for key in keys if key.kind not in OWN), key=lambda key: key.text):
        row = Throttle.objects.filter(key=key.text, failures__gt=0)
        row.update(failures=F("failures") - 1)
        Throttle.objects.filter(key=key.text, failures__lt=LIMITS[key.kind].free).update(until=None)


def forget(user_id: int, username: str) -> int:
    """Free an account from all waiting; how many rows were dropped."""
    gone, _kinds = Throttle.objects.filter(user_id=user_id).delete()
    more, _kinds = Throttle.objects.filter(key=Key("account", same_name(username)).text).delete()
    return gone + more


def forget_old() -> int:
    """Drop what no longer counts."""
    old = Throttle.objects.filter(last_at__lt=clock.now() - 2 * FORGOTTEN_AFTER)
    gone = 0
    while keys := list(old.values_list("key", flat=True)[:500]):
        gone += Throttle.objects.filter(key__in=keys).delete()[0]
    return gone

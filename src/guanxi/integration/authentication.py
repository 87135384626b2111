"""Who calls: from a key to a token, its user and their rights, kept for at most five seconds and dropped on a change.

A web process on PostgreSQL listens for word that a token was revoked or somebody's rights changed; only while it
listens does it keep anything. On SQLite, where reading costs no round trip, nothing is kept.
"""

import hashlib
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.core import clock
from guanxi.core.actor import Actor, actor_of
from guanxi.core.compiled import CompiledRecords
from guanxi.core.live.changed import ACCESS
from guanxi.core.live.sources import Message, Source
from guanxi.core.models import User
from guanxi.core.signed_in import has_all_factors
from guanxi.integration.models import ApiToken

MARK = "gxt_"
KEPT_SECONDS = 5.0
MOST_KEPT = 2000
USE_NOTED_EVERY = timedelta(minutes=1)
REVOKED = "api_tokens"

# A key's digest and the address that a request came from.
Asked = tuple[str, str]

_TOKENS = CompiledRecords(ApiToken, lambda digest: ApiToken.objects.filter(digest=digest), str)
_USERS = CompiledRecords(
    User,
    lambda number: User.objects.filter(has_all_factors(), pk=number, is_active=True),
    int,
    related=("role", "department"),
)


@dataclass(frozen=True)
class Caller:
    """A program with a valid token."""

    token: ApiToken
    user: User
    actor: Actor
    scopes: frozenset[str]


def digest_of(key: str) -> str:
    """Return what is stored of a key. The key has 256 random bits, so a plain digest cannot be guessed back."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def caller_of(key: str, address: str = "") -> Caller | None:
    """Who calls with this key, from an address; None when it is not, or no longer, valid."""
    if not key.startswith(MARK):
        return None
    digest = digest_of(key)
    found = _kept.get((digest, address))
    if found is None:
        generation = _kept.generation
        found = _read(digest, address)
        if found is not None:
            _kept.put((digest, address), found, generation)
    if found is None or not found.token.is_valid(clock.now()):
        return None
    return found


def refusal_of(key: str) -> str:
    """Why a key is no good, for whoever holds it: one that holds no longer is told from one that there never was."""
    token = _TOKENS.first(digest_of(key)) if key.startswith(MARK) else None
    if token is None:
        return _("There is no such token.")
    if token.expires_at is not None and token.expires_at <= (token.revoked_at or clock.now()):
        return _("This token expired on %(day)s.") % {"day": timezone.localdate(token.expires_at).isoformat()}
    if token.revoked_at is not None:
        return _("This token was revoked.")
    return _("The user of this token may not sign in.")


def _read(digest: str, address: str) -> Caller | None:
    """The caller as the database has them now; notes the use of the token."""
    token = _TOKENS.first(digest)
    if token is None:
        return None
    if not token.is_valid(now := clock.now()):
        if token.revoked_at is None:
            from guanxi.integration.services.tokens import end_lapsed  # which imports this module

            end_lapsed(digest)
        return None
    user = _USERS.first(token.user_id)
    if user is None:
        return None
    if token.last_used_at is None or not timedelta(0) <= now - token.last_used_at <= USE_NOTED_EVERY:
        from guanxi.integration.services.tokens import note_use  # which imports this module

        note_use(token, now)
    return Caller(token, user, actor_of(user, means="api", address=address), token.scopes)


class _Kept:
    """Callers read a moment ago, while this process hears of every change."""

    def __init__(self) -> None:
        """Nothing is kept and nobody listens yet."""
        self.callers: dict[Asked, tuple[Caller, float]] = {}
        self.generation = 0
        self.source: Source | None = None
        self.lock = threading.Lock()

    def listen(self) -> None:
        """Begin to listen, in a process that serves."""
        with self.lock:
            if self.source is None and connection.vendor == "postgresql":
                self.source = Source(self.hear)
                self.source.start()

    def hear(self, batch: list[Message] | None) -> None:
        """Drop everything when a token or rights changed, or when that may have been missed."""
        if batch is None or any(topic in {ACCESS, REVOKED} for topic, _data in batch):
            self.drop()

    def drop(self) -> None:
        """Keep nothing of what was read before this moment."""
        with self.lock:
            self.generation += 1
            self.callers.clear()

    def get(self, asked: Asked) -> Caller | None:
        """The caller, if read a moment ago and nothing changed since."""
        found = self.callers.get(asked)
        if found is None or found[1] < time.monotonic() or not self.is_listening:
            return None
        return found[0]

    def put(self, asked: Asked, caller: Caller, generation: int) -> None:
        """Keep a caller who was read in this generation."""
        if not self.is_listening:
            return
        with self.lock:
            if generation != self.generation:
                return
            if len(self.callers) >= MOST_KEPT:
                self.callers.clear()
            self.callers[asked] = (caller, time.monotonic() + KEPT_SECONDS)

    @property
    def is_listening(self) -> bool:
        """Whether word of changes reaches this process."""
        return self.source is not None and self.source.ready.is_set()


_kept = _Kept()


def keep_callers() -> None:
    """Keep callers for a moment from now on: this process serves, and hears of changes."""
    _kept.listen()


def drop_callers() -> None:
    """Forget the callers of this process at once."""
    _kept.drop()


def stop_listening(*_signal: Any) -> None:
    """End the listening: the process stops."""
    if _kept.source is not None:
        _kept.source.stop()
        _kept.source = None

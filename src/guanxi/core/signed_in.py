"""Who a request comes from and what they may do: session, user, role, rights and teams in one statement.

Everything is read from the database for each request, so that a sign-out, another role or a narrower right counts from
the next request on, whichever web process answers it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from guanxi.core import rights
from guanxi.core.actor import Rights
from guanxi.core.compiled import Compiled
from guanxi.core.models import Session, User

SEEN_NOTED_EVERY = timedelta(minutes=5)
_COLUMNS = [field.attname for field in User._meta.concrete_fields]
_OWN = 4


@dataclass(frozen=True)
class SignedIn:
    """A user who has signed in, their rights at this moment, and how their session stands."""

    user: User
    rights: Rights
    last_seen_at: datetime | None
    lacks_second_factor: bool


def _held(prefix: str = "") -> Exists:
    """Whether a user has set up an authenticator application or a passkey."""
    types = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Exists(Authenticator.objects.filter(user=OuterRef(f"{prefix}pk"), type__in=types))


def has_all_factors() -> Q:
    """The users who have a second factor, or whose role asks for none; programs act for nobody else."""
    return Q(role__requires_mfa=False) | Q(_held())


def _lacks_second_factor() -> Case:
    """Whether a session's user has yet to set up a second factor; looked for only where the role asks for one."""
    asked = Q(user__role__requires_mfa=True) & ~_held("user__")
    return Case(When(asked, then=Value(1)), default=Value(0))


def _everything(session_key: str, now: datetime) -> QuerySet[Any, Any]:
    """A session that has not run out, its user and their rights."""
    return Session.objects.filter(session_key=session_key, expire_date__gt=now).values_list(
        "session_data",
        "expire_date",
        "last_seen_at",
        _lacks_second_factor(),
        *rights.columns(now, "user__"),
        *(f"user__{column}" for column in _COLUMNS),
    )


_EVERYTHING = Compiled(_everything, str, datetime)


def longest() -> timedelta:
    """What a session ends within; one that ends later began before the clock was set back, and counts no more."""
    return timedelta(seconds=settings.SESSION_COOKIE_AGE) + timedelta(days=1)


def open_sessions(now: datetime) -> QuerySet[Session]:
    """The sessions that have not run out, and did not begin before the clock was set back."""
    return Session.objects.filter(expire_date__gt=now, expire_date__lte=now + longest())


def read(session_key: str, now: datetime) -> tuple[str, SignedIn | None] | None:
    """A session's data, with the user who signed in, if somebody did; None when it has run out or never was."""
    row = _EVERYTHING.first(session_key, now)
    if row is None:
        return None
    data, ends_at, last_seen_at, lacks = row[:_OWN]
    if ends_at > now + longest():
        return None
    held = rights.parsed(row[_OWN : _OWN + rights.WIDTH])
    columns = row[_OWN + rights.WIDTH :]
    if columns[0] is None:
        return data, None
    user = User.from_db(DEFAULT_DB_ALIAS, _COLUMNS, columns)
    return data, SignedIn(user, held, last_seen_at, bool(lacks))


def end_lapsed(session_key: str, now: datetime) -> bool:
    """End a session that was found to have run out for good: a clock that is set back later does not bring it to life."""
    lapsed = Session.objects.filter(session_key=session_key, expire_date__lte=now)
    return lapsed.exists() and lapsed.delete()[0] > 0


def note_seen(session_key: str, came: SignedIn, now: datetime, address: str) -> None:
    """Keep when and where a session was last used, every few minutes."""
    if came.last_seen_at is None or not timedelta(0) <= now - came.last_seen_at < SEEN_NOTED_EVERY:
        Session.objects.filter(session_key=session_key).update(last_seen_at=now, address=address)

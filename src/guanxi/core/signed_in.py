"""Who a request comes from and what they may do: session, user, role, rights and teams in one statement.

Everything is read from the database for each request, so that a sign-out, another role or a narrower right counts from
the next request on, whichever web process answers it. What a process remembers is only which user a session belonged
to, so that it can ask for both at once; the session itself has the last word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet, Subquery

from guanxi.core import rights
from guanxi.core.actor import Rights
from guanxi.core.compiled import Compiled
from guanxi.core.models import User

_REMEMBERED = 10_000
_COLUMNS = [field.attname for field in User._meta.concrete_fields]
_users: dict[str, int] = {}


@dataclass(frozen=True)
class SignedIn:
    """A user who has signed in, and their rights at this moment."""

    user: User
    rights: Rights


def _everything(user_id: int, session_key: str, now: datetime) -> QuerySet[Any, Any]:
    """A user with a session's data (None when it has run out or never was) and their rights."""
    session = Session.objects.filter(session_key=session_key, expire_date__gt=now)
    return User.objects.filter(pk=user_id).values_list(
        Subquery(session.values("session_data")), *rights.columns(now), *_COLUMNS
    )


_EVERYTHING = Compiled(_everything, int, str, datetime)


def read(session_key: str, now: datetime) -> tuple[str | None, SignedIn] | None:
    """A session's data with the user it belonged to when last seen; None while no user is remembered for it."""
    user_id = _users.get(session_key)
    row = _EVERYTHING.first(user_id, session_key, now) if user_id is not None else None
    if row is None:
        return None
    held = rights.parsed(row[1 : 1 + rights.WIDTH])
    user = User.from_db(DEFAULT_DB_ALIAS, _COLUMNS, row[1 + rights.WIDTH :])
    return row[0], SignedIn(user, held)


def remember(session_key: str, data: Mapping[str, Any]) -> None:
    """Note which user a session belongs to."""
    user_id = str(data.get(SESSION_KEY, ""))
    if not user_id.isdigit():
        _users.pop(session_key, None)
        return
    if len(_users) >= _REMEMBERED and session_key not in _users:
        _users.clear()
    _users[session_key] = int(user_id)

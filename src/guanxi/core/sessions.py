"""Sessions in the database, never cached: with several web processes a sign-out seen by one is seen by all at once."""

from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

from guanxi.core import signed_in
from guanxi.core.compiled import Compiled


def _rows(session_key: str, now: Any) -> Any:
    """The data of a session that has not run out."""
    sessions = SessionStore.get_model_class().objects
    return sessions.filter(session_key=session_key, expire_date__gt=now).values_list("session_data")


class SessionStore(db.SessionStore):
    """Django's own, reading with a query that is written once, the user of the session along with it."""

    _data = Compiled(_rows, str, datetime)
    came_with: signed_in.SignedIn | None = None

    def load(self) -> dict[str, Any]:
        """Return what the session holds; nothing, and no key, when it has run out or never was."""
        key, now = self.session_key or "", timezone.now()
        found = signed_in.read(key, now)
        row = self._data.first(key, now) if found is None else found
        if row is None or row[0] is None:
            self._session_key = None
            return {}
        data: dict[str, Any] = orjson.loads(_decoded(row[0]))
        signed_in.remember(key, data)
        if found is not None and data.get(SESSION_KEY) == str(found[1].user.pk):
            self.came_with = found[1]
        return data


@lru_cache(maxsize=2048)
def _decoded(text: str) -> bytes:
    """What a session's signed text holds; the same text always holds the same."""
    return orjson.dumps(SessionStore().decode(text))

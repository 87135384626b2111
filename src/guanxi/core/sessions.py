"""Sessions in the database, never cached: with several web processes a sign-out seen by one is seen by all at once."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from guanxi.core.compiled import Compiled


def _rows(session_key: str, now: Any) -> Any:
    """The data of a session that has not run out."""
    sessions = SessionStore.get_model_class().objects
    return sessions.filter(session_key=session_key, expire_date__gt=now).values_list("session_data")


class SessionStore(db.SessionStore):
    """Django's own, reading with a query that is written once."""

    _data = Compiled(_rows, str, datetime)

    def load(self) -> dict[str, Any]:
        """Return what the session holds; nothing, and no key, when it has run out or never was."""
        row = self._data.first(self.session_key or "", timezone.now())
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])

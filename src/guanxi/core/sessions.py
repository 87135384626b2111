"""Sessions in the database, never cached: with several web processes a sign-out seen by one is seen by all at once."""

from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from guanxi.core import live, signed_in
from guanxi.core.models import Session

# What a session holds about the signing in that it began with; copied into the columns of its row.
ENTRY = "guanxi_entry"


class SessionStore(db.SessionStore):
    """Django's own over our rows, the user of the session read along with it."""

    came_with: signed_in.SignedIn | None = None

    @classmethod
    def get_model_class(cls) -> Any:
        """The rows."""
        return Session

    def load(self) -> dict[str, Any]:
        """Return what the session holds; nothing, and no key, when it has run out or never was."""
        key, now = self.session_key or "", timezone.now()
        found = signed_in.read(key, now)
        if found is None:
            if key and signed_in.end_lapsed(key, now):
                live.tell_ended([key])
            self._session_key = None
            return {}
        text, came = found
        data: dict[str, Any] = orjson.loads(_decoded(text))
        if came is not None and data.get(SESSION_KEY) == str(came.user.pk):
            self.came_with = came
        return data

    def delete(self, session_key: str | None = None) -> None:
        """Drop the row, and then tell: whoever asks anew by that is not signed in any more."""
        key = session_key or self.session_key
        super().delete(session_key)
        if key and self.came_with is not None:
            live.tell_ended([key])

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row of a session; what lists of sessions show stands in columns of its own."""
        row: Any = super().create_model_instance(data)
        entry = data.get(ENTRY, {})
        user_id = str(data.get(SESSION_KEY, ""))
        row.user_id = int(user_id) if user_id.isdigit() else None
        row.signed_in_at = _moment(entry.get("at"))
        row.last_seen_at = timezone.now() if row.user_id else None
        row.address = str(entry.get("address", ""))[:45]
        row.agent = str(entry.get("agent", ""))[:300]
        row.means = str(entry.get("means", ""))[:20]
        return row


def _moment(text: Any) -> datetime | None:
    """A moment as a session holds it."""
    return parse_datetime(text) if isinstance(text, str) else None


@lru_cache(maxsize=2048)
def _decoded(text: str) -> bytes:
    """What a session's signed text holds; the same text always holds the same."""
    return orjson.dumps(SessionStore().decode(text))

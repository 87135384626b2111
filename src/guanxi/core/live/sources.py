"""Where a web process hears of messages: one thread, LISTEN on PostgreSQL, `PRAGMA data_version` on SQLite."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

from django.db import DatabaseError, InterfaceError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from guanxi.core.direct_connection import direct_address
from guanxi.core.live.sending import CHANNEL

logger = logging.getLogger("guanxi.live")

POLL_SECONDS = 0.05
_RETRY_SECONDS = 1.0

Message = tuple[str, dict[str, Any]]


class Source:
    """The listening thread; `deliver` gets messages, or None when some may have been missed."""

    def __init__(self, deliver: Callable[[list[Message] | None], None]) -> None:
        """Nothing starts yet."""
        self.deliver = deliver
        self.stopping = threading.Event()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self._run, name="live source", daemon=True)

    def start(self) -> None:
        """Start listening."""
        self.thread.start()

    def stop(self) -> None:
        """Stop listening soon."""
        self.stopping.set()

    def _run(self) -> None:
        """Listen; after an absence of the database say that messages may have been missed."""
        is_first = True
        while not self.stopping.is_set():
            connection = self._connection()
            try:
                messages = self._listen(connection) if connection.vendor == "postgresql" else self._poll(connection)
                for batch in messages:
                    if batch is None:  # listening now
                        self.ready.set()
                        if not is_first:
                            self.deliver(None)
                        is_first = False
                    elif batch:
                        self.deliver(batch)
            except (DatabaseError, InterfaceError, OSError) as error:
                logger.warning("live updates wait for the database: %s", str(error).strip().partition("\n")[0])
                self.stopping.wait(_RETRY_SECONDS)
            finally:
                self.ready.clear()
                _close(connection)

    def _connection(self) -> BaseDatabaseWrapper:
        """A connection of this thread's own, past any pooler."""
        connection = connections["default"].copy()
        connection.settings_dict.update(direct_address())
        return connection

    def _listen(self, connection: BaseDatabaseWrapper) -> Iterator[list[Message] | None]:
        """Messages as PostgreSQL sends them."""
        connection.ensure_connection()
        raw: Any = connection.connection
        raw.execute(f"LISTEN {CHANNEL}")
        yield None
        while not self.stopping.is_set():
            batch = []
            for notice in raw.notifies(timeout=0.5, stop_after=1):
                message = json.loads(notice.payload)
                batch.append((message["topic"], message["data"]))
            yield batch

    def _poll(self, connection: BaseDatabaseWrapper) -> Iterator[list[Message] | None]:
        """Messages found in the table whenever somebody has committed."""
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            version = cursor.fetchone()[0]
            cursor.execute("SELECT COALESCE(MAX(id), 0) FROM core_livemessage")
            last = cursor.fetchone()[0]
            yield None
            while not self.stopping.wait(POLL_SECONDS):
                cursor.execute("PRAGMA data_version")
                found = cursor.fetchone()[0]
                if found == version:
                    continue
                version = found
                cursor.execute("SELECT id, topic, data FROM core_livemessage WHERE id > %s ORDER BY id", [last])
                rows = cursor.fetchall()
                last = rows[-1][0] if rows else last
                yield [(topic, json.loads(data)) for _id, topic, data in rows]


def _close(connection: BaseDatabaseWrapper) -> None:
    """Close a connection that may be broken."""
    try:
        connection.close()
    except (DatabaseError, InterfaceError):
        connection.connection = None

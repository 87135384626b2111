"""Notices that leave with a transaction: all of them in one statement, just before it commits.

A notice of a savepoint that is rolled back goes with it, and one told twice is sent once, as PostgreSQL has it.
"""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

SEND = "SELECT pg_notify(channel, payload) FROM unnest(%s::text[], %s::text[]) AS waiting (channel, payload)"


class Notice:
    """One notice, waiting among what Django does on commit; Django forgets it when its savepoint is rolled back."""

    __slots__ = ("channel", "is_sent", "payload")

    def __init__(self, channel: str, payload: str) -> None:
        """Not sent yet."""
        self.channel, self.payload, self.is_sent = channel, payload, False

    def __call__(self) -> None:
        """Send it where nothing sent it before the commit: outside of transactions."""
        if not self.is_sent:
            _send(connection, [self])


def send(channel: str, payload: str) -> None:
    """Have a notice sent when the transaction commits; PostgreSQL alone knows them."""
    transaction.on_commit(Notice(channel, payload))


def send_waiting(about_to_commit: BaseDatabaseWrapper) -> None:
    """Send what waits in the transaction that is about to commit."""
    on_commit = (entry[1] for entry in about_to_commit.run_on_commit)
    waiting = [one for one in on_commit if isinstance(one, Notice) and not one.is_sent]
    if waiting:
        _send(about_to_commit, waiting)


def _send(through: BaseDatabaseWrapper, waiting: Iterable[Notice]) -> None:
    """One statement, in the order in which they were told."""
    notices = list(waiting)
    pairs = dict.fromkeys((one.channel, one.payload) for one in notices)
    with through.cursor() as cursor:
        cursor.execute(SEND, [[channel for channel, _payload in pairs], [payload for _channel, payload in pairs]])
    for one in notices:
        one.is_sent = True

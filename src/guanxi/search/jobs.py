"""Longer work on the index."""

from django.db import connection, transaction

from guanxi.core import jobs

PAGES = 500


@jobs.task(queue_name="long")
@jobs.policy(max_tries=5)
def forget_deleted() -> None:
    """Write the index anew without what was deleted from it: FTS5 keeps deleted terms in older segments until then.

    A little at a time, so that nobody waits; PostgreSQL keeps the terms in the entry itself and needs none of this.
    """
    if connection.vendor != "sqlite":
        return
    pages = -PAGES
    while True:
        jobs.check()
        with transaction.atomic(), connection.cursor() as cursor:
            before = _changes(cursor)
            cursor.execute("INSERT INTO search_tokens(search_tokens, rank) VALUES ('merge', %s)", [pages])
            # What the manual of FTS5 gives as the sign that nothing is left to be merged.
            if _changes(cursor) - before < 2:
                return
        pages = PAGES


def _changes(cursor: object) -> int:
    """How many rows this connection has changed so far."""
    cursor.execute("SELECT total_changes()")  # type: ignore[attr-defined]
    return int(cursor.fetchone()[0])  # type: ignore[attr-defined]


def soon() -> None:
    """Have it done after this transaction, once however often it is asked for."""
    forget_deleted.using(unique_key="search:forget").enqueue()  # type: ignore[call-arg]

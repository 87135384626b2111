"""Longer work on the index."""

from django.db import connection, transaction

from guanxi.core import jobs
from guanxi.search import outdated
from guanxi.search.kinds import kinds
from guanxi.search.services import begin_outdated, end_outdated, refresh

PAGES = 500
RECORDS = 500


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


def forget_words(kind: str, about: str) -> None:
    """Find records of a kind no more by words that they lost all at once (or by new ones), from this transaction on."""
    begin_outdated(kind, about)
    take_out_outdated.using(unique_key=f"search.outdated:{kind}").enqueue(kind)  # type: ignore[call-arg]


@jobs.task(queue_name="long")
@jobs.policy(max_tries=8, first_pause_seconds=20)
def take_out_outdated(kind: str) -> int:
    """Bring the entries that hold outdated words up to date; how many changed."""
    holding, changed = kinds[kind].holding, 0
    for about, since in outdated.pending(kind):
        after = 0
        while holding is not None and (numbers := holding(about, after, RECORDS)):
            jobs.check()
            changed += refresh(kind, numbers)
            after = numbers[-1]
        end_outdated(kind, about, since)
    return changed


@jobs.cron("search.outdated", "37 1 * * *")
@jobs.task(queue_name="long")
def take_out_what_is_left() -> None:
    """The same for whatever no job has done."""
    for kind in sorted(outdated.kinds_with_any()):
        if kind in kinds:
            take_out_outdated.using(unique_key=f"search.outdated:{kind}").enqueue(kind)  # type: ignore[call-arg]

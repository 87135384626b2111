"""Writing the index. Entries are derived from records and rewritten at will, so nothing here is journaled."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from guanxi.core import bulk, clock
from guanxi.core.backup.hooks import Restored
from guanxi.core.compiled import Compiled
from guanxi.search.entry_tokens import entry_tokens
from guanxi.search.kinds import Entry, kinds
from guanxi.search.models import OutdatedWords, SearchEntry

CHUNK = 500
REREAD = 5
BULK_CHUNK = 10_000
COLUMNS = ("kind", "record_id", "title", "subtitle", "tokens", "rank", "updated_at")
SHOWN = 200

Row = tuple[str, int, str, str, str, int]


def row_of(kind: str, entry: Entry) -> Row:
    """Return the stored form of an entry."""
    return (
        kind,
        entry.record_id,
        _shown(entry.title),
        _shown(entry.subtitle),
        entry_tokens(kind, entry),
        entry.rank,
    )


def _shown(text: str) -> str:
    """Return text as a hit shows it."""
    return text.replace("\x00", "")[:SHOWN]


def index_records(kind: str, entries: Iterable[Entry]) -> int:
    """Write entries; one that stands already for the same record is overwritten. Returns how many were written."""
    return sum(
        bulk.insert(SearchEntry, COLUMNS, rows, on_conflict="update", keys=("kind", "record_id"))
        for rows in _row_chunks(kind, entries)
    )


def _row_chunks(kind: str, entries: Iterable[Entry]) -> Iterator[list[tuple[Any, ...]]]:
    """Yield rows in lists that are complete before they are written: making entries may read the database."""
    rest = iter(entries)
    while chunk := list(islice(rest, BULK_CHUNK)):
        now = clock.now()
        yield [(*row_of(kind, entry), now) for entry in chunk]


def index_new_records(kind: str, entries: Iterable[Entry]) -> int:
    """Write entries of records that certainly have none yet: the fastest way in."""
    return sum(bulk.insert(SearchEntry, COLUMNS, rows) for rows in _row_chunks(kind, entries))


def remove(kind: str, ids: Iterable[int]) -> int:
    """Take entries out of the index; returns how many there were."""
    removed = 0
    for chunk in _chunks(ids):
        removed += SearchEntry.objects.filter(kind=kind, record_id__in=chunk).delete()[0]
    return removed


def refresh(kind: str, ids: Iterable[int]) -> int:
    """Bring the entries of these records up to date, whatever happened to them; returns how many changed."""
    return sum(len(_refresh_chunk(kind, chunk)) for chunk in _chunks(ids))


def refresh_ranks(kind: str, ranks: Iterable[tuple[int, int]]) -> int:
    """Refresh only those of the (record, rank) pairs whose entry has another rank; returns how many changed."""
    changed = 0
    rest = iter(ranks)
    while chunk := dict(islice(rest, CHUNK)):
        rows = SearchEntry.objects.filter(kind=kind, record_id__in=list(chunk)).values_list("record_id", "rank")
        stale = [record_id for record_id, rank in rows if rank != chunk[record_id]]
        changed += refresh(kind, stale)
    return changed


def _refresh_chunk(kind: str, ids: list[int]) -> list[int]:
    """Compare the entries of a few hundred records with what they should be, and write the difference; whose differed."""
    with transaction.atomic(savepoint=False):
        standing = {row[0]: row[1:] for row in _standing(kind, ids)}
        now = clock.now()
        wanted = {entry.record_id: row_of(kind, entry) for entry in _entries(kind, ids)}
        changed = [row for record_id, row in wanted.items() if standing.get(record_id) != row[2:]]
        gone = [record_id for record_id in standing if record_id not in wanted]
        if gone:
            SearchEntry.objects.filter(kind=kind, record_id__in=gone).delete()
        if changed:
            rows = [(*row, now) for row in changed]
            bulk.insert(SearchEntry, COLUMNS, rows, on_conflict="update", keys=("kind", "record_id"))
        return [*gone, *(row[1] for row in changed)]


_SHOWN = ("record_id", "title", "subtitle", "tokens", "rank")
_OF_ONE = Compiled(
    lambda kind, number: SearchEntry.objects.filter(kind=kind, record_id=number).values_list(*_SHOWN), str, int
)


def _standing(kind: str, ids: list[int]) -> Iterable[tuple[Any, ...]]:
    """The entries of some records as they are kept."""
    if len(ids) == 1:
        return _OF_ONE.rows(kind, ids[0])
    return SearchEntry.objects.filter(kind=kind, record_id__in=ids).values_list(*_SHOWN)


def is_behind(kind: str, ids: Iterable[int]) -> list[int]:
    """The records, of these, whose entry is missing or not what it should be."""
    found: list[int] = []
    for chunk in _chunks(ids):
        standing = {row[0]: row[1:] for row in _standing(kind, chunk)}
        wanted = {entry.record_id: row_of(kind, entry)[2:] for entry in _entries(kind, chunk)}
        found += [number for number in {*standing, *wanted} if standing.get(number) != wanted.get(number)]
    return sorted(found)


def _entries(kind: str, ids: list[int]) -> Iterable[Entry]:
    """Return the entries that records should have."""
    read = kinds[kind].entries
    return read(ids) if read else ()


def rebuild(kind: str) -> int:
    """Make every entry of a kind anew from its records, and drop those whose records are gone, while people work."""
    changed = 0
    after = 0
    next_ids = kinds[kind].ids or (lambda _after, _limit: [])
    while ids := next_ids(after, CHUNK):
        changed += _mend(kind, [*ids, *_others(kind, ids, after, ids[-1])])
        after = ids[-1]
    while ids := list(_others(kind, [], after)[:CHUNK]):
        changed += _mend(kind, ids)
        after = ids[-1]
    return changed


def make_after_restore(_restored: Restored) -> None:
    """Make the index where a backup comes without it (a masked copy): who is not found is entered twice."""
    if SearchEntry.objects.exists():
        return
    for kind in kinds:
        if kind.is_indexed:
            rebuild(kind.key)


def _others(kind: str, ids: list[int], after: int, until: int = 2**63 - 1) -> Any:
    """The records between two numbers that have an entry and are not among these, ascending."""
    rows = SearchEntry.objects.filter(kind=kind, record_id__gt=after, record_id__lt=until)
    return rows.exclude(record_id__in=ids).order_by("record_id").values_list("record_id", flat=True)


def _mend(kind: str, ids: list[int]) -> int:
    """Refresh these, and again those that differed: somebody may have changed them between our reading and our writing."""
    count = 0
    for chunk in _chunks(ids):
        left = _refresh_chunk(kind, chunk)
        count += len(left)
        for _again in range(REREAD):
            left = _refresh_chunk(kind, left) if left else []
    return count


def begin_outdated(kind: str, about: str) -> None:
    """From this transaction on, hold what is found of a kind against its records."""
    OutdatedWords.objects.update_or_create(kind=kind, about=about, defaults={"since": clock.now()})


def end_outdated(kind: str, about: str, since: datetime) -> None:
    """The words are out of the index, unless they became outdated anew meanwhile."""
    OutdatedWords.objects.filter(kind=kind, about=about, since=since).delete()


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    """Yield ids in lists short enough for one statement and one short transaction, each id once."""
    rest = iter(sorted(set(ids)))
    while chunk := list(islice(rest, CHUNK)):
        yield chunk

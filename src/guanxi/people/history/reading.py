"""Reading the history newest first, by number; what one request looks through is bounded, whatever is asked.

Candidates come from an index: those of a record, of a customer, of a kind (skipping from operation to operation), of a
person, or all. They are narrowed chunk by chunk until the page is full or enough was looked at; then the reader may go on.
What no index knows (means, address, what was done) is looked for in windows of so many numbers; days say where to begin
and to end, with room for a clock that was wrong by a month.
"""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast

from guanxi.core.actor import Actor
from guanxi.core.changes import PARTS
from guanxi.core.models import Change, Operation
from guanxi.people.history.filters import Asked
from guanxi.ui.history import seeing
from guanxi.ui.history.telling import about
from guanxi.ui.history.words import known, withheld_among

PAGE = 40
CHUNK = 200
LARGEST_CHUNK = 4000
# So many changes, of all the operations that are read in one go.
MOST_AT_ONCE = 10_000
SHOWN_CHANGES = 6
SECONDS = 1.5
WINDOW = 20_000
ROOM = timedelta(days=31)
END = 2**63 - 1


@dataclass
class Act:
    """One operation with the first of its changes that the reader may see; `has_more` when there are others."""

    row: Operation
    changes: list[Change]
    has_more: bool = False


@dataclass
class Page:
    """Some of the history; `after` is where it goes on, None at the end; `is_cut` when looking stopped for its length."""

    acts: list[Act]
    after: int | None
    is_cut: bool = False


def read(actor: Actor, asked: Asked, *, below: int = END, limit: int = PAGE, most: int = SHOWN_CHANGES) -> Page:
    """The next operations below a number that fit and that the actor may see."""
    found: list[Act] = []
    until = time.monotonic() + SECONDS
    asked = asked.with_joined()
    named = _named(actor, asked.q)
    size = CHUNK
    top, bottom = _span(asked)
    below = min(below, top)
    while True:
        numbers, following = _candidates(asked, below, size, bottom)
        for act in _fitting(actor, asked, numbers, named, most, at_once=min(limit + 1, MOST_AT_ONCE // (most * 4 + 1))):
            if len(found) == limit:
                return Page(found, found[-1].row.pk)
            found.append(act)
        if following is None:
            return Page(found, None)
        below = following
        if time.monotonic() > until:
            return Page(found, below, is_cut=True)
        size = min(size * 2, LARGEST_CHUNK)


def _named(actor: Actor, text: str) -> dict[str, list[int]]:
    """The records that carry a name, by kind, as far as the actor sees them."""
    if not text:
        return {}
    return {words.kind: list(words.find(actor, text)) for words in known() if words.find is not None}


def _span(asked: Asked) -> tuple[int, int]:
    """Below which number to begin and above which to look, by the days asked for: an index read for each."""
    since, until = asked.moments
    top, bottom = END, 0
    if until is not None:
        later = Operation.objects.filter(at__gte=until + ROOM).order_by("at").values_list("pk", flat=True).first()
        top = END if later is None else later
    if since is not None:
        bottom = Operation.objects.filter(at__lt=since - ROOM).order_by("-at").values_list("pk", flat=True).first() or 0
    return top, bottom


def _candidates(asked: Asked, below: int, size: int, bottom: int) -> tuple[list[int], int | None]:
    """The next operations that could fit, newest first, and below which number to go on (None at the end)."""
    if not (asked.record is not None or asked.kind or asked.person) and asked.is_unindexed:
        return _in_window(asked, below, size, bottom)
    numbers = _indexed(asked, below, size)
    is_end = len(numbers) < size or numbers[-1] <= bottom
    return [number for number in numbers if number > bottom], None if is_end else numbers[-1]


def _in_window(asked: Asked, below: int, size: int, bottom: int) -> tuple[list[int], int | None]:
    """Those that fit among the next so many numbers: what no index knows is looked for without going through everything."""
    newest = Operation.objects.filter(pk__lt=below).order_by("-pk").values_list("pk", flat=True).first()
    if newest is None or newest <= bottom:
        return [], None
    least = max(newest - WINDOW, bottom)
    rows = asked.narrowed(Operation.objects.filter(pk__gt=least, pk__lte=newest)).order_by("-pk")
    numbers = list(rows.values_list("pk", flat=True)[:size])
    if len(numbers) == size:
        return numbers, numbers[-1]
    return numbers, least + 1 if least > bottom else None


def _indexed(asked: Asked, below: int, size: int) -> list[int]:
    """The next operations of a record, a kind, a person, or all: one index read."""
    if asked.record is not None:
        rows = _of_records(Change.objects.filter(operation_id__lt=below), asked)
        return list(rows.order_by("-operation_id").values_list("operation_id", flat=True).distinct()[:size])
    if asked.kind:
        return _of_kind(asked.kind, below, size)
    acts = Operation.objects.filter(pk__lt=below)
    acts = acts.filter(actor_id=asked.person) if asked.person else acts
    return list(acts.order_by("-pk").values_list("pk", flat=True)[:size])


def _of_records(rows: Any, asked: Asked) -> Any:
    """The changes, of these, of the record that is asked for and of those it stands for."""
    numbers = (asked.record, *asked.joined)
    return (
        rows.filter(customer_id__in=numbers)
        if asked.kind == "customer"
        else rows.filter(kind=asked.kind, record_id__in=numbers)
    )


def _of_kind(kind: str, below: int, size: int) -> list[int]:
    """The next operations that changed records of a kind: from one to the next in the index, however many changes each has."""
    table = connection.ops.quote_name(Change._meta.db_table)
    step = f"SELECT MAX(operation_id) FROM {table} WHERE kind = %s AND operation_id < "  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE acts(number) AS (SELECT ({step} %s) UNION ALL "  # noqa: S608
            f"SELECT ({step} acts.number) FROM acts WHERE acts.number IS NOT NULL) "
            "SELECT number FROM acts WHERE number IS NOT NULL LIMIT %s",
            [kind, below, kind, size],
        )
        return [row[0] for row in cursor.fetchall()]


def _fitting(
    actor: Actor, asked: Asked, numbers: list[int], named: dict[str, list[int]], most: int, *, at_once: int
) -> Iterator[Act]:
    """Of these operations, those that fit, each with what the actor may see of it."""
    for start in range(0, len(numbers), CHUNK):
        part = asked.narrowed(Operation.objects.filter(pk__in=numbers[start : start + CHUNK])).order_by("-pk")
        if asked.q:
            part = part.filter(_says(asked.q, named))
        rows = list(part.select_related("deputising_for"))
        if asked.q or asked.record is not None:
            acts = (_act(actor, asked, row, named, most) for row in rows)
        else:
            parts = (rows[begin : begin + at_once] for begin in range(0, len(rows), at_once))
            acts = (act for few in parts for act in _acts(actor, asked, few, most))
        yield from (act for act in acts if act is not None)


def _acts(actor: Actor, asked: Asked, rows: Sequence[Operation], most: int) -> Iterator[Act | None]:
    """Operations with their first visible changes, which are read in one go; None for one of which nothing is seen."""
    first = _first_of_each([row.pk for row in rows], asked.kind, most * 4 + 1)
    seen = _by_operation(seeing.visible(actor, [change for changes in first.values() for change in changes]))
    for row in rows:
        yield _told(actor, asked, row, first.get(row.pk, []), seen.get(row.pk, []), most)


def _first_of_each(numbers: list[int], kind: str, count: int) -> dict[int, list[Change]]:
    """The first changes of each of these operations, as many as are looked at: an index read for each, in one statement."""
    table = connection.ops.quote_name(Change._meta.db_table)
    narrowed = " AND kind = %s" if kind else ""
    one = (
        f"SELECT * FROM (SELECT * FROM {table} WHERE operation_id = %s{narrowed} "  # noqa: S608
        "ORDER BY operation_id, id LIMIT %s) AS first_changes"
    )
    given: list[int | str] = []
    for number in numbers:
        given += [number, kind, count] if kind else [number, count]
    rows = Change.objects.raw(" UNION ALL ".join([one] * len(numbers)), given)
    return _by_operation(sorted(rows, key=lambda change: change.pk))


def _by_operation(changes: Iterable[Change]) -> dict[int, list[Change]]:
    """Changes by the operation that made them."""
    found: dict[int, list[Change]] = {}
    for change in changes:
        found.setdefault(change.operation_id, []).append(change)
    return found


def _says(text: str, named: dict[str, list[int]]) -> Q:
    """Operations that could say this: in a name, an address, a reason, or a value before or after."""
    by_itself = Q(actor_name__icontains=text) | Q(address=text) | Q(reason__icontains=text)
    return by_itself | Q(Exists(_saying(Change.objects.filter(operation=OuterRef("pk")), text, named)))


def _saying(rows: Any, text: str, named: dict[str, list[int]]) -> Any:
    """The changes, of these, that could say this."""
    # SQLite keeps JSON as it was written, in ASCII; PostgreSQL as characters.
    pattern = json.dumps(text)[1:-1] if connection.vendor == "sqlite" else text
    hits = Q(was__icontains=pattern) | Q(now__icontains=pattern)
    for kind, numbers in named.items():
        hits |= Q(customer_id__in=numbers) if kind == "customer" else Q(kind=kind, record_id__in=numbers)
    return rows.annotate(was=Cast("before", TextField()), now=Cast("after", TextField())).filter(hits)


def _act(actor: Actor, asked: Asked, row: Operation, named: dict[str, list[int]], most: int) -> Act | None:
    """An operation with its first visible changes; None when the actor may see nothing of it, or nothing that fits."""
    wanted = row.changes.order_by("pk")
    if asked.record is not None:
        wanted = _of_act(wanted, asked)
    elif asked.kind:
        wanted = wanted.filter(kind=asked.kind)
    looked_at = list(_saying(wanted, asked.q, named)[: most * 4 + 1]) if asked.q else []
    looked_at = looked_at or list(wanted[: most * 4 + 1])
    seen = seeing.visible(actor, looked_at)
    act = _told(actor, asked, row, looked_at, seen, most)
    if act is not None and asked.q and not _is_seen_to_say(actor, asked.q, row, seen, named):
        return None
    return act


def _told(
    actor: Actor, asked: Asked, row: Operation, looked_at: Sequence[Change], seen: Sequence[Change], most: int
) -> Act | None:
    """An operation with the first of its changes that are seen; None when nothing is seen of it but that it was."""
    if not seen and not (seeing.sees_all(actor) and asked.is_about_operations and not looked_at):
        return None
    return Act(row, list(seen[:most]), has_more=len(seen) > most or len(looked_at) > most * 4)


def _of_act(changes: Any, asked: Asked) -> Any:
    """The changes, of an operation, of the record asked for; all of them where parts of the record were written."""
    mine = _of_records(changes, asked)
    if asked.kind == "customer" or not mine.filter(act=PARTS).exists():
        return mine
    return changes.exclude(act=PARTS)


def _is_seen_to_say(actor: Actor, text: str, row: Operation, seen: list[Change], named: dict[str, list[int]]) -> bool:
    """Whether what the actor may see of it says the text: masked and hidden values are not found by what they hide."""
    low = text.casefold()
    if low in row.actor_name.casefold() or low in row.reason.casefold() or text == row.address:
        return True
    numbers = {kind: set(found) for kind, found in named.items()}
    withheld = withheld_among(actor, seen)
    for change in seen:
        kind, number = about(change)
        if number in numbers.get(kind, ()):
            return True
        if low in json.dumps(seeing.plain_values(actor, change, withheld), ensure_ascii=False, default=str).casefold():
            return True
    return False


def changes_of(actor: Actor, row: Operation, *, above: int = 0, limit: int = 100) -> tuple[list[Change], int | None]:
    """The visible changes of an operation in order, and where they go on (None at the end)."""
    found: list[Change] = []
    while len(found) < limit:
        page = list(row.changes.filter(pk__gt=above).order_by("pk")[:limit])
        found += seeing.visible(actor, page)
        if len(page) < limit:
            return found, None
        above = page[-1].pk
    return found, above


def find(actor: Actor, number: int) -> Operation | None:
    """An operation of which the actor may see something."""
    row = Operation.objects.select_related("deputising_for", "undoes").filter(pk=number).first()
    if row is None:
        return None
    return row if seeing.sees_all(actor) or seeing.visible(actor, list(row.changes.order_by("pk")[:500])) else None


def set_back(rows: list[Operation]) -> set[int]:
    """Those of these operations whose time lies well before that of the operation before them: the clock was set back."""
    if not rows:
        return set()
    pairs: list[tuple[int, Any]] = [(row.pk, row.at) for row in rows]
    low = min(number for number, _at in pairs)
    earlier = Operation.objects.filter(pk__lt=low).order_by("-pk").values_list("pk", "at").first()
    ordered = sorted({*pairs, *([earlier] if earlier else [])})
    found = set()
    latest = None
    for number, at in ordered:
        if latest is not None and (latest - at).total_seconds() > 60:
            found.add(number)
        latest = at if latest is None else max(latest, at)
    return found

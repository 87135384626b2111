"""A long journal, and how fast the history is read from it; `python -m guanxi.project.bench.journal OPERATIONS` does both.

It runs in the environment of an installation made for measuring and prints JSON.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from guanxi.core.actor import Actor

YEARS = 5
RARE_ADDRESS, RARE_NAME = "203.0.113.7", "people.save_role"
TABLES = ("core_operation", "core_change")


@dataclass(frozen=True)
class Question:
    """What is asked of the history: its name and the filters as they stand in an address."""

    what: str
    given: dict[str, str]


def questions(first: int) -> list[Question]:
    """Every filter, those that many operations fit and those that few do; `first` is the oldest operation's number."""
    today = datetime.now(UTC).date()
    long_ago = str(today - timedelta(days=365 * YEARS - 40))
    return [
        Question("everything", {}),
        Question("one customer", {"kind": "customer", "record": "77"}),
        Question("one role", {"kind": "role", "record": "7"}),
        Question("a kind that is often changed", {"kind": "contactpoint"}),
        Question("a kind that is seldom changed", {"kind": "role"}),
        Question("a person", {"person": "1"}),
        Question("by the API", {"means": "api"}),
        Question("an address seen long ago", {"address": RARE_ADDRESS}),
        Question("an act done seldom", {"operation": RARE_NAME}),
        Question("since yesterday", {"since": str(today - timedelta(days=1))}),
        Question("a week five years ago", {"since": long_ago, "until": str(today - timedelta(days=365 * YEARS - 47))}),
        Question("a text in many values", {"q": "Lyon"}),
        Question("a kind by a means", {"kind": "role", "means": "api"}),
    ]


def fill(count: int, user_id: int | None = None) -> int:
    """Put operations with two changes each into the journal, spread over five years; the number of the first."""
    from django.core.management.color import no_style
    from django.db import connection

    from guanxi.core import bulk, clock, planner_statistics
    from guanxi.core.models import Change, Operation

    newest = Operation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    now, step = clock.now(), timedelta(days=365 * YEARS) / max(count, 1)
    names = ("operation_id", "kind", "record_id", "act", "field", "before", "after", "customer_id")
    columns = ("id", "name", "actor_id", "actor_name", "means", "at", "address", "reason")
    for start in range(0, count, 50_000):
        numbers = range(start, min(start + 50_000, count))
        bulk.insert(
            Operation, columns, [_operation(newest + 1 + n, n, now - step * (count - n), user_id) for n in numbers]
        )
        bulk.insert(Change, names, [row for n in numbers for row in _changes(newest + 1 + n, n)])
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Operation]):
            cursor.execute(statement)
    planner_statistics.refresh("core_operation", "core_change")
    return newest + 1


def _operation(number: int, n: int, at: datetime, user_id: int | None) -> tuple[Any, ...]:
    """One operation of the journal."""
    name = RARE_NAME if n % 10_000 == 7 else "customers.update_customer"
    address = RARE_ADDRESS if n < 10 else f"10.0.{n % 7}.{n % 250}"
    actor = user_id if n % 20 == 0 else None
    return (number, name, actor, "Ann" if actor else "Guanxi", "api" if n % 5_000 == 3 else "web", at, address, "")


def _changes(number: int, n: int) -> Iterator[tuple[Any, ...]]:
    """What it changed."""
    customer = n % 100_000 + 1
    yield (number, "customer", customer, "update", "city", "Lyon" if n % 50 == 0 else "Bonn", "Paris", customer)
    if n % 10_000 == 7:
        yield (number, "role", 7, "update", "name_en", "a", "b", None)
    else:
        yield (number, "contactpoint", n + 1, "update", "value", "1", "2", customer)


def ask(actor: "Actor", question: Question) -> dict[str, Any]:
    """Read the first page and the next one, three times; the slowest of the medians, and what the plans go through."""
    from guanxi.people.history import filters, reading
    from guanxi.project.bench import plans

    asked = filters.parse(question.given)
    times: list[float] = []
    with plans.statements() as reads:
        for _turn in range(3):
            began = time.perf_counter()
            page = reading.read(actor, asked)
            times.append(time.perf_counter() - began)
        following = reading.read(actor, asked, below=page.after).acts if page.after is not None else []
    found = plans.scans(reads, TABLES, most=reading.WINDOW)
    return {
        "what": question.what,
        "ms": round(sorted(times)[1] * 1000, 1),
        "shown": len(page.acts) + len(following),
        "is_cut": page.is_cut,
        "scans": sorted(set(found)),
    }


def main() -> None:
    """Fill and measure."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.project.settings")
    django.setup()
    from guanxi.core.actor import system_actor
    from guanxi.core.models import User

    count = int(sys.argv[1])
    first = fill(count, User.objects.order_by("pk").values_list("pk", flat=True).first())
    sys.stdout.write(json.dumps([ask(system_actor(), question) for question in questions(first)]) + "\n")


if __name__ == "__main__":
    main()

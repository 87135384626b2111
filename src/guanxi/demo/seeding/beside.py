"""Making the search entries of a seed in a process beside the one that writes the archive, on PostgreSQL.

Both know what the other makes (`Plan`), so neither waits. The entries come in force only after the archive is: the
process keeps its transaction open until it is told, and gives up when the other one is gone.
"""

import multiprocessing
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext as _

from guanxi.core.errors import Unavailable

if TYPE_CHECKING:
    from guanxi.demo.seeding.blocks import Plan

FINISH = "finish"


@contextmanager
def entries_beside(plan: "Plan") -> Iterator[Callable[[], None]]:
    """Start making entries; yields the function that puts them in force and waits for that."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(
        target=_make_entries, args=(pickle.dumps(plan), connection.settings_dict["NAME"], theirs), daemon=True
    )
    process.start()
    theirs.close()

    def finish() -> None:
        """Let the entries come in force."""
        try:
            ours.send(FINISH)
            done = ours.recv()
        except (EOFError, OSError):
            done = False
        if not done:
            raise Unavailable(_("The search entries could not be made; run “guanxi check” and seed again."))

    try:
        yield finish
    finally:
        ours.close()
        process.join(timeout=60)


def _make_entries(pickled: bytes, database: str, signal: Connection) -> None:
    """Write all entries in one transaction, and commit when told to."""
    import django  # a new process: nothing is set up yet, and models load after this

    django.setup()
    plan: Plan = pickle.loads(pickled)
    connection.settings_dict["NAME"] = database
    from guanxi.core.fast_loading import without_indexes
    from guanxi.demo.seeding import found_by
    from guanxi.search.models import SearchEntry
    from guanxi.search.public import index_new_records

    with transaction.atomic():
        with without_indexes((SearchEntry,), keep=("search_entry_once",)):
            catalogue = plan.catalogue()
            ranks = {}
            if plan.each:
                trades = ((start, plan.trade(start, count, catalogue)) for start, count in plan.spans())
                ranks = found_by.expected_ranks(plan.first_id, plan.customers, trades)
            for start, count in plan.spans():
                people, ids = plan.people(start, count), plan.ids(start, count)
                index_new_records("customer", found_by.entries(people, ids, plan.around, ranks))
        if signal.recv() != FINISH:  # the other process is gone: EOFError rolls everything back
            raise RuntimeError("unknown signal")
    signal.send(True)

"""What the care for customers on record twice costs: searching a large base, one with many of them, and merging."""

import csv
import os
import random
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from guanxi.project.bench.figures import Figure, Report
from guanxi.project.bench.installation import Installation, new_database
from guanxi.project.bench.planted.planted_set import PlantedSet, interval, quality
from guanxi.project.bench.planted.second_hand import second_set
from guanxi.project.bench.wanted import Clock, Say, Wanted

MILLION = 1_000_000
SHARED_PHONE = "010-62345678"
ORDERS = (10_000, 100_000)
# A base with many duplicates in it is no larger than this.
MANY = 250_000
SETTLE_SECONDS = 0.5


def measure(wanted: Wanted, folder: Path, report: Report, say: Say) -> None:
    """Merge customers with many orders on each database; search a base with many duplicates in it."""
    folder.mkdir()
    for orders in ORDERS if wanted.customers > MANY else (wanted.customers,):
        say(f"merging a customer with {orders:,} orders")
        report.figures += merging("SQLite", Installation(folder / f"sqlite{orders}"), folder, orders)
        if wanted.server_url:
            with new_database(wanted.server_url) as url:
                installation = Installation(folder / f"postgres{orders}", url)
                report.figures += merging("PostgreSQL", installation, folder, orders)
        say(f"  {report.figures[-2].value} s, taken back {report.figures[-1].value} s")
    if wanted.server_url:
        say("making a base in which a fifth are doubles")
        figure = many_duplicates(wanted.customers, wanted.server_url, folder / "many", Clock())
        report.figures.append(figure)
        say(f"  {figure.value} s")


def search_large(wanted: Wanted, installation: Installation) -> Figure:
    """Search the large base for duplicates."""
    what = f"search for duplicates among {wanted.customers:,} customers, PostgreSQL"
    return search(what, installation, wanted.customers, Clock())


class Memory:
    """The most memory that this process's children held together, pages that they share counted once (Linux)."""

    def __enter__(self) -> "Memory":
        """Begin to look."""
        self.peak_mib = 0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        """Stop looking."""
        self._is_over.set()
        self._thread.join()

    def _look(self) -> None:
        """Look again and again."""
        while not self._is_over.wait(SETTLE_SECONDS):
            self.peak_mib = max(self.peak_mib, sum(map(_held_by, _descendants(os.getpid()))) // 1024)


def _descendants(root: int) -> list[int]:
    """The processes that one has started, and those that they have started."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        children.setdefault(parent, []).append(int(entry.name))
    found: list[int] = []
    rest = list(children.get(root, ()))
    while rest:
        found.append(rest.pop())
        rest += children.get(found[-1], ())
    return found


def _held_by(process: int) -> int:
    """The proportional memory of a process in KiB; 0 where it cannot be read."""
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:")), 0)


def search(what: str, installation: Installation, customers: int, clock: Any) -> Figure:
    """Search a base for duplicates."""
    with Memory() as memory, clock:
        answer = installation.run("customers", "duplicates", "--limit", 10)
    more = {"compared": f"{answer['candidates']:,}", "own_processor_time": f"{clock.processor:.0f} s"}
    more |= {"memory_of_all_processes": f"{memory.peak_mib:,} MiB"} if memory.peak_mib else {}
    figure = Figure(what, clock.seconds, "s", 600 if customers == MILLION else None, more=more)
    figure.profile = clock.told() if figure.is_met is False else ""
    return figure


def many_duplicates(customers: int, server_url: str, folder: Path, clock: Any) -> Figure:
    """Search a base in which a fifth of the records has a double, and a fifth shares one telephone."""
    folder.mkdir()
    customers = min(customers, MANY)
    planted = second_set.make(9, customers=customers, duplicates=customers // 10, lookalikes=customers // 20)
    shared = _behind_one_number(planted, customers // 5)
    planted.write(folder / "customers.csv")
    with new_database(server_url) as url:
        installation = Installation(folder / "data", url)
        installation.folder.mkdir()
        installation.run("import", "customers", folder / "customers.csv")
        what = f"search among {customers:,} customers, a fifth of them doubles, PostgreSQL"
        figure = search(what, installation, customers, clock)
        installation.run("customers", "duplicates", "--no-scan", "--csv", folder / "pairs.csv")
    with (folder / "pairs.csv").open(encoding="utf-8") as file:
        found = quality(planted, [(row["a"], row["b"]) for row in csv.DictReader(file)])
    low, high = interval(found.right, found.planted)
    figure.more |= {"one_telephone_of": f"{shared:,}", "recall": f"{found.recall:.4f} ({low:.4f} to {high:.4f})"}
    figure.more["precision"] = f"{found.precision:.4f}"
    return figure


def _behind_one_number(planted: PlantedSet, count: int) -> int:
    """Give many customers who have no double the number of one switchboard; to how many."""
    taken = {key for pair in (*planted.truth, *planted.lookalikes) for key in pair}
    free = [key for key in planted.customers if key not in taken][:count]
    for key in free:
        planted.customers[key] = planted.customers[key].but(phone=SHARED_PHONE)
    return len(free)


def merging(database: str, installation: Installation, folder: Path, orders: int) -> list[Figure]:
    """Let a customer absorb one with so many orders, and part them again."""
    installation.folder.mkdir(parents=True)
    _write_orders(folder / f"orders{orders}.csv", orders)
    installation.run("import", "orders", folder / f"orders{orders}.csv")
    made, joined = _timed(lambda: installation.run("customers", "merge", "KEEP", "GOES"))
    (merge,) = made["items"]
    _told, parted = _timed(lambda: installation.run("customers", "unmerge", merge["id"]))
    more = {"rows_moved": f"{merge['moved']:,}", "with_the_start_of_the_command": "yes"}
    return [
        Figure(f"merge of a customer with {orders:,} orders, {database}", joined, "s", more=more),
        Figure(f"the same taken back, {database}", parted, "s"),
    ]


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What some work gives, and its seconds."""
    started = time.perf_counter()
    return work(), round(time.perf_counter() - started, 1)


def _write_orders(path: Path, count: int) -> None:
    """A file of orders of one customer, and a few of another."""
    lot, first = random.Random(3), date(2020, 1, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("customer", "order", "date", "product", "quantity", "unit_price"))
        for number in range(count + 10):
            whom = "GOES" if number < count else "KEEP"
            day = first + timedelta(days=lot.randrange(1_800))
            writer.writerow(
                (whom, f"A{number}", day.isoformat(), f"P{number % 50}", lot.randint(1, 9), f"{lot.randint(1, 900)}.00")
            )

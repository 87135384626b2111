"""Imports that are killed, that meet a full disk or a busy database."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from guanxi.commerce.models import Order, OrderLine
from guanxi.commerce.orders_import.writing import OrdersWriter
from guanxi.commerce.tests.conftest import BASE, Bring, write_rows
from guanxi.commerce.tests.test_orders_import import archive
from guanxi.core.actor import console_actor
from guanxi.core.errors import GuanxiError
from guanxi.core.models.locks import Lock
from guanxi.customers.models import Customer
from guanxi.importing.choices import ImportState
from guanxi.importing.engine.faults import DiskFull
from guanxi.importing.models import Import
from guanxi.importing.services import undo_import
from tests.installation import Maker


class Killed(BaseException):
    """Stands for the end of the process: nothing of ours catches it."""


def many(count: int) -> list[tuple[str, ...]]:
    """Order lines, three to an order."""
    return [
        (
            str(1000 + n // 3),
            f"2024-05-{1 + n % 28:02} 10:00",
            f"C{n // 3 % 97}",
            f"P{n % 50}",
            "Thing",
            str(n % 9),
            "1.25",
            "",
        )
        for n in range(count)
    ]


@pytest.fixture
def killed_after(monkeypatch: pytest.MonkeyPatch):
    """Let the writer die after so many chunks, once."""
    original = OrdersWriter.write

    def arm(chunks: int) -> None:
        """Set the number."""
        left = [chunks]

        def write(self: OrdersWriter, rows: dict) -> None:
            """Write, or die."""
            left[0] -= 1
            if left[0] < 0:
                monkeypatch.setattr(OrdersWriter, "write", original)
                raise Killed
            original(self, rows)

        monkeypatch.setattr(OrdersWriter, "write", write)

    return arm


def cut_short(bring: Bring, rows: list, **options: str) -> Import:
    """An import that died in the middle."""
    with pytest.raises(Killed):
        bring(rows, **options)
    assert Order.objects.count() == OrderLine.objects.count() == Customer.objects.count() == 0
    assert OrderLine.everything.exists()
    return Import.objects.get(state=ImportState.WRITING)


def test_a_rerun_of_a_dead_import_comes_to_the_same(bring: Bring, killed_after, tmp_path: Path) -> None:
    """The same import goes on, and counts as an unbroken one would."""
    path = write_rows(tmp_path / "same.csv", many(6000))
    killed_after(2)
    dead = cut_short(bring, path)
    result = bring(path)
    assert result.run.pk == dead.pk
    assert (result.counts["orders_created"], result.counts["lines_created"], result.counts["customers_created"]) == (
        2_000,
        6_000,
        97,
    )
    resumed = archive()
    undo_import(actor=console_actor(), import_id=result.run.pk)
    bring(path)
    assert archive() == resumed


def test_another_file_clears_a_dead_import_first(bring: Bring, killed_after) -> None:
    """What the dead one wrote goes; it is marked as failed."""
    killed_after(2)
    dead = cut_short(bring, many(6000))
    bring(BASE)
    dead.refresh_from_db()
    assert dead.state == ImportState.FAILED
    assert OrderLine.everything.count() == 5
    assert Customer.everything.count() == 2


def test_undo_removes_a_dead_import(bring: Bring, killed_after) -> None:
    """Nothing of it is left."""
    killed_after(2)
    dead = cut_short(bring, many(6000))
    undo_import(actor=console_actor(), import_id=dead.pk)
    assert Order.everything.count() == OrderLine.everything.count() == Customer.everything.count() == 0


def test_a_full_disk_is_said_and_nothing_counts(bring: Bring, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One sentence; with room again the same command finishes."""
    path = write_rows(tmp_path / "same.csv", many(6000))
    original = OrdersWriter.write

    def write(self: OrdersWriter, rows: dict) -> None:
        """The second chunk finds the disk full."""
        if OrderLine.everything.exists():
            raise OperationalError("database or disk is full")
        original(self, rows)

    monkeypatch.setattr(OrdersWriter, "write", write)
    with pytest.raises(DiskFull, match="full"):
        bring(path)
    assert Order.objects.count() == Customer.objects.count() == 0
    monkeypatch.setattr(OrdersWriter, "write", original)
    assert bring(path).counts["lines_created"] == 6000


def test_a_disk_full_while_rows_are_checked_is_told_on_the_import(
    bring: Bring, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It does not look as if it were still being checked."""
    from guanxi.importing.engine.staging import Stager

    def stage(self: Stager, progress: object) -> None:
        """The very first rows find no room."""
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Stager, "stage", stage)
    with pytest.raises(DiskFull):
        bring(write_rows(tmp_path / "same.csv", many(60)))
    run = Import.objects.get()
    assert (run.state, run.error_text) == ("failed", str(DiskFull()))


def test_a_living_import_is_not_disturbed(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another process holds the lock, a second import says so and leaves everything alone."""
    from datetime import timedelta

    from guanxi.core import clock
    from guanxi.importing.engine import running

    monkeypatch.setattr(running, "PATIENCE_SECONDS", 0.5)
    Lock.objects.create(
        name=running.LOCK, holder="another", about="orders.csv", taken_at=clock.now(),
        lease_until=clock.now() + timedelta(seconds=30),
    )  # fmt: skip
    with pytest.raises(GuanxiError, match=r"orders\.csv"):
        bring(BASE)
    assert Import.objects.count() == 0
    Lock.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    assert bring(BASE).counts["lines_created"] == 5


@pytest.mark.full
def test_killed_with_nine_at_any_moment(guanxi, tmp_path: Path) -> None:
    """Whenever the process dies, the lock lapses within ten seconds and a rerun comes to the same end."""
    path = write_rows(tmp_path / "orders.csv", many(60_000))
    command = ("import", "orders", str(path), "--currency", "EUR", "--json")
    for delay in (1.6, 2.4, 3.2, 4.0, 5.0):
        process = guanxi.popen(*command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    started = time.monotonic()
    answer = guanxi.run(*command).json()
    assert answer["rows_stored"] == 60_000
    assert time.monotonic() - started < 60
    again = guanxi.run(*command).json()
    assert again["lines_created"] == 0
    listed = [item for item in guanxi.run("import", "list", "--json").json()["items"] if item["state"] == "in_force"]
    first = next(item for item in listed if item["lines_created"])
    assert (first["orders_created"], first["lines_created"], first["customers_created"]) == (20_000, 60_000, 97)


@pytest.mark.full
def test_a_really_full_disk(guanxi, tmp_path: Path) -> None:
    """With no room for more, the command ends with one sentence, and nothing counts."""
    import resource

    path = write_rows(tmp_path / "orders.csv", many(200_000))
    size = sum(file.stat().st_size for file in Path(guanxi.data).rglob("*") if file.is_file())
    limit = max(size, 1 << 20) + (4 << 20)
    process = subprocess.run(
        [sys.executable, "-m", "guanxi", "import", "orders", str(path), "--currency", "EUR", "--json"],
        env=guanxi.environment,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert process.returncode != 0
    assert "disk is full" in process.stderr.lower()
    assert "Traceback" not in process.stderr
    assert guanxi.run("customers", "list", "--json").json()["items"] == []
    assert guanxi.run("import", "orders", str(path), "--currency", "EUR", "--json").json()["lines_created"] == 200_000


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_other_writers_wait_a_moment_only(bring: Bring, tmp_path: Path) -> None:
    """While a large file comes in, others write within a second (95 of 100 of them)."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has many writers")
    name = connection.settings_dict["NAME"]
    waits: list[float] = []
    over = threading.Event()

    def others() -> None:
        """Write again and again, as a web process would."""
        other = sqlite3.connect(name, timeout=20, isolation_level=None)
        try:
            while not over.wait(0.02):
                started = time.perf_counter()
                other.execute("BEGIN IMMEDIATE")
                other.execute("UPDATE beside SET n = n + 1")
                other.execute("COMMIT")
                waits.append(time.perf_counter() - started)
        finally:
            other.close()

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE beside (n integer)")
        cursor.execute("INSERT INTO beside VALUES (0)")
    thread = threading.Thread(target=others)
    thread.start()
    try:
        bring(write_rows(tmp_path / "many.csv", many(120_000)))
    finally:
        over.set()
        thread.join()
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE beside")
    waits.sort()
    assert len(waits) > 50
    assert waits[int(len(waits) * 0.95)] < 1.0, f"p95 {waits[int(len(waits) * 0.95)]:.2f} s, worst {waits[-1]:.2f} s"


@pytest.mark.full
def test_five_million_rows_stream_through(installations: Maker, tmp_path: Path) -> None:
    """The memory of the process stays below 600 MB, however long the file.

    Tried once: nothing stands in the database and nothing is written, so that it has no part in what rows take.
    """
    guanxi = installations.copy(tmp_path / "guanxi", "migrated")
    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("order,date,customer,product,description,quantity,unit_price\n")
        for start in range(0, 5_000_000, 50_000):
            file.writelines(
                f"{n // 4},2024-05-{1 + n % 28:02} 10:00,C{n // 4 % 300_000},P{n % 20_000},Thing {n % 20_000},{n % 9},1.25\n"
                for n in range(start, start + 50_000)
            )
    answer, peak = guanxi.peak_of("import", "orders", path, "--dry-run", "--json")
    assert '"rows_stored": 5000000' in answer
    assert peak < 600_000, f"{peak / 1000:.0f} MB"

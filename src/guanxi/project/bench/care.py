"""Measurements of care for the data: a backup and its restore, and reading the history of millions of acts."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guanxi.core.errors import Unavailable
from guanxi.project.bench.figures import Figure, Report
from guanxi.project.bench.installation import Installation, new_database
from guanxi.project.bench.wanted import Say, Wanted

OPERATIONS_PER_CUSTOMER = 2
# What the memory of a backup and of a restore may come to, however large the base.
MEMORY_MIB = 500


@dataclass(frozen=True)
class Ran:
    """A command that has ended: its answer, how long it took, the most memory it held."""

    answer: Any
    seconds: float
    memory_mib: int


def run(installation: Installation, *words: str) -> Ran:
    """Run a Python program of ours in an installation, and look how much it took."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", *words], env=installation.environment, stdout=out, stderr=err
        )
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = round(time.perf_counter() - began, 1)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            last = (err.read().decode(errors="replace").strip().splitlines() or [""])[-1]
            raise Unavailable(f"{' '.join(words[:2])}: {last}")
        return Ran(json.loads(out.read()), seconds, used.ru_maxrss // 1024)


def measure(wanted: Wanted, folder: Path, report: Report, say: Say) -> None:
    """Back up and restore a large base, and read a long history, on each database."""
    for database in ("SQLite", "PostgreSQL") if wanted.server_url else ("SQLite",):
        with ExitStack() as stack:
            is_server = database == "PostgreSQL"
            urls = [stack.enter_context(new_database(wanted.server_url)) if is_server else "" for _end in range(2)]
            full, empty = (
                Installation(folder / f"{database}-{end}", url)
                for end, url in zip(("full", "empty"), urls, strict=True)
            )
            for one in (full, empty):
                one.folder.mkdir(parents=True)
            full.run("user", "create", "bench", "--role", "owner")
            if "backup" in wanted.parts:
                say(f"making {wanted.customers:,} customers on {database}")
                counts = ("--customers", wanted.customers, "--orders-per-customer", wanted.orders_per_customer)
                full.run("seed", *counts)
                report.figures += back_up_and_restore(database, wanted.customers, full, empty, folder)
                say(f"  backup {report.figures[-4].value} s, restore {report.figures[-2].value} s")
            if "history" in wanted.parts:
                report.figures += read_history(database, full, wanted.customers * OPERATIONS_PER_CUSTOMER)
                say(f"  history {max(figure.value for figure in report.figures[-5:])} ms at most")
            for one in (full, empty):
                shutil.rmtree(one.folder)


def back_up_and_restore(
    database: str, customers: int, full: Installation, empty: Installation, folder: Path
) -> list[Figure]:
    """Back a base up, restore it into an empty installation, and say how long each took and how much memory it held."""
    file = folder / f"{database}.guanxi"
    made = run(full, "guanxi", "backup", str(file), "--json")
    size = file.stat().st_size
    more = {"memory": f"{made.memory_mib} MiB", "file": f"{size / 1e6:,.0f} MB", "rows": f"{made.answer['rows']:,}"}
    back = run(empty, "guanxi", "restore", str(file), "--json")
    file.unlink()
    what = f"of {customers:,} customers, {database}"
    return [
        Figure(f"backup {what}", made.seconds, "s", more=more),
        Figure(f"memory of the backup {what}", made.memory_mib, "MiB", MEMORY_MIB),
        Figure(f"restore {what}, checks included", back.seconds, "s", more={"memory": f"{back.memory_mib} MiB"}),
        Figure(f"memory of the restore {what}", back.memory_mib, "MiB", MEMORY_MIB),
    ]


def read_history(database: str, installation: Installation, operations: int) -> list[Figure]:
    """Fill the journal and read the history by each filter."""
    found = run(installation, "guanxi.project.bench.journal", str(operations)).answer
    return [
        Figure(
            f"history of {operations:,} operations, {database}: {one['what']}",
            one["ms"],
            "ms",
            2000,
            more={"goes through": "; ".join(one["scans"])} if one["scans"] else {},
        )
        for one in found
    ]

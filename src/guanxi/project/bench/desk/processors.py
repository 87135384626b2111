"""How much of the processors each part of a measured installation takes, as Linux tells it."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guanxi.project.bench.desk.found import Found

PROCESSES = Path("/proc")
# The server's children in the order in which it starts them (project/serving.py).
SERVED = ("web", "web", "worker now", "worker default", "worker long", "worker outside")


@contextmanager
def processors(found: Found) -> Iterator[None]:
    """Note what the server, the database and the clients themselves took while the block ran; nothing where nobody tells."""
    begin, before = time.monotonic(), _spent()
    yield
    seconds, after = time.monotonic() - begin, _spent()
    took: dict[str, float] = {}
    for number, (part, spent) in after.items():
        took[part] = took.get(part, 0.0) + spent - before.get(number, (part, 0.0))[1]
    parts = sorted(took.items(), key=lambda one: -one[1])
    found.processors = ", ".join(f"{part} {spent / seconds:.2f}" for part, spent in parts if spent / seconds >= 0.01)


def _spent() -> dict[int, tuple[str, float]]:
    """By process: which part it is, and the seconds of processor time it has taken so far."""
    if not PROCESSES.joinpath("self/stat").exists():
        return {}
    tick = os.sysconf("SC_CLK_TCK")
    found = {}
    children: list[int] = []
    for folder in PROCESSES.iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            words = folder.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            figures = folder.joinpath("stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        number, parent, spent = int(folder.name), int(figures[1]), (int(figures[11]) + int(figures[12])) / tick
        if number == os.getpid():
            found[number] = ("clients", spent)
        elif words.startswith("postgres: ") and "guanxi_bench_" in words:
            found[number] = ("PostgreSQL", spent)
        elif " guanxi up " in words and _is_ours(parent):
            children.append(number)
            found[number] = ("server", spent)
    for place, number in enumerate(sorted(children)):
        part = SERVED[place] if place < len(SERVED) else "listeners"
        found[number] = (part, found[number][1])
    return found


def _is_ours(parent: int) -> bool:
    """Whether a process belongs to a server that this one has started."""
    try:
        above = int(PROCESSES.joinpath(str(parent), "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return False
    return above == os.getpid()

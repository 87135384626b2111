"""A search for duplicates whose process is killed is begun again: nothing is lost, nothing doubled, nothing left running."""

import json
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from guanxi.project.bench.planted.second_hand import second_set
from tests.installation import Installation, end_group

pytestmark = pytest.mark.full

# One process that waits: starting one again and again takes more than the search.
STATE = """
    import json, sys, time
    import django
    django.setup()
    from guanxi.customers.models import DuplicatePair, DuplicateScan
    until = time.monotonic() + float(sys.argv[1])
    while time.monotonic() < until and DuplicateScan.objects.latest("pk").state != "done":
        time.sleep(0.2)
    scans = list(DuplicateScan.objects.order_by("pk").values_list("state", "phase", "done"))
    print(json.dumps({"scans": scans, "pairs": sorted(DuplicatePair.objects.values_list("first_id", "second_id", "score"))}))
"""

# Ready before the search begins, looks often and kills at once: a phase may last a moment.
KILL = """
    import os, signal, sys, time
    from pathlib import Path
    import django
    django.setup()
    from guanxi.customers.models import DuplicateScan
    phase = sys.argv[1]
    DuplicateScan.objects.exists()
    print("ready", flush=True)
    victim = int(sys.stdin.readline())
    while not DuplicateScan.objects.filter(state="running", phase=phase).exists():
        if ") Z " in Path(f"/proc/{victim}/stat").read_text():
            sys.exit(f"it ended before it was seen {phase}")
        time.sleep(0.002)
    children = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(entry.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == victim:
            children.append(entry.parent.name)
    os.kill(victim, signal.SIGKILL)
    print(*children)
"""

# The command line with helping processes, and work handed out in pieces, where there are thousands of customers already.
HELPED = """
    import sys
    from guanxi.customers.duplicates import engine
    from guanxi.project.cli import main
    engine.PARALLEL_FROM, engine.CHUNK, engine.PAIRS_IN_CHUNK = 8_000, 5_000, 10_000
    if __name__ == "__main__":
        sys.exit(main())
"""


def state(guanxi: Installation, *, done_within: float = 0) -> Any:
    """The scans with their states, and the pairs known; as soon as the last one is done, if one waits for it."""
    environment = guanxi.environment | {"DJANGO_SETTINGS_MODULE": "guanxi.project.settings"}
    words = [sys.executable, "-c", textwrap.dedent(STATE), str(done_within)]
    return json.loads(subprocess.run(words, env=environment, check=True, capture_output=True, text=True).stdout)


def eventually(condition: Callable[[], Any], seconds: float) -> Any:
    """What a condition gives once it gives something; what it gave last where it never did."""
    until = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < until:
        time.sleep(0.2)
    return found


def kill_in(guanxi: Installation, phase: str, begin: "Callable[[], subprocess.Popen[str]]") -> list[int]:
    """Begin a process and kill it as soon as the search is in a phase; the processes it had started."""
    words = [sys.executable, "-c", textwrap.dedent(KILL), phase]
    environment = guanxi.environment | {"DJANGO_SETTINGS_MODULE": "guanxi.project.settings"}
    pipe = subprocess.PIPE
    with subprocess.Popen(words, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as killer:
        assert killer.stdout is not None
        assert killer.stdout.readline() == "ready\n"
        process = begin()
        told, wrong = killer.communicate(f"{process.pid}\n", timeout=400)
        assert killer.returncode == 0, wrong
    process.wait()
    return [int(number) for number in told.split()]


@pytest.fixture
def start(guanxi: Installation, tmp_path: Path) -> "Iterator[Callable[..., subprocess.Popen[str]]]":
    """Start commands that are left running, and end them after the test."""
    running: list[subprocess.Popen[str]] = []

    def begin(*words: object) -> "subprocess.Popen[str]":
        """Start one; what it says goes to a file."""
        with (tmp_path / f"process{len(running)}.log").open("w") as log:
            running.append(guanxi.popen(*words, stdout=log, stderr=log))
        return running[-1]

    yield begin
    for process in running:
        end_group(process)


@pytest.mark.timeout(900)
def test_a_search_goes_on_when_its_worker_is_killed(
    guanxi: Installation, start: "Callable[..., subprocess.Popen[str]]", tmp_path: Path
) -> None:
    """Helping processes end with the worker; the next worker finds what an undisturbed search finds."""
    helped = tmp_path / "helped.py"
    helped.write_text(textwrap.dedent(HELPED))
    guanxi.command = (sys.executable, str(helped))
    planted = second_set.make(41, customers=8_000, duplicates=600, lookalikes=300)
    planted.write(tmp_path / "customers.csv")
    guanxi.json("import", "customers", str(tmp_path / "customers.csv"), timeout=600)
    helpers = set(kill_in(guanxi, "comparing", lambda: start("work")))
    assert len(helpers) >= 2
    assert eventually(lambda: not any(Path(f"/proc/{number}").exists() for number in helpers), 20), "helpers live on"
    assert state(guanxi)["scans"][-1][0] == "running"

    start("work")
    found = state(guanxi, done_within=400)
    assert [scan[0] for scan in found["scans"]] == ["done"]
    guanxi.json("customers", "duplicates", "--limit", 1, timeout=400)
    again = state(guanxi)
    assert [scan[0] for scan in again["scans"]] == ["done", "done"]
    assert again["pairs"] == found["pairs"]


@pytest.mark.timeout(600)
def test_a_search_killed_at_the_console_is_closed_by_the_next(
    guanxi: Installation, start: "Callable[..., subprocess.Popen[str]]", tmp_path: Path
) -> None:
    """The row of the killed one says so, and nobody waits for it."""
    planted = second_set.make(42, customers=6_000, duplicates=300, lookalikes=100)
    planted.write(tmp_path / "customers.csv")
    guanxi.json("import", "customers", str(tmp_path / "customers.csv"))
    kill_in(guanxi, "reading", lambda: start("customers", "duplicates"))
    done = eventually(lambda: guanxi.run("customers", "duplicates", "--json", expect=None).status == 0, 60)
    assert done, "its lock lapses within seconds"
    after = state(guanxi)
    assert [scan[0] for scan in after["scans"]] == ["failed", "done"], "tries while the lock stood leave no row"
    assert after["pairs"]

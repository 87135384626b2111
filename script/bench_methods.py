"""The methods beside the libraries that analysts use today, on the same data, in one run: `script/bench methods`.

Each round is a process of its own that loads its libraries and data first and then takes the time of the work alone;
rounds of the two alternate, and the median of each counts. lifetimes and mlxtend run in an environment of their own,
plspm in another with the older libraries it needs. Needs the public data sets (GUANXI_TEST_DATA).
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from marked_parts import filled, table

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ROOT / ".bench"
RESULTS = ROOT / "bench-results"
PAGE = ROOT / "docs" / "reference" / "performance.md"
KEY = "what script/bench methods measured"
MODEL = {
    "constructs": {
        "Image": [f"IMAG{number}" for number in range(1, 6)],
        "Expectation": [f"CUEX{number}" for number in range(1, 4)],
        "Quality": [f"PERQ{number}" for number in range(1, 8)],
        "Value": ["PERV1", "PERV2"],
        "Satisfaction": [f"CUSA{number}" for number in range(1, 4)],
        "Complaints": ["CUSCO"],
        "Loyalty": [f"CUSL{number}" for number in range(1, 4)],
    },
    "paths": [
        ["Image", "Expectation"], ["Image", "Satisfaction"], ["Image", "Loyalty"], ["Expectation", "Quality"],
        ["Expectation", "Value"], ["Expectation", "Satisfaction"], ["Quality", "Value"], ["Quality", "Satisfaction"],
        ["Value", "Satisfaction"], ["Satisfaction", "Complaints"], ["Satisfaction", "Loyalty"], ["Complaints", "Loyalty"],
    ],
}  # fmt: skip


@dataclass
class Work:
    """Something to do, by what else it is done, and what is aimed at."""

    name: str
    what: str
    peer: str = ""
    environment: str = "methods-peers"
    least_ratio: float | None = None
    most_seconds: float | None = None
    most_memory: float | None = None
    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    memory: float = 0.0
    results: dict[str, Any] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """Ours, the median."""
        return statistics.median(self.ours)

    @property
    def ratio(self) -> float | None:
        """How many times as long the other takes."""
        return statistics.median(self.theirs) / self.seconds if self.theirs else None

    @property
    def is_met(self) -> bool:
        """Whether all that is aimed at and was measured is reached."""
        return (
            (self.least_ratio is None or self.ratio is None or self.ratio >= self.least_ratio)
            and (self.most_seconds is None or self.seconds < self.most_seconds)
            and (self.most_memory is None or self.memory < self.most_memory)
        )


def works() -> list[Work]:
    """What is measured."""
    return [
        Work("bgnbd", "BG/NBD fitted to 100,000 customers", "lifetimes 0.11.3", least_ratio=20),
        Work("million", "BG/NBD fitted to 1,000,000 customers, expectation and P(alive) of each", most_seconds=10,
             most_memory=1024),
        Work("paths", "ECSI path model on mobi with 500 bootstraps", "plspm 0.5.7", "plspm", least_ratio=50, most_seconds=3),
        Work("rules", "itemsets and rules of groceries at support .001", "mlxtend 0.25", least_ratio=3),
        Work("importance", "Shapley importance of 15 items, exact", most_seconds=1),
        Work("rfm", "RFM and pyramid from 10,000,000 transactions", most_seconds=3),
        Work("simulation", "a week of 100 agents and 50,000 calls of five kinds, simulated", most_seconds=5),
    ]  # fmt: skip


def main() -> int:
    """Measure, print a table, write JSON and where it is asked for the page; 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted = works()
    parser.add_argument("--rounds", type=int, default=5, help="of each work (5)")
    parser.add_argument("--only", action="append", choices=[work.name for work in wanted] + ["loading"])
    parser.add_argument("--no-peers", action="store_true", help="leave the other libraries out")
    parser.add_argument("--write", action="store_true", help=f"also write the table into {PAGE.relative_to(ROOT)}")
    args = parser.parse_args()
    data = os.environ.get("GUANXI_TEST_DATA", "")
    if not data:
        parser.error("GUANXI_TEST_DATA must name the folder of the public data sets")
    wanted = [work for work in wanted if not args.only or work.name in args.only]
    if not args.no_peers:
        for name in sorted({work.environment for work in wanted if work.peer}):
            make_environment(name)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, Path(data))
        for work in wanted:
            run(work, folder, rounds=args.rounds, with_peer=bool(work.peer) and not args.no_peers)
    loaded = loading(args.rounds) if not args.only or "loading" in args.only else []
    return report(wanted, loaded, write=args.write)


def make_environment(name: str) -> None:
    """Other libraries, pinned, in an environment of their own."""
    requirements = ROOT / f"requirements-{name}.txt"
    environment = ENVIRONMENTS / name
    done = environment / "requirements.txt"
    if done.exists() and done.read_bytes() == requirements.read_bytes():
        return
    print(f"installing {requirements.name} into an environment of its own", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
    where = ["--python", environment / "bin" / "python", "--require-hashes", "-r", requirements]
    subprocess.run([ROOT / ".venv/bin/uv", "pip", "install", "--quiet", *where], check=True)
    shutil.copy(requirements, done)


def prepare(folder: Path, data: Path) -> None:
    """The data of all works, the same for both sides."""
    shutil.copy(data / "ecsi_mobi" / "mobi.csv", folder)
    shutil.copy(data / "groceries" / "groceries_baskets.jsonl", folder / "baskets.jsonl")
    (folder / "model.json").write_text(json.dumps(MODEL))
    for name, size in (("customers", 100_000), ("million", 1_000_000)):
        np.savez(folder / f"{name}.npz", **customers(size))


def customers(size: int) -> dict[str, np.ndarray]:
    """Customers as BG/NBD supposes them, with the parameters printed for CDNOW; observed 27 to 39 weeks."""
    rng = np.random.default_rng(20261130)
    rate, leaving = rng.gamma(0.243, 1 / 4.414, size), rng.beta(0.793, 2.426, size)
    until = rng.uniform(27, 39, size)
    x, t_x, now = np.zeros(size), np.zeros(size), np.zeros(size)
    left = np.arange(size)
    while left.size:
        now[left] += rng.exponential(1 / np.maximum(rate[left], 1e-300))
        left = left[now[left] < until[left]]
        x[left] += 1
        t_x[left] = now[left]
        left = left[rng.random(left.size) >= leaving[left]]
    return {"x": x, "t_x": t_x, "t": until}


def run(work: Work, folder: Path, *, rounds: int, with_peer: bool) -> None:
    """The rounds of one work; ours and theirs in turn."""
    ours = [sys.executable, ROOT / "script" / "bench_methods_ours.py", work.name, folder]
    theirs = [
        ENVIRONMENTS / work.environment / "bin" / "python",
        ROOT / "script" / "bench_methods_peers.py",
        work.name,
        folder,
    ]
    slow = 0.0
    for number in range(rounds):
        found = told(ours)
        work.ours.append(found["seconds"])
        work.memory = max(work.memory, found["memory_mib"])
        work.results["Guanxi"] = found["result"]
        # What takes minutes is not repeated as often: its spread matters little against the ratio.
        if with_peer and (number == 0 or slow < 60):
            found = told(theirs)
            slow = found["seconds"]
            work.theirs.append(slow)
            work.results[work.peer] = found["result"]
        theirs_now = f", {work.peer} {work.theirs[-1]:.2f} s" if work.theirs else ""
        print(f"  {number + 1}. {work.what}: {work.ours[-1]:.3f} s{theirs_now}", flush=True)


def told(command: list[Any]) -> dict[str, Any]:
    """What a round says of itself."""
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


LOAD = """
import importlib, json, pkgutil, sys, time
import numpy, scipy.special
import guanxi_methods
found = {}
for module in pkgutil.walk_packages(guanxi_methods.__path__, "guanxi_methods."):
    if module.ispkg and not module.name.endswith(".tests"):
        started = time.perf_counter()
        importlib.import_module(module.name)
        found[module.name] = time.perf_counter() - started
print(json.dumps(max(found.items(), key=lambda one: one[1])))
"""


def loading(rounds: int) -> list[tuple[str, float, float]]:
    """What is loaded, how many seconds that takes (the median), and the aim."""
    program = ROOT / ".venv" / "bin"

    def seconds(command: Callable[[], Any]) -> float:
        """The median over the rounds."""
        return statistics.median(command() for _ in range(rounds))

    def whole(*words: Any) -> float:
        """One process from its start to its end."""
        import time  # only here

        started = time.perf_counter()
        subprocess.run([str(word) for word in words], check=True, capture_output=True)
        return time.perf_counter() - started

    slowest = [told_load(program) for _ in range(rounds)]
    name = max(slowest, key=lambda one: one[1])[0]
    return [
        ("`import guanxi_methods`, with the start of Python", seconds(lambda: whole(program / "python", "-c", "import guanxi_methods")), 1.0),
        ("`guanxi --help`", seconds(lambda: whole(program / "guanxi", "--help")), 1.0),
        (f"the slowest package of methods beyond numpy and scipy (`{name}`)", statistics.median(one[1] for one in slowest), 0.3),
    ]  # fmt: skip


def told_load(program: Path) -> tuple[str, float]:
    """The package that took longest to load, and how long."""
    done = subprocess.run([program / "python", "-c", LOAD], check=True, capture_output=True, text=True)
    name, seconds = json.loads(done.stdout)
    return name, float(seconds)


def report(wanted: list[Work], loaded: list[tuple[str, float, float]], *, write: bool) -> int:
    """Print, write, and say whether all aims are met."""
    rows = [row(work) for work in wanted]
    rows += [
        (what, f"{seconds:.2f} s", "", "", f"under {aim:g} s", sign(seconds < aim)) for what, seconds, aim in loaded
    ]
    found = table(("what", "Guanxi", "the other", "ratio", "aim", "met"), rows)
    now = datetime.now(UTC)
    conditions = f"{now:%Y-%m-%d}, {os.cpu_count()} processors, {platform.platform()}, Python {platform.python_version()}, load average before the end {os.getloadavg()[0]:.1f}"
    print(f"\n{found}\n{conditions}")
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"methods-{now:%Y-%m-%d-%H%M%S}.json"
    kept = {"conditions": conditions, "works": [asdict(work) for work in wanted], "loading": loaded}
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(f"written to {path}")
    if write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(filled(page, {KEY: f"{found}\n{conditions}.\n"}, page=str(PAGE)), encoding="utf-8")
    return 0 if all(work.is_met for work in wanted) and all(seconds < aim for _, seconds, aim in loaded) else 1


def row(work: Work) -> tuple[str, ...]:
    """One work as a row of the table."""
    aims = [
        f"{work.least_ratio:g}x" if work.least_ratio else "",
        f"under {work.most_seconds:g} s" if work.most_seconds else "",
    ]
    aims.append(f"under {work.most_memory:g} MiB" if work.most_memory else "")
    memory = f", {work.memory:,.0f} MiB" if work.most_memory else ""
    other = f"{work.peer}: {statistics.median(work.theirs):.2f} s" if work.theirs else ""
    ratio = f"{work.ratio:.1f}x" if work.ratio else ""
    aim = ", ".join(filter(None, aims))
    return work.what, f"{work.seconds:.3f} s{memory}", other, ratio, aim, sign(work.is_met)


def sign(is_met: bool) -> str:
    """Whether an aim is met, in a word."""
    return "yes" if is_met else "**missed**"


if __name__ == "__main__":
    sys.exit(main())

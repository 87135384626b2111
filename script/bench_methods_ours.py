"""One round of our methods at the work that script/bench methods measures: `bench_methods_ours.py WORK FOLDER`.

Prints JSON: how many seconds the work itself took (neither loading libraries nor reading data counts), the most memory
the whole process held, and what came out.
"""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

Result = tuple[float, dict[str, Any]]


def bgnbd(folder: Path) -> Result:
    """BG/NBD on a summary of 100,000 customers."""
    from guanxi_methods.value.lifetime import BGNBD

    data = np.load(folder / "customers.npz")
    x, t_x, t = data["x"], data["t_x"], data["t"]
    BGNBD().fit(x[:50], t_x[:50], t[:50])  # loads what it needs
    started = time.perf_counter()
    fitted = BGNBD().fit(x, t_x, t)
    return time.perf_counter() - started, dict(fitted.params_)


def million(folder: Path) -> Result:
    """BG/NBD on a million customers, fitted and scored."""
    from guanxi_methods.value.lifetime import BGNBD

    data = np.load(folder / "million.npz")
    x, t_x, t = data["x"], data["t_x"], data["t"]
    started = time.perf_counter()
    fitted = BGNBD().fit(x, t_x, t)
    fitted_after = time.perf_counter() - started
    ahead = fitted.expected_transactions(52, x, t_x, t)
    alive = fitted.p_alive(x, t_x, t)
    seconds = time.perf_counter() - started
    return seconds, {"fit s": fitted_after, "expected": float(ahead.sum()), "alive": float(alive.sum())}


def paths(folder: Path) -> Result:
    """The ECSI model on mobi with 500 bootstraps."""
    from pyarrow import csv

    from guanxi_methods.satisfaction.paths import PathModel

    data = csv.read_csv(folder / "mobi.csv")
    model = json.loads((folder / "model.json").read_text())
    PathModel(model, bootstrap=2).fit(data)  # loads what it needs
    started = time.perf_counter()
    fitted = PathModel(model, bootstrap=500).fit(data)
    return time.perf_counter() - started, dict(fitted.paths_)


def rules(folder: Path) -> Result:
    """All itemsets and rules of groceries at support .001, from lists of items on."""
    from guanxi_methods.basket import AssociationRules

    baskets = [json.loads(line) for line in (folder / "baskets.jsonl").read_text().splitlines()]
    AssociationRules().fit_baskets(baskets[:100])  # loads what it needs
    started = time.perf_counter()
    fitted = AssociationRules(".001", ".8").fit_baskets(baskets)
    seconds = time.perf_counter() - started
    return seconds, {"itemsets": fitted.n_itemsets_, "rules with one item on the right": fitted.n_rules_}


def importance(folder: Path) -> Result:
    """Shapley importance of 15 items, exact."""
    from guanxi_methods.satisfaction import DerivedImportance

    rng = np.random.default_rng(1)
    common = rng.normal(size=(2000, 1))
    items = np.clip(np.rint(5 + common + rng.normal(size=(2000, 15))), 1, 10)
    overall = items @ np.linspace(0, 1, 15) / 7 + rng.normal(size=2000)
    DerivedImportance().fit(items[:, :3], overall)  # loads what it needs
    started = time.perf_counter()
    fitted = DerivedImportance().fit(items, overall)
    return time.perf_counter() - started, {"r2": fitted.r2_}


def rfm(folder: Path) -> Result:
    """RFM and pyramid from ten million transactions."""
    from guanxi_methods.value import RFM, CustomerPyramid, summarise_purchases

    rng = np.random.default_rng(1)
    size = 10_000_000
    customers = rng.integers(1, 1_000_001, size)
    days, amounts = rng.integers(15_000, 15_365, size), rng.integers(-200, 20_000, size)
    started = time.perf_counter()
    found = summarise_purchases(customers, days, amounts)
    scored = RFM().fit(found.last, found.frequency, found.monetary, as_of=15_400)
    CustomerPyramid().fit(found.monetary, last=found.last, ids=found.customers)
    return time.perf_counter() - started, {"customers": scored.n_customers_}


def simulation(folder: Path) -> Result:
    """A week of a centre: 100 agents at once in five groups, 50,000 calls of five kinds, all skills overlapping."""
    from guanxi_methods.queueing import AgentGroup, CallType, Centre, simulate

    kinds = ("sales", "service", "billing", "returns", "complaints")
    calls = tuple(
        CallType(kind, calls=10_000 / 336, aht=880 + 40 * place, handling="lognormal", patience=240)
        for place, kind in enumerate(kinds)
    )
    groups = tuple(
        AgentGroup(f"group {place + 1}", {kind: 1, kinds[(place + 1) % 5]: 2, kinds[(place + 2) % 5]: 3}, agents=20)
        for place, kind in enumerate(kinds)
    )
    centre = Centre(calls, groups)
    started = time.perf_counter()
    found = simulate(centre, replications=1, batches=7)
    seconds = time.perf_counter() - started
    return seconds, {"calls": sum(one.calls for one in found.call_types)}


WORK = {
    "bgnbd": bgnbd,
    "million": million,
    "paths": paths,
    "rules": rules,
    "importance": importance,
    "rfm": rfm,
    "simulation": simulation,
}

if __name__ == "__main__":
    taken, came_out = WORK[sys.argv[1]](Path(sys.argv[2]))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": taken, "memory_mib": memory, "result": came_out}))

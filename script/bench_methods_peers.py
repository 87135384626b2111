"""One round of another library at the same work, in its own environment: `bench_methods_peers.py WORK FOLDER`.

Prints JSON: how many seconds the work itself took (neither loading libraries nor reading data counts) and what came out.
"""

import json
import sys
import time
from pathlib import Path


def bgnbd(folder: Path) -> tuple[float, dict[str, float]]:
    """lifetimes: BG/NBD on a summary of customers."""
    import numpy as np
    from lifetimes import BetaGeoFitter

    data = np.load(folder / "customers.npz")
    started = time.perf_counter()
    fitted = BetaGeoFitter().fit(data["x"], data["t_x"], data["t"])
    seconds = time.perf_counter() - started
    return seconds, {**{k: float(v) for k, v in fitted.params_.items()}}


def paths(folder: Path) -> tuple[float, dict[str, float]]:
    """plspm: the ECSI model on mobi with 500 bootstraps, on as many processes as there are processors."""
    import os

    import pandas as pd
    import plspm.config as config
    from plspm.mode import Mode
    from plspm.plspm import Plspm
    from plspm.scheme import Scheme

    data = pd.read_csv(folder / "mobi.csv")
    model = json.loads((folder / "model.json").read_text())
    structure = config.Structure()
    for source, target in model["paths"]:
        structure.add_path([source], [target])
    wanted = config.Config(structure.path(), scaled=True)
    for name, items in model["constructs"].items():
        wanted.add_lv(name, Mode.A, *[config.MV(item) for item in items])
    started = time.perf_counter()
    fitted = Plspm(data, wanted, Scheme.CENTROID, bootstrap=True, bootstrap_iterations=500, processes=os.cpu_count())
    seconds = time.perf_counter() - started
    coefficients = fitted.path_coefficients()
    return seconds, {f"{s}->{t}": float(coefficients.loc[t, s]) for s, t in model["paths"]}


def rules(folder: Path) -> tuple[float, dict[str, float]]:
    """mlxtend: FP-growth and rules on baskets that are encoded already."""
    import pandas as pd
    from mlxtend.frequent_patterns import association_rules, fpgrowth
    from mlxtend.preprocessing import TransactionEncoder

    baskets = [json.loads(line) for line in (folder / "baskets.jsonl").read_text().splitlines()]
    encoder = TransactionEncoder()
    encoded = pd.DataFrame(encoder.fit_transform(baskets), columns=encoder.columns_)
    started = time.perf_counter()
    itemsets = fpgrowth(encoded, min_support=0.001, use_colnames=True)
    found = association_rules(itemsets, metric="confidence", min_threshold=0.8)
    seconds = time.perf_counter() - started
    single = int((found["consequents"].map(len) == 1).sum())
    return seconds, {"itemsets": len(itemsets), "rules with one item on the right": single}


if __name__ == "__main__":
    taken, came_out = {"bgnbd": bgnbd, "paths": paths, "rules": rules}[sys.argv[1]](Path(sys.argv[2]))
    print(json.dumps({"seconds": taken, "result": came_out}))

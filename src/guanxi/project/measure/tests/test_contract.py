"""What other programs rely on: the names, options and keys of the measures, on small files of every shape."""

import json

import numpy as np
import pytest

SIGHT = {"classes", "customers", "amount"}
BUYING = {"params", "log_likelihood", "customers", "holdout"}
INDEX = {"index", "index_100", "interval", "n", "weights"}
LINE = {"agents", "service_level", "wait_probability", "asa_seconds", "occupancy"}
CALLS = "--calls 100 --interval 1800 --aht 180 --target-seconds 20"
SURVEY = "survey --satisfaction 's*' --importance 'i*' --overall 'o1,o2' --scale 1,7"
LOG = "log --customer customer --date date --amount amount --unit week --calibration-end 2026-06-30"
SUMMARY = "summary --x x --tx tx --t t"

CONTRACT = {
    "value.abc log --customer customer --amount amount": SIGHT,
    "value.pyramid log --customer customer --amount amount": SIGHT,
    "value.rfm log --customer customer --date date --amount amount --at 2026-12-31": {
        "customers", "recency_mean", "frequency_mean", "monetary_mean", "segments",
    },
    "value.clv-retention --gc 260 --m 50 --n 10 --r .75 --d .2": {"clv"},
    "value.clv-migration --probabilities .3,.2,.15,.05 --margin 40 --cost 4 --rate .2 --periods 4": {
        "finite", "infinite",
    },
    f"value.bgnbd {LOG}": BUYING,
    f"value.mbgnbd {LOG}": BUYING,
    f"value.paretonbd {LOG}": BUYING,
    f"value.bgnbd {SUMMARY}": BUYING - {"holdout"},
    f"value.mbgnbd {SUMMARY}": BUYING - {"holdout"},
    f"value.paretonbd {SUMMARY}": BUYING - {"holdout"},
    "value.bgbb chances --x x --tx tx --n n --count count": {"params", "log_likelihood"},
    "value.gammagamma spend --x x --mean-value z": {"params"},
    f"satisfaction.simple {SURVEY}": INDEX,
    f"satisfaction.dual {SURVEY}": INDEX,
    f"satisfaction.dual-improved {SURVEY}": INDEX,
    f"satisfaction.regression {SURVEY}": INDEX,
    "satisfaction.simple survey --satisfaction s1,s2": INDEX - {"index_100"},
    "satisfaction.dual survey --satisfaction 's*' --importance 'i*'": INDEX - {"index_100"},
    "satisfaction.regression survey --satisfaction 's*' --overall o1": INDEX - {"index_100"},
    "satisfaction.sem survey --model model.yml --scheme path --no-scaled --bootstrap 20": {
        "paths", "r2", "loadings", "index", "total_effects", "n", "iterations",
    },
    "satisfaction.kano kano --functional 'f*' --dysfunctional 'd*'": {"items"},
    "satisfaction.servqual survey --expectation 'i*' --perception 's*'": {"mean_gap", "items", "dimensions"},
    "satisfaction.importance-performance survey --importance 'i*' --satisfaction 's*'": {"items"},
    "loyalty.nps survey --score nps": {"nps", "interval", "n"},
    "churn.survival stay --duration months --event left --event-value yes": {"survival", "median"},
    "churn.warn stay --target left --target-value yes --exclude id --known-before months": {
        "auc", "lift_top_decile", "calibration_error", "base_rate", "refused_columns",
    },
    "basket.rules baskets --support .1 --confidence .3": {"itemsets", "rules", "top"},
    "basket.rules lines --support .1 --confidence .3 --transaction t --item i": {"itemsets", "rules", "top"},
    f"queueing.erlang-c {CALLS}": LINE,
    f"queueing.erlang-c {CALLS} --agents 14": LINE,
    f"queueing.erlang-c {CALLS} --service-level .9": LINE,
    f"queueing.erlang-a {CALLS} --patience 300": {*LINE, "abandonment"},
    "forecasting.arrivals calls --time time --count calls --horizon-days 7": {"wape", "wape_naive"},
    "experiments.ab --successes 120,150 --trials 1000,1000": {"difference", "interval", "p_value"},
}  # fmt: skip
ENTRIES = {
    "classes": {"class", "customers", "amount", "share"},
    "holdout": {"actual", "expected"},
    "value.bgnbd params": {"r", "alpha", "a", "b"},
    "value.mbgnbd params": {"r", "alpha", "a", "b"},
    "value.paretonbd params": {"r", "alpha", "s", "beta"},
    "value.bgbb params": {"alpha", "beta", "gamma", "delta"},
    "value.gammagamma params": {"p", "q", "v"},
    "satisfaction.kano items": {"item", "counts", "class", "better", "worse"},
    "satisfaction.servqual items": {"item", "gap"},
    "satisfaction.importance-performance items": {"item", "importance", "performance", "quadrant"},
    "top": {"if", "then", "support", "confidence", "lift"},
    "refused_columns": {"column", "auc_drop"},
}


def lines(names, *columns):
    return "\n".join([",".join(names), *(",".join(map(str, row)) for row in zip(*columns, strict=True))])


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A folder with a file of each shape, made up by the methods' own suppositions."""
    folder = tmp_path_factory.mktemp("files")
    rng = np.random.default_rng(7)
    write = {}
    days = [
        (customer, day)
        for customer in range(300)
        for day in np.cumsum(np.concatenate([[rng.integers(0, 90)], rng.exponential(rng.gamma(2, 12), 40)])).astype(int)
        if day < rng.integers(100, 360)
    ]
    who, when = zip(*sorted(set(days)), strict=True)
    dates = [str(np.datetime64("2026-01-01") + day) for day in when]
    write["log"] = lines(("customer", "date", "amount"), who, dates, np.round(rng.gamma(3, 20, len(who)), 2))
    x = rng.geometric(0.4, 500) - 1
    t = rng.uniform(30, 50, 500).round(2)
    write["summary"] = lines(("x", "tx", "t"), x, np.where(x, t * rng.beta(2, 1.2, 500), 0).round(2), t)
    write["chances"] = lines(("x", "tx", "n", "count"), [0, 1, 1, 2, 2, 3, 3], [0, 1, 3, 2, 3, 3, 3], [3] * 7,
                             [400, 60, 40, 50, 60, 90, 80])  # fmt: skip
    often = rng.integers(1, 9, 400)
    write["spend"] = lines(("x", "z"), often, (rng.gamma(6 * often) / often / rng.gamma(4, 1 / 15, 400)).round(4))
    common = rng.normal(size=(120, 1))
    answers = np.clip(np.rint(4.5 + common + rng.normal(size=(120, 8))), 1, 7).astype(int)
    names = ("s1", "s2", "s3", "i1", "i2", "i3", "o1", "o2", "nps")
    write["survey"] = lines(names, *answers.T, np.clip(answers[:, 6] + 3, 0, 10))
    write["kano"] = lines(("f1", "f2", "d1", "d2"), *rng.integers(1, 6, (4, 60)))
    months = rng.integers(1, 60, 600)
    left = np.where(rng.random(600) < 1 / (1 + np.exp(months / 20 - 1)), "yes", "no")
    write["stay"] = lines(("id", "months", "paid", "left"), range(600), months, rng.normal(50, 9, 600).round(1), left)
    baskets = [[item for item in "abcde" if rng.random() < 0.4] or ["a"] for _ in range(80)]
    write["baskets"] = "\n".join(json.dumps(basket) for basket in baskets)
    pairs = [(number, item) for number, basket in enumerate(baskets) for item in basket]
    write["lines"] = lines(("t", "i"), *zip(*pairs, strict=True))
    hours = [
        f"2026-{month:02}-{day:02} {hour:02}:00:00" for month in (1, 2) for day in range(1, 29) for hour in range(9, 17)
    ]
    write["calls"] = lines(("time", "calls"), hours, rng.poisson(40, len(hours)))
    write["model.yml"] = (
        "constructs:\n  Quality: {mode: A, items: [i1, i2, i3]}\n  Satisfaction: {mode: B, items: ['s*']}\n"
        "paths: [[Quality, Satisfaction]]\nscale: [1, 7]\n"
    )
    for name, text in write.items():
        (folder / name).write_text(text + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("command", CONTRACT)
def test_every_measure_gives_what_was_promised(command, measure, files, monkeypatch):
    monkeypatch.chdir(files)
    found = measure(command)
    assert CONTRACT[command] <= found.keys()
    method = command.split()[0]
    for key, names in ENTRIES.items():
        if key.split()[-1] in CONTRACT[command] and (" " not in key or key.split()[0] == method):
            value = found[key.split()[-1]]
            for entry in value if isinstance(value, list) else [value]:
                assert names <= entry.keys(), (key, entry)
    if "interval" in CONTRACT[command]:
        low, high = found["interval"]
        assert low <= next(found[key] for key in ("index", "nps", "difference") if key in found) <= high

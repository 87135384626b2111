"""What the battery of invariants tries the package's methods on."""

import numpy as np

from guanxi_methods.experiments import Cuped, StratifiedEffect, Uplift
from guanxi_methods.tests.battery import Case


def spending(rng):
    """Forty customers, half of them treated, with what they spent before."""
    before = rng.gamma(2, 10, 40)
    treated = np.arange(40) % 2
    return {"outcome": before + 3 * treated + rng.normal(0, 2, 40), "treated": treated, "covariate": before}


def strata(rng):
    """The same in three strata."""
    rows = spending(rng)
    return {
        "outcome": rows["outcome"],
        "treated": rows["treated"],
        "stratum": np.array(list("abcc"))[np.arange(40) // 10],
    }


def offers(rng):
    """Two features, the first of which decides whom the treatment moves."""
    features = rng.normal(size=(160, 2))
    treated = np.arange(160) % 2
    return {"features": features, "treated": treated, "outcome": features[:, 0] * treated + rng.normal(size=160)}


def answers(rng):
    """The same with an outcome of yes and no."""
    rows = offers(rng)
    return {**rows, "outcome": (rows["outcome"] > 0).astype(float)}


UPLIFT = ("effect_", "effect_interval_", "qini_", "qini_interval_", "auuc_", "auuc_interval_")
CASES = [
    Case(
        name="cuped",
        make=Cuped,
        rows=spending,
        whole=("difference_", "interval_", "p_value_", "theta_", "variance_reduction_", "n_"),
        units={
            "outcome": {"difference_": 1, "interval_": 1, "p_value_": 0, "theta_": 1, "variance_reduction_": 0},
            "covariate": {"difference_": 0, "interval_": 0, "theta_": -1, "variance_reduction_": 0},
        },
        keeps_missing=("covariate",),
    ),
    Case(
        name="stratified-effect",
        make=StratifiedEffect,
        rows=strata,
        whole=("difference_", "interval_", "p_value_", "standard_error_"),
        units={"outcome": {"difference_": 1, "interval_": 1, "standard_error_": 1, "p_value_": 0}},
        words=("stratum",),
    ),
    Case(
        name="uplift-two-model",
        make=lambda: Uplift(n_bootstrap=20),
        rows=answers,
        per_row=("uplift_",),
        whole=(*UPLIFT, "groups_"),
        units={"features": {"uplift_": 0, "qini_": 0, "auuc_": 0}},
    ),
    Case(
        name="uplift-transformed-outcome",
        make=lambda: Uplift("transformed-outcome", n_bootstrap=20),
        rows=offers,
        per_row=("uplift_",),
        whole=UPLIFT,
        units={
            "features": {"uplift_": 0, "qini_": 0},
            "outcome": {"uplift_": 1, "qini_": 1, "auuc_interval_": 1, "effect_": 1},
        },
    ),
]

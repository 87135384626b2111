"""The churn methods for the battery of invariants."""

import numpy as np

from guanxi_methods.churn import DiscreteTimeHazard, KaplanMeier, LifeTable
from guanxi_methods.tests.battery import Case


def stays(rng):
    """How long customers stayed, in months."""
    return {"duration": rng.integers(1, 13, 200).astype(float), "event": (rng.random(200) < 0.5).astype(float)}


def grouped_stays(rng):
    """The same with a group."""
    return {**stays(rng), "group": np.array(["card", "cash", "loan"])[rng.integers(0, 3, 200)]}


def stays_with_covariates(rng):
    """The same with what is known of each customer."""
    return {**stays(rng), "covariates": rng.normal(size=(200, 2))}


CASES = [
    Case(
        name="churn.KaplanMeier",
        make=KaplanMeier,
        rows=grouped_stays,
        whole=("curve_", "curves_", "log_rank_", "median_", "median_interval_", "n_events_"),
        units={"duration": {"times_": 1, "survival_": 0, "median_": 1}},
        keeps_nan=("curve_", "curves_"),
        words=("group",),
    ),
    Case(
        name="churn.LifeTable",
        make=lambda: LifeTable(width=2),
        rows=stays,
        whole=("survival_", "survival_error_", "probability_", "effective_", "hazard_", "median_residual_"),
        keeps_nan=("hazard_", "median_residual_"),
    ),
    Case(
        name="churn.DiscreteTimeHazard",
        make=DiscreteTimeHazard,
        rows=stays_with_covariates,
        whole=("hazard_", "hazard_lower_", "survival_", "coefficients_", "log_likelihood_", "baseline_"),
        units={"covariates": {"hazard_": 0, "log_likelihood_": 0}},
        tolerance=1e-7,
    ),
]

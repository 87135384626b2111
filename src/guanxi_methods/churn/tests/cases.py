"""The churn methods for the battery of invariants."""

import numpy as np

from guanxi_methods.churn import (
    ChurnKinds,
    DiscreteTimeHazard,
    Drift,
    EarlyWarning,
    KaplanMeier,
    LifeTable,
    RollingBackTest,
    Rule,
)
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


def leavers(rng):
    """What is known of customers and whether they left; gaps are welcome, so they are not tried as an error."""
    known = rng.normal(size=(260, 3))
    known[rng.random(260) < 0.1, 2] = np.nan
    chance = 1 / (1 + np.exp(0.6 - 0.8 * known[:, 0] - 0.8 * known[:, 1]))
    return {"X": known, "target": (rng.random(260) < chance).astype(float)}


def leavers_by_period(rng):
    """The same in three periods."""
    return {**leavers(rng), "period": rng.integers(1, 4, 260).astype(float)}


def two_tables(rng):
    """Customers then and now."""
    return {"reference": rng.normal(size=(150, 2)), "current": rng.normal(0.3, 1, size=(150, 2))}


def losses(rng):
    """Lost customers: open complaints, days overdue, and what each was worth."""
    return {"X": rng.integers(0, 3, (120, 2)).astype(float), "worth": rng.gamma(2, 100, 120)}


RULES = (Rule("fault", "x1", at_least=1), Rule("malicious", "x2", at_least=2, points=2))


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
    Case(
        name="churn.EarlyWarning",
        make=lambda: EarlyWarning(model="logistic"),
        rows=leavers,
        per_row=("probabilities_", "hold_out_"),
        whole=("auc_", "lift_", "calibration_", "refused_columns_", "base_rate_", "used_columns_"),
        keeps_missing=("X",),
    ),
    Case(
        name="churn.RollingBackTest",
        make=lambda: RollingBackTest(model="logistic", known_before=("x1", "x2", "x3")),
        rows=leavers_by_period,
        whole=("origins_", "auc_", "calibration_", "lift_top_decile_"),
        keeps_missing=("X",),
    ),
    Case(
        name="churn.Drift",
        make=Drift,
        rows=two_tables,
        whole=("columns_", "moved_", "n_reference_"),
        keeps_missing=("reference", "current"),
    ),
    Case(
        name="churn.ChurnKinds",
        make=lambda: ChurnKinds(RULES),
        rows=losses,
        per_row=("kinds_", "points_", "certainty_"),
        whole=("shares_",),
        keeps_missing=("X",),
    ),
]

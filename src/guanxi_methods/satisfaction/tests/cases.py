"""The satisfaction methods for the battery of invariants."""

import numpy as np

from guanxi_methods.satisfaction import (
    DerivedImportance,
    DualEvaluation,
    ImportancePerformance,
    ImprovedDualEvaluation,
    Kano,
    RegressionEvaluation,
    Servqual,
    SimpleEvaluation,
)
from guanxi_methods.tests.battery import Case


def survey(rng, items=4, size=60):
    """Satisfaction and importance from 1 to 7, and an overall answer that follows from the former."""
    mood = rng.normal(size=(size, 1))
    satisfaction = np.clip(np.round(4.5 + mood + rng.normal(size=(size, items))), 1, 7)
    importance = np.clip(np.round(5.5 + 0.5 * mood + rng.normal(size=(size, items))), 1, 7)
    overall = np.clip(np.round(satisfaction @ [0.4, 0.3, 0.2, 0.1] + 0.5 * rng.normal(size=size)), 1, 7)
    return {"satisfaction": satisfaction, "importance": importance, "overall": overall}


def expected(rng, size=50):
    """Expectations and perceptions of three items."""
    made = survey(rng, size=size)
    return {"expectation": made["importance"], "perception": made["satisfaction"]}


def features(rng, size=50):
    """Kano answers on three features."""
    return {"functional": rng.integers(1, 4, (size, 3)), "dysfunctional": rng.integers(2, 6, (size, 3))}


def only(*names):
    """Some of the answers of the survey."""

    def rows(rng):
        made = survey(rng)
        return {name: made[name] for name in names}

    return rows


INDEX = ("index_", "interval_", "standard_error_", "weights_", "means_", "n_")
KEEPS = {"keeps_missing": ("satisfaction", "importance", "overall")}

CASES = [
    Case(
        name="satisfaction.SimpleEvaluation",
        make=SimpleEvaluation,
        rows=only("satisfaction"),
        whole=INDEX,
        units={"satisfaction": {"index_": 1, "interval_": 1, "weights_": 0}},
        **KEEPS,
    ),
    Case(
        name="satisfaction.DualEvaluation",
        make=DualEvaluation,
        rows=only("satisfaction", "importance"),
        whole=INDEX,
        units={"satisfaction": {"index_": 1, "interval_": 1}, "importance": {"index_": 0, "interval_": 0}},
        **KEEPS,
    ),
    Case(
        name="satisfaction.ImprovedDualEvaluation",
        make=ImprovedDualEvaluation,
        rows=only("satisfaction", "importance", "overall"),
        whole=(*INDEX, "derived_", "r2_"),
        units={
            "satisfaction": {"index_": 1, "interval_": 1, "derived_": 0},
            "importance": {"index_": 0, "interval_": 0},
            "overall": {"index_": 0, "interval_": 0},
        },
        **KEEPS,
    ),
    Case(
        name="satisfaction.RegressionEvaluation",
        make=RegressionEvaluation,
        rows=only("satisfaction", "overall"),
        whole=(*INDEX, "r2_", "coefficients_"),
        units={"satisfaction": {"index_": 1, "interval_": 1}, "overall": {"index_": 0, "interval_": 0, "r2_": 0}},
        **KEEPS,
    ),
    Case(
        name="satisfaction.DerivedImportance",
        make=DerivedImportance,
        rows=only("satisfaction", "overall"),
        whole=("shares_", "intervals_", "r2_", "n_"),
        units={"satisfaction": {"shares_": 0, "intervals_": 0}, "overall": {"shares_": 0, "intervals_": 0}},
        **KEEPS,
    ),
    Case(
        name="satisfaction.Servqual",
        make=lambda: Servqual({"first": [1, 2], "second": ["x3", "x4"]}, points={"first": 60, "second": 40}),
        rows=expected,
        whole=("items_", "dimensions_", "mean_gap_", "interval_", "weighted_gap_", "n_"),
        keeps_missing=("expectation", "perception"),
    ),
    Case(
        name="satisfaction.ImportancePerformance",
        make=ImportancePerformance,
        rows=only("importance", "satisfaction"),
        whole=("items_", "crosshairs_", "n_"),
        units={"importance": {"n_": 0}},
        **KEEPS,
    ),
    Case(
        name="satisfaction.Kano",
        make=Kano,
        rows=features,
        whole=("items_", "n_"),
        keeps_missing=("functional", "dysfunctional"),
    ),
]

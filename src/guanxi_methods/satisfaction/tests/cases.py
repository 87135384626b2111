"""The satisfaction methods for the battery of invariants."""

import numpy as np

from guanxi_methods.satisfaction import (
    DerivedImportance,
    DualEvaluation,
    ImprovedDualEvaluation,
    RegressionEvaluation,
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
]

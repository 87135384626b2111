"""The satisfaction methods for the battery of invariants."""

import numpy as np

from guanxi_methods.satisfaction import (
    DerivedImportance,
    DualEvaluation,
    FiveGaps,
    ImportancePerformance,
    ImprovedDualEvaluation,
    Kano,
    PostStratification,
    Raking,
    RegressionEvaluation,
    Reliability,
    ResponsePropensity,
    SatisfactionIndicators,
    SatisfactionLayers,
    Servqual,
    SimpleEvaluation,
    TwoFactor,
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


QUESTIONS = ("expectation", "understood", "standard", "delivered", "perception", "promised")


def questionnaires(rng, size=40):
    """Six questions on two items, put to the same people."""
    return {name: np.clip(np.round(4 + rng.normal(size=(size, 2))), 1, 7) for name in QUESTIONS}


def contrasts(rng, size=120):
    """Answers from 1 to 5, the first item feared, the second hoped for."""
    answers = rng.integers(1, 6, (size, 3))
    overall = 4.0 - 2 * (answers[:, 0] <= 2) + 2 * (answers[:, 1] >= 4) + 0.5 * rng.normal(size=size)
    return {"satisfaction": answers, "overall": np.round(overall, 1)}


def people(rng, size=60):
    """Traits of respondents."""
    return {"traits": np.column_stack([rng.choice(["f", "m"], size), rng.choice(["old", "young"], size)])}


def asked(rng, size=80):
    """Numeric traits of people asked, and who answered."""
    traits = rng.normal(size=(size, 2))
    return {"traits": traits, "responded": (rng.random(size) < 1 / (1 + np.exp(-traits[:, 0]))).astype(float)}


def yes_and_no(rng, size=50):
    """Three questions, yes or no."""
    return {name: rng.integers(0, 2, size).astype(float) for name in ("aware", "bought", "aggrieved")}


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
    Case(
        name="satisfaction.FiveGaps",
        make=FiveGaps,
        rows=questionnaires,
        whole=("gaps_", "service_gap_", "largest_", "n_"),
        keeps_missing=QUESTIONS,
    ),
    Case(
        name="satisfaction.TwoFactor",
        make=lambda: TwoFactor(scale=(1, 5)),
        rows=contrasts,
        whole=("items_", "factors_", "r2_", "n_"),
        units={"overall": {"r2_": 0}},
        keeps_missing=("satisfaction", "overall"),
    ),
    Case(
        name="satisfaction.Reliability",
        make=Reliability,
        rows=lambda rng: {"items": survey(rng)["satisfaction"]},
        whole=("alpha_", "alpha_interval_", "omega_", "omega_interval_", "item_total_", "loadings_"),
        units={"items": {"alpha_": 0, "omega_": 0, "omega_interval_": 0, "loadings_": 1}},
        tolerance=1e-7,
        keeps_missing=("items",),
    ),
    Case(
        name="satisfaction.Raking",
        make=lambda: Raking({"x1": {"f": 0.5, "m": 0.5}, "x2": {"old": 0.6, "young": 0.4}}),
        rows=people,
        per_row=("weights_",),
        whole=("effective_n_", "margins_"),
        words=("traits",),
    ),
    Case(
        name="satisfaction.PostStratification",
        make=lambda: PostStratification({"f / old": 3, "f / young": 2, "m / old": 3, "m / young": 2}),
        rows=people,
        per_row=("weights_",),
        whole=("effective_n_", "cells_"),
        words=("traits",),
    ),
    Case(
        name="satisfaction.ResponsePropensity",
        make=ResponsePropensity,
        rows=asked,
        per_row=("weights_", "propensities_"),
        whole=("effective_n_", "coefficients_", "standard_errors_", "r_indicator_"),
        units={"traits": {"weights_": 0, "effective_n_": 0}},
    ),
    Case(
        name="satisfaction.SatisfactionLayers",
        make=lambda: SatisfactionLayers({"down": {"material": ["x1", "x2"], "social": ["x3"]}}),
        rows=only("satisfaction"),
        whole=("indices_", "weakest_", "n_"),
        keeps_missing=("satisfaction",),
    ),
    Case(
        name="satisfaction.SatisfactionIndicators",
        make=SatisfactionIndicators,
        rows=yes_and_no,
        whole=("rates_",),
        keeps_missing=("aware", "bought", "aggrieved"),
    ),
]

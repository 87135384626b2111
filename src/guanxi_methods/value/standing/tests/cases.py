"""The methods of standing for the battery of invariants."""

import numpy as np

from guanxi_methods.tests.battery import Case
from guanxi_methods.value.standing import (
    FOUR_TYPES,
    CompatibilityMatrix,
    CostToServe,
    DeliveredValue,
    LoyaltyProfit,
    TwoAxisTypology,
)


def survey(rng):
    """Sixty respondents on three suppliers."""
    return {
        "answers": rng.integers(1, 11, (180, 4)).astype(float),
        "supplier": np.tile(["we", "they", "others"], 60),
        "respondent": np.repeat(np.arange(60), 3),
        "importance": rng.integers(1, 6, (180, 4)).astype(float),
    }


def used(rng):
    """What a hundred customers used."""
    return {"volumes": rng.integers(0, 30, (100, 2)).astype(float), "margin": rng.integers(0, 5000, 100).astype(float)}


def customer_years(rng):
    """A hundred and twenty customers in years 1 to 3."""
    return {
        "tenure": np.repeat([1.0, 2.0, 3.0], 40),
        "list_revenue": rng.integers(80, 200, 120).astype(float),
        "paid_revenue": rng.integers(80, 200, 120).astype(float),
        "goods_cost": rng.integers(20, 60, 120).astype(float),
        "service_cost": rng.integers(5, 30, 120).astype(float),
        "referral_margin": rng.integers(0, 20, 120).astype(float),
    }


def ratings(rng):
    """Four segments rate one another."""
    return {
        "rater": rng.choice(list("abcd"), 300),
        "met": rng.choice(list("abcd"), 300),
        "rating": rng.integers(1, 6, 300).astype(float),
    }


def scores(rng):
    """Two scores of two hundred customers with their errors."""
    return {
        "x": rng.random(200) * 100,
        "y": rng.random(200) * 100,
        "x_error": rng.random(200) * 10,
        "y_error": rng.random(200) * 10,
    }


CASES = [
    Case(
        name="value.standing.DeliveredValue",
        make=lambda: DeliveredValue("we", value_items=("x1", "x2"), cost_items=("x3", "x4")),
        rows=survey,
        whole=(
            "suppliers_", "delivered_value_", "total_value_", "total_cost_", "ratio_", "standard_errors_", "intervals_",
            "advantages_", "advantage_intervals_", "item_advantages_", "weights_", "n_",
        ),
        units={"answers": {"delivered_value_": 1, "standard_errors_": 1, "ratio_": 0}, "importance": {"weights_": 0}},
        keeps_missing=("answers", "importance"),
        keeps_nan=("ratio_",),
        words=("supplier", "respondent"),
    ),
    Case(
        name="value.standing.CostToServe",
        make=lambda: CostToServe(rates={"x1": 12.5}, pools={"x2": 40000.0}, capacity={"x2": 4000.0}),
        rows=used,
        per_row=("costs_", "cost_to_serve_", "profit_"),
        whole=("rates_", "by_activity_", "unused_", "total_profit_", "n_unprofitable_", "loss_"),
        units={"margin": {"total_margin_": 1, "total_cost_": 0}},
    ),
    Case(
        name="value.standing.LoyaltyProfit",
        make=LoyaltyProfit,
        rows=customer_years,
        whole=("sources_", "profit_", "intervals_", "tenures_", "n_"),
    ),
    Case(
        name="value.standing.CompatibilityMatrix",
        make=lambda: CompatibilityMatrix(neutral=3),
        rows=ratings,
        whole=("segments_", "n_", "means_", "lows_", "highs_", "verdicts_", "conflicts_", "groups_"),
        keeps_nan=("means_", "lows_", "highs_"),
        words=("rater", "met"),
    ),
    Case(
        name="value.standing.TwoAxisTypology",
        make=lambda: TwoAxisTypology(FOUR_TYPES),
        rows=scores,
        per_row=("labels_", "codes_", "probabilities_"),
        whole=("counts_", "shares_", "share_intervals_", "n_unsure_"),
        keeps_missing=("x_error", "y_error"),
        keeps_nan=("probabilities_",),
    ),
]  # fmt: skip

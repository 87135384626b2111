"""The loyalty methods for the battery of invariants."""

import numpy as np

from guanxi_methods.loyalty import (
    AttitudinalLoyalty,
    BehaviouralLoyalty,
    FourDegrees,
    LoyaltyLadder,
    LoyaltyMatrix,
    LoyaltyShare,
    LoyaltyTypes,
    NetPromoterScore,
    PriceSensitivity,
    RelationshipStage,
    SatisfactionLoyaltyChange,
    SatisfactionLoyaltyCurve,
    SatisfactionLoyaltyMatrix,
)
from guanxi_methods.tests.battery import Case

MATRIX = {"per_row": ("labels_", "codes_"), "whole": ("cuts_", "counts_", "shares_", "association_")}


def answers(rng):
    """What people say from 0 to 10."""
    return {"scores": rng.integers(0, 11, 200)}


def log(rng):
    """Purchases of 60 customers in a year and a half."""
    return {
        "customer": rng.integers(0, 60, 400),
        "date": rng.integers(20000, 20540, 400),
        "amount": np.round(rng.gamma(2, 50, 400), 2),
    }


def full_log(rng):
    """The same with products and prices."""
    return {**log(rng), "product": rng.integers(0, 6, 400), "full_price": rng.integers(0, 2, 400)}


def wallets(rng):
    """What customers spend with us and in all."""
    total = rng.gamma(2, 100, 80)
    return {"ours": total * rng.uniform(0, 1, 80), "total": total}


def pairs(one, other):
    """Two figures of customers, whose names are the arguments."""
    return lambda rng: {one: rng.normal(50, 10, 120), other: rng.normal(5, 2, 120)}


def prices(rng):
    """Prices and quantities of 20 customers."""
    price = rng.uniform(8, 12, 160)
    return {
        "price": price,
        "quantity": rng.lognormal(3, 0.2, 160) * price**-1.2,
        "customer": np.repeat(np.arange(20), 8),
    }


def figures(rng):
    """What the types are told."""
    return {
        "attachment": rng.uniform(1, 10, 90),
        "repeat": rng.poisson(3, 90).astype(float),
        "alternatives": rng.poisson(1, 90).astype(float),
        "price_response": rng.uniform(0, 1, 90),
        "promotion_response": rng.uniform(0, 1, 90),
    }


def steps(rng):
    """What the ladder is told."""
    return {
        "purchases": rng.poisson(2, 100),
        "contacts": rng.poisson(2, 100),
        "opportunities": rng.poisson(1, 100),
        "share": rng.uniform(0, 1, 100),
        "referrals": rng.poisson(0.5, 100),
        "joint_projects": rng.poisson(0.2, 100),
    }


def curve(rng):
    """Satisfaction and whether the customer came back."""
    level = rng.integers(1, 6, 300)
    return {"satisfaction": level, "loyalty": (rng.uniform(0, 1, 300) < level / 6).astype(float)}


def waves(rng):
    """Satisfaction and loyalty of the same customers at two times."""
    before, after = rng.integers(1, 11, 150), rng.integers(1, 11, 150)
    loyal = rng.normal(50, 10, 150)
    return {
        "satisfaction_before": before,
        "satisfaction_after": after,
        "loyalty_before": loyal,
        "loyalty_after": loyal + 2.0 * (after - before) + rng.normal(0, 3, 150),
    }


def degrees(rng):
    """The four figures of customers."""
    return {
        "satisfaction": rng.uniform(0, 100, 90),
        "loyalty": rng.uniform(0, 100, 90),
        "retained": rng.integers(0, 2, 90),
        "contribution": rng.gamma(0.5, 1000, 90),
    }


CASES = [
    Case(
        name="loyalty.NetPromoterScore",
        make=NetPromoterScore,
        rows=answers,
        per_row=("groups_",),
        whole=("nps_", "interval_", "standard_error_", "counts_"),
        keeps_missing=("scores",),
    ),
    Case(
        name="loyalty.BehaviouralLoyalty",
        make=lambda: BehaviouralLoyalty(window_days=120),
        rows=full_log,
        whole=("measures_", "customers_", "n_customers_"),
        units={"amount": {"measures_": 0}},
        keeps_nan=("customers_",),
        words=("customer", "date", "product"),
    ),
    Case(
        name="loyalty.LoyaltyShare",
        make=LoyaltyShare,
        rows=wallets,
        per_row=("shares_",),
        whole=("share_", "mean_share_"),
        keeps_nan=("shares_",),
    ),
    Case(
        name="loyalty.AttitudinalLoyalty",
        make=lambda: AttitudinalLoyalty(scale=(1, 10), reverse=("x3",)),
        rows=lambda rng: {"items": rng.integers(1, 11, (90, 4)).astype(float)},
        per_row=("score_",),
        whole=("items_", "index_", "alpha_"),
        keeps_missing=("items",),
    ),
    Case(
        name="loyalty.PriceSensitivity",
        make=PriceSensitivity,
        rows=prices,
        whole=("elasticity_",),
        units={"price": {"elasticity_": 0}, "quantity": {"elasticity_": 0}},
        tolerance=1e-8,
        words=("customer",),
    ),
    Case(
        name="loyalty.LoyaltyMatrix",
        make=LoyaltyMatrix,
        rows=pairs("behaviour", "attitude"),
        keeps_missing=("behaviour", "attitude"),
        units={"behaviour": {"codes_": 0}, "attitude": {"codes_": 0}},
        **MATRIX,
    ),
    Case(
        name="loyalty.SatisfactionLoyaltyMatrix",
        make=lambda: SatisfactionLoyaltyMatrix("mean", "mean"),
        rows=pairs("satisfaction", "loyalty"),
        keeps_missing=("satisfaction", "loyalty"),
        units={"satisfaction": {"codes_": 0}, "loyalty": {"codes_": 0}},
        **MATRIX,
    ),
    Case(
        name="loyalty.LoyaltyTypes",
        make=LoyaltyTypes,
        rows=figures,
        per_row=("labels_", "codes_", "closest_", "otherwise_"),
        whole=("cuts_", "counts_", "shares_"),
        units={"attachment": {"codes_": 0}, "repeat": {"codes_": 0}},
        keeps_missing=("attachment", "repeat", "alternatives", "price_response", "promotion_response"),
    ),
    Case(
        name="loyalty.LoyaltyLadder",
        make=LoyaltyLadder,
        rows=steps,
        per_row=("labels_", "codes_", "lacking_"),
        whole=("counts_", "reached_", "conversion_"),
        keeps_missing=("share",),
    ),
    Case(
        name="loyalty.SatisfactionLoyaltyCurve",
        make=lambda: SatisfactionLoyaltyCurve(n_bootstrap=100),
        rows=curve,
        whole=("curves_",),
        keeps_missing=("satisfaction", "loyalty"),
    ),
    Case(
        name="loyalty.SatisfactionLoyaltyChange",
        make=SatisfactionLoyaltyChange,
        rows=waves,
        per_row=("expected_change_", "surprise_"),
        whole=("slope_", "drift_", "rise_slope_", "fall_slope_", "asymmetry_", "by_direction_", "table_"),
        tolerance=1e-8,
        keeps_missing=("satisfaction_before", "satisfaction_after", "loyalty_before", "loyalty_after"),
        keeps_nan=("expected_change_", "surprise_"),
    ),
    Case(
        name="loyalty.RelationshipStage",
        make=RelationshipStage,
        rows=log,
        whole=("customers_", "labels_", "reasons_", "evidence_", "counts_", "shares_", "mean_interval_days_"),
        units={"amount": {"evidence_": 0}},
        words=("customer", "date"),
    ),
    Case(
        name="loyalty.FourDegrees",
        make=FourDegrees,
        rows=degrees,
        whole=("degrees_", "together_"),
        keeps_missing=("satisfaction", "loyalty"),
    ),
]

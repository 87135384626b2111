"""Experiments: whether something works, for whom, and how many customers it takes to know."""

from guanxi_methods.experiments.assignment import assign, hash_share
from guanxi_methods.experiments.curves import UpliftCurve, uplift_curve
from guanxi_methods.experiments.many_arms import ArmComparisons, compare_arms
from guanxi_methods.experiments.means import (
    Cuped,
    MeanComparison,
    StratifiedEffect,
    compare_mean_summaries,
    compare_means,
)
from guanxi_methods.experiments.power import (
    detectable_proportion,
    power_for_means,
    power_for_proportions,
    size_for_arcsine,
    size_for_chi_square,
    size_for_means,
    size_for_proportions,
)
from guanxi_methods.experiments.ratio import RatioCheck, sample_ratio_mismatch
from guanxi_methods.experiments.sequential import (
    AlwaysValid,
    OptionalStopping,
    always_valid,
    always_valid_proportions,
    mixture_ratio,
    simulate_optional_stopping,
)
from guanxi_methods.experiments.two_arms import ProportionComparison, compare_proportions
from guanxi_methods.experiments.uplift import Uplift

__all__ = [
    "AlwaysValid",
    "ArmComparisons",
    "Cuped",
    "MeanComparison",
    "OptionalStopping",
    "ProportionComparison",
    "RatioCheck",
    "StratifiedEffect",
    "Uplift",
    "UpliftCurve",
    "always_valid",
    "always_valid_proportions",
    "assign",
    "compare_arms",
    "compare_mean_summaries",
    "compare_means",
    "compare_proportions",
    "detectable_proportion",
    "hash_share",
    "mixture_ratio",
    "power_for_means",
    "power_for_proportions",
    "sample_ratio_mismatch",
    "simulate_optional_stopping",
    "size_for_arcsine",
    "size_for_chi_square",
    "size_for_means",
    "size_for_proportions",
    "uplift_curve",
]

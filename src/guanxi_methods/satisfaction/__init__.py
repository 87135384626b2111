"""Customer satisfaction from surveys: indices with their intervals, gaps, Kano, importance-performance, reliability."""

from guanxi_methods.satisfaction.answers import to_100
from guanxi_methods.satisfaction.drivers import DerivedImportance
from guanxi_methods.satisfaction.evaluation import (
    DualEvaluation,
    ImprovedDualEvaluation,
    RegressionEvaluation,
    SimpleEvaluation,
)
from guanxi_methods.satisfaction.five_gaps import FiveGaps, Gap, stack_questionnaires
from guanxi_methods.satisfaction.importance import Decomposition, lmg
from guanxi_methods.satisfaction.importance_performance import ImportancePerformance, MapItem
from guanxi_methods.satisfaction.kano import Kano, KanoItem
from guanxi_methods.satisfaction.propensity import ResponsePropensity
from guanxi_methods.satisfaction.reliability import Reliability, cronbach_alpha, feldt_interval, one_factor
from guanxi_methods.satisfaction.servqual import STANDARD_DIMENSIONS, DimensionGap, ItemGap, Servqual
from guanxi_methods.satisfaction.standing import GroupIndex, Rate, SatisfactionIndicators, SatisfactionLayers
from guanxi_methods.satisfaction.two_factor import FactorItem, TwoFactor
from guanxi_methods.satisfaction.weighting import PostStratification, Raking, effective_sample_size

__all__ = [
    "STANDARD_DIMENSIONS",
    "Decomposition",
    "DerivedImportance",
    "DimensionGap",
    "DualEvaluation",
    "FactorItem",
    "FiveGaps",
    "Gap",
    "GroupIndex",
    "ImportancePerformance",
    "ImprovedDualEvaluation",
    "ItemGap",
    "Kano",
    "KanoItem",
    "MapItem",
    "PostStratification",
    "Raking",
    "Rate",
    "RegressionEvaluation",
    "Reliability",
    "ResponsePropensity",
    "SatisfactionIndicators",
    "SatisfactionLayers",
    "Servqual",
    "SimpleEvaluation",
    "TwoFactor",
    "cronbach_alpha",
    "effective_sample_size",
    "feldt_interval",
    "lmg",
    "one_factor",
    "stack_questionnaires",
    "to_100",
]

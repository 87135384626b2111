"""Customer satisfaction from surveys: indices with their intervals, gaps, Kano, importance-performance, reliability."""

from guanxi_methods.satisfaction.answers import to_100
from guanxi_methods.satisfaction.drivers import DerivedImportance
from guanxi_methods.satisfaction.evaluation import (
    DualEvaluation,
    ImprovedDualEvaluation,
    RegressionEvaluation,
    SimpleEvaluation,
)
from guanxi_methods.satisfaction.importance import Decomposition, lmg
from guanxi_methods.satisfaction.importance_performance import ImportancePerformance, MapItem
from guanxi_methods.satisfaction.kano import Kano, KanoItem, wilson
from guanxi_methods.satisfaction.servqual import STANDARD_DIMENSIONS, DimensionGap, ItemGap, Servqual

__all__ = [
    "STANDARD_DIMENSIONS",
    "Decomposition",
    "DerivedImportance",
    "DimensionGap",
    "DualEvaluation",
    "ImportancePerformance",
    "ImprovedDualEvaluation",
    "ItemGap",
    "Kano",
    "KanoItem",
    "MapItem",
    "RegressionEvaluation",
    "Servqual",
    "SimpleEvaluation",
    "lmg",
    "to_100",
    "wilson",
]

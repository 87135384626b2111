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

__all__ = [
    "Decomposition",
    "DerivedImportance",
    "DualEvaluation",
    "ImprovedDualEvaluation",
    "RegressionEvaluation",
    "SimpleEvaluation",
    "lmg",
    "to_100",
]

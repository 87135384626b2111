"""Customer value at first sight: ABC, pyramid, profitability levels, RFM, concentration and movements.

Needs numpy alone. Give money as integers in minor units (cents, 分): every comparison is then exact.
"""

from guanxi_methods.value.abc_classes import ABCAnalysis
from guanxi_methods.value.concentration import WhaleCurve, customers_to_reach, gini, top_share, whale_curve
from guanxi_methods.value.movement import movement_matrix
from guanxi_methods.value.purchases import PurchaseSummary, customer_codes, summarise_purchases, total_by_customer
from guanxi_methods.value.pyramid import CustomerPyramid, ProfitabilityLevels
from guanxi_methods.value.ranking import order_by_value, rank_by_value
from guanxi_methods.value.rfm import EIGHT_TYPES, RFM, SEGMENT_GRID, SEGMENTS, segment_codes

__all__ = [
    "EIGHT_TYPES",
    "RFM",
    "SEGMENTS",
    "SEGMENT_GRID",
    "ABCAnalysis",
    "CustomerPyramid",
    "ProfitabilityLevels",
    "PurchaseSummary",
    "WhaleCurve",
    "customer_codes",
    "customers_to_reach",
    "gini",
    "movement_matrix",
    "order_by_value",
    "rank_by_value",
    "segment_codes",
    "summarise_purchases",
    "top_share",
    "total_by_customer",
    "whale_curve",
]

"""Where customers stand with us and we with them: delivered value, cost to serve, compatibility, two-axis types."""

from guanxi_methods.value.standing.compatibility import CompatibilityMatrix, separate
from guanxi_methods.value.standing.cost_to_serve import CostToServe
from guanxi_methods.value.standing.delivered import COST_ITEMS, VALUE_ITEMS, DeliveredValue
from guanxi_methods.value.standing.equity import CustomerEquity, acquisition_or_retention, response_speed
from guanxi_methods.value.standing.loyalty_profit import SOURCES_OF_PROFIT, LoyaltyProfit
from guanxi_methods.value.standing.scales import axis_score
from guanxi_methods.value.standing.typology import (
    FOUR_TYPES,
    RELATIONSHIP_LEVELS,
    SERVICE_PORTFOLIO,
    Grid,
    TwoAxisTypology,
    combine_types,
)

__all__ = [
    "COST_ITEMS",
    "FOUR_TYPES",
    "RELATIONSHIP_LEVELS",
    "SERVICE_PORTFOLIO",
    "SOURCES_OF_PROFIT",
    "VALUE_ITEMS",
    "CompatibilityMatrix",
    "CostToServe",
    "CustomerEquity",
    "DeliveredValue",
    "Grid",
    "LoyaltyProfit",
    "TwoAxisTypology",
    "acquisition_or_retention",
    "axis_score",
    "combine_types",
    "response_speed",
    "separate",
]

"""Customer lifetime value from stated figures or a log: retention, migration, expected events, margin multiple.

Always discounted net cash flow. The models that learn each customer's rate of buying stand in another package.
"""

from guanxi_methods.value.clv.events import EventForecast, Hazard, event_hazard, hazard_value
from guanxi_methods.value.clv.migration import (
    MigrationValue,
    markov_value,
    migration_buyers,
    migration_profit,
    migration_value,
    recency_matrix,
)
from guanxi_methods.value.clv.multiple import FIRST_MARGINS, margin_multiple, perpetual_value
from guanxi_methods.value.clv.retention import (
    RetentionModel,
    profit_curve,
    retention_value,
    value_of_margins,
    value_of_profit_curve,
)
from guanxi_methods.value.clv.transitions import MigrationModel

__all__ = [
    "FIRST_MARGINS",
    "EventForecast",
    "Hazard",
    "MigrationModel",
    "MigrationValue",
    "RetentionModel",
    "event_hazard",
    "hazard_value",
    "margin_multiple",
    "markov_value",
    "migration_buyers",
    "migration_profit",
    "migration_value",
    "perpetual_value",
    "profit_curve",
    "recency_matrix",
    "retention_value",
    "value_of_margins",
    "value_of_profit_curve",
]

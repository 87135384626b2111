"""Customer loyalty: its measures, matrix, types and ladder, the net promoter score, its link with satisfaction."""

from guanxi_methods.loyalty.attitude import AttitudinalLoyalty, LoyaltyItem
from guanxi_methods.loyalty.behaviour import BehaviouralLoyalty, LoyaltyShare
from guanxi_methods.loyalty.change import SatisfactionLoyaltyChange
from guanxi_methods.loyalty.curve import CurvePoint, LoyaltyCurve, SatisfactionLoyaltyCurve, Zone
from guanxi_methods.loyalty.degrees import Degrees, FourDegrees
from guanxi_methods.loyalty.intervals import Estimate, proportion
from guanxi_methods.loyalty.ladder import RUNGS, LoyaltyLadder
from guanxi_methods.loyalty.loyalty_types import TYPES, Evidence, LoyaltyTypes
from guanxi_methods.loyalty.net_promoter import (
    NetPromoterScore,
    NPSDifference,
    compare_nps,
    nps_interval,
    nps_of_counts,
)
from guanxi_methods.loyalty.stages import STAGES, RelationshipStage
from guanxi_methods.loyalty.tolerance import (
    IncidentTolerance,
    PriceSensitivity,
    incident_tolerance,
    price_tolerance,
)
from guanxi_methods.loyalty.two_axes import Association, LoyaltyMatrix, SatisfactionLoyaltyMatrix

__all__ = [
    "RUNGS",
    "STAGES",
    "TYPES",
    "Association",
    "AttitudinalLoyalty",
    "BehaviouralLoyalty",
    "CurvePoint",
    "Degrees",
    "Estimate",
    "Evidence",
    "FourDegrees",
    "IncidentTolerance",
    "LoyaltyCurve",
    "LoyaltyItem",
    "LoyaltyLadder",
    "LoyaltyMatrix",
    "LoyaltyShare",
    "LoyaltyTypes",
    "NPSDifference",
    "NetPromoterScore",
    "PriceSensitivity",
    "RelationshipStage",
    "SatisfactionLoyaltyChange",
    "SatisfactionLoyaltyCurve",
    "SatisfactionLoyaltyMatrix",
    "Zone",
    "compare_nps",
    "incident_tolerance",
    "nps_interval",
    "nps_of_counts",
    "price_tolerance",
    "proportion",
]

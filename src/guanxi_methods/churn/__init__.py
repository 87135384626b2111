"""Why and when customers leave: how long they stay, who is about to leave, and of which kind a loss was."""

from guanxi_methods.churn.hazard import Coefficient, DiscreteTimeHazard
from guanxi_methods.churn.life_table import LifeTable
from guanxi_methods.churn.log_rank import LogRank, log_rank
from guanxi_methods.churn.survival import KaplanMeier, SurvivalCurve

__all__ = [
    "Coefficient",
    "DiscreteTimeHazard",
    "KaplanMeier",
    "LifeTable",
    "LogRank",
    "SurvivalCurve",
    "log_rank",
]

"""Why and when customers leave: how long they stay, who is about to leave, and of which kind a loss was.

scikit-learn is loaded only when :class:`EarlyWarning` learns.
"""

from guanxi_methods.churn.backtest import Origin, RollingBackTest
from guanxi_methods.churn.calibration import Calibration, CalibrationBin, calibration
from guanxi_methods.churn.discrimination import AUC, Decile, auc, auc_difference, lift_by_decile
from guanxi_methods.churn.drift import ColumnDrift, Drift, population_stability_index
from guanxi_methods.churn.early_warning import EarlyWarning, Warned
from guanxi_methods.churn.hazard import Coefficient, DiscreteTimeHazard
from guanxi_methods.churn.kinds import DEFAULT_RULES, ChurnKinds, KindShare, PoorServiceCost, Rule, cost_of_poor_service
from guanxi_methods.churn.leakage import RefusedColumn
from guanxi_methods.churn.life_table import LifeTable
from guanxi_methods.churn.log_rank import LogRank, log_rank
from guanxi_methods.churn.reasons import Reason, pair_shapley
from guanxi_methods.churn.survival import KaplanMeier, SurvivalCurve

__all__ = [
    "AUC",
    "DEFAULT_RULES",
    "Calibration",
    "CalibrationBin",
    "ChurnKinds",
    "Coefficient",
    "ColumnDrift",
    "Decile",
    "DiscreteTimeHazard",
    "Drift",
    "EarlyWarning",
    "KaplanMeier",
    "KindShare",
    "LifeTable",
    "LogRank",
    "Origin",
    "PoorServiceCost",
    "Reason",
    "RefusedColumn",
    "RollingBackTest",
    "Rule",
    "SurvivalCurve",
    "Warned",
    "auc",
    "auc_difference",
    "calibration",
    "cost_of_poor_service",
    "lift_by_decile",
    "log_rank",
    "pair_shapley",
    "population_stability_index",
]

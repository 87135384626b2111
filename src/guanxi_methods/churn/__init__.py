"""Why and when customers leave: how long they stay, who is about to leave, and of which kind a loss was.

scikit-learn is loaded only when :class:`EarlyWarning` learns.
"""

from guanxi_methods.churn.calibration import Calibration, CalibrationBin, calibration
from guanxi_methods.churn.discrimination import AUC, Decile, auc, auc_difference, lift_by_decile
from guanxi_methods.churn.early_warning import EarlyWarning, Warned
from guanxi_methods.churn.hazard import Coefficient, DiscreteTimeHazard
from guanxi_methods.churn.leakage import RefusedColumn
from guanxi_methods.churn.life_table import LifeTable
from guanxi_methods.churn.log_rank import LogRank, log_rank
from guanxi_methods.churn.reasons import Reason, pair_shapley
from guanxi_methods.churn.survival import KaplanMeier, SurvivalCurve

__all__ = [
    "AUC",
    "Calibration",
    "CalibrationBin",
    "Coefficient",
    "Decile",
    "DiscreteTimeHazard",
    "EarlyWarning",
    "KaplanMeier",
    "LifeTable",
    "LogRank",
    "Reason",
    "RefusedColumn",
    "SurvivalCurve",
    "Warned",
    "auc",
    "auc_difference",
    "calibration",
    "lift_by_decile",
    "log_rank",
    "pair_shapley",
]

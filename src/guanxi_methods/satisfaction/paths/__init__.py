"""PLS path modelling and the customer satisfaction indices built on it (ACSI, ECSI, CCSI).

Needs numpy and scipy.
"""

from guanxi_methods.satisfaction.paths.blindfolding import Blindfolding
from guanxi_methods.satisfaction.paths.model import Construct, StructuralModel, read_model
from guanxi_methods.satisfaction.paths.path_model import PathModel
from guanxi_methods.satisfaction.paths.templates import ACSI, CCSI, ECSI, TEMPLATES

__all__ = [
    "ACSI",
    "CCSI",
    "ECSI",
    "TEMPLATES",
    "Blindfolding",
    "Construct",
    "PathModel",
    "StructuralModel",
    "read_model",
]

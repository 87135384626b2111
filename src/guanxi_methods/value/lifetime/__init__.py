"""Lifetime of customers: who is still there, how often they will buy, what they will spend.

Where customers leave without a word: :class:`BGNBD`, :class:`MBGNBD` and :class:`ParetoNBD` in continuous time,
:class:`BGBB` at given occasions, :class:`GammaGamma` for the value of a purchase. Where they must renew:
:class:`ShiftedBetaGeometric`. :func:`buying_history` sums a log of purchases up to what the first three are told.
"""

from guanxi_methods.value.lifetime.beta_geometric import BGNBD, MBGNBD
from guanxi_methods.value.lifetime.bgbb import BGBB
from guanxi_methods.value.lifetime.buying import Holdout
from guanxi_methods.value.lifetime.gamma_gamma import GammaGamma
from guanxi_methods.value.lifetime.pareto import ParetoNBD
from guanxi_methods.value.lifetime.retention import ShiftedBetaGeometric, renewals_of
from guanxi_methods.value.lifetime.transactions import BuyingHistory, buying_history

__all__ = [
    "BGBB",
    "BGNBD",
    "MBGNBD",
    "BuyingHistory",
    "GammaGamma",
    "Holdout",
    "ParetoNBD",
    "ShiftedBetaGeometric",
    "buying_history",
    "renewals_of",
]

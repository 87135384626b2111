"""Optimisation: whom to contact by which channel, and what to offer to whom, within what there is."""

from guanxi_methods.optimisation.feasibility import InfeasibleError
from guanxi_methods.optimisation.plans import ContactPlan, NextBestOffer

__all__ = ["ContactPlan", "InfeasibleError", "NextBestOffer"]

"""What is bought together: frequent itemsets and association rules."""

from guanxi_methods.basket.measures import chi_square, chi_square_p, fisher_p, lift_interval
from guanxi_methods.basket.rules import AssociationRules

__all__ = ["AssociationRules", "chi_square", "chi_square_p", "fisher_p", "lift_interval"]

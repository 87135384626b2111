"""What the battery of invariants tries the package's methods on."""

import numpy as np

from guanxi_methods.basket import AssociationRules
from guanxi_methods.tests.battery import Case


def lines(rng):
    """Lines of 60 baskets of 8 items, some lines twice."""
    return {"transaction": rng.integers(0, 60, 260), "item": np.array([f"item {k}" for k in rng.integers(0, 8, 260)])}


CASES = [
    Case(
        name="association-rules",
        make=lambda: AssociationRules(".1", ".4", max_consequent=None),
        rows=lines,
        whole=(
            "n_itemsets_", "n_rules_", "support_", "confidence_", "lift_", "leverage_", "confidence_interval_",
            "lift_interval_", "p_values_", "adjusted_p_values_", "is_redundant_", "antecedents_", "consequents_",
        ),
        words=("transaction", "item"),
    )
]  # fmt: skip

"""The value methods for the battery of invariants."""

import numpy as np

from guanxi_methods.tests.battery import Case
from guanxi_methods.value import RFM, ABCAnalysis, CustomerPyramid, ProfitabilityLevels


def ranked(rng):
    """Amounts of customers, some losses and ties among them; ids settle the ties."""
    return {"values": np.round(rng.gamma(0.6, 20000, 400) - 1500).astype(np.int64), "ids": np.arange(400)}


def purchases(rng):
    """What RFM is told of customers."""
    return {
        "last": rng.integers(14000, 15000, 300),
        "frequency": rng.poisson(3, 300) + 1,
        "monetary": rng.integers(100, 100000, 300),
    }


CASES = [
    Case(
        name=f"value.{method.__name__}",
        make=method,
        rows=ranked,
        per_row=("codes_", "labels_", "rank_"),
        whole=("counts_", "totals_"),
        units={"values": {"codes_": 0, "totals_": 1}},
        words=("ids",),
    )
    for method in (ABCAnalysis, CustomerPyramid, ProfitabilityLevels)
] + [
    Case(
        name="value.RFM",
        make=RFM,
        rows=purchases,
        fixed={"as_of": 15001},
        per_row=("r_", "f_", "m_", "recency_days_"),
        whole=("means_", "cuts_"),
        units={"monetary": {"m_": 0}},
        words=("last",),
    )
]

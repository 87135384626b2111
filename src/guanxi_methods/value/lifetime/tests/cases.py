"""The models of lifetime for the battery of invariants."""

import numpy as np

from guanxi_methods.tests.battery import Case
from guanxi_methods.value.lifetime import BGBB, BGNBD, MBGNBD, GammaGamma, ParetoNBD, ShiftedBetaGeometric
from guanxi_methods.value.lifetime.tests import simulated

SPREAD = ("standard_errors_", "intervals_")
WHOLE = ("params_", "log_likelihood_", "at_edge_", "n_customers_", *SPREAD)


def buyers(draw):
    """Customers of one of the models in continuous time."""

    def rows(rng):
        x, t_x, T = draw(rng, 250)
        return {"x": x, "t_x": np.round(t_x, 2), "T": np.round(T, 2), "count": rng.integers(1, 3, 250)}

    return rows


def occasions(rng):
    """Rows of BG/BB."""
    x, t_x, n = simulated.bgbb(rng, 300)
    return {"x": x, "t_x": t_x, "n": n}


def spending(rng):
    """Mean values, some of customers who bought once."""
    x, z = simulated.gammagamma(rng, 200)
    once = rng.random(200) < 0.3
    return {"x": np.where(once, 0, x), "mean_value": np.where(once, 0.0, z)}


def renewals(rng):
    """Two cohorts' renewals."""
    due = np.array([1000.0, 800, 700, 640, 500, 410])
    return {
        "renewal": np.array([1, 2, 3, 4, 1, 2]),
        "due": due,
        "renewed": np.round(due * [0.8, 0.86, 0.9, 0.92, 0.8, 0.87]),
    }


def case(make, rows, **more):
    """A case with what all models share."""
    whole = more.pop("whole", WHOLE)
    return Case(
        name=f"value.lifetime.{make.__name__}",
        make=make,
        rows=rows,
        whole=whole,
        tolerance=1e-6,
        keeps_nan=SPREAD,
        **more,
    )


CASES = [
    case(BGNBD, buyers(simulated.bgnbd)),
    case(MBGNBD, buyers(simulated.mbgnbd)),
    case(ParetoNBD, buyers(simulated.pareto)),
    case(BGBB, occasions),
    case(
        GammaGamma,
        spending,
        keeps_missing=("mean_value",),
        whole=(*WHOLE, "mean_value_"),
        units={"mean_value": {"mean_value_": 1, "n_customers_": 0}},
    ),
    case(ShiftedBetaGeometric, renewals, whole=("params_", "log_likelihood_", "at_edge_", "n_renewals_", *SPREAD)),
]

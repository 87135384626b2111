"""What the battery of invariants tries the package's methods on."""

from guanxi_methods.optimisation import ContactPlan, NextBestOffer
from guanxi_methods.tests.battery import Case


def customers(rng):
    """Twelve customers and three channels."""
    return {"value": rng.gamma(2, 5, (12, 3)), "limits": rng.integers(1, 3, 12)}


def offers(rng):
    """Twelve customers and three offers."""
    return {"probability": rng.random((12, 3)) / 10}


FIGURES = ("value_", "bound_", "cost_", "counts_")
CASES = [
    Case(
        name="contact-plan-exact",
        make=lambda: ContactPlan(budget=14, capacity=[4, None, 8], max_contacts=2),
        rows=customers,
        fixed={"cost": [3, 1, 0.5]},
        per_row=("chosen_",),
        whole=FIGURES,
        units={"value": {"value_": 1, "bound_": 1, "cost_": 0, "prices_": 1}},
    ),
    Case(
        name="contact-plan-by-prices",
        make=lambda: ContactPlan(budget=14, capacity=[4, None, 8], max_contacts=2, method="prices"),
        rows=customers,
        fixed={"cost": [3, 1, 0.5]},
        per_row=("chosen_",),
        whole=("value_", "cost_", "counts_"),
    ),
    Case(
        name="next-best-offer",
        make=lambda: NextBestOffer(["card", "card", None], max_offers=2, capacity=[5, 5, 5]),
        rows=offers,
        fixed={"margin": [20, 10, 40]},
        per_row=("chosen_", "best_"),
        whole=FIGURES,
        units={"probability": {"value_": 1, "bound_": 1}},
    ),
]

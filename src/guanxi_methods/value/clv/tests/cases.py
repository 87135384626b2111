"""The lifetime value methods for the battery of invariants."""

from guanxi_methods.tests.battery import Case
from guanxi_methods.value.clv import EventForecast, MigrationModel, RetentionModel


def purchases(rng):
    """A log of sixty customers over a year."""
    return {
        "customer": rng.integers(0, 60, 500),
        "date": rng.integers(14000, 14365, 500),
        "amount": rng.integers(1, 100, 500).astype(float),
    }


def stays(rng):
    """Who stayed."""
    return {"retained": (rng.random(200) < 0.7).astype(float)}


def events(rng):
    """What is expected of thirty customers."""
    return {
        "probability": rng.random(90),
        "revenue": rng.integers(0, 500, 90).astype(float),
        "cost": rng.integers(0, 100, 90).astype(float),
        "time": rng.random(90) * 5,
        "customer": rng.integers(0, 30, 90).astype(str),
        "event": rng.choice(["renewal", "upgrade", "repair"], 90),
    }


CASES = [
    Case(
        name="value.clv.MigrationModel",
        make=lambda: MigrationModel(n_states=2, period_days=30),
        rows=purchases,
        fixed={"end": 14364},
        whole=(
            "probabilities_", "standard_errors_", "intervals_", "margin_", "finite_", "infinite_",
            "finite_standard_errors_", "infinite_intervals_", "states_", "trials_", "purchases_",
        ),
        units={"amount": {"margin_": 1, "finite_": 1, "infinite_standard_errors_": 1, "probabilities_": 0}},
        words=("customer", "date"),
    ),
    Case(
        name="value.clv.RetentionModel",
        make=lambda: RetentionModel(gc=260, m=50, n=10, d=0.2),
        rows=stays,
        whole=("r_", "r_interval_", "clv_", "clv_interval_", "clv_standard_error_"),
    ),
    Case(
        name="value.clv.EventForecast",
        make=lambda: EventForecast(rate=0.1),
        rows=events,
        per_row=("values_",),
        whole=("value_", "spread_", "interval_", "by_customer_", "spread_by_customer_", "by_event_"),
        words=("customer", "event"),
    ),
]  # fmt: skip
